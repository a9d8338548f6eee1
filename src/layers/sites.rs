//! The layer `sites`: every site with its scores, their drivers, its surroundings, and its own
//! columns. The property names are a contract, documented in docs/FORMATS.md.

use super::bars::{bars, indicators, not_known};
use super::columns::{
    ENVIRONMENT_AT_LEAST, ENVIRONMENT_BAND, ENVIRONMENT_COVERAGE, ENVIRONMENT_SCORE, NAME,
    SECURITY_BAND, SECURITY_RECORD_GAP, SECURITY_SCORE, event_column, ring_column,
};
use super::downstream::{downstream, runout};
use super::rasters::rasters;
use super::uncertainty::uncertainty;
use super::{
    Context, CountedIncident, Digits, Layer, OwnColumns, RecordGap, Scored, Table, event_name,
};
use crate::float;
use crate::measures::{Nearby, Until};
use crate::model::{ReceptorKind, Site};
use crate::scoring::{Driver, written};

/// Number of drivers with columns of their own.
pub const DRIVER_COLUMNS: usize = 3;

const SCORE: Digits = Digits::Decimals(1);
const SHARE: Digits = Digits::Decimals(3);
const KM: Digits = Digits::Decimals(3);
const DEGREES: Digits = Digits::Decimals(1);
const WHOLE: Digits = Digits::Decimals(0);

/// A site and its results.
#[derive(Clone, Copy)]
struct Row<'a> {
    site: &'a Site,
    scored: &'a Scored,
}

