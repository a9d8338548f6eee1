//! What is asked of a hindcast, and the origins and labels that follow from it.

use super::{Label, Tuning};
use crate::earth::Length;
use crate::run::CoverageChoice;
use crate::scoring::Scheme;
use crate::{Code, Error, Result};
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use std::fmt;
use std::str::FromStr;

/// More origins than this are likely a mistake.
const MOST_ORIGINS: usize = 1_000;

/// The largest radius of a label: farther away, incidents say nothing of a site.
const MOST_KM: f64 = 1_000.0;

/// The longest horizon.
const MOST_DAYS: u32 = 36_525;

/// What is asked of a hindcast.
#[derive(Debug, Clone)]
pub struct HindcastQuery {
    /// The schemes; the baselines and the other schemes are compared with the first.
    pub schemes: Vec<Scheme>,
    /// Where and when incidents were collected.
    pub coverage: CoverageChoice,
    /// The first day that may be an origin; by default two years after the first covered day.
    pub from: Option<Date>,
    /// The last origin; by default the last day whose longest horizon is covered.
    pub to: Option<Date>,
    /// The time from one origin to the next, counted back from the last.
    pub every: Every,
    /// The radii of the labels.
    pub radii: Vec<Length>,
    /// The horizons of the labels.
    ///
    /// # Units
    /// Days.
    pub horizons_days: Vec<u32>,
    /// The least numbers of deaths of the labels.
    pub min_deaths: Vec<u32>,
    /// Whether the first scheme is calibrated for the main label.
    pub calibrate: bool,
    /// What of the first scheme is tuned for the main label.
    pub tune: Option<Tuning>,
}

impl Default for HindcastQuery {
    /// The default scheme, every year, incidents within 25 and 50 km in the next 365 days.
    fn default() -> Self {
        Self {
            schemes: vec![Scheme::default()],
            coverage: CoverageChoice::default(),
            from: None,
            to: None,
            every: Every::Years(1),
            radii: vec![Length::from_km(25.0), Length::from_km(50.0)],
            horizons_days: vec![365],
            min_deaths: vec![0],
            calibrate: false,
            tune: None,
        }
    }
}

/// The time between origins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Calendar years.
    Years(u32),
    /// Calendar months.
    Months(u32),
    /// Days.
    Days(u32),
}

impl FromStr for Every {
    type Err = Error;

    /// Parses `1y`, `6m` or `90d`.
    fn from_str(text: &str) -> Result<Self> {
        let refused = || {
            let text = text.escape_debug();
            let message = format!("\"{text}\" is not a number of years, months or days");
            Error::usage(Code::SettingInvalid, message).with_hint("such as 1y, 6m or 90d")
        };
        let plain = text.trim();
        let unit = plain.chars().next_back().ok_or_else(refused)?;
        let number = plain.strip_suffix(unit).and_then(|number| number.trim().parse().ok());
        let number =
            number.filter(|number| (1..=MOST_DAYS).contains(number)).ok_or_else(refused)?;
        match unit {
            'y' => Ok(Self::Years(number)),
            'm' => Ok(Self::Months(number)),
            'd' => Ok(Self::Days(number)),
            _ => Err(refused()),
        }
    }
}

impl fmt::Display for Every {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Years(number) => write!(f, "{number}y"),
            Self::Months(number) => write!(f, "{number}m"),
            Self::Days(number) => write!(f, "{number}d"),
        }
    }
}

impl Every {
    /// The day so many steps before another: the same day of the month, or its last.
    fn before(self, day: Date, steps: usize) -> Option<Date> {
        let steps = i64::try_from(steps).ok()?;
        let span = match self {
            Self::Years(years) => Span::new().try_years(steps.checked_mul(i64::from(years))?),
            Self::Months(months) => Span::new().try_months(steps.checked_mul(i64::from(months))?),
            Self::Days(days) => Span::new().try_days(steps.checked_mul(i64::from(days))?),
        };
        day.checked_sub(span.ok()?).ok()
    }
}

/// The last day of a horizon that begins after an origin.
pub(super) fn end_of(origin: Date, horizon_days: u32) -> Date {
    origin.saturating_add(i64::from(horizon_days).days())
}

