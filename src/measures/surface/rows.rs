//! The quartic kernel sum on a grid in longitude and latitude, row by row with difference arrays.
//!
//! Along a row of constant latitude the squared chord from an incident is, exactly on the ellipsoid,
//! `Δr² + Δz² + 4 r r' sin²(Δλ/2)`, with r the distance from the axis and z that from the equatorial plane. The kernel, a
//! polynomial of the third degree in the squared chord (below), is therefore a trigonometric polynomial of the
//! third degree in longitude, and zero outside one interval of the row. Its values at seven longitudes
//! determine it. They are added to a difference array where the interval begins and subtracted where it ends,
//! so that running sums give at every cell the seven values of the sum of all polynomials active there;
//! Lagrange's formula for trigonometric polynomials (Zygmund 2002, "Trigonometric Series", chapter X,
//! section 1) interpolates them to the cell. The cost is constant per incident and row, however wide the kernel.
//!
//! With the angles λ of the incident and λ' of a place from the middle of a stripe, `2 sin²(Δλ/2)` is `v + v'
//! cos λ - sin λ sin λ'`, where v is `1 - cos λ`: nothing cancels. Multiplied by the incident's radius, it is
//! common to all rows; a row subtracts it from `C² (1 - x) / 2r` at its maximum.
//!
//! The ends of an interval are computed in single precision: they are off by 2e-6 of the zone, where the kernel
//! is less than 2e-11 of its maximum.
//!
//! **The kernel in the squared chord.** With x = c² / C², C being the chord of the zone R in the direction of
//! z, the squared distance is `d² = R² x (1 - b (1 - x))`, b = 1 - C²/R² (1.3e-6 at 25 km), up to the next term
//! of the arcsine's series: its error is less than `R⁴ / 230 ρ⁴` of R², ρ = 6371 km (2e-12 at 25 km, 3e-10 at
//! 100 km, 2e-7 at 500 km), and zero at both ends. Then `(1 - d²/R²)² = (1 - x)² (1 + b x)²`, of which the term
//! b² x² (1 - x)² < b² / 16 is dropped.
//!
//! **Rounding.** Running sums lose the rounding errors of their largest terms: with F the largest value of a
//! polynomial at the seven nodes, n the number of additions and W the weight in reach of the row, at most `n ·
//! 2⁻⁵³ · F · W`. Columns are cut into stripes of twelve zones, each with its own nodes and sums, so that F is
//! below 27,000, and sums are reset where no interval is active. A test finds less than 1e-10 of the weights
//! where this allows 1e-9.

#![expect(clippy::indexing_slicing, reason = "slots and columns are counted here")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers vectorize")]

use super::basis::{Basis, PLACES, Values};
use super::bend::Bend;
use super::stripes::Stripes;
use super::tile::{Binned, CHUNK, Fill, TILE, Tile};
use super::{number, single};
use crate::earth::{Grid, meridian};
use crate::measures::weighed::WeighedIncident;
use crate::simd::{NullaryFnOnce, nearest_byte, vectorized};
use rayon::prelude::*;
use std::ops::Range;

/// Rows summed at once: each incident is loaded once for all of them, and additions to different rows are
/// independent.
const PASS: usize = 2;

/// The difference array of a row of a stripe: at each column the intervals that begin there minus those that
/// end before it, as values at the nodes and number of intervals.
type Differences = [Values; 256];

/// Minimum number of columns per stripe: one for each of its twelve zones.
const LEAST: usize = 12;

/// For a squared sine of half an interval's half width up to this, a short series gives the arcsine.
const NARROW: f64 = 0.01;

/// Constants of a row.
#[derive(Clone, Copy)]
struct Row {
    radius: f64,
    z: f64,
    /// 1 / C² and its increase per m² of z².
    inverse: f64,
    more: f64,
    /// C² and its decrease per m² of z².
    chord2: f64,
    less: f64,
    /// 1 / (2 · radius).
    over: f64,
    /// `(1 + 2b) (2r)²`: the factor of the quadratic term of a weight over C⁴.
    scale: f64,
    /// `2b / (1 + 2b) · 2r / C²`: the correction of that term for the curvature. Uses C at z = 0, which changes
    /// the kernel by less than b² / 200 of its maximum.
    bent: f64,
    narrow: bool,
}

/// Whether this method applies: the grid is in longitude and latitude, and the zone is wider than a cell.
/// Otherwise stripes would have few cells, and their data would exceed that of the cells.
pub(super) fn suit(zone_km: f64, grid: &Grid) -> bool {
    grid.crs().is_wgs84() && Stripes::new(grid, zone_km * 1000.0).columns >= LEAST
}

