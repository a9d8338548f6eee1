//! What is said of tiles: OGC API Tiles (OGC 20-057), tile matrix sets (OGC 17-083r4), TileJSON and the style.

use super::cut::{WHOLE, left_out};
use super::grid::{DEEPEST, NORTH};
use super::{MVT, looks};
use crate::serve::answer::Answer;
use crate::serve::collection::Collection;
use crate::serve::features::links::{self, link, part};
use crate::serve::problem::{Kind, Problem};
use crate::serve::routes::Asked;
use crate::sinks::still;
use bytes::Bytes;
use serde_json::{Map, Value, json};

const JSON: &str = "application/json";
const OGC: &str = "http://www.opengis.net/def/rel/ogc/1.0/";
const MERCATOR: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const MATRIX_SET: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
const MATRIX_SET_TITLE: &str = "Google Maps Compatible for the World";

/// The tilesets of all collections.
pub fn all(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let sets: Vec<Value> =
        asked.snapshot.collections.iter().map(|collection| item(asked, collection)).collect();
    answer(&json!({"title": "Vector tiles", "links": links::forms(asked), "tilesets": sets}))
}

/// The tilesets of a collection, of which there is one.
pub fn of_collection(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let collection = asked.snapshot.collection(asked.part("collection"))?;
    let title = format!("{}: vector tiles", collection.name);
    let mut all = links::forms(asked);
    all.push(link("collection", JSON, "The collection", &path(asked, collection)));
    answer(&json!({"title": title, "links": all, "tilesets": [item(asked, collection)]}))
}

