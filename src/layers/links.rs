//! The layer `links`: lines from each site to the incidents that drive its security score and to the nearest
//! receptor of each kind, so that a map shows the reasons for a score.

use super::{Context, CountedIncident, Digits, Layer, Scored, Table, event_name};
use crate::earth::{Length, Position, antimeridian, geodesic};
use crate::index::Probe;
use crate::measures::Nearby;
use crate::model::{ReceptorKind, Site};
use crate::scoring::{Driver, written};
use geo_types::{LineString, MultiLineString};
use jiff::civil::Date;
use std::borrow::Cow;

/// How far a nearest receptor is drawn if its kind has no reach in the scheme.
const DEFAULT_REACH: Length = Length::from_km(100.0);

/// The shortest line drawn: two positions this far apart differ in their seventh decimal.
const SHORTEST: Length = Length::from_meters(0.02);

/// A line from a site to a target.
struct Link<'a> {
    site: &'a Site,
    role: &'static str,
    rank: u32,
    kind: &'static str,
    target: &'a str,
    name: Option<&'a str>,
    part: Option<&'a str>,
    date: Option<Date>,
    nearby: Nearby,
    driver: Option<&'a Driver>,
    /// The start on the site or its part, and the end.
    ends: [Position; 2],
}

/// The target of a link.
#[derive(Clone, Copy)]
enum Target<'a> {
    /// A driver by rank, from 0.
    Driver(usize, &'a Driver),
    Receptor(ReceptorKind, &'a Nearby),
}

/// All links, by site: first its drivers by rank that add to the score as it is written, then its nearest receptors by kind.
pub fn links<'a>(context: Context<'a>, scored: &'a [Scored]) -> Layer<'a> {
    let most = usize::try_from(context.scheme.security.drivers.links).unwrap_or(usize::MAX);
    let of_site = |scored: &'a Scored| {
        let drivers = scored.risk.security.drivers.iter().take(most).enumerate();
        let drivers = drivers
            .filter(move |(_, driver)| {
                adds(driver) && context.counted(scored.site, &driver.contribution).is_some()
            })
            .map(|(rank, driver)| Target::Driver(rank, driver));
        let receptors = scored.quantities.environment.nearby.iter();
        let receptors = receptors
            .filter_map(|(&kind, near)| Some((kind, near.first()?)))
            .filter(move |(kind, near)| is_drawn(context, *kind, near))
            .map(|(kind, near)| Target::Receptor(kind, near));
        drivers.chain(receptors).map(move |target| (scored, target))
    };
    let all: Vec<(&Scored, Target<'a>)> = scored.iter().flat_map(of_site).collect();
    let table = Table::new()
        .text("site_id", "The site's id", |link: &Link<'a>| Some(link.site.id.as_str()))
        .text("name", "The site's name", |link: &Link<'a>| Some(link.site.name.as_str()))
        .text("role", "driver: an incident behind the security score; nearest: the nearest receptor of its kind", |link: &Link<'a>| {
            Some(link.role)
        })
        .number("rank", Digits::Decimals(0), None, "1 for the strongest driver; 1 for the nearest receptor", |link: &Link<'a>| {
            Some(f64::from(link.rank))
        })
        .text("target_kind", "incident, or the kind of receptor", |link: &Link<'a>| Some(link.kind))
        .text("target_id", "Its id", |link: &Link<'a>| Some(link.target))
        .text("target_name", "Its name, or an incident's most precise type", |link: &Link<'a>| link.name)
        .text("part", "Linked part of the site where the incident counts, if not the site itself", |link: &Link<'a>| link.part)
        .date("date", "An incident's last day", |link: &Link<'a>| link.date)
        .number("distance_km", Digits::Decimals(3), "km", "Distance along the ground; to the edge of an area, even if the line runs to its center because its shape is unknown", |link: &Link<'a>| {
            Some(link.nearby.distance.km())
        })
        .number("bearing", Digits::Decimals(1), "degrees", "Bearing, clockwise from north", |link: &Link<'a>| {
            Some(link.nearby.bearing)
        })
        .number("share", Digits::Decimals(3), None, "A driver's share of the security score, 0 to 1", |link: &Link<'a>| {
            link.driver.map(|driver| driver.share)
        })
        .number("points", Digits::Decimals(1), None, "A driver's points of the security score", |link: &Link<'a>| {
            link.driver.map(|driver| driver.points)
        });
    let len = all.len();
    Layer::lines("links", table, len, move |index| {
        let (scored, target) = *all.get(index)?;
        let link = match target {
            Target::Driver(rank, driver) => to_driver(context, scored, rank, driver),
            Target::Receptor(kind, near) => to_receptor(context, scored, kind, near),
        }?;
        let id = format!("{}>{}:{}", link.site.id, link.kind, link.target);
        let [from, to] = link.ends;
        Some((id, Cow::Owned(straight(from, to)), link))
    })
}

/// Whether an incident adds to a score as it is written: one that adds 0.0 points explains nothing.
pub(super) fn adds(driver: &Driver) -> bool {
    written::score(driver.points) > 0.0
}

fn to_driver<'a>(
    context: Context<'a>,
    scored: &Scored,
    rank: usize,
    driver: &'a Driver,
) -> Option<Link<'a>> {
    let CountedIncident { incident, date, part, .. } =
        context.counted(scored.site, &driver.contribution)?;
    let site = context.sites.get(scored.site)?;
    let start = nearest_place(part.unwrap_or(site), incident.position)?;
    Some(Link {
        site,
        role: "driver",
        rank: u32::try_from(rank + 1).ok()?,
        kind: "incident",
        target: &incident.id,
        name: Some(event_name(incident)),
        part: part.map(|part| part.id.as_str()),
        date,
        nearby: driver.contribution.nearby,
        driver: Some(driver),
        ends: [start, incident.position],
    })
}

