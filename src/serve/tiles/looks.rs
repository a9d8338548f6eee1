//! How the collections look on a map: the styles of the reports and of QGIS as a style of MapLibre, with a picture of its
//! markers. Nothing here has a color of its own.

use super::classes::{columns as columns_of, filter};
use crate::layers::style::{
    Class, Color, Drawing, Fill, GROUND, Group, NO_DATA, Style, Symbol, styles,
};
use crate::scoring::{Bands, Scheme};
use crate::serve::collection::{Collection, Values};
use crate::serve::features::links::part;
use crate::serve::snapshot::Snapshot;
use crate::sinks::still::PIXELS;
use geo_types::Geometry;
use serde_json::{Map, Value, json};

/// The columns that the styles of a collection use.
pub fn columns(collection: &Collection) -> Vec<String> {
    let all = known(collection, &Scheme::default().bands);
    all.iter().flat_map(|style| of(&style.drawing).map(columns_of).unwrap_or_default()).collect()
}

/// The expression of the classes of a drawing.
fn of(drawing: &Drawing) -> Option<&'static str> {
    match drawing {
        Drawing::One(_) | Drawing::Where { .. } => None,
        Drawing::ByText { of, .. } => Some(of),
    }
}

/// The styles that the program has for a collection with such a name and such columns.
fn known(collection: &Collection, bands: &Bands) -> Vec<Style> {
    // The layers of the parts of a batch have the name of their part in front.
    let name = collection.name.rsplit('-').next().unwrap_or(&collection.name);
    let has = |name: &String| {
        collection.column(name).is_some_and(|column| !matches!(column.values, Values::Other))
    };
    let mut all = styles(name, &[], bands);
    all.retain(|style| of(&style.drawing).is_none_or(|of| columns_of(of).iter().all(has)));
    all
}

/// A layer of the map before it is written.
struct Look<'a> {
    collection: &'a Collection,
    /// Unique among all.
    id: String,
    title: String,
    group: Group,
    is_shown: bool,
    filter: Option<Value>,
    symbol: Symbol,
}

/// All layers of the map, the lowest first.
fn looks(snapshot: &Snapshot) -> Vec<Look<'_>> {
    let ground = snapshot.grounds.as_ref().and_then(|grounds| grounds.first().next());
    let scheme = ground.map(|ground| ground.case.scheme.bands.clone());
    let bands = scheme.unwrap_or_else(|| Scheme::default().bands);
    let mut looks = Vec::new();
    for collection in snapshot.collections.iter().rev() {
        let known = known(collection, &bands);
        if known.is_empty() {
            looks.extend(plain(collection));
        }
        // Features are drawn once: QGIS 3.22 shows layers that are not visible, too. The first style is the default.
        for style in known.iter().take(1) {
            looks.extend(classes(style).into_iter().rev().filter_map(|class| {
                let filter = match of(&style.drawing) {
                    // A class that no feature can be in has no layer.
                    Some(of) => Some(filter(of, class.value).filter(|of| !of.is_boolean())?),
                    None => None,
                };
                let id = [&collection.name, style.name, class.value].join("-");
                Some(Look {
                    collection,
                    id: id.trim_end_matches('-').replace(' ', "-"),
                    title: format!("{}: {}", style.title, class.label),
                    group: style.group,
                    is_shown: style.shown && style.group.is_shown(),
                    filter,
                    symbol: class.symbol,
                })
            }));
        }
    }
    // Groups lie on each other as in the project for QGIS, within a group points on lines on areas.
    looks.sort_by_key(|look| (std::cmp::Reverse(look.group), dimension(&look.symbol)));
    looks
}

fn dimension(symbol: &Symbol) -> u8 {
    match symbol {
        Symbol::Area { .. } => 0,
        Symbol::Line { .. } => 1,
        Symbol::Marker { .. } => 2,
    }
}

/// The classes of a style, the first of the legend first.
fn classes(style: &Style) -> Vec<Class> {
    match &style.drawing {
        Drawing::One(symbol) | Drawing::Where { symbol, .. } => {
            let label = style.about.to_owned();
            vec![Class { value: "", label, symbol: symbol.clone() }]
        }
        Drawing::ByText { classes, .. } => classes.clone(),
    }
}

/// The layers of a collection of which nothing is known, in the colors of the base map.
fn plain(collection: &Collection) -> Vec<Look<'_>> {
    let is = |of: fn(&Geometry<f64>) -> u8, dimension: u8| {
        collection.geometries.iter().flatten().any(|geometry| of(geometry) & dimension != 0)
    };
    let area = Symbol::Area {
        fill: Fill::Plain(NO_DATA.plain.with_alpha(120)),
        outline: NO_DATA.edge,
        width: 0.25,
        dash: None,
    };
    let line = Symbol::Line { color: NO_DATA.edge, width: 0.4, width_by: None, dash: None };
    let marker = Symbol::Marker {
        shape: "circle",
        fill: Fill::Plain(GROUND.coast),
        outline: NO_DATA.edge,
        size: 2.4,
        size_by: None,
        halo: None,
        sureness: None,
    };
    let all = [("Polygon", 1, area), ("LineString", 2, line), ("Point", 4, marker)];
    let look = |(kind, dimension, symbol): (&str, u8, Symbol)| {
        is(dimensions, dimension).then(|| Look {
            collection,
            id: format!("{}-{}", collection.name, kind.to_lowercase()),
            title: collection.name.clone(),
            group: Group::Base,
            is_shown: true,
            filter: Some(json!(["==", "$type", kind])),
            symbol,
        })
    };
    all.into_iter().filter_map(look).collect()
}

