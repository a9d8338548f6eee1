//! Dates in tables. Unambiguous dates, in ISO 8601 or with a named month, are read; numbers in an
//! ambiguous order are read only with a declared format. A year or a month alone is the span of its
//! days.

use super::calendars;
use super::digits::plain_digits;
use super::less_usual_dates::less_usual;
use super::numbers::is_missing;
use super::numeric_dates::{is_day_and_month_in_numbers, mark, only_reading};
use crate::model::{DateSpan, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// Reads a date by the declared format, or an unambiguous date if there is no format; `Ok(None)` if
/// the value is missing.
///
/// # Errors
/// The fault, as a phrase that follows the value.
pub(crate) fn read_date(value: &Value, format: Option<&str>) -> Result<Option<DateSpan>, String> {
    if is_missing(value) {
        return Ok(None);
    }
    let text = match value.as_str() {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(value.to_string()),
    };
    let text = plain_digits(text.as_ref());
    let text = text.as_ref();
    if NO_DATES.contains(&text) {
        return Ok(None);
    }
    if let Some(span) = format.and_then(|format| by_format(text, format)) {
        return Ok(Some(span));
    }
    let span = iso(text).or_else(|| named_month(text)).or_else(|| span_of_two(text));
    if let Some(span) = span.or_else(|| less_usual(text)) {
        return Ok(Some(span));
    }
    Err(if format.is_none() && is_day_and_month_in_numbers(text) {
        let mark = mark(text);
        match only_reading(text) {
            None => format!(
                "may be day or month first and is not guessed; declare which: \
                 ⟦map=incidents.date_format=%d{mark}%m{mark}%Y⟧ or %m{mark}%d{mark}%Y"
            ),
            Some((_, day_first)) => {
                let (first, order) = match day_first {
                    true => ("day", format!("%d{mark}%m{mark}%Y")),
                    false => ("month", format!("%m{mark}%d{mark}%Y")),
                };
                format!(
                    "can only be {first} first, but the order of all dates written in numbers is not guessed from it; \
                     declare it: ⟦map=incidents.date_format={order}⟧"
                )
            }
        }
    } else if let Some(format) = format {
        format!("is not a date; expected {format} or YYYY-MM-DD")
    } else if let Some((what, format)) = calendars::likely(text) {
        format!(
            "is not a date; expected YYYY-MM-DD; if it is {what}, declare it: ⟦map=incidents.date_format={format}⟧"
        )
    } else {
        "is not a date; expected YYYY-MM-DD".to_owned()
    })
}

/// Checks a declared format.
///
/// # Errors
/// The fault.
pub(crate) fn check_format(format: &str) -> Result<(), String> {
    if calendars::FORMATS.contains(&format) {
        return Ok(());
    }
    if !format.contains('%') {
        return Err(format!(
            "has no directive such as %Y, and is none of {}",
            calendars::FORMATS.join(", ")
        ));
    }
    strtime::format(format, &Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC))
        .map(drop)
        .map_err(|error| error.to_string())
}

/// Reads a date in the declared format: a day, a month, a year or seconds since 1970.
fn by_format(text: &str, format: &str) -> Option<DateSpan> {
    if calendars::FORMATS.contains(&format) {
        return calendars::read(text, format).map(DateSpan::day);
    }
    let parts = BrokenDownTime::parse(format, text).ok()?;
    if let Ok(date) = parts.to_date() {
        return Some(DateSpan::day(date));
    }
    if let Ok(moment) = parts.to_timestamp() {
        return Some(DateSpan::day(moment.to_zoned(TimeZone::UTC).date()));
    }
    match (parts.year()?, parts.month(), parts.day()) {
        (year, Some(month), None) => month_span(year, month),
        (year, None, None) => year_span(year),
        _ => None,
    }
}

/// The span of a year's days; years before 1 are numbered as in ISO 8601.
pub(crate) fn year_span(year: i16) -> Option<DateSpan> {
    DateSpan::new(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)
}

/// The span of a month's days.
pub(crate) fn month_span(year: i16, month: i8) -> Option<DateSpan> {
    let first = Date::new(year, month, 1).ok()?;
    DateSpan::new(first, first.last_of_month())
}

/// Builds a date from its parts, as precise as they are.
pub(crate) fn from_parts(year: i16, month: Option<i8>, day: Option<i8>) -> Option<DateSpan> {
    match (month, day) {
        (Some(month), Some(day)) => Date::new(year, month, day).ok().map(DateSpan::day),
        (Some(month), None) => month_span(year, month),
        (None, _) => year_span(year),
    }
}

