//! Dates other than a plain year, month and day of the Gregorian calendar: Excel day numbers, seconds and
//! milliseconds since 1970, the Solar Hijri calendar of Iran and Afghanistan; and month names in several
//! languages.

use crate::model::{DateSpan, Value};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz::TimeZone};

/// The date formats that are declared by a word.
pub(crate) const FORMATS: [&str; 4] = ["excel", "unix", "unix-ms", "solar-hijri"];

/// Reads a date in one of these formats.
pub(crate) fn read(text: &str, format: &str) -> Option<Date> {
    let text = text.trim();
    if format == "solar-hijri" {
        return solar_hijri(text);
    }
    let whole = text.split('.').next().unwrap_or_default();
    let number: i64 = whole.parse().ok()?;
    match format {
        "excel" => excel(number),
        "unix" => Some(Timestamp::from_second(number).ok()?.to_zoned(TimeZone::UTC).date()),
        _ => Some(Timestamp::from_millisecond(number).ok()?.to_zoned(TimeZone::UTC).date()),
    }
}

/// Smaller numbers are not times in milliseconds but a year or another day count; this is 28 hours.
const LEAST_MILLISECONDS: u64 = 100_000_000;

/// Returns the day of a time in milliseconds, for sources with such times; `None` if the value is not such a
/// number.
pub(crate) fn of_milliseconds(value: &Value) -> Option<DateSpan> {
    let text = value.text()?;
    let count: i64 = text.trim().trim_end_matches(".0").parse().ok()?;
    let is_time = count.unsigned_abs() >= LEAST_MILLISECONDS;
    is_time.then(|| read(&count.to_string(), "unix-ms").map(DateSpan::day))?
}

/// Converts an Excel day number: 1 is 1 January 1900, and 60 is a day that never existed.
fn excel(days: i64) -> Option<Date> {
    if !(1..2_958_466).contains(&days) || days == 60 {
        return None;
    }
    let before = if days < 60 { 31 } else { 30 };
    Date::constant(1899, 12, before).checked_add(days.days()).ok()
}

/// Returns the most likely meaning of a number that is not a date, judged by its size, and how to declare it.
pub(crate) fn likely(text: &str) -> Option<(&'static str, &'static str)> {
    let text = text.trim();
    let whole = text.strip_prefix('-').unwrap_or(text);
    let whole = whole.split('.').next().unwrap_or_default();
    if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-')) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    match number {
        10_000..=99_999 => Some(("an Excel day number", "excel")),
        190_001..=210_012 if (1..=12).contains(&(number % 100)) => {
            Some(("a year and a month", "%Y%m"))
        }
        100_000_000..=9_999_999_999 => Some(("seconds since 1970", "unix")),
        100_000_000_000..=9_999_999_999_999 => Some(("milliseconds since 1970", "unix-ms")),
        _ => None,
    }
}

/// Years of the Solar Hijri calendar in which the leap year pattern changes (Borkowski 1996).
const TURNS: [i32; 20] = [
    -61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324,
    2394, 2456, 3178,
];

/// Reads a Solar Hijri date, such as `1403-02-11`.
fn solar_hijri(text: &str) -> Option<Date> {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let mut parts = day.split(['-', '/', '.']).map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let longest = if month <= 6 { 31 } else { 30 };
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=longest).contains(&day) {
        return None;
    }
    let first = new_year(year)?;
    let days = (month - 1) * 31 - (month - 7).max(0) + day - 1;
    let date = first.checked_add(days.days()).ok()?;
    // The last month has a thirtieth day in leap years only.
    (date < new_year(year + 1)?).then_some(date)
}

/// Returns the first day of a Solar Hijri year, 20 or 21 March in the Gregorian calendar.
fn new_year(year: i32) -> Option<Date> {
    let common = year + 621;
    let mut leaps = -14;
    let (mut before, mut span) = (*TURNS.first()?, 0);
    for turn in TURNS.iter().skip(1) {
        span = turn - before;
        if year < *turn {
            break;
        }
        leaps += span / 33 * 8 + span % 33 / 4;
        before = *turn;
    }
    let within = year - before;
    leaps += within / 33 * 8 + (within % 33 + 3) / 4;
    if span % 33 == 4 && span - within == 4 {
        leaps += 1;
    }
    let common_leaps = common / 4 - (common / 100 + 1) * 3 / 4 - 150;
    let day = i8::try_from(20 + leaps - common_leaps).ok()?;
    (1..=3177).contains(&year).then(|| Date::new(i16::try_from(common).ok()?, 3, day).ok())?
}

