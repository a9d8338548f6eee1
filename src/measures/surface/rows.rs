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
//! **The kernel in the squared chord.** With x = c² / C², C being the chord of the zone R in the
//! direction of z, the squared way is `d² = R² x (1 - b (1 - x))`, b = 1 - C²/R² (1.3e-6 at 25 km), up
//! to the next term of the arcsine's series: that is wrong by less than `R⁴ / 230 ρ⁴` of R², ρ =
//! 6371 km (2e-12 at 25 km, 3e-10 at 100 km, 2e-7 at 500 km), and zero at both ends. Then
//! `(1 - d²/R²)² = (1 - x)² (1 + b x)²`, of which b² x² (1 - x)² < b² / 16 is left out.
//!
//! **Rounding.** Running sums lose what their largest terms round off: with F the largest value of a
//! polynomial at the seven places, n the number of additions and W the weight in reach of the row, at
//! most `n · 2⁻⁵³ · F · W`. Columns are cut into stripes of twelve zones, each with places and sums of
//! its own, so that F is under 2500, and sums begin anew where no interval holds. A test finds 1e-11 of
//! the maximum where this allows 1e-9.

#![expect(clippy::indexing_slicing, reason = "slots and columns are counted here")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers make wide")]

use super::bend::Bend;
use super::stripes::{CHUNK, Part, Stripes};
use super::{nearest, number, place};
use crate::earth::{Ecef, Grid, Position};
use crate::measures::events::Events;
use rayon::prelude::*;
use std::f64::consts::PI;
use std::ops::Range;

/// Values of a polynomial at seven places, and how many intervals hold.
type Values = [f64; 8];

/// Places: twice the degree and one.
const PLACES: usize = 7;

/// Rows in a task.
const ROWS: u32 = 16;

/// Up to this square of the sine of half an interval's half width its arcsine is a short series.
const NARROW: f64 = 0.01;

/// The same for each value, and something else for the count.
fn counted(value: f64, count: f64) -> Values {
    let mut values = [value; 8];
    values[PLACES] = count;
    values
}

/// What all stripes of a grid have in common.
struct Basis {
    /// Sine and cosine of half the angle from a stripe's middle to each place.
    sin: Values,
    cos: Values,
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
    /// Four radii and the inverse of that.
    quadruple: f64,
    quarter: f64,
    /// `1 + 2b` and `2b`, where there is a value; zero where there is a count.
    straight: Values,
    bent: Values,
    narrow: bool,
}

/// The sums at every cell.
pub(super) fn surface(events: &Events, zone_km: f64, grid: &Grid) -> Vec<f64> {
    let zone = zone_km * 1000.0;
    let stripes = Stripes::new(grid, zone);
    let bands = stripes.sort(events, grid, zone);
    let basis = Basis::new(&stripes);
    let width = usize::try_from(grid.width()).unwrap_or(0);
    let height = usize::try_from(grid.height()).unwrap_or(0);
    let mut sums = vec![0.0; width * height];
    if sums.is_empty() {
        return sums;
    }
    let rows = usize::try_from(ROWS).unwrap_or(1);
    sums.par_chunks_mut(width * rows).enumerate().for_each(|(task, sums)| {
        crate::wide::widely(
            #[inline(always)]
            || {
                let top = task * rows;
                let first = u32::try_from(top).unwrap_or(u32::MAX - ROWS);
                let mut values = vec![[0.0; 8]; stripes.columns + 1];
                let rows: Vec<Option<Row>> =
                    (first..first + ROWS).map(|row| Row::new(grid, row, zone)).collect();
                for stripe in 0..stripes.count() {
                    let from = stripe * stripes.columns;
                    let to = (from + stripes.columns).min(width);
                    for ((cells, row), number) in sums.chunks_mut(width).zip(&rows).zip(top..) {
                        let cells = &mut cells[from..to];
                        let Some(row) = row else {
                            cells.fill(f64::NAN);
                            continue;
                        };
                        for (part, range) in stripes.around(&bands, stripe, number) {
                            if row.narrow {
                                add::<true>(part, range, row, &stripes, &basis, &mut values);
                            } else {
                                add::<false>(part, range, row, &stripes, &basis, &mut values);
                            }
                        }
                        sweep(&mut values, &basis, cells);
                    }
                }
            },
        );
    });
    sums
}