/// Returns the span from the earlier first day to the later last day.
pub(crate) fn hull(one: DateSpan, other: DateSpan) -> DateSpan {
    let first = one.first().min(other.first());
    let last = one.last().max(other.last());
    // The earlier of two first days never lies after the later of two last days.
    DateSpan::new(first, last).unwrap_or(one)
}

/// Reads `2024`, `2024-03`, `2024-03-09`, `2024/03/09`, `20240309`, or a day followed by a time.
pub(super) fn iso(text: &str) -> Option<DateSpan> {
    let (year, rest) = leading_digits(text, 4, 8)?;
    if rest.is_empty() {
        return match year.len() {
            4 => year_span(year.parse().ok()?),
            8 => {
                let part = |from: usize, to: usize| year.get(from..to)?.parse::<i16>().ok();
                let small = |from, to| part(from, to).and_then(|n| i8::try_from(n).ok());
                from_parts(part(0, 4)?, Some(small(4, 6)?), Some(small(6, 8)?))
            }
            _ => None,
        };
    }
    if year.len() != 4 {
        return None;
    }
    let year = year.parse().ok()?;
    let mark = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (month, rest) = leading_digits(rest.strip_prefix(mark)?, 1, 2)?;
    let month_number = month.parse().ok()?;
    if rest.is_empty() {
        // `2024-3` is ambiguous; a month alone has two digits.
        return (month.len() == 2 && mark == '-').then(|| month_span(year, month_number)).flatten();
    }
    let (day, rest) = leading_digits(rest.strip_prefix(mark)?, 1, 2)?;
    if !is_time(rest) {
        return None;
    }
    Date::new(year, month_number, day.parse().ok()?).ok().map(DateSpan::day)
}

/// Reads two dates with a separator, `2024-03-09/2024-03-12`, or a month before its year, `5/2024`.
fn span_of_two(text: &str) -> Option<DateSpan> {
    let both = |(from, to): (&str, &str)| {
        let (from, to) = (from.trim(), to.trim());
        // A year or a month beside a date does not make a span.
        let whole = from.len() >= 8 && to.len() >= 8;
        let (from, to) = (iso(from).filter(|_| whole)?, iso(to)?);
        DateSpan::new(from.first(), to.last())
    };
    let marks = [" to ", " - ", " – ", "–", " bis ", " au ", " al ", "/"];
    marks.iter().find_map(|mark| both(text.split_once(mark)?)).or_else(|| {
        let (month, year) = text.split_once(['/', '.', '-'])?;
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        let is_month = digits(month, 2) && digits(year, 4) && year.len() == 4;
        is_month.then(|| month_span(year.parse().ok()?, month.parse().ok()?)).flatten()
    })
}

/// Placeholders that databases write for an unknown day.
const NO_DATES: [&str; 7] = [
    "9999-12-31",
    "9999-12-31T00:00:00",
    "9999-12-31 00:00:00",
    "9999",
    "0000-00-00",
    "0000-00-00 00:00:00",
    "00/00/0000",
];

/// Splits off leading digits, if there are from `least` to `most` of them; returns them and the rest.
pub(super) fn leading_digits(text: &str, least: usize, most: usize) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (least..=most).contains(&end).then(|| text.split_at_checked(end)).flatten()
}

/// Whether the rest is empty, or a time of day with or without its zone: `T12:30:00Z`, `
/// 00:00:00.000`.
fn is_time(rest: &str) -> bool {
    let Some(time) = rest.strip_prefix(['T', 't', ' ']) else {
        return rest.is_empty();
    };
    let time = time.trim();
    time.is_empty()
        || time.starts_with(|c: char| c.is_ascii_digit())
            && time.contains(':')
            && time.chars().all(|c| {
                c.is_ascii_digit()
                    || matches!(
                        c,
                        ':' | '.'
                            | '+'
                            | '-'
                            | ' '
                            | 'Z'
                            | 'z'
                            | 'A'
                            | 'P'
                            | 'M'
                            | 'a'
                            | 'p'
                            | 'm'
                            | 'U'
                            | 'T'
                            | 'C'
                    )
            })
}