impl HindcastQuery {
    /// Refuses what cannot be asked.
    ///
    /// # Errors
    /// No scheme, two of the same name, or one without a security score; no label; a radius, horizon or number out of
    /// range.
    pub fn check(&self) -> Result<()> {
        let refuse = |code, message: String| Err(Error::usage(code, message));
        for (at, scheme) in self.schemes.iter().enumerate() {
            let name = &scheme.name;
            if self.schemes.iter().skip(at + 1).any(|other| other.name == *name) {
                let message = format!("two schemes are called \"{}\"", name.escape_debug());
                return Err(Error::usage(Code::SettingsConflict, message)
                    .with_hint("give one of them another name = \"...\" at the top of its file"));
            }
            if !scheme.security.enabled {
                let message =
                    format!("the scheme \"{}\" has no security score", name.escape_debug());
                return refuse(Code::SettingsConflict, message);
            }
        }
        if self.schemes.is_empty() {
            return refuse(Code::SettingInvalid, "no scheme is given".into());
        }
        if self.radii.is_empty() || self.horizons_days.is_empty() || self.min_deaths.is_empty() {
            return refuse(Code::SettingInvalid, "there is nothing to be told".into());
        }
        let far = |radius: &&Length| **radius == Length::ZERO || radius.km() > MOST_KM;
        if let Some(radius) = self.radii.iter().find(far) {
            let message = format!("⟦~within⟧: {radius} is not above 0 and at most {MOST_KM}km");
            return refuse(Code::SettingInvalid, message);
        }
        let long = |days: &&u32| !(1..=MOST_DAYS).contains(*days);
        if let Some(days) = self.horizons_days.iter().find(long) {
            let message = format!("⟦~horizon⟧: {days}d is not from 1d to {MOST_DAYS}d");
            return refuse(Code::SettingInvalid, message);
        }
        Ok(())
    }

    /// The labels, each once: by radius, then horizon, then deaths.
    pub(super) fn labels(&self) -> Vec<Label> {
        let mut labels: Vec<Label> = Vec::new();
        for &radius in &self.radii {
            for &horizon_days in &self.horizons_days {
                for &min_deaths in &self.min_deaths {
                    let label = Label { radius, horizon_days, min_deaths };
                    if !labels.contains(&label) {
                        labels.push(label);
                    }
                }
            }
        }
        labels
    }

    /// The radii, each once.
    pub(super) fn radii(&self) -> Vec<Length> {
        let mut radii: Vec<Length> = Vec::new();
        for &radius in &self.radii {
            if !radii.contains(&radius) {
                radii.push(radius);
            }
        }
        radii
    }

