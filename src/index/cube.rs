//! The fixed cubes that Earth-centered space is cut into.

use super::levels::reach;
use super::order::{HALF, parts};
use super::to_index;
use crate::earth::{Ecef, Length, Position};

/// The first bits of a coordinate that name a cube: 64 cubes a side.
const BITS: u32 = 6;

/// How many cubes there are.
pub(super) const CUBES: usize = 1 << (3 * BITS);

/// One of 64³ cubes of Earth-centered space, 199.3 km a side, in Morton order (six bits of each coordinate, in turn).
/// Which cube a place lies in depends on nothing but the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cube(u32);

impl Cube {
    /// The cube that holds a position.
    pub fn of(position: Position) -> Self {
        Self::holding(parts(Ecef::from(position)))
    }

    /// The cube that holds a place in parts of the cube around the Earth.
    pub(super) fn holding(at: [u32; 3]) -> Self {
        let mut cube = 0;
        for bit in (u32::BITS - BITS..u32::BITS).rev() {
            for coordinate in at {
                cube = cube << 1 | (coordinate >> bit & 1);
            }
        }
        Self(cube)
    }

    /// All of them.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..).map(Self).take(CUBES)
    }

    pub(super) fn number(self) -> usize {
        to_index(self.0)
    }

    /// Whether any place of it may be within some length of a position: false only where none is.
    ///
    /// Whoever scores sites needs the incidents of all cubes within the [reach](crate::measures::Kernel::reach) of their
    /// kernel, and gets the same sums as from all incidents there are.
    pub fn may_be_within(self, position: Position, length: Length) -> bool {
        let Ecef(from) = Ecef::from(position);
        let side = 2.0 * HALF / f64::from(1_u32 << BITS);
        let span2 = |(axis, from): (u32, f64)| {
            let bits = (0..BITS).map(|bit| (self.0 >> (3 * bit + 2 - axis) & 1) << bit);
            let least = f64::from(bits.sum::<u32>()) * side - HALF;
            // Coordinates are rounded to parts of 3 mm.
            let (near, _) = reach(least - 0.01, least + side + 0.01, from, from);
            near * near
        };
        // A way is never shorter than its chord.
        let chord2: f64 = (0..).zip(from).map(span2).sum();
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
            // Where eight corners meet, no more than those.
            let held: Vec<Cube> = held.collect();
            assert!(held.contains(&cube) && held.len() <= 8, "{position}: {held:?}");
        }
    }
}
