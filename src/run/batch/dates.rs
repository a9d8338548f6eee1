//! The as-of dates of a plan: every so often from a first to a last day, and single days. The last day may be that of
//! the newest incident, so that a plan that runs every month need not be edited.

use super::plan::Plan;
use crate::model::Finding;
use crate::run::world::newest::newest;
use crate::run::{Cancel, Inputs, Unwatched, World, named};
use crate::{Code, Error, Result};
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::num::NonZeroUsize;

/// More dates than this are likely a mistake.
const MOST_DATES: usize = 10_000;

/// The word for the day of the newest incident.
const LATEST: &str = "latest";

/// The dates as a plan has them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DateWords {
    every: Option<Step>,
    from: Option<Day>,
    to: Option<Day>,
    on: Vec<Day>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Step {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// A date, with or without quotes.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Day {
    Plain(toml::value::Datetime),
    Quoted(String),
}

/// The as-of dates of a plan. Which they are may depend on its incidents.
#[derive(Debug, Clone, PartialEq)]
pub struct Dates {
    on: BTreeSet<Date>,
    every: Option<Every>,
    /// Only so many dates are kept, the last ones.
    pub keep: Option<NonZeroUsize>,
}

/// Dates at equal steps, counted from the first, so that month ends stay month ends: 31 January, 28 February, 31 March.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Every {
    step: Step,
    from: Date,
    /// `None` for the day of the newest incident.
    to: Option<Date>,
}

/// The newest usable incident of all inputs of a plan.
#[derive(Debug, Clone, Serialize)]
pub struct Newest {
    /// Its last day.
    pub date: Date,
    /// Its file.
    pub file: String,
    /// Its id.
    pub incident: String,
    /// What was found about days long after all others.
    #[serde(skip)]
    pub finding: Option<Finding>,
}

/// The dates of a plan, ascending.
#[derive(Debug, Clone, Default)]
pub struct Dated {
    /// The dates; `None` alone for that of the newest incident of each region.
    pub dates: Vec<Option<Date>>,
    /// What the last date follows, if the plan asks for that.
    pub newest: Option<Newest>,
}

impl DateWords {
    /// The dates, of which the last `keep` are kept.
    ///
    /// # Errors
    /// Texts that are no dates, and periods without a beginning or an end.
    pub fn dates(&self, keep: Option<usize>) -> Result<Dates> {
        let on = self.on.iter().map(|day| day.date("dates: on")).collect::<Result<_>>()?;
        let every = match (self.every, &self.from, &self.to) {
            (None, None, None) => None,
            (Some(step), Some(from), Some(to)) => {
                let from = from.date("dates: from")?;
                let to = if to.is_latest() { None } else { Some(to.date("dates: to")?) };
                if let Some(to) = to.filter(|to| *to < from) {
                    return Err(before(to, from, ""));
                }
                Some(Every { step, from, to })
            }
            _ => {
                return Err(Error::usage(
                    Code::PlanInvalid,
                    "dates: every, from and to belong together",
                )
                .with_hint("every = \"month\", from = 2024-01-31, to = \"latest\" for the day of the newest incident, or a date"));
            }
        };
        let refuse = || {
            Error::usage(Code::PlanInvalid, "keep: 0 dates; expected at least 1")
                .with_hint("keep = 24 keeps the frames of the last 24 dates")
        };
        let keep = keep.map(|keep| NonZeroUsize::new(keep).ok_or_else(refuse)).transpose()?;
        let dates = Dates { on, every, keep };
        if !dates.follow_newest() {
            dates.up_to(None)?;
        }
        Ok(dates)
    }
}

impl Dates {
    /// Whether the last date is that of the newest incident.
    pub fn follow_newest(&self) -> bool {
        self.every.is_some_and(|every| every.to.is_none())
    }

    /// The dates if the newest incident is of this day.
    fn up_to(&self, newest: Option<Date>) -> Result<Vec<Option<Date>>> {
        let mut dates = self.on.clone();
        if let Some(Every { step, from, to }) = self.every {
            let Some(end) = to.or(newest) else { return Ok(Vec::new()) };
            if end < from {
                return Err(before(end, from, ", the day of the newest incident,"));
            }
            for count in 0.. {
                match from.checked_add(step.times(count)) {
                    Ok(date) if date <= end && dates.len() <= MOST_DATES => dates.insert(date),
                    _ => break,
                };
            }
            if to.is_none() {
                dates.insert(end);
            }
        }
        if dates.len() > MOST_DATES {
            return Err(Error::usage(Code::PlanInvalid, format!("dates: more than {MOST_DATES}")));
        }
        let first = self.keep.map_or(0, |keep| dates.len().saturating_sub(keep.get()));
        Ok(match dates.is_empty() {
            true => vec![None],
            false => dates.into_iter().skip(first).map(Some).collect(),
        })
    }
}

