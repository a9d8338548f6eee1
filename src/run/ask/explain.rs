//! Explains scores: every contribution of every incident, unrounded, so that they add up to the score, and
//! every environment indicator with its driver.

use super::bring::Bring;
use super::explain_event::EventExplanation;
use super::explain_rasters::{RasterExplanation, explain_rasters};
use super::explain_sure::{EnvironmentSure, SecuritySure};
use super::rest::Rest;
use super::score::score_one;
use crate::Remedy;
use crate::earth::Length;
use crate::error::remedies;
use crate::layers::{Context, CountedIncident, Scored, event_name};
use crate::measures::{Contribution, Listed, Until};
use crate::model::{Said, Site};
use crate::run::{Case, Sites};
use crate::scoring::{
    BarRisk, EnvironmentRisk, Indicator, IndicatorCode, country_name, security_score, severity,
};
use serde::Serialize;

/// The breakdown of one site's scores.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The site's id.
    pub site: String,
    /// Its name.
    pub name: String,
    /// Degrees.
    pub lon: f64,
    /// Degrees.
    pub lat: f64,
    /// The country it lies in, by the built-in borders.
    pub country: Option<String>,
    /// That country's display name.
    pub country_name: Option<String>,
    /// The date at which ages are computed.
    pub as_of: Option<String>,
    /// The scheme in force.
    pub scheme: String,
    /// The security score.
    pub security: SecurityExplanation,
    /// The environment score.
    pub environment: EnvironmentExplanation,
    /// The two together.
    pub overall: OverallExplanation,
    /// The scores explained in a few sentences.
    pub explanation: String,
}

/// The breakdown of the security score.
#[derive(Debug, Clone, Serialize)]
pub struct SecurityExplanation {
    /// 0 to 100; `None` if no incidents were collected.
    pub score: Option<f64>,
    /// Its band.
    pub band: &'static str,
    /// The kernel sum behind it.
    pub intensity: Option<f64>,
    /// What the score came to, by the case's calibration; `None` without one or without a score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<EventExplanation>,
    /// Share of the coverage buffer in which incidents were collected, 0 to 1.
    pub coverage: f64,
    /// The last day up to which incidents were collected at the site; `None` if none ever were.
    pub data_until: Option<String>,
    /// Whether that day is so long before the as-of date that a lack of incidents no longer counts as
    /// calm.
    pub data_ended: Option<bool>,
    /// What to know before believing it, in sentences: nothing near, one event, coarse positions, partly covered.
    pub cautions: Vec<String>,
    /// How sure it is, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<SecuritySure>,
    /// The incidents that count, strongest first; with the rest their contributions add up to the score.
    pub contributions: Vec<IncidentContribution>,
    /// The weaker incidents, if only some were asked for and there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rest: Option<Rest>,
}

/// The contribution of one incident.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentContribution {
    /// The incident.
    pub id: String,
    /// Points of the score.
    pub contribution: f64,
    /// What the score would be without it.
    pub score_without: f64,
    /// Share of the score, 0 to 1.
    pub share: f64,
    /// Part of the intensity.
    pub intensity: f64,
    /// Kilometers to the site, or to the part of it that counts.
    pub distance_km: f64,
    /// The radius in km that contains its true place with 90 % probability, if known.
    pub position_accuracy_km: Option<f64>,
    /// Degrees clockwise from north, as seen from the site.
    pub bearing_deg: f64,
    /// Days from its last day to the as-of date, or to the day as of which the site is scored.
    pub age_days: Option<i64>,
    /// Its last day.
    pub date: Option<String>,
    /// What every output calls it: its most precise type, in the source's words.
    pub name: String,
    /// The type in the source's words.
    pub event_type: String,
    /// Who took part, as claimed by the source; plays no part in the score.
    pub actors_claimed: Option<String>,
    /// The name of the place in the source.
    pub location: Option<String>,
    /// Who reported it, according to the source.
    pub source: Option<String>,
    /// Link to the report, according to the source.
    pub source_url: Option<String>,
    /// Deaths, by the best estimate.
    pub fatalities: Option<u32>,
    /// Type weight × fatality factor.
    pub severity: f64,
    /// The id of the site's part where the incident counts.
    pub part: String,
}

