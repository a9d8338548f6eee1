//! The content of the report, as plain values: the sites with their scores, the drivers of the highest
//! scores, the portfolio, the quality of the data, the method and the inputs. The sinks format it.

mod around;
mod base64;
mod basemap;
mod batch;
mod batch_map;
mod behind;
mod cautions;
mod countries;
mod country_names;
mod crossings;
mod detail;
mod drawn;
mod events;
mod facts;
mod ground;
mod heading;
mod hindcast;
mod kinds;
mod mapped;
mod method;
mod paper;
mod quality;
mod rows;
mod said;
mod shading;
mod sure;
mod surroundings;
mod view;

pub use around::Around;
pub use base64::base64;
pub use basemap::{Background, Level, PlaceName, Places, Step};
pub use batch::{BatchReport, FrameFacts, SchemeWords, Series, Trend, TrendSure, counted_km};
pub use batch_map::BatchMap;
pub use behind::{Behind, BehindLine};
pub use cautions::{Cautioned, held_by_one, held_by_references};
pub use country_names::CountryName;
pub use crossings::{Cause, Crossing, Turn};
pub use detail::Detail;
pub use drawn::{Drawn, Form};
pub use events::{Events, Months};
pub use facts::{Facts, InputFacts};
pub use ground::{Ground, Rings};
pub use heading::{Heading, HeadingFacts, Logo, LogoFormat};
pub use hindcast::{
    BandReport, CalibrationReport, EventReport, HindcastReport, MeasureReport, ModelReport,
    ShareReport, TunedReport, YearReport,
};
pub use mapped::{Adds, Footprint, Mapped, MappedReceptor, Reached};
pub use method::{IndicatorMethod, Method};
pub use paper::Paper;
pub use quality::{Quality, Reason};
pub use rows::{Rest, Rows, security_why};
pub use said::Said;
pub use shading::Shading;
pub use sure::{Among, Highest, Sure, SureDetail, SureScore};
pub use surroundings::{NearIncident, PAGES, Surroundings};
pub use view::{KM_PER_DEGREE, View};

use countries::{countries, place};

use super::disclosures::{DisclosurePage, Disclosures};
use super::portfolio::{Grouping, Portfolio, portfolio};
use super::style::{NO_POSITION, Theme, band_label};
use super::{ColumnKind, Context, Layer, Scored, Zones, silent_words, sites};
use crate::measures::{Collection, Security};
use crate::model::{Finding, Incident, Receptor};
use crate::scoring::{Band, Exposures, written};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Sites with a table row; the others are dots on the map.
pub const ROWS: usize = 10_000;

/// Sites with a detail panel.
pub const DETAILS: usize = 500;

/// Incidents drawn on the map.
const INCIDENTS: usize = 5_000;

/// A column is offered for grouping if it has at most this many values.
const FEW: usize = 40;

/// Columns offered for grouping, at most.
const OFFERED: usize = 12;

/// Width and height of the map on the page, in map units.
const SIZE: (f64, f64) = (1200.0, 800.0);

