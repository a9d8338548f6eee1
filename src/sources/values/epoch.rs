//! Times as numbers that count from 1970, where a source says that its times are such.

use crate::model::{DateSpan, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Numbers below are no time in milliseconds but a year or a day of another count: this is 28 hours.
const LEAST: i64 = 100_000_000;

/// The day of a time in milliseconds since 1970; `None` where the value is no such number.
pub(crate) fn of_milliseconds(value: &Value) -> Option<DateSpan> {
    let text = value.text()?;
    let count: i64 = text.trim().trim_end_matches(".0").parse().ok()?;
    day_of_milliseconds(count)
}

/// The same of a number. The limits of the calendar are checked by the library.
pub(crate) fn day_of_milliseconds(count: i64) -> Option<DateSpan> {
    if count.unsigned_abs() < LEAST.unsigned_abs() {
        return None;
    }
    let moment = Timestamp::from_millisecond(count).ok()?;
    Some(DateSpan::day(moment.to_zoned(TimeZone::UTC).date()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