/// The breakdown of the environment score.
#[derive(Debug, Clone, Serialize)]
pub struct EnvironmentExplanation {
    /// 0 to 100, with reference values for what is not known; `None` if too little is known.
    pub score: Option<f64>,
    /// Its band.
    pub band: &'static str,
    /// What is known alone gives at least this, 0 to 100; `None` if nothing is known.
    pub at_least: Option<f64>,
    /// Share of the weights that is known, 0 to 1.
    pub coverage: f64,
    /// How sure the score is, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<EnvironmentSure>,
    /// The bars: surroundings, pressure, and the hazard, which is outside the score.
    pub bars: Vec<BarExplanation>,
    /// Every indicator; contributions and assumed points add up to the score.
    pub indicators: Vec<IndicatorExplanation>,
    /// The values of each raster around the site; left out without rasters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rasters: Vec<RasterExplanation>,
    /// The indicators of which nothing is known, and how to bring them.
    pub unknown: Vec<Unknown>,
}

/// One bar.
#[derive(Debug, Clone, Serialize)]
pub struct BarExplanation {
    /// Its name.
    pub bar: &'static str,
    /// 0 to 100, with reference values for what is not known; `None` if nothing is known.
    pub score: Option<f64>,
    /// What is known alone gives at least this, 0 to 100.
    pub at_least: Option<f64>,
    /// Share of its weights that is known, 0 to 1.
    pub coverage: f64,
    /// Its share of the weights of the score; 0 for the hazard.
    pub weight: f64,
    /// The indicator that adds most to it.
    pub driver: Option<&'static str>,
    /// Its indicators of which nothing is known.
    pub missing: Vec<&'static str>,
}

/// One indicator.
#[derive(Debug, Clone, Serialize)]
pub struct IndicatorExplanation {
    /// Its name.
    pub indicator: &'static str,
    /// The bar to which it belongs.
    pub bar: &'static str,
    /// What is known shows at least this, 0 to 1; `None` if nothing is known.
    pub value: Option<f64>,
    /// The share of it that is known, 0 to 1.
    pub known: f64,
    /// Its weight in the score; for the bar `hazard` in the bar.
    pub weight: f64,
    /// Points of the score from what is known; `None` without a score and for the hazard.
    pub contribution: Option<f64>,
    /// Points of the score from the reference value, for what is not known.
    pub assumed: Option<f64>,
    /// The id of the receptor or accident that determines the value.
    pub driver: Option<String>,
    /// The driver's name or type.
    pub driver_name: Option<String>,
    /// Kilometers to the driver.
    pub distance_km: Option<f64>,
    /// Degrees clockwise from north.
    pub bearing_deg: Option<f64>,
    /// A note for the reader.
    pub note: Option<String>,
}

/// An indicator of which nothing is known.
#[derive(Debug, Clone, Serialize)]
pub struct Unknown {
    /// Its name.
    pub indicator: &'static str,
    /// Its human-readable label.
    pub label: &'static str,
    /// Why it is unknown.
    pub why: Option<String>,
    /// Settings that would bring it.
    pub remedies: Vec<Remedy>,
    /// The same in words, marked up for [`Face::words`](crate::Face::words); empty if nothing would help.
    #[serde(skip)]
    pub bring: String,
}

/// The two scores together.
#[derive(Debug, Clone, Serialize)]
pub struct OverallExplanation {
    /// 0 to 100; `None` unless both scores exist.
    pub score: Option<f64>,
    /// Its band.
    pub band: &'static str,
    /// The cell of the two bands.
    pub risk_cell: String,
}

