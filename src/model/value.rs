//! A value of a column that is passed through unchanged.

use std::fmt;

/// A scalar value: missing, text, a number or a boolean.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Missing.
    #[default]
    Missing,
    /// A text, byte for byte as read.
    Text(String),
    /// A finite number.
    Number(f64),
    /// An integer that a float cannot hold exactly, or another number kept in its original notation.
    Exact(String),
    /// True or false.
    Bool(bool),
}

impl Value {
    /// Whether the value is missing, or a text without a visible character.
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The value as a text, without surrounding blanks; `None` if it is missing.
    pub fn text(&self) -> Option<String> {
        match self.as_str() {
            Some(text) => (!text.is_empty()).then(|| text.to_owned()),
            None => (!self.is_missing()).then(|| self.to_string()),
        }
    }

    /// The text, if the value is one, without surrounding blanks.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Exact(text) => Some(text.trim()),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => Ok(()),
            Self::Text(text) | Self::Exact(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Bool(truth) => write!(f, "{truth}"),
        }
    }
}
