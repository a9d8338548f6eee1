//! A lattice of sample points over a part of the Earth, and interpolation to and from it.
//!
//! Rows lie at equal steps of latitude. Each has as many equal steps of longitude as its circle
//! requires, always the largest number divided by a power of two, so that columns of one row are also
//! columns of every row that has more. Rows past a pole are those on its other side. A lattice that does
//! not go all the way round has a western edge at which columns begin.

#![expect(clippy::indexing_slicing, reason = "rows and columns are counted here")]

use super::{number, whole};
use crate::earth::{Ecef, Position, RADIUS_MIN, SEMI_MAJOR};
use std::f64::consts::TAU;

/// Points of a stencil along a row, and rows of a stencil.
pub(super) const TAPS: usize = 8;

/// Extra columns stored beyond each end of a row, for stencils that extend past it.
pub(super) const PAD: usize = 4;

/// Minimum number of columns per turn, used for the smallest circles around a pole.
const FEWEST: usize = 32;

/// The window of the Earth for which a surface is computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub south: f64,
    pub north: f64,
    /// In degrees; the span may be up to 360.
    pub west: f64,
    pub span: f64,
}

/// A lattice of sample points.
#[derive(Debug)]
pub(super) struct Lattice {
    pub lines: Vec<Line>,
    /// Number of values needed for one value per point, padding included.
    pub len: usize,
    /// Whether it goes all the way round.
    pub full: bool,
    /// Squared sines of half the angle of 0, 1, 2 ... steps of the longest row, up to half a turn.
    pub half_sines2: Vec<f64>,
    /// Columns per turn of the longest row.
    pub longest: usize,
    /// Rows from pole to pole, and the first row of the lattice.
    all: i64,
    first: i64,
    west: f64,
    span: f64,
}

/// A row of the lattice.
#[derive(Debug)]
pub(super) struct Line {
    /// Latitude in degrees.
    pub latitude: f64,
    /// Distance from the Earth's axis and height above the equatorial plane, in meters.
    pub radius: f64,
    pub z: f64,
    /// Columns of a whole turn, and of the lattice's window.
    pub turn: usize,
    pub columns: usize,
    /// Offset of its values: [`PAD`] columns before its first one.
    pub start: usize,
}

/// A row of a stencil.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub line: &'a Line,
    /// Whether it lies past a pole.
    pub over: bool,
    pub weight: f64,
}

impl Lattice {
    /// Creates a lattice with points at most `spacing` apart, over a window and everything within
    /// `reach` of it.
    ///
    /// # Units
    /// Meters.
    pub fn new(window: Window, spacing: f64, reach: f64) -> Self {
        let all = whole((180.0_f64.to_radians() * 6_400_000.0 / spacing).ceil());
        let step = 180.0 / number(all);
        let longest = TAU * SEMI_MAJOR / spacing;
        let mut halvings = 0;
        while number(FEWEST << (halvings + 1)) <= longest {
            halvings += 1;
        }
        let unit = 1_usize << halvings;
        let longest = whole((longest / number(unit)).ceil()).max(1) * unit;
        // Covers everything in reach of a cell's stencil, and the stencil itself.
        let margin = (reach / RADIUS_MIN).to_degrees() + 12.0 * step;
        let (south, north) = (window.south - margin, window.north + margin);
        let row = |latitude: f64| ((latitude + 90.0) / step).floor().clamp(0.0, number(all) - 1.0);
        let (first, last) = (whole(row(south)), whole(row(north)));
        let lines = (first..=last).map(|row| {
            let latitude = (number(row) + 0.5) * step - 90.0;
            let place = Position::from_degrees(0.0, latitude.clamp(-90.0, 90.0));
            let Ecef([radius, _, z]) = place.map_or(Ecef([0.0; 3]), Ecef::from);
            let mut turn = longest;
            while turn.is_multiple_of(2)
                && turn / 2 >= FEWEST
                && TAU * radius <= number(turn / 2) * spacing
            {
                turn /= 2;
            }
            Line { latitude, radius, z, turn, columns: 0, start: 0 }
        });
        let mut lines: Vec<Line> = lines.collect();
        // The longitudes in reach of a place extend by asin(sin ρ / cos φ) to both sides.
        let widest = window.south.abs().max(window.north.abs()).min(90.0);
        let sine = libm::sin((reach / RADIUS_MIN).min(1.5)) * 1.01;
        let cos = libm::cos(widest.to_radians());
        let fewest = lines.iter().map(|line| line.turn).min().unwrap_or(FEWEST);
        let aside = if sine < cos { libm::asin(sine / cos).to_degrees() } else { 180.0 };
        let aside = aside + 12.0 * 360.0 / number(fewest);
        let span = window.span + 2.0 * aside;
        let full = span >= 359.0 || south <= -90.0 || north >= 90.0;
        let mut len = 0;
        for line in &mut lines {
            let part = whole((span / 360.0 * number(line.turn)).floor()) + 1;
            line.columns = if full { line.turn } else { part };
            line.start = len;
            len += line.columns + 2 * PAD;
        }
        let half = |m: usize| {
            let sine = libm::sin(0.5 * TAU * number(m) / number(longest));
            sine * sine
        };
        Self {
            lines,
            len,
            full,
            half_sines2: (0..=longest / 2).map(half).collect(),
            longest,
            all: i64::try_from(all).unwrap_or(0),
            first: i64::try_from(first).unwrap_or(0),
            west: window.west - aside,
            span,
        }
    }

