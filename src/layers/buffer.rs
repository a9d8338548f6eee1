//! Buffers of positions: everything within a distance, as a polygon that can be drawn in longitude and
//! latitude anywhere on Earth, across poles and the antimeridian too.

use crate::earth::antimeridian::{CutError, Winding, cut_polygons_wound};
use crate::earth::{FLATTENING, Lat, Length, Lon, Position, SEMI_MAJOR, drawn_area, geodesic};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

/// The resolution of a circle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fineness {
    /// Corners of a ring.
    pub corners: u16,
    /// Largest deviation of an edge from the circle, as a share of its radius.
    pub stray: f64,
}

/// The ring around a point. An inscribed 90-gon lacks 1 − sin 4° / 4° (in radians), 0.081 %, of its circle.
/// Its edges deviate by 1 − cos 2°, 0.00061; the area is then off by 4/3 of this at most, 0.09 %.
const FINE: Fineness = Fineness { corners: 90, stray: 0.000_65 };

/// Most halvings of an edge; the shortest piece is then under half a meter.
const HALVINGS: u32 = 20;

/// The least radius: below it corners are less than a millimeter apart.
const LEAST: Length = Length::from_meters(0.01);

/// The largest radius. Beyond it, near the antipode, geodesics of that length begin to cross (the cut locus
/// of a position on the equator begins at π b, 19,970 km) and the area within the radius has no simple
/// ring.
const MOST: Length = Length::from_km(19_900.0);

/// The area within a distance of a position.
#[derive(Debug, Clone, PartialEq)]
pub struct Buffer {
    /// The ring, cut at the antimeridian and closed around the poles; right-handed and valid.
    pub shape: MultiPolygon<f64>,
    /// The area of the ring as drawn.
    ///
    /// # Units
    /// Square kilometers.
    pub area_km2: f64,
}

/// Why a radius has no ring.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum BufferError {
    /// Zero, or too short to draw.
    #[error("a radius of {0} is too short for a ring; the least is {LEAST}")]
    TooShort(Length),
    /// So long that the ring would meet itself on the far side of the Earth.
    #[error("a radius of {0} reaches around the Earth; the most is {MOST}")]
    TooLong(Length),
    /// The ring could not be cut at the antimeridian.
    #[error(transparent)]
    Uncut(#[from] CutError),
}

/// The ring around a position. Its corners lie exactly at the radius, so that it is inscribed, and its area
/// is within 0.1 % of that within the radius on the ellipsoid. Edges are straight in longitude and
/// latitude, as maps draw them. Corners are added where such an edge would deviate from the circle, near a
/// pole or at radii of thousands of kilometers.
///
/// # Errors
/// The radius is under 1 cm or over 19,900 km.
pub fn buffer(center: Position, radius: Length) -> Result<Buffer, BufferError> {
    has_ring(radius)?;
    let shape = circle(center, radius, FINE)?;
    let area_km2 = drawn_area(&shape) / 1e6;
    Ok(Buffer { shape, area_km2 })
}

/// Checks that a radius has a ring, which does not depend on the place.
///
/// # Errors
/// Those of [`buffer`].
pub(super) fn has_ring(radius: Length) -> Result<(), BufferError> {
    if radius < LEAST {
        return Err(BufferError::TooShort(radius));
    }
    if radius > MOST {
        return Err(BufferError::TooLong(radius));
    }
    Ok(())
}

/// The area within a radius that has a ring, cut at the antimeridian.
pub(super) fn circle(
    center: Position,
    radius: Length,
    fine: Fineness,
) -> Result<MultiPolygon<f64>, CutError> {
    let corners = corners(center, radius, fine);
    let ring = LineString(round_off_poles(&corners));
    // The ring runs counterclockwise around its center, so that its interior is on its left even if it
    // contains more than half the Earth.
    cut_polygons_wound(&MultiPolygon(vec![Polygon::new(ring, Vec::new())]), Winding::Trust)
}

