//! Incidents by month: all that count, also those that the page does not list one by one, and the days in which a source
//! collected them.

use crate::layers::Context;
use crate::measures::Collection;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// The incidents of a domain by month.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Months {
    /// Months with incidents: the month, counted from January of the year 0, incidents and deaths.
    pub counts: Vec<(i32, usize, u64)>,
    /// Incidents without a date.
    pub undated: usize,
    /// The days in which a source collected incidents, as first and last days; days that follow each other are one span.
    pub collected: Vec<(String, String)>,
}

impl Months {
    /// Incidents by the months of their last days. `incidents` are those that count, by their indices.
    pub fn of(context: Context<'_>, incidents: &[usize], collection: &Collection) -> Self {
        let mut counts: BTreeMap<i32, (usize, u64)> = BTreeMap::new();
        let mut undated = 0;
        for incident in incidents.iter().filter_map(|at| context.incidents.get(*at)) {
            match incident.date {
                None => undated += 1,
                Some(date) => {
                    let (number, deaths) = counts.entry(month(date.last())).or_default();
                    *number += 1;
                    *deaths += u64::from(incident.fatalities.unwrap_or(0));
                }
            }
        }
        let spans = collection.sources().iter().map(|source| (source.from, source.until));
        let collected = joined(spans.collect());
        let told = |(from, until): (Date, Date)| (from.to_string(), until.to_string());
        Self {
            counts: counts.into_iter().map(|(month, (n, deaths))| (month, n, deaths)).collect(),
            undated,
            collected: collected.into_iter().map(told).collect(),
        }
    }
}

/// The number of a day's month.
fn month(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

/// Spans of days without those that overlap or follow each other without a day between.
fn joined(mut spans: Vec<(Date, Date)>) -> Vec<(Date, Date)> {
    spans.sort_unstable();
    let mut joined: Vec<(Date, Date)> = Vec::new();
    for (from, until) in spans {
        match joined.last_mut() {
            Some((_, end)) if end.tomorrow().is_ok_and(|next| from <= next) => {
                *end = until.max(*end)
            }
            _ => joined.push((from, until)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn spans_that_touch_are_one_and_a_day_between_is_a_gap() {
        let spans = [
            ("2020-01-01", "2020-03-31"),
            ("2020-04-01", "2020-06-30"),
            ("2020-07-02", "2020-12-31"),
        ];
        let spans = spans.map(|(from, until)| (day(from), day(until)));
        let expected = vec![(day("2020-01-01"), day("2020-06-30")), spans[2]];
        assert_eq!(joined(vec![spans[2], spans[0], spans[1]]), expected);
        assert_eq!(joined(vec![spans[0], (day("2020-02-01"), day("2020-02-02"))]), [spans[0]]);
    }

    #[test]
    fn months_follow_each_other_over_the_end_of_a_year() {
        assert_eq!(month(day("2024-01-31")), month(day("2023-12-01")) + 1);
    }
}
