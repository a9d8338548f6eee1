//! The QGIS project of a run's layers: a style beside each layer, the base map, and the project file.

use super::metadata::Origin;
use super::wanted::{BASEMAP, Format, Wanted};
use crate::Result;
use crate::earth::Position;
use crate::layers::columns::{ENVIRONMENT_SCORE, SECURITY_SCORE};
use crate::layers::report::{PAGES, base64};
use crate::layers::style::{Drawing, Style};
use crate::layers::{self, Layer, Property, style};
use crate::model::{Countries, CountryCode};
use crate::run::Case;
use crate::scoring::{Bands, Scheme, thousands};
use crate::sinks::place::OutputFolder;
use crate::sinks::{geojson, geopackage, qgis};
use std::collections::BTreeSet;

/// Writes the style beside each layer, the base map, and the project that shows all of it, including the
/// surface if one is written.
pub(in crate::run) fn write(
    case: &Case,
    drawn: &[Layer<'_>],
    surface: Option<&layers::Surface>,
    wanted: &Wanted,
    output: &mut OutputFolder<'_>,
) -> Result<()> {
    let view = view(case.sites.list.iter().map(|site| site.position));
    let view = surface.map_or(view, |surface| with_surface(view, surface));
    let ground = ground(case);
    for layer in &ground {
        output.stage(&format!("{}.geojson", layer.name()), |out| geojson::write(layer, out))?;
    }
    let bands = &case.scheme.bands;
    let main = wanted.shown().unwrap_or(Format::GeoJson.word());
    let mut shown = Vec::new();
    let endings = drawn.iter().map(|_| main).chain(ground.iter().map(|_| "geojson"));
    let origin = Origin::of(case);
    let more = |layer: &Layer<'_>| match layer.name() {
        "contours" => surface.map(layers::Surface::blank).unwrap_or_default(),
        _ => String::new(),
    };
    for (layer, ending) in drawn.iter().chain(&ground).zip(endings) {
        write_style(layer, (bands, &origin, more(layer)), output)?;
        let file = format!("{}.{ending}", layer.name());
        let part = part(case, layer);
        let with_part = |sheet| qgis::Sheet { part: part.clone(), ..sheet };
        shown
            .extend(sheets(layer, &file, (bands, &origin, more(layer))).into_iter().map(with_part));
    }
    let base = basemap(view);
    let styled = base.each_ref().map(|layer| (layer, style::styles(layer.name(), &[], bands)));
    output.stage_at(BASEMAP, |path, stop| geopackage::write(path, &styled, case.as_of, stop))?;
    for layer in &base {
        let file = format!("{BASEMAP}|layername={}", layer.name());
        shown.extend(sheets(layer, &file, (bands, &origin, String::new())));
    }
    // A grid in a CRS without a code is rejected before it is drawn.
    let epsg = surface.and_then(|surface| surface.grid.crs().epsg());
    let surface = surface.zip(epsg).map(|(surface, epsg)| qgis::Surface {
        file: "surface.tif".into(),
        title: "Risk surface".into(),
        about: cells(surface),
        facts: origin.of_surface(&surface.grid, epsg, surface.blank()),
        epsg,
        classes: style::surface_classes(bands),
    });
    if let Some(surface) = &surface {
        let text = qgis::surface_style(&surface.classes);
        output.stage("surface.qml", |out| out.write_all(text.as_bytes()))?;
        let text = qgis::metadata(&surface.title, &surface.about, &surface.facts);
        output.stage("surface.qmd", |out| out.write_all(text.as_bytes()))?;
    }
    shown.sort_by_key(|sheet| ORDER.iter().position(|name| *name == sheet.layer));
    let heading = &wanted.heading;
    let as_of = case.as_of.map(|date| format!("as of {date}"));
    let scheme = format!("scheme {}", case.scheme.name);
    let title = heading.title.clone().unwrap_or_else(|| "Risk around mines".to_owned());
    let facts = heading.subtitle.iter().cloned().chain(as_of).chain([scheme]);
    let marked = shown.iter().any(|sheet| sheet.style.mark.is_some());
    let marked = marked.then(|| layers::RecordGap::SENTENCE.to_owned());
    let project = qgis::Project {
        title,
        facts: facts.collect::<Vec<_>>().join(", "),
        logo: heading.logo.as_ref().map(|logo| base64(&logo.bytes)),
        note: marked.into_iter().chain([note(&case.scheme)]).collect::<Vec<_>>().join(" "),
        sheets: shown,
        surface,
        view,
        pages: pages(drawn),
        slider: slider(case),
    };
    output.stage("risk.qgz", |out| qgis::write_project(&project, out))?;
    Ok(())
}

