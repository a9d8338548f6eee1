//! A tree over any shapes: stores short runs of the pieces of lines and polygon edges, so that a long
//! river is found by its nearest reach.

use super::near::{Candidate, Near, Nearest, still_open};
use super::piece::{Approach, Piece, shortest};
use super::runs::{Draft, Runs};
use super::{Found, Neighbors, Probe, by_distance};
use crate::earth::{ChordBracket, Ecef, Length, Position, Shape, geodesic, in_space};
use crate::simd::{NullaryFnOnce, vectorized};
use geo::BoundingRect;
use geo_types::Coord;
use rayon::prelude::*;
use rstar::RTree;
use std::collections::BTreeMap;

/// Shapes in Earth-centered space.
pub struct ShapeTree {
    things: Vec<Probe>,
    runs: Runs,
    /// Bounding boxes of the polygons in longitude and latitude, for point-in-polygon queries.
    polygons: RTree<rstar::primitives::GeomWithData<rstar::primitives::Rectangle<[f64; 2]>, usize>>,
}

impl std::fmt::Debug for ShapeTree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShapeTree").field("things", &self.things.len()).finish_non_exhaustive()
    }
}

impl ShapeTree {
    /// Builds a tree over a list of shapes; answers are indices into it.
    pub fn new<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> Self {
        let shapes: Vec<&Shape> = shapes.into_iter().collect();
        let things: Vec<Probe> = shapes.par_iter().map(|shape| Probe::new(shape)).collect();
        let drafts = things
            .par_iter()
            .enumerate()
            .fold(Draft::default, |mut draft, (owner, thing)| {
                vectorized(Add { draft: &mut draft, owner, pieces: thing.pieces() });
                draft
            })
            .collect::<Vec<Draft>>();
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
        Self { runs: Runs::new(drafts), things, polygons: RTree::bulk_load(polygons) }
    }

    /// Returns the total length of lines and polygon edges within a radius of a position.
    ///
    /// The radius is converted to a chord with the mean curvature there, which shifts the ends of a
    /// stretch by less than a millimeter at 10 km.
    pub fn length_within(&self, center: Position, radius: Length) -> Length {
        let bracket = ChordBracket::new(radius);
        let chord2 = f64::midpoint(bracket.shorter2, bracket.longer2).max(0.0);
        let center = Ecef::from(center);
        let mut near = self.near(center, chord2.sqrt());
        // A fixed order of summation keeps the result independent of how the tree was built.
        near.sort_unstable_by_key(|candidate| (candidate.owner, candidate.piece));
        let meters = near
            .iter()
            .filter_map(|candidate| {
                let (from, to) = self.piece(candidate)?.stretch_within(center, chord2)?;
                let (from, to) = (Position::from_coord(from)?, Position::from_coord(to)?);
                Some(geodesic::distance(from, to).meters())
            })
            .sum();
        Length::from_meters(meters)
    }

    /// Returns an item as a probe.
    pub(crate) fn probe(&self, index: usize) -> Option<&Probe> {
        self.things.get(index)
    }

    /// Returns the distance from a position to one item, zero inside a polygon; `None` if it is more than `radius`.
    pub(crate) fn distance_within(
        &self,
        index: usize,
        from: Position,
        radius: Length,
    ) -> Option<Length> {
        if self.things.get(index)?.holds(from.coord()) {
            return Some(Length::ZERO);
        }
        let center = Ecef::from(from);
        let mut near = self.near(center, ChordBracket::new(radius).longer2.sqrt());
        near.retain(|candidate| candidate.owner == index);
        let found = self.answers((from, center), BTreeMap::new(), near).pop()?;
        (found.distance <= radius).then_some(found.distance)
    }

    fn piece(&self, candidate: &Candidate) -> Option<&Piece> {
        self.things.get(candidate.owner)?.pieces().get(candidate.piece)
    }

    /// Returns the pieces that may come within a chord of a place in space.
    fn near(&self, center: Ecef, chord: f64) -> Vec<Candidate> {
        vectorized(Near { runs: &self.runs, from: center.0, chord })
    }

    /// Returns the pieces that may be the nearest of one of the `k` nearest items.
    fn nearest_pieces(&self, center: Ecef, k: usize) -> Vec<Candidate> {
        vectorized(Nearest { runs: &self.runs, from: center.0, k })
    }

