//! Layers as a GeoPackage (OGC 12-128r17, version 1.3): a table for each, even if it is empty, with its
//! spatial index, the descriptions of its columns, and the styles that QGIS applies automatically. The
//! same layers give the same bytes: there are no timestamps, and SQLite writes a fresh file
//! deterministically.

mod blob;
mod index;
mod schema;
mod table;

pub(super) use blob::of as blob_of;
pub(super) use table::{Row, Table};

use super::place::{Stop, go_on};
use super::qgis;
use super::rounded::{Drawn, integer, join, number};
use crate::earth::GeometryKind;
use crate::layers::style::{Style, aliases};
use crate::layers::{Feature, Layer, Property};
use index::Entry;
use jiff::civil::Date;
use rayon::prelude::*;
use rusqlite::{Connection, OpenFlags, params, types::Value};
use std::io;
use std::path::Path;

/// Fills the empty file at a path with layers and their styles, the default first.
///
/// `as_of` fills the column `last_change`, which the format requires.
///
/// # Errors
/// An SQLite error; or the writer was told to stop.
pub fn write(
    path: &Path,
    layers: &[(&Layer, Vec<Style>)],
    as_of: Option<Date>,
    stop: Stop,
) -> io::Result<()> {
    let stamp = as_of.map_or_else(|| "1970-01-01".to_owned(), |date| date.to_string());
    let stamp = format!("{stamp}T00:00:00.000Z");
    let database = open(path)?;
    database.execute_batch(schema::STYLES).map_err(failed)?;
    for (layer, styles) in layers {
        write_layer(&database, layer, styles, &stamp, stop)?;
    }
    schema::styles_are_a_table(&database, &stamp).map_err(failed)?;
    database.execute_batch("COMMIT").map_err(failed)?;
    database.close().map_err(|(_, error)| failed(error))
}

/// Opens the empty file at a path, with the tables that every GeoPackage has.
fn open(path: &Path) -> io::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).map_err(failed)?;
    database.execute_batch(schema::HEAD).map_err(failed)?;
    Ok(database)
}

/// The length of a file's header in bytes.
pub const HEAD: usize = 100;

/// The header of a file as originally written, even if other programs have opened the file since: these
/// change the write mode, a counter, and the version of their SQLite in it.
pub fn head_as_new(mut head: [u8; HEAD]) -> [u8; HEAD] {
    // The version numbers of program and format are set separately, everything else at once.
    const CHANGES: [u8; 4] = 3_u32.to_be_bytes();
    let mut set = |at: usize, bytes: &[u8]| {
        head.iter_mut().skip(at).zip(bytes).for_each(|(old, new)| *old = *new);
    };
    set(18, &[1, 1]);
    set(24, &CHANGES);
    set(92, &CHANGES);
    set(96, &rusqlite::version_number().to_be_bytes());
    head
}

fn write_layer(
    database: &Connection,
    layer: &Layer,
    styles: &[Style],
    stamp: &str,
    stop: Stop,
) -> io::Result<()> {
    let name = layer.name();
    database.execute_batch(&schema::table(layer)).map_err(failed)?;
    let (extent, entries) = write_features(database, layer, stop)?;
    go_on(stop)?;
    index::write(database, name, entries).map_err(failed)?;
    let describe = || -> rusqlite::Result<()> {
        let [west, south, east, north] = match extent {
            Some(edges) => edges.map(Some),
            None => [None; 4],
        };
        let (title, about) = styles.first().map_or((name, ""), |style| (style.title, style.about));
        database.execute(
            "INSERT INTO gpkg_contents VALUES (?1,'features',?2,?3,?4,?5,?6,?7,?8,4326)",
            params![name, title, about, stamp, west, south, east, north],
        )?;
        database.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?1,'geom',?2,4326,0,0)",
            params![name, geometry_name(layer.kind())],
        )?;
        for (column, alias) in layer.columns().iter().zip(aliases(layer.columns())) {
            database.execute(
                "INSERT INTO gpkg_data_columns VALUES (?1,?2,?3,?3,?4,NULL,NULL)",
                params![name, &*column.name, alias, &*column.about],
            )?;
        }
        for (at, style) in styles.iter().enumerate() {
            let qml = qgis::style(style, layer.kind(), layer.columns());
            database.execute(
                "INSERT INTO layer_styles (f_table_catalog,f_table_schema,f_table_name,f_geometry_column,\
                 styleName,styleQML,styleSLD,useAsDefault,description,owner,ui,update_time) \
                 VALUES ('','',?1,'geom',?2,?3,'',?4,?5,'',NULL,?6)",
                params![name, style.name, qml, at == 0, style.title, stamp],
            )?;
        }
        database.execute_batch(&schema::triggers(name))
    };
    describe().map_err(failed)
}

