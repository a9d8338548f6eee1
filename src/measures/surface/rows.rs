//! The quartic kernel sum on a grid in longitude and latitude, row by row with difference arrays.
//!
//! Along a row of constant latitude the squared chord from an incident is, exactly on the ellipsoid,
//! `Δr² + Δz² + 4 r r' sin²(Δλ/2)`, with r the distance from the axis and z that from the equator's
//! plane. The kernel, a polynomial of the third degree in the squared chord (below), is therefore a
//! trigonometric polynomial of the third degree in longitude, and zero outside of one interval of the
//! row. It is given by its values at seven longitudes. These are added to a difference array where the
//! interval begins and taken off where it ends, so that running sums give at every cell the seven
//! values of the sum of all polynomials that hold there; Lagrange's formula for trigonometric
//! polynomials (Zygmund 2002, "Trigonometric Series", chapter X, section 1) takes them to the cell.
//! The cost is constant for each incident and row, however wide the kernel.
//!
//! With the angles λ of the incident and λ' of a place from the middle of a stripe, `2 sin²(Δλ/2)` is
//! `v + v' - v v' - sin λ sin λ'`, v being `1 - cos λ`: one minus x, the kernel's root, takes two
//! multiplications at each place, and nothing cancels.
//!
//! **The kernel in the squared chord.** With x = c² / C², C being the chord of the zone R in the
//! direction of z, the squared way is `d² = R² x (1 - b (1 - x))`, b = 1 - C²/R² (1.3e-6 at 25 km), up
//! to the next term of the arcsine's series: that is wrong by less than `R⁴ / 230 ρ⁴` of R², ρ =
//! 6371 km (2e-12 at 25 km, 3e-10 at 100 km, 2e-7 at 500 km), and zero at both ends. Then
//! `(1 - d²/R²)² = (1 - x)² (1 + b x)²`, of which b² x² (1 - x)² < b² / 16 is left out.
//!
//! **Rounding.** Running sums lose what their largest terms round off: with F the largest value of a
//! polynomial at the seven places, n the number of additions and W the weight in reach of the row, at
//! most `n · 2⁻⁵³ · F · W`. Columns are cut into stripes of twelve zones, each with places and sums of
//! its own, so that F is under 27,000, and sums begin anew where no interval holds. A test finds 1e-11 of
//! the maximum where this allows 1e-9.

#![expect(clippy::indexing_slicing, reason = "slots and columns are counted here")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers make wide")]

use super::bend::Bend;
use super::slab::{Bands, CHUNK, Fill, SLAB, Slab};
use super::stripes::Stripes;
use super::{number, place};
use crate::earth::{Grid, meridian, sin_cos};
use crate::measures::events::Event;
use crate::wide::{NullaryFnOnce, nearest_whole, widely};
use rayon::prelude::*;
use std::f64::consts::PI;
use std::ops::Range;

/// Values of a polynomial at seven places, and how many intervals hold; a line of the processor's cache.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Values([f64; 8]);

/// Places: twice the degree and one.
const PLACES: usize = 7;

/// Rows that are summed stripe by stripe, so that their incidents stay in the processor's cache.
const ROWS: usize = 16;

/// Up to this square of the sine of half an interval's half width its arcsine is a short series.
const NARROW: f64 = 0.01;

impl Values {
    const NONE: Self = Self([0.0; 8]);
}

/// What all stripes of a grid have in common.
struct Basis {
    /// Sine of the angle from a stripe's middle to each place, and what its cosine lacks to 1.
    sin: Values,
    short: Values,
    /// 1 where there is a count, 0 where there is a value.
    counts: Values,
    /// For each column what each value counts there.
    columns: Vec<Values>,
}

/// What all pairs of a row have in common.
struct Row {
    radius: f64,
    z: f64,
    /// 1 / C² and how much it grows for each m² of z².
    inverse: f64,
    more: f64,
    /// C² and how much z² takes from it.
    chord2: f64,
    less: f64,
    /// Two radii, and the inverse of four.
    double: f64,
    quarter: f64,
    /// `1 + 2b` and `2b`.
    straight: f64,
    bent: f64,
    narrow: bool,
}

