//! Columns of a grid in longitude and latitude cut into stripes, and the stripes that an incident reaches.

use super::{number, whole};
use crate::earth::{Grid, RADIUS_MIN, SEMI_MAJOR, meridian};
use std::f64::consts::FRAC_PI_2;

/// Maximum number of columns in a stripe: a byte can number them and the end of the last one.
const COLUMNS: f64 = 224.0;

/// Columns cut into stripes of equal width, and the reach of the kernel in rows.
#[derive(Debug)]
pub(super) struct Stripes {
    /// Number of stripes.
    pub count: usize,
    /// Columns of each stripe except the last.
    pub columns: usize,
    /// Degrees per column.
    pub step: f64,
    /// Columns per turn.
    turn: f64,
    /// Rows above and below a row within reach.
    pub reach: usize,
    /// All rows, plus those within reach above and below.
    pub rows: usize,
    west: f64,
    north: f64,
    /// Degrees per row.
    height: f64,
    rows_per_degree: f64,
    columns_per_degree: f64,
    turns_per_column: f64,
    /// Upper bound on the kernel's reach as the sine of an angle at the Earth's axis, times the distance
    /// from it, in meters.
    sine: f64,
    /// Columns per radian.
    per_radian: f64,
}

impl Stripes {
    /// Creates the stripes for a grid and a zone of influence in meters.
    pub fn new(grid: &Grid, zone: f64) -> Self {
        let [dx, dy] = grid.cell();
        let [west, south, _, north] = grid.edges();
        let widest = if south <= 0.0 && north >= 0.0 { 0.0 } else { south.abs().min(north.abs()) };
        // Twelve zones of influence, so that the kernel as seen from a stripe's far end stays small.
        let parallel = SEMI_MAJOR * libm::cos(widest.to_radians());
        let zones = 12.0 * zone / (dx.to_radians() * parallel);
        let columns = whole(zones.min(COLUMNS).min((60.0 / dx).floor()).max(1.0));
        let width = usize::try_from(grid.width()).unwrap_or(0);
        // A degree along a meridian is never shorter than with the smallest radius of curvature.
        let degrees = (zone / RADIUS_MIN).to_degrees() * (1.0 + 1e-9);
        // At most the number of rows between the poles.
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
            rows_per_degree: 1.0 / dy,
            columns_per_degree: 1.0 / dx,
            turns_per_column: dx / 360.0,
            sine: (zone / RADIUS_MIN).min(1.0) * 6_400_000.0 * 1.001,
            per_radian: 1.0 / dx.to_radians(),
        }
    }

    /// Returns the row of a latitude as an integer, counted from the top row within reach.
    #[inline(always)]
    pub fn row(&self, lat: f64) -> f64 {
        ((self.north - lat) * self.rows_per_degree + number(self.reach)).floor()
    }

    /// Returns the columns east of the grid's western edge to a longitude, from 0 to a turn.
    #[inline(always)]
    pub fn column(&self, lon: f64) -> f64 {
        let column = (lon - self.west) * self.columns_per_degree;
        column - (column * self.turns_per_column).floor() * self.turn
    }

    /// Returns the angle in degrees from a stripe's middle to a place given in columns from the center of
    /// its first one.
    #[inline(always)]
    pub fn angle(&self, column: f64) -> f64 {
        (column + 0.5 - 0.5 * number(self.columns)) * self.step
    }

    /// Returns, for each row including those within reach above and below, the number of columns within
    /// reach of an incident in it; infinity if all of a row may be in reach.
    pub fn asides(&self) -> Vec<f64> {
        let edge = |row: usize| self.north - (number(row) - number(self.reach)) * self.height;
        let aside = |row: usize| {
            // The edge nearer to a pole, plus a margin.
            let lat = edge(row).abs().max(edge(row + 1).abs()) + 1e-9;
            let radius = if lat < 90.0 { meridian(lat).0 } else { 0.0 };
            // The disk about an incident spans asin(sin ρ / cos φ) on a sphere; radii are worst cases on
            // the ellipsoid. The arcsine is at most this polynomial.
            let s = self.sine / radius;
            let aside = (s + (FRAC_PI_2 - 1.0) * s * s * s) * self.per_radian + 1.0;
            if s < 1.0 { aside } else { f64::INFINITY }
        };
        (0..self.rows).map(aside).collect()
    }

    /// Calls a function for each stripe that an incident may reach, with the incident's place in columns
    /// from the center of the stripe's first one; if all of a row may be in reach, also for its image a
    /// turn away.
    ///
    /// `column` counts columns east of the grid's western edge, from 0 to a turn; `aside` is the number of
    /// columns within reach.
    #[inline(always)]
    pub fn reached(&self, column: f64, aside: f64, mut each: impl FnMut(usize, f64)) {
        let (columns, count) = (number(self.columns), number(self.count));
        if aside < f64::INFINITY {
            let mut show = |place: f64| {
                let first = ((place - aside) / columns).floor().max(0.0);
                let end = ((place + aside) / columns).floor().min(count - 1.0);
                if first <= end {
                    let mut place = place - first * columns - 0.5;
                    for stripe in whole(first)..=whole(end) {
                        each(stripe, place);
                        place -= columns;
                    }
                }
            };
            show(column);
            if column + self.turn - aside < columns * count {
                show(column + self.turn);
            }
            if column + aside >= self.turn {
                show(column - self.turn);
            }
        } else {
            for stripe in 0..self.count {
                let from = column - number(stripe) * columns - 0.5;
                let east = from - self.middle();
                // Avoids the line half a turn away, where rounding would decide which image is the
                // incident itself.
                let most = 0.5 * self.turn * (1.0 - 1e-12);
                let east = (east - (east / self.turn).round() * self.turn).clamp(-most, most);
                let nearest = self.middle() + east;
                for turns in [0.0, -self.turn, self.turn] {
                    each(stripe, nearest + turns);
                }
            }
        }
    }

    /// Whether an incident at `column` from the center of a stripe's first column is the incident itself,
    /// rather than its image a turn away.
    #[inline(always)]
    pub fn is_itself(&self, column: f64) -> bool {
        let east = column - self.middle();
        -0.5 * self.turn <= east && east < 0.5 * self.turn
    }

    /// Returns the middle of a stripe in columns from the center of its first one.
    #[inline(always)]
    fn middle(&self) -> f64 {
        0.5 * number(self.columns) - 0.5
    }
}
