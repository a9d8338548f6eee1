//! The QGIS project of a run's layers: a style beside each layer, the base map, and the project file.

use super::wanted::{BASEMAP, Format, Wanted};
use crate::Result;
use crate::earth::Position;
use crate::layers::{self, Layer, style};
use crate::run::Case;
use crate::scoring::{Bands, Scheme};
use crate::sinks::place::OutputFolder;
use crate::sinks::{geojson, geopackage, qgis};

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
    let ground = [layers::borders(around(view)), layers::land(around(view))];
    for layer in &ground {
        output.stage(&format!("{}.geojson", layer.name()), |out| geojson::write(layer, out))?;
    }
    let bands = &case.scheme.bands;
    let main = wanted.shown().unwrap_or(Format::GeoJson.word());
    let mut shown = Vec::new();
    let endings = drawn.iter().map(|_| main).chain(ground.iter().map(|_| "geojson"));
    for (layer, ending) in drawn.iter().chain(&ground).zip(endings) {
        write_style(layer, bands, output)?;
        shown.extend(sheets(layer, &format!("{}.{ending}", layer.name()), bands));
    }
    let base = basemap(view);
    let styled = base.each_ref().map(|layer| (layer, style::styles(layer.name(), &[], bands)));
    output.stage_at(BASEMAP, |path, stop| geopackage::write(path, &styled, case.as_of, stop))?;
    for layer in &base {
        shown.extend(sheets(layer, &format!("{BASEMAP}|layername={}", layer.name()), bands));
    }
    // A grid in a CRS without a code is rejected before it is drawn.
    let epsg = surface.and_then(|surface| surface.grid.crs().epsg());
    let surface = epsg.map(|epsg| qgis::Surface {
        file: "surface.tif".into(),
        title: "Risk surface".into(),
        epsg,
        classes: style::surface_classes(bands),
    });
    if let Some(surface) = &surface {
        let text = qgis::surface_style(&surface.classes);
        output.stage("surface.qml", |out| out.write_all(text.as_bytes()))?;
    }
    shown.sort_by_key(|sheet| ORDER.iter().position(|name| *name == sheet.layer));
    let as_of = case.as_of.map(|date| format!(", as of {date}")).unwrap_or_default();
    let project = qgis::Project {
        title: format!("Risk around mines{as_of}"),
        note: note(&case.scheme),
        sheets: shown,
        surface,
        view,
        slider: slider(case),
    };
    output.stage("risk.qgz", |out| qgis::write_project(&project, out))?;
    Ok(())
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

/// Writes the style beside a layer.
pub(in crate::run) fn write_style(
    layer: &Layer<'_>,
    bands: &Bands,
    output: &mut OutputFolder<'_>,
) -> Result<()> {
    let name = layer.name();
    if let Some(first) = style::styles(name, layer.columns(), bands).first() {
        let text = qgis::style(first, layer.kind(), layer.columns());
        output.stage(&format!("{name}.qml"), |out| out.write_all(text.as_bytes()))?;
        let text = qgis::metadata(first);
        output.stage(&format!("{name}.qmd"), |out| out.write_all(text.as_bytes()))?;
    }
    Ok(())
}

/// The sheets with which a project shows a layer in a file beside it.
pub(in crate::run) fn sheets<'l>(
    layer: &'l Layer<'_>,
    file: &str,
    bands: &Bands,
) -> Vec<qgis::Sheet<'l>> {
    // QGIS finds neither geometry nor columns in a GeoJSON without features.
    if layer.is_empty() {
        return Vec::new();
    }
    let (name, kind, columns) = (layer.name(), layer.kind(), layer.columns());
    let sheet = |style| qgis::Sheet { layer: name, file: file.into(), kind, columns, style };
    style::styles(name, columns, bands).into_iter().map(sheet).collect()
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
            if end - start < east - west && end > 180.0 {
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