impl Plan {
    /// The dates of the plan. If the last one follows the newest incident, the files of incidents are read.
    ///
    /// # Errors
    /// No file of incidents can be read, or none has a dated incident; it is older than the first date; the run was asked
    /// to stop.
    pub fn dated(&self, cancel: &Cancel) -> Result<Dated> {
        if !self.dates.follow_newest() {
            return Ok(Dated { dates: self.dates.up_to(None)?, newest: None });
        }
        let newest = self.newest(cancel)?;
        Ok(Dated { dates: self.dates.up_to(Some(newest.date))?, newest: Some(newest) })
    }

    /// The newest incident of all inputs. Those that cannot be read are passed over, unless no other has an incident:
    /// their frames tell why.
    fn newest(&self, cancel: &Cancel) -> Result<Newest> {
        let mut found: Option<Newest> = None;
        let mut fault = None;
        let mut seen = BTreeSet::new();
        for region in self.regions.iter().filter(|region| seen.insert(region.shared)) {
            let Inputs { incidents, read, merge_sources, .. } = region.inputs.clone();
            let inputs = Inputs { incidents, read, merge_sources, ..Inputs::default() };
            match World::read(&inputs, &Unwatched, cancel) {
                Ok(world) => {
                    let of = Newest::of(&world);
                    let later =
                        |new: &Newest| found.as_ref().is_none_or(|known| new.date > known.date);
                    found = of.filter(later).or(found);
                }
                Err(error) if error.is_interrupted() => return Err(error),
                Err(error) => fault = fault.or(Some(error)),
            }
        }
        let none = || {
            Error::data(Code::InputMissing, "dates: to = \"latest\": no incident has a date")
                .with_hint("name a date: to = 2025-12-31")
        };
        found.ok_or_else(|| fault.unwrap_or_else(none))
    }
}

impl Newest {
    /// The newest incident of a world, by the same rule as for a run without an as-of date: days long after all others are
    /// mistyped.
    fn of(world: &World) -> Option<Self> {
        let (date, finding) = newest(&world.collected, &world.incidents);
        let date = date?;
        let of = |day: Date| {
            world.incidents.iter().find(|one| one.date.is_some_and(|d| d.last() == day))
        };
        let incident = of(date)?;
        let (file, incident) = (incident.file.to_string(), incident.id.to_string());
        Some(Self { date, file, incident, finding })
    }
}

impl Step {
    fn times(self, count: i64) -> Span {
        match self {
            Self::Day => count.days(),
            Self::Week => count.weeks(),
            Self::Month => count.months(),
            Self::Quarter => count.saturating_mul(3).months(),
            Self::Year => count.years(),
        }
    }
}

impl Day {
    fn is_latest(&self) -> bool {
        matches!(self, Self::Quoted(text) if text == LATEST)
    }

    fn date(&self, option: &str) -> Result<Date> {
        match self {
            Self::Plain(day) => named::date(option, &day.to_string()),
            Self::Quoted(text) => named::date(option, text).map_err(|error| match option {
                "dates: to" => error.with_hint(
                    "a date as in 2025-12-31, or \"latest\" for the day of the newest incident",
                ),
                _ => error,
            }),
        }
    }
}

fn before(to: Date, from: Date, what: &str) -> Error {
    Error::usage(Code::PlanInvalid, format!("dates: to {to}{what} is before from {from}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(text: &str, keep: Option<usize>) -> Dates {
        let words: DateWords = toml::from_str(text).expect("dates");
        words.dates(keep).expect("dates")
    }

    fn listed(dates: &Dates, newest: &str) -> String {
        let all = dates.up_to(newest.parse().ok()).expect("dates");
        let all = all.into_iter().map(|date| date.map_or("-".to_owned(), |date| date.to_string()));
        all.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_last_date_follows_the_newest_incident() {
        let text = "every = \"month\"\nfrom = 2024-01-31\nto = \"latest\"";
        let monthly = dates(text, None);
        assert!(monthly.follow_newest());
        for (newest, listing) in [
            ("2024-03-30", "2024-01-31 2024-02-29 2024-03-30"),
            ("2024-03-31", "2024-01-31 2024-02-29 2024-03-31"),
            ("2024-04-01", "2024-01-31 2024-02-29 2024-03-31 2024-04-01"),
            ("2024-01-31", "2024-01-31"),
        ] {
            assert_eq!(listed(&monthly, newest), listing);
        }
        let error = monthly.up_to("2024-01-30".parse().ok()).expect_err("nothing is left");
        assert_eq!(
            error.to_string(),
            "dates: to 2024-01-30, the day of the newest incident, is before from 2024-01-31"
        );
    }

    #[test]
    fn only_the_last_dates_are_kept() {
        let text = "every = \"month\"\nfrom = 2024-01-31\nto = 2024-06-30\non = [2020-01-01]";
        assert_eq!(listed(&dates(text, Some(2)), ""), "2024-05-31 2024-06-30");
        assert!(listed(&dates(text, Some(99)), "").starts_with("2020-01-01 2024-01-31 "));
        assert_eq!(listed(&dates("", Some(1)), ""), "-");
    }
}
