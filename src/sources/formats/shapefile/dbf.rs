//! The attribute table of a shapefile, a dBASE table of fixed-width rows. The crate `dbase` is not used
//! because it reads columns of type F as 32-bit numbers, fails at the first unreadable value, and silently
//! skips deleted rows, after which every shape gets the row of another.

use super::charset::Charset;
use crate::model::Value;
use crate::sources::formats::json_values::number;
use crate::{Code, Error, Result};

/// A table whose header has been read.
#[derive(Debug)]
pub(super) struct Dbf {
    bytes: Vec<u8>,
    /// The offset of the first row, and the length of each row.
    first: usize,
    width: usize,
    /// The number of rows.
    pub rows: usize,
    pub fields: Vec<Field>,
    pub charset: Charset,
    /// Notes for the user.
    pub notes: Vec<String>,
}

/// A column.
#[derive(Debug)]
pub(super) struct Field {
    pub name: String,
    kind: u8,
    decimals: u8,
    /// The offset in a row, and the length.
    at: usize,
    length: usize,
}

/// The state of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowState {
    Valid,
    Deleted,
}

impl Dbf {
    /// Reads the header of a table.
    ///
    /// # Errors
    /// The table is damaged or cut short, or its text is in an unknown encoding.
    pub fn new(
        file: &str,
        bytes: Vec<u8>,
        said: Option<&str>,
        asked: Option<&str>,
    ) -> Result<Self> {
        let damaged = |why: &str| {
            Error::data(Code::FileDamaged, format!("{file}: the .dbf {why}"))
                .with_hint("fetch it again, or remove the .dbf to read the shapes without columns")
        };
        let [first, width] = [8, 10].map(|at| pair(&bytes, at));
        let (Some(first), Some(width), Some(rows)) = (first, width, count(&bytes)) else {
            return Err(damaged("is cut short within its header"));
        };
        if bytes.first().is_some_and(|version| version & 7 == 4) {
            return Err(damaged("is in the form of dBASE 7, which is not read"));
        }
        if first < 33 || width < 1 || first > bytes.len() {
            return Err(damaged("has an impossible header"));
        }
        let mut raw: Vec<Raw> = Vec::new();
        let (mut at, mut from) = (32, 1);
        while at + 32 <= first && bytes.get(at).is_some_and(|byte| *byte != 0x0d) {
            let Some(entry) = bytes.get(at..at + 32) else { break };
            let (name, rest) = entry.split_at(11);
            let name = name.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
            let kind = rest.first().copied().unwrap_or_default();
            let [length, decimals] =
                [5, 6].map(|at: usize| rest.get(at).copied().unwrap_or_default());
            // Texts longer than 255 bytes have the upper byte of their length in the decimals.
            let upper = if kind == b'C' { usize::from(decimals) * 256 } else { 0 };
            let length = usize::from(length) + upper;
            if from + length > width {
                return Err(damaged("has columns that are wider than its rows"));
            }
            raw.push((name, kind, decimals, from, length));
            from += length;
            at += 32;
        }
        let held = (bytes.len() - first) / width;
        if held < rows {
            return Err(damaged(&format!("is cut short: it declares {rows} rows and has {held}")));
        }
        let language = bytes.get(29).copied().unwrap_or_default();
        let mut table = Self {
            bytes,
            first,
            width,
            rows,
            fields: Vec::new(),
            charset: Charset::default(),
            notes: Vec::new(),
        };
        table.choose_charset(file, &raw, Charset::candidates(said, language, asked)?)?;
        for (name, kind, decimals, at, length) in raw {
            let name = table.charset.decode(&name).into_owned();
            table.fields.push(Field { name, kind, decimals, at, length });
        }
        if let Some(field) = table.fields.iter().find(|field| field.kind == b'M') {
            let name = &field.name;
            table
                .notes
                .push(format!("column {name} holds memos, which are in another file and not read"));
        }
        Ok(table)
    }

    /// Chooses the first encoding in which all texts are valid.
    fn choose_charset(&mut self, file: &str, raw: &[Raw], list: Vec<Charset>) -> Result<()> {
        let mut first: Option<(Charset, Error)> = None;
        for charset in list {
            let Some((row, column, bytes)) = self.fault(raw, charset) else {
                if let Some((meant, _)) = first {
                    let (meant, name) = (meant.name(), charset.name());
                    self.notes
                        .push(format!("its texts are not {meant} throughout; read as {name}"));
                }
                self.charset = charset;
                return Ok(());
            };
            let column = String::from_utf8_lossy(column);
            let bad = bytes.iter().find(|byte| !byte.is_ascii()).copied().unwrap_or_default();
            let name = charset.name();
            let at = match row {
                Some(row) => format!("feature {row}: {column}"),
                None => format!("the name of a column of the .dbf, {column}"),
            };
            let error = Error::data(
                Code::TextUndecodable,
                format!("{file}: {at}: holds byte 0x{bad:02X}, which is not {name}"),
            )
            .with_hint("if it is Western European text: ⟦encoding=windows-1252⟧");
            first.get_or_insert((charset, error));
        }
        first.map_or(Ok(()), |(_, error)| Err(error))
    }

