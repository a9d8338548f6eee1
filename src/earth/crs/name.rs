//! Normalizes the many names of a reference system.

/// Returns the shortest name of a system: OGC URNs and URLs become `EPSG:32642`, and a bare number
/// is an EPSG code. PROJ strings, WKT, PROJJSON and names in words stay unchanged.
pub(super) fn plain_name(name: &str) -> String {
    let name = name.trim();
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("EPSG:{name}");
    }
    // The obsolete notation of codes in PROJ strings.
    if let Some(code) = name.trim_start_matches('+').strip_prefix("init=")
        && !code.contains(char::is_whitespace)
    {
        return plain_name(code);
    }
    if is_definition(name) {
        return name.to_owned();
    }
    let upper = name.to_uppercase();
    let parts: Vec<&str> = match upper.split_once("/DEF/CRS/") {
        Some((_, path)) => path.split('/').collect(),
        None => match upper.strip_prefix("URN:") {
            Some(path) => path.split(':').skip_while(|part| *part != "CRS").skip(1).collect(),
            None if is_code(&upper) => return upper.replace("::", ":"),
            None => return name.to_owned(),
        },
    };
    match (parts.first(), parts.last()) {
        (Some(authority), Some(code)) if parts.len() >= 2 => format!("{authority}:{code}"),
        _ => name.to_owned(),
    }
}

/// Whether a text defines a system rather than naming it: a PROJ string, WKT or PROJJSON.
fn is_definition(text: &str) -> bool {
    text.contains(['+', '=', '[', '{'])
}

/// Whether a text is an authority and a code.
fn is_code(text: &str) -> bool {
    text.contains(':') && !text.contains(char::is_whitespace)
}

/// Whether a normalized name is one of WGS84 itself.
pub(super) fn is_wgs84(plain: &str) -> bool {
    const NAMES: [&str; 10] = [
        "EPSG:4326",
        "EPSG:4979",
        "OGC:CRS84",
        "OGC:CRS84H",
        "CRS84",
        "WGS84",
        "WGS 84",
        "WGS-84",
        "WGS 1984",
        "WGS1984",
    ];
    // The words of a PROJ string for plain longitude and latitude.
    const WORDS: [&str; 8] = [
        "proj=longlat",
        "proj=latlong",
        "datum=wgs84",
        "ellps=wgs84",
        "towgs84=0,0,0",
        "towgs84=0,0,0,0,0,0,0",
        "no_defs",
        "type=crs",
    ];
    let lower = plain.to_lowercase();
    let words = || lower.split_whitespace().map(|word| word.trim_start_matches('+'));
    NAMES.iter().any(|name| name.eq_ignore_ascii_case(plain))
        || words().any(|word| word == "datum=wgs84") && words().all(|word| WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_plain_and_definitions_stay_as_they_are() {
        for (name, plain) in [
            ("epsg:32642", "EPSG:32642"),
            (" 32642 ", "EPSG:32642"),
            ("EPSG::32642", "EPSG:32642"),
            ("+init=epsg:32642", "EPSG:32642"),
            ("http://www.opengis.net/def/crs/EPSG/0/32642", "EPSG:32642"),
            ("+proj=utm +zone=42", "+proj=utm +zone=42"),
            ("proj=utm zone=42", "proj=utm zone=42"),
            ("+proj=merc", "+proj=merc"),
            ("LOCAL_CS[\"a\"]", "LOCAL_CS[\"a\"]"),
            ("{\"type\":\"x\"}", "{\"type\":\"x\"}"),
            ("Pulkovo 1942", "Pulkovo 1942"),
        ] {
            assert_eq!(plain_name(name), plain, "{name}");
        }
    }

    #[test]
    fn plain_longitude_and_latitude_is_known_in_proj_strings() {
        for name in ["wgs84", "+proj=longlat +datum=WGS84 +no_defs", "+datum=WGS84 +proj=latlong"] {
            assert!(is_wgs84(name), "{name}");
        }
        for name in [
            "+proj=longlat +datum=NAD27",
            "+proj=longlat +datum=WGS84 +pm=paris",
            "+proj=utm +zone=42 +datum=WGS84",
            "+proj=longlat",
            "",
        ] {
            assert!(!is_wgs84(name), "{name}");
        }
    }
}
