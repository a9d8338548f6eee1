//! Parsed parameters.

use crate::earth::{Length, Position};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A parsed value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number.
    Integer(i64),
    /// A place.
    Position(Position),
    /// A box.
    Bbox(Corners),
    /// A time.
    Interval(Interval),
    /// A day.
    Day(Date),
    /// Some words.
    Words(Vec<String>),
    /// A length.
    Length(Length),
    /// A text or one word.
    Text(String),
}

/// Two corners of a box, each with its numbers in the order of the axes of the reference system.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corners {
    /// The first corner: west and south.
    pub low: [f64; 2],
    /// The second corner: east and north. West may be greater than east: the box then runs over the antimeridian.
    pub high: [f64; 2],
    /// Whether each corner was given with a height.
    pub heights: bool,
}

impl Corners {
    /// The place of a number of the first corner among all, counted from 1.
    pub fn of_low(self, axis: usize) -> usize {
        axis + 1
    }

    /// The place of a number of the second corner among all, counted from 1.
    pub fn of_high(self, axis: usize) -> usize {
        axis + if self.heights { 4 } else { 3 }
    }
}

/// A time from its first to its last nanosecond; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Its first nanosecond.
    pub first: Option<Timestamp>,
    /// Its last nanosecond.
    pub last: Option<Timestamp>,
}

/// The values of a request, by the names of their parameters.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// What was parsed.
    pub of: BTreeMap<&'static str, Value>,
    /// The parameters as they were written, in the order of their names: equal for equal questions.
    pub written: Vec<(String, String)>,
}

impl Values {
    /// A whole number; its default if the parameter has one and was not given.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.of.get(name) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    /// A whole number that counts something.
    pub fn count(&self, name: &str) -> Option<usize> {
        self.integer(name).and_then(|number| usize::try_from(number).ok())
    }

    /// A place.
    pub fn position(&self, name: &str) -> Option<Position> {
        match self.of.get(name) {
            Some(Value::Position(position)) => Some(*position),
            _ => None,
        }
    }

    /// A box.
    pub fn bbox(&self, name: &str) -> Option<Corners> {
        match self.of.get(name) {
            Some(Value::Bbox(bbox)) => Some(*bbox),
            _ => None,
        }
    }

    /// A time.
    pub fn interval(&self, name: &str) -> Option<Interval> {
        match self.of.get(name) {
            Some(Value::Interval(interval)) => Some(*interval),
            _ => None,
        }
    }

    /// A day.
    pub fn day(&self, name: &str) -> Option<Date> {
        match self.of.get(name) {
            Some(Value::Day(day)) => Some(*day),
            _ => None,
        }
    }

    /// Some words; none if the parameter was not given.
    pub fn words(&self, name: &str) -> &[String] {
        match self.of.get(name) {
            Some(Value::Words(words)) => words,
            _ => &[],
        }
    }

    /// A length.
    pub fn length(&self, name: &str) -> Option<Length> {
        match self.of.get(name) {
            Some(Value::Length(length)) => Some(*length),
            _ => None,
        }
    }

    /// A text or a word.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.of.get(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}
