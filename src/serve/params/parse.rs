//! Parses the query of an address by a table of parameters.

use super::{Corners, Interval, Kind, Param, Value, Values};
use crate::earth::{Length, Position};
use crate::serve::problem::{Kind as Of, Problem};
use crate::serve::time::span;

/// Parses a query.
///
/// # Errors
/// An unknown, repeated or missing parameter; a value that means nothing.
pub fn parse(query: &str, params: &[&'static Param]) -> Result<Values, Problem> {
    complete(parse_some(query, params)?, params)
}

/// Parses a query to which a body may add.
///
/// # Errors
/// An unknown or repeated parameter; a value that means nothing.
pub fn parse_some(query: &str, params: &[&'static Param]) -> Result<Values, Problem> {
    let mut values = Values::default();
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        let Some(param) = params.iter().find(|param| param.name == name) else {
            return Err(unknown(&name, params));
        };
        if values.of.contains_key(param.name) {
            let detail = format!("{name} is given more than once");
            return Err(Problem::new(Of::RepeatedParameter, detail).with("parameter", param.name));
        }
        values.of.insert(param.name, value(param, &text)?);
        values.written.push((name.into_owned(), text.into_owned()));
    }
    values.written.sort();
    Ok(values)
}

/// Adds what parameters are by default.
///
/// # Errors
/// A missing parameter.
pub fn complete(mut values: Values, params: &[&'static Param]) -> Result<Values, Problem> {
    for param in params {
        if values.of.contains_key(param.name) {
            continue;
        }
        match param.kind {
            Kind::Integer { default: Some(default), .. } => {
                values.of.insert(param.name, Value::Integer(default));
            }
            _ if param.required => {
                let detail = format!("{} is missing: {}", param.name, param.says);
                return Err(Problem::new(Of::MissingParameter, detail)
                    .with("parameter", param.name)
                    .with("hint", format!("such as {}={}", param.name, param.example)));
            }
            _ => {}
        }
    }
    Ok(values)
}

fn unknown(name: &str, params: &[&'static Param]) -> Problem {
    let likeness = |param: &&&'static Param| strsim::jaro_winkler(param.name, name);
    let nearest = params.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let problem =
        Problem::new(Of::UnknownParameter, format!("{name:?} is not a parameter of this path"))
            .with("parameter", name);
    match nearest {
        Some(near) if likeness(&near) > 0.75 => {
            problem.with("hint", format!("did you mean {}", near.name))
        }
        Some(_) => {
            let names: Vec<&str> = params.iter().map(|param| param.name).collect();
            problem.with("hint", format!("it has {}", names.join(", ")))
        }
        None => problem.with("hint", "it has none"),
    }
}

fn value(param: &'static Param, text: &str) -> Result<Value, Problem> {
    let refuse = |why: &str| {
        Problem::bad_value(param.name, format!("{}: {text:?} {why}", param.name))
            .with("hint", format!("such as {}={}", param.name, param.example))
    };
    match param.kind {
        Kind::Limit => integer(text, 1, i64::MAX, true).map_err(|why| refuse(&why)),
        Kind::Integer { least, most, capped, .. } => {
            integer(text, least, most, capped).map_err(|why| refuse(&why))
        }
        Kind::Position => {
            let [lon, lat] = numbers::<2>(param, text)?;
            let position = Position::from_degrees(lon, lat);
            position
                .map(Value::Position)
                .ok_or_else(|| refuse("is not on Earth; longitude comes first"))
        }
        Kind::Bbox => bbox(param, text).map(Value::Bbox),
        Kind::Interval => interval(text).map(Value::Interval).map_err(refuse),
        Kind::Day => {
            let day = (text.len() == 10).then(|| text.parse().ok()).flatten();
            day.map(Value::Day).ok_or_else(|| refuse("is not a day, YYYY-MM-DD"))
        }
        Kind::Word(words) => match words.contains(&text) {
            true => Ok(Value::Text(text.to_owned())),
            false => Err(refuse(&format!("is not one of {}", words.join(", ")))),
        },
        Kind::Words(words) => {
            let mut list = Vec::new();
            // Words that may be anything can have commas, too.
            let array = match words {
                [] => serde_json::from_str::<Vec<String>>(text).ok(),
                _ => None,
            };
            let array = array.filter(|list| !list.is_empty());
            let written = array
                .unwrap_or_else(|| text.split(',').map(|word| word.trim().to_owned()).collect());
            for (position, word) in (1..).zip(&written) {
                let word = word.as_str();
                if word.is_empty() || !words.is_empty() && !words.contains(&word) {
                    let problem = match words {
                        [] => refuse("has an empty word"),
                        _ => refuse(&format!(
                            "has {word:?}, which is not one of {}",
                            words.join(", ")
                        )),
                    };
                    return Err(problem.at(position));
                }
                list.push(word.to_owned());
            }
            Ok(Value::Words(list))
        }
        Kind::Length => match text.parse::<Length>() {
            Ok(length) if length > Length::ZERO => Ok(Value::Length(length)),
            Ok(_) => Err(refuse("is not above 0")),
            Err(_) => Err(refuse("is not a length with its unit")),
        },
        Kind::Text(least) if text.trim().chars().count() < least => {
            Err(refuse(&format!("has less than {least} characters")))
        }
        Kind::Text(_) if text.contains('\0') => Err(refuse("has a zero character")),
        Kind::Text(_) => Ok(Value::Text(text.to_owned())),
    }
}

/// A whole number in a range.
fn integer(text: &str, least: i64, most: i64, capped: bool) -> Result<Value, String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("is not a whole number".to_owned());
    }
    // More digits than a number holds are more than the most, or less than the least.
    let huge = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    match text.parse().unwrap_or(huge) {
        number if number < least => Err(format!("is below {least}")),
        number if number > most && !capped => Err(format!("is above {most}")),
        number => Ok(Value::Integer(number.min(most))),
    }
}

/// A day or moment, or two of them with a slash between.
fn interval(text: &str) -> Result<Interval, &'static str> {
    // A plus in an address is a blank.
    let text = text.replace(' ', "+");
    let end = |word: &str| match word {
        "" | ".." => Ok(None),
        word => {
            span(word).map(Some).ok_or("is no day or moment, YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ")
        }
    };
    let Some((first, last)) = text.split_once('/') else {
        let (first, last) =
            span(&text).ok_or("is no day or moment, YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ")?;
        return Ok(Interval { first: Some(first), last: Some(last) });
    };
    let (first, last) = (end(first)?.map(|of| of.0), end(last)?.map(|of| of.1));
    match first.zip(last) {
        Some((first, last)) if first > last => Err("ends before it begins"),
        _ => Ok(Interval { first, last }),
    }
}

