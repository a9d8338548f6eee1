//! Checks whether polygons are valid under OGC Simple Features (06-103r4, section 6.1.11): no ring
//! crosses or touches itself, holes lie inside and apart. The rules are those of geo's `Validation`.
//! Rings are swept from west to east here, because comparing every pair of edges of a coastline
//! takes seconds.

use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;
use geo::{BoundingRect, Contains, Intersects, Relate};
use geo_types::{Coord, Line, LineString, Polygon, Rect};
use std::collections::BTreeSet;

/// A fault that makes a polygon invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The index of the ring, 0 for the exterior.
    pub ring: usize,
    /// The fault in words.
    pub why: String,
}

/// Returns the first fault of a polygon; `None` if it is valid.
pub(super) fn fault_of(polygon: &Polygon<f64>) -> Option<Fault> {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    for (number, ring) in rings.enumerate() {
        if let Some(position) = crossing(&ring.0) {
            return Some(Fault {
                ring: number,
                why: format!("crosses itself at position {position}"),
            });
        }
    }
    if polygon.interiors().is_empty() { None } else { fault_of_holes(polygon) }
}

/// Returns the fault of a hole that is not inside, or overlaps another.
fn fault_of_holes(polygon: &Polygon<f64>) -> Option<Fault> {
    let alone = |ring: &LineString<f64>| Polygon::new(ring.clone(), Vec::new());
    let exterior = alone(polygon.exterior());
    let holes: Vec<Polygon<f64>> = polygon.interiors().iter().map(alone).collect();
    let mut rings = vec![&exterior];
    rings.extend(&holes);
    let meeting = meeting(&rings);
    for (number, hole) in (1..).zip(&holes) {
        let inside = if meeting.contains(&(0, number)) {
            let relation = exterior.relate(hole);
            let edges = relation.get(CoordPos::OnBoundary, CoordPos::OnBoundary);
            relation.is_contains() && edges != Dimensions::OneDimensional
        } else {
            holds_start_of(&exterior, hole)
        };
        if !inside {
            let why = "is a hole that reaches out of its polygon or runs along its edge".to_owned();
            return Some(Fault { ring: number, why });
        }
    }
    let (first, second) = overlapping(&holes, true)?;
    Some(Fault { ring: second + 1, why: format!("overlaps ring {}", first + 1) })
}

/// Returns the first two polygons that share area or, if `edges_count`, an edge.
pub(super) fn overlapping(list: &[Polygon<f64>], edges_count: bool) -> Option<(usize, usize)> {
    let meeting = meeting(&list.iter().collect::<Vec<_>>());
    let mut swept: Vec<(Rect<f64>, usize, &Polygon<f64>)> = list
        .iter()
        .enumerate()
        .filter_map(|(at, polygon)| Some((polygon.bounding_rect()?, at, polygon)))
        .collect();
    swept.sort_by(|(a, _, _), (b, _, _)| a.min().x.total_cmp(&b.min().x));
    let mut found: Option<(usize, usize)> = None;
    for (at, (bounds, first, polygon)) in swept.iter().enumerate() {
        let near = swept
            .iter()
            .skip(at + 1)
            .take_while(|(other, _, _)| other.min().x <= bounds.max().x)
            .filter(|(other, _, _)| other.intersects(bounds));
        for (_, second, other) in near {
            let pair = (*first.min(second), *first.max(second));
            let overlap = if meeting.contains(&pair) {
                let relation = polygon.relate(*other);
                let ground = relation.get(CoordPos::Inside, CoordPos::Inside);
                let edge = relation.get(CoordPos::OnBoundary, CoordPos::OnBoundary);
                ground == Dimensions::TwoDimensional
                    || (edges_count && edge == Dimensions::OneDimensional)
            } else {
                holds_start_of(polygon, other) || holds_start_of(other, polygon)
            };
            if overlap {
                found = Some(found.map_or(pair, |known| known.min(pair)));
            }
        }
    }
    found
}

/// Whether a polygon contains another's first position. If their edges do not meet, it then contains
/// all of the other.
fn holds_start_of(polygon: &Polygon<f64>, other: &Polygon<f64>) -> bool {
    other.exterior().0.first().is_some_and(|start| polygon.contains(start))
}

