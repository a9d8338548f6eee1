//! An R-tree over anything with a shape: the pieces of lines and polygon edges stand in it one by
//! one, so that a long river is found by the reach that is near.

use super::boxes::{enclose, widen};
use super::piece::{Approach, Piece, shortest};
use super::{Found, Neighbors, Probe, by_distance};
use crate::earth::{ChordBracket, Ecef, Length, Position, Shape, geodesic};
use geo::BoundingRect;
use geo_types::Coord;
use rstar::{AABB, PointDistance, RTree, RTreeObject};
use std::collections::BTreeMap;

/// Shapes in Earth-centered space.
pub struct ShapeTree {
    things: Vec<Probe>,
    pieces: RTree<Indexed>,
    /// Boxes of the polygons in longitude and latitude, to find those that hold a place.
    polygons: RTree<rstar::primitives::GeomWithData<rstar::primitives::Rectangle<[f64; 2]>, usize>>,
}

impl std::fmt::Debug for ShapeTree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShapeTree").field("things", &self.things.len()).finish_non_exhaustive()
    }
}

/// A piece, whose it is, and its box.
#[derive(Debug)]
struct Indexed {
    owner: usize,
    piece: Piece,
    around: AABB<[f64; 3]>,
}

impl RTreeObject for Indexed {
    type Envelope = AABB<[f64; 3]>;
    fn envelope(&self) -> Self::Envelope {
        self.around
    }
}

impl PointDistance for Indexed {
    /// The square of the chord from a place on the ground to the nearest place of the piece.
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        self.piece.toward(Ecef(*point)).1
    }
}

impl ShapeTree {
    /// A tree over a list of shapes; answers are indices into it.
    pub fn new<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> Self {
        let shapes: Vec<&Shape> = shapes.into_iter().collect();
        let things: Vec<Probe> = shapes.iter().copied().map(Probe::new).collect();
        let pieces = things
            .iter()
            .enumerate()
            .flat_map(|(owner, thing)| {
                thing.pieces().iter().map(move |&piece| Indexed {
                    owner,
                    piece,
                    around: enclose(&piece),
                })
            })
            .collect();
        let polygons = shapes
            .iter()
            .enumerate()
            .filter_map(|(index, shape)| match *shape {
                Shape::Polygons(polygons) => polygons.bounding_rect().map(|rect| (index, rect)),
                _ => None,
            })
            .map(|(index, rect)| {
                let corners = rstar::primitives::Rectangle::from_corners(
                    rect.min().into(),
                    rect.max().into(),
                );
                rstar::primitives::GeomWithData::new(corners, index)
            })
            .collect();
        Self { things, pieces: RTree::bulk_load(pieces), polygons: RTree::bulk_load(polygons) }
    }

