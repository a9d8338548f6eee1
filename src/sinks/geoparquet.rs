//! A layer as GeoParquet 1.1: typed columns in compressed groups of rows, well-known binary with its bounding boxes, and
//! the `geo` key. Rows are in an order in which neighbors are together, so that a reader of a box skips most groups and
//! pages by their statistics.
//!
//! The Arrow schema in the file does not annotate the geometry as `geoarrow.wkb`: GDAL 3.12 and QGIS 4.0 then find no
//! coordinate reference system, while all readers find that of the `geo` key.

mod key;
mod rows;

pub(super) use rows::Rows;

use super::arrow;
use super::place::{Stop, go_on};
use super::rounded::Drawn;
use crate::earth::{GeometryKind, Position};
use crate::index::neighbors_together;
use crate::layers::{Feature, Layer};
use rayon::prelude::*;
use std::io::{self, Write};

/// Writes a layer: `id`, its columns with their descriptions and units as field metadata, `geometry` and `bbox`.
///
/// # Errors
/// Those of the writer; or the writer was told to stop.
pub fn write(layer: &Layer, stop: Stop, out: &mut dyn Write) -> io::Result<()> {
    let kind = match layer.kind() {
        GeometryKind::Point => "Point",
        GeometryKind::Line => "MultiLineString",
        GeometryKind::Polygon => "MultiPolygon",
    };
    let mut rows = Rows::begin(arrow::fields(layer), Some(&[kind]), out)?;
    for round in order(layer, stop)?.chunks(round(layer)) {
        go_on(stop)?;
        let features: Vec<Feature<'_>> =
            round.par_iter().filter_map(|at| layer.feature(*at)).collect();
        let columns = arrow::columns(layer, &features).map_err(io::Error::other)?;
        let shapes: Vec<Option<Drawn>> =
            features.par_iter().map(|feature| Some(Drawn::of(&feature.geometry))).collect();
        rows.add(columns, &shapes)?;
    }
    rows.finish()
}

/// The number of features that are encoded together.
fn round(layer: &Layer) -> usize {
    if layer.kind() == GeometryKind::Point { 8192 } else { 1024 }
}

/// The features in an order in which neighbors are together; those without any position come last.
fn order(layer: &Layer, stop: Stop) -> io::Result<Vec<usize>> {
    let all: Vec<usize> = (0..layer.len()).collect();
    let (mut placed, mut centers, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for round in all.chunks(round(layer)) {
        go_on(stop)?;
        let found: Vec<(usize, Option<Position>)> =
            round.par_iter().map(|at| (*at, center(layer, *at))).collect();
        for (at, center) in found {
            match center {
                Some(center) => {
                    placed.push(at);
                    centers.push(center);
                }
                None => others.push(at),
            }
        }
    }
    let order = neighbors_together(&centers).into_iter();
    Ok(order.filter_map(|at| placed.get(at).copied()).chain(others).collect())
}

/// The center of a feature's bounding box.
fn center(layer: &Layer, at: usize) -> Option<Position> {
    let [west, south, east, north] = Drawn::of(&layer.geometry(at)?).bounds()?;
    Position::from_degrees(f64::midpoint(west, east), f64::midpoint(south, north))
}
