//! Makes a collection from GeoJSON: the layers of a run and any other FeatureCollection.

use super::{BETWEEN, Collection, Column, Times, Values, cut};
use crate::layers::{self, Layer};
use crate::sinks;
use crate::{Code, Error, Result};
use bytes::Bytes;
use geo::BoundingRect;
use geo_types::Geometry;
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

#[derive(Deserialize)]
struct Whole<'a> {
    #[serde(borrow)]
    features: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Feature<'a> {
    id: Option<Value>,
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
    properties: Option<Map<String, Value>>,
}

/// What is kept of a feature.
struct Kept {
    id: Option<String>,
    geometry: Option<Geometry<f64>>,
    properties: Map<String, Value>,
}

impl Collection {
    /// The features of a layer under a name, with the bytes that its GeoJSON file has.
    ///
    /// # Errors
    /// A layer that cannot be written.
    pub fn of_layer(layer: &Layer<'_>, name: &str, about: &str) -> Result<Self> {
        let mut text = Vec::new();
        sinks::geojson::write(layer, &mut text)
            .map_err(|error| Error::output(Code::OutputFailed, format!("{name}: {error}")))?;
        Self::read(name, about, &text, layer.columns())
    }

    /// The features of a GeoJSON text; `known` describes columns, of which it may have others.
    ///
    /// # Errors
    /// No FeatureCollection; a geometry that cannot be read.
    pub fn read(name: &str, about: &str, text: &[u8], known: &[layers::Column]) -> Result<Self> {
        let refuse = |why: String| Error::data(Code::FileDamaged, format!("{name}: {why}"));
        let whole: Whole<'_> =
            serde_json::from_slice(text).map_err(|error| refuse(error.to_string()))?;
        let one = |(index, raw): (usize, &&RawValue)| {
            kept(raw.get()).map_err(|why| refuse(format!("feature {}: {why}", index + 1)))
        };
        let kept: Vec<Kept> =
            whole.features.par_iter().enumerate().map(one).collect::<Result<_>>()?;

        let mut bytes = Vec::with_capacity(text.len());
        let (mut starts, mut ids) = (vec![0], Vec::new());
        let mut by_id = HashMap::new();
        for (index, (raw, one)) in whole.features.iter().zip(&kept).enumerate() {
            let id = match &one.id {
                Some(id) if !by_id.contains_key(id) => {
                    bytes.extend_from_slice(raw.get().as_bytes());
                    id.clone()
                }
                // A feature without an id of its own gets its number in the file.
                _ => {
                    let id = (index + 1).to_string();
                    bytes.extend_from_slice(&numbered(raw.get(), &id));
                    id
                }
            };
            bytes.extend_from_slice(BETWEEN);
            starts.push(bytes.len());
            by_id.insert(id.clone(), index);
            ids.push(id);
        }
        let boxed = |(index, one): (usize, &Kept)| {
            let rect = one.geometry.as_ref()?.bounding_rect()?;
            let corners = Rectangle::from_corners(rect.min().into(), rect.max().into());
            Some(GeomWithData::new(corners, index))
        };
        let tree = RTree::bulk_load(kept.iter().enumerate().filter_map(boxed).collect());
        let columns = columns(&kept, known);
        Ok(Self {
            name: name.to_owned(),
            about: about.to_owned(),
            geometry_type: geometry_type(&kept),
            times: Times::of(&columns, kept.len()),
            columns,
            geometries: kept.into_iter().map(|one| one.geometry).collect(),
            bytes: Bytes::from(bytes),
            starts,
            ids,
            by_id,
            names: OnceLock::new(),
            fields: OnceLock::new(),
            id: OnceLock::new(),
            tree,
        })
    }
}

fn kept(raw: &str) -> std::result::Result<Kept, String> {
    let feature: Feature<'_> = serde_json::from_str(raw).map_err(|error| error.to_string())?;
    let geometry = match feature.geometry.map(RawValue::get).filter(|text| *text != "null") {
        None => None,
        Some(text) => {
            let read: geojson::Geometry =
                serde_json::from_str(text).map_err(|error| error.to_string())?;
            let read = Geometry::try_from(read).map_err(|error| error.to_string())?;
            // One that cannot be cut is kept as it is: it is shown, though not where it should be.
            Some(cut(read.clone()).unwrap_or(read))
        }
    };
    let id = match feature.id {
        Some(Value::String(text)) => Some(text),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    Ok(Kept { id, geometry, properties: feature.properties.unwrap_or_default() })
}

/// A feature with an id in front, and without another one.
fn numbered(raw: &str, id: &str) -> Vec<u8> {
    let mut members: Map<String, Value> = serde_json::from_str(raw).unwrap_or_default();
    members.shift_remove("id");
    let mut whole = Map::new();
    whole.insert("type".into(), "Feature".into());
    whole.insert("id".into(), id.into());
    whole.extend(members);
    serde_json::to_vec(&whole).unwrap_or_default()
}

/// The GeoJSON type that all geometries have.
fn geometry_type(kept: &[Kept]) -> Option<&'static str> {
    let mut types = kept.iter().filter_map(|one| one.geometry.as_ref()).map(|of| match of {
        Geometry::Point(_) => "Point",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::Line(_) | Geometry::LineString(_) => "LineString",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "Polygon",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        Geometry::GeometryCollection(_) => "GeometryCollection",
    });
    let first = types.next()?;
    types.all(|other| other == first).then_some(first)
}

/// The columns of all features, in the order in which they first occur.
fn columns(kept: &[Kept], known: &[layers::Column]) -> Vec<Column> {
    // Descriptions may be of more columns than a file has.
    let occurs =
        |name: &str| kept.is_empty() || kept.iter().any(|one| one.properties.contains_key(name));
    let mut names: Vec<&str> =
        known.iter().map(|column| &*column.name).filter(|name| occurs(name)).collect();
    let mut seen: std::collections::HashSet<&str> = names.iter().copied().collect();
    for one in kept {
        for name in one.properties.keys() {
            if seen.insert(name) {
                names.push(name);
            }
        }
    }
    let column = |name: &&str| {
        let values: Vec<Option<&Value>> =
            kept.iter().map(|one| one.properties.get(*name)).collect();
        let described = known.iter().find(|column| &*column.name == *name);
        Column {
            name: (*name).into(),
            unit: described.and_then(|column| column.unit).map(Arc::from),
            about: described.map_or_else(|| "".into(), |column| Arc::clone(&column.about)),
            values: Values::of(&values, described.map(|column| column.kind)),
        }
    };
    names.par_iter().map(column).collect()
}
