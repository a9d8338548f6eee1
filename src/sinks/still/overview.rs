//! The map of all sites by one of their scores.

use super::canvas::Canvas;
use super::furniture::{Below, Furniture, height_below};
use super::header::{self, Header};
use super::labels::{self, Area, Named, Room};
use super::legend::{self, Legend, Row, Sign, counted, widths};
use super::map::Map;
use super::nearby;
use super::sheet::Sheet;
use super::{INCIDENT, LINK, TEXT, base, font, hatch, marker, shading};
use crate::earth::Position;
use crate::float;
use crate::layers::report::{CountryName, Ground, Page, Shading, View};
use crate::layers::style::{GROUND, NO_DATA, Theme};
use crate::model::ReceptorKind;
use resvg::tiny_skia::Pixmap;
use std::sync::Arc;

/// Most sites with a label.
const NAMED: usize = 60;

/// Above this number of sites, lines to what adds most are left out, since they would hide the map.
const LINKED: usize = 60;

/// Above this number of incidents their dots are small.
const MASSES: usize = 1000;

/// The least points of a score for a line: below, it would be hair-thin.
pub(super) const LEAST_POINTS: f64 = 2.0;

/// Above this number of sites markers are small.
const MANY: usize = 300;

/// Above this number they are still smaller, and those without a score are dots.
const MASS: usize = 3000;

/// The base map reaches a little past the map, so that no line ends at its edge.
const MARGIN: f64 = 0.02;

/// A map of all sites.
pub(super) struct Overview<'p> {
    page: &'p Page<'p>,
    theme: Theme,
    map: &'p Map,
    incidents: Vec<(f64, f64)>,
    /// The receptors, which belong to environment scores.
    mapped: Option<nearby::Mapped<'p>>,
    /// The risk surface, which is one of security scores.
    shading: Shading,
    sites: Sites<'p>,
}

impl<'p> Overview<'p> {
    pub(super) fn of(page: &'p Page<'_>, theme: Theme, map: &'p Map) -> Self {
        // Incidents belong to security scores.
        let drawn = match theme {
            Theme::Security => &*page.report.incidents,
            Theme::Environment | Theme::Overall => &[],
        };
        let incidents = drawn.iter().map(|at| map.at(*at)).filter(|at| map.shows(*at)).collect();
        let sites = Sites::of(page, map, theme);
        let mapped = (theme == Theme::Environment).then(|| nearby::Mapped::of(page, map));
        let zones = page.zones.as_ref().filter(|_| theme != Theme::Environment);
        let shading = zones.map(|zones| Shading::of(zones, &map.view, MARGIN));
        Self { page, theme, map, incidents, mapped, shading: shading.unwrap_or_default(), sites }
    }

    /// The places of all sites, and those of what else a legend should not hide.
    fn places(&self) -> [Vec<(f64, f64)>; 2] {
        let Self { page, map, incidents, mapped, shading, sites, .. } = self;
        let rest = &page.report.rest;
        let rest = rest.lon.iter().zip(&rest.lat).map(|(lon, lat)| map.at((*lon, *lat)));
        let edges = shading.zones.iter().flat_map(|(_, rings)| rings).flatten();
        let others = incidents.iter().copied().chain(edges.map(|at| map.placed(*at)));
        let others = others.chain(mapped.iter().flat_map(|of| of.places(map)));
        [sites.places().into_iter().chain(rest).collect(), others.collect()]
    }

    /// The height that its legend takes below the map, if it hides sites on the map.
    fn legend_below(&self) -> Option<f64> {
        let [sites, others] = self.places();
        let legend = self.legend(self.page.report.sites <= LINKED);
        height_below(self.map, legend, &Below { sites: &sites, others: &others })
    }

    /// Draws what lies on the ground, past the edges of the map, too: head and credits are drawn over it.
    pub(super) fn draw(&self, canvas: &mut Canvas) {
        let Self { page, theme, map, incidents, mapped, shading, sites } = self;
        let linked = page.report.sites <= LINKED;
        let [places, others] = self.places();
        let hidden = Below { sites: &places, others: &others };
        let mut furniture = Furniture::of(map, Some(self.legend(linked)), &hidden);
        shading::draw(canvas, map, shading);
        // The environment score is of other data.
        if *theme != Theme::Environment {
            hatch::draw(canvas, map);
        }
        furniture.graticule(canvas);
        let mut names = Vec::new();
        match theme {
            Theme::Security if linked => self.links(canvas),
            _ => names = mapped.iter().flat_map(|of| of.draw(canvas, map, linked)).collect(),
        }
        let dot = if incidents.len() > MASSES { 1.6 } else { 2.6 };
        for place in incidents {
            canvas.disc(*place, dot, INCIDENT);
        }
        let unnamed = sites.draw(canvas, self, &furniture, names);
        furniture.tell_unnamed(unnamed);
        furniture.draw(canvas, map);
    }