/// All values of the page.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    /// The date at which ages are computed.
    pub as_of: Option<String>,
    /// The scheme's name.
    pub scheme: &'a str,
    /// The number of sites.
    pub sites: usize,
    /// How many of the scored sites have no incident in reach, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent: Option<String>,
    /// The number of sites in each band, from no data to very high: security, then environment.
    pub bands: [[usize; 6]; 2],
    /// The same by overall score.
    pub overall_bands: [usize; 6],
    /// What to know before believing security scores, each with the number of sites.
    pub cautions: Vec<Cautioned>,
    /// Sites of a high or very high security score that are below without their strongest incident.
    pub held_by_one: usize,
    /// Sites of a high or very high environment score that what is known alone would put below.
    pub held_by_references: usize,
    /// The countries of the sites as a title names them: `in Mali`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The label of each band in the legend, from no data to very high.
    pub labels: [String; 6],
    /// The map.
    pub view: View,
    /// How far the map extends beyond its first view, in views on each side.
    pub margin: f64,
    /// The names of countries, each with its position on the map.
    pub names: Vec<PlaceName>,
    /// The names of provinces and towns.
    pub places: Places,
    /// The note on borders below the map.
    pub no_position: &'static str,
    /// The sites with a row, by descending higher score.
    pub rows: Rows<'a>,
    /// The other sites.
    pub rest: Rest,
    /// The drivers of the scores of the first rows.
    pub details: Vec<Detail<'a>>,
    /// Names of the sites' countries by their codes.
    pub countries: BTreeMap<String, String>,
    /// The incidents on the map.
    pub events: Events<'a>,
    /// The receptors on the map.
    pub receptors: Mapped<'a>,
    /// The shapes of the sites.
    pub footprints: Vec<Footprint<'a>>,
    /// Longitude and latitude of used security incidents, the newest first, for the still map.
    #[serde(skip)]
    pub incidents: Vec<(f64, f64)>,
    /// The number of used security incidents.
    #[serde(skip)]
    pub incidents_used: usize,
    /// The sites grouped by the columns that have few values.
    pub portfolio: Vec<Portfolio>,
    /// For each portfolio, the group of each row.
    pub members: Vec<Vec<usize>>,
    /// The row of each site that is the worst of a group.
    pub row_of: BTreeMap<usize, usize>,
    /// Records read, used and set aside.
    pub quality: Quality,
    /// The scoring method.
    pub method: Method,
    /// The run's inputs and settings.
    pub facts: Facts,
    /// What the user puts above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<HeadingFacts>,
    /// How sure the ranking is; only of a run with draws.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sure: Option<Sure<'a>>,
    /// What reporting standards ask of the sites; empty if it was not measured.
    pub disclosures: Vec<DisclosurePage>,
}

/// The page and its base map.
pub struct Page<'a> {
    /// Its values.
    pub report: Report<'a>,
    /// The base map.
    pub ground: Ground,
    /// What is behind the environment scores of the sites with a detail panel.
    pub behind: Vec<Behind<'a>>,
    /// Where and until when security incidents were collected.
    pub collection: &'a Collection,
    /// All receptors of the run, in reach of a site or not.
    pub receptors: &'a [Receptor],
    /// What the user puts above it.
    pub heading: Heading,
    /// The zones of the risk surface, if there is one.
    pub zones: Option<Zones>,
}

/// What lies behind the scores.
pub struct Found<'f> {
    /// The incidents that count.
    pub security: &'f Security,
    /// The receptors in reach of sites.
    pub exposures: &'f Exposures,
    /// What disclosures ask of the sites, if it is told.
    pub disclosures: Option<&'f Disclosures>,
}

impl<'a> Page<'a> {
    /// The report of a run. `found` is what lies behind the scores; `asked` how the user groups the sites, and the
    /// column by whose numbers exposure is weighted; the disclosures are shown for the sites with a detail panel.
    pub fn of(
        context: Context<'a>,
        scored: &'a [Scored],
        found: Found<'_>,
        findings: impl Iterator<Item = &'a Finding>,
        facts: Facts,
        (asked, weight): (&[Grouping], Option<usize>),
    ) -> Self {
        let Found { security, exposures, disclosures } = found;
        let layer = sites(context, scored);
        let positions = scored.iter().filter_map(|one| Some(context.sites.get(one.site)?.position));
        let view = View::of(positions, SIZE.0, SIZE.1);
        let order = worst_first(scored);
        let split = order.len().min(ROWS);
        let (first, rest) = order.split_at_checked(split).unwrap_or((&order, &[]));
        let bands = &context.scheme.bands;
        let details: Vec<&Scored> = first.iter().copied().take(DETAILS).collect();
        let groupings = groupings(&layer, asked, weight.is_some());
        let portfolios: Vec<Portfolio> =
            groupings.iter().map(|by| portfolio(context, scored, &layer, by, weight)).collect();
        let ground = Ground::of(&view, Some(context.collection));
        let shown: Vec<usize> = details.iter().map(|one| one.site).collect();
        let disclosed = disclosures.map_or_else(Vec::new, |all| all.page(&shown));
        let events = Events::of(context, security, &detail::behind(&details));
        let receptors = Mapped::of(context, exposures, first, details.len(), &view);
        let places = detail::OnMap { events: &events, receptors: &receptors };
        let panels = detail::details(context, scored, &details, security, places);
        let report = Report {
            as_of: context.as_of.map(|date| date.to_string()),
            scheme: &context.scheme.name,
            sites: scored.len(),
            silent: silent_words(context.scheme, scored.iter()),
            bands: [
                tally(scored, |one| bands.of(one.risk.security.score)),
                tally(scored, |one| bands.of(one.risk.environment.score)),
            ],
            overall_bands: tally(scored, |one| bands.of(one.risk.overall)),
            cautions: Cautioned::of(context, scored),
            held_by_one: held_by_one(context, scored),
            held_by_references: held_by_references(context, scored),
            place: place(scored),
            labels: Band::ALL.map(|band| band_label(band, bands)),
            view,
            margin: ground::MARGIN,
            names: names(&ground, &placed(context, first, &view)),
            places: Places::of(&view),
            no_position: NO_POSITION,
            rows: Rows::of(context, first),
            rest: Rest::of(context, rest),
            details: panels,
            countries: countries(scored),
            footprints: mapped::footprints(context, first, &view),
            events,
            receptors,
            incidents: newest(context, security),
            incidents_used: security.incidents().len(),
            members: groupings
                .iter()
                .zip(&portfolios)
                .map(|(by, of)| members(&layer, by, of, first))
                .collect(),
            row_of: rows_of_worst(&portfolios, first),
            portfolio: portfolios,
            quality: Quality::of(findings),
            method: Method::of(context.scheme, context.calibration),
            facts,
            heading: None,
            sure: Sure::of(context, scored, first),
            disclosures: disclosed,
        };
        let behind = behind::behind(context, &details);
        let heading = Heading::default();
        let Context { collection, receptors, .. } = context;
        Self { report, ground, behind, collection, receptors, heading, zones: None }
    }

