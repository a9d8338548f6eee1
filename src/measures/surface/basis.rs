//! Interpolation at seven nodes of a stripe: a kernel's values at the nodes determine it along a whole
//! row.

#![expect(clippy::indexing_slicing, reason = "places are counted here")]

use super::number;
use super::stripes::Stripes;
use crate::earth::sin_cos;
use std::f64::consts::PI;

/// Number of nodes: twice the degree of the kernel in longitude, plus one.
pub(super) const PLACES: usize = 7;

/// Values of a polynomial at the nodes, and the number of active intervals; one cache line.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Values(pub [f64; 8]);

impl Values {
    pub const NONE: Self = Self([0.0; 8]);
}

/// Data common to all stripes of a grid.
#[derive(Debug)]
pub(super) struct Basis {
    /// Sine of the angle from a stripe's middle to each node, and 1 minus its cosine.
    pub sin: Values,
    pub lack: Values,
    /// Bit masks per lane: bits to keep, and bits to set. They turn the last of the eight values, which is
    /// unused, into 1, a count.
    pub kept: [u64; 8],
    pub count: [u64; 8],
    /// For each column, the weight of each node's value.
    pub columns: Vec<Values>,
}

impl Basis {
    /// Creates the basis at Chebyshev nodes, which minimize the amplification of errors.
    pub fn new(stripes: &Stripes) -> Self {
        let half = 0.5 * number(stripes.columns);
        let places: [f64; PLACES] = std::array::from_fn(|k| {
            let turn = libm::cos(PI * (number(k) + 0.5) / number(PLACES));
            stripes.angle(half * (1.0 - turn) - 0.5)
        });
        let (mut sines, mut lack) = (Values::NONE, Values::NONE);
        for (k, place) in places.iter().enumerate() {
            let (sin, cos) = sin_cos(0.5 * place);
            (sines.0[k], lack.0[k]) = (2.0 * sin * cos, 2.0 * sin * sin);
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
        let (mut kept, mut count) = ([u64::MAX; 8], [0; 8]);
        (kept[PLACES], count[PLACES]) = (0, 1.0_f64.to_bits());
        let columns = (0..stripes.columns).map(at).collect();
        Self { sin: sines, lack, kept, count, columns }
    }
}
