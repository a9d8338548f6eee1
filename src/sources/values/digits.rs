//! Normalizes digits and marks of other scripts, and the many signs for degree, minute and second.

use std::borrow::Cow;

/// The zeros of the decimal digits of scripts used in tables; the other nine digits follow each
/// (Unicode, general category Nd).
const ZEROS: [char; 18] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
    '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}',
    '\u{17e0}', '\u{ff10}',
];

/// Converts digits and number marks of other scripts to ASCII.
pub(crate) fn plain_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(|c| plain(c) != c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(plain).collect())
}

fn plain(c: char) -> char {
    match c {
        '\u{66b}' | '\u{ff0e}' => '.',
        '\u{66c}' | '\u{ff0c}' => ',',
        '\u{ff0d}' => '-',
        '\u{ff0b}' => '+',
        '\u{ff1a}' => ':',
        c if c.is_ascii() => c,
        c => digit(c).unwrap_or(c),
    }
}

/// Converts a digit of another script to ASCII.
fn digit(c: char) -> Option<char> {
    let zero = ZEROS.iter().rev().find(|zero| **zero <= c)?;
    let value = u32::from(c).checked_sub(u32::from(*zero))?;
    char::from_digit(value, 10)
}

/// Replaces signs for degrees, minutes and seconds with one each, minus signs with hyphens, and blanks
/// with spaces.
pub(crate) fn plain_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain_digits(text).chars() {
        match c {
            'º' | '˚' | '⁰' | '\u{2218}' | '\u{b0}' => out.push('°'),
            '′' | '’' | '‘' | '‛' | '´' | '`' | 'ʹ' | 'ʼ' | '\u{2bb}' | '\u{ff07}' | '\'' =>
            {
                // Two minute signs are one second sign.
                if out.ends_with('\'') {
                    out.pop();
                    out.push('"');
                } else {
                    out.push('\'');
                }
            }
            '″' | '”' | '“' | '„' | '‟' | '˝' | 'ʺ' | '〃' | '\u{ff02}' | '¨' => {
                out.push('"')
            }
            '\u{2212}' | '\u{2010}' | '\u{2011}' | '–' => out.push('-'),
            // Direction marks of right-to-left texts are removed.
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            '،' | '、' => out.push(','),
            '؛' => out.push(';'),
            c if c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts_are_digits() {
        for (text, plain) in [
            ("٢٩.١٢٥", "29.125"),
            ("۲۹٫۱۲۵", "29.125"),
            ("२९.१२५", "29.125"),
            ("２９．１２５", "29.125"),
            ("২৯.১২৫", "29.125"),
            ("29.125", "29.125"),
            ("معدن", "معدن"),
        ] {
            assert_eq!(plain_digits(text), plain, "{text}");
        }
        assert_eq!(plain_marks("29º07’30”N"), "29°07'30\"N");
        assert_eq!(plain_marks("29° 07′ 30′′"), "29° 07' 30\"");
        assert_eq!(plain_marks("\u{2212}29\u{a0}07"), "-29 07");
    }
}
