//! The days that the record of incidents at a place spans, seen from the day of its score.

use super::collection::{Collection, Until, days_between};
use crate::earth::Position;
use crate::model::CountryCode;
use jiff::civil::Date;

/// The days that a record of incidents spans, as ages on the day of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// The ages of its last and of its first day; `None` if nothing was collected by the day of the score.
    pub ages: Option<(i64, i64)>,
    /// The newest incident in the country of the place; `None` unless countries count as covered by their records.
    pub newest: Option<Date>,
    /// The day of the score.
    pub day: Option<Date>,
}

impl Record {
    /// The record at a place, given the country it lies in. `day` is the day of a score at a place that is still covered, and
    /// `at_end` tells that one which is no longer is scored as of the end.
    pub fn of(
        collection: &Collection,
        (position, country): (Position, Option<CountryCode>),
        day: Option<Date>,
        at_end: bool,
    ) -> Self {
        let (until, day) = match collection.at(position, country) {
            Until::Never => (None, day),
            Until::Current(until) => (Some(until), day),
            Until::Ended(until) if at_end => (Some(until), Some(until)),
            Until::Ended(until) => (Some(until), day),
        };
        let since = collection.since(position, country);
        let ages = day.zip(until).zip(since).map(|((day, until), since)| {
            (days_between(until, day).max(0), days_between(since, day))
        });
        Self { ages, newest: collection.newest_in(position, country), day }
    }

    /// How many days of a period it spans. The period has the ages from `from` to below `to`.
    pub fn days_of(&self, from: i64, to: i64) -> i64 {
        self.ages.map_or(0, |(last, first)| (first + 1).min(to) - last.max(from)).max(0)
    }

    /// Whether it begins at or before the first of the last so many days.
    pub fn begins_before(&self, days: i64) -> bool {
        self.ages.is_some_and(|(_, first)| first >= days - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Record;

    #[test]
    fn of_a_year_before_the_last_a_record_spans_what_lies_after_its_first_day() {
        let of = |ages| Record { ages, ..Record::default() };
        // From 2023-04-21 to 2025-03-20, seen from the last day.
        let record = of(Some((0, 699)));
        assert_eq!([record.days_of(0, 365), record.days_of(365, 730)], [365, 335]);
        assert!(record.begins_before(700) && !record.begins_before(701));
        let late = of(Some((20, 100)));
        assert_eq!([late.days_of(0, 365), late.days_of(365, 730)], [81, 0]);
        assert_eq!(of(None).days_of(0, 365), 0);
    }
}