    /// Calls `each` for each row of the stencil of a place, with the offset of the first of eight
    /// neighboring values, the weight of the row and the weights of the eight values. Returns whether
    /// the place is within the lattice.
    #[inline(always)]
    pub fn stencil(
        &self,
        [lon, lat]: [f64; 2],
        mut each: impl FnMut(usize, f64, &[f64; TAPS]),
    ) -> bool {
        let Some((east, rows)) = self.east(lon).zip(self.rows(lat)) else { return false };
        let (mut turn, mut flipped) = (0, false);
        let (mut column, mut columns) = (0, [0.0; TAPS]);
        for Row { line, over, weight } in rows {
            if line.turn != turn || over != flipped {
                (turn, flipped) = (line.turn, over);
                (column, columns) = self.columns(east, turn, over);
            }
            each(line.start + column, weight, &columns);
        }
        true
    }

    /// Degrees from the western edge to a longitude; `None` outside the lattice.
    #[inline(always)]
    pub fn east(&self, longitude: f64) -> Option<f64> {
        let mut east = longitude - self.west;
        east -= (east / 360.0).floor() * 360.0;
        (self.full || east <= self.span).then_some(east)
    }

    /// The eight rows around a latitude; `None` outside the lattice.
    #[inline(always)]
    pub fn rows(&self, latitude: f64) -> Option<[Row<'_>; TAPS]> {
        let v = (latitude + 90.0) * (self.all_rows() / 180.0) - 0.5;
        let low = v.floor();
        let weights = lagrange(v - low);
        // There are fewer than 2^20 rows from pole to pole.
        let base = i64::try_from(whole(low + 16.0)).unwrap_or(0) - 16 - 3;
        let end = self.first + i64::try_from(self.lines.len()).unwrap_or(0);
        if base < self.first && self.first > 0 || base + 8 > end && end < self.all {
            return None;
        }
        let mut rows = [Row { line: self.lines.first()?, over: false, weight: 0.0 }; TAPS];
        for ((row, found), weight) in (base..).zip(&mut rows).zip(weights) {
            let over = row < 0 || row >= self.all;
            let row = if row < 0 {
                -1 - row
            } else if over {
                2 * self.all - 1 - row
            } else {
                row
            };
            let line = self.lines.get(usize::try_from(row - self.first).ok()?)?;
            *found = Row { line, over, weight };
        }
        Some(rows)
    }

