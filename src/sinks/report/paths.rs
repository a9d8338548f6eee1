//! Lines as SVG path data: relative coordinates in tenths of a unit.

use std::fmt::Write;

/// Path data of lines. Consecutive points that are equal when written are merged; lines that become
/// too short are left out.
pub(super) fn data(lines: &[Vec<(f64, f64)>], closed: bool) -> String {
    let mut text = String::new();
    for line in lines {
        let mut places: Vec<(i64, i64)> =
            line.iter().map(|(x, y)| (tenths(*x), tenths(*y))).collect();
        places.dedup();
        if places.len() < if closed { 4 } else { 2 } {
            continue;
        }
        let mut before = (0, 0);
        for (index, (x, y)) in places.into_iter().enumerate() {
            let command = if index == 0 { 'M' } else { 'l' };
            let (east, south) = (x - before.0, y - before.1);
            if index < 2 {
                text.push(command);
            } else if east >= 0 {
                text.push(' ');
            }
            push(&mut text, east);
            if south >= 0 {
                text.push(' ');
            }
            push(&mut text, south);
            before = (x, y);
        }
        if closed {
            text.push('z');
        }
    }
    text
}

#[expect(clippy::cast_possible_truncation, reason = "a map is some thousands of units wide")]
fn tenths(units: f64) -> i64 {
    (units * 10.0).round() as i64
}

fn push(text: &mut String, tenths: i64) {
    let sign = if tenths < 0 { "-" } else { "" };
    let size = tenths.unsigned_abs();
    // Writing to a String does not fail.
    let _ = match (size / 10, size % 10) {
        (whole, 0) => write!(text, "{sign}{whole}"),
        (0, part) => write!(text, "{sign}.{part}"),
        (whole, part) => write!(text, "{sign}{whole}.{part}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_by_their_ways() {
        let line = vec![(1.0, 2.0), (1.04, 2.0), (2.5, 1.9), (0.0, -3.0)];
        assert_eq!(data(std::slice::from_ref(&line), false), "M1 2l1.5-.1-2.5-4.9");
        assert_eq!(data(&[vec![(1.0, 1.0), (1.01, 1.0)]], false), "");
        assert_eq!(data(&[line], true), "");
    }
}
