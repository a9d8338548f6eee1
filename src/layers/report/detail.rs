//! The detail panel of one site: the breakdown of its scores.

use super::around::{Around, Strikes, Typed};
use super::kinds::called;
use super::mapped;
use super::{Events, Mapped, SureDetail, degrees, tenths, thousandths};
use crate::earth::{Length, Position};
use crate::layers::beside_rings::{beside_rings, receptor_km};
use crate::layers::links::nearest_place;
use crate::layers::{Context, CountedIncident, Scored, measured_from};
use crate::measures::{Count, Security};
use crate::model::Site;
use crate::scoring::{
    BarRisk, CoverageWords, Driver, EnvironmentRisk, Indicator, IndicatorCode, written,
};
use rayon::prelude::*;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The breakdown of a site's scores.
#[derive(Debug, Serialize)]
pub struct Detail<'a> {
    /// The scores explained in a few sentences.
    pub explanation: String,
    /// Both bands as one cell.
    pub cell: String,
    /// The power mean of both scores, as written.
    pub overall: Option<f64>,
    /// Rank among the sites by security score, from 1; sites with equal scores share a rank.
    pub security_rank: Option<usize>,
    /// Rank by environment score.
    pub environment_rank: Option<usize>,
    /// Rank by overall score.
    pub overall_rank: Option<usize>,
    /// The radius that contains the true place with 90 % probability, in km.
    pub accuracy_km: f64,
    /// Share of the buffer in which incidents were collected, 0 to 1.
    pub coverage: f64,
    /// Why there is no security score, phrased to follow `because`.
    pub uncovered: Option<String>,
    /// The probability that incidents have become more frequent, 0 to 1.
    pub trend: Option<f64>,
    /// Whether the source gives the accuracy of the position, and it is not the scheme's.
    pub accuracy_given: bool,
    /// The probability of the event of a calibration, in a sentence with what it was fitted to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The first day from which incidents were collected at the site; `None` if none were.
    pub since: Option<String>,
    /// Radius in km, incidents and deaths within it over all time. Empty if none were collected.
    pub rings: Vec<(f64, u32, u64)>,
    /// Days, and the incidents and deaths in them within the window radius.
    pub windows: Vec<(u32, u32, u64)>,
    /// Years, and the incidents and deaths within the window radius in each year that has any.
    pub years: Vec<(i16, u32, u64)>,
    /// What lies within the rings, by type and by year.
    pub around: Around,
    /// Incidents within the window radius whose deaths are not reported.
    pub deaths_unknown: u32,
    /// The incidents with the largest shares of the security score.
    pub drivers: Vec<DriverDetail<'a>>,
    /// The bars of the environment.
    pub bars: Vec<BarDetail>,
    /// The indicators of the environment.
    pub indicators: Vec<IndicatorDetail>,
    /// Their points from what is known, those from reference values, and the score that they make.
    pub environment_points: Option<[f64; 3]>,
    /// The nearest receptor of each kind.
    pub receptors: Vec<ReceptorDetail<'a>>,
    /// Linked parts: the kind of each, and its name.
    pub parts: Vec<(&'static str, &'a str)>,
    /// How sure the scores are; only of a run with draws.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sure: Option<SureDetail>,
}

/// An incident behind a security score.
#[derive(Debug, Serialize)]
pub struct DriverDetail<'a> {
    /// Its id.
    pub id: &'a str,
    /// What the page calls it.
    pub what: Cow<'a, str>,
    /// Its last day.
    pub date: Option<String>,
    /// Days from its last day to the as-of date.
    pub age_days: Option<i64>,
    /// Deaths, by the best estimate.
    pub fatalities: Option<u32>,
    /// Distance in km, no finer than its place is known.
    pub km: f64,
    /// The radius that contains its true place with 90 % probability, in km, if known.
    pub accuracy_km: Option<f64>,
    /// Degrees clockwise from north.
    pub bearing: f64,
    /// Points of the score.
    pub points: f64,
    /// The score without it, as written.
    pub without: Option<f64>,
    /// Share of the score, 0 to 1.
    pub share: f64,
    /// Its place among the incidents on the map.
    pub event: Option<usize>,
    /// From what the distance is measured, such as `road` or `outline`; `None` for the point of the site.
    pub part: Option<&'static str>,
    /// Longitude and latitude.
    pub at: (f64, f64),
    /// Where the distance is measured from; `None` for the point of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<(f64, f64)>,
}