/// Whether a receptor is linked: not if it contains the site or is out of reach.
fn is_drawn(context: Context<'_>, kind: ReceptorKind, nearby: &Nearby) -> bool {
    let reach = context.scheme.environment.reach_km(kind).map_or(DEFAULT_REACH, Length::from_km);
    kind != ReceptorKind::Earthquakes
        && nearby.distance != Length::ZERO
        && nearby.distance <= reach
        && context.receptors.get(nearby.index).is_some()
}

fn to_receptor<'a>(
    context: Context<'a>,
    scored: &Scored,
    kind: ReceptorKind,
    nearby: &Nearby,
) -> Option<Link<'a>> {
    let site = context.sites.get(scored.site)?;
    let receptor = context.receptors.get(nearby.index)?;
    Some(Link {
        site,
        role: "nearest",
        rank: 1,
        kind: kind.word(),
        target: &receptor.id,
        name: receptor.name.as_deref(),
        part: None,
        date: None,
        nearby: *nearby,
        driver: None,
        ends: [nearest_place(site, nearby.to)?, nearby.to],
    })
}

/// The place on a part nearest to a position.
pub(super) fn nearest_place(part: &Site, to: Position) -> Option<Position> {
    match part.shape.as_point() {
        Some(position) => Some(position),
        None => Probe::point(to).find(0, &Probe::new(&part.shape)).map(|found| found.to),
    }
}

/// A straight line on the map, the short way around, cut at the antimeridian. Empty between positions that
/// may be equal when written, since a line without length is not valid.
fn straight(from: Position, to: Position) -> MultiLineString<f64> {
    // A millionth of a degree of latitude is 11 cm.
    let apart = (from.lat() - to.lat()).abs() > 1e-6;
    if !apart && geodesic::distance(from, to) < SHORTEST {
        return MultiLineString(Vec::new());
    }
    let line = MultiLineString(vec![LineString(vec![from.coord(), to.coord()])]);
    // A line between two positions can always be cut.
    antimeridian::cut_lines(&line).unwrap_or(line)
}
