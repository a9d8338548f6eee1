//! Written angles: degrees, minutes and seconds with any of their signs or none, decimal minutes, and
//! the hemisphere as a letter or a word before or after.

mod words;

use super::digits::plain_marks;
use words::word_of;
pub(crate) use words::{Side, side_of};

/// The axis of an angle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Axis {
    Lon,
    Lat,
}

impl Axis {
    fn word(self) -> &'static str {
        match self {
            Self::Lon => "longitude",
            Self::Lat => "latitude",
        }
    }
}

/// A token of a written angle.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    Number {
        value: f64,
        negative: bool,
        /// The number of digits before and after the decimal mark.
        digits: (usize, usize),
    },
    /// A sign for degrees, minutes or seconds: 0, 1, 2.
    Mark(usize),
    Side(Side),
    /// "lat", "longitude".
    Label(Axis),
    /// A comma or semicolon.
    Break,
}

/// The meaning of commas between digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Commas {
    Decimal,
    Break,
}

/// A parsed angle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Angle {
    /// # Units
    /// Degrees, negative in the south and west.
    pub degrees: f64,
    /// The axis implied by its letters.
    pub axis: Option<Axis>,
    /// The number of decimals of a plain number.
    pub decimals: usize,
}

/// Parses one angle. `o_is_west` gives the meaning of an O.
///
/// # Errors
/// The fault, as a phrase that follows the value.
pub(crate) fn read_angle(text: &str, axis: Axis, o_is_west: Option<bool>) -> Result<Angle, String> {
    let text = plain_marks(text);
    let angle = angle_of(&tokens(&text, Commas::Decimal)?, Some(axis), o_is_west)?;
    match angle.axis {
        Some(own) if own != axis => {
            Err(format!("is a {}, and its column holds a {}", own.word(), axis.word()))
        }
        _ => Ok(angle),
    }
}

/// The hemispheres that a text names, as far as it consists of angles.
pub(crate) fn sides_in(text: &str) -> Vec<Side> {
    let tokens = tokens(&plain_marks(text), Commas::Break).unwrap_or_default();
    let side = |token| if let Token::Side(side) = token { Some(side) } else { None };
    tokens.into_iter().filter_map(side).collect()
}

/// Two angles of one text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pair {
    pub first: Angle,
    pub second: Angle,
    /// Whether height and accuracy follow, as in a geopoint of ODK and Kobo, which has the latitude
    /// first.
    pub is_geopoint: bool,
}

/// Parses two angles, such as `29.125, 62.125`, `29°07'30"N 62°06'E`, or a geopoint.
///
/// # Errors
/// The fault, as a phrase that follows the value.
pub(crate) fn read_pair(text: &str, o_is_west: Option<bool>) -> Result<Pair, String> {
    let text = plain_marks(text);
    let text = text.trim().trim_matches(['(', ')', '[', ']']);
    if is_listed(text) {
        return Err("may be two whole numbers or one with a decimal comma".to_owned());
    }
    let tight = |mark: u8| {
        text.as_bytes().windows(3).any(
            |w| matches!(w, [a, m, b] if *m == mark && a.is_ascii_digit() && b.is_ascii_digit()),
        )
    };
    let spaced = text.contains([' ', ';', '/', '°']);
    let only_decimals = !text.contains(", ") || text.matches(',').count() == 3;
    let commas = if tight(b',') && !tight(b'.') && spaced && only_decimals {
        Commas::Decimal
    } else {
        Commas::Break
    };
    let tokens = tokens(text, commas)?;
    let (cut, is_geopoint) = cut_of(&tokens).ok_or(NO_PAIR)?;
    let (first, second) = tokens.split_at_checked(cut).ok_or(NO_PAIR)?;
    let second: Vec<Token> = if is_geopoint {
        second.iter().copied().filter(|t| *t != Token::Break).take(1).collect()
    } else {
        second.to_vec()
    };
    let (first, second) = (angle_of(first, None, o_is_west)?, angle_of(&second, None, o_is_west)?);
    match (first.axis, second.axis) {
        (Some(a), Some(b)) if a == b => Err(format!("has two {}s", a.word())),
        _ => Ok(Pair { first, second, is_geopoint }),
    }
}

const NO_PAIR: &str = "is not a latitude and longitude";

/// Whether the text is two groups of digits around a lone comma: 29,62 may be one number or two.
fn is_listed(text: &str) -> bool {
    text.contains(',') && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '-' | '+'))
}