    /// The number of sites with a score, among which each has its rank.
    pub fn ranked(&self, theme: Theme) -> usize {
        let [security, environment] = self.report.bands;
        let [unscored, ..] = match theme {
            Theme::Security => security,
            Theme::Environment | Theme::Overall => environment,
        };
        self.report.sites - unscored
    }

    /// Puts a heading above it.
    pub fn set_heading(&mut self, heading: &Heading) {
        self.report.heading = HeadingFacts::of(heading);
        self.heading = heading.clone();
    }
}

/// Map positions of the first sites, which country names avoid.
fn placed(context: Context<'_>, sites: &[&Scored], view: &View) -> Vec<(f64, f64)> {
    const ENOUGH: usize = 2_000;
    let positions = sites.iter().take(ENOUGH).filter_map(|one| context.sites.get(one.site));
    positions.map(|site| view.place(site.position.lon(), site.position.lat())).collect()
}

/// The names of countries, each at the candidate position with fewest sites beside it; of equal ones at the first.
fn names(ground: &Ground, sites: &[(f64, f64)]) -> Vec<PlaceName> {
    let one = |country: &CountryName| {
        let half = country_names::half_width(&country.name) / libm::exp2(country.from);
        // A site may have its label beside it.
        let beside = |(x, y): &(f64, f64)| {
            let near =
                |(u, v): &&(f64, f64)| (u - x).abs() <= half + 130.0 && (v - y).abs() <= 24.0;
            sites.iter().filter(near).count()
        };
        let (x, y) = *country.places.iter().min_by_key(|place| beside(place))?;
        Some(PlaceName(country.name.clone(), x, y, country.from))
    };
    ground.names.iter().filter_map(one).collect()
}

/// The sites, by descending higher score; ties in the order of the sites.
fn worst_first(scored: &[Scored]) -> Vec<&Scored> {
    let highest = |one: &Scored| {
        let of = |score: Option<f64>| score.map_or(-1.0, written::score);
        of(one.risk.security.score).max(of(one.risk.environment.score))
    };
    // Each is rounded once: rounding within the comparison would take seconds for many sites.
    let mut order: Vec<(f64, &Scored)> = scored.iter().map(|one| (highest(one), one)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.site.cmp(&b.1.site)));
    order.into_iter().map(|(_, one)| one).collect()
}

fn tally(scored: &[Scored], band: impl Fn(&Scored) -> Band) -> [usize; 6] {
    let mut counts = [0; 6];
    for one in scored {
        if let Some(count) = counts.get_mut(usize::from(band(one).number())) {
            *count += 1;
        }
    }
    counts
}

