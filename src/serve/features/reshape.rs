//! Features with other geometries or fewer properties than the collection has.

use super::crs::System;
use super::sort::column;
use crate::serve::collection::{Collection, Column};
use crate::serve::problem::{Kind, Problem};
use crate::serve::routes::Asked;
use bytes::Bytes;
use geo::MapCoords;
use geo_types::{Coord, Geometry};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// What is changed of each feature.
pub struct Reshape<'a> {
    collection: &'a Collection,
    /// The properties that are kept; `None` for all.
    properties: Option<Vec<&'a Column>>,
    /// Whether geometries are written in another system.
    moved: bool,
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
    #[serde(borrow)]
    properties: Option<&'a RawValue>,
}

impl<'a> Reshape<'a> {
    /// What a request changes.
    ///
    /// # Errors
    /// A property that the collection does not have.
    pub fn of(
        asked: &'a Asked<'_>,
        collection: &'a Collection,
        system: &System,
    ) -> Result<Self, Problem> {
        let mut columns: Vec<&Column> = Vec::new();
        let names = asked.values.words("properties");
        for (position, name) in (1..).zip(names) {
            // The id is always there.
            if name == "id" && collection.column(name).is_none() {
                continue;
            }
            let found = column(collection, "properties", position, name)?;
            // A name that is given twice is one property.
            if !columns.iter().any(|known| known.name == found.name) {
                columns.push(found);
            }
        }
        let properties = (!names.is_empty()).then_some(columns);
        Ok(Self { collection, properties, moved: !system.is_crs84() })
    }

    /// Whether nothing is changed.
    pub fn is_none(&self) -> bool {
        self.properties.is_none() && !self.moved
    }

    /// The columns that features keep.
    pub fn columns(&self) -> impl Iterator<Item = &'a Column> {
        let all = self.properties.is_none().then_some(&self.collection.columns);
        all.into_iter().flatten().chain(self.properties.iter().flatten().copied())
    }

    /// A feature with its changes.
    ///
    /// # Errors
    /// A position that the system does not have.
    pub fn feature(&self, index: usize, system: &System) -> Result<Bytes, Problem> {
        let bytes = self.collection.feature(index);
        if self.is_none() {
            return Ok(bytes);
        }
        let damaged = |_| Problem::new(Kind::Internal, "a feature cannot be read");
        let feature: Feature<'_> = serde_json::from_slice(&bytes).map_err(damaged)?;
        let id = feature.id.map_or("null", RawValue::get);
        let raw = feature.geometry.map_or("null", RawValue::get);
        let geometry = self.collection.geometries.get(index).and_then(Option::as_ref);
        let moved = geometry.filter(|_| self.moved).map(|geometry| {
            moved(geometry, system).ok_or_else(|| {
                let id = self.collection.ids.get(index).map_or("", |id| &**id);
                let detail =
                    format!("crs: the feature {id:?} lies where the system has no coordinates");
                Problem::bad_value("crs", detail)
                    .with("hint", "ask for a part of the collection with bbox")
            })
        });
        let moved = moved.transpose()?;
        let geometry = moved.as_deref().unwrap_or(raw);
        let all = feature.properties.map_or("null", RawValue::get);
        let some = self.properties.as_ref().map(|columns| properties(all, columns));
        let properties = some.as_deref().unwrap_or(all);
        Ok(format!(
            "{{\"type\":\"Feature\",\"id\":{id},\"geometry\":{geometry},\"properties\":{properties}}}"
        )
        .into())
    }
}

/// A geometry in a system, as GeoJSON.
fn moved(geometry: &Geometry<f64>, system: &System) -> Option<String> {
    let pair = |at: Coord<f64>| system.pair(at.x, at.y).map(Coord::from).ok_or(());
    let moved = geometry.try_map_coords(pair).ok()?;
    serde_json::to_string(&geojson::Geometry::from(&moved)).ok()
}

/// Some members of an object as they are written, in the order of the columns.
fn properties(raw: &str, columns: &[&Column]) -> String {
    let all: HashMap<String, &RawValue> = serde_json::from_str(raw).unwrap_or_default();
    let mut text = String::from("{");
    for (at, column) in columns.iter().enumerate() {
        let value = all.get(&*column.name).map_or("null", |value| value.get());
        let between = if at > 0 { "," } else { "" };
        text += &format!("{between}{}:{value}", serde_json::Value::from(&*column.name));
    }
    text + "}"
}