/// A bar of the environment.
#[derive(Debug, Serialize)]
pub struct BarDetail {
    /// Its name.
    pub bar: &'static str,
    /// The question that it answers.
    pub question: &'static str,
    /// 0 to 100, with reference values for what is not known; `None` if nothing is known.
    pub score: Option<f64>,
    /// What is known alone gives at least this.
    pub at_least: Option<f64>,
    /// Share of its weights that is known, 0 to 1.
    pub coverage: f64,
    /// Its band, 0 to 5.
    pub band: u8,
    /// The label of the indicator that adds most to it.
    pub driver: Option<&'static str>,
    /// The labels of its indicators of which nothing is known.
    pub missing: Vec<&'static str>,
}

/// An indicator of the environment.
#[derive(Debug, Serialize)]
pub struct IndicatorDetail {
    /// `E1` to `E13`.
    pub code: &'static str,
    /// The human-readable label.
    pub label: &'static str,
    /// The bar to which it belongs.
    pub bar: &'static str,
    /// What is known shows at least this, 0 to 1; `None` if nothing is known.
    pub value: Option<f64>,
    /// The share of it that is known, 0 to 1.
    pub known: f64,
    /// Points of the score from what is known; `None` without a score and for the hazard.
    pub points: Option<f64>,
    /// Points of the score from the reference value.
    pub assumed: Option<f64>,
    /// The name of the incident or receptor behind it.
    pub driver: Option<String>,
    /// Distance to the driver in km.
    pub km: Option<f64>,
    /// The place of the receptor behind it among those on the map.
    pub receptor: Option<usize>,
    /// Longitude and latitude of the nearest place on what is behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<(f64, f64)>,
    /// Where the distance is measured from; `None` for the point of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<(f64, f64)>,
    /// A note for the reader.
    pub note: Option<String>,
}

/// The nearest receptor of a kind.
#[derive(Debug, Serialize)]
pub struct ReceptorDetail<'a> {
    /// Its kind.
    pub kind: String,
    /// Its name, or its id.
    pub name: Cow<'a, str>,
    /// Distance in km; 0 inside.
    pub km: f64,
    /// Degrees clockwise from north.
    pub bearing: f64,
    /// Longitude and latitude of the nearest place on it.
    pub at: (f64, f64),
    /// Its place among the receptors on the map.
    pub receptor: Option<usize>,
}

/// What the map shows besides sites.
#[derive(Clone, Copy)]
pub struct OnMap<'m, 'a> {
    /// Incidents.
    pub events: &'m Events<'a>,
    /// Receptors.
    pub receptors: &'m Mapped<'a>,
}

/// The incidents behind the scores of sites, by their indices.
pub fn behind(sites: &[&Scored]) -> BTreeSet<usize> {
    let drivers = sites.iter().flat_map(|one| &one.risk.security.drivers);
    let accidents = sites.iter().flat_map(|one| &one.risk.environment.indicators);
    let accidents = accidents.filter(|one| one.code == IndicatorCode::Accidents);
    drivers
        .map(|driver| driver.contribution.nearby.index)
        .chain(accidents.filter_map(|one| Some(one.driver?.index)))
        .collect()
}

/// The panels of some of a run's sites. `security` holds the incidents that count.
pub fn details<'a>(
    context: Context<'a>,
    all: &[Scored],
    shown: &[&'a Scored],
    security: &Security,
    map: OnMap<'_, 'a>,
) -> Vec<Detail<'a>> {
    let (typed, strikes) = (Typed::of(context, security), Strikes::of(context));
    let places = [
        Places::of(all.iter().filter_map(|one| one.risk.security.score)),
        Places::of(all.iter().filter_map(|one| one.risk.environment.score)),
        Places::of(all.iter().filter_map(|one| one.risk.overall)),
    ];
    let one = |one: &&'a Scored| {
        let site = context.sites.get(one.site)?;
        let (around, years) = Around::of(context, &typed, &strikes, site.position);
        Some(Detail { around, years, ..detail(context, site, one, &places, map) })
    };
    shown.par_iter().filter_map(one).collect()
}

