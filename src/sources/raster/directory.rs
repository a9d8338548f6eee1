//! The first directory of a TIFF: its fields, each checked against the size of the file before it is read (TIFF 6.0,
//! Adobe 1992, section 2; BigTIFF, Aware Systems 2007).

use crate::sources::bytes::stored::Stored;
use crate::{Code, Error, Result};
use std::collections::BTreeMap;

/// Most fields of a directory; usual ones have 10 to 30.
const MOST_FIELDS: u64 = 4096;

/// Most bytes of the values of a field: offsets of four million chunks.
const MOST_BYTES: u64 = 1 << 25;

/// The order of the bytes of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl Order {
    /// The bytes of a number, in this order.
    pub fn bytes<const N: usize>(self, mut little: [u8; N]) -> [u8; N] {
        if self == Self::Big {
            little.reverse();
        }
        little
    }

    /// An unsigned number of up to eight bytes.
    fn whole(self, bytes: &[u8]) -> u64 {
        let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        match self {
            Self::Little => bytes.iter().rev().fold(0, add),
            Self::Big => bytes.iter().fold(0, add),
        }
    }
}

/// A field: its type, the number of its values, and where they are.
#[derive(Debug, Clone)]
struct Field {
    kind: u16,
    count: u64,
    /// The bytes of the field itself, which hold the values if they fit, or else their offset.
    own: Vec<u8>,
}

/// The fields of a directory, by tag.
#[derive(Debug)]
pub(super) struct Directory<'s> {
    stored: &'s Stored,
    file: &'s str,
    pub order: Order,
    pub is_big: bool,
    fields: BTreeMap<u16, Field>,
}

/// Whether bytes begin like a TIFF or a BigTIFF.
pub(super) fn begins(head: &[u8]) -> bool {
    [&b"II*\0"[..], b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| head.starts_with(magic))
}

impl<'s> Directory<'s> {
    /// Reads the first directory.
    ///
    /// # Errors
    /// The file is no TIFF, or cut short or damaged.
    pub fn read(stored: &'s Stored, file: &'s str) -> Result<Self> {
        let damaged = |why: &str| Error::data(Code::FileDamaged, format!("{file}: {why}"));
        let mut head = [0; 16];
        let most = usize::try_from(stored.length().min(16)).unwrap_or(0);
        stored.read_at(0, head.get_mut(..most).unwrap_or_default())?;
        if !begins(&head) {
            return Err(Error::data(
                Code::FormatUnsupported,
                format!("{file}: is no TIFF; rasters are read from GeoTIFF"),
            )
            .with_hint(
                "convert it: gdal_translate -co COMPRESS=DEFLATE -co TILED=YES IN OUT.tif",
            ));
        }
        let order = if head.starts_with(b"II") { Order::Little } else { Order::Big };
        let part = |from: usize, to: usize| order.whole(head.get(from..to).unwrap_or_default());
        let is_big = part(2, 4) == 43;
        if is_big && (part(4, 6) != 8 || part(6, 8) != 0) {
            return Err(damaged("its header is not that of a BigTIFF"));
        }
        let at = if is_big { part(8, 16) } else { part(4, 8) };
        let (width_of_count, width_of_field) = if is_big { (8, 20) } else { (2, 12) };
        let cut = || damaged(&format!("it ends within the directory at byte {at}"));
        let end = |length: u64| at.checked_add(length).filter(|end| *end <= stored.length());
        end(width_of_count).ok_or_else(cut)?;
        let mut count = vec![0; usize::try_from(width_of_count).unwrap_or(0)];
        stored.read_at(at, &mut count)?;
        let count = order.whole(&count);
        if count == 0 || count > MOST_FIELDS {
            return Err(damaged(&format!("the directory at byte {at} has {count} fields")));
        }
        let length = count * width_of_field;
        end(width_of_count + length).ok_or_else(cut)?;
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        stored.read_at(at + width_of_count, &mut bytes)?;
        let mut fields = BTreeMap::new();
        for entry in bytes.chunks(usize::try_from(width_of_field).unwrap_or(12)) {
            let part =
                |from: usize, to: usize| order.whole(entry.get(from..to).unwrap_or_default());
            let own_at = if is_big { 12 } else { 8 };
            let [tag, kind] = [part(0, 2), part(2, 4)].map(|n| u16::try_from(n).unwrap_or(0));
            let own = entry.get(own_at..).unwrap_or_default().to_vec();
            let field = Field { kind, count: part(4, own_at), own };
            if fields.insert(tag, field).is_some() {
                return Err(damaged(&format!("the directory at byte {at} has tag {tag} twice")));
            }
        }
        Ok(Self { stored, file, order, is_big, fields })
    }

