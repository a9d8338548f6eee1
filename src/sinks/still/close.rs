//! The map of one site at a close scale: rings, incidents by type, receptors, and lines to what adds most.

use super::atlas::{Row, compass};
use super::canvas::Canvas;
use super::furniture::{Below, Furniture};
use super::labels::{self, Area, Named, Room};
use super::legend::{self, Sign, widths};
use super::map::Map;
use super::nearby::{self, Name};
use super::overview::{LEAST_POINTS, countries, gaps};
use super::{LINK, QUIET, TEXT, base, ground, hatch, marker, shading};
use crate::earth::{GeometryKind, Position, Shape, geodesic};
use crate::layers::report::{NearIncident, Page, Shading, Surroundings};
use crate::layers::style::{Color, EDGE, INCIDENT_CLASSES, Theme, receptor_color};
use crate::model::{Receptor, ReceptorKind};
use std::collections::BTreeSet;

const OTHER: Color = Color::rgb(120, 120, 120);

const RING: Color = Color::rgb(90, 96, 104);

/// Names of receptors on a map, at most.
const NAMES: usize = 24;

/// Draws the map; returns the rows of its legend.
pub(super) fn draw(
    canvas: &mut Canvas,
    page: &Page<'_>,
    one: &Row<'_>,
    around: &Surroundings<'_>,
    area: Area,
) -> Vec<legend::Row> {
    let (view, base) = around.view((area[2] - area[0], area[3] - area[1]), page.collection);
    let map = Map::of(area, view, base);
    let furniture = Furniture::of(&map, None, &Below::default());
    canvas.clip(area);
    ground(canvas, &map);
    let shading = page.zones.as_ref().map(|zones| Shading::of(zones, &map.view, 0.02));
    let shading = shading.unwrap_or_default();
    shading::draw(canvas, &map, &shading);
    hatch::draw(canvas, &map);
    furniture.graticule(canvas);
    let mut rows = receptors(canvas, &map, around);
    let rings = rings(canvas, &map, around);
    rows.extend(links(canvas, &map, one, page));
    let incidents = incidents(canvas, &map, around);
    rows.extend(names(canvas, &map, (page, one), around, (&furniture, &incidents, rings)));
    canvas.unclip();
    furniture.draw(canvas, &map);
    let [left, top, right, bottom] = area;
    let edge = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    canvas.lines(&[edge], 1.0, QUIET.with_alpha(140), None);
    let circles: Vec<String> = around.rings.iter().map(|(km, _)| km.to_string()).collect();
    if !circles.is_empty() {
        let words = format!("{} km around the site", circles.join(", "));
        rows.insert(0, (Sign::Ring(RING), words, None));
    }
    let scored_rivers = around.receptors.iter().any(|one| one.kind == ReceptorKind::Rivers);
    rows.extend(own_shapes(around));
    rows.extend(shading::legend(&shading, ""));
    rows.extend(hatch::legend(&map));
    rows.extend(base::legend(&map, scored_rivers));
    classes(&map, around).into_iter().chain(rows).collect()
}

/// Draws incidents in the colors of their classes, those with most deaths first; returns their places.
fn incidents(canvas: &mut Canvas, map: &Map, around: &Surroundings<'_>) -> Vec<(f64, f64)> {
    let mut incidents: Vec<&NearIncident> = around.incidents.iter().collect();
    incidents.sort_by_key(|incident| std::cmp::Reverse(incident.fatalities));
    let mut places = Vec::new();
    for incident in incidents {
        let place = map.at(incident.at);
        let Some(class) = INCIDENT_CLASSES.get(incident.class).filter(|_| map.shows(place)) else {
            continue;
        };
        let radius = radius(incident.fatalities);
        canvas.disc(place, radius, class.color.with_alpha(199));
        canvas.circle(place, radius, 0.8, EDGE);
        places.push(place);
    }
    places
}

/// The rows of the classes of the incidents on a map, with their numbers.
fn classes(map: &Map, around: &Surroundings<'_>) -> Vec<legend::Row> {
    let seen = || around.incidents.iter().filter(|one| map.shows(map.at(one.at)));
    let mut rows = Vec::new();
    for (number, class) in INCIDENT_CLASSES.iter().enumerate() {
        let count = seen().filter(|one| one.class == number).count();
        let incidents = if count == 1 { "incident" } else { "incidents" };
        let words = format!("{}: {count} {incidents}", class.label);
        rows.extend((count > 0).then_some((Sign::Dot(class.color, radius(1)), words, None)));
    }
    if !rows.is_empty() {
        rows.push((Sign::Dot(OTHER, radius(50)), "A larger dot: more deaths".to_owned(), None));
    }
    rows
}

