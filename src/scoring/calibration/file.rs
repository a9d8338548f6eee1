//! Calibrations as TOML files.

use super::{Calibration, Event, Origins, Source};
use crate::error::written::{Fault, Guide, refuse_toml, refuse_values};
use crate::scoring::skill::Logistic;
use crate::{Code, Result};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use toml::de::{DeTable, Deserializer};

/// A whole file, with the comments that every file has.
const EXAMPLE: &str = include_str!("example.toml");

const HINT: &str = "`tamarisk hindcast` writes calibrations; docs/FORMATS.md has one";

/// The farthest apart that two places on Earth are, rounded up.
const FARTHEST_KM: f64 = 20_004.0;

/// A century.
const LONGEST_DAYS: u32 = 36_525;

/// The keys of a file, in their order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    radius_km: f64,
    horizon_days: u32,
    min_deaths: u32,
    a: f64,
    b: f64,
    site_origins: u32,
    positives: u32,
    origins: WrittenOrigins,
    scheme: WrittenScheme,
    #[serde(default)]
    sources: Vec<WrittenSource>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOrigins {
    from: String,
    to: String,
    number: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenScheme {
    name: String,
    blake3: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSource {
    role: String,
    file: String,
    layout: String,
    blake3: String,
}

/// Reads a calibration from a file's text; see [`Calibration::from_toml`].
pub(super) fn read(text: &str, file: &str) -> Result<Calibration> {
    const GUIDE: Guide = Guide { code: Code::CalibrationInvalid, whole: EXAMPLE, hint: HINT };
    let refuse = |error: toml::de::Error| refuse_toml(text, file, &error, &GUIDE);
    let table = DeTable::parse(text).map_err(refuse)?;
    let written = Written::deserialize(Deserializer::from(table)).map_err(refuse)?;
    let mut faults = Vec::new();
    let calibration = written.checked(&mut faults);
    match calibration {
        Some(calibration) if faults.is_empty() => Ok(calibration),
        _ => Err(refuse_values(text, file, &faults, Code::CalibrationInvalid, HINT)),
    }
}

impl Written {
    /// The calibration, with whatever in it cannot be. `None` only if there are faults.
    fn checked(self, faults: &mut Vec<Fault>) -> Option<Calibration> {
        let mut fault = |path: &str, why: String| faults.push(Fault::new(&[path], why));
        let Self { radius_km, horizon_days, min_deaths, a, b, site_origins, positives, .. } = self;
        if !(radius_km > 0.0 && radius_km <= FARTHEST_KM) {
            fault("radius_km", format!("{radius_km} is not above 0 and at most {FARTHEST_KM}"));
        }
        if !(1..=LONGEST_DAYS).contains(&horizon_days) {
            fault("horizon_days", format!("{horizon_days} is not between 1 and {LONGEST_DAYS}"));
        }
        if !a.is_finite() {
            fault("a", format!("{a} is not a number"));
        }
        if !(b >= 0.0 && b.is_finite()) {
            fault(
                "b",
                format!(
                    "{b} is below 0 or no number; a higher score would be less likely to be followed"
                ),
            );
        }
        if positives == 0 || positives >= site_origins {
            let why = format!(
                "{positives} of {site_origins} site_origins; expected some of them, and not all"
            );
            fault("positives", why);
        }
        let mut day = |path: &str, text: &str| {
            let day = text.parse::<Date>().ok();
            if day.is_none() {
                let text = text.escape_debug();
                fault(path, format!("\"{text}\" is not a date; expected YYYY-MM-DD"));
            }
            day
        };
        let WrittenOrigins { from, to, number } = self.origins;
        let days = day("origins.from", &from).zip(day("origins.to", &to));
        if days.is_some_and(|(from, to)| from > to) {
            fault("origins.to", format!("{to} is before from, {from}"));
        }
        if number == 0 || number > site_origins {
            let why = format!("{number} is not between 1 and site_origins, {site_origins}");
            fault("origins.number", why);
        }
        let is_hash = |text: &str| {
            text.len() == 64
                && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        };
        let no_hash = |text: &str| {
            format!("\"{}\" is not a hash of 64 digits from 0 to f", text.escape_debug())
        };
        if !is_hash(&self.scheme.blake3) {
            fault("scheme.blake3", no_hash(&self.scheme.blake3));
        }
        for source in self.sources.iter().filter(|source| !is_hash(&source.blake3)) {
            fault("sources", format!("{}: blake3: {}", source.file, no_hash(&source.blake3)));
        }
        let (from, to) = days?;
        let source = |WrittenSource { role, file, layout, blake3 }| Source {
            role,
            file,
            layout,
            hash: blake3,
        };
        Some(Calibration {
            event: Event { radius_km, horizon_days, min_deaths },
            logistic: Logistic { a, b },
            site_origins,
            positives,
            origins: Origins { from, to, number },
            scheme: self.scheme.name,
            scheme_hash: self.scheme.blake3,
            sources: self.sources.into_iter().map(source).collect(),
        })
    }
}

impl From<Calibration> for Written {
    fn from(calibration: Calibration) -> Self {
        let Calibration { event, logistic, site_origins, positives, origins, .. } = calibration;
        let source = |Source { role, file, layout, hash }| WrittenSource {
            role,
            file,
            layout,
            blake3: hash,
        };
        Self {
            radius_km: event.radius_km,
            horizon_days: event.horizon_days,
            min_deaths: event.min_deaths,
            a: logistic.a,
            b: logistic.b,
            site_origins,
            positives,
            origins: WrittenOrigins {
                from: origins.from.to_string(),
                to: origins.to.to_string(),
                number: origins.number,
            },
            scheme: WrittenScheme { name: calibration.scheme, blake3: calibration.scheme_hash },
            sources: calibration.sources.into_iter().map(source).collect(),
        }
    }
}

/// The file of a calibration: the comments of the example, and its own values; see [`Calibration::to_toml`].
pub(super) fn write(calibration: &Calibration) -> String {
    let Calibration { event, logistic, site_origins, positives, origins, .. } = calibration;
    let Event { radius_km, horizon_days, min_deaths } = event;
    let values = [
        number(*radius_km),
        horizon_days.to_string(),
        min_deaths.to_string(),
        number(logistic.a),
        number(logistic.b),
        site_origins.to_string(),
        positives.to_string(),
        quoted(&origins.from.to_string()),
        quoted(&origins.to.to_string()),
        origins.number.to_string(),
        quoted(&calibration.scheme),
        quoted(&calibration.scheme_hash),
    ];
    let head = EXAMPLE.split_once("[[sources]]").map_or(EXAMPLE, |(head, _)| head);
    let mut values = values.into_iter();
    let mut text: String = head
        .lines()
        .map(|line| match line.split_once(" = ") {
            Some((key, _)) if !line.starts_with('#') => {
                format!("{key} = {}\n", values.next().unwrap_or_default())
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let sources: Vec<String> = calibration
        .sources
        .iter()
        .map(|Source { role, file, layout, hash }| {
            let [role, file, layout, hash] = [role, file, layout, hash].map(|text| quoted(text));
            format!(
                "[[sources]]\nrole = {role}\nfile = {file}\nlayout = {layout}\nblake3 = {hash}\n"
            )
        })
        .collect();
    text.push_str(&sources.join("\n"));
    text
}

/// A number that TOML reads as the same float.
fn number(number: f64) -> String {
    format!("{number:?}")
}

/// A text in TOML's quotes.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_what_is_written_of_it() {
        let calibration = read(EXAMPLE, "example.toml").expect("a calibration");
        assert_eq!(write(&calibration), EXAMPLE);
    }

    #[test]
    fn any_name_and_number_is_read_back() {
        let mut calibration = read(EXAMPLE, "example.toml").expect("a calibration");
        calibration.scheme = "a \"b\" = c\n[d]".into();
        calibration.logistic = Logistic { a: -1.0 / 3.0, b: 1e-300 };
        calibration.event.radius_km = 2.5;
        for sources in [calibration.sources.clone(), Vec::new()] {
            calibration.sources = sources;
            let text = write(&calibration);
            assert_eq!(read(&text, "other.toml").expect("readable"), calibration, "{text}");
        }
    }
}
