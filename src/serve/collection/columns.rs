//! The columns of a collection with their values, typed.

use crate::layers::ColumnKind;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Json;
use std::sync::Arc;

/// A column of a collection.
#[derive(Debug, Clone)]
pub struct Column {
    /// The property's name.
    pub name: Arc<str>,
    /// The unit of its values, if any.
    pub unit: Option<Arc<str>>,
    /// What it holds, a sentence without its full stop; empty if nothing is known of it.
    pub about: Arc<str>,
    /// Its values, one for each feature.
    pub values: Values,
}

/// The values of a column; any may be missing.
#[derive(Debug, Clone)]
pub enum Values {
    /// Texts: the different ones in ascending order, and for each feature the index of its own.
    Text {
        /// The different texts.
        words: Vec<Arc<str>>,
        /// For each feature its index in `words`; [`NONE`] if it has none.
        of: Vec<u32>,
    },
    /// Numbers; NaN if missing.
    Number(Vec<f64>),
    /// Booleans.
    Flag(Vec<Option<bool>>),
    /// Days.
    Date(Vec<Option<Date>>),
    /// Moments.
    Moment(Vec<Option<Timestamp>>),
    /// Lists, objects, or values of several kinds: they are shown, and not compared.
    Other,
}

/// The index of a missing text.
pub const NONE: u32 = u32::MAX;

impl Values {
    /// The text of a feature, if the column has texts.
    pub fn text(&self, feature: usize) -> Option<&Arc<str>> {
        match self {
            Self::Text { words, of } => words.get(usize::try_from(*of.get(feature)?).ok()?),
            _ => None,
        }
    }

    /// The number of a feature, if the column has numbers.
    pub fn number(&self, feature: usize) -> Option<f64> {
        match self {
            Self::Number(numbers) => {
                numbers.get(feature).copied().filter(|number| !number.is_nan())
            }
            _ => None,
        }
    }

    /// Types values as JSON has them, as the kind of the column says; without a kind they are all of one kind, or texts
    /// that all are days or moments.
    pub fn of(values: &[Option<&Json>], kind: Option<ColumnKind>) -> Self {
        let given = || values.iter().flatten().filter(|value| !value.is_null());
        let all = |is: fn(&Json) -> bool| {
            kind.is_none() && given().next().is_some() && given().all(|one| is(one))
        };
        let (dates, moments) =
            (|one: &Json| date(one).is_some(), |one: &Json| moment(one).is_some());
        if matches!(kind, Some(ColumnKind::Number(_))) || all(Json::is_number) {
            let of = |value: &Option<&Json>| value.and_then(Json::as_f64).unwrap_or(f64::NAN);
            Self::Number(values.iter().map(of).collect())
        } else if kind == Some(ColumnKind::Flag) || all(Json::is_boolean) {
            Self::Flag(values.iter().map(|value| value.and_then(Json::as_bool)).collect())
        } else if kind == Some(ColumnKind::Date) || all(dates) {
            Self::Date(values.iter().map(|value| value.and_then(date)).collect())
        } else if all(moments) {
            Self::Moment(values.iter().map(|value| value.and_then(moment)).collect())
        } else if given().all(|one| one.is_string()) {
            Self::texts(
                &values.iter().map(|value| value.and_then(Json::as_str)).collect::<Vec<_>>(),
            )
        } else {
            Self::Other
        }
    }

    /// Texts; any may be missing.
    pub fn texts(texts: &[Option<&str>]) -> Self {
        let mut different: Vec<&str> = texts.iter().copied().flatten().collect();
        different.sort_unstable();
        different.dedup();
        let index = |text: &Option<&str>| {
            let at = different.binary_search(&(*text)?).ok()?;
            u32::try_from(at).ok()
        };
        let of = texts.iter().map(|text| index(text).unwrap_or(NONE)).collect();
        Self::Text { words: different.into_iter().map(Arc::from).collect(), of }
    }
}

fn date(value: &Json) -> Option<Date> {
    value.as_str().filter(|text| text.len() == 10)?.parse().ok()
}

fn moment(value: &Json) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}
