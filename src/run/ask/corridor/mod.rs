//! Scores along routes: a route is cut into steps, each scored at its midpoint.

mod way;

use super::score::score_sites;
use crate::earth::{Length, Position, Shape, geodesic};
use crate::index::Probe;
use crate::layers::{Digits, Layer, Table};
use crate::model::{Domain, Site};
use crate::run::world::{Ask, Sort, Thing};
use crate::run::{Cancel, Case, Sites, Use, Watch};
use crate::{Code, Error, Result};
use geo_types::{LineString, MultiLineString};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use way::Way;

/// Options of a corridor query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CorridorQuery {
    /// The length of a step.
    pub step: Length,
    /// Incidents within this distance of a route are counted.
    pub within: Length,
}

/// Routes, and the least risky of those between the same ends.
#[derive(Debug, Clone, Serialize)]
pub struct Corridor {
    /// Every line of the files, in order.
    pub routes: Vec<Route>,
    /// For each pair of ends that several routes connect: the best of them against each other one.
    pub comparisons: Vec<Comparison>,
}

/// A route.
#[derive(Debug, Clone, Serialize)]
pub struct Route {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its length in kilometers.
    pub length_km: f64,
    /// Kilometers without a security score.
    pub no_data_km: f64,
    /// The mean of the security scores along it, weighted by length; `None` if there are none.
    pub mean: Option<f64>,
    /// The sum of security score times kilometers, which grows with the length of a route.
    pub exposure: Option<f64>,
    /// The longest unbroken stretch in the highest band of the route.
    pub worst: Option<Stretch>,
    /// Kilometers in each band of the security score.
    pub bands_km: BTreeMap<&'static str, f64>,
    /// Security incidents within the query distance.
    pub incidents: usize,
    /// Deaths in incidents with a known number.
    pub deaths: u64,
    /// Its steps.
    #[serde(skip)]
    pub steps: Vec<Step>,
    #[serde(skip)]
    ends: Option<[Position; 2]>,
}

/// A part of a route.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stretch {
    /// Start, in kilometers from the beginning of the route.
    pub from_km: f64,
    /// End, in kilometers from the beginning of the route.
    pub to_km: f64,
    /// Its band.
    pub band: &'static str,
    /// The highest score in it.
    pub highest: f64,
}

/// A step of a route, with the scores at its midpoint.
#[derive(Debug, Clone)]
pub struct Step {
    line: LineString<f64>,
    from_km: f64,
    to_km: f64,
    security: Option<f64>,
    environment: Option<f64>,
    environment_at_least: Option<f64>,
    overall: Option<f64>,
    band: &'static str,
}

/// Two routes between the same ends.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The id of the route with the least exposure.
    pub best: String,
    /// The id of the other route.
    pub other: String,
    /// How much less the exposure of the best is, in score times kilometers.
    pub exposure_less: f64,
    /// How much lower the mean score of the best is; negative if it is higher and the route shorter.
    pub mean_lower: f64,
}

/// Steps of all routes together, at most.
const MOST_STEPS: f64 = 1_000_000.0;

/// Ends of routes count as the same within this distance.
const SAME_END: Length = Length::from_km(1.0);

