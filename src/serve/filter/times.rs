//! The temporal functions, of instants and intervals (Allen 1983, as CQL2 names them). An instant is an interval that
//! begins and ends with it. Intervals of days are compared with days, those of moments with moments.

use super::truth::Truth;
use jiff::Timestamp;
use jiff::civil::Date;
use std::ops::Range;

/// A temporal function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    After,
    Before,
    Contains,
    Disjoint,
    During,
    Equals,
    FinishedBy,
    Finishes,
    Intersects,
    Meets,
    MetBy,
    OverlappedBy,
    Overlaps,
    StartedBy,
    Starts,
}

impl Order {
    /// Whether it holds for two intervals, each with its beginning and its end.
    fn holds<T: Ord>(self, (a, b): (T, T), (c, d): (T, T)) -> bool {
        match self {
            Self::After => a > d,
            Self::Before => b < c,
            Self::Contains => a < c && b > d,
            Self::Disjoint => b < c || a > d,
            Self::During => a > c && b < d,
            Self::Equals => a == c && b == d,
            Self::FinishedBy => a < c && b == d,
            Self::Finishes => a > c && b == d,
            Self::Intersects => !(b < c || a > d),
            Self::Meets => b == c,
            Self::MetBy => a == d,
            Self::OverlappedBy => a > c && a < d && b > d,
            Self::Overlaps => a < c && b > c && b < d,
            Self::StartedBy => a == c && b > d,
            Self::Starts => a == c && b < d,
        }
    }
}

/// Days or moments of the features.
#[derive(Debug, Clone, Copy)]
pub(super) enum Instant<'a, T> {
    Given(T),
    Column(&'a [Option<T>]),
}

impl<T: Copy> Instant<'_, T> {
    /// The value of a feature.
    pub(super) fn of(&self, feature: usize) -> Option<T> {
        match self {
            Self::Given(value) => Some(*value),
            Self::Column(values) => values.get(feature).copied().flatten(),
        }
    }
}

/// The beginning and the end of an interval.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'a, T> {
    pub(super) from: Instant<'a, T>,
    pub(super) to: Instant<'a, T>,
}

impl<T: Copy> Span<'_, T> {
    fn of(&self, feature: usize) -> Option<(T, T)> {
        self.from.of(feature).zip(self.to.of(feature))
    }
}

/// Decides a temporal function for a run of features.
pub(super) fn decide<T: Copy + Ord>(
    order: Order,
    [left, right]: &[Span<'_, T>; 2],
    run: Range<usize>,
    out: &mut [Truth],
) {
    for (feature, out) in run.zip(out) {
        let both = left.of(feature).zip(right.of(feature));
        *out = both.map_or(Truth::Unknown, |(left, right)| order.holds(left, right).into());
    }
}

/// A kind of instants, with its first and last.
pub(super) trait Bounded: Copy + Ord {
    const FIRST: Self;
    const LAST: Self;
}

impl Bounded for Date {
    const FIRST: Self = Self::MIN;
    const LAST: Self = Self::MAX;
}

impl Bounded for Timestamp {
    const FIRST: Self = Self::MIN;
    const LAST: Self = Self::MAX;
}
