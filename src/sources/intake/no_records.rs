//! Detects rows of a table that are not records: tags, units, a repeated header, totals at the end.

use super::columns::{Binding, Field as F, fold};
use super::names::is_name;
use crate::model::Value;
use crate::sources::formats::record::{Geometry, Record};
use crate::sources::layouts::Layout;
use crate::sources::values::angles::side_of;
use crate::sources::values::digits::plain_digits;
use std::sync::Arc;

/// Describes the first row, if it is not a record: HXL tags, search parameters, or the units of the columns.
pub(crate) fn at_begin(
    record: &Record,
    binding: &Binding,
    layout: Option<&'static Layout>,
) -> Option<&'static str> {
    let given: Vec<(usize, &Value)> =
        record.fields.iter().enumerate().filter(|(_, value)| !value.is_missing()).collect();
    let in_columns = matches!(record.geometry, Geometry::InColumns);
    if is_tags(record) {
        return Some("a row of HXL tags");
    }
    let search_row = layout.is_some_and(|layout| layout.search_row);
    if search_row && matches!(given.as_slice(), [(0, _)]) {
        return Some("a row of search parameters");
    }
    let is_unit = |field| {
        let value = binding.column(field).map(|at| record.field(at));
        value.and_then(Value::as_str).is_some_and(is_unit)
    };
    let texts = || given.iter().all(|(_, value)| value.as_str().is_some_and(has_no_digit));
    (in_columns && is_unit(F::Lat) && is_unit(F::Lon) && texts()).then_some("a row of units")
}

/// Whether all values of a row are tags.
pub(crate) fn is_tags(record: &Record) -> bool {
    let given = || record.fields.iter().filter(|value| !value.is_missing());
    let is_tag =
        |value: &Value| value.as_str().is_some_and(|text| text.starts_with('#') && text.len() > 1);
    matches!(record.geometry, Geometry::InColumns)
        && given().nth(1).is_some()
        && given().all(is_tag)
}

fn has_no_digit(text: &str) -> bool {
    !plain_digits(text).bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a text names the unit of a coordinate: `(deg N)`, `°`, `decimal degrees`, `m`.
fn is_unit(text: &str) -> bool {
    const WORDS: [&str; 21] = [
        "deg",
        "degs",
        "degree",
        "degrees",
        "decimal",
        "dd",
        "wgs",
        "wgs84",
        "m",
        "meter",
        "meters",
        "metre",
        "metres",
        "grad",
        "grados",
        "graus",
        "degrés",
        "dms",
        "utm",
        "градусы",
        "epsg",
    ];
    let bare: String =
        text.chars().filter(|c| !matches!(c, '°' | 'º' | '(' | ')' | '[' | ']')).collect();
    let has_sign = bare.len() < text.len() && text.contains(['°', 'º']);
    let mut words =
        bare.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    let named = has_sign || words.peek().is_some();
    let known = |word: &str| WORDS.contains(&word.to_lowercase().as_str());
    // The letter of a hemisphere alone is not a unit.
    named && words.all(|word| known(word) || text.len() > 1 && side_of(word).is_some())
}

/// Whether a row repeats the header, as in tables that were joined.
pub(crate) fn is_header_again(record: &Record, columns: &[Arc<str>]) -> bool {
    let is_name = |(value, name): (&Value, &Arc<str>)| {
        value.as_str().map_or(value.is_missing() && name.starts_with("column_"), |text| {
            text.trim() == &**name
        })
    };
    let first = record.fields.first().zip(columns.first());
    columns.len() > 1
        && matches!(record.geometry, Geometry::InColumns)
        && first.is_some_and(is_name)
        && record.fields.len() == columns.len()
        && record.fields.iter().zip(columns).all(is_name)
}

/// How to read the rows below another header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Below {
    /// The same columns in another order: the index of each column's value.
    Turned(Vec<Option<usize>>),
    /// The rows of another table.
    Other(String),
}

impl Below {
    /// Describes the header, as a phrase.
    pub fn what(&self) -> String {
        match self {
            Self::Turned(_) => {
                "the same columns in another order; read in that order from there on".to_owned()
            }
            Self::Other(names) => {
                format!("{names}; the rows below belong to another table and are not read")
            }
        }
    }

    /// Returns a record with its values in the order of the first header.
    pub fn turned(&self, record: &Record) -> Option<Record> {
        let Self::Turned(order) = self else { return None };
        let value = |at: &Option<usize>| at.map_or(Value::Missing, |at| record.field(at).clone());
        Some(Record {
            place: record.place.clone(),
            id: record.id.clone(),
            fields: order.iter().map(value).collect(),
            geometry: record.geometry.clone(),
        })
    }
}