/// The kinds of a geometry as bits: 1 for areas, 2 for lines, 4 for points.
fn dimensions(geometry: &Geometry<f64>) -> u8 {
    match geometry {
        Geometry::Point(_) | Geometry::MultiPoint(_) => 4,
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => 2,
        Geometry::Polygon(_)
        | Geometry::MultiPolygon(_)
        | Geometry::Rect(_)
        | Geometry::Triangle(_) => 1,
        Geometry::GeometryCollection(all) => all.iter().map(dimensions).fold(0, |a, b| a | b),
    }
}

/// The markers that the style names, with their names.
pub fn markers(snapshot: &Snapshot) -> Vec<(String, Symbol)> {
    let all = looks(snapshot).into_iter();
    all.filter(|look| dimension(&look.symbol) == 2).map(|look| (look.id, look.symbol)).collect()
}

/// The style of all collections. `base` is the address of the server.
pub fn style(snapshot: &Snapshot, base: &str) -> Value {
    let looks = looks(snapshot);
    let mut sources = Map::new();
    for collection in &snapshot.collections {
        let url = format!("{base}/tiles/{}.json", part(&collection.name));
        sources.insert(collection.name.clone(), json!({"type": "vector", "url": url}));
    }
    let mut style = Map::new();
    style.insert("version".into(), json!(8));
    style.insert("name".into(), json!(snapshot.title));
    if looks.iter().any(|look| dimension(&look.symbol) == 2) {
        style.insert("sprite".into(), json!(format!("{base}/sprite")));
    }
    style.insert("sources".into(), sources.into());
    let layers: Vec<Value> = looks.iter().flat_map(layers).collect();
    style.insert("layers".into(), layers.into());
    style.into()
}

/// The layers of the style that draw a symbol.
fn layers(look: &Look<'_>) -> Vec<Value> {
    let layer = |id: &str, kind: &str, mut layout: Map<String, Value>, paint: Value| {
        if !look.is_shown {
            layout.insert("visibility".into(), json!("none"));
        }
        let mut layer = Map::new();
        layer.insert("id".into(), json!(id));
        layer.insert("type".into(), json!(kind));
        layer.insert("metadata".into(), json!({"title": look.title, "group": look.group.word()}));
        layer.insert("source".into(), json!(look.collection.name));
        layer.insert("source-layer".into(), json!(look.collection.name));
        if let Some(filter) = &look.filter {
            layer.insert("filter".into(), filter.clone());
        }
        layer.insert("layout".into(), layout.into());
        layer.insert("paint".into(), paint);
        Value::Object(layer)
    };
    let id = &look.id;
    match &look.symbol {
        Symbol::Marker { .. } => {
            // No marker gives way to another one: which ones are there is up to the tiles, which count the others.
            let layout = [
                ("icon-image", json!(id)),
                ("icon-allow-overlap", json!(true)),
                ("icon-ignore-placement", json!(true)),
            ];
            let layout = layout.into_iter().map(|(name, value)| (name.to_owned(), value));
            vec![layer(id, "symbol", layout.collect(), json!({}))]
        }
        Symbol::Line { color, width, dash, .. } => {
            vec![layer(id, "line", Map::new(), stroke(*color, *width, *dash))]
        }
        Symbol::Area { fill, outline, width, dash } => {
            let color = match fill {
                Fill::Plain(color) | Fill::Smooth(color) => Some(*color),
                // An area in tiles has the plain color of no data: hatching would break at the edges of tiles.
                Fill::Hatched => Some(NO_DATA.plain),
                Fill::Lined { .. } => Some(GROUND.lined),
                Fill::Hollow => None,
            };
            let fill = color.map(|color| {
                let paint = json!({"fill-color": color.hex(), "fill-opacity": opacity(color)});
                layer(id, "fill", Map::new(), paint)
            });
            let edge = (*width > 0.0 && opacity(*outline) > 0.0).then(|| {
                let paint = stroke(*outline, *width, *dash);
                layer(&format!("{id}-outline"), "line", Map::new(), paint)
            });
            fill.into_iter().chain(edge).collect()
        }
    }
}

/// A line; lengths of dashes are written in widths.
fn stroke(color: Color, width: f64, dash: Option<[f64; 2]>) -> Value {
    let short = |number: f64| (number * 100.0).round() / 100.0;
    let mut paint = json!({
        "line-color": color.hex(),
        "line-opacity": opacity(color),
        "line-width": short(width * PIXELS),
    });
    if let (Some([dash, gap]), Some(paint)) = (dash, paint.as_object_mut()) {
        paint.insert("line-dasharray".into(), json!([short(dash / width), short(gap / width)]));
    }
    paint
}

fn opacity(Color(.., alpha): Color) -> f64 {
    (f64::from(alpha) / 2.55).round() / 100.0
}