/// Returns the sums at every cell of a grid for which [`suit`] holds.
pub(super) fn surface(incidents: &[WeighedIncident], zone_km: f64, grid: &Grid) -> Vec<f64> {
    let zone = zone_km * 1000.0;
    let width = usize::try_from(grid.width()).unwrap_or(0);
    let height = usize::try_from(grid.height()).unwrap_or(0);
    let mut sums = vec![0.0; width * height];
    if sums.is_empty() {
        return sums;
    }
    let stripes = &Stripes::new(grid, zone);
    let binned = &Binned::new(incidents, stripes);
    let basis = &Basis::new(stripes);
    let rows: Vec<Option<Row>> = (0..grid.height()).map(|row| Row::new(grid, row, zone)).collect();
    let mut parts = Vec::new();
    for (number, (cells, rows)) in sums.chunks_mut(width * TILE).zip(rows.chunks(TILE)).enumerate()
    {
        let top = number * TILE;
        for (stripe, cells) in by_stripes(cells, width, stripes.columns).into_iter().enumerate() {
            parts.push((stripe, top, rows, cells));
        }
    }
    let room = || (Tile::default(), Box::new([[Values::NONE; 256]; PASS]));
    parts.into_par_iter().for_each_init(room, |(tile, values), (stripe, top, rows, cells)| {
        vectorized(Fill { tile, binned, stripes, stripe, top });
        vectorized(Sums { tile, stripes, basis, rows, values, cells });
    });
    sums
}

/// Splits the rows of cells into stripes: for each stripe its cells, row by row.
fn by_stripes(cells: &mut [f64], width: usize, columns: usize) -> Vec<Vec<&mut [f64]>> {
    let mut stripes: Vec<Vec<&mut [f64]>> = Vec::new();
    stripes.resize_with(width.div_ceil(columns), Vec::new);
    for row in cells.chunks_mut(width) {
        for (stripe, cells) in stripes.iter_mut().zip(row.chunks_mut(columns)) {
            stripe.push(cells);
        }
    }
    stripes
}

impl Row {
    /// A row with nothing in reach.
    const NOWHERE: Self = Self {
        radius: f64::NAN,
        z: 0.0,
        inverse: 0.0,
        more: 0.0,
        chord2: 0.0,
        less: 0.0,
        over: 0.0,
        scale: 0.0,
        bent: 0.0,
        narrow: true,
    };

    /// Creates the constants of a row; `None` if the row lies past a pole.
    fn new(grid: &Grid, row: u32, zone: f64) -> Option<Self> {
        let [_, lat] = grid.center(0, row);
        if lat.abs() > 90.0 {
            return None;
        }
        let (radius, z) = meridian(lat);
        // A micrometer off the axis avoids division by zero.
        let radius = radius.max(1e-6);
        let (chord2, less) = Bend::at(lat).chord2(zone);
        let b = 1.0 - chord2 / (zone * zone);
        // Incidents in reach are not nearer to the axis than this.
        let nearest = radius - 1.01 * zone;
        let double = 2.0 * radius;
        Some(Self {
            radius,
            z,
            inverse: 1.0 / chord2,
            more: less / (chord2 * chord2),
            chord2,
            less,
            over: 1.0 / double,
            scale: (1.0 + 2.0 * b) * double * double,
            bent: 2.0 * b / (1.0 + 2.0 * b) * double / chord2,
            narrow: nearest > 0.0 && zone * zone <= NARROW * 0.99 * 4.0 * radius * nearest,
        })
    }
}

/// Computes the sums of a tile.
struct Sums<'a> {
    tile: &'a Tile,
    stripes: &'a Stripes,
    basis: &'a Basis,
    rows: &'a [Option<Row>],
    /// Buffer for the rows of a pass, initially empty.
    values: &'a mut [Differences; PASS],
    /// Cells, row by row.
    cells: Vec<&'a mut [f64]>,
}

impl NullaryFnOnce for Sums<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { tile, stripes, basis, rows, values, mut cells } = self;
        for (nth, (cells, rows)) in cells.chunks_mut(PASS).zip(rows.chunks(PASS)).enumerate() {
            let range = tile.in_reach(stripes, nth * PASS..nth * PASS + rows.len());
            let pass: [Row; PASS] =
                std::array::from_fn(|n| rows.get(n).copied().flatten().unwrap_or(Row::NOWHERE));
            if pass.iter().all(|row| row.narrow) {
                add::<true>(tile, range, &pass, stripes, basis, values);
            } else {
                add::<false>(tile, range, &pass, stripes, basis, values);
            }
            for ((cells, row), values) in cells.iter_mut().zip(rows).zip(values.iter_mut()) {
                match row {
                    Some(_) => sweep(values, &basis.columns, cells),
                    None => cells.fill(f64::NAN),
                }
            }
        }
    }
}