/// Reads `12-Mar-24`, `12 March 2024`, `March 12, 2024`, `Mar 2024`, `2024-Mar-12`.
fn named_month(text: &str) -> Option<DateSpan> {
    let mut parts = Vec::new();
    for part in text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | ',' | '.')) {
        // "9 de marzo de 2024", "9 марта 2024 г."
        if part.is_empty() || is_weekday(part) || matches!(part, "de" | "del" | "г" | "года") {
            continue;
        }
        if part.contains(':') {
            // A time of day ends the date.
            break;
        }
        parts.push(part);
    }
    match parts.as_slice() {
        [a, b, c] => {
            if let Some(month) = month_of(b) {
                // Four digits in front are the year: 2024-Mar-12.
                if a.len() == 4 {
                    from_parts(year_of(a)?, Some(month), Some(day_of(c)?))
                } else {
                    from_parts(year_of(c)?, Some(month), Some(day_of(a)?))
                }
            } else {
                let month = month_of(a)?;
                from_parts(full_year(c)?, Some(month), Some(day_of(b)?))
            }
        }
        [a, b] => match month_of(a) {
            Some(month) => month_span(full_year(b)?, month),
            None => month_span(full_year(a)?, month_of(b)?),
        },
        _ => None,
    }
}

/// The number of a month, from its name in any of the languages, or its abbreviation.
pub(crate) fn month_of(word: &str) -> Option<i8> {
    let word = word.to_lowercase();
    let at = calendars::MONTHS.iter().position(|names| names.contains(&word.as_str()))?;
    i8::try_from(at + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = word.to_lowercase();
    DAYS.iter().any(|day| *day == word || word.len() == 3 && day.starts_with(&word))
}

/// Reads a day of the month, with or without `st`, `nd`, `rd`, `th`.
pub(super) fn day_of(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = word.get(digits.len()..)?.to_lowercase();
    if !matches!(ending.as_str(), "" | "st" | "nd" | "rd" | "th" | "er") || digits.len() > 2 {
        return None;
    }
    digits.parse().ok()
}

/// Reads a year of four digits, or of two as in POSIX: 69 to 99 are in the 20th century.
fn year_of(word: &str) -> Option<i16> {
    if word.len() == 2 && word.chars().all(|c| c.is_ascii_digit()) {
        let short: i16 = word.parse().ok()?;
        return Some(if short >= 69 { 1900 + short } else { 2000 + short });
    }
    full_year(word)
}

pub(super) fn full_year(word: &str) -> Option<i16> {
    (word.len() == 4 && word.chars().all(|c| c.is_ascii_digit()))
        .then(|| word.parse().ok())
        .flatten()
}

/// Reads an approximate time as in catalogs of old events: `1955-66`, `1966-1974`, `1950s`, `May to
/// August 2003`. A time with only an upper bound (`Before 1962`) has no first day.
pub(crate) fn rough(text: &str) -> Option<DateSpan> {
    if let Some(decade) = text.strip_suffix('s') {
        let first = full_year(decade).filter(|year| year % 10 == 0)?;
        return Some(hull(year_span(first)?, year_span(first + 9)?));
    }
    if let Some((first, last)) = text.split_once('-') {
        let from = full_year(first.trim())?;
        let last = last.trim();
        let to = if last.len() == 2 {
            from / 100 * 100 + last.parse::<i16>().ok()?
        } else {
            full_year(last)?
        };
        return DateSpan::new(year_span(from)?.first(), year_span(to)?.last());
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if let [from, "to", to, year] = words.as_slice() {
        let year = full_year(year)?;
        let (from, to) = (month_span(year, month_of(from)?)?, month_span(year, month_of(to)?)?);
        return DateSpan::new(from.first(), to.last());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, format: Option<&str>) -> Option<String> {
        read_date(&Value::Text(text.into()), format)
            .ok()
            .flatten()
            .map(|span| format!("{}..{}", span.first(), span.last()))
    }

    #[test]
    fn dates_that_need_no_declaration_are_read() {
        for (text, span) in [
            ("2024-03-09", "2024-03-09..2024-03-09"),
            ("2024-3-9", "2024-03-09..2024-03-09"),
            ("2024/03/09", "2024-03-09..2024-03-09"),
            ("20240309", "2024-03-09..2024-03-09"),
            ("1989-01-25 00:00:00.000", "1989-01-25..1989-01-25"),
            ("2024-03-09T22:10:00Z", "2024-03-09..2024-03-09"),
            ("2024-03-09T22:10:00+05:00", "2024-03-09..2024-03-09"),
            ("2024-02", "2024-02-01..2024-02-29"),
            ("2024", "2024-01-01..2024-12-31"),
            ("12-Mar-24", "2024-03-12..2024-03-12"),
            ("12-Mar-89", "1989-03-12..1989-03-12"),
            ("12 March 2024", "2024-03-12..2024-03-12"),
            ("1st Sept 2024", "2024-09-01..2024-09-01"),
            ("March 12, 2024", "2024-03-12..2024-03-12"),
            ("Tue, 12 Mar 2024 10:00:00", "2024-03-12..2024-03-12"),
            ("2024-Mar-12", "2024-03-12..2024-03-12"),
            ("Mar 2024", "2024-03-01..2024-03-31"),
            ("2024.03.09", "2024-03-09..2024-03-09"),
            ("02 January 2024", "2024-01-02..2024-01-02"),
            ("9 mars 2024", "2024-03-09..2024-03-09"),
            ("9 de marzo de 2024", "2024-03-09..2024-03-09"),
            ("9 de março de 2024", "2024-03-09..2024-03-09"),
            ("9 марта 2024 г.", "2024-03-09..2024-03-09"),
            ("9. März 2024", "2024-03-09..2024-03-09"),
            ("1er août 2024", "2024-08-01..2024-08-01"),
            ("٢٠٢٤-٠٣-٠٩", "2024-03-09..2024-03-09"),
            ("2024-03-09/2024-03-12", "2024-03-09..2024-03-12"),
            ("2024-03-09 to 2024-03-12", "2024-03-09..2024-03-12"),
            ("5/2024", "2024-05-01..2024-05-31"),
            ("2024年3月9日", "2024-03-09..2024-03-09"),
            ("2024年3月", "2024-03-01..2024-03-31"),
            ("09MAR2024", "2024-03-09..2024-03-09"),
            ("9Oct2024", "2024-10-09..2024-10-09"),
            ("20240309T120000Z", "2024-03-09..2024-03-09"),
            ("2024-03-09Z", "2024-03-09..2024-03-09"),
            ("9 مارس 2024", "2024-03-09..2024-03-09"),
            ("٩ مارس ٢٠٢٤", "2024-03-09..2024-03-09"),
            ("9 آذار 2024", "2024-03-09..2024-03-09"),
            ("9 مارچ 2024", "2024-03-09..2024-03-09"),
            ("12 ژوئن 2024", "2024-06-12..2024-06-12"),
        ] {
            assert_eq!(read(text, None).as_deref(), Some(span), "{text}");
        }
        assert_eq!(read_date(&Value::Number(2024.0), None).ok().flatten(), year_span(2024));
    }

    #[test]
    fn day_and_month_in_numbers_are_never_guessed() {
        for text in ["03/04/2024", "25/04/2024", "3.4.2024", "03-04-24", "12/31/2023 10:00"] {
            let why = read_date(&Value::Text(text.into()), None).expect_err(text);
            assert!(why.contains("not guessed") && why.contains("date_format"), "{text}: {why}");
        }
        assert_eq!(read("03/04/2024", Some("%d/%m/%Y")).as_deref(), Some("2024-04-03..2024-04-03"));
        assert_eq!(read("03/04/2024", Some("%m/%d/%Y")).as_deref(), Some("2024-03-04..2024-03-04"));
        assert_eq!(read("03/2024", Some("%m/%Y")).as_deref(), Some("2024-03-01..2024-03-31"));
        assert_eq!(read("1710000000", Some("%s")).as_deref(), Some("2024-03-09..2024-03-09"));
        assert_eq!(read("2024-03-09", Some("%d/%m/%Y")).as_deref(), Some("2024-03-09..2024-03-09"));
    }

    #[test]
    fn what_is_no_date_is_said() {
        for text in
            ["2024-13-01", "2024-02-30", "45000", "soon", "2024-3", "31 Foo 2024", "2024-03-09x"]
        {
            let why = read_date(&Value::Text(text.into()), None).expect_err(text);
            assert!(why.starts_with("is not a date"), "{text}: {why}");
        }
        for text in ["", "NA", "-", "unknown", "9999-12-31", "0000-00-00"] {
            assert_eq!(read_date(&Value::Text(text.into()), None), Ok(None), "{text}");
        }
    }

    #[test]
    fn rough_times_are_spans() {
        for (text, span) in [
            ("1955-66", Some(("1955-01-01", "1966-12-31"))),
            ("1966-1974", Some(("1966-01-01", "1974-12-31"))),
            ("1950s", Some(("1950-01-01", "1959-12-31"))),
            ("May to August 2003", Some(("2003-05-01", "2003-08-31"))),
            ("Before 1962", None),
            ("1974-66", None),
        ] {
            let span = span.map(|(a, b)| (a.to_owned(), b.to_owned()));
            let read = rough(text).map(|s| (s.first().to_string(), s.last().to_string()));
            assert_eq!(read, span, "{text}");
        }
    }

    #[test]
    fn a_format_that_cannot_be_used_is_refused() {
        assert!(check_format("%d/%m/%Y").is_ok());
        assert!(check_format("%s").is_ok() && check_format("unix-ms").is_ok());
        for wrong in ["DD/MM/YYYY", "%", "%!"] {
            assert!(check_format(wrong).is_err(), "{wrong}");
        }
    }
}