    /// The first text that is invalid in an encoding: its row, or `None` for a column name, and its
    /// column.
    fn fault<'t>(
        &'t self,
        raw: &'t [Raw],
        charset: Charset,
    ) -> Option<(Option<usize>, &'t [u8], &'t [u8])> {
        if let Some((name, ..)) = raw.iter().find(|(name, ..)| !charset.fits(name)) {
            return Some((None, name, name));
        }
        let texts: Vec<&Raw> = raw.iter().filter(|(_, kind, ..)| *kind == b'C').collect();
        (0..self.rows).find_map(|row| {
            let bytes = self.row(row)?;
            texts.iter().find_map(|(name, _, _, at, length)| {
                let text = trimmed(bytes.get(*at..at + length)?);
                (!charset.fits(text)).then_some((Some(row), name.as_slice(), text))
            })
        })
    }

    fn row(&self, row: usize) -> Option<&[u8]> {
        let begin = self.first.checked_add(row.checked_mul(self.width)?)?;
        self.bytes.get(begin..begin.checked_add(self.width)?)
    }

    /// Returns the state of a row, e.g. marked as deleted.
    pub fn standing(&self, row: usize) -> RowState {
        match self.row(row).and_then(|bytes| bytes.first()) {
            Some(b'*') => RowState::Deleted,
            _ => RowState::Valid,
        }
    }

    /// The values of a row, one for each column.
    pub fn values(&self, row: usize) -> impl Iterator<Item = Value> {
        let bytes = self.row(row).unwrap_or_default();
        self.fields.iter().map(move |field| {
            let bytes = bytes.get(field.at..field.at + field.length).unwrap_or_default();
            self.value(field, bytes)
        })
    }

    fn value(&self, field: &Field, bytes: &[u8]) -> Value {
        let text = || trimmed(bytes);
        let written = || match self.charset.decode(text()) {
            text if text.is_empty() => Value::Missing,
            text => Value::Text(text.into_owned()),
        };
        let finite =
            |number: f64| if number.is_finite() { Value::Number(number) } else { Value::Missing };
        match (field.kind, field.length) {
            (b'N' | b'F', _) => read_number(text()).unwrap_or_else(written),
            (b'D', 8) => read_date(text()).unwrap_or_else(written),
            (b'L', _) => match bytes.first() {
                Some(b'T' | b't' | b'Y' | b'y') => Value::Bool(true),
                Some(b'F' | b'f' | b'N' | b'n') => Value::Bool(false),
                _ => Value::Missing,
            },
            (b'I' | b'+', 4) => bytes.try_into().map_or(Value::Missing, |bytes| {
                Value::Number(f64::from(i32::from_le_bytes(bytes)))
            }),
            // Columns of kind B have decimals if they are numbers, and none if they are memo blocks.
            (b'B' | b'O', 8) if field.decimals > 0 || field.kind == b'O' => {
                bytes.try_into().map_or(Value::Missing, |bytes| finite(f64::from_le_bytes(bytes)))
            }
            (b'M' | b'G' | b'P' | b'B' | b'0', _) => Value::Missing,
            _ => written(),
        }
    }
}

/// A column before its name is decoded: name, kind, decimals, offset in a row, length.
type Raw = (Vec<u8>, u8, u8, usize, usize);

/// A text without the padding of its column.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |at| at + 1);
    bytes.get(..end).unwrap_or_default()
}

/// Parses a number as written; asterisks mark a number that did not fit.
fn read_number(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\0']);
    if text.is_empty() || text.bytes().all(|byte| byte == b'*') {
        return Some(Value::Missing);
    }
    let parsed = text.parse::<f64>().ok()?;
    if !parsed.is_finite() {
        return None;
    }
    let whole = text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit());
    if whole { number(text) } else { Some(Value::Number(parsed)) }
}

/// Parses a date of eight digits.
fn read_date(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\0']);
    if text.is_empty() || text.bytes().all(|byte| byte == b'0') {
        return Some(Value::Missing);
    }
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (year, month, day) = (text.get(..4)?, text.get(4..6)?, text.get(6..)?);
    digits.then(|| Value::Text(format!("{year}-{month}-{day}")))
}

/// Reads a two-byte number.
fn pair(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(bytes)))
}

/// Reads the number of rows.
fn count(bytes: &[u8]) -> Option<usize> {
    let bytes = bytes.get(4..8)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(bytes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_by_the_kind_of_their_column() {
        assert_eq!(read_number(b"  12.50"), Some(Value::Number(12.5)));
        assert_eq!(read_number(b"-3"), Some(Value::Number(-3.0)));
        assert_eq!(read_number(b"007"), Some(Value::Number(7.0)));
        let long = "12345678901234567890";
        assert_eq!(read_number(long.as_bytes()), Some(Value::Exact(long.to_owned())));
        assert_eq!(read_number(b"****"), Some(Value::Missing));
        assert_eq!(read_number(b"1,5"), None);
        assert_eq!(read_date(b"20240305"), Some(Value::Text("2024-03-05".into())));
        assert_eq!(read_date(b"00000000"), Some(Value::Missing));
        assert_eq!(read_date(b"2024-3-5"), None);
    }
}
