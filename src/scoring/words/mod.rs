//! Sentences that explain a risk: the score, its drivers, and what is unknown and why. The wording is neutral;
//! incidents are described in the words of their source.

mod environment;
mod record;

pub use record::Catalog;

use super::{Band, Bar, Driver, IndicatorCode, Risk, Scheme, Spread, Uncertainty, written};
use crate::earth::Length;
use crate::model::{Countries, CountryCode};
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
    /// How the coverage affects the security score.
    pub coverage: CoverageWords,
    /// How sure the scores are, if that was asked for.
    pub uncertainty: Option<&'a Uncertainty>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IncidentName<'a> {
    /// Its type, in the source's words.
    pub what: &'a str,
    /// Its last day.
    pub date: Option<Date>,
    /// The linked part of the site where the incident counts most, such as `camp`; `None` for the site itself.
    pub part: Option<&'a str>,
}

/// Most drivers named for each score.
const MOST_TOLD: usize = 3;

/// Least share of the score for a driver after the first to be named.
const WORTH_TELLING: f64 = 0.1;

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

/// Explains a risk: the security score with its drivers; the environment score with what lies near, what the site can
/// do, what can strike it, and what is not known. `Security 63.1 (high): 41 % from Explosions/Remote violence 8.2 km away
/// on 2024-03-26. Environment 52.6 (medium, 61 % known; at least 46.9). What lies near: nature 34 (Hazarganji 17 km
/// away), ...`
pub fn explanation(scheme: &Scheme, risk: &Risk, names: &Names<'_>) -> String {
    let environment = environment::sentences(scheme, &risk.environment, names);
    format!("{}. {environment}", security_words(scheme, risk, names))
}

fn security_words(scheme: &Scheme, risk: &Risk, names: &Names<'_>) -> String {
    if !scheme.security.enabled {
        return "Security: not scored by this scheme".into();
    }
    let Some(score) = risk.security.score else {
        let why = match &names.coverage {
            CoverageWords::Uncovered(why) => why.as_str(),
            _ => "no usable incidents were collected at the site",
        };
        return format!("Security: no data, because {why}");
    };
    let until = match &names.coverage {
        CoverageWords::Ended(until) => format!(" {until}"),
        _ => String::new(),
    };
    let told = |(driver, name): (&Driver, &IncidentName<'_>)| {
        let on = name.date.map(|date| format!(" on {date}")).unwrap_or_default();
        let away = away_from(driver.contribution.nearby.distance, name.part);
        format!("{} from {} {away}{on}", percent(driver.share), name.what.trim())
    };
    let drivers: Vec<String> = risk
        .security
        .drivers
        .iter()
        .zip(&names.incidents)
        .enumerate()
        .filter(|(rank, (driver, _))| *rank == 0 || driver.share >= WORTH_TELLING)
        .take(MOST_TOLD)
        .map(|(_, pair)| told(pair))
        .collect();
    let why = if drivers.is_empty() {
        "no incident reported within reach".to_owned()
    } else {
        drivers.join("; ")
    };
    let sure = names.uncertainty.and_then(|uncertainty| uncertainty.security.as_ref());
    let sure = sure.map(|sure| {
        let effective = written::score(sure.effective);
        format!("{}; {effective:.1} effective incidents", interval(&sure.spread))
    });
    let score = with_band_and(score, scheme.bands.of(Some(score)), &sure.unwrap_or_default());
    format!("Security {score}{until}: {why}")
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

/// `Mali, Niger and 3 more countries`; at most five are named.
pub fn country_list(codes: impl ExactSizeIterator<Item = CountryCode>) -> String {
    const MOST_NAMED: usize = 5;
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

/// A distance: `8.2 km`.
fn km(distance: Length) -> String {
    format!("{:.1} km", distance.km())
}

/// A distance: `8.2 km away`, `17 km away`, or `at the site` within 50 meters.
pub(super) fn away(distance: Length) -> String {
    match distance.km() {
        km if km < 0.05 => "at the site".into(),
        km if km < 9.95 => format!("{km:.1} km away"),
        km => format!("{km:.0} km away"),
    }
}

/// A distance with its origin: `8.2 km away` or `8.2 km from its camp`; within 50 meters `at the site` or `at
/// its camp`.
fn away_from(distance: Length, part: Option<&str>) -> String {
    match (distance.km() < 0.05, part) {
        (true, None) => "at the site".into(),
        (true, Some(part)) => format!("at its {part}"),
        (false, None) => format!("{} away", km(distance)),
        (false, Some(part)) => format!("{} from its {part}", km(distance)),
    }
}
