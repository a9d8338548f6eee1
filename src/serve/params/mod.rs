//! The parameters of all paths: one table that parses them, refuses what it does not know, and documents them.

mod parse;
mod schema;
mod value;

pub use parse::{complete, parse, parse_some};
pub use value::{Corners, Interval, Value, Values};

/// The media type of a body that has parameters.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// What the values of a parameter are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A whole number. A number above `most` is taken as `most` if `capped`.
    Integer {
        /// The least that is taken.
        least: i64,
        /// The most that is taken.
        most: i64,
        /// Without the parameter.
        default: Option<i64>,
        /// Whether more than the most is taken as the most.
        capped: bool,
    },
    /// Longitude and latitude with a comma, in degrees.
    Position,
    /// The number of features on a page, from 1. Its default and its most are settings; more than the most is taken as
    /// the most.
    Limit,
    /// A box: west, south, east, north, or six numbers with heights, which are ignored.
    Bbox,
    /// A day, a moment, or two of them with a slash between, either of which may be `..` for open.
    Interval,
    /// A day, YYYY-MM-DD.
    Day,
    /// One of some words.
    Word(&'static [&'static str]),
    /// Words with commas; if there is a list, each is one of it.
    Words(&'static [&'static str]),
    /// A length with its unit, such as `50km`, above 0.
    Length,
    /// Any text of at least so many characters.
    Text(usize),
}

/// A parameter of a path.
#[derive(Debug, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Whether the path needs it.
    pub required: bool,
    /// What it does, a sentence without its full stop.
    pub says: &'static str,
    /// A value, as it is written in an address.
    pub example: &'static str,
    /// What its texts are, if a pattern does not tell: the word that the description has as their format.
    pub format: Option<&'static str>,
}

impl Param {
    /// A parameter that may be left out.
    pub const fn new(
        name: &'static str,
        kind: Kind,
        says: &'static str,
        example: &'static str,
    ) -> Self {
        Self { name, kind, required: false, says, example, format: None }
    }

    /// The same parameter with what its texts are.
    #[must_use]
    pub const fn format(mut self, word: &'static str) -> Self {
        self.format = Some(word);
        self
    }

    /// The same parameter where the path needs it.
    #[must_use]
    pub const fn needed(mut self) -> Self {
        self.required = true;
        self
    }
}
