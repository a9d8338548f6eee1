//! The sheet of what drives the scores of each site: incidents by their share, and indicators by their points.

use super::summary::NAMED;
use super::workbook::{column, plain, text};
use crate::layers::{ColumnKind, Context, Digits, Property, Scored, event_name};
use crate::model::Site;
use crate::scoring::{Bar, Indicator};
use crate::sinks::workbook::Sheet;

const SHARE: Digits = Digits::Decimals(3);
const POINTS: Digits = Digits::Decimals(1);
const KM: Digits = Digits::Decimals(3);

/// The sheet, the drivers of each site in an order of the sites.
pub(super) fn sheet<'a>(
    context: Context<'a>,
    scored: &'a [Scored],
    order: Vec<usize>,
) -> Sheet<'a> {
    let number = ColumnKind::Number;
    let words = |name: &str| column(name, ColumnKind::Text, None);
    let columns = vec![
        words("site_id"),
        words("site_name"),
        words("score"),
        column("rank", number(Digits::Decimals(0)), None),
        words("driver"),
        words("driver_id"),
        column("date", ColumnKind::Date, None),
        column("distance_km", number(KM), Some("km")),
        column("share_of_score", number(SHARE), Some("0 to 1")),
        column("points", number(POINTS), None),
        words("note"),
    ];
    let of_site = move |one: &Scored| {
        let site = context.sites.get(one.site);
        let rows = site.map(|site| [security(context, site, one), environment(context, site, one)]);
        rows.into_iter().flatten().flatten()
    };
    let named = order.iter().take(NAMED).filter_map(|at| scored.get(*at));
    let printed_rows = Some(named.flat_map(of_site).count());
    let rows = order.into_iter().filter_map(|at| scored.get(at)).flat_map(of_site);
    let sheet = plain("drivers", columns, "sites.csv", rows);
    Sheet { frozen: 2, printed_rows, ..sheet }
}

/// The incidents with the largest shares of the security score.
fn security(context: Context<'_>, site: &Site, one: &Scored) -> Vec<Vec<Property>> {
    let drivers = one.risk.security.drivers.iter().zip(1_u32..);
    let rows = drivers.filter_map(|(driver, rank)| {
        let counted = context.counted(one.site, &driver.contribution)?;
        let points = one.risk.security.score.map(|score| score * driver.share);
        let part = counted.part.map(|part| format!("at its {} {}", part.part.word(), part.name));
        Some(vec![
            text(&*site.id),
            text(&*site.name),
            text("security"),
            Property::Number(f64::from(rank), Digits::Decimals(0)),
            text(event_name(counted.incident)),
            text(&*counted.incident.id),
            counted.date.map_or(Property::Missing, Property::Date),
            Property::Number(counted.km, KM),
            Property::Number(driver.share, SHARE),
            points.map_or(Property::Missing, |points| Property::Number(points, POINTS)),
            text(part.unwrap_or_default()),
        ])
    });
    rows.collect()
}

/// The indicators of the environment score, those that add most first.
fn environment(context: Context<'_>, site: &Site, one: &Scored) -> Vec<Vec<Property>> {
    let risk = &one.risk.environment;
    let counts = |one: &&Indicator| one.weight > 0.0 && one.code.bar() != Bar::Hazard;
    let mut list: Vec<&Indicator> = risk.indicators.iter().filter(counts).collect();
    let points = |one: &Indicator| one.points.unwrap_or(0.0) + one.assumed.unwrap_or(0.0);
    list.sort_by(|a, b| points(b).total_cmp(&points(a)));
    let rows = list.into_iter().zip(1_u32..).map(|(indicator, rank)| {
        let driver = indicator.driver;
        let named = driver.and_then(|near| context.indicator_driver(indicator.code, &near));
        let note = match (indicator.value, indicator.assumed.filter(|points| *points > 0.0)) {
            (None, Some(points)) => format!("not known; the reference value adds {points:.1}"),
            (Some(_), Some(points)) => format!("of this, the reference value adds {points:.1}"),
            (None, None) => "not known".to_owned(),
            (Some(_), None) => String::new(),
        };
        let told = context.note(one, indicator).unwrap_or_default();
        let notes: Vec<&str> =
            [note.as_str(), told.as_str()].into_iter().filter(|n| !n.is_empty()).collect();
        let label = match &named {
            Some((_, name)) => format!("{}: {name}", indicator.code.label()),
            None => indicator.code.label().to_owned(),
        };
        let known = risk.score.map(|_| points(indicator));
        let share = risk.score.filter(|score| *score > 0.0).map(|score| points(indicator) / score);
        vec![
            text(&*site.id),
            text(&*site.name),
            text("environment"),
            Property::Number(f64::from(rank), Digits::Decimals(0)),
            text(label),
            text(named.map_or("", |(id, _)| id)),
            Property::Missing,
            driver.map_or(Property::Missing, |near| Property::Number(near.distance.km(), KM)),
            share.map_or(Property::Missing, |share| Property::Number(share, SHARE)),
            known.map_or(Property::Missing, |points| Property::Number(points, POINTS)),
            text(notes.join("; ")),
        ]
    });
    rows.collect()
}
