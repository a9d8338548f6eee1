//! A user's declaration of where and when a source collected incidents: `PAK:1989-01-01/2021-12-31`.

use super::{Countries, CountryCode};
use crate::{Code, Error, Result};
use jiff::civil::Date;
use std::fmt;

/// A place in which incidents were collected, and the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// The country; `None` for everywhere.
    pub country: Option<CountryCode>,
    /// The first day; `None` for the first day in the data.
    pub from: Option<Date>,
    /// The last day; `None` for the last day in the data.
    pub until: Option<Date>,
}

impl fmt::Display for Declared {
    /// Formats the declaration in its input syntax.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.country {
            None => f.write_str("all")?,
            Some(code) => write!(f, "{code}")?,
        }
        if self.from.is_none() && self.until.is_none() {
            return Ok(());
        }
        let day = |day: Option<Date>| day.map_or_else(|| "..".to_owned(), |day| day.to_string());
        write!(f, ":{}/{}", day(self.from), day(self.until))
    }
}

impl Declared {
    /// Everywhere, from the first to the last day of the data.
    pub const EVERYWHERE: Self = Self { country: None, from: None, until: None };

    /// Parses a comma-separated list of places, each with an optional period:
    /// `PAK:1989-01-01/2021-12-31,AFG`, `all:../2024-06-30`. A country is given by code or name; an end
    /// that is missing or `..` is taken from the data.
    ///
    /// `option` is the option that held the text, and begins an error's message.
    ///
    /// # Errors
    /// A usage error for an unknown country, an invalid date, or a period that ends before it begins.
    pub fn list(option: &str, text: &str) -> Result<Vec<Self>> {
        let lists = text.split(',').map(|part| Self::of_one(option, part.trim()));
        Ok(lists.collect::<Result<Vec<_>>>()?.concat())
    }

    /// One item of the list. The name of a former state gives several places.
    fn of_one(option: &str, text: &str) -> Result<Vec<Self>> {
        let refuse = |value: &str, why: &str| {
            Error::usage(Code::SettingInvalid, format!("{option}: \"{}\" {why}", value.escape_debug())).with_hint(
                "all, country codes or names such as PAK,AFG, each with a period where one is known, \
                 PAK:1989-01-01/2021-12-31, or a file of polygons",
            )
        };
        let (place, period) = match text.split_once(':') {
            Some((place, period)) => (place.trim(), Some(period.trim())),
            None => (text, None),
        };
        let countries: Vec<Option<CountryCode>> = if place.eq_ignore_ascii_case("all") {
            vec![None]
        } else {
            Countries::built_in().all_named(place).into_iter().map(Some).collect()
        };
        if countries.is_empty() {
            return Err(refuse(place, "is not a country"));
        }
        let of = |from, until| {
            let each = countries.iter().map(|&country| Self { country, from, until });
            each.collect()
        };
        let Some(period) = period else { return Ok(of(None, None)) };
        let (from, until) = period
            .split_once('/')
            .ok_or_else(|| refuse(period, "is not a period; expected START/END"))?;
        let day = |text: &str| match text.trim() {
            "" | ".." => Ok(None),
            text => {
                let day = text.parse().map(Some);
                day.map_err(|_| refuse(text, "is not a date; expected YYYY-MM-DD"))
            }
        };
        let (from, until): (Option<Date>, Option<Date>) = (day(from)?, day(until)?);
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            return Err(refuse(period, "ends before it begins"));
        }
        Ok(of(from, until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn places_and_periods_are_read_and_what_is_neither_is_refused() {
        let pak = CountryCode::new("PAK");
        let afg = CountryCode::new("AFG");
        let (start, end) = (Some(date(1989, 1, 1)), Some(date(2021, 12, 31)));
        for (text, expected) in [
            ("PAK", vec![(pak, None, None)]),
            ("PAK, Afghanistan", vec![(pak, None, None), (afg, None, None)]),
            ("PAK:1989-01-01/2021-12-31", vec![(pak, start, end)]),
            ("Pakistan:../2021-12-31,all", vec![(pak, None, end), (None, None, None)]),
            ("all:1989-01-01/", vec![(None, start, None)]),
        ] {
            let read = Declared::list("coverage", text).expect(text);
            let read: Vec<_> = read.iter().map(|one| (one.country, one.from, one.until)).collect();
            assert_eq!(read, expected, "{text}");
        }
        for (text, why) in [
            ("Atlantis", "\"Atlantis\" is not a country"),
            ("PAK:2021", "\"2021\" is not a period"),
            ("PAK:2021-13-01/..", "\"2021-13-01\" is not a date"),
            ("PAK:2021-12-31/2020-01-01", "ends before it begins"),
            ("", "\"\" is not a country"),
        ] {
            let error = Declared::list("coverage", text).expect_err(text);
            assert!(error.is_usage() && error.to_string().contains(why), "{text}: {error}");
        }
    }
}
