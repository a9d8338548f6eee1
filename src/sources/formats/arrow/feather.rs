//! Arrow files: each batch of Feather 2 is a part, and streams are held in memory.

use super::stream::{self, Stream, is_stream};
use super::{Held, Table, guarded};
use crate::model::{Finding, Place, Verdict};
use crate::sources::bytes::open::Limits;
use crate::sources::formats::parts::{Begin, PartReport, Take};
use crate::sources::formats::{Asked, Content, Dataset, DeclaredCrs, Driver, Head};
use crate::sources::options::Format;
use crate::{Code, Error, Result};
use arrow_ipc::reader::FileReader;
use arrow_schema::ArrowError;
use bytes::Bytes;
use std::io::Cursor;
use std::sync::Arc;

/// Arrow files.
pub(crate) struct Feather;

/// The first bytes of a file with a footer.
const MAGIC: &[u8] = b"ARROW1";

impl Driver for Feather {
    fn format(&self) -> Format {
        Format::Arrow
    }

    fn is(&self, head: &Head<'_>) -> bool {
        head.bytes.starts_with(MAGIC) || is_stream(head.bytes)
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let bytes = Bytes::from(content.into_bytes().into_owned());
        let (file, limits) = (asked.file, &asked.options.limits);
        let failed = |error: ArrowError| damaged(file, &error);
        let limit = limits.unpacked_from(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if !bytes.starts_with(MAGIC) {
            let Stream { schema, batches, is_ended } =
                stream::read(&bytes, limit).map_err(failed)?;
            if !is_ended {
                asked.findings.push(unended(file));
            }
            let held = Held::new(file, "Arrow stream", &schema, &batches, asked.findings)?;
            return Ok(Box::new(held));
        }
        if !is_sound(&bytes, limit) {
            return Err(damaged(file, &"a batch lies outside of it"));
        }
        let open = || FileReader::try_new(Cursor::new(bytes.clone()), None);
        let reader = guarded(open).and_then(|reader| reader).map_err(failed)?;
        let schema = reader.schema();
        let table = Table::new(file, &schema, schema.metadata(), &[], asked.findings);
        let batches = reader.num_batches();
        let mut all = Batches { file: file.clone(), bytes, table, firsts: Vec::new(), count: 0 };
        all.count_rows(batches, limits)?;
        Ok(Box::new(all))
    }
}

/// A file whose batches have been located.
#[derive(Debug)]
struct Batches {
    file: Arc<str>,
    bytes: Bytes,
    table: Table,
    /// The number of the first row of each batch.
    firsts: Vec<u64>,
    count: u64,
}

impl Batches {
    /// Counts the rows before each batch, within the limit on unpacked bytes, and settles the reference system.
    fn count_rows(&mut self, batches: usize, limits: &Limits) -> Result<()> {
        let size = u64::try_from(self.bytes.len()).unwrap_or(u64::MAX);
        let (limit, mut unpacked) = (limits.unpacked_from(size), 0_u64);
        for at in 0..batches {
            let batch = self.batch(at).map_err(|error| damaged(&self.file, &error))?;
            if let Some(batch) = &batch {
                let seen = guarded(|| self.table.see(batch)).and_then(|seen| seen);
                seen.map_err(|error| damaged(&self.file, &error))?;
            }
            let rows = batch.as_ref().map_or(0, arrow_array::RecordBatch::num_rows);
            let held = batch.as_ref().map_or(0, arrow_array::RecordBatch::get_array_memory_size);
            self.firsts.push(self.count);
            self.count += u64::try_from(rows).unwrap_or(u64::MAX);
            unpacked = unpacked.saturating_add(u64::try_from(held.max(rows)).unwrap_or(u64::MAX));
            if unpacked > limit {
                let file = &self.file;
                return Err(Error::data(
                    Code::FileTooLarge,
                    format!("{file}: Arrow of {size} bytes unpacks to more than {limit} bytes"),
                )
                .with_hint("raise the limit if it is what you expect"));
            }
        }
        self.table.settle(&self.file)
    }

    fn batch(
        &self,
        at: usize,
    ) -> std::result::Result<Option<arrow_array::RecordBatch>, ArrowError> {
        guarded(|| {
            let mut reader = FileReader::try_new(Cursor::new(self.bytes.clone()), None)?;
            reader.set_index(at)?;
            reader.next().transpose()
        })?
    }
}

/// Whether all batches lie within the file, and none declares an unpacked size above the limit: the reader
/// trusts the declared sizes.
fn is_sound(bytes: &[u8], limit: u64) -> bool {
    /// The size of the footer length and the magic bytes after it.
    const TAIL: usize = 10;
    let footer = || {
        let end = bytes.len().checked_sub(TAIL)?;
        let length = bytes.get(end..)?.first_chunk::<4>()?;
        let length = usize::try_from(i32::from_le_bytes(*length)).ok()?;
        arrow_ipc::root_as_footer(bytes.get(end.checked_sub(length)?..end)?).ok()
    };
    let Some(footer) = footer() else { return false };
    let blocks = footer.recordBatches().into_iter().flatten();
    blocks.chain(footer.dictionaries().into_iter().flatten()).all(|block| {
        let number = |number: i64| usize::try_from(number).ok();
        let held = || {
            let at = number(block.offset())?;
            let head = number(i64::from(block.metaDataLength()))?;
            let begin = at.checked_add(head)?;
            let body = bytes.get(begin..begin.checked_add(number(block.bodyLength())?)?)?;
            let message = bytes.get(at..begin)?;
            let message = message.strip_prefix(&[0xff; 4]).unwrap_or(message);
            let message = arrow_ipc::root_as_message(message.get(4..)?).ok()?;
            holds(&message, body, limit)
        };
        held().is_some()
    })
}

/// Whether the buffers of a batch or a dictionary lie within its body, and declare no more than the limit of unpacked
/// bytes.
pub(super) fn holds(message: &arrow_ipc::Message<'_>, body: &[u8], limit: u64) -> Option<()> {
    let number = |number: i64| usize::try_from(number).ok();
    let batch = message
        .header_as_record_batch()
        .or_else(|| message.header_as_dictionary_batch()?.data())?;
    let mut unpacked = 0_u64;
    for buffer in batch.buffers().into_iter().flatten() {
        let from = number(buffer.offset())?;
        let buffer = body.get(from..from.checked_add(number(buffer.length())?)?)?;
        if let (Some(_), Some(length)) = (batch.compression(), buffer.first_chunk::<8>()) {
            // -1 means that the buffer is not packed.
            let length = i64::from_le_bytes(*length).max(0);
            unpacked = unpacked.saturating_add(u64::try_from(length).ok()?);
        }
    }
    (unpacked <= limit).then_some(())
}

/// The finding on a stream without its end mark.
fn unended(file: &Arc<str>) -> Finding {
    Finding {
        code: Code::FileDoubtful,
        file: file.clone(),
        place: Place::File,
        id: None,
        field: None,
        value: None,
        why: "the stream has no end mark; it may have been cut short between two batches"
            .to_owned(),
        verdict: Verdict::Noted,
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
        told: &mut PartReport,
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
    Error::data(Code::FileDamaged, format!("{file}: the Arrow file cannot be read: {error}"))
        .with_hint("the file may be cut short or damaged; fetch it again")
}