/// The view of a map of sites that shows their surface, too, at most a quarter of its size farther on each side.
fn with_surface([west, south, east, north]: [f64; 4], surface: &layers::Surface) -> [f64; 4] {
    const FARTHER: f64 = 0.25;
    let [left, bottom, right, top] = surface.grid.edges();
    let plain = surface.grid.crs().is_wgs84() && left >= -180.0 && right <= 180.0 && west <= east;
    if !plain {
        return [west, south, east, north];
    }
    let most = FARTHER * (east - west).max(north - south);
    [
        west.min(left.max(west - most)),
        south.min(bottom.max(south - most)),
        east.max(right.min(east + most)),
        north.max(top.min(north + most)),
    ]
}

/// What a surface tells of its cells.
fn cells(surface: &layers::Surface) -> String {
    format!(
        "The security score at the center of each cell, 0 to 100 without a unit, as a site there would have it without roads, camps or other linked parts. A cell is {} wide.",
        surface.cell
    )
}

/// What the pages of single sites need to know of the sites.
fn pages(drawn: &[Layer<'_>]) -> qgis::Pages {
    let Some(sites) = drawn.iter().find(|layer| layer.name() == "sites") else {
        return qgis::Pages::default();
    };
    let at = |name: &str| sites.column_names().position(|column| **column == *name);
    let codes = at("country").into_iter().flat_map(|column| {
        (0..sites.len()).filter_map(move |row| match sites.value(row, column)? {
            Property::Text(code) => Some(code),
            _ => None,
        })
    });
    let codes: BTreeSet<String> = codes.collect();
    let named = |code: String| {
        let name = Countries::built_in().find(CountryCode::new(&code)?)?.name.as_str();
        Some((code, name))
    };
    let countries = codes.into_iter().filter_map(named).collect();
    let only =
        (sites.len() > PAGES).then(|| highest(sites, [at(SECURITY_SCORE), at(ENVIRONMENT_SCORE)]));
    qgis::Pages { only, sites: sites.len(), countries }
}

/// The ids of the sites with the highest scores, as many as have a page, in the order of the pages; ties in the order of
/// the sites.
fn highest(sites: &Layer<'_>, [security, environment]: [Option<usize>; 2]) -> Vec<String> {
    let score = |row: usize| {
        let of = |column: Option<usize>| match sites.value(row, column?)? {
            Property::Number(score, _) => Some(score),
            _ => None,
        };
        of(security).unwrap_or_else(|| of(environment).unwrap_or(0.0) / 1000.0 - 1.0)
    };
    let mut rows: Vec<(usize, f64)> = (0..sites.len()).map(|row| (row, score(row))).collect();
    rows.sort_by(|a, b| b.1.total_cmp(&a.1));
    rows.into_iter().take(PAGES).filter_map(|(row, _)| Some(sites.feature(row)?.id)).collect()
}

/// The base map besides land and borders around a view: more of it, the smaller the view.
pub(in crate::run) fn basemap<'a>(view: [f64; 4]) -> [Layer<'a>; 5] {
    // Enough for a map that is enlarged to a sixteenth of the view.
    const NEARER: f64 = 4.0;
    let within = around(view);
    layers::Window::at(within, layers::fitting_zoom(view) + NEARER).layers()
}

/// The note below a map.
pub(in crate::run) fn note(scheme: &Scheme) -> String {
    format!(
        "Scores describe reported past events and mapped places; they are an index, not a forecast, and no data is not low risk. Scheme: {}. {} Positions and distances: WGS84.",
        scheme.name,
        style::NO_POSITION
    )
}

/// Borders and land around the sites.
pub(super) fn ground<'a>(case: &Case) -> [Layer<'a>; 2] {
    let within = around(view(case.sites.list.iter().map(|site| site.position)));
    [layers::borders(within), layers::land(within, Some(&case.collection))]
}

