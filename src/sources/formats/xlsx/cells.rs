//! Cells of workbooks: numbers, texts, booleans, dates and durations as stored, not as displayed.

use crate::model::Value;
use calamine::{Data, DataRef, ExcelDateTime};

/// The content of a cell.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Value(Value),
    /// The result of a failed formula: `#N/A`.
    Error(String),
}

/// Reads an owned cell; `None` if it is empty.
pub(super) fn of_data(data: &Data) -> Option<Cell> {
    match data {
        Data::Empty => None,
        Data::Error(error) => Some(Cell::Error(error.to_string())),
        Data::Int(number) => read_cell(&DataRef::Int(*number)),
        Data::Float(number) => read_cell(&DataRef::Float(*number)),
        Data::Bool(truth) => read_cell(&DataRef::Bool(*truth)),
        Data::DateTime(moment) => Some(Cell::Value(read_moment(moment))),
        Data::DurationIso(text) => read_cell(&DataRef::DurationIso(text.clone())),
        Data::String(text) | Data::DateTimeIso(text) => {
            (!text.is_empty()).then(|| Cell::Value(Value::Text(text.clone())))
        }
    }
}

/// Reads a cell; `None` if it is empty.
pub(super) fn read_cell(data: &DataRef<'_>) -> Option<Cell> {
    let value = match data {
        DataRef::Empty => return None,
        DataRef::Error(error) => return Some(Cell::Error(error.to_string())),
        DataRef::Int(number) => match i32::try_from(*number) {
            Ok(number) => Value::Number(f64::from(number)),
            Err(_) => Value::Exact(number.to_string()),
        },
        DataRef::Float(number) if number.is_finite() => Value::Number(*number),
        DataRef::Float(_) => return None,
        DataRef::Bool(truth) => Value::Bool(*truth),
        DataRef::String(text) => Value::Text(text.clone()),
        DataRef::SharedString(text) => Value::Text((*text).to_owned()),
        DataRef::DateTimeIso(text) => Value::Text(text.clone()),
        DataRef::DurationIso(text) => Value::Text(duration(text).unwrap_or_else(|| text.clone())),
        DataRef::DateTime(moment) => read_moment(moment),
    };
    match value {
        Value::Text(text) if text.is_empty() => None,
        value => Some(Cell::Value(value)),
    }
}

/// Converts an ISO 8601 duration (`PT30H11M15S`) to the form shown in a workbook: hours, minutes and seconds. Typing
/// the angle 30:11:15 into a cell produces one.
fn duration(text: &str) -> Option<String> {
    let span: jiff::Span = text.parse().ok()?;
    Some(clock(
        span.total((jiff::Unit::Millisecond, jiff::SpanRelativeTo::days_are_24_hours())).ok()?,
    ))
}

/// Formats milliseconds as hours, minutes and seconds, `30:11:15`.
fn clock(milliseconds: f64) -> String {
    let sign = if milliseconds < 0.0 { "-" } else { "" };
    let whole = milliseconds.abs().round();
    let (hours, rest) = ((whole / 3_600_000.0).floor(), whole % 3_600_000.0);
    let (minutes, rest) = ((rest / 60_000.0).floor(), rest % 60_000.0);
    let (seconds, left) = ((rest / 1000.0).floor(), rest % 1000.0);
    let left = if left > 0.0 { format!(".{left:03}") } else { String::new() };
    format!("{sign}{hours}:{minutes:02}:{seconds:02}{left}")
}

/// Converts a date to ISO 8601 text, with the time of day if it has one, and a duration to its displayed form; a
/// serial number that is not a date stays a number.
fn read_moment(moment: &ExcelDateTime) -> Value {
    let serial = moment.as_f64();
    if moment.is_duration() && serial.abs() < 2_958_466.0 {
        return Value::Text(clock(serial * 86_400_000.0));
    }
    if !(0.0..2_958_466.0).contains(&serial) {
        return Value::Number(serial);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    Value::Text(if serial < 1.0 {
        time
    } else if (hour, minute, second, milli) == (0, 0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{time}")
    })
}
