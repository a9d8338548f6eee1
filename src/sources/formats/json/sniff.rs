//! Detects the contents of a JSON text from its beginning.

use crate::sources::formats::geojson::coordinates::GEOMETRY_TYPES;
use crate::sources::formats::geojson::cursor::Cursor;
use crate::sources::formats::geojson::scan::has_object_a_line;

/// The arrangement of records in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sort {
    /// A list of objects.
    List,
    /// A list of objects as a member of an object, with the member's name.
    Within(String),
    /// One object per line.
    Lines,
    /// A list of lists, the first with the names.
    Rows,
    /// OpenStreetMap elements.
    Osm,
    /// ArcGIS features.
    Esri,
}

impl Sort {
    /// The name in messages.
    pub fn title(&self) -> &'static str {
        match self {
            Self::List | Self::Within(_) => "JSON records",
            Self::Lines => "JSON records, newline-delimited",
            Self::Rows => "JSON rows",
            Self::Osm => "Overpass JSON",
            Self::Esri => "Esri JSON",
        }
    }

    /// The name of the member that holds the list, if it is in an object.
    pub fn list(&self) -> Option<&str> {
        match self {
            Self::Within(name) => Some(name),
            Self::Osm => Some("elements"),
            Self::Esri => Some("features"),
            Self::List | Self::Lines | Self::Rows => None,
        }
    }
}

/// Member names under which services return their records.
const LISTS: [&str; 10] = [
    "data", "Result", "results", "result", "records", "items", "value", "rows", "events", "Results",
];

/// Detects the arrangement of records; `None` if the text is GeoJSON, or holds no records.
pub(super) fn sort_of(text: &str) -> Option<Sort> {
    let mut cursor = Cursor::new(text, 0);
    match cursor.after_blanks()? {
        b'[' => {
            cursor.next();
            match cursor.after_blanks()? {
                b'{' => (!is_geojson(&mut cursor)).then_some(Sort::List),
                b'[' => Some(Sort::Rows),
                _ => None,
            }
        }
        b'{' => of_object(&mut cursor, text),
        _ => None,
    }
}

/// Whether an object, as far as it is seen, is GeoJSON.
fn is_geojson(cursor: &mut Cursor<'_>) -> bool {
    let mut look = || {
        cursor.expect(b'{')?;
        loop {
            let key = cursor.key()?.inner;
            if key == "type" && cursor.after_blanks()? == b'"' {
                return Some(is_type(cursor.string()?.inner));
            }
            cursor.value()?;
            if cursor.next()? != b',' {
                return None;
            }
        }
    };
    look().unwrap_or(false)
}

/// Whether a type is of GeoJSON, or is nearly GeoJSON and refused as such.
fn is_type(word: &str) -> bool {
    matches!(word, "FeatureCollection" | "Feature" | "Topology") || GEOMETRY_TYPES.contains(&word)
}

fn of_object(cursor: &mut Cursor<'_>, text: &str) -> Option<Sort> {
    let mut esri = false;
    cursor.expect(b'{')?;
    if cursor.after_blanks()? == b'}' {
        return None;
    }
    loop {
        let key = cursor.key()?.inner;
        let first = cursor.after_blanks()?;
        match key {
            "type" if first == b'"' => {
                if is_type(cursor.string()?.inner) {
                    return None;
                }
            }
            "features" if first == b'[' => {
                let mut inside = Cursor::new(text, cursor.at() + 1);
                let is_feature = inside.after_blanks()? == b'{' && has_attributes(&mut inside);
                if is_feature {
                    return Some(Sort::Esri);
                }
                cursor.value()?;
            }
            "elements" if first == b'[' => return Some(Sort::Osm),
            _ if first == b'[' && LISTS.contains(&key) => {
                let mut inside = Cursor::new(text, cursor.at() + 1);
                match inside.after_blanks()? {
                    b'{' if !is_geojson(&mut inside) => return Some(Sort::Within(key.to_owned())),
                    // An empty list of records still is a response.
                    b']' => return Some(Sort::Within(key.to_owned())),
                    _ => cursor.value()?,
                }
            }
            _ => {
                esri |= matches!(key, "geometryType" | "spatialReference" | "objectIdFieldName");
                cursor.value()?;
            }
        }
        match cursor.next()? {
            b',' => {}
            _ if esri => return Some(Sort::Esri),
            _ => return has_object_a_line(text.trim_start()).then_some(Sort::Lines),
        }
    }
}

/// Whether an object has attributes, like ArcGIS features.
fn has_attributes(cursor: &mut Cursor<'_>) -> bool {
    let mut look = || {
        cursor.expect(b'{')?;
        loop {
            if cursor.key()?.inner == "attributes" {
                return Some(());
            }
            cursor.value()?;
            if cursor.next()? != b',' {
                return None;
            }
        }
    };
    look().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_by_what_holds_its_records() {
        for (text, sort) in [
            (r#"[{"a":1}]"#, Some(Sort::List)),
            (r#"[["a","b"],[1,2]]"#, Some(Sort::Rows)),
            (r#"{"status":200,"data":[{"type":"attack"}"#, Some(Sort::Within("data".into()))),
            (r#"{"data":[]}"#, Some(Sort::Within("data".into()))),
            (r#"{"version":0.6,"elements":["#, Some(Sort::Osm)),
            (r#"{"geometryType":"x","features":[{"attributes":{"#, Some(Sort::Esri)),
            (r#"{"features":[],"geometryType":"x"}"#, Some(Sort::Esri)),
            ("{\"a\":1}\n{\"a\":2}\n", Some(Sort::Lines)),
            (r#"{"a":1}"#, None),
            ("{\"type\":\"Feature\",\"a\":1}\n{\"type\":\"Feature\"}\n", None),
            (r#"[{"type":"Feature"}]"#, None),
            (r#"{"type":"FeatureCollection","features":[]}"#, None),
            (r#"{"features":[{"type":"Feature"}],"type":"FeatureCollection"}"#, None),
            (r#"{"type":"Topology","objects":{}}"#, None),
            ("id,name\n1,a\n", None),
            ("[1,2]", None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(sort_of(text), sort, "{text}");
        }
    }
}
