//! The fixed cubes that partition Earth-centered space.

use super::levels::reach;
use super::order::{HALF, parts};
use super::to_index;
use crate::earth::{Ecef, Length, Position};

/// Leading bits of a coordinate that select a cube: 64 cubes per axis.
const BITS: u32 = 6;

/// Number of cubes.
pub(super) const CUBES: usize = 1 << (3 * BITS);

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

    pub(super) fn number(self) -> usize {
        to_index(self.0)
    }

    /// Whether the cube may contain a place within `length` of a position. False only if it surely contains none.
    ///
    /// To score sites, the incidents of all cubes within the [reach](crate::measures::Kernel::reach) of the kernel
    /// suffice: they give the same sums as all incidents.
    pub fn may_be_within(self, position: Position, length: Length) -> bool {
        let Ecef(from) = Ecef::from(position);
        let side = 2.0 * HALF / f64::from(1_u32 << BITS);
        let span2 = |(axis, from): (u32, f64)| {
            let bits = (0..BITS).map(|bit| (self.0 >> (3 * bit + 2 - axis) & 1) << bit);
            let least = f64::from(bits.sum::<u32>()) * side - HALF;
            // Quantized coordinates have a resolution of 3 mm.
            let (near, _) = reach(least - 0.01, least + side + 0.01, from, from);
            near * near
        };
        // A distance along the ground is never shorter than its chord.
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
            // Where eight corners meet, no more than those eight.
            let held: Vec<Cube> = held.collect();
            assert!(held.contains(&cube) && held.len() <= 8, "{position}: {held:?}");
        }
    }
}
