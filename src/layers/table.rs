//! The table of a layer: its columns, and the function that reads each value from a row. Rows always
//! match the columns, because the columns read them.

use jiff::civil::Date;
use std::sync::Arc;

/// A column of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The property's name in files.
    pub name: Arc<str>,
    /// The kind of its values.
    pub kind: ColumnKind,
    /// The unit of its values, if any: `km`, `days`.
    pub unit: Option<&'static str>,
    /// Its description, one sentence without its full stop.
    pub about: Arc<str>,
}

/// The kind of a column's values; any value may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, never empty.
    Text,
    /// A number, written without a decimal point if it has no decimals, and always with one otherwise.
    Number(Digits),
    /// A boolean.
    Flag,
    /// A day, written YYYY-MM-DD.
    Date,
}

impl ColumnKind {
    /// Whether every value is a whole number.
    pub fn is_whole(self) -> bool {
        self == Self::Number(Digits::Decimals(0))
    }
}

/// How many digits of a number are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// At most this many decimals.
    Decimals(u8),
    /// The fewest that parse to the same number.
    All,
}

/// A value of a feature.
#[derive(Debug, Clone, PartialEq)]
pub enum Property {
    /// Missing.
    Missing,
    /// A text that is not empty.
    Text(String),
    /// A finite number, and how many digits of it are written.
    Number(f64, Digits),
    /// A boolean.
    Flag(bool),
    /// A day.
    Date(Date),
}

/// Columns with functions that read their values from rows of type `R`.
pub struct Table<'a, R> {
    columns: Vec<(Column, Reader<'a, R>)>,
}

type Reader<'a, R> = Box<dyn Fn(&R) -> Property + Send + Sync + 'a>;

impl<R> Default for Table<'_, R> {
    fn default() -> Self {
        Self { columns: Vec::new() }
    }
}

impl<'a, R> Table<'a, R> {
    /// A table without columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a column of texts. An empty text becomes missing.
    #[must_use]
    pub fn text<T: Into<String>>(
        self,
        name: &str,
        about: &str,
        read: impl Fn(&R) -> Option<T> + Send + Sync + 'a,
    ) -> Self {
        self.add(name, ColumnKind::Text, None, about, move |row| match read(row).map(Into::into) {
            Some(text) if !text.is_empty() => Property::Text(text),
            _ => Property::Missing,
        })
    }

    /// Adds a column of numbers with a unit. A number that is not finite becomes missing.
    #[must_use]
    pub fn number(
        self,
        name: &str,
        digits: Digits,
        unit: impl Into<Option<&'static str>>,
        about: &str,
        read: impl Fn(&R) -> Option<f64> + Send + Sync + 'a,
    ) -> Self {
        let read = move |row: &R| match read(row) {
            Some(number) if number.is_finite() => Property::Number(number, digits),
            _ => Property::Missing,
        };
        self.add(name, ColumnKind::Number(digits), unit.into(), about, read)
    }

    /// Adds a column of booleans.
    #[must_use]
    pub fn flag(
        self,
        name: &str,
        about: &str,
        read: impl Fn(&R) -> Option<bool> + Send + Sync + 'a,
    ) -> Self {
        self.add(name, ColumnKind::Flag, None, about, move |row| {
            read(row).map_or(Property::Missing, Property::Flag)
        })
    }

    /// Adds a column of days.
    #[must_use]
    pub fn date(
        self,
        name: &str,
        about: &str,
        read: impl Fn(&R) -> Option<Date> + Send + Sync + 'a,
    ) -> Self {
        self.add(name, ColumnKind::Date, None, about, move |row| {
            read(row).map_or(Property::Missing, Property::Date)
        })
    }

    /// Appends the columns of another table over the same rows.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.columns.extend(other.columns);
        self
    }

    /// The same table over another row type, from which `part` extracts these rows.
    pub fn over<S: 'a>(self, part: impl Fn(&S) -> R + Clone + Send + Sync + 'a) -> Table<'a, S>
    where
        R: 'a,
    {
        let columns = self.columns.into_iter().map(|(column, read)| {
            let part = part.clone();
            let read: Reader<'a, S> = Box::new(move |row: &S| read(&part(row)));
            (column, read)
        });
        Table { columns: columns.collect() }
    }

    /// The columns in order.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().map(|(column, _)| column)
    }

    /// The values of a row, one for each column.
    pub fn properties(&self, row: &R) -> Vec<Property> {
        self.columns.iter().map(|(_, read)| read(row)).collect()
    }

    /// The value of one column of a row.
    pub fn property(&self, column: usize, row: &R) -> Option<Property> {
        self.columns.get(column).map(|(_, read)| read(row))
    }

    /// Adds a column whose values are read as they are; each must be missing or of the column's kind.
    #[must_use]
    pub(crate) fn column(
        mut self,
        column: Column,
        read: impl Fn(&R) -> Property + Send + Sync + 'a,
    ) -> Self {
        self.columns.push((column, Box::new(read)));
        self
    }

    fn add(
        self,
        name: &str,
        kind: ColumnKind,
        unit: Option<&'static str>,
        about: &str,
        read: impl Fn(&R) -> Property + Send + Sync + 'a,
    ) -> Self {
        self.column(Column { name: name.into(), kind, unit, about: about.into() }, read)
    }
}
