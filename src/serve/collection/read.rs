//! Makes a collection from GeoJSON: the layers of a run and any other FeatureCollection.

use super::building::{Building, Texts};
use super::cells::{Cell, Names, Properties};
use super::{BETWEEN, Collection, Column, Times, cut};
use crate::layers::{self, Layer};
use crate::sinks;
use crate::{Code, Error, Result};
use bytes::Bytes;
use geo::BoundingRect;
use geo_types::{Geometry, Point};
use hashbrown::HashMap;
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::sync::{Arc, OnceLock};

/// Features that are read together; only these are in memory as cells.
const TOGETHER: usize = 4096;

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
    #[serde(borrow)]
    properties: Option<&'a RawValue>,
}

/// A feature as it is read.
struct Read<'a> {
    id: Option<String>,
    geometry: Option<Geometry<f64>>,
    properties: Properties<'a>,
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
        Self::read(name, about, text, layer.columns())
    }

    /// The features of a GeoJSON text; `known` describes columns, of which it may have others.
    ///
    /// # Errors
    /// No FeatureCollection; a geometry that cannot be read.
    pub fn read(
        name: &str,
        about: &str,
        text: impl Into<Bytes>,
        known: &[layers::Column],
    ) -> Result<Self> {
        let refuse = |why: String| Error::data(Code::FileDamaged, format!("{name}: {why}"));
        let text: Bytes = text.into();
        let whole: Whole<'_> =
            serde_json::from_slice(&text).map_err(|error| refuse(error.to_string()))?;
        let mut columns = Columns::new(known);
        let mut geometries = Vec::with_capacity(whole.features.len());
        let mut given = Vec::with_capacity(whole.features.len());
        for (number, raws) in whole.features.chunks(TOGETHER).enumerate() {
            let read = raws.par_iter().enumerate().map(|(index, raw)| {
                let feature = number * TOGETHER + index + 1;
                read(raw.get(), &columns.names)
                    .map_err(|why| refuse(format!("feature {feature}: {why}")))
            });
            let mut features: Vec<Read<'_>> = read.collect::<Result<_>>()?;
            columns.take(&mut features);
            for Read { id, geometry, .. } in features {
                given.push(id);
                geometries.push(geometry);
            }
        }
        let Told { bytes, starts, ids, by_id } = told(&text, &whole.features, given);
        let columns = columns.finish();
        Ok(Self {
            name: name.to_owned(),
            about: about.to_owned(),
            geometry_type: geometry_type(&geometries),
            times: Times::of(&columns, geometries.len()),
            tree: tree(&geometries),
            columns,
            geometries,
            bytes,
            starts,
            ids,
            by_id,
            names: OnceLock::new(),
            fields: OnceLock::new(),
            id: OnceLock::new(),
        })
    }

    /// The ids as a column.
    pub(super) fn ids_as_column(&self) -> Column {
        let mut texts = Texts::default();
        self.ids.iter().for_each(|id| texts.push(id));
        Column {
            name: "id".into(),
            unit: None,
            about: "Id of the feature".into(),
            values: texts.finish(),
        }
    }
}

fn read<'a>(raw: &'a str, names: &Names) -> std::result::Result<Read<'a>, String> {
    let feature: Feature<'a> = serde_json::from_str(raw).map_err(|error| error.to_string())?;
    let geometry = match feature.geometry.map(RawValue::get).filter(|text| *text != "null") {
        None => None,
        Some(text) => {
            let read = geometry(text)?;
            // One that cannot be cut is kept as it is: it is shown, though not where it should be.
            Some(cut(read.clone()).unwrap_or(read))
        }
    };
    let id = match feature.id {
        Some(Value::String(text)) => Some(text),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let properties = feature.properties.map(|text| Properties::read(text.get(), names));
    let properties = properties.transpose().map_err(|error| error.to_string())?;
    Ok(Read { id, geometry, properties: properties.unwrap_or_default() })
}

/// A geometry of GeoJSON. Most are points, which take the short way.
fn geometry(text: &str) -> std::result::Result<Geometry<f64>, String> {
    #[derive(Deserialize)]
    struct AsPoint<'a> {
        #[serde(rename = "type", borrow)]
        kind: &'a str,
        coordinates: [f64; 2],
    }
    if let Ok(AsPoint { kind: "Point", coordinates: [lon, lat] }) = serde_json::from_str(text) {
        return Ok(Point::new(lon, lat).into());
    }
    let read: geojson::Geometry = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Geometry::try_from(read).map_err(|error| error.to_string())
}

