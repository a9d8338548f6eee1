//! Columnar tables: Parquet, with or without the geometry of GeoParquet 1.1, Arrow files (Feather 2), Arrow streams,
//! and Arrow tables in memory.
//! Numbers stay numbers, dates become ISO 8601 text, lists and structures become JSON text.

mod cells;
mod feather;
mod geo;
mod held;
mod parquet;
mod shapes;
mod srid;
mod stream;

use super::DeclaredCrs;
use super::header::Columns;
use super::parts::{Next, PartReport, Take};
use super::record::{Geometry, Written};
use crate::Result;
use crate::model::{Finding, Place};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use cells::Column;
pub(super) use feather::Feather;
use geo::{Encoding, Geo};
pub(crate) use held::Held;
pub(super) use parquet::Parquet;
use shapes::Shapes;
use srid::Srids;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The number of rows in a part.
const PART_ROWS: u64 = 128 << 10;

/// The number of rows converted to records at a time.
const BATCH_ROWS: usize = 4096;

/// The columns of a file.
#[derive(Debug)]
struct Table {
    columns: Columns,
    /// The index in a batch of each column.
    places: Vec<usize>,
    /// The index and the encoding of the geometry column.
    geometry: Option<(usize, Encoding)>,
    crs: Option<DeclaredCrs>,
    srids: Srids,
    /// The place of the row of a number.
    place: fn(u64) -> Place,
}

/// Runs a reader, and turns its panics on damaged bytes into errors.
fn guarded<T>(read: impl FnOnce() -> T) -> std::result::Result<T, ArrowError> {
    catch_unwind(AssertUnwindSafe(read))
        .map_err(|_| ArrowError::ParseError("it is damaged".to_owned()))
}

impl Table {
    /// The columns of a schema. `said` is the metadata of the file, `native` its columns of Parquet's own geometry
    /// type. A column that repeats the bounding boxes of the geometries is left out.
    fn new(
        file: &str,
        schema: &Schema,
        said: &HashMap<String, String>,
        native: &[(usize, Option<String>)],
        findings: &mut Vec<Finding>,
    ) -> Self {
        let geo = Geo::of(schema, said, native);
        let is_own = |at: &usize| {
            geo.as_ref().is_none_or(|geo| geo.column != *at && geo.boxes.is_none_or(|of| of != *at))
        };
        let places: Vec<usize> = (0..schema.fields().len()).filter(is_own).collect();
        let names = places.iter().filter_map(|at| Some(schema.fields().get(*at)?.name().clone()));
        let columns = Columns::from_header(file, &Place::File, names.collect(), findings);
        let geometry = geo.as_ref().map(|geo| (geo.column, geo.encoding));
        let crs = geo.and_then(|geo| geo.crs);
        Self { columns, places, geometry, crs, srids: Srids::default(), place: Place::Feature }
    }

    /// The index of the geometry column if its values name their reference systems one by one: all must be seen before
    /// the first is read.
    fn with_srid(&self) -> Option<usize> {
        self.geometry.filter(|(_, encoding)| *encoding == Encoding::WithSrid).map(|(at, _)| at)
    }

    /// Sees the reference systems in a batch.
    fn see(&mut self, batch: &RecordBatch) -> std::result::Result<(), ArrowError> {
        self.with_srid().map_or(Ok(()), |at| self.srids.see(batch.column(at)))
    }

    /// Settles the reference system after all batches were seen.
    ///
    /// # Errors
    /// The geometries are in several systems.
    fn settle(&mut self, file: &str) -> Result<()> {
        if self.with_srid().is_some() {
            self.crs = self.srids.crs(file)?;
        }
        Ok(())
    }

    /// Passes the rows of a batch to the taker, numbered from the first.
    fn take(
        &self,
        batch: &RecordBatch,
        first: u64,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> std::result::Result<Next, ArrowError> {
        let mut columns = Vec::with_capacity(self.places.len());
        for (at, name) in self.places.iter().zip(self.columns.names()) {
            columns.push((Column::new(batch.column(*at))?, name));
        }
        let shapes =
            self.geometry.map(|(at, how)| Shapes::new(batch.column(at), how)).transpose()?;
        for (row, number) in (0..batch.num_rows()).zip(first..) {
            let place = (self.place)(number);
            told.notes.set_place(place.clone());
            let mut cells = Vec::with_capacity(columns.len());
            for (column, name) in &columns {
                cells.push(column.cell(row, name, &mut told.notes));
            }
            let geometry = match &shapes {
                None => Geometry::InColumns,
                Some(shapes) => shapes.geometry(row, &mut told.notes),
            };
            told.count.read += 1;
            told.taken += 1;
            let record = Written { place, id: None, cells: &mut cells, geometry };
            if taker.take(record, self.columns.names()) == Next::Stop {
                return Ok(Next::Stop);
            }
        }
        Ok(Next::Read)
    }

    fn names(&self) -> &[Arc<str>] {
        self.columns.names()
    }
}