/// The radius of an incident by deaths: the area grows with their number, up to 200.
fn radius(fatalities: u32) -> f64 {
    3.6 + 0.75 * f64::from(fatalities.min(200)).sqrt()
}

/// Draws receptors, areas below lines below points; returns the rows of their kinds.
fn receptors(canvas: &mut Canvas, map: &Map, around: &Surroundings<'_>) -> Vec<legend::Row> {
    let depth = |receptor: &&&Receptor| match receptor.shape {
        Shape::Polygons(_) => 0,
        Shape::Lines(_) => 1,
        Shape::Points(_) => 2,
    };
    let mut drawn: Vec<&&Receptor> = around.receptors.iter().collect();
    drawn.sort_by_key(depth);
    for receptor in &drawn {
        let (kind, color) = (receptor.kind, receptor_color(receptor.kind));
        nearby::draw_shape(canvas, map, &receptor.shape, Some(kind), color);
    }
    let row = |kind: ReceptorKind| {
        let first = around.receptors.iter().find(|receptor| receptor.kind == kind)?;
        Some(nearby::row(kind, &first.shape))
    };
    ReceptorKind::ALL.into_iter().filter_map(row).collect()
}

/// The rows on the shapes of the site and its linked parts, a row for each form.
fn own_shapes(around: &Surroundings<'_>) -> Vec<legend::Row> {
    let shapes: Vec<&Shape> = around.shape.iter().chain(&around.parts).copied().collect();
    let forms = [
        (GeometryKind::Line, Sign::Line(TEXT), "Road, line or other part of the site"),
        (GeometryKind::Polygon, Sign::Area(TEXT), "Outline or area of the site"),
        (GeometryKind::Point, Sign::Dot(TEXT, 4.0), "Camp or other part of the site"),
    ];
    let seen = forms.into_iter().filter(|(kind, ..)| shapes.iter().any(|of| of.kind() == *kind));
    seen.map(|(_, sign, words)| (sign, words.to_owned(), None)).collect()
}

/// Draws the shapes of the site and its linked parts, and the rings around it; returns the areas of their labels.
fn rings(canvas: &mut Canvas, map: &Map, around: &Surroundings<'_>) -> Vec<Area> {
    const LETTERS: f64 = 14.0;
    for shape in around.shape.iter().chain(&around.parts) {
        nearby::draw_shape(canvas, map, shape, None, TEXT);
    }
    let mut areas = Vec::new();
    for (km, ring) in &around.rings {
        let ring: Vec<_> = ring.iter().map(|at| map.at(*at)).collect();
        let top = ring.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
        canvas.lines(&[ring], 1.1, RING, Some([5.0, 4.0]));
        let Some((x, y)) = top else { continue };
        let (text, at) = (format!("{km} km"), (x - 18.0, y + LETTERS + 2.0));
        canvas.text_haloed(&text, at, LETTERS, RING);
        areas.push([at.0 - 2.0, y, at.0 + 46.0, at.1 + 4.0]);
    }
    areas
}

/// Draws lines from the site to what adds most to its scores; returns the rows for them, with what lies outside the map.
fn links(canvas: &mut Canvas, map: &Map, one: &Row<'_>, page: &Page<'_>) -> Vec<legend::Row> {
    let drivers = one.detail.drivers.iter().map(|driver| (driver.at, driver.points));
    let behind = page.behind.iter().flat_map(|behind| &behind.lines);
    let behind = behind.filter(|line| line.from == one.at).map(|line| (line.to, line.points));
    let linked: Vec<((f64, f64), f64)> =
        drivers.chain(behind).filter(|(_, points)| *points >= LEAST_POINTS).collect();
    for (to, points) in &linked {
        canvas.lines(&[vec![map.at(one.at), map.at(*to)]], nearby::width(*points), LINK, None);
    }
    let outside = linked.iter().map(|(to, _)| *to).filter(|to| !map.shows(map.at(*to)));
    let row = (!linked.is_empty()).then(|| widths("what adds most"));
    row.into_iter().chain(beyond(one.at, outside.collect())).collect()
}

