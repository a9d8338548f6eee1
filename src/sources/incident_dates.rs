//! Reads the date of an incident from its columns.

use crate::model::{DateSpan, Domain, Verdict};
use crate::sources::intake::columns::Field as F;
use crate::sources::intake::row::{Fault, Row};
use crate::sources::layouts::Dates;
use crate::sources::values::calendars::of_milliseconds;
use crate::sources::values::dates::{from_parts, read_date, rough, year_span};
use crate::sources::values::digits::plain_digits;
use crate::sources::values::numbers::read_number;
use crate::sources::values::numeric_dates::only_reading;

/// Returns the date, which is required for security incidents and accidents.
pub(super) fn date_for(row: &mut Row<'_>, domain: Domain) -> Result<Option<DateSpan>, Fault> {
    let must = matches!(domain, Domain::Security | Domain::Accident);
    match date_of(row) {
        Ok(Some(date)) if must && is_of_another_calendar(row, date) => Err(row.fault(
            date_field(row),
            format!(
                "is of year {}, perhaps of the Solar Hijri or the Buddhist calendar; declare which: \
                 ⟦map={}.date_format=solar-hijri⟧, or %Y-%m-%d where it is of the common one",
                date.last().year(),
                row.rules.section()
            ),
        )),
        Ok(Some(date)) => Ok(Some(date)),
        Ok(None) if must => Err(row.fault(date_field(row), "is missing; the incident has no date")),
        Ok(None) => {
            let field = date_field(row);
            row.note(Verdict::Noted, field, "has no date; the incident is kept without one");
            Ok(None)
        }
        Err(fault) if must => Err(fault),
        Err(fault) => {
            let field = date_field(row);
            row.note(Verdict::Noted, field, &fault.why);
            Ok(None)
        }
    }
}

/// Whether a date lies in a year that current files of incidents do not reach, but that is current in another
/// calendar.
fn is_of_another_calendar(row: &Row<'_>, date: DateSpan) -> bool {
    let year = date.last().year();
    // The Solar Hijri calendar, and the Buddhist calendar as used in Thailand.
    let other = (1300..=1500).contains(&year) || (2450..=2600).contains(&year);
    other && row.rules.map.date_format.is_none()
}

/// Returns the field to name if the date is missing.
pub(super) fn date_field(row: &Row<'_>) -> F {
    [F::Date, F::RoughYear, F::Year]
        .into_iter()
        .find(|field| row.binding.has(*field))
        .unwrap_or(F::Date)
}

/// Returns the date of the record: one date, a start and an end, or a year with optional month and day.
///
/// # Errors
/// If the date cannot be read or is ambiguous.
pub(super) fn date_of(row: &mut Row<'_>) -> Result<Option<DateSpan>, Fault> {
    let declared = row.rules.map.date_format.clone();
    let layout = row.rules.layout.map_or(Dates::Plain, |layout| layout.dates);
    let format = match (declared, layout) {
        (Some(format), _) => Some(format),
        (None, Dates::Format(format)) => Some(format.to_owned()),
        (None, _) => None,
    };
    let read = |row: &mut Row<'_>, field| {
        if layout == Dates::Milliseconds
            && let Some(day) = of_milliseconds(row.value(field))
        {
            return Ok(Some(day));
        }
        if format.is_none()
            && let Some(day) = only_date(row, field)
        {
            return Ok(Some(day));
        }
        read_date(row.value(field), format.as_deref()).map_err(|why| {
            row.fault(field, why.replace("incidents.", &format!("{}.", row.rules.role.word())))
        })
    };
    let Some(first) = read(row, F::Date)? else {
        return date_of_parts(row, layout == Dates::Historic);
    };
    match read(row, F::DateEnd)? {
        None => Ok(Some(first)),
        Some(last) => match DateSpan::new(first.first(), last.last()) {
            Some(span) => {
                if span.first() < span.last() {
                    row.note(
                        Verdict::Noted,
                        F::DateEnd,
                        "lies after the first day; the record is dated by its last day",
                    );
                }
                Ok(Some(span))
            }
            None => {
                row.note(Verdict::Noted, F::DateEnd, "lies before the first day; not used");
                Ok(Some(first))
            }
        },
    }
}

/// Returns the only date that a text of numbers can be, if other dates of the table are written otherwise.
fn only_date(row: &mut Row<'_>, field: F) -> Option<DateSpan> {
    if row.rules.map.spelling.dates_in_numbers {
        return None;
    }
    let (date, day_first) = only_reading(&plain_digits(row.value(field).as_str()?))?;
    let first = if day_first { "day" } else { "month" };
    row.note(
        Verdict::Repaired,
        field,
        &format!("is read with the {first} first, the only way to read it; other dates are not written so"),
    );
    Some(date)
}

/// Returns a date whose year, month and day are in separate columns.
fn date_of_parts(row: &mut Row<'_>, historic: bool) -> Result<Option<DateSpan>, Fault> {
    let Some(year) = whole(row, F::Year)? else {
        return rough_date(row);
    };
    // ISO 8601 has a year 0, which is 1 BC; historians do not have one.
    let year = if historic && year < 0 {
        row.note(Verdict::Noted, F::Year, "is before Christ; ISO 8601 counts it one year later");
        year + 1
    } else {
        year
    };
    let (month, day) = (whole(row, F::Month)?, whole(row, F::Day)?);
    if month.is_none() && row.binding.has(F::Month) {
        row.note(Verdict::Noted, F::Month, "is missing; dated by the whole year");
    } else if day.is_none() && row.binding.has(F::Day) {
        row.note(Verdict::Noted, F::Day, "is missing; dated by the whole month");
    }
    // A month or day that does not fit is out of range, so it does not make a date either.
    let small = |part: Option<i16>| part.map(|part| i8::try_from(part).unwrap_or(i8::MAX));
    from_parts(year, small(month), small(day))
        .map(Some)
        .ok_or_else(|| row.fault(F::Year, "does not make a valid date with its month and day"))
}

/// Returns the date of a year column that may hold a span of years, or `None` if it is empty.
fn rough_date(row: &mut Row<'_>) -> Result<Option<DateSpan>, Fault> {
    let Some(text) = row.words(F::RoughYear) else {
        return Ok(None);
    };
    if let Some(year) = text.parse().ok().and_then(year_span) {
        return Ok(Some(year));
    }
    match rough(&text) {
        Some(span) => {
            row.note(Verdict::Noted, F::RoughYear, "is a span, not a day");
            Ok(Some(span))
        }
        None if text.starts_with("Before ") => {
            Err(row.fault(F::RoughYear, "gives only a last year; kept without a date"))
        }
        None => Err(row.fault(F::RoughYear, "is not a year or a span of years")),
    }
}

/// Returns a year, month or day as a whole number.
fn whole(row: &Row<'_>, field: F) -> Result<Option<i16>, Fault> {
    match read_number(row.value(field), false) {
        Ok(None) => Ok(None),
        Ok(Some(number)) if number.value.fract() == 0.0 => {
            match format!("{}", number.value).parse() {
                Ok(part) => Ok(Some(part)),
                Err(_) => Err(row.fault(field, "is not a valid part of a date")),
            }
        }
        _ => Err(row.fault(field, "is not a valid part of a date")),
    }
}