impl Basis {
    fn new(stripes: &Stripes) -> Self {
        let columns = number(stripes.columns);
        // Chebyshev's places, at which interpolation magnifies errors least.
        let places: Vec<f64> = (0..PLACES)
            .map(|k| {
                let turn = libm::cos(PI * (number(k) + 0.5) / number(PLACES));
                stripes.angle(0.5 * columns * (1.0 - turn))
            })
            .collect();
        let mut basis =
            Self { sin: [0.0; 8], cos: [0.0; 8], counts: counted(0.0, 1.0), columns: Vec::new() };
        for (k, place) in places.iter().enumerate() {
            (basis.sin[k], basis.cos[k]) = libm::sincos(0.5 * place);
        }
        let at = |column: usize| {
            let angle = stripes.angle(number(column) + 0.5);
            let mut values = [0.0; 8];
            for k in 0..PLACES {
                values[k] = (0..PLACES)
                    .filter(|other| *other != k)
                    .map(|other| {
                        libm::sin(0.5 * (angle - places[other]))
                            / libm::sin(0.5 * (places[k] - places[other]))
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
        let Ecef([radius, _, z]) = Ecef::from(Position::from_degrees(0.0, lat)?);
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
            quadruple: 4.0 * radius,
            quarter: 0.25 / radius,
            straight: counted(1.0 + 2.0 * b, 0.0),
            bent: counted(2.0 * b, 0.0),
            narrow,
        })
    }
}

/// Adds incidents to the difference array of a row.
#[inline(always)]
fn add<const NARROW: bool>(
    part: &Part,
    range: Range<usize>,
    row: &Row,
    stripes: &Stripes,
    basis: &Basis,
    values: &mut [Values],
) {
    let columns = number(values.len() - 1);
    let per_radian = 1.0 / stripes.step;
    let mut at = range.start;
    while at < range.end {
        let many = CHUNK.min(range.end - at);
        let (Some(column), Some(radius), Some(inverse_radius), Some(z)) = (
            part.column[at..].first_chunk::<CHUNK>(),
            part.radius[at..].first_chunk::<CHUNK>(),
            part.inverse_radius[at..].first_chunk::<CHUNK>(),
            part.z[at..].first_chunk::<CHUNK>(),
        ) else {
            return;
        };
        let (sin, cos) = (&part.sin[at..at + many], &part.cos[at..at + many]);
        let weight = &part.weight[at..at + many];
        // 1 - x at the incident's own longitude, and how much sin² takes from it.
        let (mut top, mut fall) = ([0.0; CHUNK], [0.0; CHUNK]);
        let (mut first, mut end) = ([0; CHUNK], [0; CHUNK]);
        for t in 0..CHUNK {
            let (dr, dz) = (row.radius - radius[t], row.z - z[t]);
            let dz2 = dz * dz;
            let inverse = row.inverse + row.more * dz2;
            top[t] = 1.0 - (dr * dr + dz2) * inverse;
            fall[t] = row.quadruple * inverse;
            // The square of the sine of half the interval's half width: top / (fall · radius).
            let s = top[t] * (row.chord2 - row.less * dz2) * row.quarter * inverse_radius[t];
            let s = if s > 0.0 { s } else { 0.0 };
            let half = if NARROW {
                let series = 1.0 + s * (1.0 / 6.0 + s * (3.0 / 40.0 + s * (15.0 / 336.0)));
                2.0 * s.sqrt() * series * per_radian
            } else if s < 1.0 {
                2.0 * libm::asin(s.sqrt()) * per_radian
            } else if part.itself[at + t] {
                f64::INFINITY
            } else {
                f64::NEG_INFINITY
            };
            let clamp = |c: f64| {
                let c = if c > 0.0 { c } else { 0.0 };
                if c < columns { c } else { columns }
            };
            first[t] = nearest(clamp(column[t] - half + 0.5));
            end[t] = nearest(clamp(column[t] + half + 0.5));
        }
        for t in 0..many {
            let (first, end) = (place(first[t]), place(end[t]));
            if first >= end {
                continue;
            }
            let mut value = [0.0; 8];
            for k in 0..8 {
                let across = basis.sin[k] * cos[t] - basis.cos[k] * sin[t];
                let left = top[t] - fall[t] * (across * across);
                let bent = row.straight[k] - row.bent[k] * left;
                value[k] = left * left * bent * weight[t] + basis.counts[k];
            }
            for k in 0..8 {
                values[first][k] += value[k];
            }
            for k in 0..8 {
                values[end][k] -= value[k];
            }
        }
        at += CHUNK;
    }
}

/// Runs along a row and leaves its difference array empty.
#[inline(always)]
fn sweep(values: &mut [Values], basis: &Basis, cells: &mut [f64]) {
    let many = cells.len();
    let mut sums = [0.0; 8];
    for ((difference, column), cell) in values.iter_mut().zip(&basis.columns).zip(cells) {
        for k in 0..8 {
            sums[k] += difference[k];
        }
        *difference = [0.0; 8];
        if sums[PLACES] < 0.5 {
            sums = [0.0; 8];
            *cell = 0.0;
            continue;
        }
        let mut terms = [0.0; 8];
        for k in 0..8 {
            terms[k] = sums[k] * column[k];
        }
        let sum = ((terms[0] + terms[4]) + (terms[2] + terms[6]))
            + ((terms[1] + terms[5]) + (terms[3] + terms[7]));
        *cell = if sum > 0.0 { sum } else { 0.0 };
    }
    // What ends with the stripe, or past the grid's edge in the last one.
    values[many..].fill([0.0; 8]);
}