    /// Whether there is a field.
    pub fn has(&self, tag: u16) -> bool {
        self.fields.contains_key(&tag)
    }

    /// An error about the file.
    pub fn damaged(&self, why: &str) -> Error {
        Error::data(Code::FileDamaged, format!("{}: {why}", self.file))
    }

    /// The bytes of a field's values, and the width of each.
    fn bytes(&self, tag: u16) -> Result<Option<(u16, usize, Vec<u8>)>> {
        let Some(Field { kind, count, own }) = self.fields.get(&tag) else { return Ok(None) };
        let width: u64 = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16 | 17 | 18 => 8,
            _ => {
                return Err(
                    self.damaged(&format!("tag {tag} has values of an unknown type, {kind}"))
                );
            }
        };
        let length = width.checked_mul(*count).filter(|length| *length <= MOST_BYTES);
        let length = length
            .ok_or_else(|| self.damaged(&format!("tag {tag} has {count} values, too many")))?;
        let size = usize::try_from(length).unwrap_or(usize::MAX);
        let width = usize::try_from(width).unwrap_or(1);
        if let Some(held) = own.get(..size) {
            return Ok(Some((*kind, width, held.to_vec())));
        }
        let offset = self.order.whole(own);
        if offset.checked_add(length).is_none_or(|end| end > self.stored.length()) {
            return Err(self.damaged(&format!("it ends before the values of tag {tag}")));
        }
        let mut bytes = vec![0; size];
        self.stored.read_at(offset, &mut bytes)?;
        Ok(Some((*kind, width, bytes)))
    }

    /// The values of a field that holds whole numbers; empty if there is no such field.
    ///
    /// # Errors
    /// The values lie past the end of the file or are no whole numbers.
    pub fn wholes(&self, tag: u16) -> Result<Vec<u64>> {
        let Some((kind, width, bytes)) = self.bytes(tag)? else { return Ok(Vec::new()) };
        if !matches!(kind, 1 | 3 | 4 | 13 | 16 | 18) {
            return Err(self.damaged(&format!("tag {tag} does not hold whole numbers")));
        }
        Ok(bytes.chunks(width).map(|bytes| self.order.whole(bytes)).collect())
    }

    /// The single value of a field of a whole number.
    ///
    /// # Errors
    /// As [`Self::wholes`], or there are several.
    pub fn whole(&self, tag: u16) -> Result<Option<u64>> {
        match self.wholes(tag)?.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            many => Err(self.damaged(&format!("tag {tag} has {} values", many.len()))),
        }
    }

    /// The values of a field of doubles; empty if there is no such field.
    ///
    /// # Errors
    /// As [`Self::wholes`].
    pub fn doubles(&self, tag: u16) -> Result<Vec<f64>> {
        match self.bytes(tag)? {
            None => Ok(Vec::new()),
            Some((12, width, bytes)) => {
                let double = |bytes: &[u8]| f64::from_bits(self.order.whole(bytes));
                Ok(bytes.chunks(width).map(double).collect())
            }
            Some(_) => Err(self.damaged(&format!("tag {tag} does not hold doubles"))),
        }
    }

    /// The text of a field, up to its first zero byte.
    ///
    /// # Errors
    /// As [`Self::wholes`].
    pub fn text(&self, tag: u16) -> Result<Option<String>> {
        let Some((_, _, bytes)) = self.bytes(tag)? else { return Ok(None) };
        let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        Ok(Some(String::from_utf8_lossy(text).into_owned()))
    }
}