/// Breaks down the scores of one of a case's sites; `None` if the index is out of range. So many incidents are listed at
/// most, the strongest; all without a number. Without a number the score is the sum of exact terms; with one it is that of the
/// layer `sites`, which differs by 0.005 points at most and takes far less time where many incidents are in reach.
///
/// ```
/// use tamarisk::run::{self, Cancel, Case, Unwatched};
///
/// let case = Case::open(&run::demo(), &Unwatched, &Cancel::new())?;
/// let explanation = run::explain(&case, case.sites.called("Reko Diq")?, None);
/// let security = explanation.map(|of| of.security).expect("the site was found by name");
/// let points: f64 = security.contributions.iter().map(|one| one.contribution).sum();
/// assert!((points - security.score.unwrap_or(0.0)).abs() < 1e-6);
/// # Ok::<(), tamarisk::Error>(())
/// ```
pub fn explain(case: &Case, site: usize, most: Option<usize>) -> Option<Explanation> {
    explain_of(case, &case.sites, site, most)
}

/// Breaks down the scores of a place that is not among the case's sites, as if it were a site; incidents are listed as by
/// [`explain`].
///
/// ```
/// use tamarisk::earth::{Length, Position};
/// use tamarisk::model::Site;
/// use tamarisk::run::{self, Cancel, Case, Unwatched};
///
/// let case = Case::open(&run::demo(), &Unwatched, &Cancel::new())?;
/// let position = Position::from_degrees(66.9, 30.1).expect("degrees on Earth");
/// let camp = Site::at("camp", "New camp", position, Some(Length::from_km(1.0)));
/// let explanation = run::risk(&case, camp, None).expect("a place has an explanation");
/// assert!(explanation.security.score > Some(0.0));
/// # Ok::<(), tamarisk::Error>(())
/// ```
pub fn risk(case: &Case, place: Site, most: Option<usize>) -> Option<Explanation> {
    explain_of(case, &Sites::link(vec![place]), 0, most)
}

fn explain_of(case: &Case, sites: &Sites, site: usize, most: Option<usize>) -> Option<Explanation> {
    let known = sites.list.get(site)?;
    let (scored, faults) = score_one(case, sites, site)?;
    let bands = &case.scheme.bands;
    let security = explain_security(case, sites, &scored, most)?;
    let mut environment = explain_environment(case, sites, &scored);
    environment.rasters = explain_rasters(case, &scored, &faults);
    Some(Explanation {
        site: known.id.clone(),
        name: known.name.clone(),
        lon: known.position.lon(),
        lat: known.position.lat(),
        country: scored.country.map(|code| code.to_string()),
        country_name: scored.country.map(country_name),
        as_of: case.as_of.map(|date| date.to_string()),
        scheme: case.scheme.name.clone(),
        security,
        environment,
        overall: OverallExplanation {
            score: scored.risk.overall,
            band: bands.of(scored.risk.overall).word(),
            risk_cell: scored.risk.cell.to_string(),
        },
        explanation: case.context_of(sites).explanation(&scored),
    })
}

