//! What a notebook shows of a layer: its first rows and a small map.

use pyo3::prelude::*;
use tamarisk::layers::style::{NO_DATA, Theme};
use tamarisk::layers::{self, Digits, Geometry, Layer, Property};

/// A cell of a row.
#[derive(Debug, Clone, IntoPyObject)]
pub enum Value {
    Text(String),
    Number(f64),
    Flag(bool),
}

/// The id and the values of each of the first rows; longitude, latitude and band of some features.
pub type Preview = (Vec<(String, Vec<Option<Value>>)>, Vec<(f64, f64, Option<String>)>);

/// The first rows, and up to so many places spread evenly over the features.
pub fn preview(layer: &Layer<'_>, rows: usize, places: usize) -> Preview {
    let shown = (0..layer.len().min(rows)).filter_map(|at| {
        let feature = layer.feature(at)?;
        Some((feature.id, feature.properties.into_iter().map(value).collect()))
    });
    let band = ["security_band", "environment_band"];
    let band = band.iter().find_map(|name| layer.column_names().position(|own| **own == **name));
    let step = layer.len().div_ceil(places.max(1)).max(1);
    let drawn = (0..layer.len()).step_by(step).filter_map(|at| {
        let Geometry::Point(position) = layer.feature(at)?.geometry else { return None };
        let band = match band.and_then(|column| layer.value(at, column)) {
            Some(Property::Text(word)) => Some(word),
            _ => None,
        };
        Some((position.lon(), position.lat(), band))
    });
    (shown.collect(), drawn.collect())
}

/// A value as files have it.
fn value(property: Property) -> Option<Value> {
    match property {
        Property::Missing => None,
        Property::Text(text) => Some(Value::Text(text)),
        Property::Number(number, Digits::All) => Some(Value::Number(number)),
        Property::Number(number, Digits::Decimals(most)) => {
            let most = usize::from(most);
            Some(Value::Number(format!("{number:.most$}").parse().unwrap_or(number)))
        }
        Property::Flag(flag) => Some(Value::Flag(flag)),
        Property::Date(date) => Some(Value::Text(date.to_string())),
    }
}

/// The colors of the bands from very low to very high, of security and of environment, and that of no data.
#[pyfunction]
pub fn colors() -> (Vec<String>, Vec<String>, String) {
    let ramp = |theme: Theme| theme.ramp().iter().map(|color| color.hex()).collect();
    (ramp(Theme::Security), ramp(Theme::Environment), NO_DATA.plain.hex())
}

/// The outlines of the land in a box of west, south, east, north.
#[pyfunction]
pub fn land(within: [f64; 4]) -> Vec<Vec<(f64, f64)>> {
    let layer = layers::land(within, None);
    let mut outlines = Vec::new();
    for feature in (0..layer.len()).filter_map(|at| layer.feature(at)) {
        if let Geometry::Polygons(polygons) = feature.geometry {
            for polygon in &polygons.0 {
                outlines.push(polygon.exterior().coords().map(|at| (at.x, at.y)).collect());
            }
        }
    }
    outlines
}
