//! The reference system of a single record: its own, or that of its file.

use super::angles::{Side, side_of};
use super::grid::{Mark, read_zone, system_name};
use super::numbers::is_missing;
use crate::Code;
use crate::earth::{Crs, Length, Position};
use crate::model::{Verdict, whereabouts};
use crate::sources::formats::record::Geometry;
use crate::sources::intake::columns::Field as F;
use crate::sources::intake::row::{Fault, Row};
use crate::sources::intake::table_crs::is_like_degrees;
use std::borrow::Cow;

/// Returns the reference system of a record whose position begins with a pair of numbers. `srid` is the
/// code in front of its WKT.
///
/// # Errors
/// The numbers cannot be interpreted: the record names an unknown system, or has numbers like degrees
/// where meters are expected.
pub(crate) fn system_of<'a>(
    row: &mut Row<'a>,
    pair: Option<[f64; 2]>,
    srid: Option<&str>,
) -> Result<Cow<'a, Crs>, Fault> {
    let rules = row.rules;
    let table_crs = &rules.table_crs;
    let is_like_degrees = pair.is_some_and(is_like_degrees);
    let in_degrees = table_crs.names_degrees && is_like_degrees;
    if let Some((own, field)) = own_system(row, srid, in_degrees)? {
        if own.is_geographic() || !is_like_degrees {
            row.system = Some(own.clone());
            return Ok(Cow::Owned(own));
        }
        if !table_crs.names_degrees {
            let why = format!(
                "is not in degrees, and the numbers look like them: they would lie beside the origin \
                 of {} or outside its area",
                own.name()
            );
            return Err(row.fault(field, why));
        }
        row.note(
            Verdict::Noted,
            field,
            "is not a system in degrees, but longitude and latitude are; read as WGS84",
        );
        row.system = Some(Crs::wgs84());
        return Ok(Cow::Owned(Crs::wgs84()));
    }
    if table_crs.is_mixed && is_like_degrees {
        return Err(Fault {
            code: Code::PositionDoubtful,
            field: Some("coordinates".to_owned()),
            value: pair.map(|[x, y]| format!("{x},{y}")),
            why: format!("look like degrees, and the file is read as {}", table_crs.crs.name()),
        });
    }
    if let Some(column) = table_crs.zone {
        if !table_crs.crs.is_wgs84() {
            compare_zone(row, column)?;
        } else if let Some(pair) = pair.filter(|_| !is_like_degrees) {
            let crs = system_of_zone(row, column, pair)?;
            row.system = Some(crs.clone());
            return Ok(Cow::Owned(crs));
        }
    }
    Ok(Cow::Borrowed(&table_crs.crs))
}

/// Returns the system of the UTM zone of a record, in a table whose numbers are not degrees. For a zone
/// without north or south, the hemisphere is the one that the numbers allow, or that of the record's
/// country.
fn system_of_zone(row: &mut Row<'_>, column: usize, [x, y]: [f64; 2]) -> Result<Crs, Fault> {
    let text = row.record.field(column).text().unwrap_or_default();
    let fault = |row: &Row<'_>, why: &str| Fault {
        code: Code::CrsDoubtful,
        field: row.columns.get(column).map(ToString::to_string),
        value: (!text.is_empty()).then(|| text.clone()),
        why: format!("{why}; the record has no place"),
    };
    let Some(zone) = read_zone(&text) else {
        return Err(fault(row, "names no UTM zone, which coordinates other than degrees need"));
    };
    let side = row.words(F::LatSide).and_then(|word| side_of(&word));
    let north = match side {
        Some(Side::North) => Some(true),
        Some(Side::South) => Some(false),
        _ => zone.is_north(y),
    };
    if let Some(north) = north {
        return crs_of_zone(row, zone.number, north).map_err(|why| fault(row, &why));
    }
    let mut fits = Vec::new();
    for north in [true, false] {
        let crs = crs_of_zone(row, zone.number, north).map_err(|why| fault(row, &why))?;
        let position = crs.to_wgs84(x, y).ok();
        let position = position.and_then(|[lon, lat]| Position::from_degrees(lon, lat));
        let lies = |position| !whereabouts(position, row.named(), Length::ZERO).agreed.is_empty();
        if position.is_some_and(lies) {
            fits.push(crs);
        }
    }
    match (fits.pop(), fits.pop()) {
        (Some(crs), None) => Ok(crs),
        _ => Err(fault(
            row,
            "does not say whether it is north or south of the equator: add a column hemisphere, or the letter \
             of the band",
        )),
    }
}

