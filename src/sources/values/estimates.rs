//! Counts of people as written in reports: with thousands separators, as ranges and bounds, as "about 30" or
//! "1.2 million".

use super::digits::plain_digits;

/// A count that was not written as a plain number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    /// The best guess; `None` if only an upper bound is known.
    pub best: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// The interpretation, as a phrase that follows the value.
    pub how: &'static str,
}

const AT_LEAST: [&str; 22] = [
    "at least",
    "more than",
    "over",
    "minimum",
    "min.",
    "min",
    "no less than",
    "not less than",
    ">=",
    "≥",
    ">",
    "al menos",
    "más de",
    "mas de",
    "pelo menos",
    "mais de",
    "au moins",
    "plus de",
    "mindestens",
    "über",
    "не менее",
    "более",
];
const ABOUT: [&str; 22] = [
    "about",
    "approximately",
    "approx.",
    "approx",
    "around",
    "roughly",
    "circa",
    "ca.",
    "ca",
    "c.",
    "est.",
    "estimated",
    "some",
    "~",
    "≈",
    "unos",
    "cerca de",
    "environ",
    "etwa",
    "rund",
    "около",
    "примерно",
];
const AT_MOST: [&str; 14] = [
    "up to",
    "at most",
    "less than",
    "fewer than",
    "under",
    "below",
    "maximum",
    "max.",
    "<=",
    "≤",
    "<",
    "hasta",
    "jusqu'à",
    "bis zu",
];

/// Words that may follow a count of people.
const PEOPLE: [&str; 27] = [
    "dead",
    "killed",
    "deaths",
    "death",
    "fatalities",
    "fatality",
    "people",
    "persons",
    "person",
    "casualties killed",
    "people killed",
    "victims",
    "inhabitants",
    "residents",
    "morts",
    "mort",
    "tués",
    "muertos",
    "muerto",
    "fallecidos",
    "mortos",
    "morto",
    "tote",
    "toter",
    "einwohner",
    "погибших",
    "убитых",
];

/// Words and letters for powers of ten after a number.
const SCALES: [(&str, f64); 13] = [
    ("thousand", 1e3),
    ("k", 1e3),
    ("tsd.", 1e3),
    ("mil", 1e3),
    ("тыс.", 1e3),
    ("million", 1e6),
    ("millions", 1e6),
    ("millones", 1e6),
    ("mio.", 1e6),
    ("mio", 1e6),
    ("mn", 1e6),
    ("млн", 1e6),
    ("billion", 1e9),
];

/// Reads such a count of people; `None` if the text is not one.
pub(crate) fn read_estimate(text: &str, decimal_comma: bool) -> Option<Estimate> {
    let text = plain_digits(text.trim()).to_lowercase();
    let exact = |value, how| Some(Estimate { best: Some(value), low: None, high: None, how });
    let text = PEOPLE.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(&text).trim();
    if let Some(value) = number(text, decimal_comma) {
        return exact(value, "is read without its thousands separators or the words after it");
    }
    if let Some(value) = scaled(text, decimal_comma) {
        return exact(value, "is read as thousands or millions");
    }
    let bare = |words: &[&str]| {
        let rest = words.iter().find_map(|word| {
            let rest = text.strip_prefix(word)?;
            // A word ends before a blank or a digit.
            (!rest.starts_with(char::is_alphabetic)).then_some(rest)
        });
        let rest = rest?.trim();
        number(rest, decimal_comma).or_else(|| scaled(rest, decimal_comma))
    };
    if let Some(value) = bare(&ABOUT) {
        return exact(value, "is an approximate number; read as given");
    }
    let behind = ["+", " or more", " and more", "or more"];
    let above =
        behind.iter().find_map(|mark| number(text.strip_suffix(mark)?.trim(), decimal_comma));
    if let Some(value) = bare(&AT_LEAST).or(above) {
        let how = "is a lower bound; the bound is taken";
        return Some(Estimate { best: Some(value), low: Some(value), high: None, how });
    }
    if let Some(value) = bare(&AT_MOST) {
        let how = "is an upper bound without a best guess; taken as missing";
        return Some(Estimate { best: None, low: None, high: Some(value), how });
    }
    let (low, high) = ends(text)?;
    let (low, high) = (number(low.trim(), decimal_comma)?, number(high.trim(), decimal_comma)?);
    let how =
        "is a range; its middle is taken, rounded down, its ends as the low and high estimate";
    (low <= high).then(|| Estimate {
        best: Some(((low + high) / 2.0).floor()),
        low: Some(low),
        high: Some(high),
        how,
    })
}

