//! Calibrations in sentences. With [`super::Calibration::from_toml`] these are the only places where a score and a
//! probability meet.

use super::{Calibration, Event, Origins};
use crate::scoring::thousands;
use jiff::civil::Date;
use std::collections::BTreeSet;

impl Event {
    /// What happens, as a sentence without its end: `one or more security incidents with 5 deaths or more begin within
    /// 25 km`.
    fn words(&self) -> String {
        let Self { radius_km, min_deaths, .. } = self;
        let deaths = match min_deaths {
            0 => String::new(),
            1 => " with deaths".to_owned(),
            deaths => format!(" with {deaths} deaths or more"),
        };
        format!("one or more security incidents{deaths} begin within {radius_km} km")
    }
}

impl Calibration {
    /// What the probability is, as the description of a column.
    pub fn about(&self) -> String {
        format!(
            "Probability that {} in the {} days after the as-of date, or after security_data_until if security_data_ended; \
             by the calibration of the run; missing without security_score",
            self.event.words(),
            self.event.horizon_days
        )
    }

    /// A site's probability with what it was fitted to. `after` is the day as of which the site is scored.
    pub fn sentence(&self, probability: f64, after: Option<Date>) -> String {
        let after = after.map_or_else(|| "the as-of date".to_owned(), |day| day.to_string());
        format!(
            "Probability that {} in the {} days after {after}: {}. {}",
            self.event.words(),
            self.event.horizon_days,
            percent(probability),
            self.fitted()
        )
    }

    /// What it was fitted to, in a sentence.
    pub fn fitted(&self) -> String {
        let Self { site_origins, positives, origins: Origins { from, to, number }, .. } = self;
        let files: BTreeSet<&str> = self
            .sources
            .iter()
            .filter(|source| source.role == "incidents")
            .map(|source| source.file.as_str())
            .collect();
        let files = files.into_iter().collect::<Vec<_>>().join(", ");
        let of = if files.is_empty() { files } else { format!(" of {files}") };
        let days = match number {
            1 => format!("as of {from}"),
            _ => format!("as of {number} days from {from} to {to}"),
        };
        format!(
            "Fitted to {} scores of sites {days}{of}, of which {} ({}) were followed by that.",
            thousands(i64::from(*site_origins)),
            thousands(i64::from(*positives)),
            percent(f64::from(*positives) / f64::from(*site_origins))
        )
    }
}

/// A probability in percent, never as a certainty.
fn percent(probability: f64) -> String {
    match 100.0 * probability {
        p if p < 0.5 => "under 1 %".to_owned(),
        p if p >= 99.5 => "over 99 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}