/// The sums at every cell.
pub(super) fn surface(events: &[Event], zone_km: f64, grid: &Grid) -> Vec<f64> {
    let zone = zone_km * 1000.0;
    let width = usize::try_from(grid.width()).unwrap_or(0);
    let height = usize::try_from(grid.height()).unwrap_or(0);
    let mut sums = vec![0.0; width * height];
    if sums.is_empty() {
        return sums;
    }
    let stripes = &Stripes::new(grid, zone);
    let bands = &Bands::new(events, stripes);
    let basis = &Basis::new(stripes);
    let rows: Vec<Option<Row>> = (0..grid.height()).map(|row| Row::new(grid, row, zone)).collect();
    let slabs = sums.par_chunks_mut(width * SLAB).zip(rows.par_chunks(SLAB)).enumerate();
    let room = || (Slab::default(), Vec::new());
    slabs.for_each_init(room, |(slab, values), (number, (cells, rows))| {
        widely(Fill { slab, bands, stripes, top: number * SLAB });
        for (nth, (cells, rows)) in
            cells.chunks_mut(width * ROWS).zip(rows.chunks(ROWS)).enumerate()
        {
            let top = nth * ROWS;
            widely(Sums { stripes, slab, basis, rows, top, values, cells, width });
        }
    });
    sums
}

/// The sums of a few rows.
struct Sums<'a> {
    stripes: &'a Stripes,
    slab: &'a Slab,
    basis: &'a Basis,
    rows: &'a [Option<Row>],
    /// The number of the first of the rows in the slab.
    top: usize,
    /// Room for the difference array of a row.
    values: &'a mut Vec<Values>,
    cells: &'a mut [f64],
    /// Cells in a row.
    width: usize,
}

impl NullaryFnOnce for Sums<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { stripes, slab, basis, rows, top, values, cells, width } = self;
        values.resize(stripes.columns + 1, Values::NONE);
        for stripe in 0..stripes.count {
            let from = stripe * stripes.columns;
            let to = (from + stripes.columns).min(width);
            for ((cells, row), number) in cells.chunks_mut(width).zip(rows).zip(top..) {
                let cells = &mut cells[from..to];
                let Some(row) = row else {
                    cells.fill(f64::NAN);
                    continue;
                };
                let range = slab.in_reach(stripes, stripe, number);
                if row.narrow {
                    add::<true>(slab, range, row, stripes, basis, values);
                } else {
                    add::<false>(slab, range, row, stripes, basis, values);
                }
                sweep(values, basis, cells);
            }
        }
    }
}

impl Basis {
    fn new(stripes: &Stripes) -> Self {
        let columns = number(stripes.columns);
        // Chebyshev's places, at which interpolation magnifies errors least.
        let places: Vec<f64> = (0..PLACES)
            .map(|k| {
                let turn = libm::cos(PI * (number(k) + 0.5) / number(PLACES));
                stripes.angle(0.5 * columns * (1.0 - turn) - 0.5)
            })
            .collect();
        let mut basis = Self {
            sin: Values::NONE,
            short: Values::NONE,
            counts: Values::NONE,
            columns: Vec::new(),
        };
        basis.counts.0[PLACES] = 1.0;
        for (k, place) in places.iter().enumerate() {
            let (sin, cos) = sin_cos(0.5 * place);
            (basis.sin.0[k], basis.short.0[k]) = (2.0 * sin * cos, 2.0 * sin * sin);
        }
        let half_sine = |angle: f64| sin_cos(0.5 * angle).0;
        let at = |column: usize| {
            let angle = stripes.angle(number(column));
            let mut values = Values::NONE;
            for k in 0..PLACES {
                values.0[k] = (0..PLACES)
                    .filter(|other| *other != k)
                    .map(|other| {
                        half_sine(angle - places[other]) / half_sine(places[k] - places[other])
                    })
                    .product();
            }
            values
        };
        basis.columns = (0..stripes.columns).map(at).collect();
        basis
    }
}

