//! The features of a layer as values of the `geojson` crate, without an intermediate file.

use super::rounded::{Drawn, integer, number};
use crate::layers::{Feature, Layer, Property};
use geojson::feature::Id;
use geojson::{GeometryValue, JsonObject, JsonValue, Position};

impl Layer<'_> {
    /// The features of the layer as values of the `geojson` crate, with exactly the values that its files have:
    /// positions with seven decimals, numbers with their digits, days as texts, missing values as null.
    ///
    /// ```
    /// use tamarisk::earth::Position;
    /// use tamarisk::layers::{Layer, Table};
    ///
    /// let table = Table::new().text("name", "What it is called", |name: &&str| Some((*name).to_owned()));
    /// let at = Position::from_degrees(66.9, 30.2).ok_or("not on Earth")?;
    /// let layer = Layer::points("mines", table, 1, move |_| Some(("a".to_owned(), at, "North pit")));
    ///
    /// let features: Vec<geojson::Feature> = layer.features().collect();
    /// assert_eq!(features[0].property("name"), Some(&"North pit".into()));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn features(&self) -> impl Iterator<Item = geojson::Feature> {
        (0..self.len()).filter_map(|at| self.feature(at)).map(|feature| self.as_geojson(feature))
    }

    fn as_geojson(&self, feature: Feature<'_>) -> geojson::Feature {
        let Feature { id, geometry, properties } = feature;
        let values = properties.into_iter().map(value);
        let properties: JsonObject =
            self.column_names().map(|name| name.to_string()).zip(values).collect();
        geojson::Feature {
            bbox: None,
            geometry: Some(geojson::Geometry::new(geometry_of(Drawn::of(&geometry)))),
            id: Some(Id::String(id)),
            properties: Some(properties),
            foreign_members: None,
        }
    }
}

fn value(property: Property) -> JsonValue {
    match property {
        Property::Missing => JsonValue::Null,
        Property::Text(text) => text.into(),
        Property::Number(of, digits) => match integer(of, digits) {
            Some(whole) => whole.into(),
            None => number(of, digits).map_or(JsonValue::Null, Into::into),
        },
        Property::Flag(flag) => flag.into(),
        Property::Date(date) => date.to_string().into(),
    }
}

fn geometry_of(drawn: Drawn) -> GeometryValue {
    let path = |path: Vec<[f64; 2]>| path.into_iter().map(Position::from).collect::<Vec<_>>();
    let paths = |all: Vec<Vec<[f64; 2]>>| all.into_iter().map(path).collect::<Vec<_>>();
    match drawn {
        Drawn::Point(position) => GeometryValue::Point { coordinates: position.into() },
        Drawn::Points(all) => GeometryValue::MultiPoint { coordinates: path(all) },
        Drawn::Line(line) => GeometryValue::LineString { coordinates: path(line) },
        Drawn::Lines(lines) => GeometryValue::MultiLineString { coordinates: paths(lines) },
        Drawn::Polygon(rings) => GeometryValue::Polygon { coordinates: paths(rings) },
        Drawn::Polygons(all) => {
            GeometryValue::MultiPolygon { coordinates: all.into_iter().map(paths).collect() }
        }
        Drawn::Collection(all) => GeometryValue::GeometryCollection {
            geometries: all
                .into_iter()
                .map(|one| geojson::Geometry::new(geometry_of(one)))
                .collect(),
        },
    }
}
