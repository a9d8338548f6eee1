//! The project that shows a run's layers in QGIS: a style beside each layer, the ground under the map, and
//! the project's own file.

use super::Case;
use super::wanted::{Format, Wanted};
use crate::Result;
use crate::layers::{self, Layer, style};
use crate::scoring::Bands;
use crate::sinks::place::OutputFolder;
use crate::sinks::{geojson, qgis};
use jiff::civil::Date;

/// Writes the style beside each layer, the ground under the map, and the project that shows all of it:
/// where a surface is written, too, with its bands.
pub(super) fn write(
    case: &Case,
    drawn: &[Layer<'_>],
    surface_bands: Option<&Layer<'static>>,
    wanted: &Wanted,
    output: &mut OutputFolder<'_>,
) -> Result<()> {
    let view = view(case);
    let ground = [layers::borders(around(view)), layers::land(around(view))];
    for layer in &ground {
        output.stage(&format!("{}.geojson", layer.name()), |out| geojson::write(layer, out))?;
    }
    let bands = &case.scheme.bands;
    let main = if wanted.formats.contains(&Format::GeoJson) { "geojson" } else { "fgb" };
    let mut sheets = Vec::new();
    for layer in drawn {
        sheets.extend(dress(layer, main, bands, output)?);
    }
    for layer in surface_bands.into_iter().chain(&ground) {
        sheets.extend(dress(layer, "geojson", bands, output)?);
    }
    let surface = surface_bands
        .map(|_| qgis::Surface { file: "surface.tif".into(), title: "Risk surface".into() });
    if surface.is_some() {
        let text = qgis::surface_style();
        output.stage("surface.qml", |out| out.write_all(text.as_bytes()))?;
    }
    sheets.sort_by_key(|sheet| ORDER.iter().position(|name| *name == sheet.layer));
    let as_of = case.as_of.map(|date| format!(", as of {date}")).unwrap_or_default();
    let project = qgis::Project {
        title: format!("Risk around mines{as_of}"),
        note: format!(
            "Scores describe reported past events and mapped places; they are an index, not a forecast, and no data is not low risk. Scheme: {}. {} Positions and distances: WGS84.",
            case.scheme.name,
            style::NO_POSITION
        ),
        sheets,
        surface,
        view,
        days: days(case),
    };
    output.stage("risk.qgz", |out| qgis::write_project(&project, out))?;
    Ok(())
}

/// Writes the style beside a layer; gives the sheets on which a project shows it.
fn dress<'l>(
    layer: &'l Layer<'_>,
    ending: &str,
    bands: &Bands,
    output: &mut OutputFolder<'_>,
) -> Result<Vec<qgis::Sheet<'l>>> {
    let (name, kind, columns) = (layer.name(), layer.kind(), layer.columns());
    let styles = style::styles(name, bands);
    if let Some(first) = styles.first() {
        let text = qgis::style(first, kind, columns);
        output.stage(&format!("{name}.qml"), |out| out.write_all(text.as_bytes()))?;
        let text = qgis::metadata(first);
        output.stage(&format!("{name}.qmd"), |out| out.write_all(text.as_bytes()))?;
    }
    // QGIS finds neither geometry nor columns in a GeoJSON without features.
    if layer.is_empty() {
        return Ok(Vec::new());
    }
    let file = format!("{name}.{ending}");
    let sheet = |style| qgis::Sheet { layer: name, file: file.clone(), kind, columns, style };
    Ok(styles.into_iter().map(sheet).collect())
}

/// The layers from the top of the map to its ground.
const ORDER: [&str; 9] = [
    "sites",
    "footprint_lines",
    "footprints",
    "incidents",
    "links",
    "rings",
    "borders",
    "contours",
    "land",
];

/// West, south, east and north of the sites; the whole world where there are none.
fn view(case: &Case) -> [f64; 4] {
    let positions = || case.gathered.sites.iter().map(|site| site.position);
    let span = |values: &mut dyn Iterator<Item = f64>| {
        values.fold(None, |all: Option<(f64, f64)>, value| {
            Some(all.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        })
    };
    let lats = span(&mut positions().map(|p| p.lat()));
    let lons = span(&mut positions().map(|p| p.lon()));
    // Seen from the other side of the globe, where that is the narrower view.
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

/// A box with its surroundings, so that the ground goes on beyond the edge of the map.
fn around([west, south, east, north]: [f64; 4]) -> [f64; 4] {
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

/// The days of the first and the last incident that is drawn.
fn days(case: &Case) -> Option<(Date, Date)> {
    let days =
        || case.gathered.incidents.iter().filter_map(|incident| incident.date).map(|d| d.last());
    days().min().zip(days().max())
}
