//! Tables in columns: Parquet, with or without the geometry of GeoParquet 1.1, and files of Arrow, which are
//! Feather 2. Numbers stay numbers, dates become text as ISO 8601 has them, lists and structures text of JSON.

mod cells;
mod feather;
mod geo;
mod parquet;
mod shapes;

use super::DeclaredCrs;
use super::header::Columns;
use super::parts::{Next, Take, Told};
use super::record::{Geometry, Written};
use crate::model::{Finding, Place};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use cells::Column;
pub(super) use feather::Feather;
use geo::{Encoding, Geo};
pub(super) use parquet::Parquet;
use shapes::Shapes;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How many rows go into a part.
const PART_ROWS: u64 = 128 << 10;

/// How many rows are turned into records at a time.
const BATCH_ROWS: usize = 4096;

/// What the columns of a file are.
#[derive(Debug)]
struct Table {
    columns: Columns,
    /// Where in a batch each column stands.
    places: Vec<usize>,
    /// Where the geometry stands, and how it is written.
    geometry: Option<(usize, Encoding)>,
    crs: Option<DeclaredCrs>,
}

/// What a reader makes of bytes, also where it gives up on damaged ones without a word.
fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, ArrowError> {
    catch_unwind(AssertUnwindSafe(read))
        .map_err(|_| ArrowError::ParseError("it is damaged".to_owned()))
}

impl Table {
    /// The columns of a schema, with what the file says of itself besides.
    fn new(
        file: &str,
        schema: &Schema,
        said: &HashMap<String, String>,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let Geo { column, encoding, crs } = Geo::of(schema, said);
        let geometry = column.and_then(|name| {
            let at = schema.fields().iter().position(|field| *field.name() == name)?;
            Some((at, encoding))
        });
        let own = |at: &usize| geometry.is_none_or(|(of, _)| of != *at);
        let places: Vec<usize> = (0..schema.fields().len()).filter(own).collect();
        let names = places.iter().filter_map(|at| Some(schema.fields().get(*at)?.name().clone()));
        let columns = Columns::from_header(file, &Place::File, names.collect(), findings);
        Self { columns, places, geometry, crs }
    }

    /// Gives the rows of a batch to the taker, the first of which has a number.
    fn take(
        &self,
        batch: &RecordBatch,
        first: u64,
        told: &mut Told,
        taker: &mut dyn Take,
    ) -> Result<Next, ArrowError> {
        let mut columns = Vec::with_capacity(self.places.len());
        for (at, name) in self.places.iter().zip(self.columns.names()) {
            columns.push((Column::new(batch.column(*at))?, name));
        }
        let shapes =
            self.geometry.map(|(at, how)| Shapes::new(batch.column(at), how)).transpose()?;
        for (row, number) in (0..batch.num_rows()).zip(first..) {
            let place = Place::Feature(number);
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