    /// Draws lines from the sites to the main incidents in their scores, with widths by points.
    fn links(&self, canvas: &mut Canvas) {
        let (rows, map) = (&self.page.report.rows, &self.map);
        for ((lon, lat), detail) in rows.lon.iter().zip(&rows.lat).zip(&self.page.report.details) {
            for driver in detail.drivers.iter().filter(|driver| driver.points >= LEAST_POINTS) {
                let line = vec![map.at((*lon, *lat)), map.at(driver.at)];
                canvas.lines(&[line], nearby::width(driver.points), LINK, None);
            }
        }
    }

    /// The bands from the worst to no data, with the number of sites in each, and the other symbols.
    fn legend(&self, linked: bool) -> Legend {
        let Self { page, theme, map, incidents, mapped, shading, sites } = self;
        let report = &page.report;
        let counts = counts(page, *theme);
        let bands = [5_u8, 4, 3, 2, 1, 0].into_iter().filter_map(|band| {
            let at = usize::from(band);
            let label = report.labels.get(at)?.clone();
            let is_dot = band == 0 && sites.marked.len() > MASS;
            let sign = if is_dot { Sign::Dot(NO_DATA.plain, 3.0) } else { Sign::Band(band) };
            Some((sign, label, Some(*counts.get(at)?)))
        });
        let mut rows: Vec<Row> = bands.collect();
        if *theme != Theme::Environment {
            let marked = report.rows.record_gaps.len() + report.rest.record_gaps.len();
            rows.extend(legend::gaps(marked, true));
        }
        let shaded = shading::legend(shading, ": security score of a place");
        let is_shaded = shaded.is_some();
        rows.extend(shaded);
        match theme {
            Theme::Security => {
                if linked {
                    rows.push(widths("the incidents that add most"));
                }
                if !incidents.is_empty() {
                    let newest = report.incidents.len();
                    let words = if newest < report.incidents_used {
                        format!("Incident of the newest {}", counted(newest))
                    } else {
                        "Security incident that counts".into()
                    };
                    rows.push((Sign::Dot(INCIDENT, 3.0), words, Some(incidents.len())));
                }
            }
            _ => rows.extend(mapped.iter().flat_map(|of| of.legend(linked))),
        }
        let scored_rivers = *theme == Theme::Environment
            && page.behind.iter().any(|one| one.kind == Some(ReceptorKind::Rivers));
        if *theme != Theme::Environment {
            rows.extend(hatch::legend(map));
        }
        rows.extend(base::legend(map, scored_rivers));
        // How many have no name is known when all others are placed.
        rows.extend(legend::unnamed(report.sites));
        let title = match theme {
            Theme::Security => "Security score, and sites with it",
            Theme::Environment => "Environment score, and sites with it",
            Theme::Overall => "Overall score, and sites with it",
        };
        // The colors of the overall score are others than those of the surface.
        let shaded = is_shaded && *theme == Theme::Security;
        Legend { title, theme: *theme, rows, shaded, columns: 1 }
    }
}

/// For each of so many sites whether its marker has the dot of a gap in the record of incidents, by the places of those
/// that have one. The environment score is of other data.
pub(super) fn gaps(places: &[usize], sites: usize, theme: Theme) -> Vec<bool> {
    let mut marked = vec![false; sites];
    for at in places.iter().filter(|_| theme != Theme::Environment) {
        if let Some(marked) = marked.get_mut(*at) {
            *marked = true;
        }
    }
    marked
}

/// The number of sites in each band of a score, from no data to very high.
pub(super) fn counts(page: &Page<'_>, theme: Theme) -> [usize; 6] {
    let [security, environment] = page.report.bands;
    match theme {
        Theme::Security => security,
        Theme::Environment => environment,
        Theme::Overall => {
            let mut counts = [0; 6];
            let bands = page.report.rows.overall_band.iter().chain(&page.report.rest.overall_band);
            for band in bands {
                if let Some(count) = counts.get_mut(usize::from(*band)) {
                    *count += 1;
                }
            }
            counts
        }
    }
}

