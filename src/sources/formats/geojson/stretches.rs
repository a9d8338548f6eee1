//! Scans a long list on many threads. The text is cut where elements seem to begin, and each stretch is
//! scanned from its cut to the first element after the next cut. If a cut turns out to be inside an
//! element, its stretch is scanned again from the correct start, so that the result equals that of
//! scanning the list from its first element.

use super::cursor::Cursor;
use rayon::prelude::*;
use std::ops::Range;

/// Consecutive elements with only commas and blanks between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    /// From the first element to the next stretch, or to the end of the list.
    pub range: Range<usize>,
    pub count: u64,
}

/// Where the scan of a stretch ended.
#[derive(Clone, Copy)]
enum End {
    /// At the first element after the limit.
    Next(usize),
    /// At the closing bracket of the list.
    Closed(usize),
    /// At an element that is not whole in the text, or is not an element at all.
    Cut(usize),
}

/// Scans the elements of a list in stretches of about `part` bytes, starting at the first byte of an
/// element. Returns the stretches, and whether the list was closed; otherwise the cursor is at the first
/// element whose end is not in the text.
pub(super) fn stretches(cursor: &mut Cursor<'_>, part: usize) -> (Vec<Stretch>, bool) {
    let cuts = cuts(cursor, part);
    let limits = cuts.iter().skip(1).copied().chain([usize::MAX]);
    let tasks: Vec<(usize, usize)> = cuts.iter().copied().zip(limits).collect();
    let mut ahead: Vec<(u64, End)> = Vec::new();
    tasks.par_iter().map(|(from, to)| pass(cursor, *from, *to)).collect_into_vec(&mut ahead);
    let mut all = Vec::with_capacity(ahead.len());
    let mut at = cursor.at();
    for ((from, to), passed) in tasks.into_iter().zip(ahead) {
        if at >= to {
            continue;
        }
        let (count, end) = if from == at { passed } else { pass(cursor, at, to) };
        let (End::Next(place) | End::Closed(place) | End::Cut(place)) = end;
        if count > 0 {
            all.push(Stretch { range: at..place, count });
        }
        at = place;
        match end {
            End::Next(_) => {}
            End::Closed(_) => {
                cursor.go_to(at + 1);
                return (all, true);
            }
            End::Cut(_) => break,
        }
    }
    cursor.go_to(at);
    (all, false)
}

/// Finds places where elements seem to begin, the first being the current one: places after a comma
/// where the text matches the start of the first element, up to the end of its first name.
fn cuts(cursor: &Cursor<'_>, part: usize) -> Vec<usize> {
    let first = cursor.at();
    let mut cuts = vec![first];
    let rest = cursor.slice(first..cursor.len()).unwrap_or_default();
    let Some(lead) = lead(cursor) else { return cuts };
    let part = part.max(1);
    for begin in (part..rest.len()).step_by(part) {
        let Some((from, text)) = window(rest, begin, part + lead.len()) else { break };
        let found = text.match_indices(lead).map(|(at, _)| from + at).find(|at| {
            let before = rest.as_bytes().get(..*at).unwrap_or_default().trim_ascii_end();
            before.ends_with(b",")
        });
        cuts.extend(found.map(|cut| first + cut).filter(|cut| cuts.last() < Some(cut)));
    }
    cuts
}

/// The start of an object up to the end of its first name.
fn lead<'t>(cursor: &Cursor<'t>) -> Option<&'t str> {
    let mut lead = cursor.clone();
    if lead.next()? != b'{' || lead.after_blanks()? != b'"' {
        return None;
    }
    lead.string()?;
    cursor.slice(cursor.at()..lead.at())
}

/// A piece of a text, from the first character boundary at or after `begin`.
fn window(text: &str, begin: usize, length: usize) -> Option<(usize, &str)> {
    let boundary = |from: usize| (from..text.len()).find(|at| text.is_char_boundary(*at));
    let from = boundary(begin)?;
    let to = boundary(from.saturating_add(length)).unwrap_or(text.len());
    Some((from, text.get(from..to)?))
}

/// Scans elements from a given one to the first that begins at or after the limit.
fn pass(list: &Cursor<'_>, from: usize, limit: usize) -> (u64, End) {
    let mut cursor = list.clone();
    let (mut count, mut at) = (0, from);
    // Returns what follows an element, and the start of the next one.
    let mut element = |at: usize| {
        cursor.go_to(at);
        cursor.value()?;
        let after = cursor.after_blanks()?;
        if after == b',' {
            cursor.next()?;
            cursor.after_blanks()?;
        }
        Some((after, cursor.at()))
    };
    loop {
        match element(at) {
            Some((b',', next)) => {
                count += 1;
                at = next;
                if at >= limit {
                    return (count, End::Next(at));
                }
            }
            Some((b']', end)) => return (count + 1, End::Closed(end)),
            _ => return (count, End::Cut(at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The elements of the stretches, one by one.
    fn elements(text: &str, part: usize) -> Option<Vec<&str>> {
        let mut cursor = Cursor::new(text, 1);
        let (stretches, closed) = stretches(&mut cursor, part);
        if !closed {
            return None;
        }
        let mut all = Vec::new();
        for stretch in stretches {
            let mut cursor = Cursor::new(text, stretch.range.start);
            for at in 0..stretch.count {
                if at > 0 {
                    cursor.expect(b',')?;
                    cursor.after_blanks()?;
                }
                let start = cursor.at();
                cursor.value()?;
                all.push(cursor.slice(start..cursor.at())?);
            }
            assert!(cursor.at() <= stretch.range.end);
        }
        Some(all)
    }

    #[test]
    fn elements_are_the_same_wherever_the_text_is_cut() {
        let tricky = concat!(
            r#"[{"type":"Feature","a":"},{\"type\":\"Feature\"","b":[{"type":"Feature"},{"type":1}]},"#,
            "\r\n  ",
            r#"{"type":"Feature","é":"\\","c":"{\"type\""} , {"x":{}},7,"{",[{"type":2}],"#,
            r#"{"type":"\u00e9🦀ریکوڈک"},{"type":{"type":{"type":null}}}]"#
        );
        let whole = elements(tricky, usize::MAX).expect("a list");
        assert_eq!(whole.len(), 8);
        for part in 1..=tricky.len() {
            assert_eq!(elements(tricky, part).as_ref(), Some(&whole), "{part}");
        }
    }

    #[test]
    fn a_list_that_is_cut_short_or_spoilt_is_none_at_every_part() {
        let text = r#"[{"a":1},{"a":"]"},{"a":[2]}]"#;
        for part in [1, 7, 10, 1000] {
            for end in 0..text.len() {
                assert_eq!(elements(text.get(..end).expect("ASCII"), part), None, "{end}");
            }
            assert_eq!(elements(&text.replace("},{", "} {"), part), None);
            assert_eq!(elements(&text.replace("[2]", "NaN"), part), None);
        }
    }
}