/// How much of the receptors that were read a layer of those in reach holds, if not all.
fn part(case: &Case, layer: &Layer<'_>) -> Option<String> {
    let kind = layer.name().starts_with("receptor").then(|| layer.kind())?;
    let read = case.receptors.list().iter().filter(|one| one.shape.kind() == kind).count();
    let count = |of: usize| thousands(i64::try_from(of).unwrap_or(i64::MAX));
    (layer.len() < read).then(|| format!("{} of {} read", count(layer.len()), count(read)))
}

/// The bands of scores, where a layer comes from, and what more there is to say of it.
type Told<'a> = (&'a Bands, &'a Origin, String);

/// Writes the style and the metadata beside a layer.
pub(in crate::run) fn write_style(
    layer: &Layer<'_>,
    (bands, origin, more): Told<'_>,
    output: &mut OutputFolder<'_>,
) -> Result<()> {
    let name = layer.name();
    if let Some(first) = style::styles(name, layer.columns(), bands).first() {
        let text = qgis::style(first, layer.kind(), layer.columns());
        output.stage(&format!("{name}.qml"), |out| out.write_all(text.as_bytes()))?;
        let facts = origin.of_layer(layer, first.group, more);
        let text = qgis::metadata(first.title, first.about, &facts);
        output.stage(&format!("{name}.qmd"), |out| out.write_all(text.as_bytes()))?;
    }
    Ok(())
}

/// The sheets with which a project shows a layer in a file beside it.
pub(in crate::run) fn sheets<'l>(
    layer: &'l Layer<'_>,
    file: &str,
    (bands, origin, more): Told<'_>,
) -> Vec<qgis::Sheet<'l>> {
    // QGIS finds neither geometry nor columns in a GeoJSON without features.
    if layer.is_empty() {
        return Vec::new();
    }
    let (name, kind, columns) = (layer.name(), layer.kind(), layer.columns());
    let styles = style::styles(name, columns, bands);
    let facts = styles.first().map(|first| origin.of_layer(layer, first.group, more));
    let facts = facts.unwrap_or_default();
    let sheet = |style| {
        let style = without_unused_mark(without_unused(style, layer), layer);
        let facts = facts.clone();
        qgis::Sheet { layer: name, file: file.into(), kind, columns, style, part: None, facts }
    };
    styles.into_iter().map(sheet).collect()
}

/// A style without the classes that no feature of a layer is in.
fn without_unused(mut style: Style, layer: &Layer<'_>) -> Style {
    let Drawing::ByText { of, classes } = &mut style.drawing else { return style };
    let Some(picked) = style::picked(of) else { return style };
    let named = style::picked_columns(of).into_iter().filter_map(|name| {
        let at = layer.columns().iter().position(|column| *column.name == *name)?;
        Some((name, at))
    });
    let columns: Vec<(String, usize)> = named.collect();
    let mut unseen: BTreeSet<&str> = classes.iter().map(|class| class.value).collect();
    for row in 0..layer.len() {
        let value = |name: &str| {
            let (_, at) = columns.iter().find(|(column, _)| column == name)?;
            match layer.value(row, *at)? {
                Property::Text(text) => Some(text),
                Property::Flag(flag) => Some(flag.to_string()),
                _ => None,
            }
        };
        if let Some(class) = picked.of(&value) {
            unseen.remove(class.as_str());
        }
        if unseen.is_empty() {
            break;
        }
    }
    if unseen.len() < classes.len() {
        classes.retain(|class| !unseen.contains(class.value));
    }
    style
}

/// A style without the mark that no feature of a layer has.
fn without_unused_mark(mut style: Style, layer: &Layer<'_>) -> Style {
    style.mark = style.mark.filter(|mark| {
        let column = layer.columns().iter().position(|column| *column.name == *mark.column);
        let is_set =
            |row, column| layer.value(row, column).is_some_and(|of| of != Property::Missing);
        column.is_some_and(|column| (0..layer.len()).any(|row| is_set(row, column)))
    });
    style
}

/// The layers from the top of the map to the bottom.
const ORDER: [&str; 17] = [
    "sites",
    "footprint_lines",
    "incidents",
    "links",
    "receptors",
    "rings",
    "footprints",
    "receptor_lines",
    "receptor_areas",
    "towns",
    "province_names",
    "borders",
    "provinces",
    "rivers",
    "contours",
    "lakes",
    "land",
];