/// Every scored site, in order.
pub fn sites<'a>(context: Context<'a>, scored: &'a [Scored]) -> Layer<'a> {
    let table = risk(context)
        .and(event(context))
        .text("explanation", "The scores explained in a few sentences", move |row: &Row<'a>| {
            Some(context.explanation(row.scored))
        })
        .text("security_caution", "What to know before believing the security score: nothing within 50 km, one event, coarse positions, partly covered, old record; missing if nothing", move |row: &Row<'a>| {
            let labels: Vec<String> = context.cautions(row.scored).iter().map(|one| one.label()).collect();
            (!labels.is_empty()).then(|| labels.join("; "))
        })
        .text(SECURITY_RECORD_GAP, "What is missing from the record of incidents behind security_score: old record, record ended, partly covered; missing if nothing, or without a score. Maps mark these sites with a dot", move |row: &Row<'a>| {
            let words: Vec<&str> = RecordGap::of(context, row.scored).into_iter().map(RecordGap::word).collect();
            (!words.is_empty()).then(|| words.join("; "))
        })
        .and(uncertainty(context).over(|row: &Row<'a>| row.scored))
        .and(nearest_incident(context))
        .and(counts(context))
        .and(drivers(context))
        .and(surroundings(context))
        .and(rasters(context).over(|row: &Row<'a>| row.scored))
        .and(downstream(context).over(|row: &Row<'a>| row.scored))
        .and(runout(context).over(|row: &Row<'a>| (row.site, row.scored)))
        .and(bars().over(|row: &Row<'a>| row.scored))
        .and(indicators().over(|row: &Row<'a>| row.scored))
        .and(flags())
        .and(parts(context));
    let taken: Vec<String> = table.columns().map(|column| column.name.to_string()).collect();
    let own = OwnColumns::met::<Site>(context.own(), taken.iter().map(String::as_str));
    let table = table.and(own.table().over(|row: &Row<'a>| row.site));
    let shown: Vec<Row<'a>> = scored
        .iter()
        .filter_map(|scored| Some(Row { site: context.sites.get(scored.site)?, scored }))
        .collect();
    let len = shown.len();
    Layer::points("sites", table, len, move |index| {
        let row = *shown.get(index)?;
        Some((row.site.id.clone(), row.site.position, row))
    })
}

/// Identity, both scores, and their combination.
fn risk<'a>(context: Context<'a>) -> Table<'a, Row<'a>> {
    let bands = &context.scheme.bands;
    let security = |row: &Row| row.scored.risk.security.score;
    let environment = |row: &Row| row.scored.risk.environment.score;
    let overall = |row: &Row| row.scored.risk.overall;
    Table::new()
        .text(NAME, "Display name of the site", |row: &Row| Some(row.site.name.as_str()))
        .text("country", "Country, by the built-in borders (ISO 3166-1 alpha-3)", |row: &Row| {
            row.scored.country.map(|code| code.to_string())
        })
        .number(
            "position_accuracy_km",
            KM,
            "km",
            "Radius that contains the true place with 90 % probability; the scheme's default if the source gives none",
            move |row: &Row| Some(context.scheme.position.radius(row.site.accuracy).km()),
        )
        .flag("position_accuracy_given", "Whether the source gives it", |row: &Row| {
            Some(row.site.accuracy.is_some())
        })
        .number(SECURITY_SCORE, SCORE, None, "Security risk, 0 to 100; missing if no incidents were collected", security)
        .text(SECURITY_BAND, "Class of security_score: very low, low, medium, high, very high, no data", move |row: &Row| {
            Some(bands.of(security(row)).word())
        })
        .number(ENVIRONMENT_SCORE, SCORE, None, "Environmental risk, 0 to 100, with reference values for what is not known; missing if too little is known", environment)
        .text(ENVIRONMENT_BAND, "Class of environment_score", move |row: &Row| {
            Some(bands.of(environment(row)).word())
        })
        .number(ENVIRONMENT_AT_LEAST, SCORE, None, "Environmental risk by what is known alone: the score if what is not known counted as nothing, 0 to 100; never falls when more becomes known; missing if nothing is known", |row: &Row| {
            row.scored.risk.environment.at_least
        })
        .number(ENVIRONMENT_COVERAGE, SHARE, None, "Share of the weights of the score that is known, 0 to 1", |row: &Row| {
            Some(row.scored.risk.environment.coverage)
        })
        .text("environment_missing", "Indicators of which nothing is known, those of the hazard with them", |row: &Row| {
            not_known(&row.scored.risk.environment, |one| one.weight_in_bar > 0.0)
        })
        .number("overall_score", SCORE, None, "Power mean of the two scores; missing unless both exist", overall)
        .text("overall_band", "Class of overall_score", move |row: &Row| Some(bands.of(overall(row)).word()))
        .text("risk_cell", "Cell of both bands in a 5 by 5 table, such as S4E2; 0 means no score", |row: &Row| {
            Some(row.scored.risk.cell.to_string())
        })
        .number("security_intensity", Digits::All, None, "Sum of all incidents' contributions behind security_score, four significant digits", |row: &Row| {
            row.scored.risk.security.intensity.map(written::intensity)
        })
        .number("security_coverage", SHARE, None, "Share of the land in the buffer (100 km by default) on which security incidents were collected, 0 to 1; of the whole buffer if polygons tell where; without land 1 if they were collected at the site", |row: &Row| {
            Some(row.scored.quantities.security.coverage)
        })
        .number(&ring_column("security_coverage", context.scheme.buffers.window_radius_km), SHARE, None, &format!("The same within {} km, where incidents are counted by days", context.scheme.buffers.window_radius_km), |row: &Row| {
            Some(row.scored.quantities.security.window_coverage)
        })
        .date("security_data_since", "First day from which incidents were collected at the site; missing if none ever were", move |row: &Row| {
            context.collection.since(row.site.position, row.scored.country)
        })
        .date("security_data_until", "Last day up to which incidents were collected at the site; missing if none ever were", move |row: &Row| {
            match context.collected_until(row.scored) {
                Until::Never => None,
                Until::Current(day) | Until::Ended(day) => Some(day),
            }
        })
        .flag("security_data_ended", "Whether that day is so long before the as-of date that a lack of incidents no longer counts as calm; the score is then missing, or as of that day", move |row: &Row| {
            match context.collected_until(row.scored) {
                Until::Never => None,
                until => Some(matches!(until, Until::Ended(_))),
            }
        })
        .number("security_trend", SHARE, None, "Probability that incidents have become more frequent: the last year against the year before, as rates over the days of each that the record spans, 0 to 1; missing with fewer than three incidents in both, or if the record spans less than half of either", |row: &Row| {
            row.scored.risk.security.trend
        })
}

/// The probability of an event, if the run has a calibration.
fn event<'a>(context: Context<'a>) -> Table<'a, Row<'a>> {
    let Some(calibration) = context.calibration else { return Table::new() };
    let name = event_column(&calibration.event);
    Table::new().number(&name, SHARE, None, &calibration.about(), move |row: &Row| {
        context.event_probability(row.scored)
    })
}

/// The nearest security incident.
fn nearest_incident<'a>(context: Context<'a>) -> Table<'a, Row<'a>> {
    let nearest = |row: &Row| row.scored.quantities.security.nearest.first().copied();
    let incident = move |row: &Row| context.incidents.get(nearest(row)?.index);
    Table::new()
        .text("nearest_incident_id", "The nearest security incident", move |row: &Row| {
            incident(row).map(|incident| incident.id.as_str())
        })
        .number(
            "nearest_incident_km",
            KM,
            "km",
            "Distance to it from the site itself",
            move |row: &Row| nearest(row).map(|nearby| nearby.distance.km()),
        )
        .number(
            "nearest_incident_bearing",
            DEGREES,
            "degrees",
            "Bearing to it, clockwise from north",
            move |row: &Row| nearest(row).map(|nearby| nearby.bearing),
        )
        .date("nearest_incident_date", "Its last day", move |row: &Row| {
            incident(row).and_then(|incident| incident.date).map(|date| date.last())
        })
        .text(
            "nearest_incident_type",
            "Its most precise type, in the source's words",
            move |row: &Row| incident(row).map(event_name),
        )
}

/// Counts within rings over all time, and within windows of time.
fn counts<'a>(context: Context<'a>) -> Table<'a, Row<'a>> {
    /// A ring, or a window of so many days, by its place in the scheme.
    #[derive(Clone, Copy)]
    enum Of {
        Ring(usize),
        Window(usize, u32),
    }
    let count = move |of: Of, deaths: bool| {
        move |row: &Row| {
            let Row { scored, .. } = row;
            let counts = &scored.quantities.security;
            let count = match of {
                Of::Ring(at) => context.shown_count(scored, *counts.rings.get(at)?)?,
                Of::Window(at, days) => {
                    context.shown_window(scored, days, *counts.windows.get(at)?)?
                }
            };
            Some(if deaths {
                float::of_whole(count.fatalities)
            } else {
                f64::from(count.incidents)
            })
        }
    };
    let mut table = Table::new();
    let buffers = &context.scheme.buffers;
    for (what, deaths) in [("incidents", false), ("fatalities", true)] {
        let told = if deaths {
            "Deaths reported in security incidents (best estimates; an incident without a number of deaths adds none)"
        } else {
            "Security incidents"
        };
        for (at, km) in buffers.rings_km.iter().enumerate() {
            let about = format!(
                "{told} in the files within {km} km, over all time; missing where none were collected and none is known. The least that there were, and 0 no proof of calm, where security_coverage is below 1 or security_record_gap is set"
            );
            let name = ring_column(what, *km);
            table = table.number(&name, WHOLE, None, &about, count(Of::Ring(at), deaths));
        }
        let within = buffers.window_radius_km;
        let covered = ring_column("security_coverage", within);
        for (at, days) in buffers.window_days.iter().enumerate() {
            let part = context.record_begins_within(*days).map_or_else(String::new, |first| {
                format!(", of which the record spans those from {first} on")
            });
            let about = format!(
                "{told} in the files within {within} km in the last {days} days{part}; missing where none were collected and none is known. The least that there were, and 0 no proof of calm, where {covered} is below 1 or security_record_gap is set"
            );
            let name = format!("{}_{days}d", ring_column(what, within));
            table = table.number(&name, WHOLE, None, &about, count(Of::Window(at, *days), deaths));
        }
    }
    table
}

/// The incidents with the largest shares of the security score.
fn drivers<'a>(context: Context<'a>) -> Table<'a, Row<'a>> {
    let mut table = Table::new();
    for rank in 0..DRIVER_COLUMNS {
        let driver = move |row: &Row<'a>| -> Option<&'a Driver> {
            row.scored.risk.security.drivers.get(rank)
        };
        let counted = move |row: &Row<'a>| -> Option<CountedIncident<'a>> {
            context.counted(row.scored.site, &driver(row)?.contribution)
        };
        let name = |suffix: &str| format!("driver_{}{suffix}", rank + 1);
        table = table
            .text(
                &name(""),
                "Incident that adds most to security_score, by rank",
                move |row: &Row<'a>| counted(row).map(|counted| counted.incident.id.as_str()),
            )
            .text(
                &name("_type"),
                "Its most precise type, in the source's words",
                move |row: &Row<'a>| counted(row).map(|counted| event_name(counted.incident)),
            )
            .date(&name("_date"), "Its last day", move |row: &Row<'a>| counted(row)?.date)
            .number(
                &name("_share"),
                SHARE,
                None,
                "Its share of security_score, 0 to 1",
                move |row: &Row<'a>| driver(row).map(|driver| driver.share),
            )
            .number(
                &name("_km"),
                KM,
                "km",
                "Its distance from the site, or from the linked part where it weighs most",
                move |row: &Row<'a>| counted(row).map(|counted| counted.km),
            )
            .text(
                &name("_part"),
                "The linked part where it weighs most, if not the site itself",
                move |row: &Row<'a>| Some(counted(row)?.part?.id.as_str()),
            );
    }
    table
}

/// Receptors around the site.
fn surroundings<'a>(context: Context<'a>) -> Table<'a, Row<'a>> {
    let nearest = |row: &Row<'a>, kind| -> Option<&'a Nearby> {
        row.scored.quantities.environment.nearby.get(&kind)?.first()
    };
    let buffers = &context.scheme.buffers;
    let (people, river, accidents) =
        (buffers.people_km, buffers.river_km, buffers.window_radius_km);
    let mut table = Table::new();
    for (kind, noun) in ReceptorKind::ALL.iter().filter_map(|kind| Some((*kind, kind.column()?))) {
        let words = noun.replace('_', " ");
        table = table
            .number(
                &format!("nearest_{noun}_km"),
                KM,
                "km",
                &format!(
                    "Distance to the nearest mapped {words}, 0 inside; missing without such a layer"
                ),
                move |row: &Row<'a>| nearest(row, kind).map(|nearby| nearby.distance.km()),
            )
            .text(
                &format!("nearest_{noun}"),
                &format!("Name of the nearest mapped {words}, or its id"),
                move |row: &Row<'a>| {
                    let receptor = context.receptors.get(nearest(row, kind)?.index)?;
                    Some(receptor.name.as_deref().unwrap_or(&receptor.id))
                },
            );
    }
    for (at, km) in buffers.overlap_km.iter().enumerate() {
        let about = format!(
            "Share of the {km} km buffer covered by mapped sensitive areas given as polygons, 0 to 1; 0 where none is mapped, which does not say that there is none"
        );
        table = table.number(
            &ring_column("sensitive_share", *km),
            SHARE,
            None,
            &about,
            move |row: &Row<'a>| {
                row.scored.quantities.environment.sensitive_shares.get(at).copied()
            },
        );
    }
    table
        .number(
            &ring_column("river_length", river),
            KM,
            "km",
            &format!(
                "Length of mapped river within {river} km; 0 where none is mapped, which does not say that there is none"
            ),
            |row: &Row<'a>| {
                row.scored.quantities.environment.river_length.map(|length| length.km())
            },
        )
        .number(
            &ring_column("people", people),
            WHOLE,
            None,
            &format!(
                "People in mapped settlements of known population within {people} km; 0 where none is mapped, which is not the same as nobody"
            ),
            |row: &Row<'a>| row.scored.quantities.environment.people,
        )
        .number(
            &ring_column("accidents", accidents),
            WHOLE,
            None,
            &format!("Accidents and spills reported within {accidents} km, over all time"),
            |row: &Row<'a>| {
                Some(f64::from(row.scored.quantities.environment.accidents_count?.incidents))
            },
        )
}

/// Yes-or-no statements.
fn flags<'a>() -> Table<'a, Row<'a>> {
    Table::new()
        .number("sensitive_area_within_km", KM, "km", "Distance to the nearest sensitive area, if within the scheme's flag distance", |row: &Row<'a>| {
            row.scored.risk.flags.sensitive_area_within_km
        })
        .number("world_heritage_within_km", KM, "km", "Distance to the nearest World Heritage site, if within the scheme's flag distance", |row: &Row<'a>| {
            row.scored.risk.flags.world_heritage_within_km
        })
        .flag("in_world_heritage", "Whether the site lies in a World Heritage site; missing if none is mapped there, but the layer is not declared complete or the positions leave it open", |row: &Row<'a>| {
            row.scored.risk.flags.in_world_heritage
        })
        .flag("water_stress_high", "Whether water stress is high or worse", |row: &Row<'a>| {
            row.scored.risk.flags.water_stress_high
        })
        .flag("in_conflict_area", "Whether violent security incidents were reported nearby in the last year (protests and strategic developments only if deaths are reported in them), or the security band is high or worse; missing if neither, but incidents were not collected on all the land nearby or over the whole year, the newest in the country is old, or a violent incident farther away may have been nearby, as far as positions are known", |row: &Row<'a>| {
            row.scored.risk.flags.in_conflict_area
        })
}

/// Linked parts of the site.
fn parts<'a>(context: Context<'a>) -> Table<'a, Row<'a>> {
    Table::new()
        .text("group", "Key that links the parts of the site", |row: &Row<'a>| {
            row.site.group.clone()
        })
        .number(
            "linked_parts",
            WHOLE,
            None,
            "Camps, roads and other parts linked to the site",
            move |row: &Row<'a>| {
                let parts = context.linked.get(row.scored.site)?.len();
                u32::try_from(parts).ok().map(f64::from)
            },
        )
        .text(
            "tailings_class",
            "Consequence class of its tailings (GISTM 2020)",
            |row: &Row<'a>| row.site.tailings.class.map(|class| class.word()),
        )
}