    /// The origins, ascending, where incidents are covered from a first to a last day.
    ///
    /// # Errors
    /// A horizon that ends after the last day; no origin from the first to the last one; too many.
    pub(super) fn origins(&self, (first, last): (Date, Date)) -> Result<Vec<Date>> {
        let longest = self.horizons_days.iter().copied().max().unwrap_or(0);
        let latest = last.saturating_sub(i64::from(longest).days());
        let to = self.to.unwrap_or(latest);
        if to > latest {
            return Err(Error::usage(
                Code::SettingInvalid,
                format!(
                    "⟦~to⟧ {to}: its {longest} days end on {}, and incidents are known until {last}",
                    end_of(to, longest)
                ),
            )
            .with_hint(format!("the last day whose horizon is known: ⟦to={latest}⟧")));
        }
        let from = self.from.unwrap_or_else(|| first.saturating_add(2.years()));
        if to < from {
            let message = match self.from {
                Some(_) => format!("⟦~from⟧ {from} is after the last origin, {to}"),
                None => format!(
                    "incidents are known from {first} to {last}, too short for two years before the first origin and \
                     {longest} days after the last"
                ),
            };
            return Err(Error::usage(Code::SettingInvalid, message).with_hint(
                "say when it begins, ⟦from=YYYY-MM-DD⟧, or look ahead less far, ⟦horizon=90d⟧",
            ));
        }
        let steps = (0..=MOST_ORIGINS).map_while(|steps| self.every.before(to, steps));
        let mut origins: Vec<Date> = steps.take_while(|origin| *origin >= from).collect();
        if origins.len() > MOST_ORIGINS {
            return Err(Error::usage(
                Code::SettingInvalid,
                format!(
                    "⟦~every⟧ {}: more than {MOST_ORIGINS} origins from {from} to {to}",
                    self.every
                ),
            ));
        }
        origins.reverse();
        Ok(origins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn query(every: &str, horizon: u32) -> HindcastQuery {
        let every = every.parse().expect("a step");
        HindcastQuery { every, horizons_days: vec![horizon], ..HindcastQuery::default() }
    }

    #[test]
    fn origins_are_counted_back_from_the_last_whose_horizon_is_known() {
        let known = (date(1989, 1, 25), date(2021, 12, 31));
        let yearly = query("1y", 365).origins(known).expect("origins");
        assert_eq!((yearly[0], yearly[yearly.len() - 1]), (date(1991, 12, 31), date(2020, 12, 31)));
        assert_eq!(yearly.len(), 30);
        // The ends of months stay ends of months.
        let months = HindcastQuery {
            from: Some(date(2020, 1, 1)),
            to: Some(date(2020, 5, 31)),
            ..query("1m", 90)
        };
        let months = months.origins(known).expect("origins");
        let days: Vec<i8> = months.iter().map(|day| day.day()).collect();
        assert_eq!(days, [31, 29, 31, 30, 31]);
        let one = HindcastQuery { from: Some(date(2020, 10, 2)), ..query("90d", 90) };
        assert_eq!(
            one.origins(known).expect("origins"),
            [date(2021, 7, 4), date(2021, 10, 2)].split_at(1).1
        );
    }

    #[test]
    fn what_cannot_be_known_is_refused_with_the_right_day() {
        let known = (date(1989, 1, 25), date(2021, 12, 31));
        let late = HindcastQuery { to: Some(date(2021, 1, 1)), ..query("1y", 365) };
        let error = late.origins(known).expect_err("too late");
        assert!(error.to_string().contains("2022-01-01"), "{error}");
        assert!(error.hint().expect("a hint").contains("2020-12-31"));
        let reverse = HindcastQuery { from: Some(date(2021, 1, 1)), ..query("1y", 365) };
        assert!(reverse.origins(known).is_err());
        let short = (date(2020, 1, 1), date(2021, 12, 31));
        assert!(
            query("1y", 365).origins(short).expect_err("short").to_string().contains("too short")
        );
        let many = HindcastQuery { from: Some(date(1989, 1, 25)), ..query("1d", 90) };
        assert!(many.origins(known).is_err());
    }

    #[test]
    fn steps_are_years_months_or_days() {
        for (text, every) in
            [("1y", Every::Years(1)), (" 6m", Every::Months(6)), ("90 d", Every::Days(90))]
        {
            assert_eq!(text.parse::<Every>().expect("a step"), every);
        }
        for wrong in ["", "y", "0d", "1w", "-1y", "1.5y", "1é", "99999999999y"] {
            assert!(wrong.parse::<Every>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn two_schemes_of_one_name_and_impossible_labels_are_refused() {
        let default = HindcastQuery::default();
        assert!(default.check().is_ok());
        let twice = [default.schemes.clone(), default.schemes.clone()].concat();
        assert!(HindcastQuery { schemes: twice, ..default.clone() }.check().is_err());
        let mut off = default.clone();
        off.schemes[0].security.enabled = false;
        assert!(off.check().is_err());
        assert!(HindcastQuery { radii: vec![Length::ZERO], ..default.clone() }.check().is_err());
        assert!(HindcastQuery { horizons_days: vec![0], ..default.clone() }.check().is_err());
        assert!(HindcastQuery { min_deaths: vec![], ..default.clone() }.check().is_err());
        let labels = HindcastQuery { min_deaths: vec![0, 5, 0], ..default }.labels();
        let columns: Vec<String> = labels.iter().map(Label::column).collect();
        assert_eq!(columns[..2], ["event_25km_365d", "event_25km_365d_min5"]);
        assert_eq!(labels.len(), 4);
    }
}
