//! Columns that hold parts of a place: degrees, minutes and seconds separately, or the hemisphere. They are
//! recognized by their names and their content.

use super::columns::Field as F;

/// Words for latitude and longitude, letters only, in lower case.
pub(crate) const LAT: &[&str] =
    &["latitude", "latitud", "latitudine", "lat", "breitengrad", "breite", "широта", "纬度"];
pub(crate) const LON: &[&str] = &[
    "longitude",
    "longitud",
    "longitudine",
    "long",
    "lon",
    "lng",
    "längengrad",
    "länge",
    "laenge",
    "долгота",
    "经度",
];

/// The part of a longitude or latitude that a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Degrees,
    Minutes,
    Seconds,
    Side,
}

const PARTS: [(Part, &[&str]); 4] = [
    (
        Part::Degrees,
        &[
            "deg",
            "degs",
            "degree",
            "degrees",
            "d",
            "g",
            "grad",
            "grados",
            "graus",
            "degres",
            "град",
            "градусы",
            "度",
        ],
    ),
    (
        Part::Minutes,
        &[
            "min",
            "mins",
            "minute",
            "minutes",
            "m",
            "mm",
            "minutos",
            "minuten",
            "мин",
            "минуты",
            "分",
        ],
    ),
    (
        Part::Seconds,
        &[
            "sec",
            "secs",
            "second",
            "seconds",
            "s",
            "ss",
            "seg",
            "segundos",
            "secondes",
            "sekunden",
            "сек",
            "секунды",
            "秒",
        ],
    ),
    (
        Part::Side,
        &[
            "dir",
            "direction",
            "hem",
            "hemi",
            "hemis",
            "hemisphere",
            "hemisferio",
            "ref",
            "card",
            "cardinal",
            "ns",
            "ew",
            "nors",
            "eorw",
            "h",
            "side",
        ],
    ),
];

/// Returns the axis and the part that a column is named for: `lat_min`, `DegLat`, `Longitude (sec)`,
/// `lon_dir`.
pub(crate) fn part_of(name: &str) -> Option<(F, Part)> {
    let name = super::columns::fold(name);
    let rest_of = |words: &[&str]| {
        let of = |word: &&str| name.strip_prefix(*word).or_else(|| name.strip_suffix(*word));
        // The longest matching word leaves the shortest rest.
        words.iter().filter_map(of).min_by_key(|rest| rest.len()).map(str::to_owned)
    };
    let part = |rest: String| {
        PARTS.iter().find(|(_, words)| words.contains(&rest.as_str())).map(|(part, _)| *part)
    };
    if let Some(part) = rest_of(LAT).and_then(part) {
        return Some((F::Lat, part));
    }
    rest_of(LON).and_then(part).map(|part| (F::Lon, part))
}

/// Returns the axis of a column that is named for a hemisphere but not for an axis.
pub(crate) fn side_named(name: &str) -> Option<F> {
    match super::columns::fold(name).as_str() {
        "ns" | "nors" | "northsouth" | "northorsouth" | "hemisphere" | "hemisferio" | "hemi"
        | "hem" | "hemisphère" | "полушарие" | "nshemisphere" | "hemispherens" => {
            Some(F::Lat)
        }
        "ew" | "we" | "eorw" | "eastwest" | "eastorwest" | "eo" | "ewhemisphere"
        | "hemisphereew" => Some(F::Lon),
        _ => None,
    }
}

/// The field of a part.
pub(crate) fn field_of(axis: F, part: Part) -> Option<F> {
    Some(match (axis, part) {
        (_, Part::Degrees) => return None,
        (F::Lat, Part::Minutes) => F::LatMin,
        (F::Lat, Part::Seconds) => F::LatSec,
        (F::Lat, Part::Side) => F::LatSide,
        (_, Part::Minutes) => F::LonMin,
        (_, Part::Seconds) => F::LonSec,
        (_, Part::Side) => F::LonSide,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_by_their_names() {
        for (name, part) in [
            ("lat_deg", Some((F::Lat, Part::Degrees))),
            ("lat_min", Some((F::Lat, Part::Minutes))),
            ("Latitude Seconds", Some((F::Lat, Part::Seconds))),
            ("LonD", Some((F::Lon, Part::Degrees))),
            ("deg_long", Some((F::Lon, Part::Degrees))),
            ("Longitude (sec)", Some((F::Lon, Part::Seconds))),
            ("lat_dir", Some((F::Lat, Part::Side))),
            ("lon_ew", Some((F::Lon, Part::Side))),
            ("lat_g", Some((F::Lat, Part::Degrees))),
            ("lat", None),
            ("long", None),
            ("lng", None),
            ("latitude_dd", None),
            ("lat_max", None),
            ("platform", None),
        ] {
            assert_eq!(part_of(name), part, "{name}");
        }
    }
}
