//! The fixed cubes that partition Earth-centered space.

use super::levels::{reach, unite};
use super::order::{HALF, parts};
use super::to_index;
use crate::earth::{Ecef, Length, Position, Shape};

/// Leading bits of a coordinate that select a cube: 64 cubes per axis.
const BITS: u32 = 6;

/// Number of cubes.
pub(super) const CUBES: usize = 1 << (3 * BITS);

/// Length of a side, in meters.
const SIDE: f64 = 2.0 * HALF / 64.0;

/// Half the resolution of the coordinates that select a cube, and more, in meters.
const EDGE: f64 = 0.01;

/// One of 64³ cubes of Earth-centered space, 199.3 km on a side, in Morton order (six bits of each coordinate,
/// interleaved). The cube of a place depends only on the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cube(u32);

impl Cube {
    /// Returns the cube that contains a position.
    pub fn of(position: Position) -> Self {
        Self::holding(parts(Ecef::from(position)))
    }

    /// Returns the cube of a place in quantized coordinates (see [`order`](super::order)).
    pub(super) fn holding(at: [u32; 3]) -> Self {
        let mut cube = 0;
        for bit in (u32::BITS - BITS..u32::BITS).rev() {
            for coordinate in at {
                cube = cube << 1 | (coordinate >> bit & 1);
            }
        }
        Self(cube)
    }

    /// Returns all cubes, in order.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..).map(Self).take(CUBES)
    }

    /// Returns the number of the cube in Morton order, from 0.
    pub fn number(self) -> u32 {
        self.0
    }

    /// Returns the cube of a number; `None` past the last.
    pub fn from_number(number: u32) -> Option<Self> {
        Some(Self(number)).filter(|cube| cube.index() < CUBES)
    }

    pub(super) fn index(self) -> usize {
        to_index(self.0)
    }

    /// Returns every cube that a shape may touch, in order. A cube that it does not touch may be among them.
    pub fn of_shape(shape: &Shape) -> Vec<Self> {
        if let Some(position) = shape.as_point() {
            return vec![Self::of(position)];
        }
        let places = shape.places().map(|place| Ecef::from(place).0);
        let [low, high] = unite(&places.map(|place| [place, place]).collect::<Vec<_>>());
        let axes = low.into_iter().zip(high).map(|(low, high)| {
            // An edge departs from the chord between two of the places by less than a quarter of this.
            let [low, high] = [low - 1_000.0, high + 1_000.0];
            let begins = |step: &f64| (step * SIDE - HALF, (step + 1.0) * SIDE - HALF);
            let steps = std::iter::successors(Some(0.0), |step| Some(step + 1.0)).take(64);
            let centers = steps.filter(move |step| {
                let (begin, end) = begins(step);
                begin <= high && end >= low
            });
            centers.map(|step| (step + 0.5) * SIDE - HALF).collect()
        });
        let axes: Vec<Vec<f64>> = axes.collect();
        let [x, y, z] = axes.as_slice() else { return Vec::new() };
        let centers = x.iter().flat_map(|x| y.iter().flat_map(|y| z.iter().map(|z| [*x, *y, *z])));
        let mut cubes: Vec<Self> = centers.map(|at| Self::holding(parts(Ecef(at)))).collect();
        cubes.sort_unstable();
        cubes
    }

    /// The least and the greatest length of a chord from a place in this cube to one in another.
    ///
    /// # Units
    /// Meters.
    pub fn chords(self, other: Self) -> (f64, f64) {
        let (from, to) = (self.corner(), other.corner());
        let (mut near2, mut far2) = (0.0, 0.0);
        for (from, to) in from.into_iter().zip(to) {
            let (near, far) = reach(from - EDGE, from + SIDE + EDGE, to - EDGE, to + SIDE + EDGE);
            near2 += near * near;
            far2 += far * far;
        }
        (near2.sqrt(), far2.sqrt())
    }

    /// The least coordinates of places in the cube.
    fn corner(self) -> [f64; 3] {
        [0, 1, 2].map(|axis: u32| {
            let bits = (0..BITS).map(|bit| (self.0 >> (3 * bit + 2 - axis) & 1) << bit);
            f64::from(bits.sum::<u32>()) * SIDE - HALF
        })
    }

    /// Whether the cube may contain a place within `length` of a position. False only if it surely contains none.
    ///
    /// To score sites, the incidents of all cubes within the [reach](crate::measures::Kernel::reach) of the kernel
    /// suffice: they give the same sums as all incidents.
    pub fn may_be_within(self, position: Position, length: Length) -> bool {
        let Ecef(from) = Ecef::from(position);
        let span2 = |(least, from): (f64, f64)| {
            let (near, _) = reach(least - EDGE, least + SIDE + EDGE, from, from);
            near * near
        };
        // A distance along the ground is never shorter than its chord.
        let chord2: f64 = self.corner().into_iter().zip(from).map(span2).sum();
        chord2 <= length.meters() * length.meters()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cube_holds_what_lies_in_it_and_is_as_far_as_its_nearest_place() {
        for (lon, lat) in [(0.0, 0.0), (180.0, 0.0), (-90.0, 45.0), (10.0, 90.0), (62.1, -29.3)] {
            let position = Position::from_degrees(lon, lat).expect("a position");
            let cube = Cube::of(position);
            let held = Cube::all().filter(|cube| cube.may_be_within(position, Length::ZERO));
            // Where eight corners meet, no more than those eight.
            let held: Vec<Cube> = held.collect();
            assert!(held.contains(&cube) && held.len() <= 8, "{position}: {held:?}");
        }
    }
}
