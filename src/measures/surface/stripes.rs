//! Columns of a grid in longitude and latitude cut into stripes, and which of them an incident reaches.

use super::{number, whole};
use crate::earth::{Grid, RADIUS_MIN, SEMI_MAJOR};
use std::f64::consts::FRAC_PI_2;

/// Columns cut into stripes of equal width, and the reach of the kernel in rows.
#[derive(Debug)]
pub(super) struct Stripes {
    /// How many there are.
    pub count: usize,
    /// Columns in each but the last.
    pub columns: usize,
    /// Degrees in a column.
    pub step: f64,
    /// Columns in a whole turn.
    turn: f64,
    /// Rows above and below a row in which there may be something in reach.
    pub reach: usize,
    /// All rows, with as many above and below as are in reach.
    pub rows: usize,
    west: f64,
    north: f64,
    /// Degrees in a row.
    height: f64,
    /// The most that the kernel's reach can be as a sine of an angle at the Earth's axis, times the
    /// distance from it, in meters.
    sine: f64,
    /// Columns in a radian.
    per_radian: f64,
}

impl Stripes {
    /// For a grid and a zone of influence in meters.
    pub fn new(grid: &Grid, zone: f64) -> Self {
        let [dx, dy] = grid.cell();
        let [west, south, _, north] = grid.edges();
        let widest = if south <= 0.0 && north >= 0.0 { 0.0 } else { south.abs().min(north.abs()) };
        // Twelve zones of influence, so that the kernel seen from a stripe's far end stays small.
        let parallel = SEMI_MAJOR * libm::cos(widest.to_radians());
        let zones = 12.0 * zone / (dx.to_radians() * parallel);
        let columns = whole(zones.min(224.0).min((60.0 / dx).floor()).max(1.0));
        let width = usize::try_from(grid.width()).unwrap_or(0);
        // A degree along a meridian is nowhere shorter than with the smallest radius of curvature.
        let degrees = (zone / RADIUS_MIN).to_degrees() * (1.0 + 1e-9);
        // Nothing lies more rows away than there are between the poles.
        // A row's center is half a row from its edges.
        let reach = whole(((degrees / dy).min(180.0 / dy) - 0.499_999).ceil().max(0.0));
        Self {
            count: width.div_ceil(columns),
            columns,
            step: dx,
            turn: 360.0 / dx,
            reach,
            rows: usize::try_from(grid.height()).unwrap_or(0) + 2 * reach,
            west,
            north,
            height: dy,
            sine: (zone / RADIUS_MIN).min(1.0) * 6_400_000.0 * 1.001,
            per_radian: 1.0 / dx.to_radians(),
        }
    }

    /// The row of a latitude, counted from as many above the grid as are in reach, as a whole number.
    #[inline(always)]
    pub fn row(&self, lat: f64) -> f64 {
        ((self.north - lat) / self.height + number(self.reach)).floor()
    }

    /// Columns east of the grid's western edge to a longitude, from 0 to a turn.
    #[inline(always)]
    pub fn column(&self, lon: f64) -> f64 {
        let column = (lon - self.west) / self.step;
        column - (column / self.turn).floor() * self.turn
    }

    /// The angle in degrees from a stripe's middle to a place given in columns from the center of its
    /// first one.
    #[inline(always)]
    pub fn angle(&self, column: f64) -> f64 {
        (column + 0.5 - 0.5 * number(self.columns)) * self.step
    }

    /// How many columns away an incident may count, given the distance from the Earth's axis; infinity where
    /// all of a row may be in reach.
    #[inline(always)]
    pub fn aside(&self, radius: f64) -> f64 {
        // The disk about an incident spans asin(sin ρ / cos φ) on a sphere; radii are taken for the
        // worst on the ellipsoid. The arcsine is at most this polynomial.
        let s = self.sine / radius;
        let aside = (s + (FRAC_PI_2 - 1.0) * s * s * s) * self.per_radian + 1.0;
        if s < 1.0 { aside } else { f64::INFINITY }
    }

    /// Shows each stripe that an incident may reach, with the incident's place in columns from the center
    /// of the stripe's first one, and whether it is the incident itself rather than the same one seen a turn
    /// away.
    ///
    /// `column` counts columns east of the grid's western edge, from 0 to a turn; `aside` is how many away
    /// it may count.
    #[inline(always)]
    pub fn reached(&self, column: f64, aside: f64, mut each: impl FnMut(usize, f64, bool)) {
        let columns = number(self.columns);
        let last = number(self.count) - 1.0;
        if aside < f64::INFINITY {
            for turns in [0.0, -self.turn, self.turn] {
                let (first, end) = (column + turns - aside, column + turns + aside);
                if end < 0.0 || first >= columns * (last + 1.0) {
                    continue;
                }
                let first = (first / columns).floor().max(0.0);
                let end = (end / columns).floor().min(last);
                for stripe in whole(first)..=whole(end) {
                    each(stripe, column + turns - number(stripe) * columns - 0.5, true);
                }
            }
        } else {
            for stripe in 0..self.count {
                let from = column - number(stripe) * columns - 0.5;
                let east = from - 0.5 * columns;
                let nearest = if east > 0.5 * self.turn {
                    from - self.turn
                } else if east < -0.5 * self.turn {
                    from + self.turn
                } else {
                    from
                };
                each(stripe, nearest, true);
                each(stripe, nearest - self.turn, false);
                each(stripe, nearest + self.turn, false);
            }
        }
    }
}