/// Positions of security incidents, the newest first.
fn newest(context: Context<'_>, security: &Security) -> Vec<(f64, f64)> {
    let events = security.incidents().iter();
    let mut incidents: Vec<_> =
        events.filter_map(|event| context.incidents.get(event.index)).collect();
    let newer = |a: &&Incident, b: &&Incident| {
        let day = |incident: &Incident| incident.date.map(|date| date.last());
        day(b).cmp(&day(a)).then_with(|| a.id.cmp(&b.id))
    };
    if incidents.len() > INCIDENTS {
        incidents.select_nth_unstable_by(INCIDENTS, newer);
        incidents.truncate(INCIDENTS);
    }
    incidents.sort_by(newer);
    let places = incidents.into_iter().map(|incident| incident.position);
    places.map(|at| (degrees(at.lon()), degrees(at.lat()))).collect()
}

/// The group of each row.
fn members(layer: &Layer<'_>, by: &Grouping, of: &Portfolio, rows: &[&Scored]) -> Vec<usize> {
    let groups: BTreeMap<&str, usize> =
        of.groups.iter().enumerate().map(|(at, group)| (group.name.as_str(), at)).collect();
    let group =
        |one: &&Scored| groups.get(&*by.group(layer, one.site)).copied().unwrap_or_default();
    rows.iter().map(group).collect()
}

/// The rows of the sites that are the worst of a group, by site index.
fn rows_of_worst(portfolios: &[Portfolio], rows: &[&Scored]) -> BTreeMap<usize, usize> {
    let groups = portfolios.iter().flat_map(|portfolio| &portfolio.groups);
    let worst: BTreeSet<usize> = groups
        .flat_map(|group| [&group.security, &group.environment, &group.overall])
        .filter_map(|spread| spread.worst)
        .collect();
    rows.iter()
        .enumerate()
        .filter(|(_, one)| worst.contains(&one.site))
        .map(|(row, one)| (one.site, row))
        .collect()
}

/// How to group: as asked for, with numbers to weigh by also all sites together; then by the country and by each of the
/// sites' own columns with few values.
fn groupings(layer: &Layer<'_>, asked: &[Grouping], weighted: bool) -> Vec<Grouping> {
    let whole = weighted.then(Grouping::default);
    let mut chosen: Vec<Grouping> = whole.into_iter().chain(asked.iter().cloned()).collect();
    for (at, column) in layer.columns().iter().enumerate() {
        let own = column.name.starts_with("site_") || &*column.name == "country";
        let kind = matches!(column.kind, ColumnKind::Text | ColumnKind::Flag);
        // There are few countries, however many sites there are.
        let few = &*column.name == "country" || has_few_values(layer, at);
        if chosen.len() >= OFFERED.max(asked.len()) {
            break;
        }
        let by = Grouping { by: vec![at] };
        // A column that the page would call the same as one before it tells the same.
        let again = chosen.iter().any(|other| said(layer, other) == said(layer, &by));
        if own && kind && !again && !chosen.contains(&by) && few {
            chosen.push(by);
        }
    }
    chosen
}

/// What the page calls a way to group.
fn said(layer: &Layer<'_>, by: &Grouping) -> Vec<String> {
    let names = by.by.iter().filter_map(|at| layer.columns().get(*at));
    names.map(|column| column.name.trim_start_matches("site_").to_lowercase()).collect()
}

/// Whether a column has few values, at least one, and fewer than there are sites.
fn has_few_values(layer: &Layer<'_>, column: usize) -> bool {
    let mut values = BTreeSet::new();
    for at in 0..layer.len() {
        let value = layer.value(at, column).as_ref().and_then(super::portfolio::name_of);
        values.extend(value);
        if values.len() > FEW {
            return false;
        }
    }
    !values.is_empty() && 3 * values.len() <= 2 * layer.len()
}

/// A longitude or latitude with five decimals, about a meter.
fn degrees(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

/// A share with three decimals.
fn thousandths(share: f64) -> f64 {
    (share * 1e3).round() / 1e3
}

/// A number with one decimal.
fn tenths(number: f64) -> f64 {
    written::score(number)
}
