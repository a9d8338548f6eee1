//! A shape prepared for queries: its pieces, and the interior of its polygons.

use super::Found;
use super::piece::{Approach, Piece, shortest};
use crate::earth::{Ecef, Position, Shape};
use geo::Contains;
use geo::indexed::IntervalTreeMultiPolygon;
use geo_types::Coord;

/// A shape cut into pieces.
pub struct Probe {
    pieces: Pieces,
    inside: Option<Box<IntervalTreeMultiPolygon<f64>>>,
    point: Option<(Position, Ecef)>,
}

/// Most sites are points: the single piece of a point needs no list.
enum Pieces {
    One([Piece; 1]),
    Many(Vec<Piece>),
}

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Probe").field("pieces", &self.pieces().len()).finish_non_exhaustive()
    }
}

impl Probe {
    /// Creates a probe for a position.
    pub fn point(position: Position) -> Self {
        Self {
            pieces: Pieces::One([Piece::point(position)]),
            inside: None,
            point: Some((position, Ecef::from(position))),
        }
    }

    /// Creates a probe for any shape.
    pub fn new(shape: &Shape) -> Self {
        if let Some(position) = shape.as_point() {
            return Self::point(position);
        }
        let pieces = match shape {
            Shape::Points(points) => points.iter().copied().map(Piece::point).collect(),
            _ => shape.paths().into_iter().flat_map(Piece::cut).collect(),
        };
        let inside = match shape {
            Shape::Polygons(polygons) => Some(Box::new(IntervalTreeMultiPolygon::new(polygons))),
            _ => None,
        };
        Self { pieces: Pieces::Many(pieces), inside, point: None }
    }

    /// Creates a probe for a sequence of short edges, each straight in longitude and latitude and at most 10 km long,
    /// none of which crosses the antimeridian.
    pub(crate) fn of_edges(edges: impl IntoIterator<Item = [Position; 2]>) -> Self {
        let pieces = edges.into_iter().map(Piece::edge).collect();
        Self { pieces: Pieces::Many(pieces), inside: None, point: None }
    }

    /// The edges of lines and rings in order, cut to at most 10 km; a point is an edge of length zero.
    pub(crate) fn edges(&self) -> impl Iterator<Item = [Position; 2]> + '_ {
        self.pieces().iter().filter_map(|piece| {
            let [from, to] = piece.ends();
            Some([Position::from_coord(from)?, Position::from_coord(to)?])
        })
    }

    /// Returns the edge that comes nearest to a position, as its number, and the place on it; the first of several.
    /// `None` for an empty shape. The interior of polygons does not count.
    pub(crate) fn foot(&self, of: Position) -> Option<(usize, Position)> {
        let of = Ecef::from(of);
        let mut best: Option<(f64, usize, Coord<f64>)> = None;
        for (edge, piece) in self.pieces().iter().enumerate() {
            let (to, chord2) = piece.toward(of);
            if best.is_none_or(|(least, ..)| chord2 < least) {
                best = Some((chord2, edge, to));
            }
        }
        let (_, edge, to) = best?;
        Some((edge, Position::from_coord(to)?))
    }

    /// Returns the position if the probe is a single point.
    pub fn position(&self) -> Option<Position> {
        self.point.map(|(position, _)| position)
    }

    /// Returns the position and its place in space if the probe is a single point.
    pub(super) fn as_point(&self) -> Option<(Position, Ecef)> {
        self.point
    }

    pub(super) fn pieces(&self) -> &[Piece] {
        match &self.pieces {
            Pieces::One(piece) => piece,
            Pieces::Many(pieces) => pieces,
        }
    }

    /// Whether the probe has polygons, so that it can contain something.
    pub(super) fn has_inside(&self) -> bool {
        self.inside.is_some()
    }

    /// Whether a place lies inside the probe's polygons.
    pub(super) fn holds(&self, at: Coord<f64>) -> bool {
        self.inside.as_ref().is_some_and(|inside| inside.contains(&at))
    }

    /// Returns the shortest geodesic from this shape to another, by comparing all pieces of both;
    /// the answer has the given `index`. `None` if either shape is empty.
    pub fn find(&self, index: usize, other: &Self) -> Option<Found> {
        if let Some(at) = self.overlap(other) {
            return Some(Found::touching(index, at));
        }
        shortest(index, &self.approaches(other.pieces().iter()))
    }

    /// Returns a place where one shape contains an end of the other, if there is one. Shapes that
    /// only cross are detected by their pieces.
    pub(super) fn overlap(&self, other: &Self) -> Option<Position> {
        let first_held = |holder: &Self, held: &Self| {
            holder.inside.as_ref()?;
            held.pieces()
                .iter()
                .flat_map(Piece::ends)
                .find(|&end| holder.holds(end))
                .and_then(Position::from_coord)
        };
        first_held(other, self).or_else(|| first_held(self, other))
    }

    /// Collects the approaches of every piece of this shape to some pieces of another.
    pub(super) fn approaches<'a>(
        &self,
        pieces: impl Iterator<Item = &'a Piece> + Clone,
    ) -> Vec<Approach> {
        self.pieces()
            .iter()
            .flat_map(|mine| pieces.clone().map(move |theirs| mine.approach(theirs)))
            .collect()
    }
}
