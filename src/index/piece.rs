//! Pieces of shapes, which are points or short edges, and the nearest places of two pieces.
//!
//! An edge is straight in longitude and latitude. It is cut into pieces of at most 10 km and 10° of
//! longitude, short enough for the distance along a piece to any other place to have a single
//! minimum.

use super::Found;
use super::runs::departure;
use crate::earth::{ChordBracket, Ecef, FLATTENING, Position, SEMI_MAJOR, sin_cos};
use geo_types::{Coord, LineString};

/// First eccentricity squared.
const E2: f64 = FLATTENING * (2.0 - FLATTENING);

/// Longest piece of an edge, in meters and in degrees of longitude.
const LONGEST_METERS: f64 = 10_000.0;
const LONGEST_DEGREES: f64 = 10.0;

/// A point, with two equal ends, or a short edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece {
    a: Coord<f64>,
    b: Coord<f64>,
}

/// The nearest places of two pieces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Approach {
    pub from: Coord<f64>,
    pub to: Coord<f64>,
    pub chord2: f64,
}

/// A place on an edge in space, with its derivatives along the edge.
#[derive(Debug, Clone, Copy)]
struct Moving {
    place: [f64; 3],
    first: [f64; 3],
    second: [f64; 3],
}

impl Moving {
    /// Half the derivative of the squared chord to a point.
    fn slope(&self, point: Ecef) -> f64 {
        dot(less(self.place, point.0), self.first)
    }
}

impl Piece {
    pub fn point(position: Position) -> Self {
        Self { a: position.coord(), b: position.coord() }
    }

    /// An edge short enough to be a piece of its own.
    pub fn edge([from, to]: [Position; 2]) -> Self {
        Self { a: from.coord(), b: to.coord() }
    }

    pub fn is_point(&self) -> bool {
        self.a == self.b
    }

    pub fn ends(&self) -> [Coord<f64>; 2] {
        [self.a, self.b]
    }

    /// Returns the pieces of a line, in order.
    pub fn cut(line: &LineString<f64>) -> Vec<Self> {
        let mut pieces = Vec::new();
        for edge in line.lines() {
            let count = pieces_of(edge.start, edge.end);
            let at = |i: u32| lerp(edge.start, edge.end, f64::from(i) / f64::from(count));
            pieces.extend((0..count).map(|i| Self { a: at(i), b: at(i + 1) }));
        }
        if pieces.is_empty() {
            pieces.extend(line.0.first().map(|&only| Self { a: only, b: only }));
        }
        pieces
    }

    /// Returns a ball that contains the piece: its center in space and its radius in meters.
    pub fn ball(&self) -> (Ecef, f64) {
        let [from, to] = self.ends().map(|end| ecef(end).0);
        let ([ax, ay, az], [bx, by, bz]) = (from, to);
        let middle = Ecef([f64::midpoint(ax, bx), f64::midpoint(ay, by), f64::midpoint(az, bz)]);
        let half = Ecef(from).chord2(Ecef(to)).sqrt() / 2.0;
        let departure = departure(self.a, self.b, ax * ax + ay * ay, bx * bx + by * by);
        (middle, half + departure + 1e-6)
    }

    /// Returns the nearest place of this piece to a point in space, and the square of the chord to
    /// it.
    pub fn toward(&self, point: Ecef) -> (Coord<f64>, f64) {
        if self.is_point() {
            return (self.a, ecef(self.a).chord2(point));
        }
        let (from, to) = (self.moving(0.0), self.moving(1.0));
        let end2 = [Ecef(from.place).chord2(point), Ecef(to.place).chord2(point)];
        let best_end = if end2[1] < end2[0] { (self.b, end2[1]) } else { (self.a, end2[0]) };
        // Along a piece the distance has a single minimum: if it increases from the start or
        // decreases towards the end, that end is the nearest place.
        if from.slope(point) >= 0.0 && best_end.0 == self.a
            || to.slope(point) <= 0.0 && best_end.0 == self.b
        {
            return best_end;
        }
        let (inner, chord2) = self.descend(point, from.place, to.place);
        if chord2 < best_end.1 { (inner, chord2) } else { best_end }
    }