/// Month names in lower case: English with abbreviations, Spanish, French, Portuguese, Italian, German, Russian,
/// Arabic, Urdu and Persian.
pub(crate) const MONTHS: [&[&str]; 12] = [
    &[
        "january",
        "jan",
        "enero",
        "ene",
        "janvier",
        "janv",
        "janeiro",
        "gennaio",
        "januar",
        "jänner",
        "января",
        "январь",
        "янв",
        "يناير",
        "جنوری",
        "ژانویه",
    ],
    &[
        "february",
        "feb",
        "febrero",
        "février",
        "fevrier",
        "févr",
        "fevereiro",
        "fev",
        "febbraio",
        "februar",
        "февраля",
        "февраль",
        "фев",
        "فبراير",
        "شباط",
        "فروری",
        "فوریه",
    ],
    &[
        "march",
        "mar",
        "marzo",
        "mars",
        "março",
        "marco",
        "märz",
        "марта",
        "март",
        "мар",
        "مارس",
        "آذار",
        "مارچ",
    ],
    &[
        "april",
        "apr",
        "abril",
        "abr",
        "avril",
        "avr",
        "aprile",
        "апреля",
        "апрель",
        "апр",
        "أبريل",
        "ابريل",
        "إبريل",
        "نيسان",
        "اپریل",
        "آوریل",
    ],
    &["may", "mayo", "mai", "maio", "maggio", "мая", "май", "مايو", "أيار", "ايار", "مئی", "مه"],
    &[
        "june",
        "jun",
        "junio",
        "juin",
        "junho",
        "giugno",
        "juni",
        "июня",
        "июнь",
        "июн",
        "يونيو",
        "حزيران",
        "جون",
        "ژوئن",
    ],
    &[
        "july",
        "jul",
        "julio",
        "juillet",
        "juil",
        "julho",
        "luglio",
        "juli",
        "июля",
        "июль",
        "июл",
        "يوليو",
        "تموز",
        "جولائی",
        "ژوئیه",
        "جولای",
    ],
    &[
        "august",
        "aug",
        "agosto",
        "ago",
        "août",
        "aout",
        "августа",
        "август",
        "авг",
        "أغسطس",
        "اغسطس",
        "آب",
        "اگست",
        "اوت",
    ],
    &[
        "september",
        "sep",
        "sept",
        "septiembre",
        "setiembre",
        "septembre",
        "setembro",
        "set",
        "settembre",
        "сентября",
        "сентябрь",
        "сен",
        "سبتمبر",
        "أيلول",
        "ايلول",
        "ستمبر",
        "سپتامبر",
    ],
    &[
        "october",
        "oct",
        "octubre",
        "octobre",
        "outubro",
        "out",
        "ottobre",
        "oktober",
        "okt",
        "октября",
        "октябрь",
        "окт",
        "أكتوبر",
        "اكتوبر",
        "اکتوبر",
    ],
    &[
        "november",
        "nov",
        "noviembre",
        "novembre",
        "novembro",
        "ноября",
        "ноябрь",
        "ноя",
        "نوفمبر",
        "نومبر",
        "نوامبر",
    ],
    &[
        "december",
        "dec",
        "diciembre",
        "dic",
        "décembre",
        "decembre",
        "déc",
        "dezembro",
        "dez",
        "dicembre",
        "dezember",
        "декабря",
        "декабрь",
        "дек",
        "ديسمبر",
        "دسمبر",
        "دسامبر",
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_other_counts_are_those_of_the_common_calendar() {
        for (text, format, date) in [
            ("45360", "excel", Some("2024-03-09")),
            ("45360.75", "excel", Some("2024-03-09")),
            ("1", "excel", Some("1900-01-01")),
            ("61", "excel", Some("1900-03-01")),
            ("60", "excel", None),
            ("1709942400", "unix", Some("2024-03-09")),
            ("-1", "unix", Some("1969-12-31")),
            ("1709942400000", "unix-ms", Some("2024-03-09")),
            ("soon", "unix", None),
            // New years and leap days from the Iranian calendar.
            ("1403-01-01", "solar-hijri", Some("2024-03-20")),
            ("1402-12-19", "solar-hijri", Some("2024-03-09")),
            ("1403/02/11", "solar-hijri", Some("2024-04-30")),
            ("1399-12-30", "solar-hijri", Some("2021-03-20")),
            ("1403-12-30", "solar-hijri", Some("2025-03-20")),
            ("1404-12-30", "solar-hijri", None),
            ("1357-11-22", "solar-hijri", Some("1979-02-11")),
            ("1403-07-31", "solar-hijri", None),
            ("1403-13-01", "solar-hijri", None),
        ] {
            let read = read(text, format).map(|date| date.to_string());
            assert_eq!(read.as_deref(), date, "{text} {format}");
        }
    }

    #[test]
    fn the_size_of_a_number_tells_what_it_counts() {
        for (text, format) in [
            ("45360", Some("excel")),
            ("45360.5", Some("excel")),
            ("202403", Some("%Y%m")),
            ("1709942400", Some("unix")),
            ("1709942400000", Some("unix-ms")),
            ("12", None),
            ("soon", None),
        ] {
            assert_eq!(likely(text).map(|(_, format)| format), format, "{text}");
        }
    }

    #[test]
    fn times_in_milliseconds_are_days_and_years_are_none() {
        let day = |value: Value| of_milliseconds(&value).map(|span| span.first().to_string());
        assert_eq!(day(Value::Number(1_380_024_000_000.0)).as_deref(), Some("2013-09-24"));
        assert_eq!(day(Value::Text("-86400001".into())), None);
        assert_eq!(day(Value::Number(-157_766_400_000.0)).as_deref(), Some("1965-01-01"));
        assert_eq!(day(Value::Number(20_240_309.0)), None);
        assert_eq!(day(Value::Text("2024-03-09".into())), None);
        assert_eq!(day(Value::Missing), None);
    }
}