/// Returns the index of the second of two angles, and whether other numbers follow it.
fn cut_of(tokens: &[Token]) -> Option<(usize, bool)> {
    let places = |test: &dyn Fn(&Token) -> bool| -> Vec<usize> {
        tokens.iter().enumerate().filter(|(_, token)| test(token)).map(|(at, _)| at).collect()
    };
    let breaks = places(&|token| *token == Token::Break);
    let numbers = places(&|token| matches!(token, Token::Number { .. }));
    let marks = places(&|token| matches!(token, Token::Mark(_)));
    let sides = places(&|token| matches!(token, Token::Side(_)));
    let labels = places(&|token| matches!(token, Token::Label(_)));
    if let [one] = breaks.as_slice() {
        return Some((*one, false));
    }
    if let [_, second] = labels.as_slice() {
        return Some((*second, false));
    }
    if let [first, second] = sides.as_slice() {
        let leads = numbers.first().is_some_and(|number| first < number);
        return Some((if leads { *second } else { first + 1 }, false));
    }
    let plain = marks.is_empty() && sides.is_empty() && labels.is_empty();
    // A height, and perhaps its accuracy, after two or three commas.
    if plain && breaks.len() >= 2 && numbers.len() == breaks.len() + 1 && numbers.len() <= 4 {
        return Some((*breaks.first()?, true));
    }
    if !breaks.is_empty() {
        return None;
    }
    let degrees = places(&|token| *token == Token::Mark(0));
    if let [_, second] = degrees.as_slice() {
        return Some((numbers.iter().rev().find(|at| *at < second).copied()?, false));
    }
    match (plain, numbers.as_slice()) {
        (true, [_, second]) => Some((*second, false)),
        (true, [_, second, third, fourth]) => {
            let fraction = |at: usize| matches!(tokens.get(at), Some(Token::Number { digits, .. }) if digits.1 > 0);
            let minutes = |at: usize| matches!(tokens.get(at), Some(Token::Number { value, negative: false, .. }) if *value < 60.0);
            // A pair in degrees and decimal minutes would have whole degrees.
            let is_geopoint =
                fraction(0) || !minutes(*second) || fraction(*third) || !minutes(*fourth);
            (is_geopoint && (fraction(0) || fraction(*second) || !minutes(*second)))
                .then_some((*second, true))
        }
        (true, [_, _, _, fourth, _, _]) => Some((*fourth, false)),
        _ => None,
    }
}

/// Combines the tokens of one angle: degrees, degrees and minutes, or degrees, minutes and seconds.
fn angle_of(
    tokens: &[Token],
    axis: Option<Axis>,
    o_is_west: Option<bool>,
) -> Result<Angle, String> {
    const NONE: &str = "is not an angle";
    let (mut parts, mut side, mut label) = (Vec::new(), None, None);
    for token in tokens {
        match *token {
            Token::Number { value, negative, digits } => parts.push((value, negative, digits)),
            Token::Mark(mark) if parts.len() == mark + 1 => {}
            Token::Mark(_) => {
                return Err("has signs of degrees, minutes and seconds out of order".to_owned());
            }
            Token::Side(new) => match side.replace(new) {
                Some(known) if known != new => return Err("names two hemispheres".to_owned()),
                _ => {}
            },
            Token::Label(named) => label = Some(named),
            Token::Break => {}
        }
    }
    let side = match (side, o_is_west) {
        (Some(Side::O), Some(true)) => Some(Side::West),
        (Some(Side::O), Some(false)) => Some(Side::East),
        (Some(Side::O), None) => return Err(UNCLEAR_O.to_owned()),
        (side, _) => side,
    };
    let own = side.map(Side::axis).or(label);
    let (degrees, negative, digits) = *parts.first().ok_or(NONE)?;
    let mut sum = match parts.as_slice() {
        [_] if side.is_some() && digits.0 > 3 => packed_by_digits(degrees, digits.0, own.or(axis))?,
        _ => sum_of(&parts)?,
    };
    let away = matches!(side, Some(Side::South | Side::West));
    if negative && side.is_some() && !away {
        return Err("has a minus and a hemisphere that contradicts it".to_owned());
    }
    if negative || away {
        sum = -sum;
    }
    let decimals = if parts.len() == 1 { digits.1 } else { 0 };
    Ok(Angle { degrees: sum, axis: own, decimals })
}

/// The message for an ambiguous O.
pub(crate) const UNCLEAR_O: &str = "has an O, which is west in Spanish, French and Portuguese and east \
     in German; say which: ⟦map=SECTION.letter_o=west⟧ or east";

/// Sums degrees, minutes and seconds to degrees.
fn sum_of(parts: &[(f64, bool, (usize, usize))]) -> Result<f64, String> {
    let last = parts.len().saturating_sub(1);
    if last > 2 {
        return Err("has more numbers than degrees, minutes and seconds".to_owned());
    }
    let mut sum = 0.0;
    for (at, ((value, negative, _), unit)) in parts.iter().zip([1.0, 60.0, 3600.0]).enumerate() {
        if at > 0 && *negative {
            return Err("has a minus within it".to_owned());
        }
        if at < last && value.fract() != 0.0 {
            return Err("has a fraction before its last part".to_owned());
        }
        check_part(at, *value)?;
        sum += value / unit;
    }
    Ok(sum)
}