/// Writes the features; returns their extent, and the index entries of those that have a position.
fn write_features(
    database: &Connection,
    layer: &Layer,
    stop: Stop,
) -> io::Result<(Option<[f64; 4]>, Vec<Entry>)> {
    let places: Vec<String> = (1..=layer.columns().len() + 3).map(|at| format!("?{at}")).collect();
    let insert = format!("INSERT INTO \"{}\" VALUES ({})", layer.name(), places.join(","));
    let mut insert = database.prepare(&insert).map_err(failed)?;
    let chunk = if layer.kind() == GeometryKind::Point { 512 } else { 32 };
    let round = chunk * rayon::current_num_threads() * 4;
    let mut extent = None;
    let mut entries = Vec::new();
    let mut fid: i64 = 0;
    for start in (0..layer.len()).step_by(round) {
        go_on(stop)?;
        let range = start..layer.len().min(start + round);
        let rows: Vec<Inserted> = range
            .into_par_iter()
            .with_min_len(chunk)
            .filter_map(|at| layer.feature(at).map(Inserted::of))
            .collect();
        for row in rows {
            fid += 1;
            if let Some(bounds) = row.bounds {
                entries.push(Entry { fid, bounds });
            }
            extent = join(extent, row.bounds);
            let mut bind = || -> rusqlite::Result<()> {
                insert.raw_bind_parameter(1, fid)?;
                insert.raw_bind_parameter(2, &row.geometry)?;
                insert.raw_bind_parameter(3, &row.id)?;
                for (at, value) in (4..).zip(&row.values) {
                    insert.raw_bind_parameter(at, value)?;
                }
                insert.raw_execute()?;
                Ok(())
            };
            bind().map_err(failed)?;
        }
    }
    Ok((extent, entries))
}

/// A feature of a layer, ready to be inserted.
struct Inserted {
    id: String,
    geometry: Vec<u8>,
    bounds: Option<[f64; 4]>,
    values: Vec<Value>,
}

impl Inserted {
    fn of(feature: Feature) -> Self {
        let drawn = Drawn::of(&feature.geometry);
        let bounds = drawn.bounds();
        let values = feature.properties.into_iter().map(value).collect();
        Self { id: feature.id, geometry: blob::of(&drawn, bounds), bounds, values }
    }
}

fn value(property: Property) -> Value {
    match property {
        Property::Missing => Value::Null,
        Property::Text(text) => Value::Text(text),
        Property::Number(of, digits) => match integer(of, digits) {
            Some(whole) => Value::Integer(whole),
            None => number(of, digits).map_or(Value::Null, Value::Real),
        },
        Property::Flag(flag) => Value::Integer(i64::from(flag)),
        Property::Date(date) => Value::Text(date.to_string()),
    }
}

/// The format's name for a geometry kind.
fn geometry_name(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "POINT",
        GeometryKind::Line => "MULTILINESTRING",
        GeometryKind::Polygon => "MULTIPOLYGON",
    }
}

/// SQLite's error as an I/O error, so that a full disk is reported as for other files.
fn failed(error: rusqlite::Error) -> io::Error {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => io::Error::from(io::ErrorKind::StorageFull),
        Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            io::Error::from(io::ErrorKind::PermissionDenied)
        }
        _ => io::Error::other(error),
    }
}
