//! Files of Arrow (Feather 2): parts are its batches.

use super::Table;
use crate::sources::bytes::open::Limits;
use crate::sources::formats::parts::{Begin, Take, Told};
use crate::sources::formats::record::Geometries;
use crate::sources::formats::{Asked, Content, Dataset, DeclaredCrs, Driver, Head};
use crate::sources::options::Format;
use crate::{Error, Result};
use arrow_ipc::reader::FileReader;
use arrow_schema::ArrowError;
use bytes::Bytes;
use std::io::Cursor;
use std::sync::Arc;

/// Files of Arrow.
pub(crate) struct Feather;

impl Driver for Feather {
    fn format(&self) -> Format {
        Format::Arrow
    }

    fn is(&self, head: &Head<'_>) -> bool {
        head.bytes.starts_with(b"ARROW1")
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let bytes = Bytes::from(content.into_bytes().into_owned());
        let (file, limits) = (asked.file, &asked.options.limits);
        let failed = |error: ArrowError| damaged(file, &error);
        let reader = FileReader::try_new(Cursor::new(bytes.clone()), None).map_err(failed)?;
        let schema = reader.schema();
        let table = Table::new(file, &schema, schema.metadata(), asked.findings);
        let batches = reader.num_batches();
        let mut all = Batches { file: file.clone(), bytes, table, firsts: Vec::new(), count: 0 };
        all.count_rows(batches, limits)?;
        Ok(Box::new(all))
    }
}

/// A file whose batches are known.
#[derive(Debug)]
struct Batches {
    file: Arc<str>,
    bytes: Bytes,
    table: Table,
    /// The number of the first row of each.
    firsts: Vec<u64>,
    count: u64,
}

impl Batches {
    /// Counts the rows before each batch, within the limit on what they may unpack to.
    fn count_rows(&mut self, batches: usize, limits: &Limits) -> Result<()> {
        let size = u64::try_from(self.bytes.len()).unwrap_or(u64::MAX);
        let (limit, mut unpacked) = (limits.unpacked_from(size), 0_u64);
        for at in 0..batches {
            let batch = self.batch(at).map_err(|error| damaged(&self.file, &error))?;
            let rows = batch.as_ref().map_or(0, arrow_array::RecordBatch::num_rows);
            let held = batch.as_ref().map_or(0, arrow_array::RecordBatch::get_array_memory_size);
            self.firsts.push(self.count);
            self.count += u64::try_from(rows).unwrap_or(u64::MAX);
            unpacked = unpacked.saturating_add(u64::try_from(held.max(rows)).unwrap_or(u64::MAX));
            if unpacked > limit {
                let file = &self.file;
                return Err(Error::data(format!(
                    "{file}: Arrow of {size} bytes unpacks to more than {limit} bytes"
                ))
                .with_hint("raise the limit if it is what you expect"));
            }
        }
        Ok(())
    }

    fn batch(
        &self,
        at: usize,
    ) -> std::result::Result<Option<arrow_array::RecordBatch>, ArrowError> {
        let mut reader = FileReader::try_new(Cursor::new(self.bytes.clone()), None)?;
        reader.set_index(at)?;
        reader.next().transpose()
    }
}

impl Dataset for Batches {
    fn description(&self) -> String {
        "Arrow".to_owned()
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
        self.firsts.len()
    }

    fn read(
        &self,
        part: usize,
        begin: Begin,
        _: Geometries,
        told: &mut Told,
        taker: &mut dyn Take,
    ) -> Result<Begin> {
        let Some(first) = self.firsts.get(part) else { return Ok(begin) };
        let failed = |error: ArrowError| damaged(&self.file, &error);
        if let Some(batch) = self.batch(part).map_err(failed)? {
            self.table.take(&batch, *first, told, taker).map_err(failed)?;
        }
        Ok(begin)
    }
}

fn damaged(file: &str, error: &dyn std::fmt::Display) -> Error {
    Error::data(format!("{file}: the Arrow file cannot be read: {error}"))
        .with_hint("the file may be cut short or damaged; fetch it again")
}