/// The text of the features, and their ids.
struct Told {
    bytes: Bytes,
    starts: Vec<usize>,
    ids: Vec<Arc<str>>,
    by_id: HashMap<Arc<str>, usize>,
}

/// Gives each feature an id: its own, or its number in the file if it has none that no other has. The text is taken as it is
/// if it needs no change, as that of a layer.
fn told(text: &Bytes, raws: &[&RawValue], given: Vec<Option<String>>) -> Told {
    let mut ids: Vec<Arc<str>> = Vec::with_capacity(raws.len());
    let mut by_id = HashMap::with_capacity(raws.len());
    let mut renumbered = vec![false; raws.len()];
    for ((index, id), renumbered) in given.into_iter().enumerate().zip(&mut renumbered) {
        let own = id.filter(|id| !by_id.contains_key(id.as_str()));
        *renumbered = own.is_none();
        let id: Arc<str> = own.unwrap_or_else(|| (index + 1).to_string()).into();
        by_id.insert(Arc::clone(&id), index);
        ids.push(id);
    }
    if let Some((bytes, starts)) = as_it_is(text, raws).filter(|_| !renumbered.contains(&true)) {
        return Told { bytes, starts, ids, by_id };
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut starts = vec![0];
    for ((raw, id), renumbered) in raws.iter().zip(&ids).zip(renumbered) {
        if renumbered {
            bytes.extend_from_slice(&numbered(raw.get(), id));
        } else {
            bytes.extend_from_slice(raw.get().as_bytes());
        }
        bytes.extend_from_slice(BETWEEN);
        starts.push(bytes.len());
    }
    Told { bytes: bytes.into(), starts, ids, by_id }
}

/// The text of all features and where each begins, if it has nothing between them but a comma and a line break.
fn as_it_is(text: &Bytes, raws: &[&RawValue]) -> Option<(Bytes, Vec<usize>)> {
    let begin = |raw: &RawValue| (raw.get().as_ptr() as usize).checked_sub(text.as_ptr() as usize);
    let first = begin(raws.first()?)?;
    let mut starts = Vec::with_capacity(raws.len() + 1);
    let mut end = first;
    for raw in raws {
        let at = begin(raw)?;
        if at != first && text.get(end..at)? != BETWEEN {
            return None;
        }
        starts.push(at - first);
        end = at + raw.get().len();
    }
    starts.push(end - first + BETWEEN.len());
    Some((text.slice(first..end), starts))
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

fn tree(geometries: &[Option<Geometry<f64>>]) -> RTree<GeomWithData<Rectangle<[f64; 2]>, usize>> {
    let boxed = |(index, geometry): (usize, &Option<Geometry<f64>>)| {
        let rect = geometry.as_ref()?.bounding_rect()?;
        let corners = Rectangle::from_corners(rect.min().into(), rect.max().into());
        Some(GeomWithData::new(corners, index))
    };
    RTree::bulk_load(geometries.iter().enumerate().filter_map(boxed).collect())
}

/// The GeoJSON type that all geometries have.
fn geometry_type(geometries: &[Option<Geometry<f64>>]) -> Option<&'static str> {
    let mut types = geometries.iter().flatten().map(|of| match of {
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

/// The columns of all features: those that are described, then others in the order in which they first occur.
struct Columns<'k> {
    known: &'k [layers::Column],
    names: Names,
    building: Vec<Building>,
    features: usize,
}

impl<'k> Columns<'k> {
    fn new(known: &'k [layers::Column]) -> Self {
        let mut names = Names::default();
        let mut building: Vec<Building> = Vec::new();
        for column in known {
            if names.place(&column.name) == building.len() {
                building.push(Building::new(Some(column.kind), 0));
            }
        }
        Self { known, names, building, features: 0 }
    }

    /// Takes the cells of the next features.
    fn take(&mut self, features: &mut [Read<'_>]) {
        for Read { properties, .. } in features.iter_mut() {
            for (name, cell) in std::mem::take(&mut properties.more) {
                let place = self.names.place(&name);
                if place == self.building.len() {
                    self.building.push(Building::new(None, self.features));
                }
                if properties.cells.len() <= place {
                    properties.cells.resize(place + 1, Cell::Absent);
                }
                if let Some(of_name) = properties.cells.get_mut(place) {
                    *of_name = cell;
                }
            }
        }
        self.features += features.len();
        self.building.par_iter_mut().enumerate().for_each(|(place, column)| {
            for Read { properties, .. } in &*features {
                column.take(properties.cells.get(place).unwrap_or(&Cell::Absent));
            }
        });
    }

    fn finish(self) -> Vec<Column> {
        // Descriptions may be of more columns than a file has.
        let none = self.features == 0;
        let column = |(name, building): (&Arc<str>, Building)| {
            let described = self.known.iter().find(|column| column.name == *name);
            (none || building.occurs).then(|| Column {
                name: Arc::clone(name),
                unit: described.and_then(|column| column.unit).map(Arc::from),
                about: described.map_or_else(|| "".into(), |column| Arc::clone(&column.about)),
                values: building.finish(),
            })
        };
        let all: Vec<Option<Column>> =
            self.names.order().par_iter().zip(self.building).map(column).collect();
        all.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Values;
    use super::*;
    use crate::layers::ColumnKind;

    fn described(name: &str, kind: ColumnKind) -> layers::Column {
        layers::Column { name: name.into(), kind, unit: None, about: "".into() }
    }

    fn collection(features: &[String], between: &str, known: &[layers::Column]) -> Collection {
        let whole =
            format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(between));
        Collection::read("made", "", whole, known).expect("a collection")
    }

    #[test]
    fn a_column_that_comes_late_is_missing_before() {
        let point = r#""geometry":{"type":"Point","coordinates":[1,2]}"#;
        let last = TOGETHER + 1;
        let feature = |number: usize| {
            let more = if number == last { r#","late":"2024-05-01""# } else { "" };
            format!(
                r#"{{"type":"Feature","id":"{number}",{point},"properties":{{"a":{number}{more}}}}}"#
            )
        };
        let features: Vec<String> = (0..=last).map(feature).collect();
        let known = [described("never", ColumnKind::Flag), described("a", ColumnKind::Text)];
        let made = collection(&features, ",\n", &known);
        let names: Vec<&str> = made.columns.iter().map(|column| &*column.name).collect();
        assert_eq!(names, ["a", "late"], "a described column that no feature has is left out");
        // Described as texts, but all are numbers.
        assert!(matches!(made.columns[0].values, Values::Other));
        let Values::Date(days) = &made.columns[1].values else { panic!("{:?}", made.columns[1]) };
        assert_eq!(days.len(), last + 1);
        assert!(days[..last].iter().all(Option::is_none) && days[last].is_some());
        assert_eq!(made.feature(last), features[last].as_bytes());
        assert_eq!(made.run(1, 3), format!("{},\n{}", features[1], features[2]).as_bytes());
    }

    #[test]
    fn values_keep_their_kinds_and_the_last_of_two_counts() {
        let features = [
            r#"{"type":"Feature","geometry":null,"properties":{"n":1,"n":2.5,"t":"b\u0061","m":1,"f":true,"l":[1,{"x":2}]}}"#,
            r#"{"type":"Feature","id":7,"geometry":null,"properties":null}"#,
            r#"{"type":"Feature","id":"7","geometry":null,"properties":{"n":null,"t":"a","m":"x","f":false}}"#,
        ]
        .map(str::to_owned);
        let made = collection(
            &features,
            " , ",
            &[described("n", ColumnKind::Number(layers::Digits::All))],
        );
        let of = |name: &str| &made.column(name).expect(name).values;
        assert_eq!(of("n").number(0), Some(2.5));
        assert_eq!((of("n").number(1), of("n").number(2)), (None, None));
        let Values::Text { words, of: places } = of("t") else { panic!("{:?}", of("t")) };
        assert_eq!(words.iter().map(|word| &**word).collect::<Vec<_>>(), ["a", "ba"]);
        assert_eq!(*places, [1, super::super::NONE, 0]);
        assert!(matches!((of("m"), of("l")), (Values::Other, Values::Other)));
        assert!(
            matches!(of("f"), Values::Flag(flags) if *flags == [Some(true), None, Some(false)])
        );
        // Without an id, or with one that is taken, a feature gets its number.
        assert_eq!(made.ids.iter().map(|id| &**id).collect::<Vec<_>>(), ["1", "7", "3"]);
        assert_eq!(made.with_id("3"), Some(2));
        let third: serde_json::Value = serde_json::from_slice(&made.feature(2)).expect("a feature");
        assert_eq!(third["id"], "3");
    }
}
