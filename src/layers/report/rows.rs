//! The rows of the report's table, column by column, and the sites without a row.

use super::kinds::called;
use super::{degrees, tenths, thousandths};
use crate::earth::Length;
use crate::layers::beside_rings::{RINGS, beside_rings};
use crate::layers::{Context, CountedIncident, RecordGap, Scored};
use crate::model::{Incident, Site, Value};
use crate::scoring::{Caution, CoverageWords, country_name, ground, percent, percent_known};
use serde::Serialize;

/// The sites of the table; every list has one entry per site.
#[derive(Debug, Default, Serialize)]
pub struct Rows<'a> {
    /// Ids.
    pub id: Vec<&'a str>,
    /// Names.
    pub name: Vec<&'a str>,
    /// Countries by the built-in borders.
    pub country: Vec<Option<String>>,
    /// Degrees.
    pub lon: Vec<f64>,
    /// Degrees.
    pub lat: Vec<f64>,
    /// Security scores as written.
    pub security: Vec<Option<f64>>,
    /// Their bands, 0 to 5.
    pub security_band: Vec<u8>,
    /// The main driver, in a phrase.
    pub security_why: Vec<Option<String>>,
    /// What to know before believing the security score, by the numbers of the cautions; those of all sites are counted in
    /// the report.
    pub security_caution: Vec<Vec<usize>>,
    /// The rows of which something is missing from the record behind the security score; their markers have a dot.
    pub record_gaps: Vec<usize>,
    /// What the legend calls that dot.
    pub record_gap: &'static str,
    /// The share of the surroundings in which incidents were collected, 0 to 1.
    pub security_coverage: Vec<f64>,
    /// What that is a share of: the land within the radius, or the area.
    pub covered_ground: &'static str,
    /// Environment scores as written.
    pub environment: Vec<Option<f64>>,
    /// Their bands, 0 to 5.
    pub environment_band: Vec<u8>,
    /// What is known alone gives at least these environment scores.
    pub environment_at_least: Vec<Option<f64>>,
    /// The share of the environment's weights that is known, 0 to 1.
    pub environment_coverage: Vec<f64>,
    /// The main driver, in a phrase.
    pub environment_why: Vec<Option<String>>,
    /// Overall scores as written.
    pub overall: Vec<Option<f64>>,
    /// Their bands, 0 to 5.
    pub overall_band: Vec<u8>,
    /// What is mined there, in the words of the sites' columns; empty if no column tells it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commodity: Vec<String>,
    /// Indices of the sites in the run.
    #[serde(skip)]
    pub site: Vec<usize>,
}

/// The sites without a row.
#[derive(Debug, Default, Serialize)]
pub struct Rest {
    /// Degrees.
    pub lon: Vec<f64>,
    /// Degrees.
    pub lat: Vec<f64>,
    /// Bands of the security scores.
    pub security_band: Vec<u8>,
    /// Bands of the environment scores.
    pub environment_band: Vec<u8>,
    /// Bands of the overall scores.
    pub overall_band: Vec<u8>,
    /// The places in these lists of the sites of which something is missing from the record.
    pub record_gaps: Vec<usize>,
}

impl<'a> Rows<'a> {
    /// The rows of sites, in their order.
    pub fn of(context: Context<'a>, scored: &[&'a Scored]) -> Self {
        let covered_ground = ground(context.collection.is_by_land());
        let mut rows = Self { record_gap: RecordGap::LABEL, covered_ground, ..Self::default() };
        let bands = &context.scheme.bands;
        for one in scored {
            let Some(site) = context.sites.get(one.site) else { continue };
            let (security, environment) = (one.risk.security.score, one.risk.environment.score);
            rows.id.push(&site.id);
            rows.name.push(&site.name);
            rows.country.push(one.country.map(country_name));
            rows.lon.push(degrees(site.position.lon()));
            rows.lat.push(degrees(site.position.lat()));
            rows.security.push(security.map(tenths));
            rows.security_band.push(bands.of(security).number());
            rows.security_why.push(security_why(context, one));
            let cautions = context.cautions(one);
            rows.security_caution.push(cautions.into_iter().map(Caution::number).collect());
            if RecordGap::is_any(context, one) {
                rows.record_gaps.push(rows.id.len() - 1);
            }
            rows.security_coverage.push(thousandths(one.quantities.security.coverage));
            rows.environment.push(environment.map(tenths));
            rows.environment_band.push(bands.of(environment).number());
            rows.environment_at_least.push(one.risk.environment.at_least.map(tenths));
            rows.environment_coverage.push(thousandths(one.risk.environment.coverage));
            rows.environment_why.push(environment_why(context, one));
            rows.overall.push(one.risk.overall.map(tenths));
            rows.overall_band.push(bands.of(one.risk.overall).number());
            rows.commodity.push(commodity(site));
            rows.site.push(one.site);
        }
        if rows.commodity.iter().all(String::is_empty) {
            rows.commodity.clear();
        }
        rows
    }
}

