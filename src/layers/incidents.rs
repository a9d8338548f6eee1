//! The layer `incidents`: every incident that was read, its weights by severity and age, the reason
//! if it is not scored, and the source's own columns.

use super::{Digits, Layer, OwnColumns, Table};
use crate::earth::Length;
use crate::model::{Incident, Said, SecurityType};

/// How an incident was used in the scores.
#[derive(Debug, Clone, PartialEq)]
pub struct IncidentUse<'a> {
    /// The incident.
    pub incident: &'a Incident,
    /// Its age on the as-of date; negative if it is later.
    ///
    /// # Units
    /// Days.
    pub age_days: Option<i64>,
    /// Its severity; `None` if its domain has none.
    pub severity: Option<f64>,
    /// The weight factor from its age, 0 to 1; `None` if its domain has none.
    pub decay: Option<f64>,
    /// Why it counts toward no score; `None` if it counts.
    pub unused: Option<&'static str>,
}

/// The incidents of a run in its order; `use_of` gives the use of each by its index.
pub fn incidents<'a>(
    all: &'a [Incident],
    use_of: impl Fn(usize) -> Option<IncidentUse<'a>> + Send + Sync + 'a,
) -> Layer<'a> {
    let table = columns();
    let taken: Vec<String> = table.columns().map(|column| column.name.to_string()).collect();
    let own = OwnColumns::of(all, taken.iter().map(String::as_str));
    let table = table.and(own.table().over(|row: &IncidentUse<'a>| row.incident));
    Layer::points("incidents", table, all.len(), move |at| {
        let row = use_of(at)?;
        Some((row.incident.id.to_string(), row.incident.position, row))
    })
}

fn columns<'a>() -> Table<'a, IncidentUse<'a>> {
    type Row<'a> = IncidentUse<'a>;
    Table::new()
        .text(
            "domain",
            "What it counts toward: security, accident, earthquake, other",
            |r: &Row| Some(r.incident.domain.word()),
        )
        .text("security_type", "The type by which its severity is weighted", |r: &Row| {
            r.incident.security_type.map(SecurityType::word)
        })
        .text("event_type", "Its type in the source's words", |r: &Row<'a>| {
            Some(&*r.incident.event_type)
        })
        .text("finer_type", "Its finer type in the source's words, by which outputs call it; missing if the source has none", |r: &Row<'a>| {
            r.incident.finer_type.as_deref()
        })
        .date("date", "Its last day", |r: &Row| r.incident.date.map(|span| span.last()))
        .date("first_date", "Its first day", |r: &Row| r.incident.date.map(|span| span.first()))
        .number(
            "age_days",
            Digits::Decimals(0),
            "days",
            "From its last day to the day of the scores",
            |r: &Row| r.age_days.and_then(|days| i32::try_from(days).ok()).map(f64::from),
        )
        .number(
            "fatalities",
            Digits::Decimals(0),
            None,
            "Deaths, by the source's best estimate",
            |r: &Row| r.incident.fatalities.map(f64::from),
        )
        .number("severity", Digits::Decimals(4), None, "Weight by type and deaths", |r: &Row| {
            r.severity
        })
        .number(
            "decay",
            Digits::Decimals(6),
            None,
            "Weight factor from its age, 0 to 1",
            |r: &Row| r.decay,
        )
        .number(
            "weight",
            Digits::Decimals(6),
            None,
            "Severity times decay: its contribution to the intensity of a site next to it",
            |r: &Row| Some(r.severity? * r.decay?),
        )
        .number("magnitude", Digits::Decimals(2), None, "Earthquake magnitude", |r: &Row| {
            r.incident.magnitude
        })
        .number("depth_km", Digits::Decimals(3), "km", "Earthquake focal depth", |r: &Row| {
            r.incident.depth_km
        })
        .number(
            "position_accuracy_km",
            Digits::Decimals(3),
            "km",
            "The radius that holds the true place with 90 % chance",
            |r: &Row| r.incident.accuracy.map(Length::km),
        )
        .text("country", "The country its source names, ISO 3166-1 alpha-3", |r: &Row| {
            r.incident.country.map(|code| code.to_string())
        })
        .text(
            "actors_claimed",
            "Who took part by what its source claims, in its words; plays no part in any score",
            |r: &Row<'a>| r.incident.own.said(Said::Actors),
        )
        .text("location", "The place as its source calls it", |r: &Row<'a>| {
            r.incident.own.said(Said::Location)
        })
        .text("source", "Who reported it, as its source says", |r: &Row<'a>| {
            r.incident.own.said(Said::Source)
        })
        .text("source_url", "Where the report can be read, as its source says", |r: &Row<'a>| {
            r.incident.own.said(Said::Link)
        })
        .text("file", "The file it came from", |r: &Row<'a>| Some(&*r.incident.file))
        .text("place", "Where in that file", |r: &Row| Some(r.incident.place.to_string()))
        .flag("used", "Whether it counts toward a score", |r: &Row| Some(r.unused.is_none()))
        .text("unused_because", "Why it counts toward no score", |r: &Row| r.unused)
}
