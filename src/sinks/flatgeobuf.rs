//! A layer as FlatGeobuf: typed columns, and features in the order of a packed Hilbert R-tree, which lets a
//! reader take out a box without reading the rest.

use super::place::{Stop, go_on};
use super::rounded::{Drawn, number};
use crate::earth::GeometryKind;
use crate::layers::{ColumnKind, Layer, Property};
use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geozero::error::Result as Told;
use geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor};
use rayon::prelude::*;
use std::io::{self, Write};

/// Writes a layer. The first column is the feature's `id`; dates are columns of dates, written as text as
/// the format has them.
///
/// # Errors
/// What the writer gives, or the folder for temporary files, through which the features go to be sorted.
pub fn write(layer: &Layer, stop: Stop, out: &mut dyn Write) -> io::Result<()> {
    let kind = match layer.kind() {
        GeometryKind::Point => GeometryType::Point,
        GeometryKind::Line => GeometryType::MultiLineString,
        GeometryKind::Polygon => GeometryType::MultiPolygon,
    };
    let crs = FgbCrs { org: Some("EPSG"), code: 4326, name: Some("WGS 84"), ..FgbCrs::default() };
    let options = FgbWriterOptions {
        // Where there is nothing to find, an index would only be in the way.
        write_index: !layer.is_empty(),
        detect_type: false,
        promote_to_multi: false,
        crs,
        ..FgbWriterOptions::default()
    };
    let mut writer = FgbWriter::create_with_options(layer.name(), kind, options).map_err(failed)?;
    writer.add_column("id", ColumnType::String, |_, column| column.nullable = false);
    for column in layer.columns() {
        let kind = match column.kind {
            ColumnKind::Text => ColumnType::String,
            ColumnKind::Number(_) => ColumnType::Double,
            ColumnKind::Flag => ColumnType::Bool,
            ColumnKind::Date => ColumnType::DateTime,
        };
        writer.add_column(&column.name, kind, |text, of| {
            of.description = Some(text.create_string(&column.about));
        });
    }
    let chunk = if layer.kind() == GeometryKind::Point { 512 } else { 32 };
    let round = chunk * rayon::current_num_threads() * 4;
    for start in (0..layer.len()).step_by(round) {
        go_on(stop)?;
        let range = start..layer.len().min(start + round);
        let features: Vec<_> = range
            .into_par_iter()
            .with_min_len(chunk)
            .filter_map(|at| layer.feature(at))
            .map(|feature| (Drawn::of(&feature.geometry), feature))
            .collect();
        for (drawn, feature) in features {
            let mut told = Ok(());
            writer
                .add_feature_geom(Shape(&drawn), |to| {
                    told = properties(to, &feature.id, &feature.properties);
                })
                .map_err(failed)?;
            told.map_err(failed)?;
        }
    }
    writer.write(out).map_err(|error| match error {
        flatgeobuf::Error::IO(error) => error,
        other => failed(other),
    })
}

fn properties(to: &mut impl PropertyProcessor, id: &str, values: &[Property]) -> Told<()> {
    to.property(0, "id", &ColumnValue::String(id))?;
    // A value that is missing is left out; columns go by their number.
    for (at, value) in (1..).zip(values) {
        match value {
            Property::Missing => {}
            Property::Text(text) => {
                to.property(at, "", &ColumnValue::String(text))?;
            }
            Property::Number(of, digits) => {
                if let Some(number) = number(*of, *digits) {
                    to.property(at, "", &ColumnValue::Double(number))?;
                }
            }
            Property::Flag(flag) => {
                to.property(at, "", &ColumnValue::Bool(*flag))?;
            }
            Property::Date(date) => {
                to.property(at, "", &ColumnValue::DateTime(&date.to_string()))?;
            }
        }
    }
    Ok(())
}

/// A geometry, told position by position.
struct Shape<'a>(&'a Drawn);

impl GeozeroGeometry for Shape<'_> {
    fn process_geom<P: GeomProcessor>(&self, to: &mut P) -> Told<()> {
        match self.0 {
            Drawn::Point([x, y]) => {
                to.point_begin(0)?;
                to.xy(*x, *y, 0)?;
                to.point_end(0)
            }
            Drawn::Lines(lines) => {
                to.multilinestring_begin(lines.len(), 0)?;
                for (at, line) in lines.iter().enumerate() {
                    path(to, line, at)?;
                }
                to.multilinestring_end(0)
            }
            Drawn::Polygons(polygons) => {
                to.multipolygon_begin(polygons.len(), 0)?;
                for (at, rings) in polygons.iter().enumerate() {
                    to.polygon_begin(false, rings.len(), at)?;
                    for (at, ring) in rings.iter().enumerate() {
                        path(to, ring, at)?;
                    }
                    to.polygon_end(false, at)?;
                }
                to.multipolygon_end(0)
            }
        }
    }
}

fn path<P: GeomProcessor>(to: &mut P, positions: &[[f64; 2]], at: usize) -> Told<()> {
    to.linestring_begin(false, positions.len(), at)?;
    for (at, [x, y]) in positions.iter().enumerate() {
        to.xy(*x, *y, at)?;
    }
    to.linestring_end(false, at)
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::other(error)
}
