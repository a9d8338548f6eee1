//! The security score in sentences: what happened, where and when, how sure it is, and what would change it.

use super::away::Away;
use super::{Caution, CoverageWords, IncidentName, Names, count, interval, percent, with_band_and};
use crate::earth::Length;
use crate::model::SecurityType;
use crate::scoring::{Driver, Risk, Scheme, security_score, written};
use jiff::civil::Date;

/// Most drivers named.
const MOST_TOLD: usize = 3;

/// Least share of the score for a driver after the first to be named.
const WORTH_TELLING: f64 = 0.1;

/// What was reported around a site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Around {
    /// The radius.
    pub within: Length,
    /// Security incidents, over all time.
    pub incidents: u32,
    /// Deaths reported in them.
    pub deaths: u64,
    /// Those of them whose deaths are not reported.
    pub deaths_unknown: u32,
    /// Those in a window of time.
    pub recent: Option<Recent>,
}

/// The security incidents in the last so many days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recent {
    /// The days.
    pub days: u32,
    /// The incidents.
    pub incidents: u32,
    /// The day from which incidents were collected, if it lies within them.
    pub since: Option<Date>,
}

/// The security score of a risk in whole sentences.
pub(super) fn sentences(scheme: &Scheme, risk: &Risk, names: &Names<'_>) -> String {
    if !scheme.security.enabled {
        return "Security: not scored by this scheme.".into();
    }
    let Some(score) = risk.security.score else {
        let why = match &names.coverage {
            CoverageWords::Uncovered(why) => why.as_str(),
            _ => "no usable incidents were collected at the site",
        };
        return format!("Security: no score, because {why}.");
    };
    let until = match &names.coverage {
        CoverageWords::Ended(until) => format!(" {until}"),
        _ => String::new(),
    };
    let sure = names.uncertainty.and_then(|uncertainty| uncertainty.security.as_ref());
    let sure = sure.map(|sure| {
        let effective = written::score(sure.effective);
        format!("{}; {effective:.1} effective incidents", interval(&sure.spread))
    });
    let told = with_band_and(score, scheme.bands.of(Some(score)), &sure.unwrap_or_default());
    let mut all = vec![format!("Security {told}{until}.")];
    let far = |one: &Caution| matches!(one, Caution::NothingNear { .. });
    let told = names.cautions.iter().any(far);
    all.extend(names.around.filter(|around| around.incidents > 0 || !told).map(reported));
    all.push(drivers(scheme, risk, names));
    all.extend(names.cautions.iter().map(|caution| caution.sentence()));
    all.extend(later(scheme, risk, names));
    all.join(" ")
}

/// How much was reported around the site, and when.
fn reported(around: Around) -> String {
    let many = |number: f64, one: &str| {
        let s = if number == 1.0 { "" } else { "s" };
        format!("{} {one}{s}", count(number))
    };
    #[expect(clippy::cast_precision_loss, reason = "a number of deaths, written whole")]
    let deaths = around.deaths as f64;
    let within = around.within.km();
    if around.incidents == 0 {
        return format!("No security incident was reported within {within:.0} km.");
    }
    let told = match (around.deaths, around.deaths_unknown) {
        (0, 0) => "without deaths reported".to_owned(),
        (0, unknown) if unknown == around.incidents => "reported, deaths not known".to_owned(),
        (0, unknown) => format!("reported, deaths in {} of them not known", count(unknown.into())),
        (_, 0) => format!("with {} reported", many(deaths, "death")),
        _ => format!("with at least {} reported", many(deaths, "death")),
    };
    let recent = around.recent.map(|Recent { days, incidents, since }| {
        let share = match (incidents, around.incidents) {
            (1, 1) => String::new(),
            (0, _) => "none ".to_owned(),
            (recent, all) if recent == all => "all ".to_owned(),
            (recent, _) => format!("{} of them ", count(f64::from(recent))),
        };
        match since {
            Some(since) => format!(", {share}since {since}, when the record begins"),
            None => format!(", {share}in the last {} days", count(f64::from(days))),
        }
    });
    format!(
        "Within {within:.0} km, {} {told}{}.",
        many(f64::from(around.incidents), "security incident"),
        recent.unwrap_or_default()
    )
}

