//! Dates of which day and month are numbers and the year comes last: `03/04/2024` may be read in two ways, `31/12/2024`
//! in one.

use super::dates::from_parts;
use crate::model::DateSpan;

/// Whether a text is three separated numbers, the last of which may be the year: `03/04/2024`,
/// `3.4.24`.
pub(crate) fn is_day_and_month_in_numbers(text: &str) -> bool {
    parts(text).is_some()
}

/// The only date that such a text can be, and whether the day comes first: one of its numbers is no month, and the year
/// has four digits.
pub(crate) fn only_reading(text: &str) -> Option<(DateSpan, bool)> {
    let [first, second, year] = parts(text)?;
    let [first, second]: [i8; 2] = [first.parse().ok()?, second.parse().ok()?];
    let (day_first, day, month) = match (first > 12, second > 12) {
        (true, false) => (true, first, second),
        (false, true) => (false, second, first),
        _ => return None,
    };
    let year = Some(year).filter(|year| year.len() == 4)?.parse().ok()?;
    Some((from_parts(year, Some(month), Some(day))?, day_first))
}

/// The mark between the numbers.
pub(crate) fn mark(text: &str) -> char {
    text.chars().find(|c| !c.is_ascii_digit()).unwrap_or('/')
}

fn parts(text: &str) -> Option<[&str; 3]> {
    let date = text.trim().split([' ', 'T']).next()?;
    let mut parts = date.split(['/', '.', '-']);
    let all = [parts.next()?, parts.next()?, parts.next()?];
    let [a, b, c] = all;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    let fits = parts.next().is_none()
        && all.into_iter().all(digits)
        && a.len() <= 2
        && b.len() <= 2
        && matches!(c.len(), 2 | 4);
    fits.then_some(all)
}

#[cfg(test)]
mod tests {
    use super::{is_day_and_month_in_numbers, only_reading};

    #[test]
    fn a_number_above_12_is_no_month_and_leaves_one_reading() {
        for (text, date) in [
            ("31/12/2024", Some(("2024-12-31", true))),
            ("12/31/2023 10:00", Some(("2023-12-31", false))),
            ("25.04.2024", Some(("2024-04-25", true))),
            ("03/04/2024", None),
            ("12/12/2024", None),
            ("25/04/24", None),
            ("31/02/2024", None),
            ("31/13/2024", None),
        ] {
            assert!(is_day_and_month_in_numbers(text), "{text}");
            let read = only_reading(text).map(|(date, first)| (date.last().to_string(), first));
            assert_eq!(read, date.map(|(date, first)| (date.to_owned(), first)), "{text}");
        }
        assert!(!is_day_and_month_in_numbers("2024-12-31"));
    }
}