    /// The length of all lines and polygon edges that lies within a radius of a position.
    ///
    /// The radius is taken as its chord at the mean curvature there, which puts the ends of a
    /// stretch off by less than a millimeter at 10 km.
    pub fn length_within(&self, center: Position, radius: Length) -> Length {
        let bracket = ChordBracket::new(radius);
        let chord2 = f64::midpoint(bracket.shorter2, bracket.longer2).max(0.0);
        let center = Ecef::from(center);
        let mut stretches: Vec<(usize, Length)> = self
            .pieces
            .locate_within_distance(center.0, chord2)
            .filter_map(|theirs| {
                let (from, to) = theirs.piece.stretch_within(center, chord2)?;
                let (from, to) = (Position::from_coord(from)?, Position::from_coord(to)?);
                Some((theirs.owner, geodesic::distance(from, to)))
            })
            .collect();
        // In a fixed order, so that the sum does not depend on how the tree was built.
        stretches.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.meters().total_cmp(&b.1.meters())));
        Length::from_meters(stretches.iter().map(|s| s.1.meters()).sum())
    }

    /// Whether any line or polygon edge may come within a radius of a position; never falsely no.
    pub fn touches(&self, probe: &Probe, radius: Length) -> bool {
        let longer2 = ChordBracket::new(radius).longer2;
        probe.as_point().is_none_or(|(_, center)| {
            self.pieces.locate_within_distance(center.0, longer2).next().is_some()
        })
    }

    /// The polygons that hold a place.
    fn holding(&self, at: Coord<f64>) -> impl Iterator<Item = usize> + '_ {
        self.polygons
            .locate_all_at_point([at.x, at.y])
            .map(|candidate| candidate.data)
            .filter(move |&index| self.things.get(index).is_some_and(|thing| thing.holds(at)))
    }

    /// Those with which the probe overlaps, so that their distance is zero.
    fn overlapping(&self, probe: &Probe) -> BTreeMap<usize, Found> {
        let mut zero = BTreeMap::new();
        let mut add = |index: usize, at: Option<Position>| {
            if let Some(at) = at {
                zero.entry(index).or_insert_with(|| Found::touching(index, at));
            }
        };
        for end in probe.pieces().iter().flat_map(Piece::ends) {
            for index in self.holding(end) {
                add(index, Position::from_coord(end));
            }
        }
        if probe.as_point().is_none() {
            for (index, thing) in self.things.iter().enumerate() {
                let held =
                    thing.pieces().iter().flat_map(Piece::ends).find(|&end| probe.holds(end));
                add(index, held.and_then(Position::from_coord));
            }
        }
        zero
    }

    /// Turns approaches to pieces into one answer a thing.
    fn answers(
        &self,
        zero: BTreeMap<usize, Found>,
        near: BTreeMap<usize, Vec<Approach>>,
    ) -> Vec<Found> {
        let mut all: Vec<Found> = near
            .into_iter()
            .filter(|(owner, _)| !zero.contains_key(owner))
            .filter_map(|(owner, approaches)| shortest(owner, &approaches))
            .collect();
        all.extend(zero.into_values());
        all
    }

    fn within_unsorted(&self, probe: &Probe, radius: Length) -> Vec<Found> {
        let longer2 = ChordBracket::new(radius).longer2;
        let mut near: BTreeMap<usize, Vec<Approach>> = BTreeMap::new();
        for mine in probe.pieces() {
            let around = if longer2.is_finite() {
                widen(&enclose(mine), longer2.sqrt())
            } else {
                AABB::from_corners([-1e8; 3], [1e8; 3])
            };
            for theirs in self.pieces.locate_in_envelope_intersecting(around) {
                let approach = mine.approach(&theirs.piece);
                if approach.chord2 <= longer2 {
                    near.entry(theirs.owner).or_default().push(approach);
                }
            }
        }
        let mut all = self.answers(self.overlapping(probe), near);
        all.retain(|found| found.distance <= radius);
        all
    }

    /// The `k` nearest of a single position, piece by piece, until `k` things are found and no
    /// further piece can be nearer than the farthest of them.
    fn nearest_of_point(&self, probe: &Probe, center: Ecef, k: usize) -> Vec<Found> {
        let zero = self.overlapping(probe);
        let mut near: BTreeMap<usize, Vec<Approach>> = BTreeMap::new();
        let mut known = zero.len();
        let mut open =
            if known >= k { ChordBracket::new(Length::ZERO).longer2 } else { f64::INFINITY };
        for (theirs, chord2) in self.pieces.nearest_neighbor_iter_with_distance_2(center.0) {
            if chord2 > open {
                break;
            }
            let Some(mine) = probe.pieces().first() else { break };
            if !near.contains_key(&theirs.owner) && !zero.contains_key(&theirs.owner) {
                known += 1;
            }
            near.entry(theirs.owner).or_default().push(mine.approach(&theirs.piece));
            if known >= k && open.is_infinite() {
                // The chord of the k-th thing bounds its geodesic from above.
                let farthest = longest_with(chord2);
                open = ChordBracket::new(farthest).longer2;
            }
        }
        self.answers(zero, near)
    }
}

/// A length that no geodesic of this chord exceeds: the arc of the smallest circle, and a hair.
pub(super) fn longest_with(chord2: f64) -> Length {
    let radius = crate::earth::RADIUS_MIN;
    let half = (chord2.sqrt() / (2.0 * radius)).min(1.0);
    Length::from_meters(2.0 * radius * libm::asin(half) * (1.0 + 1e-9) + 1e-6)
}

impl Neighbors for ShapeTree {
    fn within(&self, probe: &Probe, radius: Length) -> Vec<Found> {
        let mut all = self.within_unsorted(probe, radius);
        all.sort_by(by_distance);
        all
    }

    fn nearest(&self, probe: &Probe, k: usize) -> Vec<Found> {
        if k == 0 {
            return Vec::new();
        }
        let mut all = match probe.as_point() {
            Some((_, center)) => self.nearest_of_point(probe, center, k),
            None => widening(k, self.things.len(), |radius| self.within_unsorted(probe, radius)),
        };
        all.sort_by(by_distance);
        all.truncate(k);
        all
    }
}

/// At least the `k` nearest, by asking within ever wider radii.
pub(super) fn widening(
    k: usize,
    all: usize,
    mut within: impl FnMut(Length) -> Vec<Found>,
) -> Vec<Found> {
    const HALF_WAY_ROUND: f64 = 20_100_000.0;
    let mut radius = 10_000.0;
    loop {
        let found = within(Length::from_meters(radius));
        if found.len() >= k.min(all) || radius >= HALF_WAY_ROUND {
            return found;
        }
        radius *= 4.0;
    }
}