/// Adds incidents to the difference arrays of the rows of a pass.
#[inline(always)]
fn add<const NARROW: bool>(
    tile: &Tile,
    range: Range<usize>,
    rows: &[Row; PASS],
    stripes: &Stripes,
    basis: &Basis,
    values: &mut [Differences; PASS],
) {
    // Local copies cannot alias the arrays being written, so they stay in registers.
    let Basis { sin, lack, kept, count, .. } = *basis;
    let columns = single(number(stripes.columns));
    let per_radian = single(1.0 / stripes.step.to_radians());
    for number in range.start / CHUNK..range.end.div_ceil(CHUNK) {
        let chunk = &tile.chunks[number];
        // The rest of the kernel where the row is nearest, C² (1 - x) / 2r, and the factor of its square.
        let (mut top, mut weight) = ([[0.0; CHUNK]; PASS], [[0.0; CHUNK]; PASS]);
        let (mut first, mut end) = ([[0; CHUNK]; PASS], [[0; CHUNK]; PASS]);
        for n in 0..PASS {
            let row = &rows[n];
            let mut near = [0.0; CHUNK];
            for t in 0..CHUNK {
                let (dr, dz) = (row.radius - chunk.radius[t], row.z - chunk.z[t]);
                let dz2 = dz * dz;
                let inverse = row.inverse + row.more * dz2;
                top[n][t] = ((row.chord2 - row.less * dz2) - (dr * dr + dz2)) * row.over;
                weight[n][t] = chunk.weight[t] * (inverse * inverse * row.scale);
                near[t] = single(top[n][t]);
            }
            for t in 0..CHUNK {
                // The squared sine of half the interval's half width, at which 1 - x is zero.
                let s = 0.5 * near[t] * chunk.inverse_radius[t];
                let s = if s > 0.0 { s } else { 0.0 };
                let half = if NARROW {
                    let series = 1.0 + s * (1.0 / 6.0 + s * (3.0 / 40.0 + s * (15.0 / 336.0)));
                    2.0 * s.sqrt() * series * per_radian
                } else if s < 1.0 {
                    2.0 * libm::asinf(s.sqrt()) * per_radian
                } else if chunk.itself[t] {
                    f32::INFINITY
                } else {
                    f32::NEG_INFINITY
                };
                let clamp = |c: f32| {
                    let c = if c > 0.0 { c } else { 0.0 };
                    if c < columns { c } else { columns }
                };
                first[n][t] = nearest_byte(clamp(chunk.column[t] - half + 0.5));
                end[n][t] = nearest_byte(clamp(chunk.column[t] + half + 0.5));
            }
        }
        for slot in range.start.max(number * CHUNK)..range.end.min((number + 1) * CHUNK) {
            let t = slot % CHUNK;
            let mut aside = Values::NONE;
            for k in 0..8 {
                aside.0[k] =
                    chunk.short[t] + lack.0[k] * chunk.along[t] - sin.0[k] * chunk.aside[t];
            }
            for n in 0..PASS {
                let (first, end) = (usize::from(first[n][t]), usize::from(end[n][t]));
                if first >= end {
                    continue;
                }
                let values = &mut values[n];
                let mut value = Values::NONE;
                for k in 0..8 {
                    let left = top[n][t] - aside.0[k];
                    let term = left * left * weight[n][t] * (1.0 - rows[n].bent * left);
                    value.0[k] = f64::from_bits((term.to_bits() & kept[k]) | count[k]);
                }
                for k in 0..8 {
                    values[first].0[k] += value.0[k];
                }
                for k in 0..8 {
                    values[end].0[k] -= value.0[k];
                }
            }
        }
    }
}

/// Evaluates a row and resets its difference array.
#[inline(always)]
fn sweep(values: &mut Differences, columns: &[Values], cells: &mut [f64]) {
    let many = cells.len();
    let mut sums = [0.0; 8];
    for ((difference, column), cell) in values.iter_mut().zip(columns).zip(cells) {
        for k in 0..8 {
            sums[k] += difference.0[k];
        }
        *difference = Values::NONE;
        if sums[PLACES] < 0.5 {
            sums = [0.0; 8];
            *cell = 0.0;
            continue;
        }
        let mut terms = [0.0; 8];
        for k in 0..8 {
            terms[k] = sums[k] * column.0[k];
        }
        let sum = ((terms[0] + terms[4]) + (terms[2] + terms[6]))
            + ((terms[1] + terms[5]) + (terms[3] + terms[7]));
        *cell = if sum > 0.0 { sum } else { 0.0 };
    }
    // Intervals that end with the stripe, or past the grid's edge in the last one.
    values[many..=columns.len()].fill(Values::NONE);
}
