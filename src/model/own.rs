//! The source's own columns of incidents, packed: the records of a part of a file share a page that stores
//! each distinct text once, since most texts repeat across incidents.

use super::Value;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::fmt;
use std::hash::BuildHasher;
use std::sync::Arc;

/// Known descriptive columns of an incident that play no part in scores: claims of the source, passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Who took part.
    Actors,
    /// The name of the place.
    Location,
    /// Who reported it.
    Source,
    /// Link to the report.
    Link,
}

impl Said {
    /// All of them, in the order of a page.
    pub const ALL: [Self; 4] = [Self::Actors, Self::Location, Self::Source, Self::Link];
}

/// The kept source columns of an incident; empty unless an output needs them.
#[derive(Clone, Default)]
pub struct Own {
    page: Option<Arc<Page>>,
    row: u32,
}

impl Own {
    /// A row of a page that is still being written.
    pub fn of_row(row: u32) -> Self {
        Self { page: None, row }
    }

    /// Attaches the finished page, or detaches the row if nothing is kept.
    pub fn on(&mut self, page: Option<&Arc<Page>>) {
        self.page = page.cloned();
    }

    /// The source's value of a descriptive column.
    pub fn said(&self, said: Said) -> Option<&str> {
        let (page, cells) = self.cells()?;
        match page.value(*cells.get(said as usize)?) {
            OwnValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The columns known when the record was read, with their values.
    pub fn columns(&self) -> impl Iterator<Item = (&Arc<str>, OwnValue<'_>)> {
        let cells = self.cells().into_iter();
        cells.flat_map(|(page, cells)| {
            let cells = cells.iter().skip(Said::ALL.len());
            page.names.iter().zip(cells.map(|cell| page.value(*cell)))
        })
    }

    /// The column at an index, with its value.
    pub fn column(&self, at: usize) -> Option<(&Arc<str>, OwnValue<'_>)> {
        let (page, cells) = self.cells()?;
        let cell = cells.get(at + Said::ALL.len())?;
        Some((page.names.get(at)?, page.value(*cell)))
    }

    fn cells(&self) -> Option<(&Page, &[Cell])> {
        let page = self.page.as_deref()?;
        let row = usize::try_from(self.row).ok()?;
        let (from, to) = (*page.rows.get(row)?, *page.rows.get(row + 1)?);
        Some((page, page.cells.get(from..to)?))
    }
}

/// Always equal: two incidents compare the same regardless of how many columns were kept.
impl PartialEq for Own {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.columns()).finish()
    }
}

/// A value of a column, borrowed from its page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OwnValue<'a> {
    /// Missing.
    Missing,
    /// A text that is not blank, byte for byte as read.
    Text(&'a str),
    /// A number in its original notation.
    Exact(&'a str),
    /// A finite number.
    Number(f64),
    /// True or false.
    Bool(bool),
}

impl<'a> From<&'a Value> for OwnValue<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Text(text) if !text.trim().is_empty() => Self::Text(text),
            Value::Missing | Value::Text(_) => Self::Missing,
            Value::Exact(text) => Self::Exact(text),
            Value::Number(number) => Self::Number(*number),
            Value::Bool(truth) => Self::Bool(*truth),
        }
    }
}

impl fmt::Display for OwnValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => Ok(()),
            Self::Text(text) | Self::Exact(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Bool(truth) => write!(f, "{truth}"),
        }
    }
}

/// A packed cell: its kind in the lowest two bits, and the index of its text or number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell(u32);

impl Cell {
    const MISSING: Self = Self(0);
    const FALSE: Self = Self(4);
    const TRUE: Self = Self(8);
    const TEXT: u32 = 1;
    const EXACT: u32 = 2;
    const NUMBER: u32 = 3;

    /// The cell of a text or number; `None` for an index of 2³⁰ or more.
    fn new(kind: u32, at: usize) -> Option<Self> {
        let at = u32::try_from(at).ok().filter(|at| *at < 1 << 30)?;
        Some(Self(at << 2 | kind))
    }
}