fn detail<'a>(
    context: Context<'a>,
    site: &'a Site,
    one: &'a Scored,
    [security_places, environment_places, overall_places]: &[Places; 3],
    map: OnMap<'_, 'a>,
) -> Detail<'a> {
    let buffers = &context.scheme.buffers;
    let quantities = &one.quantities.security;
    let told = |count: &Count| context.shown_count(one, *count);
    let linked = context.linked.get(one.site).map_or(&[][..], Vec::as_slice);
    let receptors = one.quantities.environment.nearby.iter().filter_map(|(kind, near)| {
        let nearby = near.first()?;
        let receptor = context.receptors.get(nearby.index)?;
        Some(ReceptorDetail {
            kind: kind.word().replace('_', " "),
            name: mapped::called(receptor),
            km: receptor_km(nearby.distance),
            bearing: nearby.bearing.round(),
            at: lon_lat(nearby.to),
            receptor: map.receptors.place(nearby.index),
        })
    });
    Detail {
        explanation: context.explanation(one),
        cell: one.risk.cell.to_string(),
        overall: one.risk.overall.map(tenths),
        security_rank: security_places.of_score(one.risk.security.score),
        environment_rank: environment_places.of_score(one.risk.environment.score),
        overall_rank: overall_places.of_score(one.risk.overall),
        accuracy_given: site.accuracy.is_some(),
        accuracy_km: context.scheme.position.radius(site.accuracy).km(),
        coverage: thousandths(quantities.coverage),
        uncovered: match context.coverage_words(one) {
            CoverageWords::Uncovered(why) => Some(why),
            _ => None,
        },
        trend: one.risk.security.trend.map(thousandths),
        event: context.event_sentence(one),
        since: context.collection.since(site.position, one.country).map(|since| since.to_string()),
        rings: buffers
            .rings_km
            .iter()
            .zip(&quantities.rings)
            .filter_map(|(km, count)| Some((km, told(count)?)))
            .map(|(km, count)| (*km, count.incidents, count.fatalities))
            .collect(),
        windows: buffers
            .window_days
            .iter()
            .zip(&quantities.windows)
            .filter_map(|(days, count)| Some((days, told(count)?)))
            .map(|(days, count)| (*days, count.incidents, count.fatalities))
            .collect(),
        years: Vec::new(),
        deaths_unknown: quantities.deaths_unknown,
        around: Around::default(),
        drivers: one
            .risk
            .security
            .drivers
            .iter()
            .filter_map(|driver| driver_detail(context, one, driver, map.events))
            .collect(),
        bars: bars(context, &one.risk.environment),
        indicators: one
            .risk
            .environment
            .indicators
            .iter()
            .filter(|indicator| indicator.weight > 0.0)
            .map(|indicator| indicator_detail(context, one, indicator, map.receptors))
            .collect(),
        environment_points: points(&one.risk.environment),
        receptors: receptors.collect(),
        parts: linked.iter().map(|part| (part.part.word(), part.name.as_str())).collect(),
        sure: SureDetail::of(one),
    }
}

fn driver_detail<'a>(
    context: Context<'a>,
    one: &Scored,
    driver: &Driver,
    events: &Events<'a>,
) -> Option<DriverDetail<'a>> {
    let CountedIncident { incident, date, km, bearing, part } =
        context.counted(one.site, &driver.contribution)?;
    Some(DriverDetail {
        id: &incident.id,
        what: called(incident),
        date: date.map(|date| date.to_string()),
        age_days: context.age(incident),
        fatalities: incident.fatalities,
        km: as_known(km, incident.accuracy, &context.scheme.buffers.rings_km),
        accuracy_km: incident.accuracy.map(|accuracy| tenths(accuracy.km())),
        bearing: bearing.round(),
        points: tenths(driver.points),
        without: one.risk.security.without(context.scheme, driver).map(tenths),
        share: thousandths(driver.share),
        event: events.place(driver.contribution.nearby.index),
        part: measured_from(part, context.sites.get(one.site)?),
        at: lon_lat(incident.position),
        from: start(
            part.unwrap_or(context.sites.get(one.site)?),
            part.is_some(),
            incident.position,
        ),
    })
}

