//! Features as comma-separated text: longitude and latitude columns if every geometry is one point, else a column of
//! well-known text, then the features' own columns.

use super::schema::{Schema, ShapeType};
use super::value::Item;
use super::{Failure, each};
use crate::model::Findings;
use crate::sinks::csv::guard;
use crate::sinks::rounded::Drawn;
use crate::sources::{Counts, Feature, Features, TakeFeature};
use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

/// How the geometry is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    None,
    Pair,
    Text,
}

/// Writes features. Missing values are empty cells, and cells that a spreadsheet would run are guarded.
pub(super) fn write(
    features: &mut Features,
    schema: &Schema,
    findings: &mut Findings,
    out: &mut dyn Write,
) -> Result<Counts, Failure> {
    let form = match schema.is_placed {
        false => Form::None,
        true if schema.shapes.are_points() => Form::Pair,
        true => Form::Text,
    };
    let mut head = ::csv::Writer::from_writer(Vec::new());
    let names = place_columns(schema, form).into_iter().map(Cow::Owned);
    let names = names.chain(schema.id_column().map(Cow::Borrowed));
    let own = schema.columns.iter().map(|column| guard(&column.name));
    head.write_record(names.chain(own).map(|name| name.into_owned().into_bytes()))
        .map_err(failed)?;
    out.write_all(&head.into_inner().map_err(|error| io::Error::other(error.to_string()))?)?;
    let new = || Rows {
        schema,
        form,
        writer: ::csv::Writer::from_writer(Vec::new()),
        places: Vec::new(),
        row: Vec::new(),
        failure: None,
    };
    each(features, findings, new, |part| {
        part.failure.map_or(Ok(()), Err)?;
        let bytes =
            part.writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        out.write_all(&bytes)
    })
}

/// The names of the geometry columns: those that the reader recognizes, unless they are taken.
fn place_columns(schema: &Schema, form: Form) -> Vec<String> {
    let free = |names: &[&str]| {
        let taken =
            |name: &&str| schema.columns.iter().any(|of| of.name.eq_ignore_ascii_case(name));
        !names.iter().any(taken)
    };
    let named = |choices: &[&[&str]]| {
        let found = choices.iter().find(|names| free(names)).or(choices.last());
        found.map_or_else(Vec::new, |names| names.iter().map(|name| (*name).to_owned()).collect())
    };
    match form {
        Form::None => Vec::new(),
        Form::Pair => named(&[
            &["longitude", "latitude"],
            &["lon", "lat"],
            &["wgs84_longitude", "wgs84_latitude"],
        ]),
        Form::Text => named(&[&["geometry"], &["wkt"], &["wgs84_wkt"]]),
    }
}

fn failed(error: ::csv::Error) -> io::Error {
    io::Error::other(error.to_string())
}

/// The rows of a part.
struct Rows<'s> {
    schema: &'s Schema,
    form: Form,
    writer: ::csv::Writer<Vec<u8>>,
    /// For each column of the source, its column in the table.
    places: Vec<Option<usize>>,
    /// The cells of a row, reused.
    row: Vec<Vec<u8>>,
    failure: Option<io::Error>,
}

impl TakeFeature for Rows<'_> {
    fn take(&mut self, feature: Feature<'_, '_>, columns: &[Arc<str>]) {
        let schema = self.schema;
        if self.places.len() != columns.len() {
            self.places = schema.places(columns);
        }
        let before = match self.form {
            Form::None => 0,
            Form::Pair => 2,
            Form::Text => 1,
        };
        let own = before + usize::from(schema.id_column().is_some());
        self.row.resize(own + schema.columns.len(), Vec::new());
        self.row.iter_mut().for_each(Vec::clear);
        let mut set = |at: usize, text: &str| {
            if let Some(cell) = self.row.get_mut(at) {
                cell.extend_from_slice(text.as_bytes());
            }
        };
        let drawn = feature.geometry.map(|geometry| ShapeType::Any.drawn(geometry));
        match (self.form, drawn) {
            (Form::Pair, Some(Drawn::Point([lon, lat]))) => {
                set(0, &lon.to_string());
                set(1, &lat.to_string());
            }
            (Form::Text, Some(drawn)) => set(0, &wkt(&drawn)),
            _ => {}
        }
        if let (Some(_), Some(id)) = (schema.id_column(), feature.id) {
            let item = Item::of(id, super::kind::Kind::Text, schema.typing);
            set(before, &guard(&item.text().unwrap_or_default()));
        }
        for (cell, place) in feature.cells.iter().zip(&self.places) {
            let Some((at, column)) = place.and_then(|at| Some((at, schema.columns.get(at)?)))
            else {
                continue;
            };
            let item = Item::of(cell, column.kind, schema.typing);
            if let Some(text) = item.text() {
                set(own + at, &guard(&text));
            }
        }
        if let Err(error) = self.writer.write_record(&self.row) {
            self.failure.get_or_insert(failed(error));
        }
    }
}

/// A geometry as well-known text (OGC 06-103r4, section 7).
pub(in crate::sinks) fn wkt(drawn: &Drawn) -> String {
    let mut out = String::new();
    push_wkt(&mut out, drawn);
    out
}

fn push_wkt(out: &mut String, drawn: &Drawn) {
    let pair = |out: &mut String, [x, y]: &[f64; 2]| out.push_str(&format!("{x} {y}"));
    let path = |out: &mut String, path: &Vec<[f64; 2]>| bracketed(out, path, pair);
    let paths = |out: &mut String, paths: &Vec<Vec<[f64; 2]>>| bracketed(out, paths, path);
    match drawn {
        Drawn::Point(point) => {
            out.push_str("POINT ");
            bracketed(out, &[*point], pair);
        }
        Drawn::Points(points) => {
            out.push_str("MULTIPOINT ");
            bracketed(out, points, |out, point| bracketed(out, &[*point], pair));
        }
        Drawn::Line(line) => {
            out.push_str("LINESTRING ");
            path(out, line);
        }
        Drawn::Lines(lines) => {
            out.push_str("MULTILINESTRING ");
            paths(out, lines);
        }
        Drawn::Polygon(rings) => {
            out.push_str("POLYGON ");
            paths(out, rings);
        }
        Drawn::Polygons(polygons) => {
            out.push_str("MULTIPOLYGON ");
            bracketed(out, polygons, paths);
        }
        Drawn::Collection(members) => {
            out.push_str("GEOMETRYCOLLECTION ");
            bracketed(out, members, push_wkt);
        }
    }
}

fn bracketed<T>(out: &mut String, items: &[T], push: impl Fn(&mut String, &T)) {
    out.push('(');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        push(out, item);
    }
    out.push(')');
}
