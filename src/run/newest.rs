//! The newest incident, from which ages are counted where no date is given.

use crate::model::{DateSpan, Finding, Incident, Place, Verdict};
use jiff::civil::Date;
use rayon::prelude::*;
use std::sync::Arc;

/// From so many days on before all others, the newest date may be mistyped.
const APART_DAYS: i64 = 366;

/// A last day, and the place in the list of the incident that it is of.
type Last = Option<(Date, usize)>;

/// The newest incident and the next; of one day, the later in the list counts as the newer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Newest([Last; 2]);

impl Newest {
    /// Of a list of incidents, of which some may have no date.
    pub fn of(incidents: &[Incident]) -> Self {
        Self::of_days(incidents.par_iter().map(|incident| incident.date.map(DateSpan::last)))
    }

    fn of_days(days: impl IndexedParallelIterator<Item = Option<Date>>) -> Self {
        days.enumerate()
            .map(|(at, day)| day.map(|day| (day, at)))
            .fold(Self::default, Self::and)
            .reduce(Self::default, |one, Self([newest, next])| one.and(newest).and(next))
    }

    fn and(self, last: Last) -> Self {
        let Self([newest, next]) = self;
        Self(if last > newest { [last, newest] } else { [newest, next.max(last)] })
    }

    /// Its last day; `None` where no incident has a date.
    pub fn date(self) -> Option<Date> {
        self.0[0].map(|(date, _)| date)
    }

    /// Notes a newest incident that is much newer than all others: its date may be mistyped, and all
    /// ages are counted from it.
    pub fn note_where_alone(self, incidents: &[Incident]) -> Option<Finding> {
        let Self([Some((as_of, newest)), Some((before, _))]) = self else { return None };
        let newest = incidents.get(newest)?;
        let days = DateSpan::day(before).age_at(as_of);
        (days > APART_DAYS).then(|| Finding {
            file: Arc::clone(&newest.file),
            place: Place::File,
            id: None,
            field: Some("date".into()),
            value: Some(as_of.to_string()),
            why: format!(
                "of {} ({}) is {days} days after the next newest; ages are counted from it; if it is mistyped, mend it or give --as-of",
                newest.id, newest.place
            ),
            verdict: Verdict::Noted,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_newest_two_are_found_wherever_they_stand() {
        let old = |at: i16| Some(date(1000 + at % 900, 1, 1));
        let (newest, next) = (date(2024, 3, 1), date(2024, 2, 1));
        for (first, second) in [(0, 1), (1, 0), (0, 999), (500, 7), (998, 999)] {
            let mut days: Vec<Option<Date>> = (0..1000).map(old).collect();
            days[3] = None;
            days[first] = Some(newest);
            days[second] = Some(next);
            let found = Newest::of_days(days.into_par_iter());
            assert_eq!(found, Newest([Some((newest, first)), Some((next, second))]));
            assert_eq!(found.date(), Some(newest));
        }
        let same = Newest::of_days(vec![Some(next); 100].into_par_iter());
        assert_eq!(same, Newest([Some((next, 99)), Some((next, 98))]));
        let none = Newest::of_days(vec![None, None].into_par_iter());
        assert_eq!(none.date(), None);
        let one = Newest::of_days(vec![None, Some(next)].into_par_iter());
        assert_eq!(one, Newest([Some((next, 1)), None]));
        assert_eq!(one.note_where_alone(&[]), None);
    }
}