/// The incidents that weigh most, each with what the score is without it.
fn drivers(scheme: &Scheme, risk: &Risk, names: &Names<'_>) -> String {
    let mut quoted: Vec<&str> = Vec::new();
    let told: Vec<String> = risk
        .security
        .drivers
        .iter()
        .zip(&names.incidents)
        .enumerate()
        .filter(|(rank, (driver, _))| *rank == 0 || driver.share >= WORTH_TELLING)
        .take(MOST_TOLD)
        .map(|(rank, (driver, name))| {
            let without = risk.security.without(scheme, driver).map(written::score);
            let [of, is] = if rank == 0 { [" of the score", " the score is"] } else { [""; 2] };
            let without = without.map(|score| format!("; without it{is} {score:.1}"));
            format!(
                "{} ({}{of}{})",
                event(driver, name, &mut quoted),
                percent(driver.share),
                without.unwrap_or_default()
            )
        })
        .collect();
    match told.as_slice() {
        [] => "No incident was reported within reach.".into(),
        [one] => format!("What weighs most is {one}."),
        [first, rest @ ..] => {
            format!("What weighs most is {first}, then {}.", rest.join(", then "))
        }
    }
}

/// An incident: what, where, when, and how many died. The source's own word for its type is told once.
fn event<'a>(driver: &Driver, name: &IncidentName<'a>, quoted: &mut Vec<&'a str>) -> String {
    let IncidentName { what, kind, date, deaths, accuracy, part } = *name;
    let away = Away { distance: driver.contribution.nearby.distance, accuracy, from: part };
    let on = date.map(|date| format!(" on {date}")).unwrap_or_default();
    let with = match deaths {
        None | Some(0) => String::new(),
        Some(1) => ", 1 death".into(),
        Some(deaths) => format!(", {} deaths", count(f64::from(deaths))),
    };
    format!("{} {}{on}{with}", in_words(what.trim(), kind, quoted), away.words())
}

/// A type in plain words, with the source's own beside it unless that says the same or was told before.
fn in_words<'a>(what: &'a str, kind: Option<SecurityType>, quoted: &mut Vec<&'a str>) -> String {
    let Some(plain) = kind.map(SecurityType::plain) else { return what.to_owned() };
    let noun = plain.rsplit(' ').next().unwrap_or(plain);
    let same = what.to_lowercase().contains(noun);
    if same || quoted.contains(&what) {
        return plain.to_owned();
    }
    quoted.push(what);
    format!("{plain} (\"{what}\")")
}

impl SecurityType {
    /// The type with its article, as a sentence has it.
    fn plain(self) -> &'static str {
        match self {
            Self::Explosions => "an explosion or other remote violence",
            Self::Violence => "violence against civilians",
            Self::Battles => "a battle",
            Self::Looting => "looting or destruction of property",
            Self::Riots => "a riot",
            Self::Protests => "a protest",
            Self::Strategic => "an event other than fighting or protest",
            Self::Unknown => "an incident",
        }
    }
}

/// What the score comes to when all its incidents are one half-life older; `None` if it does not change as written, or
/// if nothing is known of the last days.
fn later(scheme: &Scheme, risk: &Risk, names: &Names<'_>) -> Option<String> {
    let current = matches!(names.coverage, CoverageWords::Covered);
    let score = risk.security.score.filter(|_| current)?;
    let days = scheme.security.recency.half_life_days;
    let later = security_score(scheme, risk.security.intensity? / 2.0);
    (written::score(later) < written::score(score)).then(|| {
        format!(
            "If nothing new is reported, it is {:.1} in {} days.",
            written::score(later),
            count(days)
        )
    })
}