/// The map of all sites of a page, without any of them, on an area, for some scores. If a legend would hide sites, the map
/// leaves room for it below.
pub(super) fn map(page: &Page<'_>, area: Area, themes: &[Theme]) -> Map {
    let whole = bare(page, area);
    let below = themes.iter().filter_map(|theme| Overview::of(page, *theme, &whole).legend_below());
    let Some(height) = below.reduce(f64::max) else { return whole };
    let [left, top, right, bottom] = area;
    let middle = (bottom - height).max(f64::midpoint(top, bottom));
    let map = bare(page, [left, top, right, middle]);
    Map { below: Some([left, middle, right, bottom]), ..map }
}

/// The map on all of an area.
fn bare(page: &Page<'_>, area: Area) -> Map {
    let (rows, rest) = (&page.report.rows, &page.report.rest);
    let lon = rows.lon.iter().chain(&rest.lon);
    let positions: Vec<Position> = lon
        .zip(rows.lat.iter().chain(&rest.lat))
        .filter_map(|(lon, lat)| Position::from_degrees(*lon, *lat))
        .collect();
    let view = View::of(positions.iter().copied(), area[2] - area[0], area[3] - area[1]);
    Map::of(area, view, Ground::within(&view, MARGIN, Some(page.collection)))
}

/// What lies on the ground of a map, with its head and credits.
pub(super) fn above(
    page: &Page<'_>,
    theme: Theme,
    map: &Map,
    sheet: Sheet,
    logo: Option<Arc<Pixmap>>,
) -> Canvas {
    let mut canvas = Canvas::clear(sheet.pixels());
    let header = head(page, theme, sheet, logo);
    Overview::of(page, theme, map).draw(&mut canvas);
    header.draw(&mut canvas, sheet);
    header::credits(&mut canvas, page, sheet, None);
    canvas
}

/// The head of a map of all sites.
pub(super) fn head(
    page: &Page<'_>,
    theme: Theme,
    sheet: Sheet,
    logo: Option<Arc<Pixmap>>,
) -> Header {
    let report = &page.report;
    let (what, assumed) = match theme {
        Theme::Security => ("Security risk", ""),
        Theme::Environment => {
            ("Environmental risk", "; what is not known counts with a reference value")
        }
        Theme::Overall => ("Overall risk", "; both scores together, where both are known"),
    };
    let named = format!("{what} of {} sites", counted(report.sites));
    let [.., high, very_high] = counts(page, theme);
    let upper = high + very_high;
    let are = if upper == 1 { "is" } else { "are" };
    let as_of = report.as_of.as_ref().map_or(String::new(), |date| format!("as of {date}, "));
    let [without, ..] = counts(page, theme);
    let scored = match without {
        0 => counted(report.sites),
        _ => format!("{} with a score", counted(report.sites.saturating_sub(without))),
    };
    let facts = format!(
        "{as_of}scheme {}: {} of {scored} {are} high or very high{assumed}",
        report.scheme,
        counted(upper)
    );
    let heading = &page.heading;
    // A title of the user's own does not say which score it is.
    let written = |text: &&String| font::has(text);
    let (title, facts) = match heading.title.as_ref().filter(written) {
        Some(title) => (title.clone(), format!("{what}, {facts}")),
        None => (named, facts),
    };
    let subtitle = heading.subtitle.iter().filter(written);
    let lines = subtitle.flat_map(|text| header::lines(text, page, sheet)).chain([facts]).collect();
    Header { title: header::lines_of(&title, page, sheet), lines, logo }
}

/// A site to draw, and its score.
type Marked<'a> = (Option<f64>, Named<'a>);

/// The sites by descending score.
struct Sites<'a> {
    marked: Vec<Marked<'a>>,
}

impl<'a> Sites<'a> {
    fn of(page: &'a Page<'_>, map: &Map, theme: Theme) -> Self {
        let rows = &page.report.rows;
        let (bands, scores) = match theme {
            Theme::Security => (&rows.security_band, &rows.security),
            Theme::Environment => (&rows.environment_band, &rows.environment),
            Theme::Overall => (&rows.overall_band, &rows.overall),
        };
        let gaps = gaps(&rows.record_gaps, rows.id.len(), theme);
        let mut marked: Vec<Marked<'_>> = scores
            .iter()
            .zip(rows.lon.iter().zip(&rows.lat))
            .zip(bands.iter().zip(gaps).zip(rows.name.iter().zip(&rows.id)))
            .map(|((score, (lon, lat)), ((band, gap), (name, id)))| {
                let place = map.at((*lon, *lat));
                (*score, Named { place, band: *band, gap, name, id })
            })
            .collect();
        // The sort is stable: of equal scores the first row stays on top and is named first.
        marked.sort_by(|a, b| b.0.unwrap_or(-1.0).total_cmp(&a.0.unwrap_or(-1.0)));
        Self { marked }
    }