/// Scores the lines among the sites of a case along their way.
///
/// ```
/// use tamarisk::earth::Length;
/// use tamarisk::run::{self, Cancel, Case, CorridorQuery, Request, Unwatched};
/// use tamarisk::sources::Source;
///
/// let road = r#"{"type": "Feature", "properties": {"name": "N-40"}, "geometry":
///     {"type": "LineString", "coordinates": [[66.9, 30.2], [66.4, 29.9], [65.9, 29.6]]}}"#;
/// let mut request: Request = run::demo();
/// request.inputs.sites = vec![Source::bytes("road.geojson", road.as_bytes())];
/// let case = Case::open(&request, &Unwatched, &Cancel::new())?;
/// let query = CorridorQuery { step: Length::from_km(5.0), within: Length::from_km(10.0) };
/// let corridor = run::corridor(&case, query, &Unwatched, &Cancel::new())?;
/// assert_eq!(corridor.routes.len(), 1);
/// # Ok::<(), tamarisk::Error>(())
/// ```
///
/// # Errors
/// No line among the sites; too many steps; the run was asked to stop.
pub fn corridor(
    case: &Case,
    query: CorridorQuery,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Corridor> {
    let lines = case.sites.list.iter().filter_map(|site| match &site.shape {
        Shape::Lines(lines) => Some((site, lines)),
        _ => None,
    });
    let mut routes = Vec::new();
    let mut places = Vec::new();
    for (site, lines) in lines {
        let way = Way::of(lines);
        let left = MOST_STEPS - f64::from(u32::try_from(places.len()).unwrap_or(u32::MAX));
        if way.length / query.step.meters() > left {
            return Err(Error::usage(
                Code::TooManySteps,
                format!("⟦~step={}⟧: makes more than a million steps", query.step),
            )
            .with_hint("a longer step"));
        }
        let cut = way.cut(query.step.meters());
        for (number, one) in cut.iter().enumerate() {
            let id = format!("{}@{number}", site.id);
            places.push(Site::at(&id, &site.name, one.middle, site.accuracy));
        }
        routes.push((site, way, cut));
    }
    if routes.is_empty() {
        return Err(Error::data(Code::RouteMissing, "the files hold no LineString").with_hint(
            "a route is a LineString, such as a road of a GeoJSON or a track of a GPX file",
        ));
    }
    watch.stage("scoring", u64::try_from(places.len()).ok());
    let scored = score_sites(case, &Sites::link(places), watch, cancel)?;
    let mut scored = scored.iter();
    let bands = &case.scheme.bands;
    let mut all = Vec::new();
    for (site, way, cut) in routes {
        let steps = cut.into_iter().zip(scored.by_ref()).map(|(one, scored)| Step {
            line: one.line,
            from_km: one.from / 1000.0,
            to_km: one.to / 1000.0,
            security: scored.risk.security.score,
            environment: scored.risk.environment.score,
            environment_at_least: scored.risk.environment.at_least,
            overall: scored.risk.overall,
            band: bands.of(scored.risk.security.score).word(),
        });
        all.push(route(case, site, &way, steps.collect(), query));
    }
    let comparisons = comparisons(&all);
    Ok(Corridor { routes: all, comparisons })
}

fn route(case: &Case, site: &Site, way: &Way, steps: Vec<Step>, query: CorridorQuery) -> Route {
    let (mut known_km, mut exposure) = (0.0, 0.0);
    let mut bands_km: BTreeMap<&'static str, f64> = BTreeMap::new();
    for step in &steps {
        let km = step.to_km - step.from_km;
        *bands_km.entry(step.band).or_default() += km;
        if let Some(score) = step.security {
            known_km += km;
            exposure += score * km;
        }
    }
    let near = case.world.things_near(
        Sort::Incidents,
        &Probe::new(&site.shape),
        Ask::Within(query.within),
    );
    let counted = near.iter().filter_map(|(thing, near)| match thing {
        Thing::Incident(one) if one.domain == Domain::Security => {
            (case.usage(near.index) == Some(Use::Used)).then_some(*one)
        }
        _ => None,
    });
    let length_km = way.length / 1000.0;
    Route {
        id: site.id.clone(),
        name: site.name.clone(),
        length_km,
        no_data_km: (length_km - known_km).max(0.0),
        mean: (known_km > 0.0).then(|| exposure / known_km),
        exposure: (known_km > 0.0).then_some(exposure),
        worst: worst(case, &steps),
        bands_km,
        incidents: counted.clone().count(),
        deaths: counted.filter_map(|one| one.fatalities).map(u64::from).sum(),
        steps,
        ends: way.ends,
    }
}

/// The longest unbroken stretch in the highest band.
fn worst(case: &Case, steps: &[Step]) -> Option<Stretch> {
    let bands = &case.scheme.bands;
    let class = |step: &Step| bands.of(step.security).number();
    let highest = steps.iter().filter(|step| step.security.is_some()).map(class).max()?;
    let runs = steps.chunk_by(|a, b| class(a) == class(b));
    let runs = runs.filter(|run| {
        run.first().is_some_and(|step| step.security.is_some() && class(step) == highest)
    });
    let stretch = |run: &[Step]| {
        let (first, last) = (run.first()?, run.last()?);
        let score = run.iter().filter_map(|step| step.security).fold(0.0, f64::max);
        Some(Stretch {
            from_km: first.from_km,
            to_km: last.to_km,
            band: first.band,
            highest: score,
        })
    };
    runs.filter_map(stretch).fold(None, |best: Option<Stretch>, one| {
        let length = |of: &Stretch| of.to_km - of.from_km;
        Some(best.filter(|best| length(best) >= length(&one)).unwrap_or(one))
    })
}

/// For routes between the same ends, in either direction, the one with the least exposure against each other
/// one. A route with gaps in its scores is not compared.
fn comparisons(routes: &[Route]) -> Vec<Comparison> {
    let near = |a: Position, b: Position| geodesic::distance(a, b) <= SAME_END;
    let same = |a: &Route, b: &Route| {
        a.ends
            .zip(b.ends)
            .is_some_and(|([a, b], [c, d])| near(a, c) && near(b, d) || near(a, d) && near(b, c))
    };
    let mut groups: Vec<Vec<&Route>> = Vec::new();
    for route in routes.iter().filter(|route| route.mean.is_some() && route.no_data_km < 0.001) {
        let known =
            |group: &&mut Vec<&Route>| group.first().is_some_and(|first| same(first, route));
        match groups.iter_mut().find(known) {
            Some(group) => group.push(route),
            None => groups.push(vec![route]),
        }
    }
    let mut all = Vec::new();
    for mut group in groups {
        let exposure = |route: &Route| route.exposure.unwrap_or(f64::INFINITY);
        group.sort_by(|a, b| exposure(a).total_cmp(&exposure(b)));
        let Some((best, others)) = group.split_first() else { continue };
        all.extend(others.iter().filter_map(|other| {
            Some(Comparison {
                best: best.id.clone(),
                other: other.id.clone(),
                exposure_less: other.exposure? - best.exposure?,
                mean_lower: other.mean? - best.mean?,
            })
        }));
    }
    all
}

impl Corridor {
    /// The steps of all routes as lines.
    pub fn layer(&self) -> Layer<'_> {
        type Row<'a> = (&'a Route, &'a Step);
        let score = Digits::Decimals(1);
        let table = Table::new()
            .text("route_id", "The route's id", |(route, _): &Row<'_>| Some(route.id.as_str()))
            .text("name", "The route's name", |(route, _): &Row<'_>| Some(route.name.as_str()))
            .number(
                "from_km",
                Digits::Decimals(3),
                Some("km"),
                "Where the step begins, from the beginning of the route",
                |(_, step): &Row<'_>| Some(step.from_km),
            )
            .number(
                "to_km",
                Digits::Decimals(3),
                Some("km"),
                "Where it ends",
                |(_, step): &Row<'_>| Some(step.to_km),
            )
            .number(
                "security_score",
                score,
                None,
                "Security risk at its midpoint, 0 to 100",
                |(_, step): &Row<'_>| step.security,
            )
            .text("security_band", "Its class", |(_, step): &Row<'_>| Some(step.band))
            .number(
                "environment_score",
                score,
                None,
                "Environmental risk at its midpoint, 0 to 100",
                |(_, step): &Row<'_>| step.environment,
            )
            .number(
                "environment_at_least",
                score,
                None,
                "The same by what is known alone",
                |(_, step): &Row<'_>| step.environment_at_least,
            )
            .number(
                "overall_score",
                score,
                None,
                "Both together, 0 to 100",
                |(_, step): &Row<'_>| step.overall,
            );
        let all: Vec<Row<'_>> = self
            .routes
            .iter()
            .flat_map(|route| route.steps.iter().map(move |step| (route, step)))
            .collect();
        Layer::lines("corridor", table, all.len(), move |at| {
            let (route, step) = *all.get(at)?;
            let id = format!("{}:{:.3}", route.id, step.from_km);
            Some((id, Cow::Owned(MultiLineString(vec![step.line.clone()])), (route, step)))
        })
    }
}
