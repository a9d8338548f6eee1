//! Decodes single chunks. Each is handed to the decoder as a TIFF of its own, with a directory made here from checked
//! numbers, so that the decoder never sees what a file says of itself.

use super::layout::{Layout, MOST_BYTES, Type};
use crate::float;
use crate::sources::bytes::stored::Stored;
use crate::{Code, Error, Result};
use std::io::Cursor;
use tiff::decoder::{Decoder, DecodingResult, Limits};

/// The values of the first band of a chunk, row by row, as stored.
#[derive(Debug)]
pub(super) enum Chunk {
    /// A chunk that the file leaves out.
    Absent,
    /// A chunk with values.
    Values(DecodingResult),
}

/// Number of values of a cell side by side, as an index step.
fn step(layout: &Layout) -> usize {
    usize::from(layout.together.max(1))
}

impl Chunk {
    /// Reads and decodes a chunk.
    ///
    /// # Errors
    /// The chunk is damaged, or the file can no longer be read.
    pub fn read(stored: &Stored, layout: &Layout, number: u32, file: &str) -> Result<Self> {
        let place = usize::try_from(number).ok().and_then(|number| layout.places.get(number));
        let Some(&(offset, length)) = place.filter(|(_, length)| *length > 0) else {
            return Ok(Self::Absent);
        };
        let damaged = |why: String| {
            Error::data(
                Code::FileDamaged,
                format!("{file}: chunk {number} at byte {offset} cannot be decoded: {why}"),
            )
            .with_hint("the file is damaged; fetch it again")
        };
        let mut bytes = head(layout, number, length);
        let begin = bytes.len();
        bytes.resize(begin + usize::try_from(length).unwrap_or(0), 0);
        stored.read_at(offset, bytes.get_mut(begin..).unwrap_or_default())?;
        let mut limits = Limits::default();
        let most = usize::try_from(MOST_BYTES).unwrap_or(usize::MAX);
        (limits.decoding_buffer_size, limits.intermediate_buffer_size) = (most, most);
        let decoded = Decoder::new(Cursor::new(bytes))
            .and_then(|decoder| decoder.with_limits(limits).read_chunk(0))
            .map_err(|error| damaged(error.to_string()))?;
        let [width, height] = layout.size_of(number);
        let expected = u64::from(width) * u64::from(height) * u64::from(layout.together);
        if u64::try_from(count(&decoded)) != Ok(expected) {
            return Err(damaged(format!("it holds {} values, not {expected}", count(&decoded))));
        }
        Ok(Self::Values(first_band(decoded, step(layout))))
    }

    /// The bytes in memory, with what the cache needs for it.
    pub fn bytes(&self, layout: &Layout) -> usize {
        const KEPT: usize = 128;
        match self {
            Self::Absent => KEPT,
            Self::Values(values) => KEPT + count(values) * usize::from(layout.bits / 8),
        }
    }

    /// Writes the stored values from an index on into a row; an absent one is `absent`.
    pub fn copy(&self, from: usize, absent: f64, into: &mut [f64]) {
        macro_rules! copied {
            ($list:expr, $number:expr) => {
                for (place, value) in into.iter_mut().zip($list.iter().skip(from)) {
                    *place = $number(*value);
                }
            };
        }
        let values = match self {
            Self::Absent => return into.fill(absent),
            Self::Values(values) => values,
        };
        match values {
            DecodingResult::U8(list) => copied!(list, f64::from),
            DecodingResult::U16(list) => copied!(list, f64::from),
            DecodingResult::U32(list) => copied!(list, f64::from),
            DecodingResult::U64(list) => copied!(list, float::of_whole),
            DecodingResult::I8(list) => copied!(list, f64::from),
            DecodingResult::I16(list) => copied!(list, f64::from),
            DecodingResult::I32(list) => copied!(list, f64::from),
            DecodingResult::I64(list) => copied!(list, signed),
            DecodingResult::F16(list) => copied!(list, f64::from),
            DecodingResult::F32(list) => copied!(list, f64::from),
            DecodingResult::F64(list) => copied!(list, f64::from),
        }
    }
}

/// A signed number as the nearest float, or one beside it.
fn signed(number: i64) -> f64 {
    let size = float::of_whole(number.unsigned_abs());
    if number < 0 { -size } else { size }
}

/// Applies the same to the list of values, of whatever type.
macro_rules! each_type {
    ($values:expr, $list:ident => $what:expr) => {
        match $values {
            DecodingResult::U8($list) => $what,
            DecodingResult::U16($list) => $what,
            DecodingResult::U32($list) => $what,
            DecodingResult::U64($list) => $what,
            DecodingResult::I8($list) => $what,
            DecodingResult::I16($list) => $what,
            DecodingResult::I32($list) => $what,
            DecodingResult::I64($list) => $what,
            DecodingResult::F16($list) => $what,
            DecodingResult::F32($list) => $what,
            DecodingResult::F64($list) => $what,
        }
    };
}

fn count(values: &DecodingResult) -> usize {
    each_type!(values, list => list.len())
}

/// Keeps the first of the values of each cell.
fn first_band(mut values: DecodingResult, step: usize) -> DecodingResult {
    fn thin<T: Copy>(list: &mut Vec<T>, step: usize) {
        *list = list.iter().step_by(step).copied().collect();
    }
    if step > 1 {
        each_type!(&mut values, list => thin(list, step));
    }
    values
}

/// A TIFF of one strip, up to where its data begins.
fn head(layout: &Layout, number: u32, length: u64) -> Vec<u8> {
    const FIELDS: u32 = 12;
    const DATA: u32 = 8 + 2 + 12 * FIELDS + 4;
    let [width, height] = layout.size_of(number);
    let format = match layout.kind {
        Type::Unsigned => 1,
        Type::Signed => 2,
        Type::Float => 3,
    };
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    // Tag, whether the value is a long instead of a short, value.
    let fields: [(u16, bool, u32); 12] = [
        (256, true, width),
        (257, true, height),
        (258, false, u32::from(layout.bits)),
        (259, false, u32::from(layout.compression)),
        // The smallest values are black: no other meaning would leave them as they are.
        (262, false, 1),
        (273, true, DATA),
        (277, false, u32::from(layout.together)),
        (278, true, height),
        (279, true, length),
        (284, false, 1),
        (317, false, u32::from(layout.predictor)),
        (339, false, format),
    ];
    let order = layout.order;
    let short = |number: u32| order.bytes(u16::try_from(number).unwrap_or(0).to_le_bytes());
    let long = |number: u32| order.bytes(number.to_le_bytes());
    let mut bytes = Vec::new();
    bytes.extend(if order.bytes([1, 0]) == [1, 0] { *b"II" } else { *b"MM" });
    bytes.extend(short(42));
    bytes.extend(long(8));
    bytes.extend(short(FIELDS));
    for (tag, is_long, value) in fields {
        bytes.extend(short(u32::from(tag)));
        bytes.extend(short(if is_long { 4 } else { 3 }));
        bytes.extend(long(1));
        if is_long {
            bytes.extend(long(value));
        } else {
            bytes.extend(short(value));
            bytes.extend([0, 0]);
        }
    }
    bytes.extend(long(0));
    bytes
}
