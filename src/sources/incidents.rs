//! Builds incidents from records: position, date, type and deaths. Missing values are reported; incidents
//! that count towards a score must have a date.

use crate::earth::Length;
use crate::model::{
    Codes, Domain, Finding, Incident, Place, Routed, SecurityType, Verdict, collected_in,
};
use crate::sources::bytes::open::Source;
use crate::sources::incident_dates::date_for;
use crate::sources::intake::columns::{Field as F, Role};
use crate::sources::intake::read_all;
use crate::sources::intake::role_reader::{RoleReader, options_of};
use crate::sources::intake::row::{Fault, Row};
use crate::sources::layouts::Type;
use crate::sources::layouts::ucdp::VIOLENCE;
use crate::sources::options::ReadOptions;
use crate::sources::reader::Reader;
use crate::sources::reading::Reading;
use crate::sources::values::numbers::is_missing;
use crate::sources::values::positions::{accuracy_of, shape_of, stand_of};
use crate::{Code, Result};
use compact_str::CompactString;
use jiff::civil::Date;

/// Builds incidents.
pub(crate) const READER: RoleReader<Incident> = RoleReader {
    role: Role::Incidents,
    kind: None,
    build: incident_of,
    required: &[&[F::Date, F::Year, F::RoughYear]],
    noun: "incidents",
    crowd: 20,
    before,
};

/// Reads the incidents of a file. Its format and layout must be known, or the options must map its columns.
///
/// # Errors
/// If the file cannot be opened or decoded, holds something else, lacks columns for the place or the date, or
/// clearly must be read in another way.
pub fn read_incidents(source: &Source, options: &ReadOptions) -> Result<Reading<Incident>> {
    let options = options_of(options, Role::Incidents, None);
    read_open(&mut Reader::open(source, &options)?, &options)?.accepted()
}

/// Reads the incidents of an open file.
pub(crate) fn read_open(reader: &mut Reader, options: &ReadOptions) -> Result<Reading<Incident>> {
    let mut reading = read_all(reader, &READER, options)?;
    let declared = options.map.of(Role::Incidents, None).date_format;
    if let Some(why) = declared.and_then(|format| odd_dates(&reading.items, &format)) {
        reading.findings.push(Finding {
            code: Code::DateDoubtful,
            file: reading.file.clone(),
            place: Place::File,
            id: None,
            field: Some("date".to_owned()),
            value: None,
            why,
            verdict: Verdict::Noted,
        });
    }
    if !reading.has_countries && !reading.items.is_empty() {
        reading.findings.push(Finding {
            code: Code::CountryDoubtful,
            file: reading.file.clone(),
            place: Place::File,
            id: None,
            field: Some("country".to_owned()),
            value: None,
            why: "has no column; the file is taken to cover every country, so that a place \
                  without incidents in it counts as calm"
                .to_owned(),
            verdict: Verdict::Noted,
        });
    }
    Ok(reading)
}

/// Returns the domain of an incident dated before `day`, and the countries in which it shows that its file
/// was collecting.
fn before(incident: &Incident, day: Date) -> Option<(Domain, Codes)> {
    incident.date.filter(|span| span.last() < day)?;
    let named = incident.country.as_slice();
    let there = if incident.vague {
        named.iter().copied().collect()
    } else {
        collected_in(incident.position, named, incident.accuracy.unwrap_or(Length::ZERO))
    };
    Some((incident.domain, there))
}

/// Returns what is odd about dates read in a declared format: all before 1900, or all on one day.
fn odd_dates(items: &[Incident], format: &str) -> Option<String> {
    let mut days = items.iter().filter_map(|item| Some(item.date?.last()));
    let first = days.next()?;
    let (mut newest, mut same, mut count) = (first, true, 1_usize);
    for day in days {
        newest = newest.max(day);
        same &= day == first;
        count += 1;
    }
    let why = if newest.year() < 1900 {
        "puts every incident before 1900"
    } else if same && count > 1 {
        "puts every incident on one day"
    } else {
        return None;
    };
    Some(format!("read as {format} {why} ({newest}); excel, unix and unix-ms are formats too"))
}

