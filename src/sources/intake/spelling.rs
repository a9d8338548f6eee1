//! How the places of a table are spelled, where their own text does not tell: by the user's word, or by what
//! the other records and the names of columns make plain.

use crate::sources::values::angles::Packed;

/// How places are spelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spelling {
    /// Whether of two numbers in one cell the first is the latitude.
    pub lat_first: Option<bool>,
    /// Whether an O stands for the west, and not for the east.
    pub o_is_west: Option<bool>,
    /// Whether degrees stand in one number with minutes, or with seconds too.
    pub packed: Option<Packed>,
    /// Whether numbers without a minus lie in the south, by the head of their column; and in the west.
    pub negative: (bool, bool),
}

/// The keys of the column map that say so, each with its words.
pub(crate) const KEYS: [(&str, [&str; 2]); 3] = [
    ("pair", ["lat_lon", "lon_lat"]),
    ("letter_o", ["west", "east"]),
    ("angles", ["ddmm", "ddmmss"]),
];

impl Spelling {
    /// Takes a user's word. `None` where the key is none of these, else whether the word is one of its two.
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

    /// What this one says, and where it says nothing the other.
    pub fn or(self, other: Self) -> Self {
        Self {
            lat_first: self.lat_first.or(other.lat_first),
            o_is_west: self.o_is_west.or(other.o_is_west),
            packed: self.packed.or(other.packed),
            negative: (self.negative.0 || other.negative.0, self.negative.1 || other.negative.1),
        }
    }
}
