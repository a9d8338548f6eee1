//! Conservative bounding boxes in Earth-centered space of pieces of shapes.

use super::piece::Piece;
use crate::earth::{SEMI_MAJOR, meridian, sin_cos};
use rstar::AABB;

/// Returns the box of the patch of ground between the ends' longitudes and latitudes, which
/// contains the whole piece.
pub(super) fn enclose(piece: &Piece) -> AABB<[f64; 3]> {
    let [a, b] = piece.ends();
    let (south, north) = (a.y.min(b.y), a.y.max(b.y));
    let (west, east) = (a.x.min(b.x), a.x.max(b.x));
    let (far_s, z_s) = meridian(south);
    let (far_n, z_n) = meridian(north);
    // The distance from the axis decreases from the equator to both poles.
    let outer = if south <= 0.0 && north >= 0.0 { SEMI_MAJOR } else { far_s.max(far_n) };
    let inner = far_s.min(far_n);
    let (cos_lo, cos_hi) = cosines(west, east);
    let (sin_lo, sin_hi) = cosines(west - 90.0, east - 90.0);
    let least = |c: f64| if c < 0.0 { c * outer } else { c * inner };
    let most = |c: f64| if c < 0.0 { c * inner } else { c * outer };
    // One micrometer covers the rounding of the sines above.
    const SLACK: f64 = 1e-6;
    AABB::from_corners(
        [least(cos_lo) - SLACK, least(sin_lo) - SLACK, z_s - SLACK],
        [most(cos_hi) + SLACK, most(sin_hi) + SLACK, z_n + SLACK],
    )
}

/// Returns the least and the greatest cosine of the angles from `west` to `east`, in degrees.
fn cosines(west: f64, east: f64) -> (f64, f64) {
    let (at_west, at_east) = (sin_cos(west).1, sin_cos(east).1);
    let passes = |angle: f64| (west..=east).contains(&angle);
    let least = if [-180.0, 180.0].into_iter().any(passes) { -1.0 } else { at_west.min(at_east) };
    let most =
        if [-360.0, 0.0, 360.0].into_iter().any(passes) { 1.0 } else { at_west.max(at_east) };
    (least, most)
}
