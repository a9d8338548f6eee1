//! The values of a lattice along one parallel.
//!
//! The cells of a row of a grid in longitude and latitude share the rows of the lattice and their weights. Summed once for
//! the row, these leave eight values to each cell instead of 64.

#![expect(clippy::indexing_slicing, reason = "columns are counted here")]

use super::lattice::{Lattice, PAD, TAPS};

/// The values of a lattice along one parallel.
pub(super) struct Parallel<'a> {
    lattice: &'a Lattice,
    parts: Vec<Part>,
}

/// What rows with the same columns add to the values.
struct Part {
    /// Columns per turn.
    turn: usize,
    /// Whether the rows lie past a pole.
    over: bool,
    /// One for each stored column.
    values: Vec<f64>,
}

impl<'a> Parallel<'a> {
    /// Interpolates between the rows of a lattice; `None` outside it.
    #[inline(always)]
    pub fn new(lattice: &'a Lattice, values: &[f64], latitude: f64) -> Option<Self> {
        let mut parts: Vec<Part> = Vec::new();
        for row in lattice.rows(latitude)? {
            let len = row.line.columns + 2 * PAD;
            let values = &values[row.line.start..row.line.start + len];
            let (turn, over) = (row.line.turn, row.over);
            if parts.last().is_none_or(|part| (part.turn, part.over) != (turn, over)) {
                parts.push(Part { turn, over, values: vec![0.0; len] });
            }
            if let Some(part) = parts.last_mut() {
                for (sum, value) in part.values.iter_mut().zip(values) {
                    *sum += row.weight * value;
                }
            }
        }
        Some(Self { lattice, parts })
    }

    /// The value at a longitude; zero outside the lattice.
    #[inline(always)]
    pub fn at(&self, longitude: f64) -> f64 {
        let Some(east) = self.lattice.east(longitude) else { return 0.0 };
        let mut terms = [0.0; TAPS];
        for part in &self.parts {
            let (column, weights) = self.lattice.columns(east, part.turn, part.over);
            let values = &part.values[column..column + TAPS];
            for k in 0..TAPS {
                terms[k] += weights[k] * values[k];
            }
        }
        ((terms[0] + terms[4]) + (terms[2] + terms[6]))
            + ((terms[1] + terms[5]) + (terms[3] + terms[7]))
    }
}

#[cfg(test)]
mod tests {
    use super::super::lattice::Window;
    use super::*;

    #[test]
    fn values_along_a_parallel_are_those_of_each_place() {
        for window in [
            Window { south: -1.0, north: 2.0, west: 179.0, span: 4.0 },
            Window { south: 74.0, north: 90.0, west: -180.0, span: 360.0 },
            Window { south: 55.0, north: 65.0, west: 10.0, span: 30.0 },
        ] {
            let lattice = Lattice::new(window, 20_000.0, 100_000.0);
            let mut random = 7_u32;
            let values: Vec<f64> = std::iter::repeat_with(|| {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                f64::from(random >> 8)
            })
            .take(lattice.len)
            .collect();
            for y in 0..=20 {
                let lat = window.south + f64::from(y) / 20.0 * (window.north - window.south);
                let along = Parallel::new(&lattice, &values, lat).expect("within the lattice");
                for x in 0..=40 {
                    let lon = window.west + f64::from(x) / 40.0 * window.span;
                    let mut alone = 0.0;
                    lattice.stencil([lon, lat], |start, row, columns| {
                        for k in 0..TAPS {
                            alone += row * columns[k] * values[start + k];
                        }
                    });
                    let found = along.at(lon);
                    assert!((found - alone).abs() < 1e-6, "{lon} {lat}: {found}, not {alone}");
                }
            }
            assert!(Parallel::new(&lattice, &values, window.south - 60.0).is_none());
        }
    }
}
