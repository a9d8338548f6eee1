//! Arrow IPC streams, such as programs send to each other: the batches one after another, without a footer. All are
//! held in memory.

use super::feather::holds;
use super::guarded;
use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_schema::{ArrowError, SchemaRef};
use std::io::Cursor;

/// The mark before each message.
const MARK: [u8; 4] = [0xff; 4];

/// A stream that was read.
pub(super) struct Stream {
    pub schema: SchemaRef,
    pub batches: Vec<RecordBatch>,
    /// Whether it has its end mark, without which it may have been cut short between two batches.
    pub is_ended: bool,
}

/// Whether bytes begin with the message of a schema.
pub(super) fn is_stream(bytes: &[u8]) -> bool {
    let message = || {
        let (length, rest) = bytes.strip_prefix(&MARK)?.split_first_chunk::<4>()?;
        let length = usize::try_from(i32::from_le_bytes(*length)).ok()?;
        // Of a long schema only the first bytes are there, whose beginning cannot be verified alone.
        let Some(message) = rest.get(..length) else { return (length > 0).then_some(()) };
        arrow_ipc::root_as_message(message).ok()?.header_as_schema().map(|_| ())
    };
    message().is_some()
}

/// Reads a stream, of which no batch may declare more than a limit of unpacked bytes.
///
/// # Errors
/// It is damaged or cut short, or holds more than the limit.
pub(super) fn read(bytes: &[u8], limit: u64) -> Result<Stream, ArrowError> {
    let damaged = |why: &str| ArrowError::ParseError(why.to_owned());
    let Some(is_ended) = is_sound(bytes, limit) else {
        return Err(damaged("a message lies outside of it"));
    };
    guarded(|| {
        let reader = StreamReader::try_new(Cursor::new(bytes), None)?;
        let schema = reader.schema();
        let (mut batches, mut unpacked) = (Vec::new(), 0_u64);
        for batch in reader {
            let batch = batch?;
            let held = batch.get_array_memory_size().max(batch.num_rows());
            unpacked = unpacked.saturating_add(u64::try_from(held).unwrap_or(u64::MAX));
            if unpacked > limit {
                return Err(ArrowError::MemoryError(format!("it unpacks to over {limit} bytes")));
            }
            batches.push(batch);
        }
        Ok(Stream { schema, batches, is_ended })
    })?
}

/// Whether a stream has its end mark; `None` if a message lies outside of it, or declares more than the limit of
/// unpacked bytes: the reader trusts both.
fn is_sound(bytes: &[u8], limit: u64) -> Option<bool> {
    let mut rest = bytes;
    loop {
        if rest.is_empty() {
            return Some(false);
        }
        let (length, after) = rest.strip_prefix(&MARK)?.split_first_chunk::<4>()?;
        let length = usize::try_from(i32::from_le_bytes(*length)).ok()?;
        if length == 0 {
            return Some(true);
        }
        let (head, after) = after.split_at_checked(length)?;
        let message = arrow_ipc::root_as_message(head).ok()?;
        let (body, after) = after.split_at_checked(usize::try_from(message.bodyLength()).ok()?)?;
        if message.header_as_schema().is_none() {
            holds(&message, body, limit)?;
        }
        rest = after;
    }
}
