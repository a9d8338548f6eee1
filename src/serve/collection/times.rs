//! When the features of a collection were: the columns that say so, and the time of all.

use super::{Column, Values};
use crate::serve::time::day;
use jiff::{SignedDuration, Timestamp};

/// The columns that say when a feature was.
#[derive(Debug)]
pub struct Times {
    /// The column of the first day or moment.
    pub first: usize,
    /// The column of the last one, which may be the same.
    pub last: usize,
    /// Whether the last day is the one before that of its column, on which another feature takes over.
    pub before: bool,
    /// From when to when all features were; `None` if none says when it was.
    pub extent: Option<[Timestamp; 2]>,
}

/// The columns of sites at several dates: `until` is the date at which the next row takes over.
const OVER_TIME: (&str, &str) = ("as_of", "until");

/// The names of columns with a first and a last day, and of those with both in one.
const PAIRS: [(&str, &str); 8] = [
    ("first_date", "date"),
    OVER_TIME,
    ("start_date", "end_date"),
    ("valid_from", "valid_until"),
    ("start", "end"),
    ("from", "until"),
    ("date", "date"),
    ("datetime", "datetime"),
];

impl Times {
    /// Finds the columns of a collection with so many features. Other days, such as that of a site's nearest incident,
    /// do not say when the feature itself was.
    pub fn of(columns: &[Column], features: usize) -> Option<Self> {
        let find = |name: &str| {
            let is = |column: &Column| {
                *column.name == *name
                    && matches!(column.values, Values::Date(_) | Values::Moment(_))
            };
            columns.iter().position(is)
        };
        let pair = |(first, last): (&str, &str)| Some((find(first)?, find(last)?));
        let found = PAIRS.into_iter().find_map(|names| Some((names, pair(names)?)));
        let (names, (first, last)) = found?;
        let times = Self { first, last, before: names == OVER_TIME, extent: None };
        let spans = (0..features).filter_map(|feature| times.span(columns, feature));
        let join = |[a, b]: [Timestamp; 2], [c, d]: [Timestamp; 2]| [a.min(c), b.max(d)];
        let extent = spans.reduce(join);
        Some(Self { extent, ..times })
    }

    /// When a feature was, from its first to its last nanosecond; `None` if it does not say.
    pub fn span(&self, columns: &[Column], feature: usize) -> Option<[Timestamp; 2]> {
        let of = |column: usize| columns.get(column).and_then(|of| of.values.time(feature));
        let before = |(first, last): (Timestamp, Timestamp)| match self.before {
            true => [first.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(first); 2].into(),
            false => (first, last),
        };
        match (of(self.first), of(self.last).map(before)) {
            (Some(a), Some(b)) => Some([a.0.min(b.0), a.1.max(b.1)]),
            (one, other) => one.or(other).map(|(first, last)| [first, last]),
        }
    }
}

impl Values {
    /// The day or moment of a feature, from its first to its last nanosecond, if the column has such.
    pub fn time(&self, feature: usize) -> Option<(Timestamp, Timestamp)> {
        match self {
            Self::Date(days) => day((*days.get(feature)?)?),
            Self::Moment(moments) => (*moments.get(feature)?).map(|moment| (moment, moment)),
            _ => None,
        }
    }
}
