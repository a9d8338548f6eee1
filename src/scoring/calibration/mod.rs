//! A calibration: how often the intensities of a scheme were followed by an event. Only with one does a security score
//! have a probability; it holds for the scheme to which it was fitted and for no other.

mod file;
mod words;

use super::Scheme;
use super::skill::Logistic;
use crate::{Code, Error, Result};
use jiff::civil::Date;
use serde::Serialize;

/// The probability of an event by the intensity behind a security score, with what it was fitted to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(into = "file::Written")]
pub struct Calibration {
    /// The event.
    pub event: Event,
    /// Its probability by the intensity. The slope is not negative.
    pub logistic: Logistic,
    /// The number of scores to which it was fitted: sites times past days.
    pub site_origins: u32,
    /// How many of them were followed by the event.
    pub positives: u32,
    /// The past days.
    pub origins: Origins,
    /// The name of the scheme of the scores.
    pub scheme: String,
    /// The [hash](Scheme::hash) of its numbers.
    pub scheme_hash: String,
    /// The files of the scores.
    pub sources: Vec<Source>,
}

/// What a calibration gives the probability of: one or more security incidents that begin near a site within a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// The greatest distance from the site.
    ///
    /// # Units
    /// Kilometers.
    pub radius_km: f64,
    /// The number of days, counted from the one after the day as of which the site is scored.
    pub horizon_days: u32,
    /// The least number of deaths, by the best estimate; with 0, incidents without deaths count.
    pub min_deaths: u32,
}

/// The past days as of which sites were scored for a fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origins {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// How many there are.
    pub number: u32,
}

/// A file behind a fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// `sites` or `incidents`.
    pub role: String,
    /// Its name.
    pub file: String,
    /// The data set it was recognized as, or how its columns were found.
    pub layout: String,
    /// BLAKE3 of its bytes, in hex.
    pub hash: String,
}

impl Calibration {
    /// Reads a calibration from TOML; `file` names it in messages.
    ///
    /// # Errors
    /// A usage error with line and column for invalid TOML, an unknown or missing key, a value of the wrong type, or
    /// a number or day that cannot be: all of these, one per line.
    pub fn from_toml(text: &str, file: &str) -> Result<Self> {
        file::read(text, file)
    }

    /// The calibration as a file, with comments. [`Self::from_toml`] reads the same calibration from it.
    pub fn to_toml(&self) -> String {
        file::write(self)
    }

    /// The BLAKE3 hash of everything in it, in hex.
    pub fn hash(&self) -> String {
        blake3::hash(self.to_toml().as_bytes()).to_hex().to_string()
    }

    /// Whether it was fitted under a scheme with these numbers.
    pub fn is_of(&self, scheme: &Scheme) -> bool {
        self.scheme_hash == scheme.hash()
    }

    /// Refuses schemes of which none has the numbers it was fitted under.
    ///
    /// # Errors
    /// The schemes are others; the message has the names and hashes of all.
    pub fn check(&self, schemes: &[Scheme]) -> Result<()> {
        if schemes.iter().any(|scheme| self.is_of(scheme)) {
            return Ok(());
        }
        let named =
            |name: &str, hash: &str| format!("\"{}\" with the hash {hash}", name.escape_debug());
        let others: Vec<String> =
            schemes.iter().map(|scheme| named(&scheme.name, &scheme.hash())).collect();
        Err(Error::usage(
            Code::CalibrationForeign,
            format!(
                "⟦~calibration⟧: was fitted under the scheme {}, but in force is {}",
                named(&self.scheme, &self.scheme_hash),
                others.join(", ")
            ),
        )
        .with_hint("score under the scheme it was fitted under, or fit one under this scheme"))
    }

    /// The probability of the event at a site, by the intensity behind its security score. It never falls with the
    /// intensity.
    pub fn probability(&self, intensity: f64) -> f64 {
        self.logistic.at(intensity)
    }
}