impl Row {
    /// `None` where the row lies past a pole.
    fn new(grid: &Grid, row: u32, zone: f64) -> Option<Self> {
        let [_, lat] = grid.center(0, row);
        if lat.abs() > 90.0 {
            return None;
        }
        let (radius, z) = meridian(lat);
        let (chord2, less) = Bend::at(lat).chord2(zone);
        let b = 1.0 - chord2 / (zone * zone);
        // Incidents in reach are nowhere nearer to the axis.
        let nearest = radius - 1.01 * zone;
        let narrow = nearest > 0.0 && zone * zone <= NARROW * 0.99 * 4.0 * radius * nearest;
        Some(Self {
            radius,
            z,
            inverse: 1.0 / chord2,
            more: less / (chord2 * chord2),
            chord2,
            less,
            double: 2.0 * radius,
            quarter: 0.25 / radius,
            straight: 1.0 + 2.0 * b,
            bent: 2.0 * b,
            narrow,
        })
    }
}

/// Adds incidents to the difference array of a row.
#[inline(always)]
fn add<const NARROW: bool>(
    slab: &Slab,
    range: Range<usize>,
    row: &Row,
    stripes: &Stripes,
    basis: &Basis,
    values: &mut [Values],
) {
    let columns = number(values.len() - 1);
    let per_radian = 1.0 / stripes.step.to_radians();
    // Here nothing that is written to can be one of them, so that they stay in registers.
    let (sin, lack, counts) = (basis.sin, basis.short, basis.counts);
    for number in range.start / CHUNK..range.end.div_ceil(CHUNK) {
        let chunk = &slab.chunks[number];
        let slots = range.start.max(number * CHUNK)..range.end.min((number + 1) * CHUNK);
        // 1 - x at the middle of the stripe, how much it grows with the sine of the angle from there, and
        // how much it falls with what the cosine lacks to 1.
        let (mut middle, mut grow, mut fall) = ([0.0; CHUNK], [0.0; CHUNK], [0.0; CHUNK]);
        // The weight times the two terms of the last factor.
        let (mut straight, mut bent) = ([0.0; CHUNK], [0.0; CHUNK]);
        let (mut first, mut end) = ([0; CHUNK], [0; CHUNK]);
        for t in 0..CHUNK {
            let (dr, dz) = (row.radius - chunk.radius[t], row.z - chunk.z[t]);
            let dz2 = dz * dz;
            let inverse = row.inverse + row.more * dz2;
            let top = 1.0 - (dr * dr + dz2) * inverse;
            let scale = row.double * inverse;
            middle[t] = top - scale * chunk.short[t];
            grow[t] = scale * chunk.aside[t];
            fall[t] = scale * (chunk.radius[t] - chunk.short[t]);
            straight[t] = chunk.weight[t] * row.straight;
            bent[t] = chunk.weight[t] * row.bent;
            // The square of the sine of half the interval's half width: where 1 - x is zero.
            let s = top * (row.chord2 - row.less * dz2) * row.quarter * chunk.inverse_radius[t];
            let s = if s > 0.0 { s } else { 0.0 };
            let half = if NARROW {
                let series = 1.0 + s * (1.0 / 6.0 + s * (3.0 / 40.0 + s * (15.0 / 336.0)));
                2.0 * s.sqrt() * series * per_radian
            } else if s < 1.0 {
                2.0 * libm::asin(s.sqrt()) * per_radian
            } else if chunk.itself[t] {
                f64::INFINITY
            } else {
                f64::NEG_INFINITY
            };
            let clamp = |c: f64| {
                let c = if c > 0.0 { c } else { 0.0 };
                if c < columns { c } else { columns }
            };
            first[t] = nearest_whole(clamp(chunk.column[t] - half + 0.5));
            end[t] = nearest_whole(clamp(chunk.column[t] + half + 0.5));
        }
        for t in slots {
            let t = t % CHUNK;
            let (first, end) = (place(first[t]), place(end[t]));
            if first >= end {
                continue;
            }
            let mut value = Values::NONE;
            for k in 0..8 {
                let left = middle[t] + sin.0[k] * grow[t] - lack.0[k] * fall[t];
                let term = left * left * (straight[t] - bent[t] * left);
                value.0[k] = if counts.0[k] > 0.0 { 1.0 } else { term };
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

/// Runs along a row and leaves its difference array empty.
#[inline(always)]
fn sweep(values: &mut [Values], basis: &Basis, cells: &mut [f64]) {
    let many = cells.len();
    let mut sums = [0.0; 8];
    for ((difference, column), cell) in values.iter_mut().zip(&basis.columns).zip(cells) {
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
    // What ends with the stripe, or past the grid's edge in the last one.
    values[many..].fill(Values::NONE);
}