/// The columns of the records of one part of a file.
#[derive(Debug, Default)]
pub struct Page {
    names: Vec<Arc<str>>,
    /// Row by row: the [descriptive columns](Said), then the others.
    cells: Vec<Cell>,
    /// The offset of each row's cells, and the end of the last.
    rows: Vec<usize>,
    letters: String,
    /// The end of each text.
    ends: Vec<usize>,
    numbers: Vec<f64>,
}

impl Page {
    fn value(&self, cell: Cell) -> OwnValue<'_> {
        let value = usize::try_from(cell.0 >> 2).ok().and_then(|at| match cell.0 & 3 {
            Cell::TEXT => self.text(at).map(OwnValue::Text),
            Cell::EXACT => self.text(at).map(OwnValue::Exact),
            Cell::NUMBER => self.numbers.get(at).copied().map(OwnValue::Number),
            _ => {
                Some(cell).filter(|c| *c != Cell::MISSING).map(|c| OwnValue::Bool(c == Cell::TRUE))
            }
        });
        value.unwrap_or(OwnValue::Missing)
    }

    fn text(&self, at: usize) -> Option<&str> {
        let from = match at.checked_sub(1) {
            None => 0,
            Some(before) => *self.ends.get(before)?,
        };
        self.letters.get(from..*self.ends.get(at)?)
    }
}

/// A page that is being written.
#[derive(Debug, Default)]
pub struct PageWriter {
    page: Page,
    /// The texts by their hashes.
    index: HashTable<(u64, usize)>,
    hasher: DefaultHashBuilder,
}

impl PageWriter {
    /// Adds a column at the end.
    pub fn add(&mut self, name: Arc<str>) {
        self.page.names.push(name);
    }

    /// Writes a row: the descriptive values in the order of [`Said::ALL`], then the columns. `None` if the
    /// page is full.
    pub fn write<'v>(
        &mut self,
        said: [Option<&'v str>; Said::ALL.len()],
        values: impl Iterator<Item = &'v Value>,
    ) -> Option<Own> {
        if self.page.rows.is_empty() {
            self.page.rows.push(0);
        }
        let row = u32::try_from(self.page.rows.len() - 1).ok()?;
        let said = said.into_iter().map(|text| text.map_or(OwnValue::Missing, OwnValue::Text));
        for value in said.chain(values.map(OwnValue::from)) {
            let cell = match value {
                OwnValue::Missing => Cell::MISSING,
                OwnValue::Bool(truth) => {
                    if truth {
                        Cell::TRUE
                    } else {
                        Cell::FALSE
                    }
                }
                OwnValue::Text(text) => Cell::new(Cell::TEXT, self.text(text))?,
                OwnValue::Exact(text) => Cell::new(Cell::EXACT, self.text(text))?,
                OwnValue::Number(number) => {
                    self.page.numbers.push(number);
                    Cell::new(Cell::NUMBER, self.page.numbers.len() - 1)?
                }
            };
            self.page.cells.push(cell);
        }
        self.page.rows.push(self.page.cells.len());
        Some(Own::of_row(row))
    }

    /// The index of a text, which is added if it is new.
    fn text(&mut self, text: &str) -> usize {
        let Self { page, index, hasher } = self;
        let hash = hasher.hash_one(text);
        let same = |(other, at): &(u64, usize)| *other == hash && page.text(*at) == Some(text);
        if let Some((_, at)) = index.find(hash, same) {
            return *at;
        }
        let at = page.ends.len();
        page.letters.push_str(text);
        page.ends.push(page.letters.len());
        index.insert_unique(hash, (hash, at), |(hash, _)| *hash);
        at
    }

    /// The finished page, with excess capacity released.
    pub fn finish(self) -> Page {
        let mut page = self.page;
        page.cells.shrink_to_fit();
        page.rows.shrink_to_fit();
        page.letters.shrink_to_fit();
        page.ends.shrink_to_fit();
        page.numbers.shrink_to_fit();
        page
    }
}