    fn places(&self) -> Vec<(f64, f64)> {
        self.marked.iter().map(|(_, site)| site.place).collect()
    }

    /// Draws the sites, the worst on top; labels of the worst sites, of receptors and of countries, where they fit. Returns
    /// the number of sites without a label.
    fn draw(
        &self,
        canvas: &mut Canvas,
        overview: &Overview<'_>,
        furniture: &Furniture,
        receptors: Vec<nearby::Name>,
    ) -> usize {
        let Overview { page, theme, map, incidents, .. } = overview;
        let rest = &page.report.rest;
        let rest_bands = match theme {
            Theme::Security => &rest.security_band,
            Theme::Environment => &rest.environment_band,
            Theme::Overall => &rest.overall_band,
        };
        let rest_gaps = gaps(&rest.record_gaps, rest.lon.len(), *theme);
        // The worst come first, and are drawn last.
        let dots = rest.lon.iter().zip(&rest.lat).zip(rest_bands).zip(rest_gaps).rev();
        for (((lon, lat), band), gap) in dots {
            marker::dot(canvas, map.at((*lon, *lat)), *band, *theme, gap);
        }
        let is_mass = self.marked.len() > MASS;
        let scale = match self.marked.len() {
            _ if is_mass => marker::TINY,
            sites if sites > MANY => marker::SMALL,
            _ => 1.0,
        };
        let named: Vec<&Named<'_>> = self.marked.iter().map(|(_, site)| site).collect();
        let markers =
            named.iter().take(MANY).map(|site| labels::marker_area(site.place, site.band, scale));
        let markers: Vec<Area> = markers.collect();
        // Where there are masses of sites, the names of countries stand where fewest are.
        let masses = rest.lon.iter().zip(&rest.lat).map(|(lon, lat)| map.at((*lon, *lat)));
        let masses = named.iter().skip(MANY).map(|site| site.place).chain(masses);
        let more: Vec<(f64, f64)> = masses.collect();
        let room =
            Room { within: map.area, markers: &markers, more: &more, dots: incidents, scale };
        let mut taken: Vec<Area> = furniture.areas();
        let towns = base::largest(map, &room, &mut taken);
        let (first, _) = named.split_at(named.len().min(NAMED));
        let labels = labels::place(first, &room, &mut taken);
        let receptors = nearby::place(receptors, &towns, &room, &mut taken);
        let masses: Vec<(f64, f64)> = more.iter().chain(incidents).copied().collect();
        countries(canvas, map, &Room { dots: &masses, ..room }, &mut taken);
        base::names(canvas, map, towns, &nearby::said(&receptors), &room, &mut taken);
        for line in labels.iter().filter_map(|label| label.line) {
            canvas.lines(&[line.to_vec()], 1.1, TEXT.with_alpha(170), None);
        }
        for site in named.iter().rev() {
            match site.band {
                0 if is_mass => marker::dot(canvas, site.place, 0, *theme, site.gap),
                band => {
                    marker::scaled(canvas, site.place, band, *theme, scale);
                    if site.gap {
                        marker::gap(canvas, site.place, band, scale);
                    }
                }
            }
        }
        for (name, at) in &receptors {
            canvas.text_haloed(&name.text, *at, nearby::LETTERS, name.color);
        }
        for label in &labels {
            canvas.text_haloed(&label.text, label.at, labels::LETTERS, TEXT);
        }
        (named.len() + rest.lon.len()).saturating_sub(labels.len())
    }
}

/// Draws the names of countries, each at the free candidate position that covers fewest dots. One that could not be read
/// for dots is left out.
pub(super) fn countries(canvas: &mut Canvas, map: &Map, room: &Room<'_>, taken: &mut Vec<Area>) {
    const LETTERS: f64 = 21.0;
    const APART: f64 = 4.0;
    for CountryName { name, places, .. } in map.ground.names.iter().filter(|one| one.from <= 0.0) {
        let name = name.to_uppercase();
        let count = name.chars().count();
        let letters = float::of_count(count);
        let half = (font::room(&name, LETTERS) + APART * letters) / 2.0;
        let area = |(x, y): &(f64, f64)| [x - half - 6.0, y - LETTERS, x + half + 6.0, y + LETTERS];
        let free = places.iter().map(|place| map.placed(*place));
        let free = free.filter(|place| room.is_free(&area(place), taken));
        let best = free.map(|at| (room.covered(&area(&at)), at)).min_by_key(|(dots, _)| *dots);
        if let Some((_, at)) = best.filter(|(dots, _)| 2 * dots <= count) {
            canvas.text_spaced(&name, at, LETTERS, APART, GROUND.name);
            taken.push(area(&at));
        }
    }
}
