//! The draws of one published place, and of the position of a site: displacements, and sums of weights.

#![expect(clippy::indexing_slicing, reason = "lanes are counted by their arrays")]

use super::normal::{poisson, radius};
use super::philox::{LANES, Stream, uniform};
use super::places::{Member, PublishedPlace, PublishedPlaces};
use crate::earth::sin_cos;
use crate::simd::{NullaryFnOnce, vectorized};

/// Draws computed together: two of each block of random numbers.
pub(super) const TOGETHER: usize = 2 * LANES;

/// Displacements to the east and to the north over all draws, in km.
#[derive(Debug, Clone, Default)]
pub(super) struct Displacements {
    pub east: Vec<f64>,
    pub north: Vec<f64>,
}

/// The draws of a place: where it is, and the sum of the weights of its incidents.
#[derive(Debug, Clone, Default)]
pub(super) struct PlaceDraws {
    pub moved: Displacements,
    pub weight: Vec<f64>,
}

impl Displacements {
    /// Draws Gaussian displacements with a standard deviation in km on each axis.
    pub fn draw(&mut self, stream: Stream, spread_km: f64, draws: usize) {
        self.east.clear();
        self.east.resize(draws, 0.0);
        self.north.clear();
        self.north.resize(draws, 0.0);
        if spread_km > 0.0 {
            vectorized(Moving { stream, spread_km, east: &mut self.east, north: &mut self.north });
        }
    }
}

impl PlaceDraws {
    /// Draws a place. `draws` must be a multiple of [`TOGETHER`].
    pub fn draw(&mut self, place: &PublishedPlace, places: &PublishedPlaces, draws: usize) {
        self.moved.draw(place.stream, place.moves_km, draws);
        self.weight.clear();
        self.weight.resize(draws, 0.0);
        let members = places.members(place);
        vectorized(Counting { members, weight: &mut self.weight });
    }
}

/// Fills displacements.
struct Moving<'a> {
    stream: Stream,
    spread_km: f64,
    east: &'a mut [f64],
    north: &'a mut [f64],
}

impl NullaryFnOnce for Moving<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { stream, spread_km, east, north } = self;
        let chunks = east.as_chunks_mut::<TOGETHER>().0;
        let mut words = vec![[[0; LANES]; 4]; chunks.len()];
        for (first, words) in blocks().zip(&mut words) {
            *words = stream.blocks(first);
        }
        let chunks = chunks.iter_mut().zip(north.as_chunks_mut::<TOGETHER>().0);
        for ([a, b, c, d], (east, north)) in words.into_iter().zip(chunks) {
            for (from, one, other) in [(0, a, b), (LANES, c, d)] {
                // Step by step over all lanes, which compilers vectorize.
                let (mut radii, mut turns) = ([0.0; LANES], [0.0; LANES]);
                for lane in 0..LANES {
                    radii[lane] = radius(one[lane]);
                }
                for lane in 0..LANES {
                    turns[lane] = uniform(other[lane]) * 360.0;
                }
                let (mut sines, mut cosines) = ([0.0; LANES], [0.0; LANES]);
                for lane in 0..LANES {
                    (sines[lane], cosines[lane]) = sin_cos(turns[lane]);
                }
                for lane in 0..LANES {
                    east[from + lane] = spread_km * (radii[lane] * cosines[lane]);
                }
                for lane in 0..LANES {
                    north[from + lane] = spread_km * (radii[lane] * sines[lane]);
                }
            }
        }
    }
}

/// Adds up weights.
struct Counting<'a> {
    members: &'a [Member],
    weight: &'a mut [f64],
}

impl NullaryFnOnce for Counting<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { members, weight } = self;
        for Member { stream, weight: best, counts, deaths: [low, high] } in members {
            if !counts && *low == 0.0 && *high == 0.0 {
                weight.iter_mut().for_each(|sum| *sum += best);
                continue;
            }
            for (first, sums) in blocks().zip(weight.as_chunks_mut::<TOGETHER>().0) {
                let [a, b, c, d] = stream.blocks(first);
                for (from, count, deaths) in [(0, a, b), (LANES, c, d)] {
                    let (mut times, mut changes) = ([1.0; LANES], [0.0; LANES]);
                    if *counts {
                        for lane in 0..LANES {
                            times[lane] = poisson(count[lane]);
                        }
                    }
                    for lane in 0..LANES {
                        let from_best = 2.0 * uniform(deaths[lane]) - 1.0;
                        let slope = if from_best < 0.0 { -low } else { *high };
                        changes[lane] = best * (1.0 + from_best * slope);
                    }
                    for lane in 0..LANES {
                        sums[from + lane] += times[lane] * changes[lane];
                    }
                }
            }
        }
    }
}

/// The numbers of the first blocks of successive groups of [`TOGETHER`] draws.
fn blocks() -> impl Iterator<Item = u32> {
    (0..).step_by(LANES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::draws::{Purpose, normals};

    #[test]
    fn a_draw_is_the_same_alone_and_among_others() {
        let stream = Stream::new(5, Purpose::Site, 6);
        let mut moved = Displacements::default();
        moved.draw(stream, 2.0, 96);
        for draw in 0..96_u32 {
            let [one, other] = stream.words(draw);
            let (east, north) = normals(one, other);
            let at = usize::try_from(draw).expect("small");
            assert_eq!([moved.east[at], moved.north[at]], [2.0 * east, 2.0 * north], "{draw}");
        }
    }
}
