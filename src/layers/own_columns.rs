//! The own columns of sites and incidents, passed through with the prefixes `site_` and `incident_`. A column has
//! one kind over all records and files: numbers if every value is one and converting loses nothing, else the
//! original text.

use super::{ColumnKind, Digits, Table};
use crate::model::{Incident, OwnValue, Site};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A record with own columns.
pub trait Owner: Sync {
    /// The noun for it in column descriptions.
    const NOUN: &'static str;
    /// Whether a column of days becomes a date column. Sites can be grouped by their columns, for which days stay
    /// text.
    const DATED: bool;

    /// The name of a source column in outputs.
    fn named(source: &str) -> String;

    /// Its columns, with their values, in the file's order.
    fn own(&self) -> impl Iterator<Item = (&Arc<str>, OwnValue<'_>)>;

    /// The column at an index, with its value.
    fn own_at(&self, at: usize) -> Option<(&Arc<str>, OwnValue<'_>)>;
}

impl Owner for Site {
    const NOUN: &'static str = "site";
    const DATED: bool = false;

    fn named(source: &str) -> String {
        format!("site_{source}")
    }

    fn own(&self) -> impl Iterator<Item = (&Arc<str>, OwnValue<'_>)> {
        self.columns.iter().map(|(name, value)| (name, value.into()))
    }

    fn own_at(&self, at: usize) -> Option<(&Arc<str>, OwnValue<'_>)> {
        self.columns.get(at).map(|(name, value)| (name, value.into()))
    }
}

impl Owner for Incident {
    const NOUN: &'static str = "incident";
    const DATED: bool = true;

    fn named(source: &str) -> String {
        if source.starts_with("incident_") {
            source.to_owned()
        } else {
            format!("incident_{source}")
        }
    }

    fn own(&self) -> impl Iterator<Item = (&Arc<str>, OwnValue<'_>)> {
        self.own.columns()
    }

    fn own_at(&self, at: usize) -> Option<(&Arc<str>, OwnValue<'_>)> {
        self.own.column(at)
    }
}

/// The own columns of records, in order of first appearance.
#[derive(Debug, Clone, Default)]
pub struct OwnColumns {
    columns: Vec<OwnColumn>,
}

/// An own column.
#[derive(Debug, Clone)]
struct OwnColumn {
    /// Its name in the source.
    source: Arc<str>,
    /// Its name in outputs.
    name: String,
    kind: OwnKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OwnKind {
    Number,
    Flag,
    Date,
    Text,
}

impl OwnColumns {
    /// The columns of records. Names that differ only in case, or from a `taken` name, get a number appended, since
    /// GeoPackage and many others ignore case.
    pub fn of<'n, T: Owner>(things: &[T], taken: impl IntoIterator<Item = &'n str>) -> Self {
        Self::met::<T>(&ColumnsMet::of(things), taken)
    }

    /// The columns from a finished scan.
    pub fn met<'n, T: Owner>(met: &ColumnsMet, taken: impl IntoIterator<Item = &'n str>) -> Self {
        let mut used: HashSet<String> = taken.into_iter().map(str::to_lowercase).collect();
        let columns = met.columns.iter().map(|(source, kind)| {
            let name = distinct::<T>(source, &mut used);
            OwnColumn { source: source.clone(), name, kind: kind.unwrap_or(OwnKind::Text) }
        });
        Self { columns: columns.collect() }
    }

    /// The names in outputs, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The columns as a table over records.
    pub fn table<'a, T: Owner>(&self) -> Table<'a, &'a T> {
        let mut table = Table::new();
        for (at, column) in self.columns.iter().enumerate() {
            let about = format!("The {}'s own column \"{}\"", T::NOUN, column.source);
            let source = Arc::clone(&column.source);
            let value = move |thing: &&'a T| -> Option<OwnValue<'a>> {
                // Fast path: records of one file have the same columns in the same order.
                let there = thing.own_at(at).filter(|(name, _)| **name == source);
                let own = there.or_else(|| thing.own().find(|(name, _)| **name == source));
                own.map(|(_, value)| value).filter(|value| *value != OwnValue::Missing)
            };
            let name = &column.name;
            table = match column.kind {
                OwnKind::Number => {
                    let value = move |thing: &_| number(value(thing)?);
                    table.number(name, Digits::All, None, &about, value)
                }
                OwnKind::Flag => table.flag(name, &about, move |thing| flag(value(thing)?)),
                OwnKind::Date => table.date(name, &about, move |thing| day(value(thing)?)),
                OwnKind::Text => {
                    table.text(name, &about, move |thing| Some(value(thing)?.to_string()))
                }
            };
        }
        table
    }
}