/// The tileset of a collection.
pub fn tileset(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let collection = asked.snapshot.collection(asked.part("collection"))?;
    let fields = collection.fields();
    let mut whole = members(collection);
    let mut all = links::forms(asked);
    all.extend(links_of(asked, collection));
    whole.insert("description".into(), json!(description(collection)));
    if let Some([west, south, east, north]) = bounds(collection) {
        let corners =
            json!({"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84});
        whole.insert("boundingBox".into(), corners);
    }
    let mut layer = json!({
        "id": collection.name,
        "description": description(collection),
        "dataType": "vector",
        "minTileMatrix": "0",
        "maxTileMatrix": DEEPEST.to_string(),
        "propertiesSchema": {"type": "object", "properties": fields.schema(collection)},
    });
    let dimension = match collection.geometry_type {
        Some("Point" | "MultiPoint") => Some(0),
        Some("LineString" | "MultiLineString") => Some(1),
        Some("Polygon" | "MultiPolygon") => Some(2),
        _ => None,
    };
    if let (Some(dimension), Some(layer)) = (dimension, layer.as_object_mut()) {
        layer.insert("geometryDimension".into(), json!(dimension));
    }
    whole.insert("layers".into(), json!([layer]));
    whole.insert("links".into(), all.into());
    answer(&whole.into())
}

/// The tile matrix sets, of which there is one.
pub fn matrix_sets(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let title = "The grids of the tiles";
    let one = json!({
        "id": "WebMercatorQuad",
        "title": MATRIX_SET_TITLE,
        "uri": MATRIX_SET,
        "crs": MERCATOR,
        "links": [link("self", JSON, MATRIX_SET_TITLE, &matrix_set_path(asked))],
    });
    answer(&json!({"title": title, "links": links::forms(asked), "tileMatrixSets": [one]}))
}

/// The grid of the tiles.
pub fn matrix_set(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let (scale, cell, corner) =
        (559_082_264.028_717_2, 156_543.033_928_041, 20_037_508.342_789_244);
    let matrix = |z: u8| {
        let side = 1_u32 << z;
        json!({
            "id": z.to_string(),
            "scaleDenominator": scale / f64::from(side),
            "cellSize": cell / f64::from(side),
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": [-corner, corner],
            "tileWidth": 256,
            "tileHeight": 256,
            "matrixWidth": side,
            "matrixHeight": side,
        })
    };
    answer(&json!({
        "id": "WebMercatorQuad",
        "title": MATRIX_SET_TITLE,
        "uri": MATRIX_SET,
        "crs": MERCATOR,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": (0..=DEEPEST).map(matrix).collect::<Vec<_>>(),
        "links": links::forms(asked),
    }))
}

/// The tiles of a collection as TileJSON 3.0.
pub fn tilejson(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let collection = asked.snapshot.collection(asked.part("collection"))?;
    let fields = collection.fields();
    let address = format!("{}/tiles/{}/{{z}}/{{x}}/{{y}}.mvt", asked.base, part(&collection.name));
    let layers = json!([
        {
            "id": collection.name,
            "description": description(collection),
            "minzoom": 0,
            "maxzoom": WHOLE,
            "fields": fields.described(collection),
        },
        {
            "id": left_out(collection),
            "description": "What is not in a tile and not counted by its points, as a point in its middle",
            "minzoom": 0,
            "maxzoom": WHOLE,
            "fields": {
                "too_many": "Features left out, the smallest ones, since the tile would have more than 500 kB",
                "too_small": "Lines and areas that are not seen at the zoom",
            },
        },
    ]);
    let mut whole = Map::new();
    whole.insert("tilejson".into(), json!("3.0.0"));
    whole.insert("name".into(), json!(collection.name));
    whole.insert("description".into(), json!(description(collection)));
    whole.insert("scheme".into(), json!("xyz"));
    whole.insert("tiles".into(), json!([address]));
    // Clients enlarge tiles of the last zoom, in which a unit is less than a meter.
    whole.insert("minzoom".into(), json!(0));
    whole.insert("maxzoom".into(), json!(WHOLE));
    whole.extend(bounds(collection).map(|bounds| ("bounds".to_owned(), json!(bounds))));
    whole.insert("vector_layers".into(), layers);
    answer(&whole.into())
}

/// The style of all collections.
pub fn style(asked: &Asked<'_>) -> Result<Answer, Problem> {
    answer(&looks::style(asked.snapshot, &asked.base))
}

/// The markers of the style in one picture.
pub fn sprite(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let (picture, _) = drawn(asked)?;
    Ok(Answer::text("image/png", Bytes::from(picture)))
}

/// Where in the picture each marker stands.
pub fn sprite_index(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let (_, index) = drawn(asked)?;
    answer(&index)
}

fn drawn(asked: &Asked<'_>) -> Result<(Vec<u8>, Value), Problem> {
    let markers = looks::markers(asked.snapshot);
    let ratio = if asked.route.path.contains("@2x") { 2 } else { 1 };
    let symbols: Vec<_> = markers.iter().map(|(_, symbol)| symbol).collect();
    let (picture, places) = still::sprite(&symbols, ratio)
        .map_err(|error| Problem::new(Kind::Internal, error.to_string()))?;
    let place = |((name, _), place): (&(String, _), &still::Place)| {
        let of = json!({
            "x": place.left, "y": 0, "width": place.side, "height": place.side, "pixelRatio": ratio,
        });
        (name.clone(), of)
    };
    let index: Map<String, Value> = markers.iter().zip(&places).map(place).collect();
    Ok((picture, index.into()))
}

fn answer(body: &Value) -> Result<Answer, Problem> {
    Ok(Answer::text(JSON, format!("{body}\n")))
}

/// What a list of tilesets says of one.
fn item(asked: &Asked<'_>, collection: &Collection) -> Value {
    let mut item = members(collection);
    let itself = format!("{}/tiles/WebMercatorQuad", path(asked, collection));
    let mut all = vec![link("self", JSON, "The tileset", &itself)];
    all.extend(links_of(asked, collection));
    item.insert("links".into(), all.into());
    item.into()
}

/// What is said of a tileset everywhere.
fn members(collection: &Collection) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert("title".into(), json!(format!("{}: vector tiles", collection.name)));
    members.insert("dataType".into(), json!("vector"));
    members.insert("crs".into(), json!(MERCATOR));
    members.insert("tileMatrixSetURI".into(), json!(MATRIX_SET));
    members
}

/// The links of a tileset to what belongs to it.
fn links_of(asked: &Asked<'_>, collection: &Collection) -> Vec<Value> {
    let path = path(asked, collection);
    let template = format!("{path}/tiles/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}");
    let mut tiles = link("item", MVT, "The tiles; the row comes before the column", &template);
    if let Some(tiles) = tiles.as_object_mut() {
        tiles.insert("templated".into(), json!(true));
    }
    let tilejson = format!("{}/tiles/{}.json", asked.base, part(&collection.name));
    vec![
        tiles,
        link(&format!("{OGC}tiling-scheme"), JSON, "The grid", &matrix_set_path(asked)),
        link(&format!("{OGC}geodata"), JSON, "The collection", &path),
        link("describedby", JSON, "TileJSON", &tilejson),
    ]
}

fn path(asked: &Asked<'_>, collection: &Collection) -> String {
    format!("{}/collections/{}", asked.base, part(&collection.name))
}

fn matrix_set_path(asked: &Asked<'_>) -> String {
    format!("{}/tileMatrixSets/WebMercatorQuad", asked.base)
}

/// What a collection holds, and what its tiles lack.
fn description(collection: &Collection) -> String {
    let mut sentences = Vec::new();
    if !collection.about.is_empty() {
        sentences.push(format!("{}.", collection.about));
    }
    if collection.fields().left_out > 0 {
        let left_out = collection.fields().left_out;
        sentences.push(format!(
            "Tiles have the columns that a map needs; {left_out} more are with the features."
        ));
    }
    if collection.fields().has_points {
        sentences.push(format!(
            "Below zoom {WHOLE} one point stands for all near it, and {} is their number.",
            collection.fields().count
        ));
    }
    sentences.join(" ")
}

/// Where the features are, as far as tiles reach.
fn bounds(collection: &Collection) -> Option<[f64; 4]> {
    let [west, south, east, north] = collection.extent()?;
    Some([west, south.clamp(-NORTH, NORTH), east, north.clamp(-NORTH, NORTH)])
}
