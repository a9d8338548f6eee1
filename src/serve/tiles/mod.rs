//! Vector tiles of the collections, by the paths of OGC API Tiles and by those that maps on the web use.

mod classes;
mod cut;
mod documents;
mod fields;
mod grid;
mod held;
mod looks;
mod points;
mod shapes;
mod simplify;

pub use fields::Fields;
pub use held::Held;

use super::answer::Answer;
use super::problem::Problem;
use super::routes::{Asked, Cost, Form, Route};
use super::server::Shared;
use super::snapshot::Snapshot;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use grid::Tile;
use held::Key;
use hyper::{Method, StatusCode};
use std::io::{self, Write};

/// The media type of a tile.
const MVT: &str = "application/vnd.mapbox-vector-tile";

/// The paths of tiles.
pub fn routes() -> Vec<Route> {
    let get = |path, id, says, forms, media, answer| Route {
        method: Method::GET,
        path,
        id,
        says,
        forms,
        media,
        params: &[],
        takes: None,
        cost: Cost::Free,
        open: false,
        tagged: true,
        answer,
    };
    let work = |route: Route| Route { cost: Cost::Work, ..route };
    let both: &[Form] = &[Form::Json, Form::Html];
    let only: &[Form] = &[Form::Only];
    let json = "application/json";
    let tile = |path, id, says| Route {
        cost: Cost::Held(is_held),
        ..get(path, id, says, only, MVT, tile)
    };
    vec![
        get(
            "/tiles",
            "tilesets",
            "The vector tiles of all collections",
            both,
            json,
            documents::all,
        ),
        get(
            "/collections/{collection}/tiles",
            "tilesets_of_collection",
            "The vector tiles of a collection",
            both,
            json,
            documents::of_collection,
        ),
        work(get(
            "/collections/{collection}/tiles/WebMercatorQuad",
            "tileset",
            "The vector tiles of a collection with their fields",
            both,
            json,
            documents::tileset,
        )),
        tile(
            "/collections/{collection}/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}",
            "tile",
            "A vector tile by zoom, row and column",
        ),
        tile(
            "/tiles/{collection}/{z}/{x}/{y}.mvt",
            "tile_xyz",
            "A vector tile by zoom, column and row",
        ),
        work(get(
            "/tiles/{collection}.json",
            "tilejson",
            "The vector tiles of a collection as TileJSON",
            only,
            json,
            documents::tilejson,
        )),
        get(
            "/tileMatrixSets",
            "tile_matrix_sets",
            "The grids of the tiles",
            both,
            json,
            documents::matrix_sets,
        ),
        get(
            "/tileMatrixSets/WebMercatorQuad",
            "tile_matrix_set",
            "The grid of the tiles",
            both,
            json,
            documents::matrix_set,
        ),
        work(get(
            "/style.json",
            "map_style",
            "The style of all vector tiles, for MapLibre and QGIS",
            only,
            json,
            documents::style,
        )),
        work(get(
            "/sprite.png",
            "sprite",
            "The markers of the style in one picture",
            only,
            "image/png",
            documents::sprite,
        )),
        work(get(
            "/sprite@2x.png",
            "sprite_2x",
            "The markers of the style in one picture, twice as large",
            only,
            "image/png",
            documents::sprite,
        )),
        work(get(
            "/sprite.json",
            "sprite_index",
            "Where in the picture each marker stands",
            only,
            json,
            documents::sprite_index,
        )),
        work(get(
            "/sprite@2x.json",
            "sprite_index_2x",
            "Where in the larger picture each marker stands",
            only,
            json,
            documents::sprite_index,
        )),
    ]
}

/// The tile that a path names.
fn named(part: impl Fn(&str) -> String) -> Result<Tile, Problem> {
    match part("z") {
        z if z.is_empty() => Tile::of(&part("tileMatrix"), &part("tileCol"), &part("tileRow")),
        z => Tile::of(&z, &part("x"), &part("y")),
    }
}

/// What a tile is held under.
fn key(snapshot: &Snapshot, path: &[(String, String)]) -> Result<Key, Problem> {
    let part = |name: &str| {
        let found = path.iter().find(|(known, _)| known == name);
        found.map_or_else(String::new, |(_, text)| text.clone())
    };
    let tile = named(part)?;
    let name = part("collection");
    // The names of a state of the data are different, and who asks for another one is told which there are.
    snapshot.collection(&name)?;
    let collection = snapshot.collections.iter().position(|one| one.name == name);
    Ok(Key { rev: snapshot.rev.clone(), collection: collection.unwrap_or_default(), tile })
}

/// Whether a tile need not be made, or is none.
fn is_held(shared: &Shared, snapshot: &Snapshot, path: &[(String, String)]) -> bool {
    key(snapshot, path).map_or(true, |key| shared.tiles.has(&key))
}

fn tile(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let key = key(asked.snapshot, &asked.path)?;
    let collection = asked.snapshot.collection(asked.part("collection"))?;
    let packed = asked.shared.tiles.get(&key, || {
        let whole = cut::cut(collection, collection.fields(), key.tile, asked.cancel)?;
        packed(&whole)
            .map_err(|error| Problem::new(super::problem::Kind::Internal, error.to_string()))
    })?;
    if packed.is_empty() {
        let mut answer = Answer::new(MVT, Vec::new());
        answer.status = StatusCode::NO_CONTENT;
        return Ok(answer);
    }
    Ok(Answer::packed(MVT, packed))
}

/// A tile packed by gzip; an empty one stays empty.
fn packed(whole: &[u8]) -> io::Result<Bytes> {
    if whole.is_empty() {
        return Ok(Bytes::new());
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(whole)?;
    Ok(encoder.finish()?.into())
}