fn incident_of(row: &mut Row<'_>) -> Result<Incident, Fault> {
    let routed = routed(row)?;
    let shape = shape_of(row)?;
    let (position, radius) = stand_of(row, &shape)?;
    let date = date_for(row, routed.domain)?;
    let known = accuracy_of(row);
    if known.vague {
        let fault = row.fault(
            if row.binding.has(F::AccuracyCode) { F::AccuracyCode } else { F::WherePrecision },
            "gives only a country or sea as its place; left out of scores and counts",
        );
        row.say(Verdict::SetAside, fault);
    }
    let (fatalities, fatalities_range) = fatalities_of(row, routed.domain);
    let event_type = event_type_of(row);
    let finer_type = finer_type_of(row, &event_type);
    Ok(Incident {
        id: CompactString::default(),
        file: row.rules.file.clone(),
        place: row.record.place.clone(),
        position,
        accuracy: wider(known.accuracy, radius),
        vague: known.vague,
        date,
        domain: routed.domain,
        security_type: routed.security_type,
        event_type: row.state.event_types.once(&event_type),
        finer_type: finer_type.map(|finer| row.state.event_types.once(&finer)),
        fatalities,
        fatalities_range,
        country: row.country,
        magnitude: magnitude_of(row),
        depth_km: depth_of(row),
        own: row.own(),
    })
}

/// Returns the accuracy of a position that represents a shape of this radius.
fn wider(known: Option<Length>, radius: Length) -> Option<Length> {
    match known {
        Some(known) if known >= radius => Some(known),
        known if radius == Length::ZERO => known,
        _ => Some(radius),
    }
}

/// Returns the domain and type of the incident.
fn routed(row: &mut Row<'_>) -> Result<Routed, Fault> {
    let usual = row.rules.layout.and_then(|layout| layout.domain);
    match usual {
        Some(Domain::Earthquake) => {
            must_be_earthquake(row)?;
            return Ok(Routed::plain(Domain::Earthquake));
        }
        Some(Domain::Other) => return Ok(Routed::plain(Domain::Other)),
        _ => {}
    }
    if let Some(kind) = type_of(row) {
        return Ok(match kind.security {
            Some(security) => Routed::security(security),
            None => Routed::plain(Domain::Other),
        });
    }
    if row.binding.has(F::ViolenceType) {
        let code = row.count(F::ViolenceType);
        let found = code.and_then(|code| VIOLENCE.iter().find(|(known, _)| *known == code));
        if found.is_none() {
            row.note_word(
                F::ViolenceType,
                "is not a type of violence from 1 to 3; its type is unknown",
            );
        }
        return Ok(Routed::security(found.map_or(SecurityType::Unknown, |(_, kind)| *kind)));
    }
    let routed = row.route([F::Domain, F::SubEventType, F::EventType], usual);
    if !routed.known {
        let field = [F::EventType, F::SubEventType, F::Domain]
            .into_iter()
            .find(|field| row.word(*field).is_some())
            .unwrap_or(F::EventType);
        row.count_unknown_type(field);
        if routed.domain == Domain::Other {
            row.note_word(field, "is an unknown event type: listed, not scored; known types are for example attack, explosion, battle, abduction, looting, riot, protest, accident, spill, earthquake");
        } else if !row.rules.has_types {
            row.note_record(
                Verdict::Noted,
                "has no column for the type; read as security incidents of unknown type",
            );
        } else {
            row.note_word(field, "is not a known security type; counted as unknown type");
        }
    }
    Ok(routed)
}