/// Returns the system of a UTM zone on WGS84, created once.
///
/// # Errors
/// The build has no PROJ.
pub(crate) fn crs_of_zone(row: &mut Row<'_>, zone: u8, north: bool) -> Result<Crs, String> {
    let name = system_name(zone, north);
    if let Some(found) = row.state.systems.get(&name) {
        return found.clone();
    }
    let found = Crs::new(&name).map_err(|error| error.to_string());
    row.state.systems.insert(name, found.clone());
    found
}

/// Returns the system that a record names. The user's declaration for the file takes precedence; a
/// GeoJSON geometry is in the system of its file, whatever its properties state about its origin.
fn own_system(
    row: &mut Row<'_>,
    srid: Option<&str>,
    in_degrees: bool,
) -> Result<Option<(Crs, F)>, Fault> {
    let rules = row.rules;
    if row.binding.column(F::RowCrs).is_none() && srid.is_none() {
        return Ok(None);
    }
    let given = row.value(F::RowCrs);
    let given = if is_missing(given) { None } else { given.text() };
    let given = given.filter(|name| name != "0");
    let (name, field) = match (&given, srid) {
        (_, Some(code)) => (code, F::Geometry),
        (Some(name), None) => (name.as_str(), F::RowCrs),
        (None, None) => return Ok(None),
    };
    let systems = &mut row.state.systems;
    let found = match systems.get(name) {
        Some(found) => found.clone(),
        None => {
            let found = Crs::new(name).map_err(|error| error.to_string());
            systems.insert(name.to_owned(), found.clone());
            found
        }
    };
    let differs = found.as_ref().is_ok_and(|own| *own != rules.table_crs.crs);
    if !matches!(row.record.geometry, Geometry::InColumns) || rules.map.crs.is_some() {
        if differs {
            let why = format!("is not the system that the file is in; read as {}", {
                rules.table_crs.crs.name()
            });
            row.note(Verdict::Noted, field, &why);
        }
        return Ok(None);
    }
    match found {
        Ok(own) => Ok(Some((own, field))),
        // Words such as "geographic" are not a name, and longitude and latitude need none.
        Err(_) if in_degrees => {
            row.note_word(field, "names no known reference system; read as the file is");
            Ok(None)
        }
        Err(why) => Err(row.fault(field, format!("names no system that can be used: {why}"))),
    }
}

/// Compares the zone of a record with that of its system: read in another zone, the record would be
/// hundreds of kilometers off.
fn compare_zone(row: &mut Row<'_>, column: usize) -> Result<(), Fault> {
    let crs = &row.rules.table_crs.crs;
    let Some(text) = row.record.field(column).text() else { return Ok(()) };
    let (Some(zone), Some(wanted)) = (read_zone(&text), crs.utm_zone()) else {
        return Ok(());
    };
    let has_band = matches!(zone.mark, Mark::Letter(_));
    if zone.number == wanted {
        return Ok(());
    }
    let name = row.columns.get(column).map(ToString::to_string);
    let fault = Fault {
        code: Code::CrsDoubtful,
        field: name,
        value: Some(text),
        why: format!("is not the zone of {}", crs.name()),
    };
    // Without a band letter the column may hold zones of any kind.
    if has_band || fault.field.as_deref().is_some_and(|name| name.to_lowercase().contains("utm")) {
        return Err(fault);
    }
    row.note_record(Verdict::Noted, "names a zone other than that of its reference system");
    Ok(())
}
