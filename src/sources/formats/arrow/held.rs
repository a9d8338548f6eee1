//! Arrow tables and streams in memory: parts are ranges of their batches.

use super::{BATCH_ROWS, PART_ROWS, Table, guarded};
use crate::model::{Finding, Place};
use crate::sources::formats::parts::{Begin, Next, PartReport, Take};
use crate::sources::formats::{Dataset, DeclaredCrs};
use crate::sources::table;
use crate::{Code, Error, Result};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use std::sync::Arc;

/// A table whose columns have been found.
#[derive(Debug)]
pub(crate) struct Held {
    file: Arc<str>,
    /// Whether it is a table or a stream, in words.
    form: &'static str,
    table: Table,
    count: u64,
    /// Rows that are read together, with the number of the first in the table.
    parts: Vec<(u64, RecordBatch)>,
}

impl Held {
    /// Finds the columns of a table in memory.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn of_table(
        file: &Arc<str>,
        table: &table::Table,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let mut held = Self::new(file, "Arrow table", &table.schema, &table.batches, findings)?;
        held.table.place = Place::TableRow;
        Ok(held)
    }

    /// Finds the columns of a table, which is called `form` in messages.
    ///
    /// # Errors
    /// Its geometries are in several reference systems, or not what their type says.
    pub fn new(
        file: &Arc<str>,
        form: &'static str,
        schema: &Schema,
        batches: &[RecordBatch],
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let mut table = Table::new(file, schema, schema.metadata(), &[], findings);
        let (mut count, mut parts) = (0, Vec::new());
        let most = usize::try_from(PART_ROWS).unwrap_or(usize::MAX);
        for batch in batches {
            guarded(|| table.see(batch))
                .and_then(|seen| seen)
                .map_err(|error| unreadable(file, form, &error))?;
            for part in slices(batch, most) {
                let rows = u64::try_from(part.num_rows()).unwrap_or(u64::MAX);
                parts.push((count, part));
                count += rows;
            }
        }
        table.settle(file)?;
        Ok(Self { file: file.clone(), form, table, count, parts })
    }

    fn read_part(
        &self,
        (first, part): &(u64, RecordBatch),
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> std::result::Result<(), ArrowError> {
        let mut number = *first;
        for batch in slices(part, BATCH_ROWS) {
            if guarded(|| self.table.take(&batch, number, told, taker))?? == Next::Stop {
                break;
            }
            number += u64::try_from(batch.num_rows()).unwrap_or(u64::MAX);
        }
        Ok(())
    }
}

/// The rows of a batch, at most so many together.
fn slices(batch: &RecordBatch, most: usize) -> impl Iterator<Item = RecordBatch> {
    let rows = batch.num_rows();
    (0..rows).step_by(most).map(move |from| batch.slice(from, most.min(rows - from)))
}

impl Dataset for Held {
    fn description(&self) -> String {
        self.form.to_owned()
    }

    fn has_geometry(&self) -> bool {
        self.table.geometry.is_some()
    }

    fn columns(&self) -> &[Arc<str>] {
        self.table.names()
    }

    fn crs(&self) -> Option<DeclaredCrs> {
        self.table.crs.clone()
    }

    fn count(&self) -> Option<u64> {
        Some(self.count)
    }

    fn parts(&self) -> usize {
        self.parts.len()
    }

    fn read(
        &self,
        part: usize,
        begin: Begin,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> Result<Begin> {
        let Some(part) = self.parts.get(part) else { return Ok(begin) };
        self.read_part(part, told, taker)
            .map_err(|error| unreadable(&self.file, self.form, &error))?;
        Ok(begin)
    }
}

fn unreadable(file: &str, form: &str, error: &ArrowError) -> Error {
    Error::data(Code::FileDamaged, format!("{file}: the {form} cannot be read: {error}"))
}
