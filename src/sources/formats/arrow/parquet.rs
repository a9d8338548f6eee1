//! Parquet: parts are ranges of its row groups.

use super::{BATCH_ROWS, PART_ROWS, Table, guarded};
use crate::model::Finding;
use crate::sources::bytes::open::Limits;
use crate::sources::formats::parts::{Begin, Next, PartReport, Take};
use crate::sources::formats::{Asked, Content, Dataset, DeclaredCrs, Driver, Head};
use crate::sources::options::Format;
use crate::{Code, Error, Result};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::LogicalType;
use std::collections::HashMap;
use std::sync::Arc;

/// Parquet files.
pub(crate) struct Parquet;

impl Driver for Parquet {
    fn format(&self) -> Format {
        Format::Parquet
    }

    fn is(&self, head: &Head<'_>) -> bool {
        head.bytes.starts_with(b"PAR1")
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let bytes = Bytes::from(content.into_bytes().into_owned());
        Ok(Box::new(Groups::new(asked.file, bytes, &asked.options.limits, asked.findings)?))
    }
}

/// A file whose row groups have been located.
#[derive(Debug)]
struct Groups {
    file: Arc<str>,
    bytes: Bytes,
    metadata: ArrowReaderMetadata,
    table: Table,
    count: u64,
    parts: Vec<Part>,
}

/// A range of a row group.
#[derive(Debug)]
struct Part {
    group: usize,
    /// The number of rows of the group before the part.
    skipped: u64,
    /// The number of its first row in the file.
    first: u64,
    rows: u64,
}

impl Groups {
    /// Reads the metadata of the file.
    ///
    /// # Errors
    /// The file is damaged, or unpacks to more than the limit.
    fn new(
        file: &Arc<str>,
        bytes: Bytes,
        limits: &Limits,
        findings: &mut Vec<Finding>,
    ) -> Result<Self> {
        let load = || ArrowReaderMetadata::load(&bytes, ArrowReaderOptions::new());
        let metadata = guarded(load)
            .map_err(|error| damaged(file, &error))?
            .map_err(|error| damaged(file, &error))?;
        let of_file = metadata.metadata();
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let limit = limits.unpacked_from(size);
        let (mut unpacked, mut count, mut parts) = (0_u64, 0_u64, Vec::new());
        for (group, said) in of_file.row_groups().iter().enumerate() {
            let number = |number: i64| u64::try_from(number).map_err(|_| negative(file));
            let (rows, held) = (number(said.num_rows())?, number(said.total_byte_size())?);
            // A row of size zero counts as one byte.
            unpacked = unpacked.saturating_add(held.max(rows));
            if unpacked > limit {
                return Err(Error::data(
                    Code::FileTooLarge,
                    format!("{file}: Parquet of {size} bytes unpacks to more than {limit} bytes"),
                )
                .with_hint("raise the limit if it is what you expect"));
            }
            let mut skipped = 0;
            while skipped < rows {
                let rows = PART_ROWS.min(rows - skipped);
                parts.push(Part { group, skipped, first: count + skipped, rows });
                skipped += rows;
            }
            count += rows;
        }
        let said: HashMap<String, String> = of_file
            .file_metadata()
            .key_value_metadata()
            .into_iter()
            .flatten()
            .filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?)))
            .collect();
        let native = geometries(&metadata);
        let table = Table::new(file, metadata.schema(), &said, &native, findings);
        let mut groups = Self { file: file.clone(), bytes, metadata, table, count, parts };
        groups.see().map_err(|error| damaged(file, &error))?;
        groups.table.settle(file)?;
        Ok(groups)
    }

    /// Sees the reference systems of geometries that name theirs one by one.
    fn see(&mut self) -> parquet::errors::Result<()> {
        let Some(at) = self.table.with_srid() else { return Ok(()) };
        let (bytes, metadata) = (self.bytes.clone(), self.metadata.clone());
        let only = ProjectionMask::roots(metadata.parquet_schema(), [at]);
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata);
        let mut reader = builder.with_projection(only).with_batch_size(BATCH_ROWS).build()?;
        while let Some(batch) = guarded(|| reader.next())? {
            self.table.srids.see(batch?.column(0))?;
        }
        Ok(())
    }

    fn read_part(
        &self,
        part: &Part,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> parquet::errors::Result<()> {
        let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let mut reader = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.bytes.clone(),
            self.metadata.clone(),
        )
        .with_row_groups(vec![part.group])
        .with_batch_size(BATCH_ROWS)
        .with_offset(whole(part.skipped))
        .with_limit(whole(part.rows))
        .build()?;
        let mut number = part.first;
        while let Some(batch) = guarded(|| reader.next())? {
            let batch = batch?;
            if self.table.take(&batch, number, told, taker)? == Next::Stop {
                return Ok(());
            }
            number += u64::try_from(batch.num_rows()).unwrap_or(0);
        }
        if number - part.first == part.rows {
            return Ok(());
        }
        let why = format!("{} rows of {} are there", number - part.first, part.rows);
        Err(parquet::errors::ParquetError::General(why))
    }
}

/// The columns of Parquet's own geometry types, with the CRS that each names.
fn geometries(metadata: &ArrowReaderMetadata) -> Vec<(usize, Option<String>)> {
    let root = metadata.parquet_schema().root_schema();
    let crs = |of: &parquet::schema::types::TypePtr| {
        Some(match of.get_basic_info().logical_type_ref()? {
            LogicalType::Geometry(of) => of.crs.clone(),
            LogicalType::Geography(of) => of.crs.clone(),
            _ => return None,
        })
    };
    let all = root.get_fields().iter().enumerate();
    all.filter_map(|(at, of)| Some((at, crs(of)?))).collect()
}

impl Dataset for Groups {
    fn description(&self) -> String {
        if self.table.geometry.is_some() { "GeoParquet" } else { "Parquet" }.to_owned()
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
        self.read_part(part, told, taker).map_err(|error| damaged(&self.file, &error))?;
        Ok(begin)
    }
}

fn damaged(file: &str, error: &dyn std::fmt::Display) -> Error {
    Error::data(Code::FileDamaged, format!("{file}: the Parquet file cannot be read: {error}"))
        .with_hint("the file may be cut short or damaged; fetch it again")
}

fn negative(file: &str) -> Error {
    damaged(file, &"a group has a negative number of rows")
}
