//! The date of an event, as precisely as it is known: a day, or a span of days for an event that
//! lasted, or for a date of which only the month or the year is known.

use jiff::civil::Date;

/// A span of days from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateSpan {
    first: Date,
    last: Date,
}

impl DateSpan {
    /// One day.
    pub fn day(date: Date) -> Self {
        Self { first: date, last: date }
    }

    /// From a first to a last day; `None` if they are in the wrong order.
    pub fn new(first: Date, last: Date) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// The first day.
    pub fn first(self) -> Date {
        self.first
    }

    /// The last day, which counts as the incident's date.
    pub fn last(self) -> Date {
        self.last
    }

    /// Days from the last day to another date; negative if that date is earlier.
    ///
    /// # Units
    /// Days.
    pub fn age_at(self, as_of: Date) -> i64 {
        // Both dates are in jiff's range, so the difference in days always exists.
        self.last.until(as_of).map_or(0, |span| i64::from(span.get_days()))
    }
}
