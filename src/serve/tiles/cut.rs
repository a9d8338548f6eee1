//! Makes the tiles of a collection.

use super::fields::Fields;
use super::grid::{EXTENT, Tile};
use super::points::thinned;
use super::shapes::{Drawn, Shape, extent, shapes};
use crate::run::Cancel;
use crate::serve::collection::Collection;
use crate::serve::problem::{Kind, Problem};
use crate::serve::snapshot::refused;
use fast_mvt::{MvtCoord, MvtGeomType, MvtLayerBuilder, MvtResult};
use geo_types::Geometry;

/// The most bytes of a tile.
pub const MOST: usize = 500_000;

/// The zoom from which every point is in its tile.
pub const WHOLE: u8 = 14;

/// The sides in units of the cells of which one point is kept below that zoom.
const CELL: i32 = 4;

/// The same for incidents below the zoom at which they are told apart.
const INCIDENTS_CELL: i32 = 64;
const INCIDENTS_FROM: u8 = 6;

/// What is not in a tile, besides its points, which are counted by those that stand for them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct LeftOut {
    /// The smallest lines and areas of a tile that had too many bytes.
    too_many: usize,
    /// Those that are not seen at the zoom.
    too_small: usize,
}

/// The name of the layer that says what is not in a tile.
pub fn left_out(collection: &Collection) -> String {
    format!("{}_left_out", collection.name)
}

/// A tile of a collection; no bytes if nothing is in it.
///
/// # Errors
/// The question was stopped.
pub fn cut(
    collection: &Collection,
    fields: &Fields,
    tile: Tile,
    cancel: &Cancel,
) -> Result<Vec<u8>, Problem> {
    let mut found = Vec::new();
    for turns in [-1, 0, 1] {
        if let Some(around) = tile.around(turns) {
            found.extend(collection.in_box(around).into_iter().map(|index| (index, turns)));
        }
    }
    let stopped = || cancel.check().map_err(|error| refused(&error));
    let broken = |error: fast_mvt::MvtError| Problem::new(Kind::Internal, error.to_string());
    stopped()?;
    let mut side = side(collection, tile);
    let (others, mut missing) = others(collection, fields, &found, tile, cancel)?;
    let (mut most, mut points) = (others.len(), points(collection, fields, &found, tile, side));
    loop {
        stopped()?;
        let (drawn, rest) = others.split_at(most);
        let all_missing = LeftOut { too_many: missing.too_many + rest.len(), ..missing };
        let bytes = encoded(collection, fields, &points, drawn, all_missing).map_err(broken)?;
        if bytes.len() <= MOST {
            return Ok(bytes);
        }
        // Whatever has more of it gives way.
        if points.len() > most {
            match side {
                // Even one point for each quarter of the tile has too many bytes.
                Some(side) if side > EXTENT => {
                    let gone = points.drain(..points.len().div_ceil(2));
                    missing.too_many += gone.map(|one| one.stands_for()).sum::<usize>();
                }
                _ => {
                    side = Some(side.map_or(CELL, |side| side * 2));
                    points = self::points(collection, fields, &found, tile, side);
                }
            }
        } else {
            most = most * MOST / bytes.len() * 9 / 10;
        }
    }
}

/// The sides of the cells of which one point is kept; `None` if all are.
fn side(collection: &Collection, tile: Tile) -> Option<i32> {
    match tile.z {
        z if z >= WHOLE => None,
        z if z < INCIDENTS_FROM && collection.name.ends_with("incidents") => Some(INCIDENTS_CELL),
        _ => Some(CELL),
    }
}

fn points(
    collection: &Collection,
    fields: &Fields,
    found: &[(usize, i32)],
    tile: Tile,
    side: Option<i32>,
) -> Vec<Drawn> {
    thinned(collection, found, tile, side, fields.best(collection))
}

/// A feature with lines or areas that meets a tile.
struct Feature<'a> {
    index: usize,
    /// How wide or high it is, in units of a tile.
    size: f64,
    /// Its geometry, once for each turn around the Earth at which it meets the tile.
    parts: Vec<(&'a Geometry<f64>, i32)>,
    /// Whether the middle of its box is in the tile.
    is_in: bool,
}

