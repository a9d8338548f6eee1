//! What a tile says of the features of a collection.

use super::looks;
use crate::serve::collection::{Collection, Column, Values};
use fast_mvt::{MvtFeatureBuilder, MvtResult, MvtValueRef};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// What tiles say of a collection.
#[derive(Debug)]
pub struct Fields {
    /// The columns that they have.
    columns: Vec<Field>,
    /// The columns with single values that they do not have, since the collection has many.
    pub left_out: usize,
    /// The name under which they have the id of a feature.
    pub id: &'static str,
    /// The name under which they have the number of features that a point stands for.
    pub count: &'static str,
    /// Whether the ids of all features are numbers. Else a feature has its place in the collection, from 1, as its number.
    numbered: bool,
    /// The column by which one point stands for others.
    best: Option<usize>,
    /// Whether all geometries are points.
    pub has_points: bool,
}

/// A column of a tile.
#[derive(Debug)]
struct Field {
    /// Its index in the collection.
    column: usize,
    /// Whether all its numbers are whole.
    is_whole: bool,
}

/// With more columns than these a tile has only what a map needs.
const WIDE: usize = 24;

/// Columns that maps need, and the ends of the names of others.
const NEEDED: [&str; 8] = ["name", "site_id", "score", "band", "rank", "kind", "count", "date"];
const ENDS: [&str; 2] = ["_band", "_rank"];

/// The columns by which one point stands for others, the first that a collection has.
const BEST: [&str; 6] =
    ["security_score", "environment_score", "overall_score", "score", "weight", "population"];

impl Fields {
    /// What tiles say of a collection.
    pub fn of(collection: &Collection) -> Self {
        let single = |column: &Column| !matches!(column.values, Values::Other);
        let all: Vec<usize> = (0..)
            .zip(&collection.columns)
            .filter(|(_, column)| single(column))
            .map(|(at, _)| at)
            .collect();
        let is_wide = all.len() > WIDE;
        let drawn = if is_wide { looks::columns(collection) } else { Vec::new() };
        let stays = |name: &str| {
            !is_wide
                || NEEDED.contains(&name)
                || BEST.contains(&name)
                || ENDS.iter().any(|end| name.ends_with(end))
                || drawn.iter().any(|of| of == name)
        };
        let name = |at: usize| collection.columns.get(at).map_or("", |column| &column.name);
        let kept: Vec<usize> = all.iter().copied().filter(|at| stays(name(*at))).collect();
        let free = |first, second| if collection.column(first).is_none() { first } else { second };
        let is_number =
            |id: &Arc<str>| id.parse::<u64>().is_ok_and(|number| number.to_string() == **id);
        let best = BEST.iter().find_map(|of| {
            let at = collection.columns.iter().position(|column| &*column.name == *of)?;
            matches!(collection.columns.get(at)?.values, Values::Number(_)).then_some(at)
        });
        let mut geometries = collection.geometries.iter().flatten();
        Self {
            left_out: all.len() - kept.len(),
            columns: kept
                .into_iter()
                .map(|column| Field { column, is_whole: is_whole(collection, column) })
                .collect(),
            id: free("id", "feature_id"),
            count: free("count", "point_count"),
            numbered: collection.ids.iter().all(is_number),
            best,
            has_points: geometries.all(|of| matches!(of, geo_types::Geometry::Point(_))),
        }
    }