    /// Minimizes the squared chord along the edge by Newton's method, clamped to its ends, starting
    /// from the nearest place on the straight line in space between them.
    fn descend(&self, point: Ecef, from: [f64; 3], to: [f64; 3]) -> (Coord<f64>, f64) {
        let along = less(to, from);
        let mut t = (dot(along, less(point.0, from)) / dot(along, along)).clamp(0.0, 1.0);
        if t.is_nan() {
            t = 0.5;
        }
        for _ in 0..24 {
            let at = self.moving(t);
            let speed2 = dot(at.first, at.first);
            let bend = speed2 + dot(less(at.place, point.0), at.second);
            if bend <= 1e-6 * speed2 || speed2 == 0.0 {
                break;
            }
            let next = (t - at.slope(point) / bend).clamp(0.0, 1.0);
            let moved2 = (next - t) * (next - t) * speed2;
            t = next;
            // The remaining error is the square of the last step, in radii of the Earth: after a step
            // of a tenth of a millimeter, less than a nanometer.
            if moved2 < 1e-8 {
                break;
            }
        }
        let at = lerp(self.a, self.b, t);
        (at, ecef(at).chord2(point))
    }

    /// Returns the place in space at a fraction of the edge, and its first and second derivative. The
    /// second derivative ignores the change of the meridian's curvature, which only slows convergence
    /// of the last digits.
    fn moving(&self, t: f64) -> Moving {
        let (dlon, dlat) = ((self.b.x - self.a.x).to_radians(), (self.b.y - self.a.y).to_radians());
        let at = lerp(self.a, self.b, t);
        let (sin_lat, cos_lat) = sin_cos(at.y);
        let (sin_lon, cos_lon) = sin_cos(at.x);
        let w2 = 1.0 - E2 * sin_lat * sin_lat;
        let prime = SEMI_MAJOR / w2.sqrt();
        let meridian = prime * (1.0 - E2) / w2;
        let across = prime * cos_lat;
        let (p1, p2) = (-meridian * sin_lat * dlat, -meridian * cos_lat * dlat * dlat);
        Moving {
            place: [across * cos_lon, across * sin_lon, prime * (1.0 - E2) * sin_lat],
            first: [
                p1 * cos_lon - across * sin_lon * dlon,
                p1 * sin_lon + across * cos_lon * dlon,
                meridian * cos_lat * dlat,
            ],
            second: [
                p2 * cos_lon - 2.0 * p1 * sin_lon * dlon - across * cos_lon * dlon * dlon,
                p2 * sin_lon + 2.0 * p1 * cos_lon * dlon - across * sin_lon * dlon * dlon,
                -meridian * sin_lat * dlat * dlat,
            ],
        }
    }

    /// Returns the length of the piece within a chord of a point in space: the stretch around the
    /// nearest place, whose ends are found by bisection.
    pub fn stretch_within(&self, center: Ecef, chord2: f64) -> Option<(Coord<f64>, Coord<f64>)> {
        let (nearest, least) = self.toward(center);
        if least > chord2 || self.is_point() {
            return None;
        }
        let end = |outer: Coord<f64>| {
            if ecef(outer).chord2(center) <= chord2 {
                return outer;
            }
            // 40 bisections of 10 km leave a hundredth of a micrometer.
            let (mut inside, mut outside) = (0.0, 1.0);
            for _ in 0..40 {
                let middle = f64::midpoint(inside, outside);
                if ecef(lerp(nearest, outer, middle)).chord2(center) <= chord2 {
                    inside = middle;
                } else {
                    outside = middle;
                }
            }
            lerp(nearest, outer, inside)
        };
        Some((end(self.a), end(self.b)))
    }

