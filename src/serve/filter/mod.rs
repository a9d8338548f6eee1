//! Filters of features: CQL2 (OGC 21-065r2) as text and as JSON.
//!
//! [`parse`] reads a filter of either language into one tree, [`compile`] types it against the columns of a collection,
//! and [`Compiled::select`] answers it for all features. Every fault is a problem of the kind `bad-filter` with the byte
//! at which it stands in the member `offset`.
//!
//! Logic has three values: what is compared with a missing value is unknown, and so is its negation; only features for
//! which the filter is true are selected.

mod compile;
mod evaluate;
mod json;
mod lexer;
mod like;
mod shapes;
#[cfg(test)]
mod tests;
mod text;
mod times;
mod tree;
mod truth;
mod wkt;
mod words;

pub use evaluate::Compiled;
pub use tree::Expr;

use super::collection::Collection;
use super::problem::{Kind, Problem};
use crate::run::Cancel;

/// The longest filter in bytes.
pub const LONGEST: usize = 8192;

/// The language of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// CQL2 text, `cql2-text`.
    Text,
    /// CQL2 JSON, `cql2-json`.
    Json,
}

/// Reads a filter.
///
/// # Errors
/// A filter that cannot be read, that is longer than [`LONGEST`], or that is nested too deep.
pub fn parse(text: &str, lang: Lang) -> Result<Expr, Problem> {
    if text.len() > LONGEST {
        return Err(fault(
            LONGEST,
            format!("the filter has {} bytes, above {LONGEST}", text.len()),
        ));
    }
    match lang {
        Lang::Text => text::parse(text),
        Lang::Json => json::parse(text),
    }
}

/// Types a filter against the columns of a collection, and finds by its tree the features that each spatial function may
/// be true for. A column is named as in the properties; `id` is the id of a feature and `geometry` or `geom` its geometry,
/// unless a column has the name.
///
/// # Errors
/// A property that the collection does not have; values that cannot be compared; a geometry that is not on the globe;
/// the flag is raised.
pub fn compile<'a>(
    filter: &Expr,
    collection: &'a Collection,
    cancel: &Cancel,
) -> Result<Compiled<'a>, Problem> {
    compile::compile(filter, collection, cancel)
}

/// A problem of a filter: the byte at which it stands, and what it is.
fn fault(at: usize, detail: impl Into<String>) -> Problem {
    Problem::new(Kind::BadFilter, detail).with("offset", at)
}

/// The problem of a flag that was raised.
fn problem_of(error: &crate::Error) -> Problem {
    Problem::of(error, Kind::Internal)
}

/// The nearest of some names, if it is near.
fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