/// The row on what adds most and lies outside the map: how far, and where to.
fn beyond(site: (f64, f64), mut outside: Vec<(f64, f64)>) -> Option<legend::Row> {
    outside.dedup();
    let from = Position::from_degrees(site.0, site.1)?;
    let way = |to: &(f64, f64)| {
        let to = Position::from_degrees(to.0, to.1)?;
        let way = geodesic::inverse(from, to);
        Some(format!("{:.0} km {}", way.length.km(), compass(way.bearing)))
    };
    let ways: Vec<String> = outside.iter().filter_map(way).collect();
    let lie =
        if ways.len() == 1 { "1 of them lies" } else { &*format!("{} of them lie", ways.len()) };
    let words = format!("{lie} outside the map: {}", ways.join(", "));
    (!ways.is_empty()).then_some((Sign::Unnamed, words, None))
}

/// Draws the sites and the names of sites, receptors and countries; returns the rows of the legend that they
/// need: on the dot in markers, and on sites without a name.
fn names(
    canvas: &mut Canvas,
    map: &Map,
    (page, one): (&Page<'_>, &Row<'_>),
    around: &Surroundings<'_>,
    (furniture, incidents, rings): (&Furniture, &[(f64, f64)], Vec<Area>),
) -> Vec<legend::Row> {
    let rows = &page.report.rows;
    let [(theme, ..), (second, ..), _] = one.scores;
    let theme = if one.scores[0].1.is_some() || one.scores[1].1.is_none() { theme } else { second };
    let bands = match theme {
        Theme::Environment => &rows.environment_band,
        Theme::Security | Theme::Overall => &rows.security_band,
    };
    let places = rows.lon.iter().zip(&rows.lat).map(|(lon, lat)| (*lon, *lat));
    let gaps = gaps(&rows.record_gaps, rows.id.len(), theme);
    let named = rows.name.iter().zip(&rows.id).zip(bands.iter().zip(gaps)).zip(places);
    let mut sites: Vec<Named<'_>> = named
        .map(|(((name, id), (band, gap)), at)| {
            let band = *band;
            Named { place: map.at(at), band, gap, name, id }
        })
        .filter(|site| map.shows(site.place))
        .collect();
    // Its own marker is on top and named first.
    sites.sort_by_key(|site| site.id != one.id);
    let markers: Vec<Area> =
        sites.iter().map(|site| labels::marker_area(site.place, site.band, 1.0)).collect();
    let points = around.receptors.iter().flat_map(|receptor| match &receptor.shape {
        Shape::Points(points) => points.as_slice(),
        _ => &[],
    });
    let points = points.map(|point| map.at((point.lon(), point.lat())));
    let dots: Vec<(f64, f64)> = incidents.iter().copied().chain(points).collect();
    let room = Room { within: map.area, markers: &markers, more: &[], dots: &dots, scale: 1.0 };
    let mut taken: Vec<Area> = furniture.areas();
    taken.extend(rings);
    let towns = base::largest(map, &room, &mut taken);
    let labels = labels::place(&sites.iter().collect::<Vec<_>>(), &room, &mut taken);
    let mut known = BTreeSet::new();
    let receptors = around.receptors.iter().filter_map(|receptor| {
        let text = receptor.name.as_deref()?;
        let is_new = nearby::is_name(text) && known.insert(text) && super::font::has(text);
        let at = map.at(nearby::anchor(&receptor.shape, map)?);
        is_new.then(|| Name::new(text, receptor_color(receptor.kind), at))
    });
    let receptors = receptors.take(NAMES).collect();
    let receptors = nearby::place(receptors, &towns, &room, &mut taken);
    // The name of a country is none of the site's.
    let (x, y) = map.at(one.at);
    let aside = [x - 170.0, y - 110.0, x + 170.0, y + 110.0];
    taken.push(aside);
    countries(canvas, map, &room, &mut taken);
    taken.retain(|area| *area != aside);
    base::names(canvas, map, towns, &nearby::said(&receptors), &room, &mut taken);
    for line in labels.iter().filter_map(|label| label.line) {
        canvas.lines(&[line.to_vec()], 1.1, TEXT.with_alpha(170), None);
    }
    for site in sites.iter().rev() {
        marker::draw(canvas, site.place, site.band, theme);
        if site.gap {
            marker::gap(canvas, site.place, site.band, 1.0);
        }
    }
    for (name, at) in &receptors {
        canvas.text_haloed(&name.text, *at, nearby::LETTERS, name.color);
    }
    for label in &labels {
        canvas.text_haloed(&label.text, label.at, labels::LETTERS, TEXT);
    }
    let marked = sites.iter().filter(|site| site.gap).count();
    let unnamed = sites.len().saturating_sub(labels.len());
    legend::gaps(marked, false).into_iter().chain(legend::unnamed(unnamed)).collect()
}
