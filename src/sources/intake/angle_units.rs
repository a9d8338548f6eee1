//! Reads brackets in the name of a coordinate column: the axis itself, `Y (Longitude)`, or an angular unit
//! that is not supported, `Latitude (radians)`.

use super::columns::fold;
use super::names::bracketed;
use super::parts_of_place::{LAT, LON};

/// Returns the axis that is named in brackets after a letter or word for a map axis.
pub(crate) fn axis_in_brackets(name: &str) -> Option<&'static str> {
    const AXES: [&str; 13] = [
        "x",
        "y",
        "xcoord",
        "ycoord",
        "coordx",
        "coordy",
        "coordinate",
        "coord",
        "pointx",
        "pointy",
        "xcoordinate",
        "ycoordinate",
        "coordinates",
    ];
    let inside = bracketed(name)?;
    let outside = name.split(['(', '[', '（']).next().unwrap_or_default();
    if !AXES.contains(&fold(outside).as_str()) {
        return None;
    }
    let has = |words: &[&str]| {
        inside.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
    };
    match (has(LAT), has(LON)) {
        (true, false) => Some("latitude"),
        (false, true) => Some("longitude"),
        _ => None,
    }
}

/// Whether a column is named for an axis in radians or gons. In German, "Grad" means degree.
pub(crate) fn is_of_other_angle(name: &str) -> bool {
    const UNITS: [&str; 9] =
        ["radian", "radians", "rad", "rads", "gon", "gons", "gradian", "gradians", "grads"];
    const GERMAN: [&str; 5] = ["breitengrad", "breite", "längengrad", "länge", "laenge"];
    let Some(inside) = bracketed(name) else { return false };
    let outside = name.split(['(', '[', '（']).next().unwrap_or_default().to_lowercase();
    let mut words = outside.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let Some(axis) = words.find(|word| LAT.contains(word) || LON.contains(word)) else {
        return false;
    };
    let mut units = inside.split(|c: char| !c.is_alphanumeric());
    units.any(|unit| UNITS.contains(&unit) || unit == "grad" && !GERMAN.contains(&axis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_in_the_brackets_decides() {
        for (name, axis) in [
            ("Y (Longitude)", Some("longitude")),
            ("x (lat)", Some("latitude")),
            ("X [lon, WGS84]", Some("longitude")),
            ("X (m)", None),
            ("Coordinates (lat, lon)", None),
            ("Name (lat.)", None),
            ("Latitude (deg)", None),
        ] {
            assert_eq!(axis_in_brackets(name), axis, "{name}");
        }
    }

    #[test]
    fn radians_and_gons_are_no_degrees() {
        for name in ["Latitude (radians)", "lon (gon)", "Lat [rad]", "Longitude (grad)"] {
            assert!(is_of_other_angle(name), "{name}");
        }
        for name in ["Breite (Grad)", "Latitude (deg)", "Latitude", "Dose (rad)", "lat (grados)"] {
            assert!(!is_of_other_angle(name), "{name}");
        }
    }
}