    /// The first of the eight columns around a place of a row, counted from the first stored one, and their weights.
    #[inline(always)]
    pub fn columns(&self, east: f64, turn: usize, over: bool) -> (usize, [f64; TAPS]) {
        let aside = if over { 180.0 } else { 0.0 };
        let mut u = east + aside;
        u = if u >= 360.0 { u - 360.0 } else { u } * (number(turn) / 360.0);
        let low = u.floor();
        // Rounding may move it to the end of the turn, which is the beginning.
        let column = if self.full && whole(low) >= turn { 0 } else { whole(low) };
        (column + PAD - 3, lagrange(u - low))
    }

    fn all_rows(&self) -> f64 {
        u32::try_from(self.all).map_or(0.0, f64::from)
    }

    /// Adds the values stored past the ends of rows that go all the way round to the points they belong
    /// to.
    pub fn fold(&self, values: &mut [f64]) {
        if !self.full {
            return;
        }
        for line in &self.lines {
            let row = &mut values[line.start..line.start + line.turn + 2 * PAD];
            for k in 0..PAD {
                row[line.turn + k] += row[k];
                row[PAD + k] += row[line.turn + PAD + k];
                (row[k], row[line.turn + PAD + k]) = (0.0, 0.0);
            }
        }
    }

    /// Copies to the padding of such rows the values at the other end.
    pub fn unfold(&self, line: &Line, row: &mut [f64]) {
        if self.full {
            for k in 0..PAD {
                row[k] = row[line.turn + k];
                row[line.turn + PAD + k] = row[PAD + k];
            }
        }
    }
}

/// Returns Lagrange's weights of eight neighboring points at a fraction of a step past the fourth.
#[inline(always)]
fn lagrange(t: f64) -> [f64; TAPS] {
    // 1 / Π (k - m) over all m except k.
    const NORMS: [f64; TAPS] = [
        -1.0 / 5040.0,
        1.0 / 720.0,
        -1.0 / 240.0,
        1.0 / 144.0,
        -1.0 / 144.0,
        1.0 / 240.0,
        -1.0 / 720.0,
        1.0 / 5040.0,
    ];
    let at = [t + 3.0, t + 2.0, t + 1.0, t, t - 1.0, t - 2.0, t - 3.0, t - 4.0];
    let mut weights = NORMS;
    let (mut below, mut above) = (1.0, 1.0);
    for k in 0..TAPS {
        weights[k] *= below;
        below *= at[k];
        weights[TAPS - 1 - k] *= above;
        above *= at[TAPS - 1 - k];
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolation_is_exact_for_polynomials_of_the_seventh_degree() {
        for t in [0.0, 0.25, 0.5, 0.999] {
            for degree in 0..8 {
                let sum: f64 = lagrange(t)
                    .iter()
                    .zip(-3..)
                    .map(|(weight, k)| weight * f64::from(k).powi(degree))
                    .sum();
                assert!((sum - t.powi(degree)).abs() < 1e-12, "{t} {degree}: {sum}");
            }
        }
    }

    #[test]
    fn a_stencil_counts_one_anywhere() {
        for window in [
            Window { south: -1.0, north: 2.0, west: 179.0, span: 4.0 },
            Window { south: 80.0, north: 90.0, west: -180.0, span: 360.0 },
            Window { south: 60.0, north: 62.0, west: 10.0, span: 3.0 },
        ] {
            let lattice = Lattice::new(window, 5_000.0, 100_000.0);
            for (x, y) in [(0.0, 0.0), (0.3, 0.7), (1.0, 1.0), (0.5, 0.99999)] {
                let lon = window.west + x * window.span;
                let lat = window.south + y * (window.north - window.south);
                let mut sum = 0.0;
                let mut end = 0;
                let inside = lattice.stencil([lon, lat], |start, row, columns| {
                    sum += row * columns.iter().sum::<f64>();
                    end = end.max(start + TAPS);
                });
                assert!(inside && end <= lattice.len, "{lon} {lat}");
                assert!((sum - 1.0).abs() < 1e-13, "{lon} {lat}: {sum}");
            }
        }
    }
}
