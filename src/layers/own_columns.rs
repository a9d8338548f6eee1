//! The sites' own columns, kept under the prefix `site_`. A column has one kind over all sites and all
//! files: numbers where every value is one and nothing is lost by saying so, else text as it came.

use super::{Digits, Table};
use crate::model::{Site, Value};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The sites' own columns, in the order in which they are first met.
#[derive(Debug, Clone, Default)]
pub struct OwnColumns {
    columns: Vec<OwnColumn>,
}

/// One of them.
#[derive(Debug, Clone)]
struct OwnColumn {
    /// Its name as it came.
    source: Arc<str>,
    /// Its name in files.
    name: String,
    kind: OwnKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OwnKind {
    Number,
    Flag,
    Text,
}

impl OwnColumns {
    /// The columns of sites. Names that differ in case alone, or from a name that is `taken`, get a
    /// number, since GeoPackage and many others do not tell them apart.
    pub fn of<'n>(sites: &[Site], taken: impl IntoIterator<Item = &'n str>) -> Self {
        let mut order: Vec<Arc<str>> = Vec::new();
        let mut kinds: HashMap<Arc<str>, Option<OwnKind>> = HashMap::new();
        for (source, value) in sites.iter().flat_map(|site| &site.columns) {
            let kind = kinds.entry(Arc::clone(source)).or_insert_with(|| {
                order.push(Arc::clone(source));
                None
            });
            if let Some(this) = kind_of(value) {
                *kind = Some(kind.map_or(this, |k| if k == this { k } else { OwnKind::Text }));
            }
        }
        let mut used: HashSet<String> = taken.into_iter().map(str::to_lowercase).collect();
        let columns = order.into_iter().map(|source| {
            let name = distinct(&source, &mut used);
            let kind = kinds.get(&source).copied().flatten().unwrap_or(OwnKind::Text);
            OwnColumn { source, name, kind }
        });
        Self { columns: columns.collect() }
    }

    /// The names in files, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The columns as a table over sites.
    pub fn table<'a>(&self) -> Table<'a, &'a Site> {
        let mut table = Table::new();
        for (at, column) in self.columns.iter().enumerate() {
            let about = format!("The site's own column \"{}\"", column.source);
            let source = Arc::clone(&column.source);
            let value = move |site: &&'a Site| -> Option<&'a Value> {
                // Sites of one file have all columns, in the same order.
                let there = site.columns.get(at).filter(|(name, _)| *name == source);
                let own = there.or_else(|| site.columns.iter().find(|(name, _)| *name == source));
                own.map(|(_, value)| value).filter(|value| !value.is_missing())
            };
            table = match column.kind {
                OwnKind::Number => {
                    table.number(&column.name, Digits::All, None, &about, move |site| {
                        number(value(site)?)
                    })
                }
                OwnKind::Flag => table.flag(&column.name, &about, move |site| flag(value(site)?)),
                OwnKind::Text => {
                    table.text(&column.name, &about, move |site| Some(value(site)?.to_string()))
                }
            };
        }
        table
    }
}

/// What a value could be; `None` where it is missing.
fn kind_of(value: &Value) -> Option<OwnKind> {
    if value.is_missing() {
        None
    } else if number(value).is_some() {
        Some(OwnKind::Number)
    } else if flag(value).is_some() {
        Some(OwnKind::Flag)
    } else {
        Some(OwnKind::Text)
    }
}

/// A value as a number, where its text says no more than the number does: `007` and `+5` say more, and
/// a number of more than 15 significant digits is more than a float surely holds.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number).filter(|n| n.is_finite()),
        Value::Text(text) | Value::Exact(text) => canonical(text.trim()),
        _ => None,
    }
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
        // Below 2⁵³ every whole number is a float of its own.
        None if exponent.is_none() => number.abs() < 9_007_199_254_740_992.0,
        // Zeros before the first digit are no digits.
        Some(decimals) if whole == "0" => decimals.trim_start_matches('0').len() <= 15,
        _ => significant <= 15,
    };
    held.then_some(number)
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Text(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Value::Text(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The name in files: prefixed, on one line, and not yet used in any case.
fn distinct(source: &str, used: &mut HashSet<String>) -> String {
    let tidy: String =
        source.trim().chars().map(|c| if c.is_control() { '_' } else { c }).collect();
    let base = if tidy.is_empty() { "site_column".to_owned() } else { format!("site_{tidy}") };
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
}