/// An edge of a ring.
struct Edge {
    /// The index of its polygon.
    owner: usize,
    /// The index of the edge in its ring.
    number: usize,
    line: Line<f64>,
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

fn edges_of(owner: usize, ring: &[Coord<f64>]) -> impl Iterator<Item = Edge> {
    ring.windows(2).enumerate().filter_map(move |(number, ends)| match ends {
        [start, end] => Some(Edge {
            owner,
            number,
            line: Line::new(*start, *end),
            west: start.x.min(end.x),
            east: start.x.max(end.x),
            south: start.y.min(end.y),
            north: start.y.max(end.y),
        }),
        _ => None,
    })
}

/// Passes each pair of edges with intersecting bounding boxes to `visit`.
fn sweep(mut edges: Vec<Edge>, mut visit: impl FnMut(&Edge, &Edge)) {
    edges.sort_by(|a, b| a.west.total_cmp(&b.west));
    for (at, edge) in edges.iter().enumerate() {
        for other in edges.iter().skip(at + 1).take_while(|other| other.west <= edge.east) {
            if other.south <= edge.north && edge.south <= other.north {
                visit(edge, other);
            }
        }
    }
}

/// The pairs of polygons, smaller index first, with edges that meet.
fn meeting(polygons: &[&Polygon<f64>]) -> BTreeSet<(usize, usize)> {
    let edges = polygons
        .iter()
        .enumerate()
        .flat_map(|(owner, polygon)| {
            std::iter::once(polygon.exterior())
                .chain(polygon.interiors())
                .flat_map(move |ring| edges_of(owner, &ring.0))
        })
        .collect();
    let mut pairs = BTreeSet::new();
    sweep(edges, |a, b| {
        let pair = (a.owner.min(b.owner), a.owner.max(b.owner));
        if a.owner != b.owner && !pairs.contains(&pair) && a.line.intersects(&b.line) {
            pairs.insert(pair);
        }
    });
    pairs
}

/// Returns the index of the first edge that a closed ring crosses, touches or runs back on; `None`
/// if the ring is simple.
fn crossing(ring: &[Coord<f64>]) -> Option<usize> {
    let edges: Vec<Edge> = edges_of(0, ring).collect();
    let last = edges.len().checked_sub(1)?;
    let mut found: Option<usize> = None;
    sweep(edges, |a, b| {
        let (first, second) = if a.number < b.number { (a, b) } else { (b, a) };
        let meet = if second.number - first.number == 1 {
            runs_back(&first.line, &second.line)
        } else if first.number == 0 && second.number == last {
            runs_back(&second.line, &first.line)
        } else {
            first.line.intersects(&second.line)
        };
        if meet {
            found = Some(found.map_or(first.number, |known| known.min(first.number)));
        }
    });
    found
}

/// Whether two consecutive edges meet in more than their common position.
fn runs_back(edge: &Line<f64>, after: &Line<f64>) -> bool {
    edge.intersects(&after.end) || after.intersects(&edge.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Validation;
    use proptest::prelude::*;

    fn polygon(rings: &[Vec<(i32, i32)>]) -> Polygon<f64> {
        let mut rings = rings.iter().map(|ring| {
            let mut coords: Vec<Coord<f64>> =
                ring.iter().map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) }).collect();
            coords.dedup();
            while coords.len() > 1 && coords.first() == coords.last() {
                coords.pop();
            }
            coords.extend(coords.first().copied());
            LineString(coords)
        });
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Polygon::new(exterior, rings.collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 5000, ..ProptestConfig::default() })]

        /// Polygons valid here are valid under geo's rules. The converse holds too, except for edges
        /// that run straight back, which geo accepts.
        #[test]
        fn what_is_valid_here_is_so_by_geo(
            rings in prop::collection::vec(
                prop::collection::vec((-6_i32..6, -6_i32..6), 3..8), 1..4)
        ) {
            let polygon = polygon(&rings);
            prop_assume!(polygon.interiors().iter().all(|ring| ring.0.len() > 3));
            prop_assume!(polygon.exterior().0.len() > 3);
            let ours = fault_of(&polygon);
            if ours.is_none() {
                prop_assert!(polygon.is_valid(), "{:?}", polygon);
            } else if polygon.is_valid() {
                let back = |ring: &LineString<f64>| {
                    let open = ring.0.get(1..).unwrap_or_default();
                    let turn = open.iter().chain(open.iter().take(2)).collect::<Vec<_>>();
                    turn.windows(3).any(|w| {
                        let (a, b, c) = (w[0], w[1], w[2]);
                        Line::new(*a, *b).intersects(c) || Line::new(*b, *c).intersects(a)
                    })
                };
                let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
                prop_assert!(rings.into_iter().any(back), "{:?} {:?}", polygon, ours);
            }
        }
    }
}
