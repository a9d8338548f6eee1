//! Reads one feature of a GeoJSON text as a record, and notes its oddities.

use super::coordinates::{
    GEOMETRY_TYPES, join, nearest_name, note_bad_bbox, note_more, read_geometry,
};
use super::cursor::Cursor;
use super::members::{Kind, Members, excerpt};
use super::plain;
use super::value::cell;
use crate::model::{Place, Value};
use crate::sources::formats::header::Columns;
use crate::sources::formats::notes::Notes;
use crate::sources::formats::record::{Cell, Geometry, Written};
use std::sync::Arc;

/// Members that RFC 7946, section 7.1, forbids in a feature.
const FOREIGN: [&str; 3] = ["coordinates", "geometries", "features"];

/// A feature that cannot become a record.
pub(super) struct NoFeature {
    pub field: Option<String>,
    pub value: Option<String>,
    pub why: String,
}

/// Reads the feature at the cursor, and moves to its end.
pub(super) fn read_feature<'r, 't>(
    cursor: &mut Cursor<'t>,
    feature: u64,
    alone: bool,
    columns: &mut Arc<Columns>,
    cells: &'r mut Vec<Cell<'t>>,
    notes: &mut Notes,
) -> Result<Written<'r, 't>, NoFeature> {
    let start = cursor.at();
    if let Some(plain) = plain::feature(cursor, columns, cells) {
        if plain.more {
            note_more(notes);
        }
        let (place, id, geometry) = (Place::Feature(feature), plain.id, plain.geometry);
        return Ok(Written { place, id, cells, geometry });
    }
    cursor.go_to(start);
    cells.clear();
    // The whole text is known to be valid JSON, so this cannot fail.
    let _ = cursor.value();
    let raw = cursor.slice(start..cursor.at()).unwrap_or_default();
    record_of(raw, feature, alone, Arc::make_mut(columns), cells, notes)
}

/// Splits a feature into its parts, and notes its oddities.
fn record_of<'r, 't>(
    raw: &'t str,
    feature: u64,
    alone: bool,
    columns: &mut Columns,
    cells: &'r mut Vec<Cell<'t>>,
    notes: &mut Notes,
) -> Result<Written<'r, 't>, NoFeature> {
    let refuse = |field: Option<&str>, raw: &str, why: String| NoFeature {
        field: field.map(str::to_owned),
        value: Some(excerpt(raw)),
        why,
    };
    let kind = Kind::of(raw);
    if kind != Kind::Object {
        return Err(refuse(None, raw, format!("is {}; expected a Feature", kind.words())));
    }
    let members =
        Members::of(raw).map_err(|error| refuse(None, raw, format!("cannot be read: {error}")))?;
    let Some(given) = members.get("type") else {
        return Err(refuse(None, raw, "has no \"type\"; expected a Feature".to_owned()));
    };
    let place = Place::Feature(feature);
    match members.text("type") {
        Some(kind) if kind == "Feature" => {}
        Some(kind) if alone && GEOMETRY_TYPES.contains(&kind.as_str()) => {
            let geometry = read_geometry(raw, "", notes);
            return Ok(Written { place, id: None, cells, geometry });
        }
        Some(kind) => {
            let why = match nearest_name(&kind, &["Feature"]) {
                Some(near) => format!("is not the type of a feature; did it mean {near}"),
                None => "is not the type of a feature; expected Feature".to_owned(),
            };
            return Err(refuse(Some("type"), &kind, why));
        }
        None => {
            let why = format!("is {}; expected Feature", Kind::of(given).words());
            return Err(refuse(Some("type"), given, why));
        }
    }
    for name in &members.repeated {
        notes.add(name.clone(), "occurs twice; the last one counts");
    }
    for name in FOREIGN.into_iter().filter(|name| members.get(name).is_some()) {
        let why = "has no place in a feature (RFC 7946, section 7.1); ignored";
        notes.add(name.to_owned(), why);
    }
    if let Some(bbox) = members.get("bbox") {
        note_bad_bbox(bbox, "", notes);
    }
    let id = read_id(&members, notes);
    let geometry = match members.get("geometry") {
        Some(raw) => read_geometry(raw, "geometry", notes),
        None => {
            notes.add("geometry".to_owned(), "is missing; taken as null");
            Geometry::None
        }
    };
    read_properties(members.get("properties"), columns, cells, notes);
    Ok(Written { place, id, cells, geometry })
}

/// The feature's id: a text or a number.
fn read_id<'t>(members: &Members<'t>, notes: &mut Notes) -> Option<Cell<'t>> {
    let raw = members.get("id")?;
    match (Kind::of(raw), cell(raw)) {
        (Kind::Text | Kind::Number, Ok(value)) => Some(value),
        (Kind::Null, _) => None,
        _ => {
            let why = "is not an id, which is a text or a number; ignored";
            notes.add_value("id".to_owned(), excerpt(raw), why);
            None
        }
    }
}

/// Reads the properties, each into its column; new names become columns.
fn read_properties<'t>(
    raw: Option<&'t str>,
    columns: &mut Columns,
    cells: &mut Vec<Cell<'t>>,
    notes: &mut Notes,
) {
    let Some(raw) = raw else {
        return notes.add("properties".to_owned(), "is missing; taken as null");
    };
    match Kind::of(raw) {
        Kind::Null => return,
        Kind::Object => {}
        _ => {
            let why = "is not an object; taken as null";
            return notes.add_value("properties".to_owned(), excerpt(raw), why);
        }
    }
    let Ok(members) = Members::of(raw) else {
        let why = "has a name with an escape that is not a character; taken as null";
        return notes.add_value("properties".to_owned(), excerpt(raw), why);
    };
    for name in &members.repeated {
        notes.add(join("properties", name), "occurs twice; the last one counts");
    }
    cells.resize(columns.len(), Cell::Value(Value::Missing));
    for (at, (name, raw)) in members.list.iter().enumerate() {
        // The features of a file usually have the same properties in the same order.
        let column = match columns.names().get(at) {
            Some(same) if **same == **name => at,
            _ => columns.place_of(name),
        };
        let value = cell(raw).unwrap_or_else(|why| {
            notes.add_value(join("properties", name), excerpt(raw), why);
            Cell::Value(Value::Missing)
        });
        if column >= cells.len() {
            cells.resize(column + 1, Cell::Value(Value::Missing));
        }
        if let Some(cell) = cells.get_mut(column) {
            *cell = value;
        }
    }
}