    /// The column by which one point stands for others.
    pub fn best<'a>(&self, collection: &'a Collection) -> Option<&'a Column> {
        collection.columns.get(self.best?)
    }

    /// The names of the columns of a tile.
    pub fn names<'a>(&'a self, collection: &'a Collection) -> impl Iterator<Item = &'a str> {
        let columns = self.columns.iter().filter_map(|of| collection.columns.get(of.column));
        columns.map(|column| &*column.name)
    }

    /// The number of a feature.
    fn number(&self, collection: &Collection, index: usize) -> Option<u64> {
        match self.numbered {
            true => collection.ids.get(index)?.parse().ok(),
            false => u64::try_from(index + 1).ok(),
        }
    }

    /// Writes what a tile says of a feature.
    ///
    /// # Errors
    /// A tile that has more values than the format can count.
    pub fn write(
        &self,
        feature: &mut MvtFeatureBuilder,
        collection: &Collection,
        index: usize,
        count: Option<u32>,
    ) -> MvtResult<()> {
        feature.id(self.number(collection, index));
        if let Some(id) = collection.ids.get(index) {
            feature.tag_ref(self.id, MvtValueRef::String(id))?;
        }
        if let Some(count) = count {
            feature.tag_ref(self.count, MvtValueRef::UInt(count.into()))?;
        }
        for field in &self.columns {
            let Some(column) = collection.columns.get(field.column) else { continue };
            let text;
            let value = match &column.values {
                Values::Text { .. } => column.values.text(index).map(|of| MvtValueRef::String(of)),
                Values::Number(_) => column.values.number(index).map(|of| match field.is_whole {
                    true => MvtValueRef::SInt(whole(of)),
                    false => MvtValueRef::Double(of),
                }),
                Values::Flag(flags) => flags.get(index).copied().flatten().map(MvtValueRef::Bool),
                Values::Date(days) => {
                    text = days.get(index).copied().flatten().map(|day| day.to_string());
                    text.as_deref().map(MvtValueRef::String)
                }
                Values::Moment(moments) => {
                    text = moments.get(index).copied().flatten().map(|moment| moment.to_string());
                    text.as_deref().map(MvtValueRef::String)
                }
                Values::Other => None,
            };
            if let Some(value) = value {
                feature.tag_ref(&column.name, value)?;
            }
        }
        Ok(())
    }

    /// The fields of a tile with what they mean, for TileJSON.
    pub fn described(&self, collection: &Collection) -> Map<String, Value> {
        self.each(collection, |_, about| json!(about))
    }

    /// The fields of a tile with their types, as the properties of a JSON Schema.
    pub fn schema(&self, collection: &Collection) -> Map<String, Value> {
        self.each(collection, |of, about| json!({"type": of, "description": about}))
    }

    /// Something of each field, by its type and what it means.
    fn each(
        &self,
        collection: &Collection,
        of: impl Fn(&str, &str) -> Value,
    ) -> Map<String, Value> {
        let mut all = Map::new();
        all.insert(self.id.into(), of("string", "The id of the feature in its collection"));
        if self.has_points {
            let about = match self.best(collection) {
                Some(best) => format!(
                    "The number of features that the point stands for; it is the one of them with the highest {}",
                    best.name
                ),
                None => "The number of features that the point stands for".to_owned(),
            };
            all.insert(self.count.into(), of("integer", &about));
        }
        for field in &self.columns {
            let Some(column) = collection.columns.get(field.column) else { continue };
            let kind = match &column.values {
                Values::Number(_) if field.is_whole => "integer",
                Values::Number(_) => "number",
                Values::Flag(_) => "boolean",
                _ => "string",
            };
            let mut about = match column.about.is_empty() {
                true => kind.to_owned(),
                false => column.about.to_string(),
            };
            if let Some(unit) = &column.unit {
                about += &format!(", in {unit}");
            }
            all.insert(column.name.to_string(), of(kind, &about));
        }
        all
    }
}

/// Whether all numbers of a column are whole and small enough to be the same as floats.
fn is_whole(collection: &Collection, column: usize) -> bool {
    let most = 9_007_199_254_740_992.0;
    match collection.columns.get(column).map(|column| &column.values) {
        Some(Values::Number(numbers)) => numbers
            .iter()
            .filter(|number| !number.is_nan())
            .all(|number| number.fract() == 0.0 && number.abs() <= most),
        _ => false,
    }
}

/// A whole number of a column of such numbers.
#[expect(clippy::cast_possible_truncation, reason = "at most 2⁵³, by `is_whole`")]
fn whole(number: f64) -> i64 {
    number as i64
}