/// Splits a range into its two ends.
fn ends(text: &str) -> Option<(&str, &str)> {
    if let Some(rest) = text.strip_prefix("between ") {
        return rest.split_once(" and ");
    }
    [" to ", "–", "—", "−", "-", " bis ", " à ", "..", "~"]
        .iter()
        .find_map(|mark| text.split_once(mark))
}

/// Parses a non-negative number in digits, with or without thousands separators.
fn number(text: &str, decimal_comma: bool) -> Option<f64> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (group, decimal) = if decimal_comma { ('.', ',') } else { (',', '.') };
    let is_mark = |c: char| {
        c == group || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' | '\u{66c}')
    };
    let (whole, fraction) = match text.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let groups: Vec<&str> = whole.split(is_mark).collect();
    let all_digits = groups.iter().all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit()));
    let (first, others) = groups.split_first()?;
    // Groups have three digits, or two before the last three, as in Indian lakhs.
    let threes = others.iter().all(|g| g.len() == 3);
    let lakhs = others.split_last().is_some_and(|(last, middle)| {
        last.len() == 3
            && !middle.is_empty()
            && middle.iter().all(|g| g.len() == 2)
            && first.len() <= 2
    });
    let sized = others.is_empty() || first.len() <= 3 && (threes || lakhs);
    // A period before three digits is ambiguous if the comma is not the decimal mark.
    let clear = fraction.is_none_or(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()));
    if !all_digits || !sized || !clear {
        return None;
    }
    format!("{}.{}", groups.concat(), fraction.unwrap_or("0")).parse().ok()
}

fn scaled(text: &str, decimal_comma: bool) -> Option<f64> {
    let (word, factor) = SCALES.iter().find(|(word, _)| {
        text.strip_suffix(word)
            .is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit() || c == ' '))
    })?;
    let rest = text.strip_suffix(word)?.trim_end();
    Some((number(rest, decimal_comma)? * factor).round())
}

/// Whether a number has periods that may separate thousands or decimals: `12.500`.
pub(crate) fn may_be_grouped(text: &str) -> bool {
    let text = text.trim();
    text.split_once('.').is_some_and(|(whole, rest)| {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        digits(whole)
            && digits(rest)
            && whole.len() <= 3
            && !whole.starts_with('0')
            && rest.len() == 3
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_are_read_as_reports_give_them() {
        for (text, comma, best, low, high) in [
            ("1,250", false, Some(1250.0), None, None),
            ("1.250", true, Some(1250.0), None, None),
            ("1 250", false, Some(1250.0), None, None),
            ("1’250", false, Some(1250.0), None, None),
            ("12,34,567", false, Some(1_234_567.0), None, None),
            ("5-10", false, Some(7.0), Some(5.0), Some(10.0)),
            ("5 – 10", false, Some(7.0), Some(5.0), Some(10.0)),
            ("between 5 and 10", false, Some(7.0), Some(5.0), Some(10.0)),
            ("10+", false, Some(10.0), Some(10.0), None),
            ("10 or more", false, Some(10.0), Some(10.0), None),
            ("~30", false, Some(30.0), None, None),
            ("ca. 30", false, Some(30.0), None, None),
            ("at least 12", false, Some(12.0), Some(12.0), None),
            ("At least 12 dead", false, Some(12.0), Some(12.0), None),
            ("12 dead", false, Some(12.0), None, None),
            ("<500", false, None, None, Some(500.0)),
            ("1.2 million", false, Some(1_200_000.0), None, None),
            ("1,2 Mio.", true, Some(1_200_000.0), None, None),
            ("٣٠", false, Some(30.0), None, None),
        ] {
            let read = read_estimate(text, comma).expect(text);
            assert_eq!((read.best, read.low, read.high), (best, low, high), "{text}");
        }
        for text in [
            "several",
            "dozens",
            "-3",
            "10-5",
            "1,25",
            "5-Oct",
            "2024-03-09",
            "none",
            "12 trucks",
            "",
        ] {
            assert_eq!(read_estimate(text, false), None, "{text}");
        }
    }
}