/// Returns the type given by the codes of a layout; the finer code wins.
fn type_of(row: &Row<'_>) -> Option<&'static Type> {
    let layout = row.rules.layout.filter(|layout| !layout.types.is_empty())?;
    let finer = row.code(F::SubEventType);
    let found = finer.as_deref().and_then(|code| type_of_code(layout.finer, code));
    found.or_else(|| {
        let above = || layout.root_of.and_then(|root_of| root_of(finer.as_deref()?));
        type_of_code(layout.types, &row.code(F::EventType).or_else(above)?)
    })
}

/// Returns the type of a code, which may have lost its leading zero.
fn type_of_code(types: &'static [Type], code: &str) -> Option<&'static Type> {
    let plain = |code: &str| code.trim_start_matches('0').to_owned();
    let is = |kind: &&Type| plain(kind.word) == plain(code) || kind.title == code;
    types.iter().find(is)
}

/// Refuses events that a catalog of earthquakes lists besides earthquakes.
///
/// # Errors
/// If the type names anything else, such as an explosion or a rock burst.
pub(crate) fn must_be_earthquake(row: &Row<'_>) -> Result<(), Fault> {
    match row.words(F::EventType) {
        Some(word) if !word.to_lowercase().contains("earthquake") => {
            Err(row.fault(F::EventType, "is not an earthquake"))
        }
        _ => Ok(()),
    }
}

/// Returns the event type in the source's words.
fn event_type_of(row: &Row<'_>) -> String {
    if row.binding.has(F::ViolenceType) {
        let code = row.words(F::ViolenceType).unwrap_or_default();
        return match code.trim_end_matches(".0") {
            "1" => "state-based conflict",
            "2" => "non-state conflict",
            "3" => "one-sided violence",
            _ => "unknown",
        }
        .to_owned();
    }
    if let Some(kind) = type_of(row) {
        return kind.title.to_owned();
    }
    let constant = row.rules.layout.and_then(|layout| layout.event_type).map(str::to_owned);
    constant
        .or_else(|| row.words(F::EventType))
        .or_else(|| row.words(F::SubEventType))
        .or_else(|| row.words(F::Domain))
        .unwrap_or_else(|| "unknown".to_owned())
}

/// Returns the finer type in the source's words, unless it is a code or the type itself.
fn finer_type_of(row: &Row<'_>, event_type: &str) -> Option<String> {
    if row.binding.has(F::ViolenceType) || type_of(row).is_some() {
        return None;
    }
    row.words(F::SubEventType).filter(|finer| finer != event_type)
}

/// Returns the best estimate of deaths, and the low and high ones.
fn fatalities_of(row: &mut Row<'_>, domain: Domain) -> (Option<u32>, Option<(u32, u32)>) {
    if row.binding.has(F::PlaceNumber) && row.count(F::PlaceNumber).is_some_and(|number| number > 1)
    {
        let why = "are those of the whole event, which its first place has; not counted again";
        row.note(Verdict::Noted, F::Fatalities, why);
        return (None, None);
    }
    let people = row.people(F::Fatalities);
    let best = people.best;
    let counts = matches!(domain, Domain::Security | Domain::Accident);
    if counts && best.is_none() && is_missing(row.value(F::Fatalities)) {
        let rules = row.rules;
        let why = rules.no_deaths.as_deref().filter(|_| !row.binding.has(F::Fatalities));
        row.note(Verdict::Noted, F::Fatalities, why.unwrap_or("is missing; counted as 0"));
    }
    let (low, high) = (row.people(F::FatalitiesLow).best, row.people(F::FatalitiesHigh).best);
    let (low, high) = (low.or(people.low), high.or(people.high));
    if let (Some(best), Some(high)) = (best, high)
        && best > high
    {
        row.note(Verdict::Noted, F::Fatalities, "is above the high estimate; used as it is");
    }
    if let (Some(best), Some(low)) = (best, low)
        && low > best
    {
        row.note(Verdict::Noted, F::FatalitiesLow, "is above the best estimate; used as it is");
    }
    (best, low.zip(high))
}

/// Returns the magnitude of an earthquake. The largest ever measured is 9.5 (Chile 1960); scales go below
/// zero.
pub(crate) fn magnitude_of(row: &mut Row<'_>) -> Option<f64> {
    row.number_within(F::Magnitude, -3.0, 10.0, "is not a magnitude; read as missing")
}

/// Returns the depth of an earthquake in km. The deepest are near 700 km; some catalogs give heights above
/// sea level as negative depths.
pub(crate) fn depth_of(row: &mut Row<'_>) -> Option<f64> {
    row.number_within(F::Depth, -10.0, 800.0, "is not a depth in km; read as missing")
}
