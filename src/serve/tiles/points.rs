//! Points of a tile, of which one stands for all in its cell.

use super::grid::{BUFFER, EXTENT, Tile};
use super::shapes::{Drawn, Shape};
use crate::serve::collection::{Collection, Column};
use geo_types::{Coord, Geometry};
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use std::cmp::Ordering;

/// A point of a tile.
struct Spot {
    index: usize,
    score: f64,
    count: u32,
    at: Coord<i32>,
}

impl Spot {
    /// Whether this one stands for both: it has the higher score, any score before none, or comes first.
    fn beats(&self, other: &Self) -> bool {
        order(self, other) == Ordering::Greater
    }
}

/// Ascending by score, those without one first; of equals the last one first.
fn order(a: &Spot, b: &Spot) -> Ordering {
    let by_score = match (a.score.is_nan(), b.score.is_nan()) {
        (false, false) => a.score.total_cmp(&b.score),
        (a, b) => b.cmp(&a),
    };
    by_score.then_with(|| b.index.cmp(&a.index))
}

/// The points of a tile, the best last, so that it is drawn on top. Of those in a cell with sides of so many units the
/// one with the highest score stands for all. Cells are the same for all tiles of a zoom, and a point is in the tile
/// that has its cell, so the counts of all tiles add up to all points.
pub fn thinned(
    collection: &Collection,
    found: &[(usize, i32)],
    tile: Tile,
    cell: Option<i32>,
    best: Option<&Column>,
) -> Vec<Drawn> {
    let range = -BUFFER..EXTENT + BUFFER;
    let spots = found.iter().filter_map(|(index, turns)| {
        let Some(Geometry::Point(point)) = collection.geometries.get(*index)?.as_ref() else {
            return None;
        };
        let at = tile.place(point.0, *turns)?;
        let score = best.and_then(|column| column.values.number(*index)).unwrap_or(f64::NAN);
        let is_in = range.contains(&at.x) && range.contains(&at.y);
        is_in.then_some(Spot { index: *index, score, count: 1, at })
    });
    let mut spots: Vec<Spot> = match cell {
        None => spots.collect(),
        Some(side) => {
            let mut cells: HashMap<(i32, i32), Spot> = HashMap::new();
            for spot in spots {
                match cells.entry((spot.at.x.div_euclid(side), spot.at.y.div_euclid(side))) {
                    Entry::Vacant(free) => {
                        free.insert(spot);
                    }
                    Entry::Occupied(mut taken) => {
                        let count = taken.get().count + 1;
                        if spot.beats(taken.get()) {
                            taken.insert(spot);
                        }
                        taken.get_mut().count = count;
                    }
                }
            }
            cells.into_values().collect()
        }
    };
    // The same feature may be in a tile twice, at the seam.
    spots.sort_unstable_by(|a, b| order(a, b).then_with(|| a.at.x.cmp(&b.at.x)));
    let drawn = |spot: Spot| Drawn {
        index: spot.index,
        count: Some(spot.count),
        shape: Shape::Points(vec![spot.at]),
    };
    spots.into_iter().map(drawn).collect()
}
