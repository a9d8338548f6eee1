//! The columns of a collection with their values, typed.

use jiff::Timestamp;
use jiff::civil::Date;
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
}
