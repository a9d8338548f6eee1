//! CQL2 JSON. Each level is split into the texts of its members, so that every fault has its byte.

use super::fault;
use super::text::unknown_function;
use super::tree::{self, DEEPEST, Expr, Is, Op};
use super::wkt;
use crate::serve::problem::Problem;
use geo_types::Geometry;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Reads a filter.
pub(super) fn parse(text: &str) -> Result<Expr, Problem> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| damaged(text, &error))?;
    Reader { text }.value(raw.get(), 0)
}

type Members<'a> = BTreeMap<String, &'a RawValue>;

struct Reader<'a> {
    text: &'a str,
}

impl<'a> Reader<'a> {
    /// Where a part of the filter begins.
    fn at(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    fn split<T: Deserialize<'a>>(&self, part: &'a str, wanted: &str) -> Result<T, Problem> {
        serde_json::from_str(part)
            .map_err(|_| fault(self.at(part), format!("expected {wanted}, not {}", short(part))))
    }

    fn value(&self, part: &'a str, depth: usize) -> Result<Expr, Problem> {
        let at = self.at(part);
        if depth > DEEPEST {
            return Err(tree::too_deep(at));
        }
        let is = match part.as_bytes().first() {
            Some(b'{') => return self.object(part, depth),
            Some(b'"') => Is::Text(self.split(part, "a text")?),
            Some(b't' | b'f') => Is::Flag(self.split(part, "a boolean")?),
            Some(b'-' | b'0'..=b'9') => Is::Number(self.number(part)?),
            _ => return Err(fault(at, format!("expected an expression, not {}", short(part)))),
        };
        Ok(Expr::leaf(at, is))
    }

    fn number(&self, part: &'a str) -> Result<f64, Problem> {
        self.split::<f64>(part, "a number")
    }

    fn object(&self, part: &'a str, depth: usize) -> Result<Expr, Problem> {
        let at = self.at(part);
        let members: Members<'a> = self.split(part, "an object")?;
        let get = |name: &str| members.get(name).map(|raw| raw.get());
        if let Some(op) = get("op") {
            let args = get("args").ok_or_else(|| fault(at, "the operation has no args"))?;
            return self.operation(op, args, depth);
        }
        let is = if let Some(name) = get("property") {
            Is::Property(self.split(name, "the name of a property")?)
        } else if let Some(day) = get("date") {
            Is::Date(tree::date(self.at(day), &self.split::<String>(day, "a day")?)?)
        } else if let Some(moment) = get("timestamp") {
            Is::Moment(tree::moment(self.at(moment), &self.split::<String>(moment, "a moment")?)?)
        } else if let Some(ends) = get("interval") {
            let ends: Vec<&RawValue> = self.split(ends, "two ends")?;
            let ends = ends.into_iter().map(|end| self.end(end.get(), depth + 1));
            return Expr::of(at, Op::Interval, ends.collect::<Result<_, _>>()?);
        } else if let Some(corners) = get("bbox") {
            let numbers: Vec<f64> = self.split(corners, "numbers")?;
            Is::Bbox(wkt::corners(self.at(corners), &numbers)?)
        } else if get("type").is_some() {
            Is::Shape(geometry(part).map_err(|why| fault(at, format!("the geometry: {why}")))?)
        } else {
            let names = "op, property, date, timestamp, interval, bbox or a geometry";
            return Err(fault(at, format!("the object is none of {names}")));
        };
        Ok(Expr::leaf(at, is))
    }

    fn operation(&self, op: &'a str, args: &'a str, depth: usize) -> Result<Expr, Problem> {
        let at = self.at(op);
        let name: String = self.split(op, "the name of an operation")?;
        let args: Vec<&RawValue> = self.split(args, "a list of operands")?;
        let mut parts: Vec<&'a str> = args.iter().map(|raw| raw.get()).collect();
        let op = Op::named(&name).ok_or_else(|| unknown_function(at, &name))?;
        if op == Op::In {
            let list =
                parts.get(1).copied().filter(|list| parts.len() == 2 && list.starts_with('['));
            let list = list.ok_or_else(|| fault(at, "in has a value and a list as operands"))?;
            let list: Vec<&RawValue> = self.split(list, "a list")?;
            parts.truncate(1);
            parts.extend(list.iter().map(|raw| raw.get()));
        }
        let operands: Vec<Expr> =
            parts.iter().map(|part| self.value(part, depth + 1)).collect::<Result<_, _>>()?;
        match (op, operands.len()) {
            (Op::Count(tree::Sum::Minus), 1) => Expr::of(at, Op::Negate, operands),
            _ => Expr::of(at, op, operands),
        }
    }

    /// An end of an interval.
    fn end(&self, part: &'a str, depth: usize) -> Result<Expr, Problem> {
        match part.starts_with('"') {
            true => tree::end(self.at(part), &self.split::<String>(part, "a text")?),
            false => self.value(part, depth),
        }
    }
}

fn geometry(text: &str) -> Result<Geometry<f64>, String> {
    let read: geojson::Geometry = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Geometry::try_from(read).map_err(|error| error.to_string())
}

/// The byte at which reading of JSON stopped, and why.
fn damaged(text: &str, error: &serde_json::Error) -> Problem {
    let before: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (before + error.column().saturating_sub(1)).min(text.len());
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or_default();
    fault(at, format!("the filter is not JSON: {why}"))
}

/// The beginning of a part, for messages.
fn short(part: &str) -> String {
    match part.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", part.get(..end).unwrap_or_default()),
        None => part.to_owned(),
    }
}