/// Detects the header of another table below the first, or of the same columns in another order: column names
/// are in the place of longitude and latitude.
pub(crate) fn another_header(
    record: &Record,
    columns: &[Arc<str>],
    binding: &Binding,
) -> Option<Below> {
    let text = |field| {
        let text = record.field(binding.column(field)?).as_str()?;
        // Nearly every coordinate begins with a digit.
        text.starts_with(|c: char| !c.is_ascii() || c.is_ascii_alphabetic()).then_some(text)
    };
    let (lat, lon) = (text(F::Lat)?, text(F::Lon)?);
    let in_columns = matches!(record.geometry, Geometry::InColumns);
    if !in_columns || !has_no_digit(lat) || !has_no_digit(lon) || !is_name(lat) || !is_name(lon) {
        return None;
    }
    let names: Vec<String> =
        record.fields.iter().map(|value| value.as_str().map(fold).unwrap_or_default()).collect();
    let place = |name: &Arc<str>| names.iter().position(|new| *new == fold(name));
    let order: Vec<Option<usize>> = columns.iter().map(place).collect();
    let given = names.iter().filter(|name| !name.is_empty()).count();
    let all = order.iter().flatten().count() == given;
    let placed = [F::Lat, F::Lon].iter().all(|field| {
        binding.column(*field).is_some_and(|at| order.get(at).is_some_and(Option::is_some))
    });
    Some(if all && placed {
        Below::Turned(order)
    } else {
        let given = record.fields.iter().filter_map(Value::as_str).filter(|name| !name.is_empty());
        Below::Other(given.collect::<Vec<_>>().join(", "))
    })
}

/// Words that precede totals and means, in lower case.
const TOTALS: [&str; 60] = [
    "total",
    "totals",
    "grand total",
    "sub total",
    "subtotal",
    "sub-total",
    "sum",
    "average",
    "avg",
    "mean",
    "median",
    "count",
    "gesamt",
    "insgesamt",
    "summe",
    "gesamtsumme",
    "zwischensumme",
    "mittelwert",
    "durchschnitt",
    "somme",
    "total général",
    "sous-total",
    "moyenne",
    "suma",
    "total general",
    "promedio",
    "media",
    "soma",
    "total geral",
    "média",
    "totale",
    "somma",
    "итого",
    "всего",
    "сумма",
    "среднее",
    "合计",
    "合計",
    "总计",
    "總計",
    "小计",
    "المجموع",
    "الإجمالي",
    "مجموع",
    "جمع کل",
    "جمع",
    "المتوسط",
    "میانگین",
    "کل تعداد",
    "اوسط",
    "ٹوٹل",
    "平均",
    "平均值",
    "总和",
    "gesamtergebnis",
    "general total",
    "totaux",
    "média geral",
    "minimum",
    "maximum",
];

/// Whether a row without an id of its own is a row of totals. Some places are called Soma, Media or Somme, so
/// in a table without ids, a row with further words is a record.
pub(crate) fn is_total(record: &Record, binding: &Binding, id: Option<&str>) -> bool {
    let is_word = |text: &str| {
        // In "Total (2 mines)" the brackets hold what is summed up.
        let text = text.split(['(', '（']).next().unwrap_or_default();
        let text = text.trim().trim_end_matches([':', '：', '=']).trim_end();
        text.len() <= 32 && has_no_digit(text) && TOTALS.contains(&text.to_lowercase().as_str())
    };
    if id.is_some_and(|id| !is_word(id)) {
        return false;
    }
    let of = |at: usize| record.field(at).as_str().is_some_and(is_word);
    let named = binding.column(F::Name).is_some_and(of) || of(0) || id.is_some_and(is_word);
    let more_words = || {
        let texts = record.fields.iter().filter_map(|value| value.as_str());
        texts
            .filter(|text| has_no_digit(text) && !text.trim().is_empty())
            .any(|text| !is_word(text))
    };
    named && (binding.has(F::Id) || !more_words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_told_from_values() {
        for text in ["(deg N)", "°", "deg", "decimal degrees", "[°E]", "m", "(WGS84)"] {
            assert!(is_unit(text), "{text}");
        }
        for text in ["29.1", "", "N", "unknown", "Quetta", "-"] {
            assert!(!is_unit(text), "{text}");
        }
    }
}
