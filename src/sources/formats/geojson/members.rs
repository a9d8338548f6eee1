//! The pieces of a JSON text as slices: members of an object, elements of a list. With slices, one
//! faulty feature can be set aside while the others are read.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

/// The kind of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources::formats) enum Kind {
    Object,
    List,
    Text,
    Number,
    Truth,
    Null,
}

impl Kind {
    /// Determines the kind from the first character: the text is known to be JSON.
    pub fn of(raw: &str) -> Self {
        match raw.trim_start().as_bytes().first() {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::List,
            Some(b'"') => Self::Text,
            Some(b't' | b'f') => Self::Truth,
            Some(b'n') => Self::Null,
            _ => Self::Number,
        }
    }

    /// The kind with its article, for messages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::List => "a list",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Truth => "true or false",
            Self::Null => "null",
        }
    }
}

/// The members of an object in order; of repeated names, the last value.
#[derive(Debug, Default)]
pub(in crate::sources::formats) struct Members<'t> {
    pub list: Vec<(Cow<'t, str>, &'t str)>,
    /// The repeated names.
    pub repeated: Vec<String>,
    /// The index of each name, built once there are many.
    index: HashMap<Cow<'t, str>, usize>,
}

/// The number of members up to which linear search is used, which is faster for so few.
const FEW: usize = 32;

impl<'t> Members<'t> {
    /// Parses the members of an object.
    ///
    /// # Errors
    /// A name has an escape that is not a character.
    pub fn of(raw: &'t str) -> serde_json::Result<Self> {
        serde_json::Deserializer::from_str(raw).deserialize_map(MembersVisitor)
    }

    pub fn get(&self, name: &str) -> Option<&'t str> {
        self.list.iter().find(|(key, _)| key == name).map(|(_, raw)| *raw)
    }

    /// The text of a member, if its value is a string.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(|raw| serde_json::from_str(raw).ok())
    }

    /// Adds a member, or replaces an earlier one of the same name.
    fn put(&mut self, name: Cow<'t, str>, raw: &'t str) {
        let earlier = if self.list.len() < FEW {
            self.list.iter().position(|(key, _)| *key == name)
        } else {
            if self.index.is_empty() {
                let known = self.list.iter().enumerate();
                self.index = known.map(|(at, (key, _))| (key.clone(), at)).collect();
            }
            self.index.get(&name).copied()
        };
        match earlier.and_then(|at| self.list.get_mut(at)) {
            Some(earlier) => {
                earlier.1 = raw;
                self.repeated.push(name.into_owned());
            }
            None => {
                if self.list.len() >= FEW {
                    self.index.insert(name.clone(), self.list.len());
                }
                self.list.push((name, raw));
            }
        }
    }
}

struct MembersVisitor;

impl<'t> Visitor<'t> for MembersVisitor {
    type Value = Members<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Members::default();
        while let Some(Key(name)) = map.next_key()? {
            let raw: &RawValue = map.next_value()?;
            members.put(name, raw.get());
        }
        Ok(members)
    }
}

/// A member name, borrowed from the text if it has no escapes.
pub(in crate::sources::formats) struct Key<'t>(pub Cow<'t, str>);

impl<'t> Deserialize<'t> for Key<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'t> Visitor<'t> for KeyVisitor {
            type Value = Key<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'t str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// The elements of a list; `None` if the value is not a list.
pub(in crate::sources::formats) fn elements(raw: &str) -> Option<Vec<&str>> {
    let list: Vec<&RawValue> = serde_json::from_str(raw).ok()?;
    Some(list.into_iter().map(RawValue::get).collect())
}

/// The beginning of a value, for a message.
pub(in crate::sources::formats) fn excerpt(raw: &str) -> String {
    const MOST: usize = 60;
    let flat: String = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut characters = flat.chars();
    let head: String = characters.by_ref().take(MOST).collect();
    if characters.next().is_some() { head + "…" } else { head }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_two_members_counts() {
        let members = Members::of(r#"{"a": 1, "b": 2, "a": 3}"#).expect("object");
        assert_eq!(members.get("a"), Some("3"));
        assert_eq!(members.repeated, ["a"]);
        let many: Vec<String> = (0..100).map(|n| format!("\"k{}\": {n}", n % 90)).collect();
        let many = format!("{{{}}}", many.join(","));
        let members = Members::of(&many).expect("object");
        assert_eq!((members.list.len(), members.repeated.len()), (90, 10));
        assert_eq!((members.get("k5"), members.get("k50")), (Some("95"), Some("50")));
    }
}
