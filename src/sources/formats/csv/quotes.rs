//! Quotes that violate RFC 4180. The reader accepts them leniently; this module detects whether that
//! may have shifted values to other columns or swallowed whole rows.

use memchr::memchr_iter;

/// The fault in the quotes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Malformed {
    /// Text follows a closing quote, but no other column can be affected.
    Behind,
    /// Text follows a quote that closes after a delimiter or a line end: the assignment of values to
    /// columns is uncertain.
    Shifted,
    /// Quotes enclose lines that would be rows of their own without the quotes.
    Swallowed,
}

impl Malformed {
    /// Describes the fault in a row that begins on one line and ends before another.
    pub fn why(self, line: u64, next: u64) -> String {
        match self {
            Self::Behind => BEHIND.to_owned(),
            Self::Shifted => "begins a row with a quote in the wrong place, so that values may be in other columns; a \" \
                 within quotes is written twice".to_owned(),
            Self::Swallowed => format!("begins a row whose quotes swallow the rows up to line {}; a quote is missing", next.saturating_sub(1).max(line)),
        }
    }
}

/// The message for text after a closing quote.
pub(super) const BEHIND: &str =
    "has text after a closing quote; read as one value without those quotes";

/// Checks the quotes of a row with the given number of columns, as written in the text. Returns `None`
/// if they are valid, or are within an unquoted field (`5" pipe`).
pub(super) fn judge(row: &[u8], delimiter: u8, width: usize) -> Option<Malformed> {
    let mut found: Option<Malformed> = None;
    // The start of the open quoted field, and the end of the last text after a closing quote.
    let mut open: Option<usize> = None;
    let mut passed = 0;
    let mut spans_lines = false;
    let ends_field = |at: usize| {
        row.get(at).is_none_or(|byte| *byte == delimiter || matches!(byte, b'\r' | b'\n'))
    };
    for at in memchr_iter(b'"', row) {
        if at < passed {
            continue;
        }
        let Some(from) = open else {
            if at.checked_sub(1).is_none_or(ends_field) {
                open = Some(at + 1);
            } else if found == Some(Malformed::Behind)
                && ends_field(at + 1)
                && row.get(passed..at).is_some_and(|text| text.contains(&delimiter))
            {
                // The matching quote is in a later column.
                found = Some(Malformed::Shifted);
            }
            continue;
        };
        if row.get(at + 1) == Some(&b'"') {
            passed = at + 2;
            continue;
        }
        open = None;
        passed = at + 1;
        let inside = row.get(from..at).unwrap_or_default();
        let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let has_lines = inside.iter().any(is_end);
        spans_lines |= has_lines;
        if !ends_field(at + 1) {
            let reaches = has_lines || inside.contains(&delimiter);
            let worse = if reaches { Malformed::Shifted } else { Malformed::Behind };
            if found != Some(Malformed::Shifted) {
                found = Some(worse);
            }
        }
    }
    if spans_lines && width > 2 && lines_are_rows(row, delimiter, width) {
        return Some(Malformed::Swallowed);
    }
    found
}

/// Whether every line of a text is a row if quotes are ignored: it has as many fields, and numbers in
/// the same columns.
fn lines_are_rows(text: &[u8], delimiter: u8, width: usize) -> bool {
    let lines = text.split(|byte| matches!(byte, b'\r' | b'\n')).filter(|line| !line.is_empty());
    let numbers = |line: &[u8]| -> Vec<bool> {
        line.split(|byte| *byte == delimiter).map(is_number).collect()
    };
    let kinds: Vec<Vec<bool>> = lines.map(numbers).collect();
    let Some((first, others)) = kinds.split_first() else { return false };
    first.len() == width
        && first.contains(&true)
        && !others.is_empty()
        && others.iter().all(|line| line == first)
}

fn is_number(field: &[u8]) -> bool {
    let text = std::str::from_utf8(field).unwrap_or_default();
    text.trim_matches([' ', '"']).parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_that_move_values_are_told_from_those_that_do_not() {
        use Malformed::{Behind, Shifted, Swallowed};
        for (row, found) in [
            (r#"1,"Saindak,"copper, gold",61.6,29.3"#, Some(Shifted)),
            (r#"1,"Saindak "big", gold",copper,61.6"#, Some(Shifted)),
            (r#"1,"a\"b, c",2,3,4"#, Some(Shifted)),
            ("1,\"Saindak,copper,61.6,29.3\n2,\"Reko Diq\",copper,62,29\n", Some(Swallowed)),
            ("1,\"Saindak,copper,61.6,29.3\r\n2,Reko Diq\",copper,62,29\r\n", Some(Swallowed)),
            ("1,\"Sai\nndak\"x,copper,61.6,29.3\n", Some(Shifted)),
            (r#"1,"Saindak" mine,copper,61.6,29.3"#, Some(Behind)),
            (r#"1,"Saindak" mine,5" pipe,61.6,29.3"#, Some(Behind)),
            // Valid, or harmless.
            (r#"1,5" pipe,3",61.6,29.3"#, None),
            (r#"1,"a ""quoted"" word, and more",copper,61.6,29.3"#, None),
            (r#""1","Saindak","copper","61.6","29.3""#, None),
            (r#"1,"","""",61.6,29.3"#, None),
            ("1,\"a,b\nc,d\",5,x,y\n", None),
            ("1,\"at 5, then\n6, or 7, and\n8\",copper,61.6,29.3\n", None),
            ("1,\"two\nlines, and a comma\",copper,61.6,29.3\n", None),
            ("1,Saindak,copper,61.6,29.3\r\n", None),
            ("", None),
        ] {
            assert_eq!(judge(row.as_bytes(), b',', 5), found, "{row}");
        }
    }
}
