//! A GeoPackage with one table, written row by row.

use super::index::{self, Entry};
use super::{failed, open, schema};
use crate::sinks::rounded::join;
use rusqlite::types::Value;
use rusqlite::{Connection, params};
use std::io;
use std::path::Path;

/// The time of the last change, which the format requires; a constant, so that no clock is read.
const STAMP: &str = "1970-01-01T00:00:00.000Z";

/// A row, ready to be inserted.
pub(in crate::sinks) struct Row {
    /// The geometry in the GeoPackage encoding.
    pub geometry: Option<Vec<u8>>,
    /// Its bounding box, if it has a position.
    pub bounds: Option<[f64; 4]>,
    pub values: Vec<Value>,
}

/// A table that is being filled.
pub(in crate::sinks) struct Table {
    database: Connection,
    name: String,
    /// The type of its geometries; `None` without a geometry column.
    geometry: Option<&'static str>,
    insert: String,
    extent: Option<[f64; 4]>,
    entries: Vec<Entry>,
    fid: i64,
}

impl Table {
    /// Creates a table in the empty file at a path. Its name must consist of letters, digits and underscores;
    /// column names must differ in more than case.
    ///
    /// # Errors
    /// An SQLite error.
    pub(in crate::sinks) fn create(
        path: &Path,
        name: &str,
        geometry: Option<&'static str>,
        columns: &[(String, &'static str)],
    ) -> io::Result<Self> {
        let database = open(path)?;
        let mut sql =
            format!("CREATE TABLE \"{name}\" (\"fid\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL");
        if let Some(geometry) = geometry {
            sql.push_str(&format!(", \"geom\" {geometry}"));
        }
        for (column, kind) in columns {
            sql.push_str(&format!(", {} {kind}", schema::quoted(column)));
        }
        sql.push_str(");");
        database.execute_batch(&sql).map_err(failed)?;
        let count = 1 + usize::from(geometry.is_some()) + columns.len();
        let places: Vec<String> = (1..=count).map(|at| format!("?{at}")).collect();
        let insert = format!("INSERT INTO \"{name}\" VALUES ({})", places.join(","));
        let (extent, entries, fid) = (None, Vec::new(), 0);
        Ok(Self { database, name: name.to_owned(), geometry, insert, extent, entries, fid })
    }

    /// Appends rows.
    ///
    /// # Errors
    /// An SQLite error.
    pub(in crate::sinks) fn insert(&mut self, rows: Vec<Row>) -> io::Result<()> {
        let Self { database, insert, geometry, extent, entries, fid, .. } = self;
        let mut insert = database.prepare_cached(insert).map_err(failed)?;
        for row in rows {
            *fid += 1;
            if let Some(bounds) = row.bounds {
                entries.push(Entry { fid: *fid, bounds });
            }
            *extent = join(*extent, row.bounds);
            let mut bind = || -> rusqlite::Result<()> {
                insert.raw_bind_parameter(1, *fid)?;
                let first = if geometry.is_some() {
                    insert.raw_bind_parameter(2, &row.geometry)?;
                    3
                } else {
                    2
                };
                for (at, value) in (first..).zip(&row.values) {
                    insert.raw_bind_parameter(at, value)?;
                }
                insert.raw_execute()?;
                Ok(())
            };
            bind().map_err(failed)?;
        }
        Ok(())
    }

    /// Writes the index and the metadata of the table, and closes the file.
    ///
    /// # Errors
    /// An SQLite error.
    pub(in crate::sinks) fn finish(self) -> io::Result<()> {
        let Self { database, name, geometry, extent, entries, .. } = self;
        database.flush_prepared_statement_cache();
        let describe = || -> rusqlite::Result<()> {
            let kind = if geometry.is_some() { "features" } else { "attributes" };
            let system = geometry.map(|_| 4326);
            let [west, south, east, north] = extent.map_or([None; 4], |edges| edges.map(Some));
            database.execute(
                "INSERT INTO gpkg_contents VALUES (?1,?2,?1,'',?3,?4,?5,?6,?7,?8)",
                params![name, kind, STAMP, west, south, east, north, system],
            )?;
            if let Some(geometry) = geometry {
                index::write(&database, &name, entries)?;
                database.execute(
                    "INSERT INTO gpkg_geometry_columns VALUES (?1,'geom',?2,4326,0,0)",
                    params![name, geometry],
                )?;
                database.execute_batch(&schema::triggers(&name))?;
            }
            database.execute_batch("COMMIT")
        };
        describe().map_err(failed)?;
        database.close().map_err(|(_, error)| failed(error))
    }
}