/// Where a distance from a site or a part of it to a place begins; `None` for the point of the site.
fn start(from: &Site, is_part: bool, to: Position) -> Option<(f64, f64)> {
    let is_point = from.shape.as_point().is_some();
    (is_part || !is_point).then(|| nearest_place(from, to)).flatten().map(lon_lat)
}

fn lon_lat(at: Position) -> (f64, f64) {
    (degrees(at.lon()), degrees(at.lat()))
}

/// A distance in km as outputs tell it: no finer than its place is known, and no finer than 100 m, unless that would put it
/// on the other side of a ring.
fn as_known(km: f64, accuracy: Option<Length>, rings: &[f64]) -> f64 {
    let is_coarse = accuracy.is_some_and(|accuracy| accuracy.km() >= 1.0);
    beside_rings(km, usize::from(!is_coarse), rings).parse().unwrap_or(km)
}

/// The points of all indicators as written: from what is known, from reference values, and the score that they make.
fn points(risk: &EnvironmentRisk) -> Option<[f64; 3]> {
    let score = tenths(risk.score?);
    let known = tenths(risk.indicators.iter().filter_map(|one| one.points).sum());
    Some([known, tenths(score - known), score])
}

fn bars(context: Context<'_>, risk: &EnvironmentRisk) -> Vec<BarDetail> {
    let one = |of: &BarRisk| {
        let missing = risk.missing().filter(|one| one.code.bar() == of.bar);
        BarDetail {
            bar: of.bar.word(),
            question: of.bar.question(),
            score: of.score.map(tenths),
            at_least: of.at_least.map(tenths),
            coverage: thousandths(of.coverage),
            band: context.scheme.bands.of(of.score).number(),
            driver: of.driver.map(IndicatorCode::label),
            missing: missing.map(|one| one.code.label()).collect(),
        }
    };
    risk.bars.iter().map(one).collect()
}

fn indicator_detail(
    context: Context<'_>,
    one: &Scored,
    indicator: &Indicator,
    receptors: &Mapped<'_>,
) -> IndicatorDetail {
    let is_receptor = indicator.code != IndicatorCode::Accidents;
    let driver = indicator.driver.and_then(|n| context.indicator_driver(indicator.code, &n));
    IndicatorDetail {
        code: indicator.code.code(),
        label: indicator.code.label(),
        bar: indicator.code.bar().word(),
        value: indicator.value.map(thousandths),
        known: thousandths(indicator.known),
        points: indicator.points.map(tenths),
        assumed: indicator.assumed.map(tenths),
        driver: driver.map(|(_, name)| name.into_owned()),
        km: indicator.driver.map(|nearby| receptor_km(nearby.distance)),
        receptor: (indicator.driver.filter(|_| is_receptor))
            .and_then(|nearby| receptors.place(nearby.index)),
        at: indicator.driver.map(|nearby| lon_lat(nearby.to)),
        from: (indicator.driver)
            .and_then(|nearby| start(context.sites.get(one.site)?, false, nearby.to)),
        note: context.note(one, indicator),
    }
}

/// Scores as written, in descending order.
struct Places(Vec<f64>);

impl Places {
    fn of(scores: impl Iterator<Item = f64>) -> Self {
        let mut scores: Vec<f64> = scores.map(written::score).collect();
        scores.sort_by(|a, b| b.total_cmp(a));
        Self(scores)
    }

    /// The rank of a score: one more than the number of higher scores.
    fn of_score(&self, score: Option<f64>) -> Option<usize> {
        let score = written::score(score?);
        Some(1 + self.0.partition_point(|other| *other > score))
    }
}
