//! A mine or another asset whose risk is scored.

use super::routing::plain;
use super::{CountryCode, Place, Tailings, Value, WaterStress, WaterStressAside};
use crate::earth::{Length, Position, Shape};
use std::sync::Arc;

/// A mine or another asset.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Unique within the run.
    pub id: String,
    /// Display name; the id if no name is given.
    pub name: String,
    /// The file it came from.
    pub file: Arc<str>,
    /// The location in that file.
    pub place: Place,
    /// The representative point: its own position, or a point in or on its shape.
    pub position: Position,
    /// Its shape as read.
    pub shape: Shape,
    /// The radius that contains the true place with 90 % probability; `None` if the source gives
    /// none.
    pub accuracy: Option<Length>,
    /// The country that the source names; the run determines the country by the borders.
    pub country: Option<CountryCode>,
    /// The key that links the parts of one site, such as a mine, its camp and its road.
    pub group: Option<String>,
    /// Which part of a site it is.
    pub part: Part,
    /// What is known of its tailings.
    pub tailings: Tailings,
    /// Water stress stated for the site itself.
    pub water_stress: Option<WaterStress>,
    /// Additional information on that.
    pub water_stress_aside: WaterStressAside,
    /// The site's own columns: name and value, in the file's order.
    pub columns: Vec<(Arc<str>, Value)>,
}

impl Site {
    /// A site for a position that does not come from a file.
    pub fn at(id: &str, name: &str, position: Position, accuracy: Option<Length>) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            file: "".into(),
            place: Place::File,
            position,
            shape: Shape::point(position),
            accuracy,
            country: None,
            group: None,
            part: Part::Mine,
            tailings: Tailings::default(),
            water_stress: None,
            water_stress_aside: WaterStressAside::default(),
            columns: Vec::new(),
        }
    }
}

/// A part of a site that consists of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The mine, plant or works itself; also a site that has no parts.
    Mine,
    /// Where people live.
    Camp,
    /// A public road or railway to the site.
    Road,
    /// A port that the site uses.
    Port,
}

impl Part {
    /// The word used in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Camp => "camp",
            Self::Road => "road",
            Self::Port => "port",
        }
    }

    /// The part for a word.
    pub fn from_word(word: &str) -> Option<Self> {
        match plain(word).as_str() {
            "mine" | "plant" | "works" | "pit" | "quarry" | "smelter" | "refinery" => {
                Some(Self::Mine)
            }
            "camp" | "village" | "housing" => Some(Self::Camp),
            "road" | "access road" | "public road" | "railway" | "rail" => Some(Self::Road),
            "port" | "harbor" | "harbour" => Some(Self::Port),
            _ => None,
        }
    }
}