/// West, south, east and north of positions; the whole world if there are none.
pub(in crate::run) fn view(positions: impl Iterator<Item = Position> + Clone) -> [f64; 4] {
    let positions = || positions.clone();
    let span = |values: &mut dyn Iterator<Item = f64>| {
        values.fold(None, |all: Option<(f64, f64)>, value| {
            Some(all.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        })
    };
    let lats = span(&mut positions().map(|p| p.lat()));
    let lons = span(&mut positions().map(|p| p.lon()));
    // Across the antimeridian, if that is the narrower view.
    let turned = |lon: f64| if lon < 0.0 { lon + 360.0 } else { lon };
    let pacific = span(&mut positions().map(|p| turned(p.lon())));
    match (lons, pacific, lats) {
        (Some((west, east)), Some((start, end)), Some((south, north))) => {
            // Of sites that are all in the west, both widths are the same but for rounding.
            if start <= 180.0 && end > 180.0 && end - start < east - west {
                [start, south, end - 360.0, north]
            } else {
                [west, south, east, north]
            }
        }
        _ => [-180.0, -60.0, 180.0, 75.0],
    }
}

/// A box with a margin, so that the base map continues beyond the edge of the map.
pub(in crate::run) fn around([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    let width = if west <= east { east - west } else { east - west + 360.0 };
    let margin = 8.0 + width.max(north - south) / 2.0;
    if width + 2.0 * margin >= 360.0 {
        return [-180.0, south - margin, 180.0, north + margin];
    }
    let turn = |lon: f64| {
        if lon < -180.0 {
            lon + 360.0
        } else if lon > 180.0 {
            lon - 360.0
        } else {
            lon
        }
    };
    [turn(west - margin), south - margin, turn(east + margin), north + margin]
}

/// From the first to the last drawn incident: by months, or by years if that would be too many steps.
fn slider(case: &Case) -> Option<qgis::Slider> {
    let days =
        || case.world.incidents.iter().filter_map(|incident| incident.date).map(|d| d.last());
    let (first, last) = days().min().zip(days().max())?;
    let long = i32::from(last.year()) - i32::from(first.year()) > 15;
    Some(qgis::Slider {
        first: first.first_of_month(),
        last: last.last_of_month(),
        step: if long { qgis::Step::Years(1) } else { qgis::Step::Months(1) },
        on: false,
    })
}

#[cfg(test)]
mod tests {
    use super::{view, with_surface};
    use crate::earth::{Crs, Grid, Lat, Length, Lon, Position};
    use crate::layers::{Reach, Surface};

    fn seen(places: &[(f64, f64)]) -> [f64; 4] {
        let position =
            |(lon, lat): &(f64, f64)| Some(Position::new(Lon::new(*lon)?, Lat::new(*lat)?));
        view(places.iter().filter_map(position))
    }

    #[test]
    fn a_view_holds_its_places_and_goes_over_the_antimeridian_only_where_that_is_narrower() {
        // Mines of Mali: 360 degrees added to both ends round to another width.
        let mali = seen(&[(-11.753474, 14.08390102), (-6.070788, 10.789806), (-8.21652, 10.56991)]);
        assert_eq!(mali, [-11.753474, 10.56991, -6.070788, 14.08390102]);
        assert_eq!(seen(&[(-70.1, -20.0), (-69.3, -30.0)]), [-70.1, -30.0, -69.3, -20.0]);
        assert_eq!(seen(&[(-10.0, 0.0), (10.0, 5.0)]), [-10.0, 0.0, 10.0, 5.0]);
        assert_eq!(seen(&[(179.0, -17.0), (-178.0, -16.0)]), [179.0, -17.0, -178.0, -16.0]);
        assert_eq!(seen(&[]), [-180.0, -60.0, 180.0, 75.0]);
    }

    #[test]
    fn a_view_shows_the_surface_around_its_sites_and_not_all_that_lies_far_away() {
        let surface = |corner, size| Surface {
            grid: Grid::new(Crs::wgs84(), corner, [1.0, 1.0], size).expect("a grid"),
            reach: Reach::Everything,
            cell: Length::from_km(111.0),
            scores: Vec::new(),
        };
        let sites = [-10.0, 10.0, 2.0, 20.0];
        let near = surface([-11.0, 21.0], [15, 12]);
        assert_eq!(with_surface(sites, &near), [-11.0, 9.0, 4.0, 21.0]);
        let far = surface([-40.0, 20.0], [42, 5]);
        assert_eq!(with_surface(sites, &far), [-13.0, 10.0, 2.0, 20.0]);
    }
}