/// The corners, counterclockwise, the first not repeated.
fn corners(center: Position, radius: Length, fine: Fineness) -> Vec<Position> {
    let step = 360.0 / f64::from(fine.corners);
    let at = |bearing: f64| geodesic::direct(center, bearing, radius);
    let even: Vec<(f64, Position)> = (0..=fine.corners)
        .map(|i| f64::from(fine.corners - i) * step)
        .map(|bearing| (bearing, at(bearing)))
        .collect();
    if edges_are_short(center.lat(), radius) {
        let corners = even.into_iter().take(usize::from(fine.corners));
        return corners.map(|(_, corner)| corner).collect();
    }
    let mut corners = Vec::with_capacity(even.len());
    // Second halves of edges still to be checked, the nearest on top.
    let mut ahead: Vec<(f64, Position, u32)> = Vec::new();
    for (from, to) in even.iter().zip(even.iter().skip(1)) {
        let mut here = *from;
        ahead.push((to.0, to.1, 0));
        while let Some((bearing, corner, halvings)) = ahead.last().copied() {
            if halvings < HALVINGS && strays(center, radius, fine.stray, [here.1, corner]) {
                let middle = (here.0 + bearing) / 2.0;
                ahead.pop();
                ahead.push((bearing, corner, halvings + 1));
                ahead.push((middle, at(middle), halvings + 1));
            } else {
                corners.push(here.1);
                here = (bearing, corner);
                ahead.pop();
            }
        }
    }
    corners
}

/// Whether evenly spaced corners are certainly enough. A straight edge in longitude and latitude of length
/// s differs from the geodesic by s² tan φ / 8 R, which is r tan φ / R of the sagitta of a 90-gon's edge,
/// and the tolerance leaves room for 6 % of it.
pub(super) fn edges_are_short(lat: f64, radius: Length) -> bool {
    let angle = radius.meters() / (SEMI_MAJOR * (1.0 - FLATTENING));
    let highest = lat.abs().to_radians() + angle;
    highest < 1.5 && angle * libm::tan(highest) < 0.06
}

/// Whether the straight edge between two corners deviates from the circle by more than the tolerance, or is
/// so wide that the side on which it passes the pole is ambiguous.
fn strays(center: Position, radius: Length, stray: f64, [from, to]: [Position; 2]) -> bool {
    let mut width = to.lon() - from.lon();
    if width.abs() > 180.0 {
        width -= 360f64.copysign(width);
    }
    if near_pole(from) || near_pole(to) {
        // At a pole every longitude is the same place; the corner there takes its neighbor's.
        width = 0.0;
    }
    let origin = if near_pole(from) { to.lon() } else { from.lon() };
    let off = |part: f64| {
        let lat = from.lat() + part * (to.lat() - from.lat());
        let place = Lon::wrapped(origin + part * width).zip(Lat::new(lat));
        place.is_some_and(|(lon, lat)| {
            let distance = geodesic::distance(center, Position::new(lon, lat));
            (distance.meters() - radius.meters()).abs() > stray * radius.meters()
        })
    };
    width.abs() > 90.0 || [0.25, 0.5, 0.75].into_iter().any(off)
}

fn near_pole(position: Position) -> bool {
    90.0 - position.lat().abs() < 1e-9
}

/// The corners as coordinates. A corner at a pole becomes an edge along it, from the longitude of the
/// previous corner to that of the next.
fn round_off_poles(corners: &[Position]) -> Vec<Coord<f64>> {
    let mut ring = Vec::with_capacity(corners.len() + 2);
    let before = corners.iter().cycle().skip(corners.len().saturating_sub(1));
    let after = corners.iter().cycle().skip(1);
    for ((corner, before), after) in corners.iter().zip(before).zip(after) {
        if near_pole(*corner) {
            let y = 90f64.copysign(corner.lat());
            ring.push(Coord { x: before.lon(), y });
            ring.push(Coord { x: after.lon(), y });
        } else {
            ring.push(corner.coord());
        }
    }
    ring
}
