//! Less usual forms of dates that are still unambiguous.

use super::dates::{day_of, from_parts, full_year, iso, leading_digits, month_of};
use crate::model::DateSpan;

/// Reads `2024年3月9日`, `2024年3月`, `09MAR2024`, `20240309T120000Z`, `2024-03-09Z`.
pub(super) fn less_usual(text: &str) -> Option<DateSpan> {
    if let Some((year, rest)) = text.split_once('年') {
        let (month, day) = rest.split_once('月')?;
        let day = day.split(['日', '号', '號']).next().unwrap_or_default().trim();
        let month = month.trim().parse().ok()?;
        let day = if day.is_empty() { None } else { Some(day.parse().ok()?) };
        return from_parts(full_year(year.trim())?, Some(month), day);
    }
    if let Some(date) = text.strip_suffix(['Z', 'z']).filter(|date| date.len() == 10) {
        return iso(date);
    }
    let basic = text
        .split_once('T')
        .filter(|(date, _)| date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()));
    if let Some((date, time)) = basic {
        let is_time = time.trim_end_matches('Z').bytes().all(|byte| byte.is_ascii_digit());
        return (is_time && !time.is_empty()).then(|| iso(date)).flatten();
    }
    let (day, rest) = leading_digits(text, 1, 2)?;
    let at = rest.find(|c: char| c.is_ascii_digit())?;
    let (month, year) = rest.split_at_checked(at)?;
    from_parts(full_year(year)?, Some(month_of(month)?), Some(day_of(day)?))
}