/// Checks that minutes and seconds are below 60.
pub(crate) fn check_part(at: usize, value: f64) -> Result<(), String> {
    match at {
        1 if value >= 60.0 => Err(format!("has {value} minutes, which must be below 60")),
        2 if value >= 60.0 => Err(format!("has {value} seconds, which must be below 60")),
        _ => Ok(()),
    }
}

/// Unpacks degrees written together with minutes, or also seconds: `290730N`, `06206.5E`.
fn packed_by_digits(number: f64, digits: usize, axis: Option<Axis>) -> Result<f64, String> {
    match (axis, digits) {
        (Some(Axis::Lat), 4) | (Some(Axis::Lon), 5) => unpacked(number, Packed::Minutes),
        (Some(Axis::Lat), 6) | (Some(Axis::Lon), 7) => unpacked(number, Packed::Seconds),
        _ => Err("is not an angle: too many digits".to_owned()),
    }
}

/// The form of degrees packed into one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packed {
    /// DDMM.m
    Minutes,
    /// DDMMSS.s
    Seconds,
}

/// Unpacks degrees, minutes and seconds from one number.
///
/// # Errors
/// Minutes or seconds are 60 or more.
pub(crate) fn unpacked(number: f64, packed: Packed) -> Result<f64, String> {
    let (sign, number) = (if number < 0.0 { -1.0 } else { 1.0 }, number.abs());
    let (degrees, minutes, seconds) = match packed {
        Packed::Minutes => ((number / 100.0).floor(), number % 100.0, 0.0),
        Packed::Seconds => {
            ((number / 10_000.0).floor(), (number / 100.0).floor() % 100.0, number % 100.0)
        }
    };
    check_part(1, minutes)?;
    check_part(2, seconds)?;
    Ok(sign * (degrees + minutes / 60.0 + seconds / 3600.0))
}

/// Splits a text with normalized signs into tokens.
fn tokens(text: &str, commas: Commas) -> Result<Vec<Token>, String> {
    let chars: Vec<char> = text.trim().chars().collect();
    let at_of = |at: usize| chars.get(at).copied();
    let is_digit = |at: usize| at_of(at).is_some_and(|c| c.is_ascii_digit());
    let mut list = Vec::new();
    let (mut at, mut minus, mut lettered) = (0, false, false);
    while let Some(c) = at_of(at) {
        let before = at.checked_sub(1).and_then(at_of);
        match c {
            '0'..='9' | '.' if c != '.' || is_digit(at + 1) => {
                let from = at;
                let mut digits = (0, 0);
                let mut fraction = false;
                while let Some(c) = at_of(at) {
                    let is_mark = c == '.' || c == ',' && commas == Commas::Decimal;
                    if c.is_ascii_digit() {
                        if fraction { digits.1 += 1 } else { digits.0 += 1 }
                    } else if is_mark && !fraction && is_digit(at + 1) {
                        fraction = true;
                    } else {
                        break;
                    }
                    at += 1;
                }
                let number: String = chars.get(from..at).unwrap_or_default().iter().collect();
                let value =
                    number.replace(',', ".").parse().map_err(|_| "is not an angle".to_owned())?;
                list.push(Token::Number { value, negative: std::mem::take(&mut minus), digits });
                continue;
            }
            '-' if is_digit(at + 1)
                && !before.is_some_and(|c| c.is_ascii_digit() || matches!(c, '°' | '\'')) =>
            {
                minus = true
            }
            // Some systems write a trailing minus: 12.5- is -12.5, not 12.5.
            '-' if before.is_some_and(|c| c.is_ascii_digit() || matches!(c, '°' | '\'' | '"'))
                && chars.get(at + 1..).is_none_or(<[char]>::is_empty) =>
            {
                return Err("has a minus behind its number; write it in front".to_owned());
            }
            '°' => list.push(Token::Mark(0)),
            '\'' => list.push(Token::Mark(1)),
            '"' => list.push(Token::Mark(2)),
            ',' | ';' | '|' => list.push(Token::Break),
            ' ' | '-' | ':' | '/' | '.' | '_' | '+' | '=' => {}
            c if c.is_alphabetic() => {
                let from = at;
                while at_of(at).is_some_and(char::is_alphabetic) {
                    at += 1;
                }
                let word: String = chars
                    .get(from..at)
                    .unwrap_or_default()
                    .iter()
                    .flat_map(|c| c.to_lowercase())
                    .collect();
                let tight = before.is_some_and(|c| c.is_ascii_digit());
                match (word_of(&word, tight, &mut lettered), word.split_at_checked(1)) {
                    // The sign for seconds followed by the hemisphere: 30sN.
                    (Err(_), Some((sign @ ("d" | "m" | "s"), side))) if tight => {
                        list.extend(word_of(sign, tight, &mut lettered)?);
                        list.extend(word_of(side, false, &mut lettered)?);
                    }
                    (read, _) => list.extend(read?),
                }
                continue;
            }
            _ => return Err("is not an angle".to_owned()),
        }
        at += 1;
    }
    Ok(list)
}

#[cfg(test)]
mod tests;