/// What is drawn besides points, the largest first, and what is not.
fn others(
    collection: &Collection,
    fields: &Fields,
    found: &[(usize, i32)],
    tile: Tile,
    cancel: &Cancel,
) -> Result<(Vec<Drawn>, LeftOut), Problem> {
    if fields.has_points {
        return Ok((Vec::new(), LeftOut::default()));
    }
    let mut features: Vec<Feature<'_>> = Vec::new();
    let mut found: Vec<(usize, i32)> = found.to_vec();
    found.sort_unstable();
    for (index, turns) in found {
        let geometry = collection.geometries.get(index).and_then(Option::as_ref);
        let Some(geometry) = geometry.filter(|of| !matches!(of, Geometry::Point(_))) else {
            continue;
        };
        let Some((size, is_in)) = extent(tile, geometry, turns) else { continue };
        match features.last_mut().filter(|known| known.index == index) {
            Some(known) => {
                known.parts.push((geometry, turns));
                known.is_in |= is_in;
            }
            None => features.push(Feature { index, size, parts: vec![(geometry, turns)], is_in }),
        }
    }
    features.sort_by(|a, b| b.size.total_cmp(&a.size).then_with(|| a.index.cmp(&b.index)));
    let (mut drawn, mut missing, mut bytes) = (Vec::new(), LeftOut::default(), 0);
    for Feature { index, size, parts, is_in } in features {
        if bytes > MOST {
            missing.too_many += 1;
            continue;
        }
        cancel.check().map_err(|error| refused(&error))?;
        let shapes = shapes(tile, &parts);
        // What is beside the tile is no loss, and what lies on its edge is counted in one tile.
        missing.too_small += usize::from(shapes.is_empty() && size <= f64::from(CELL) && is_in);
        for shape in shapes {
            bytes += shape.least_bytes();
            drawn.push(Drawn { index, count: None, shape });
        }
    }
    Ok((drawn, missing))
}

impl Shape {
    /// The bytes that its positions take at least.
    fn least_bytes(&self) -> usize {
        2 * match self {
            Self::Points(points) => points.len(),
            Self::Lines(lines) => lines.iter().map(Vec::len).sum(),
            Self::Areas(areas) => areas.iter().flatten().map(Vec::len).sum(),
        }
    }
}

/// The bytes of a tile. Large areas come before small ones and all of them before points, which are drawn on top.
fn encoded(
    collection: &Collection,
    fields: &Fields,
    points: &[Drawn],
    others: &[Drawn],
    missing: LeftOut,
) -> MvtResult<Vec<u8>> {
    let mut tile = Vec::new();
    if !points.is_empty() || !others.is_empty() {
        let mut layer = MvtLayerBuilder::new(collection.name.as_str())?;
        for drawn in others.iter().chain(points) {
            let mut feature = match &drawn.shape {
                Shape::Points(points) => {
                    let mut feature = layer.feature_of(MvtGeomType::Point);
                    feature.points(points.iter().copied())?;
                    feature
                }
                Shape::Lines(lines) => {
                    let mut feature = layer.feature_of(MvtGeomType::LineString);
                    for line in lines {
                        feature.line(line.iter().copied())?;
                    }
                    feature
                }
                Shape::Areas(areas) => {
                    let mut feature = layer.feature_of(MvtGeomType::Polygon);
                    for area in areas {
                        for (at, ring) in area.iter().enumerate() {
                            feature.ring(ring.iter().copied(), at == 0)?;
                        }
                    }
                    feature
                }
            };
            fields.write(&mut feature, collection, drawn.index, drawn.count)?;
            layer = feature.end();
        }
        tile = layer.encode();
    }
    if missing != LeftOut::default() {
        let layer = MvtLayerBuilder::new(left_out(collection))?;
        let mut feature = layer.feature_of(MvtGeomType::Point);
        feature.points([MvtCoord { x: EXTENT / 2, y: EXTENT / 2 }])?;
        for (name, number) in [("too_many", missing.too_many), ("too_small", missing.too_small)] {
            feature.tag_uint(name, u64::try_from(number).unwrap_or(u64::MAX))?;
        }
        tile.extend(feature.end().encode());
    }
    Ok(tile)
}
