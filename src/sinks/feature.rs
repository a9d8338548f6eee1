//! The GeoJSON frame of all features: a FeatureCollection with one feature per line.

use std::io::{self, Write};

/// Appends a feature, preceded by a comma and a line break. `id` and `geometry` append their values;
/// `properties` pairs each key with a value that `push` appends.
pub(super) fn push_feature<T>(
    out: &mut Vec<u8>,
    id: Option<impl FnOnce(&mut Vec<u8>)>,
    geometry: impl FnOnce(&mut Vec<u8>),
    properties: impl Iterator<Item = (impl AsRef<[u8]>, T)>,
    push: impl Fn(&mut Vec<u8>, T),
) {
    out.extend_from_slice(b",\n{\"type\":\"Feature\",");
    if let Some(id) = id {
        out.extend_from_slice(b"\"id\":");
        id(out);
        out.push(b',');
    }
    out.extend_from_slice(b"\"geometry\":");
    geometry(out);
    out.extend_from_slice(b",\"properties\":{");
    for (at, (key, value)) in properties.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(key.as_ref());
        push(out, value);
    }
    out.extend_from_slice(b"}}");
}

/// Writes appended features; the first of all gets no comma.
pub(super) fn write_features(
    bytes: &[u8],
    first: &mut bool,
    out: &mut (impl Write + ?Sized),
) -> io::Result<()> {
    let bytes = if *first { bytes.strip_prefix(b",").unwrap_or(bytes) } else { bytes };
    *first &= bytes.is_empty();
    out.write_all(bytes)
}

/// A property's name as JSON, with its colon.
pub(super) fn key(name: &str) -> Vec<u8> {
    let mut key = Vec::new();
    push_text(&mut key, name);
    key.push(b':');
    key
}

/// Appends a text as JSON.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    // Text always serializes, and writing to memory does not fail.
    let _ = serde_json::to_writer(out, text);
}

/// Appends a list as JSON.
pub(super) fn push_list<T>(out: &mut Vec<u8>, items: &[T], mut push: impl FnMut(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        push(out, item);
    }
    out.push(b']');
}
