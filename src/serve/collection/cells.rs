//! The properties of a feature, read from JSON into one cell for each column, without a map between.

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// The value of a property.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// The feature does not have the property.
    Absent,
    Null,
    Flag(bool),
    Number(f64),
    Text(Cow<'a, str>),
    /// A list or an object.
    Other,
}

impl Cell<'_> {
    /// Whether there is a value.
    pub fn is_given(&self) -> bool {
        !matches!(self, Self::Absent | Self::Null)
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The same, which outlives the text that it was read from.
    pub fn owned(&self) -> Cell<'static> {
        match self {
            Self::Absent => Cell::Absent,
            Self::Null => Cell::Null,
            Self::Flag(flag) => Cell::Flag(*flag),
            Self::Number(number) => Cell::Number(*number),
            Self::Text(text) => Cell::Text(Cow::Owned(text.clone().into_owned())),
            Self::Other => Cell::Other,
        }
    }
}

impl<'de> Deserialize<'de> for Cell<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OfCell)
    }
}

struct OfCell;

impl<'de> Visitor<'de> for OfCell {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Cell::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Cell::Flag(flag))
    }

    #[expect(clippy::cast_precision_loss, reason = "columns hold numbers as floats")]
    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Cell::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "columns hold numbers as floats")]
    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Cell::Number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Cell::Number(number))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Other)
    }
}

/// The names of columns, in order.
#[derive(Debug, Default)]
pub struct Names {
    order: Vec<Arc<str>>,
    places: HashMap<Arc<str>, usize>,
}

impl Names {
    /// Adds a name, unless it is there; its place.
    pub fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let name: Arc<str> = name.into();
        self.order.push(Arc::clone(&name));
        self.places.insert(name, self.order.len() - 1);
        self.order.len() - 1
    }

    /// The names, in order.
    pub fn order(&self) -> &[Arc<str>] {
        &self.order
    }

    /// The place of a name, which is likely `next`.
    fn find(&self, name: &str, next: usize) -> Option<usize> {
        match self.order.get(next) {
            Some(likely) if **likely == *name => Some(next),
            _ => self.places.get(name).copied(),
        }
    }
}

/// The properties of a feature.
#[derive(Debug, Default)]
pub struct Properties<'a> {
    /// A cell for each name that was known, in their order; those at the end that the feature lacks are left out.
    pub cells: Vec<Cell<'a>>,
    /// Those with other names.
    pub more: Vec<(Cow<'a, str>, Cell<'a>)>,
}

impl<'a> Properties<'a> {
    /// Reads an object; null has no properties.
    ///
    /// # Errors
    /// JSON that is neither.
    pub fn read(text: &'a str, names: &Names) -> serde_json::Result<Self> {
        OfProperties(names).deserialize(&mut serde_json::Deserializer::from_str(text))
    }
}

struct OfProperties<'n>(&'n Names);

impl<'de> DeserializeSeed<'de> for OfProperties<'_> {
    type Value = Properties<'de>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

/// A name that is borrowed if it can be.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for OfProperties<'_> {
    type Value = Properties<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of properties, or null")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Properties::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let Self(names) = self;
        let mut properties =
            Properties { cells: Vec::with_capacity(names.order.len()), more: Vec::new() };
        let mut next = 0;
        // Of two properties with one name the last one counts.
        while let Some((Name(name), cell)) = object.next_entry::<Name<'de>, Cell<'de>>()? {
            let Some(place) = names.find(&name, next) else {
                properties.more.push((name, cell));
                continue;
            };
            next = place + 1;
            if properties.cells.len() < next {
                properties.cells.resize(next, Cell::Absent);
            }
            if let Some(of_name) = properties.cells.get_mut(place) {
                *of_name = cell;
            }
        }
        Ok(properties)
    }
}
