//! Days and moments as times with a first and a last nanosecond, all in UTC.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A day or a moment as it is written: `2024-05-01` is the whole day, `2024-05-01T12:00:00Z` one nanosecond.
pub fn span(text: &str) -> Option<(Timestamp, Timestamp)> {
    // Other notations of days would be read as well.
    if text.len() == 10 {
        return text.contains('-').then(|| text.parse().ok()).flatten().and_then(day);
    }
    let moment: Timestamp = text.parse().ok()?;
    Some((moment, moment))
}

/// A day from its first to its last nanosecond.
pub fn day(day: Date) -> Option<(Timestamp, Timestamp)> {
    let start = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let last = start(day.tomorrow().ok()?)?.checked_sub(SignedDuration::from_nanos(1)).ok()?;
    Some((start(day)?, last))
}
