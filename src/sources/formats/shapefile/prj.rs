//! The reference system of a `.prj`, in Esri's well-known text. Its most common names become codes, whose
//! areas of use are known; all others are passed to PROJ unchanged.

use crate::sources::formats::DeclaredCrs;

/// The system declared by a `.prj`; `None` if it is empty.
pub(super) fn declared(text: &str) -> Option<DeclaredCrs> {
    let text =
        text.trim_start_matches('\u{feff}').trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text.is_empty() {
        return None;
    }
    Some(DeclaredCrs::Name(code_of(text).unwrap_or_else(|| text.to_owned())))
}

/// The code of a system that names its authority, or has one of Esri's names for systems on WGS84.
fn code_of(text: &str) -> Option<String> {
    let packed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(code) = authority(&packed) {
        return Some(code);
    }
    let upper = packed.to_uppercase();
    let (kind, name) = upper.split_once("[\"")?;
    let (name, rest) = name.split_once('"')?;
    let on_wgs84 = ["\"D_WGS_1984\"", "\"WGS_1984\"", "\"WGS84\""]
        .iter()
        .any(|datum| upper.contains(&format!("DATUM[{datum}")));
    let at_greenwich = upper.contains("PRIMEM[\"GREENWICH\",0") && !upper.contains("TOWGS84");
    if !(on_wgs84 && at_greenwich) {
        return None;
    }
    match kind {
        "GEOGCS" if upper.contains("UNIT[\"DEGREE\",0.01745329251") => Some("EPSG:4326".to_owned()),
        "PROJCS" => {
            let zone = name.strip_prefix("WGS_1984_UTM_ZONE_")?;
            let is_south = zone.ends_with('S');
            let number: u32 = zone.strip_suffix(['N', 'S'])?.parse().ok()?;
            let wanted = [
                ("CENTRAL_MERIDIAN", f64::from(number) * 6.0 - 183.0),
                ("FALSE_EASTING", 500_000.0),
                ("FALSE_NORTHING", if is_south { 10_000_000.0 } else { 0.0 }),
                ("SCALE_FACTOR", 0.9996),
            ];
            let fits = (1..=60).contains(&number)
                && rest.contains("PROJECTION[\"TRANSVERSE_MERCATOR\"]")
                && wanted.iter().all(|(name, value)| parameter(&upper, name) == Some(*value))
                && (rest.ends_with("UNIT[\"METER\",1.0]]") || rest.ends_with("UNIT[\"METER\",1]]"));
            fits.then(|| format!("EPSG:{}", if is_south { 32_700 } else { 32_600 } + number))
        }
        _ => None,
    }
}

/// The authority of the whole system, which comes last.
fn authority(packed: &str) -> Option<String> {
    let last = packed.strip_suffix("\"]]")?;
    let (_, last) = last.rsplit_once("AUTHORITY[\"")?;
    let (authority, code) = last.split_once("\",\"")?;
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
    (plain(authority) && plain(code)).then(|| format!("{authority}:{code}"))
}

fn parameter(upper: &str, name: &str) -> Option<f64> {
    let (_, rest) = upper.split_once(&format!("PARAMETER[\"{name}\","))?;
    rest.split_once(']')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WGS84: &str = "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",\
        6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";

    #[test]
    fn the_usual_systems_are_known_by_their_codes() {
        let code = |text: &str| code_of(text);
        assert_eq!(code(WGS84), Some("EPSG:4326".into()));
        let utm = |name: &str, meridian: &str, northing: &str| {
            format!(
                "PROJCS[\"{name}\",{WGS84},PROJECTION[\"Transverse_Mercator\"],\
                 PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"False_Northing\",{northing}],\
                 PARAMETER[\"Central_Meridian\",{meridian}],PARAMETER[\"Scale_Factor\",0.9996],\
                 PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]"
            )
        };
        assert_eq!(code(&utm("WGS_1984_UTM_Zone_29N", "-9.0", "0.0")), Some("EPSG:32629".into()));
        assert_eq!(
            code(&utm("WGS_1984_UTM_Zone_35S", "27.0", "10000000.0")),
            Some("EPSG:32735".into())
        );
        // A familiar name with other parameters.
        assert_eq!(code(&utm("WGS_1984_UTM_Zone_29N", "-15.0", "0.0")), None);
        assert_eq!(code(&utm("Local", "-9.0", "0.0")), None);
        assert_eq!(code(&WGS84.replace("WGS_1984", "Clarke_1880")), None);
        assert_eq!(code(&WGS84.replace("Greenwich\",0.0", "Paris\",2.33722917")), None);
        let ogc =
            "GEOGCS[\"NAD83\",DATUM[\"North_American_Datum_1983\"],AUTHORITY[\"EPSG\",\"4269\"]]";
        assert_eq!(code(ogc), Some("EPSG:4269".into()));
    }
}