fn explain_security(
    case: &Case,
    sites: &Sites,
    scored: &Scored,
    most: Option<usize>,
) -> Option<SecurityExplanation> {
    let context = case.context_of(sites);
    let bands = &case.scheme.bands;
    let coverage = scored.quantities.security.coverage;
    let (data_until, data_ended) = match context.collected_until(scored) {
        Until::Never => (None, None),
        Until::Current(day) => (Some(day.to_string()), Some(false)),
        Until::Ended(day) => (Some(day.to_string()), Some(true)),
    };
    if scored.risk.security.score.is_none() {
        let contributions = Vec::new();
        return Some(SecurityExplanation {
            score: None,
            band: bands.of(None).word(),
            intensity: None,
            event: None,
            coverage,
            data_until,
            data_ended,
            cautions: Vec::new(),
            uncertainty: None,
            contributions,
            rest: None,
        });
    }
    let subject = case.subject(sites, scored.site)?;
    let (security, as_of) = case.security_at(subject.position, scored.country);
    let Listed { total: intensity, count, strongest } = match most {
        Some(most) => security.listed(&subject, most, scored.quantities.security.intensity.total),
        None => Listed::of(security.contributions(&subject), usize::MAX),
    };
    let score = security_score(&case.scheme, intensity);
    let describe = |term: &Contribution| {
        let CountedIncident { incident, date, km, bearing, part } =
            context.counted(scored.site, term)?;
        let share = if intensity > 0.0 { term.intensity / intensity } else { 0.0 };
        let said = |said| incident.own.said(said).map(str::to_owned);
        Some(IncidentContribution {
            id: incident.id.to_string(),
            contribution: score * share,
            score_without: security_score(&case.scheme, (intensity - term.intensity).max(0.0)),
            share,
            intensity: term.intensity,
            distance_km: km,
            position_accuracy_km: incident.accuracy.map(Length::km),
            bearing_deg: bearing,
            age_days: incident.date.zip(as_of).map(|(date, as_of)| date.age_at(as_of)),
            date: date.map(|date| date.to_string()),
            name: event_name(incident).to_owned(),
            event_type: incident.event_type.to_string(),
            actors_claimed: said(Said::Actors),
            location: said(Said::Location),
            source: said(Said::Source),
            source_url: said(Said::Link),
            fatalities: incident.fatalities,
            severity: severity(&case.scheme, incident),
            part: part.or(context.sites.get(scored.site))?.id.clone(),
        })
    };
    let contributions: Vec<IncidentContribution> = strongest.iter().filter_map(describe).collect();
    let rest = Rest::of(score, count, &contributions);
    Some(SecurityExplanation {
        score: Some(score),
        band: bands.of(Some(score)).word(),
        intensity: Some(intensity),
        event: EventExplanation::of(case, sites, scored),
        coverage,
        data_until,
        data_ended,
        cautions: context.cautions(scored).iter().map(|one| one.sentence()).collect(),
        uncertainty: SecuritySure::of(scored),
        contributions,
        rest,
    })
}

fn explain_environment(case: &Case, sites: &Sites, scored: &Scored) -> EnvironmentExplanation {
    let context = case.context_of(sites);
    let risk = &scored.risk.environment;
    EnvironmentExplanation {
        score: risk.score,
        band: case.scheme.bands.of(risk.score).word(),
        at_least: risk.at_least,
        coverage: risk.coverage,
        uncertainty: EnvironmentSure::of(scored),
        rasters: Vec::new(),
        bars: risk.bars.iter().map(|bar| explain_bar(case, risk, bar)).collect(),
        indicators: risk
            .indicators
            .iter()
            .map(|indicator| explain_indicator(&context, scored, indicator))
            .collect(),
        unknown: risk.missing().map(|indicator| unknown(case, indicator)).collect(),
    }
}

fn explain_bar(case: &Case, risk: &EnvironmentRisk, of: &BarRisk) -> BarExplanation {
    let BarRisk { bar, score, at_least, coverage, driver } = *of;
    let missing = risk.missing().filter(|one| one.code.bar() == bar);
    BarExplanation {
        bar: bar.word(),
        score,
        at_least,
        coverage,
        weight: case.scheme.environment.weight_of_bar(bar),
        driver: driver.map(IndicatorCode::word),
        missing: missing.map(|one| one.code.word()).collect(),
    }
}

fn explain_indicator(
    context: &Context<'_>,
    scored: &Scored,
    indicator: &Indicator,
) -> IndicatorExplanation {
    let driver = indicator.driver.and_then(|n| context.indicator_driver(indicator.code, &n));
    IndicatorExplanation {
        indicator: indicator.code.word(),
        bar: indicator.code.bar().word(),
        value: indicator.value,
        known: indicator.known,
        weight: indicator.weight,
        contribution: indicator.points,
        assumed: indicator.assumed,
        driver: driver.as_ref().map(|(id, _)| (*id).to_owned()),
        driver_name: driver.map(|(_, name)| name.into_owned()),
        distance_km: indicator.driver.map(|nearby| nearby.distance.km()),
        bearing_deg: indicator.driver.map(|nearby| nearby.bearing),
        note: context.note(scored, indicator),
    }
}

fn unknown(case: &Case, indicator: &Indicator) -> Unknown {
    let mut bring = Bring::default();
    bring.add(case, indicator.code);
    let bring = bring.words();
    Unknown {
        indicator: indicator.code.word(),
        label: indicator.code.label(),
        why: indicator.note.clone(),
        remedies: remedies(&bring),
        bring,
    }
}
