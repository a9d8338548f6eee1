//! Finds the column that holds whole places, such as well-known text or pairs of coordinates, by its content,
//! if no column name shows where the records lie.

use super::columns::{Role, fold};
use crate::sources::reader::Reader;
use crate::sources::values::angles::read_pair;
use crate::sources::values::cells::{Kind, kind_of, said_first};
use crate::sources::values::numbers::is_missing;
use crate::{Code, Error, Result};
use std::sync::Arc;

/// Number of records examined.
const SAMPLE: usize = 200;

/// Returns the column in which at least half of the values are places, and the kind that most of them are;
/// `None` if there is none. Other kinds are preferred to pairs of coordinates.
///
/// # Errors
/// If several columns qualify and nothing decides between them.
pub(crate) fn find(reader: &Reader, role: Role) -> Result<Option<(Arc<str>, Kind)>> {
    let sample = reader.sample(SAMPLE)?;
    let holds = |at: usize, name: &str| {
        let is_named = is_named_for_a_place(name);
        let values =
            sample.iter().map(|record| record.field(at)).filter(|value| !is_missing(value));
        let (mut like, mut all, mut kind) = (0_usize, 0_usize, None);
        for value in values {
            all += 1;
            if let Some(found) = value.as_str().and_then(|text| place_in(text, is_named)) {
                like += 1;
                kind = kind.or(Some(found));
            }
        }
        kind.filter(|_| 2 * like >= all)
    };
    let columns = reader.columns().iter().enumerate();
    let mut found: Vec<(&Arc<str>, Kind)> =
        columns.filter_map(|(at, name)| Some((name, holds(at, name)?))).collect();
    if found.iter().any(|(_, kind)| *kind != Kind::Pair) {
        found.retain(|(_, kind)| *kind != Kind::Pair);
    }
    match found.as_slice() {
        [] => Ok(None),
        [(name, kind)] => Ok(Some((Arc::clone(name), *kind))),
        [(first, _), ..] => {
            let names: Vec<String> =
                found.iter().map(|(name, _)| name.escape_debug().to_string()).collect();
            let file = reader.file();
            Err(Error::data(
                Code::ColumnUnclear,
                format!("{file}: has geometries in several columns: {}", names.join(", ")),
            )
            .with_hint(format!("name one: ⟦map={}.geometry={first}⟧", role.word())))
        }
    }
}

/// Returns the kind of place that a text clearly is. Two numbers count as a place if the column is named for
/// a place, or if letters or decimals show it.
fn place_in(text: &str, is_named: bool) -> Option<Kind> {
    // A place contains a digit, or the bracket of an empty geometry.
    let kind = kind_of(text);
    match kind {
        Kind::Json => return text.contains("\"coordinates\"").then_some(kind),
        Kind::Pair => {}
        _ => return Some(kind),
    }
    // An ambiguous O still belongs to a place.
    let pair = read_pair(text, Some(true)).ok()?;
    let (first, second) = (pair.first.degrees.abs(), pair.second.degrees.abs());
    let on_globe = first.min(second) <= 90.0 && first.max(second) <= 180.0;
    let tells = is_named
        || pair.first.axis.is_some() && pair.second.axis.is_some()
        || said_first(&pair).is_some()
        || pair.first.decimals >= 2 && pair.second.decimals >= 2;
    (on_globe && tells).then_some(kind)
}

/// Whether a column is named for places.
fn is_named_for_a_place(name: &str) -> bool {
    const WORDS: [&str; 18] = [
        "coord",
        "koord",
        "latl",
        "lonl",
        "latitude",
        "geopoint",
        "geoloc",
        "location",
        "position",
        "gps",
        "ubicaci",
        "localiza",
        "standort",
        "координат",
        "坐标",
        "座標",
        "إحداث",
        "مختصات",
    ];
    let name = fold(name);
    WORDS.iter().any(|word| name.contains(word))
        || matches!(name.as_str(), "xy" | "yx" | "point" | "punto")
}
