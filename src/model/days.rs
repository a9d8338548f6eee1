//! Days that must be mistyped, because they are so long after all others. The gap between days is the only evidence; no
//! clock is read.

use jiff::civil::Date;

/// From this gap in days, later dates count as mistyped. Ten years correspond to a wrong decade digit or two swapped
/// digits.
const MISTYPED_DAYS: i64 = 3652;

/// The gap must be this many times as long as any gap before it.
const TIMES: i64 = 4;

/// The days without the mistyped ones at the end. Those are no more than the days before them, at least ten years
/// later, and separated by a gap four times as long as any before it. `days` must be ascending and distinct.
pub fn bulk(days: &[Date]) -> &[Date] {
    let mut longest = 0;
    for (at, pair) in days.windows(2).enumerate() {
        let &[before, after] = pair else { continue };
        let (gap, kept) = (gap_between(before, after), at + 1);
        // A single day has no gap to compare with.
        let few = kept > 1 && days.len() - kept <= kept;
        if few && gap >= MISTYPED_DAYS && gap >= TIMES * longest {
            return days.get(..kept).unwrap_or(days);
        }
        longest = gap.max(longest);
    }
    days
}

/// The days from one to another. Both are within jiff's range, so the difference always exists.
fn gap_between(first: Date, second: Date) -> i64 {
    first.until(second).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(text: &str) -> Vec<Date> {
        text.split(' ').map(|day| day.parse().expect("a date")).collect()
    }

    #[test]
    fn days_far_after_all_others_are_left_out_however_many_they_are() {
        for (days, kept) in [
            ("2024-03-09 2024-04-01 2042-04-02", 2),
            ("2024-03-09 2024-04-01 2042-04-02 2042-04-05", 2),
            ("2024-03-09 2024-04-01 2024-05-01 2042-04-02 2204-04-05", 3),
            // Real gaps: few days to judge by, a sparse file, a file that continued for years.
            ("2024-03-09 2042-04-02", 2),
            ("1990-01-01 1995-01-01 2008-01-01", 3),
            ("2019-03-09 2019-03-10 2025-02-20 2025-03-01 2025-03-09", 5),
            ("1990-01-01 1990-02-01 2010-01-01 2010-02-01 2010-03-01", 5),
        ] {
            let days = dates(days);
            assert_eq!(bulk(&days).len(), kept, "{days:?}");
        }
        assert!(bulk(&[]).is_empty());
    }
}
