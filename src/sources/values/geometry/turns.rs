//! Longitudes beyond ±180: the direction of an edge of more than half a turn.
//!
//! If all longitudes of a path lie within ±180, such an edge goes the short way, over the antimeridian. A path
//! with other longitudes is written from 0 to 360, from −360 to 0 or from the edge of its map, and every edge
//! goes as written. There are two exceptions: a path that counts from 0 to 360 and crosses Greenwich from 359 to
//! 1, and a ring around a pole that ends where it began.

use geo_types::Coord;

/// The kind of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Path {
    Line,
    /// A closed path: the last position is joined to the first.
    Ring,
}

/// The shortest edge that counts as crossing the end of the longitude count.
///
/// # Units
/// Degrees.
const OVER_THE_END: f64 = 270.0;
/// The longest edge of a path drawn so finely that a straight edge of more than half a turn cannot be meant.
///
/// # Units
/// Degrees.
const FINE: f64 = 30.0;

/// The longest edge of a ring around a pole.
///
/// # Units
/// Degrees.
const THIRD: f64 = 120.0;
/// The latitude beyond which a ring around a pole is expected.
///
/// # Units
/// Degrees.
const POLAR: f64 = 40.0;

/// The maximum length in degrees of the parts into which an edge as written is cut: the short way along each part
/// is then the way as written.
const PART: f64 = 100.0;

/// Lays out the edges of a path as written, if it has longitudes beyond ±180; returns whether any of them is
/// longer than half a turn.
pub(super) fn as_written(path: &mut Vec<Coord<f64>>, kind: Path) -> bool {
    let spread = |fold: fn(f64, f64) -> f64| path.iter().map(|c| c.x).reduce(fold).unwrap_or(0.0);
    let (west, east) = (spread(f64::min), spread(f64::max));
    let counts_once = west >= 0.0 || east <= 0.0;
    let fits = if counts_once { east - west <= 360.0 } else { east - west < 360.0 };
    if (west >= -180.0 && east <= 180.0) || !fits || goes_the_short_way(path, kind) {
        return false;
    }
    let mut laid = Vec::with_capacity(path.len());
    let mut long = false;
    for [from, to] in edges(path, kind) {
        laid.push(from);
        let width = to.x - from.x;
        if width.abs() < 180.0 {
            continue;
        }
        long |= width.abs() > 180.0;
        let parts = (width.abs() / PART).ceil();
        let mut part = 1.0;
        while part < parts {
            let share = part / parts;
            laid.push(Coord { x: from.x + share * width, y: from.y + share * (to.y - from.y) });
            part += 1.0;
        }
    }
    if kind == Path::Line || path.first() == path.last() {
        laid.extend(path.last().copied());
    }
    *path = laid;
    long
}

fn edges(path: &[Coord<f64>], kind: Path) -> impl Iterator<Item = [Coord<f64>; 2]> {
    let closing = match (kind, path.first(), path.last()) {
        (Path::Ring, Some(first), Some(last)) if first != last => Some([*last, *first]),
        _ => None,
    };
    let pairs = path.iter().zip(path.iter().skip(1)).map(|(from, to)| [*from, *to]);
    pairs.chain(closing)
}

/// Whether the edges of more than half a turn cross the end of the longitude count.
fn goes_the_short_way(path: &[Coord<f64>], kind: Path) -> bool {
    let (mut shortest_long, mut longest_short, mut shorts) = (f64::INFINITY, 0.0_f64, 0);
    let mut turned = 0.0;
    for [from, to] in edges(path, kind) {
        let width = to.x - from.x;
        if width.abs() > 180.0 && from.y == to.y && from.y.abs() == 90.0 {
            // An edge along the pole closes the map sheet; there is no other way along it.
            return false;
        }
        turned += super::polygons::step(from.x, to.x);
        if width.abs() > 180.0 {
            shortest_long = shortest_long.min(width.abs());
        } else if width != 0.0 {
            longest_short = longest_short.max(width.abs());
            shorts += 1;
        }
    }
    if kind == Path::Ring && turned.abs() > 180.0 {
        let polar = |sign: f64| path.iter().all(|c| c.y * sign >= POLAR);
        return shortest_long >= 360.0 - THIRD
            && longest_short <= THIRD
            && (polar(1.0) || polar(-1.0));
    }
    shorts >= 2 && shortest_long >= OVER_THE_END && longest_short <= FINE
}
