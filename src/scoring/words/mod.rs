//! Sentences that explain a risk: the score, its drivers, and what is unknown and why. The wording is neutral;
//! incidents are described in the words of their source.

mod away;
mod caution;
mod environment;
mod farther;
mod record;
mod security;

pub(super) use away::away;
pub use away::km_as_known;
pub use caution::{COVERED, Caution, OldRecord, Record, ground};
pub use environment::UNKNOWN_LIST;
pub use record::Catalog;
pub use security::{Around, Recent};

use super::{Band, Bar, IndicatorCode, Risk, Scheme, Spread, Uncertainty, written};
use crate::earth::Length;
use crate::model::{Countries, CountryCode, SecurityType};
use jiff::civil::Date;

/// The names that the sentence uses; all texts come from the data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Names<'a> {
    /// The drivers of the security score, strongest first; at least as many as the sentence can name.
    pub incidents: Vec<IncidentName<'a>>,
    /// The accident that drives indicator E5.
    pub accident: Option<IncidentName<'a>>,
    /// The day from which accidents were collected at the site.
    pub accidents_from: Option<Date>,
    /// The earthquakes of the run.
    pub catalog: Option<Catalog>,
    /// What was reported around the site.
    pub around: Option<Around>,
    /// What to know before believing the security score.
    pub cautions: Vec<Caution>,
    /// How the coverage affects the security score.
    pub coverage: CoverageWords,
    /// How sure the scores are, if that was asked for.
    pub uncertainty: Option<&'a Uncertainty>,
    /// The radius that contains the true place of a site that is a point with 90 % probability.
    pub accuracy: Option<Length>,
    /// How well the position is known, to follow `is`, if that has to be told.
    pub position: Option<String>,
}

/// How the coverage affects a security score.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CoverageWords {
    /// No effect: the site is covered.
    #[default]
    Covered,
    /// There is no score. The text is the reason, phrased to follow `because`.
    Uncovered(String),
    /// The score is as of an earlier day. The text is phrased to follow the score.
    Ended(String),
}

/// How the sentence describes an incident.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct IncidentName<'a> {
    /// Its type, in the source's words.
    pub what: &'a str,
    /// Its type among those of the scheme, if it is a security incident.
    pub kind: Option<SecurityType>,
    /// Its last day.
    pub date: Option<Date>,
    /// Deaths, by the best estimate.
    pub deaths: Option<u32>,
    /// The radius that contains its true place with 90 % probability; `None` if the source gives none.
    pub accuracy: Option<Length>,
    /// From what the distance is measured: the linked part of the site where the incident counts most, such as `camp`, or
    /// the site's outline; `None` for a point.
    pub part: Option<&'a str>,
}

impl IndicatorCode {
    /// The word used in schemes and outputs.
    pub fn word(self) -> &'static str {
        self.words()[1]
    }

    /// The short code of the method, such as `E1`.
    pub fn code(self) -> &'static str {
        self.words()[0]
    }

    /// The human-readable label.
    pub fn label(self) -> &'static str {
        self.words()[2]
    }

    /// Code, word and label.
    fn words(self) -> [&'static str; 3] {
        match self {
            Self::SensitiveAreas => ["E1", "sensitive_areas", "sensitive areas"],
            Self::WaterStress => ["E2", "water_stress", "water stress"],
            Self::Seismic => ["E3", "seismic", "earthquakes"],
            Self::WaterNearby => ["E4", "water_nearby", "rivers and water bodies"],
            Self::Accidents => ["E5", "accidents", "accidents"],
            Self::People => ["E6", "people", "people nearby"],
            Self::Species => ["E7", "species", "species"],
            Self::Habitat => ["E8", "habitat", "natural habitat"],
            Self::Downstream => ["E9", "downstream", "people downstream"],
            Self::Tailings => ["E10", "tailings", "tailings"],
            Self::Flood => ["E12", "flood", "floods"],
            Self::Outburst => ["E13", "outburst", "outburst floods"],
        }
    }
}

impl Bar {
    /// The question that the bar answers.
    pub fn question(self) -> &'static str {
        match self {
            Self::Nature | Self::Water | Self::People => "what lies near",
            Self::Pressure => "what it can do",
            Self::Hazard => "what can strike it",
        }
    }

    /// The word used in schemes and outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nature => "nature",
            Self::Water => "water",
            Self::People => "people",
            Self::Pressure => "pressure",
            Self::Hazard => "hazard",
        }
    }
}

/// Explains a risk: the security score, with what was reported, what weighs most and what to know before believing it;
/// the environment score with what lies near, what the site can do, what can strike it, and what is not known.
/// `Security 63.1 (high). Within 50 km, 12 security incidents with 9 deaths reported, 3 of them in the last 365 days. What
/// weighs most is a battle about 8 km away on 2024-03-26 (41 % of the score; without it the score is 55.2). ...`
pub fn explanation(scheme: &Scheme, risk: &Risk, names: &Names<'_>) -> String {
    let environment = environment::sentences(scheme, &risk.environment, names);
    let position = names.position.as_ref();
    let position = position.map(|told| format!(" The site's position is {told}."));
    let security = security::sentences(scheme, risk, names);
    format!("{security} {environment}{}", position.unwrap_or_default())
}

/// An integer with thousands separators: `1,792`.
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let sign = if number < 0 { "-" } else { "" };
    let mut text = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A country's display name, or its code if the borders have no name for it.
pub fn country_name(code: CountryCode) -> String {
    let country = Countries::built_in().find(code);
    country.map_or_else(|| code.to_string(), |country| country.name.clone())
}

/// The most countries that a list names.
pub const MOST_NAMED: usize = 5;

/// `Mali, Niger and 3 more countries`; at most five are named.
pub fn country_list(codes: impl ExactSizeIterator<Item = CountryCode>) -> String {
    let more = codes.len().saturating_sub(MOST_NAMED);
    let mut names: Vec<String> = codes.take(MOST_NAMED).map(country_name).collect();
    let last = match more {
        0 => names.pop(),
        1 => Some("1 more country".to_owned()),
        more => Some(format!("{more} more countries")),
    };
    match (names.is_empty(), last) {
        (false, Some(last)) => format!("{} and {last}", names.join(", ")),
        (_, last) => last.unwrap_or_default(),
    }
}

/// The interval of a score, to follow its band: `; 51 to 70`.
fn interval(spread: &Spread) -> String {
    let [low, high] = spread.score.map(written::score);
    if low < high { format!("; {low:.0} to {high:.0}") } else { String::new() }
}

/// A score with its band and more beside it: `52.6 (medium, 61 % known)`.
fn with_band_and(score: f64, band: Band, more: &str) -> String {
    format!("{:.1} ({band}{more})", written::score(score))
}

/// A number of people or of other things, rounded: `1,792`.
pub(super) fn count(number: f64) -> String {
    let digits = format!("{number:.0}");
    digits.parse().map_or(digits, thousands)
}

/// A share in percent: `41 %`, or `< 1 %` for small positive shares.
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 0.5 {
        "< 1 %".into()
    } else {
        format!("{:.0} %", percent.round())
    }
}

/// A share that outputs write with three decimals, in percent of what is written, so that all of them say the same.
pub fn percent_known(share: f64) -> String {
    percent((share * 1e3).round() / 1e3)
}