/// Finite numbers with commas.
fn numbers<const N: usize>(param: &'static Param, text: &str) -> Result<[f64; N], Problem> {
    let many = text.split(',').count();
    if many != N {
        let detail = format!("{}: {text:?} has {many} numbers, not {N}", param.name);
        return Err(Problem::bad_value(param.name, detail)
            .with("hint", format!("such as {}={}", param.name, param.example)));
    }
    let mut all = [0.0; N];
    for ((position, word), number) in (1..).zip(text.split(',')).zip(&mut all) {
        *number = self::number(param, word, position)?;
    }
    Ok(all)
}

fn number(param: &'static Param, word: &str, position: usize) -> Result<f64, Problem> {
    let number = word.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| {
        let detail = format!("{}: number {position}, {word:?}, is not a number", param.name);
        Problem::bad_value(param.name, detail).at(position)
    })
}

/// Two corners; of six numbers the third and sixth are heights.
fn bbox(param: &'static Param, text: &str) -> Result<Corners, Problem> {
    match text.split(',').count() {
        6 => {
            let [west, south, bottom, east, north, top] = numbers::<6>(param, text)?;
            if bottom > top {
                let detail =
                    format!("{}: number 6, {top}, is below number 3, {bottom}", param.name);
                return Err(Problem::bad_value(param.name, detail).at(6));
            }
            Ok(Corners { low: [west, south], high: [east, north], heights: true })
        }
        _ => {
            let [west, south, east, north] = numbers::<4>(param, text)?;
            Ok(Corners { low: [west, south], high: [east, north], heights: false })
        }
    }
}