/// Columns in order of first appearance, each with the kind that fits all its values so far.
#[derive(Debug, Clone, Default)]
pub struct ColumnsMet {
    columns: Vec<(Arc<str>, Option<OwnKind>)>,
    places: HashMap<Arc<str>, usize>,
}

impl ColumnsMet {
    /// Scans the columns of records.
    pub fn of<T: Owner>(things: &[T]) -> Self {
        // Merged in order, so that the result does not depend on how work was split among threads.
        let parts: Vec<Self> = things.par_chunks(16_384).map(Self::of_part).collect();
        let mut met = Self::default();
        parts.iter().for_each(|part| met.merge(part));
        met
    }

    /// Merges the columns of the records that follow.
    pub fn merge(&mut self, next: &Self) {
        next.columns.iter().for_each(|(name, kind)| self.add(name, *kind));
    }

    fn of_part<T: Owner>(things: &[T]) -> Self {
        let mut met = Self::default();
        for thing in things {
            for (at, (name, value)) in thing.own().enumerate() {
                let at = met.place(at, name);
                let Some((_, kind)) = met.columns.get_mut(at) else { continue };
                // A text column stays text.
                if *kind != Some(OwnKind::Text) {
                    *kind = of_both(*kind, kind_of(value, T::DATED));
                }
            }
        }
        met
    }

    fn add(&mut self, name: &Arc<str>, kind: Option<OwnKind>) {
        let at = self.place(self.columns.len(), name);
        if let Some((_, known)) = self.columns.get_mut(at) {
            *known = of_both(*known, kind);
        }
    }

    /// The index of a column, most likely `at`; it is appended if it is new.
    fn place(&mut self, at: usize, name: &Arc<str>) -> usize {
        if self.columns.get(at).is_some_and(|(known, _)| Arc::ptr_eq(known, name)) {
            return at;
        }
        if let Some(at) = self.places.get(name) {
            return *at;
        }
        self.columns.push((name.clone(), None));
        self.places.insert(name.clone(), self.columns.len() - 1);
        self.columns.len() - 1
    }
}

/// The kind that fits the values of two kinds, or of none yet.
fn of_both(one: Option<OwnKind>, other: Option<OwnKind>) -> Option<OwnKind> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => Some(OwnKind::Text),
        (one, other) => one.or(other),
    }
}

/// The kind of a value; `None` if it is missing.
fn kind_of(value: OwnValue<'_>, dated: bool) -> Option<OwnKind> {
    if value == OwnValue::Missing {
        None
    } else if number(value).is_some() {
        Some(OwnKind::Number)
    } else if flag(value).is_some() {
        Some(OwnKind::Flag)
    } else if dated && day(value).is_some() {
        Some(OwnKind::Date)
    } else {
        Some(OwnKind::Text)
    }
}

/// The kind of a site's own column of texts: numbers or booleans if every value is one and converting loses nothing, else
/// texts.
pub fn own_column_kind<'t>(values: impl Iterator<Item = &'t str>) -> ColumnKind {
    let kinds = values.map(|text| kind_of(OwnValue::Text(text), Site::DATED));
    match kinds.fold(None, of_both) {
        Some(OwnKind::Number) => ColumnKind::Number(Digits::All),
        Some(OwnKind::Flag) => ColumnKind::Flag,
        _ => ColumnKind::Text,
    }
}

