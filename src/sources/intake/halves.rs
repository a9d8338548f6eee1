//! Hemispheres in column names: numbers below `Latitude (S)` lie in the south.

use super::columns::Field as F;
use super::names::bracketed;
use crate::sources::values::angles::{Axis, Side, side_of};

/// Whether a name is a word for an axis, followed only by its hemisphere, unit or datum: `Latitude
/// South`, `Longitude in decimal degrees`.
pub(crate) fn is_described(name: &str, axis: F, words: &[&str], letters: bool) -> bool {
    const DESCRIBED: [&str; 11] = [
        "in",
        "decimal",
        "degrees",
        "degree",
        "deg",
        "dd",
        "wgs",
        "84",
        "wgs84",
        "decimales",
        "grados",
    ];
    let outside = name.split(['(', '[']).next().unwrap_or_default().to_lowercase();
    let mut parts = outside.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.next().is_some_and(|first| words.contains(&first))
        && parts.all(|part| {
            let half = (letters || part.chars().count() > 1)
                && side_of(part).is_some_and(|side| axis_of(side) == axis);
            half || DESCRIBED.contains(&part)
        })
}

fn axis_of(side: Side) -> F {
    if side.axis() == Axis::Lat { F::Lat } else { F::Lon }
}

/// Returns the hemisphere that a coordinate column's name gives: `Latitude (S)`, `Longitude (°W)`,
/// `Latitude South`, `西经`. Returns `None` if it names two, as `Lat (N/S)` does.
pub(crate) fn side_in_name(name: &str, axis: F) -> Option<Side> {
    let inside = bracketed(name);
    let lower = name.to_lowercase();
    let outside = lower.split(['(', '[', '（']).next().unwrap_or_default();
    // The first word names the axis, or both axis and hemisphere, as in Chinese.
    let words = outside.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.enumerate().filter(|(at, word)| *at > 0 || word.chars().count() > 1);
    let words = words.map(|(_, word)| word);
    let within = inside.as_deref().unwrap_or_default();
    let within = within.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut sides = words.chain(within).filter_map(side_of).filter(|side| axis_of(*side) == axis);
    let first = sides.next()?;
    sides.all(|side| side == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_tell_the_half_of_the_earth() {
        for (name, axis, side) in [
            ("Latitude (S)", F::Lat, Some(Side::South)),
            ("Latitude (°S)", F::Lat, Some(Side::South)),
            ("Longitude [deg W]", F::Lon, Some(Side::West)),
            ("Latitude South", F::Lat, Some(Side::South)),
            ("Longitud oeste", F::Lon, Some(Side::West)),
            ("西经", F::Lon, Some(Side::West)),
            ("Latitude (N)", F::Lat, Some(Side::North)),
            ("Latitude (N/S)", F::Lat, None),
            ("Latitude (deg, WGS84)", F::Lat, None),
            ("Longitude (s)", F::Lon, None),
            ("Lat_S", F::Lat, Some(Side::South)),
            ("lat_dd", F::Lat, None),
            ("S", F::Lat, None),
            ("easting", F::Lon, None),
        ] {
            assert_eq!(side_in_name(name, axis), side, "{name}");
        }
    }
}