    /// Returns the polygons that contain a place.
    fn holding(&self, at: Coord<f64>) -> impl Iterator<Item = usize> + '_ {
        self.polygons
            .locate_all_at_point([at.x, at.y])
            .map(|candidate| candidate.data)
            .filter(move |&index| self.things.get(index).is_some_and(|thing| thing.holds(at)))
    }

    /// Returns the items that overlap the probe, whose distance is zero.
    fn overlapping(&self, probe: &Probe) -> BTreeMap<usize, Found> {
        let mut zero = BTreeMap::new();
        if probe.as_point().is_some() && self.polygons.size() == 0 {
            return zero;
        }
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
        if probe.has_inside() {
            for (index, thing) in self.things.iter().enumerate() {
                let held =
                    thing.pieces().iter().flat_map(Piece::ends).find(|&end| probe.holds(end));
                add(index, held.and_then(Position::from_coord));
            }
        }
        zero
    }

    /// Reduces candidate pieces to one answer per item.
    fn answers(
        &self,
        (from, center): (Position, Ecef),
        zero: BTreeMap<usize, Found>,
        mut near: Vec<Candidate>,
    ) -> Vec<Found> {
        // Of hundreds of pieces within reach few may be the nearest of their items; only those are sorted.
        let mut open: BTreeMap<usize, f64> = BTreeMap::new();
        for own in near.chunk_by(|a, b| a.owner == b.owner) {
            let Some(owner) = own.first().map(|candidate| candidate.owner) else { continue };
            let most = own.iter().map(|candidate| candidate.most).fold(f64::INFINITY, f64::min);
            let least = open.entry(owner).or_insert(f64::INFINITY);
            *least = least.min(most);
        }
        open.values_mut().for_each(|most| *most = still_open(*most));
        near.retain(|candidate| {
            open.get(&candidate.owner).is_some_and(|open| candidate.least <= *open)
        });
        near.sort_unstable_by_key(|candidate| (candidate.owner, candidate.piece));
        let mut all: Vec<Found> = near
            .chunk_by(|a, b| a.owner == b.owner)
            .filter_map(|own| {
                let owner = own.first()?.owner;
                if zero.contains_key(&owner) {
                    return None;
                }
                let approaches: Vec<Approach> = own
                    .iter()
                    .filter_map(|candidate| self.piece(candidate))
                    .map(|piece| {
                        let (to, chord2) = piece.toward(center);
                        Approach { from: from.coord(), to, chord2 }
                    })
                    .collect();
                shortest(owner, &approaches)
            })
            .collect();
        all.extend(zero.into_values());
        all
    }

    fn within_unsorted(&self, probe: &Probe, radius: Length) -> Vec<Found> {
        let reach = ChordBracket::new(radius).longer2.sqrt();
        let zero = self.overlapping(probe);
        let mut all = match probe.as_point() {
            Some(point) => self.answers(point, zero, self.near(point.1, reach)),
            None => self.answers_of_shape(probe, zero, reach),
        };
        all.retain(|found| found.distance <= radius);
        all
    }

    /// Returns the answers within a chord of a probe that is not a single point, using all of its
    /// pieces.
    fn answers_of_shape(
        &self,
        probe: &Probe,
        zero: BTreeMap<usize, Found>,
        reach: f64,
    ) -> Vec<Found> {
        let mut near: BTreeMap<usize, Vec<Approach>> = BTreeMap::new();
        for mine in probe.pieces() {
            let (middle, around) = mine.ball();
            for candidate in self.near(middle, reach + around) {
                if zero.contains_key(&candidate.owner) {
                    continue;
                }
                let Some(theirs) = self.piece(&candidate) else { continue };
                let approach = mine.approach(theirs);
                if approach.chord2 <= reach * reach {
                    near.entry(candidate.owner).or_default().push(approach);
                }
            }
        }
        let near = near.iter().filter_map(|(&owner, approaches)| shortest(owner, approaches));
        near.chain(zero.into_values()).collect()
    }

    /// Returns the `k` nearest items of a position.
    fn nearest_of_point(&self, probe: &Probe, point: (Position, Ecef), k: usize) -> Vec<Found> {
        let zero = self.overlapping(probe);
        let near = match k.saturating_sub(zero.len()) {
            // An item may be at distance zero without overlapping, and have a smaller index.
            0 => self.near(point.1, ChordBracket::new(Length::ZERO).longer2.sqrt()),
            // The pieces of overlapping items may be among the nearest, too.
            _ => self.nearest_pieces(point.1, k),
        };
        self.answers(point, zero, near)
    }
}

/// Adds the pieces of an item to a draft; consecutive ones form one line.
struct Add<'a> {
    draft: &'a mut Draft,
    owner: usize,
    pieces: &'a [Piece],
}

impl NullaryFnOnce for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let mut first = 0;
        let mut line: Vec<Coord<f64>> = Vec::with_capacity(self.pieces.len() + 1);
        for stretch in self.pieces.chunk_by(|a, b| a.ends()[1] == b.ends()[0]) {
            line.clear();
            line.extend(stretch.first().map(|piece| piece.ends()[0]));
            line.extend(stretch.iter().map(|piece| piece.ends()[1]));
            self.draft.line(self.owner, first, &line, in_space);
            first += stretch.len();
        }
    }
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
            Some(point) => self.nearest_of_point(probe, point, k),
            None => widening(k, self.things.len(), |radius| self.within_unsorted(probe, radius)),
        };
        all.sort_by(by_distance);
        all.truncate(k);
        all
    }
}

/// Returns at least the `k` nearest, by queries with increasing radii.
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