/// A value as a number, if its text carries no more than the number does: `007` and `+5` carry more, and a float
/// may not hold more than 15 significant digits.
fn number(value: OwnValue<'_>) -> Option<f64> {
    match value {
        OwnValue::Number(number) => Some(number).filter(|n| n.is_finite()),
        OwnValue::Text(text) | OwnValue::Exact(text) => canonical(text.trim()),
        _ => None,
    }
}

/// A value as a day, if its text is an ISO date, optionally followed by midnight, as databases export it.
fn day(value: OwnValue<'_>) -> Option<Date> {
    let OwnValue::Text(text) = value else { return None };
    let (date, time) = text.split_at_checked(10)?;
    let clock = time.strip_prefix([' ', 'T']).unwrap_or(time);
    let midnight = clock.starts_with("00:00") && clock.bytes().all(|b| b"0:.".contains(&b));
    if !time.is_empty() && !midnight {
        return None;
    }
    date.parse().ok().filter(|day: &Date| day.to_string() == date)
}

fn canonical(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, decimals) = match mantissa.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let padded = whole.len() > 1 && whole.starts_with('0');
    let good = digits(whole)
        && !padded
        && decimals.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)));
    if !good {
        return None;
    }
    let number: f64 = text.parse().ok().filter(|n: &f64| n.is_finite())?;
    let significant = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let held = match decimals {
        // Below 2⁵³ every integer is exact as a float.
        None if exponent.is_none() => number.abs() < 9_007_199_254_740_992.0,
        // Leading zeros are not significant digits.
        Some(decimals) if whole == "0" => decimals.trim_start_matches('0').len() <= 15,
        _ => significant <= 15,
    };
    held.then_some(number)
}

fn flag(value: OwnValue<'_>) -> Option<bool> {
    match value {
        OwnValue::Bool(truth) => Some(truth),
        OwnValue::Text(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        OwnValue::Text(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The name in outputs: prefixed, on one line, and unique regardless of case.
fn distinct<T: Owner>(source: &str, used: &mut HashSet<String>) -> String {
    let tidy: String =
        source.trim().chars().map(|c| if c.is_control() { '_' } else { c }).collect();
    let base = T::named(if tidy.is_empty() { "column" } else { &tidy });
    let numbered = (2..).map(|n: u32| format!("{base}_{n}"));
    let name =
        std::iter::once(base.clone()).chain(numbered).find(|name| used.insert(name.to_lowercase()));
    name.unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_number_where_nothing_is_lost() {
        for (text, number) in [
            ("3", Some(3.0)),
            ("-3.50", Some(-3.5)),
            ("0.001", Some(0.001)),
            ("1e6", Some(1e6)),
            ("9007199254740991", Some(9_007_199_254_740_991.0)),
            ("9007199254740993", None),
            ("0.12345678901234567", None),
            ("007", None),
            ("+5", None),
            ("1,5", None),
            ("1 000", None),
            ("0x1F", None),
            ("1.", None),
            (".5", None),
            ("-", None),
            ("1e999", None),
            ("NaN", None),
            ("inf", None),
            ("١٢", None),
        ] {
            assert_eq!(canonical(text), number, "{text}");
        }
    }

    #[test]
    fn a_text_is_a_day_where_no_time_of_day_is_lost() {
        for text in ["2024-03-09", "2024-03-09 00:00:00.000", "2024-03-09T00:00:00"] {
            let read = day(OwnValue::Text(text)).map(|day| day.to_string());
            assert_eq!(read.as_deref(), Some("2024-03-09"), "{text}");
        }
        for text in ["2024-03-09 17:05:00", "2024-03-09 00:00:01", "2024-13-09", "9 March 2024", ""]
        {
            assert_eq!(day(OwnValue::Text(text)), None, "{text}");
        }
    }
}
