//! How the places of a table are spelled, if their own text is ambiguous: by the user's setting, or as other
//! records and the column names show.

use crate::sources::values::angles::Packed;

/// How places are spelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spelling {
    /// Whether the latitude comes first of two numbers in one cell.
    pub lat_first: Option<bool>,
    /// Whether O stands for west instead of east.
    pub o_is_west: Option<bool>,
    /// Whether one number packs degrees with minutes, or also with seconds.
    pub packed: Option<Packed>,
    /// Whether numbers without a minus lie in the south, and in the west, by the header of their column.
    pub negative: (bool, bool),
    /// Whether most dates of the table have day and month as numbers with the year last, whose order must be declared.
    pub dates_in_numbers: bool,
}

/// The keys of the column map for these settings, each with its words.
pub(crate) const KEYS: [(&str, [&str; 2]); 3] = [
    ("pair", ["lat_lon", "lon_lat"]),
    ("letter_o", ["west", "east"]),
    ("angles", ["ddmm", "ddmmss"]),
];

impl Spelling {
    /// Sets a user's word. Returns `None` if the key is unknown, else whether the word is one of the key's
    /// two words.
    pub fn set(&mut self, key: &str, word: &str) -> Option<bool> {
        let (_, [first, second]) = KEYS.iter().find(|(known, _)| *known == key)?;
        let is_first = word == *first;
        if !is_first && word != *second {
            return Some(false);
        }
        match key {
            "pair" => self.lat_first = Some(is_first),
            "letter_o" => self.o_is_west = Some(is_first),
            _ => self.packed = Some(if is_first { Packed::Minutes } else { Packed::Seconds }),
        }
        Some(true)
    }

    /// Returns these settings, filled up with those of another spelling.
    pub fn or(self, other: Self) -> Self {
        Self {
            lat_first: self.lat_first.or(other.lat_first),
            o_is_west: self.o_is_west.or(other.o_is_west),
            packed: self.packed.or(other.packed),
            negative: (self.negative.0 || other.negative.0, self.negative.1 || other.negative.1),
            dates_in_numbers: self.dates_in_numbers || other.dates_in_numbers,
        }
    }
}
