//! Axis order, by the reference system and the notation of its name.

use crate::earth::Crs;

/// The order of two coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Axes {
    #[default]
    XFirst,
    YFirst,
}

/// Codes of projected systems whose first axis points north, as ranges of the EPSG register (version 12,
/// as in PROJ 9). A range may include codes that are not projected systems.
#[rustfmt::skip]
const NORTH_FIRST: [(u32, u32); 119] = [
    (2036, 2036), (2044, 2045), (2065, 2065), (2081, 2083), (2085, 2086), (2091, 2093),
    (2096, 2098), (2105, 2132), (2166, 2180), (2193, 2193), (2199, 2200), (2206, 2212),
    (2218, 2218), (2221, 2221), (2296, 2307), (2319, 2549), (2551, 2735), (2738, 2758),
    (2935, 2941), (2953, 2953), (2963, 2963), (3006, 3030), (3034, 3035), (3038, 3051),
    (3058, 3059), (3068, 3068), (3114, 3118), (3120, 3120), (3126, 3140), (3144, 3147),
    (3150, 3152), (3173, 3173), (3300, 3301), (3328, 3335), (3346, 3346), (3350, 3352),
    (3366, 3366), (3386, 3390), (3396, 3399), (3407, 3407), (3414, 3414), (3416, 3416),
    (3764, 3764), (3788, 3793), (3795, 3796), (3833, 3854), (3873, 3885), (3907, 3911),
    (4026, 4038), (4417, 4417), (4434, 4434), (4491, 4554), (4568, 4589), (4652, 4822),
    (4839, 4880), (5017, 5017), (5048, 5048), (5105, 5188), (5224, 5224), (5253, 5259),
    (5269, 5275), (5343, 5349), (5367, 5367), (5479, 5481), (5513, 5513), (5515, 5515),
    (5518, 5520), (5562, 5588), (5632, 5639), (5651, 5653), (6244, 6275), (6362, 6362),
    (6372, 6387), (6669, 6687), (6707, 6709), (6870, 6876), (6962, 6962), (7799, 7801),
    (7825, 7831), (8044, 8045), (8352, 8352), (8433, 8441), (9039, 9040), (9221, 9254),
    (9271, 9285), (9377, 9377), (9498, 9498), (9821, 9821), (9831, 9841), (9851, 9865),
    (9895, 9895), (10286, 10286), (10288, 10288), (10290, 10290), (10306, 10306), (10329, 10329),
    (11114, 11118), (20004, 20032), (20064, 20092), (20904, 20932), (21004, 21032), (21207, 21264),
    (21307, 21483), (21896, 21899), (22171, 22197), (22240, 22240), (23301, 23333), (25884, 25884),
    (27205, 27232), (27391, 27398), (27492, 27492), (28402, 28492), (29701, 29702), (30161, 30179),
    (30800, 30800), (31251, 31259), (31275, 31290), (31466, 31469), (31700, 31700),
];

/// Returns the axis order that a name implies.
pub(super) fn axes_of(name: &str) -> Axes {
    let lower = name.to_ascii_lowercase();
    // The older notations of a code have x first, whatever the authority defines.
    let by_authority = lower.starts_with("urn:") || lower.contains("/def/crs/");
    if !by_authority || lower.contains("crs84") {
        return Axes::XFirst;
    }
    let code = name.rsplit([':', '/']).next().and_then(|code| code.parse::<u32>().ok());
    let north = code.is_some_and(|code| {
        NORTH_FIRST.iter().any(|(first, last)| (*first..=*last).contains(&code))
    });
    let is_geographic = Crs::new(name).is_ok_and(|crs| crs.is_geographic());
    if north || is_geographic { Axes::YFirst } else { Axes::XFirst }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latitude_comes_first_where_an_authority_is_named_in_full() {
        for name in [
            "urn:ogc:def:crs:EPSG::4326",
            "urn:x-ogc:def:crs:EPSG:6.9:4326",
            "http://www.opengis.net/def/crs/EPSG/0/4326",
            "urn:ogc:def:crs:EPSG::3035",
        ] {
            assert_eq!(axes_of(name), Axes::YFirst, "{name}");
        }
        for name in [
            "EPSG:4326",
            "http://www.opengis.net/gml/srs/epsg.xml#4326",
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "urn:ogc:def:crs:EPSG::32642",
        ] {
            assert_eq!(axes_of(name), Axes::XFirst, "{name}");
        }
    }
}