    /// Returns the nearest places of two pieces; the chord is zero if they cross.
    pub fn approach(&self, other: &Self) -> Approach {
        if self.is_point() {
            let (to, chord2) = other.toward(ecef(self.a));
            return Approach { from: self.a, to, chord2 };
        }
        if let Some(at) = self.crossing(other) {
            return Approach { from: at, to: at, chord2: 0.0 };
        }
        let from_ends = self.ends().map(|from| {
            let (to, chord2) = other.toward(ecef(from));
            Approach { from, to, chord2 }
        });
        let to_ends = other.ends().map(|to| {
            let (from, chord2) = self.toward(ecef(to));
            Approach { from, to, chord2 }
        });
        let mut best = from_ends[0];
        for next in [from_ends[1], to_ends[0], to_ends[1]] {
            if next.chord2 < best.chord2 {
                best = next;
            }
        }
        // Edges that are straight in longitude and latitude bend on the ground, so the nearest places
        // may be interior to both: minimize along each in turn.
        for _ in 0..16 {
            let (to, _) = other.toward(ecef(best.from));
            let (from, chord2) = self.toward(ecef(to));
            let gained = best.chord2 - chord2;
            if chord2 < best.chord2 {
                best = Approach { from, to, chord2 };
            }
            if gained <= 1e-6 {
                break;
            }
        }
        best
    }

    /// Returns the intersection of two edges in longitude and latitude, if they cross or touch.
    fn crossing(&self, other: &Self) -> Option<Coord<f64>> {
        use geo::line_intersection::{LineIntersection, line_intersection};
        let line = |piece: &Self| geo_types::Line::new(piece.a, piece.b);
        match line_intersection(line(self), line(other))? {
            LineIntersection::SinglePoint { intersection, .. } => Some(intersection),
            LineIntersection::Collinear { intersection } => Some(intersection.start),
        }
    }
}

/// Returns the shortest of several approaches as a geodesic: ranked by chord, and measured by
/// Karney's algorithm wherever the chords leave the order open.
pub(super) fn shortest(index: usize, approaches: &[Approach]) -> Option<Found> {
    let measure = |approach: &Approach| {
        let from = Position::from_coord(approach.from)?;
        let to = Position::from_coord(approach.to)?;
        Some(Found::between(index, from, to))
    };
    let first = approaches.iter().min_by(|a, b| a.chord2.total_cmp(&b.chord2))?;
    let mut best = measure(first)?;
    let open = ChordBracket::new(best.distance).longer2;
    // Two edges that share the nearest place give the same approach.
    let other = |a: &&Approach| a.chord2 <= open && (a.from, a.to) != (first.from, first.to);
    for approach in approaches.iter().filter(other) {
        let found = measure(approach)?;
        if found.distance < best.distance {
            best = found;
        }
    }
    Some(best)
}

/// Returns the number of pieces of an edge.
fn pieces_of(a: Coord<f64>, b: Coord<f64>) -> u32 {
    let north = SEMI_MAJOR * 1.01 * (b.y - a.y).to_radians();
    // Fast path: most edges are short at any latitude.
    let widest = SEMI_MAJOR * 1.01 * (b.x - a.x).to_radians();
    if north * north + widest * widest <= LONGEST_METERS * LONGEST_METERS {
        return 1;
    }
    let widest = if a.y * b.y <= 0.0 { 0.0 } else { a.y.abs().min(b.y.abs()) };
    let east = SEMI_MAJOR * 1.01 * libm::cos(widest.to_radians()) * (b.x - a.x).to_radians();
    let by_length = libm::hypot(north, east) / LONGEST_METERS;
    let by_degrees = (b.x - a.x).abs() / LONGEST_DEGREES;
    // At most once around the Earth, about 4,100 pieces.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let count = by_length.max(by_degrees).ceil().clamp(1.0, 10_000.0) as u32;
    count
}

pub(super) fn ecef(at: Coord<f64>) -> Ecef {
    // Places on an edge between two valid positions are valid positions.
    Position::from_coord(at).map_or(Ecef([f64::NAN; 3]), Ecef::from)
}

fn lerp(a: Coord<f64>, b: Coord<f64>, t: f64) -> Coord<f64> {
    if t <= 0.0 {
        a
    } else if t >= 1.0 {
        b
    } else {
        Coord { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) }
    }
}

fn less(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