/// What a site's columns on commodities say, each word once.
fn commodity(site: &Site) -> String {
    let mut told: Vec<String> = Vec::new();
    for (name, value) in &site.columns {
        let text = match value {
            Value::Text(text) if name.to_lowercase().contains("commodit") => {
                text.trim().replace('_', " ")
            }
            _ => continue,
        };
        if !text.is_empty() && !told.contains(&text) {
            told.push(text);
        }
    }
    told.join(", ")
}

/// The main driver of a security score: `Suicide bomb, 12 km, 2024-03-26 (41 %)`.
pub fn security_why(context: Context<'_>, one: &Scored) -> Option<String> {
    if let (None, CoverageWords::Uncovered(why)) =
        (one.risk.security.score, context.coverage_words(one))
    {
        return Some(format!("no score, because {why}"));
    }
    let driver = one.risk.security.drivers.first()?;
    let CountedIncident { incident, date, km, .. } =
        context.counted(one.site, &driver.contribution)?;
    let date = date.map(|date| format!(", {date}")).unwrap_or_default();
    Some(format!(
        "{}, {}{date} ({:.0} %)",
        called(incident),
        far(incident, km, &context.scheme.buffers.rings_km),
        100.0 * driver.share
    ))
}

/// How far an incident is in a few words, with how well its place is known if that is no better.
fn far(incident: &Incident, km: f64, rings: &[f64]) -> String {
    let told = beside_rings(km, 0, rings);
    match incident.accuracy.map(Length::km) {
        Some(known) if known > km => format!("{told} km (place known to {known:.0} km)"),
        _ => format!("{told} km"),
    }
}

/// A score of which known values make less than this share is mostly assumed.
const MOSTLY: f64 = 0.5;

/// What adds most to an environment score by what is known: `people nearby: Quetta 12 km away (52 %)`.
fn environment_why(context: Context<'_>, one: &Scored) -> Option<String> {
    let risk = &one.risk.environment;
    let Some(score) = risk.score else {
        risk.at_least?;
        return Some(format!("no score, because {} is known", percent_known(risk.coverage)));
    };
    let known: f64 = risk.indicators.iter().filter_map(|one| one.points).sum();
    if known < MOSTLY * score {
        return Some("mostly reference values, for what is not known".into());
    }
    let indicator = one.risk.environment_driver()?;
    let driver = indicator.driver.and_then(|nearby| {
        let (_, name) = context.indicator_driver(indicator.code, &nearby)?;
        Some(format!(": {name}, {} km", beside_rings(nearby.distance.km(), 0, &RINGS)))
    });
    let share = percent(indicator.points.unwrap_or(0.0) / score);
    let told = indicator.phrase.as_ref().map(|phrase| format!(": {phrase}")).or(driver);
    let told = told.unwrap_or_default();
    let label = indicator.code.label();
    // `water stress: water stress of ratio 4.53` says it twice.
    Some(match told.strip_prefix(": ").filter(|told| told.starts_with(label)) {
        Some(told) => format!("{told} ({share})"),
        None => format!("{label}{told} ({share})"),
    })
}

impl Rest {
    /// The positions and bands of sites.
    pub fn of(context: Context<'_>, scored: &[&Scored]) -> Self {
        // Three decimals, about 100 m: they are dots on a map.
        let coarse = |degrees: f64| (degrees * 1e3).round() / 1e3;
        let mut rest = Self::default();
        let bands = &context.scheme.bands;
        for one in scored {
            let Some(site) = context.sites.get(one.site) else { continue };
            if RecordGap::is_any(context, one) {
                rest.record_gaps.push(rest.lon.len());
            }
            rest.lon.push(coarse(site.position.lon()));
            rest.lat.push(coarse(site.position.lat()));
            rest.security_band.push(bands.of(one.risk.security.score).number());
            rest.environment_band.push(bands.of(one.risk.environment.score).number());
            rest.overall_band.push(bands.of(one.risk.overall).number());
        }
        rest
    }
}
