//! Random numbers by counter: Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as
//! 1, 2, 3"). A number is a function of the seed, of what it is drawn for, and of the draw, so it does not depend on
//! threads, on order, or on what else is drawn.

#![expect(clippy::indexing_slicing, reason = "lanes are counted by their arrays")]

/// Blocks computed together, one in each SIMD lane.
pub(super) const LANES: usize = 16;

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// What random numbers are drawn for; each kind has numbers of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The true position of a published place.
    Place,
    /// How often an incident counts, and its deaths.
    Incident,
    /// The true position of a site or a part of it.
    Site,
    /// What is left of a site's intensity beside the places drawn one by one.
    Rest,
    /// The value of an indicator of a site as far as it is not known.
    Indicator,
    /// Other settings of a scheme.
    Setting,
    /// Resamples of a bootstrap.
    Resample,
}

impl Purpose {
    fn word(self) -> u32 {
        match self {
            Self::Place => 1,
            Self::Incident => 2,
            Self::Site => 3,
            Self::Rest => 4,
            Self::Indicator => 5,
            Self::Setting => 6,
            Self::Resample => 7,
        }
    }
}

/// The random numbers of one thing: any number of blocks of four, by their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    seed: [u32; 2],
    purpose: u32,
    id: [u32; 2],
}

impl Stream {
    /// The numbers of a thing with a [`key`], under a seed.
    pub fn new(seed: u64, purpose: Purpose, key: u64) -> Self {
        Self { seed: halves(seed), purpose: purpose.word(), id: halves(key) }
    }

    /// Returns a block: four independent whole numbers, each uniform over all of `u32`.
    pub fn block(&self, number: u32) -> [u32; 4] {
        let counter = [[number], [self.purpose], [self.id[0]], [self.id[1]]];
        philox(counter, self.seed).map(|[word]| word)
    }

    /// Returns two words for a draw; a block serves two draws.
    ///
    /// Draws are computed 32 at once, from 16 blocks: the first halves of the blocks serve the first 16.
    pub fn words(&self, draw: u32) -> [u32; 2] {
        let (group, place) = (draw / 32, draw % 32);
        let [a, b, c, d] = self.block(16 * group + place % 16);
        if place < 16 { [a, b] } else { [c, d] }
    }

    /// Returns [`LANES`] successive blocks, lane by lane.
    #[inline(always)]
    pub(super) fn blocks(&self, first: u32) -> [[u32; LANES]; 4] {
        let mut counter =
            [[0; LANES], [self.purpose; LANES], [self.id[0]; LANES], [self.id[1]; LANES]];
        for (number, place) in (first..).zip(&mut counter[0]) {
            *place = number;
        }
        philox(counter, self.seed)
    }
}

/// Returns the key of a thing by its name, such as an id or the bytes of its coordinates.
pub fn key(name: &[u8]) -> u64 {
    let hash = blake3::hash(name);
    hash.as_bytes().iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
}

/// Returns a number strictly between 0 and 1.
#[inline(always)]
pub fn uniform(word: u32) -> f64 {
    (f64::from(word) + 0.5) * (1.0 / 4_294_967_296.0)
}

fn halves(number: u64) -> [u32; 2] {
    let half = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    [half(number), half(number >> 32)]
}

/// The high and the low half of a product.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
fn product(a: u32, b: u32) -> (u32, u32) {
    let product = u64::from(a) * u64::from(b);
    ((product >> 32) as u32, product as u32)
}

/// Ten rounds, in every lane.
#[inline(always)]
fn philox<const N: usize>(mut counter: [[u32; N]; 4], mut key: [u32; 2]) -> [[u32; N]; 4] {
    for _ in 0..10 {
        let [a, b, c, d] = counter;
        let (mut high, mut low) = ([[0; N]; 2], [[0; N]; 2]);
        for lane in 0..N {
            (high[0][lane], low[0][lane]) = product(MULTIPLIERS[0], a[lane]);
        }
        for lane in 0..N {
            (high[1][lane], low[1][lane]) = product(MULTIPLIERS[1], c[lane]);
        }
        for lane in 0..N {
            counter[0][lane] = high[1][lane] ^ b[lane] ^ key[0];
            counter[2][lane] = high[0][lane] ^ d[lane] ^ key[1];
        }
        counter[1] = low[1];
        counter[3] = low[0];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that Random123 publishes for this generator.
    #[test]
    fn it_gives_the_published_answers() {
        let known: [([u32; 4], [u32; 2], [u32; 4]); 3] = [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, answer) in known {
            let words = philox(counter.map(|word| [word; LANES]), key);
            assert_eq!(words, answer.map(|word| [word; LANES]));
        }
    }

    #[test]
    fn blocks_have_their_own_numbers() {
        let stream = Stream::new(7, Purpose::Place, key(b"a"));
        let together = stream.blocks(5);
        for (lane, number) in (0..LANES).zip(5..) {
            assert_eq!(stream.block(number), together.map(|words| words[lane]));
        }
        for other in [
            Stream::new(8, Purpose::Place, key(b"a")),
            Stream::new(7, Purpose::Site, key(b"a")),
            Stream::new(7, Purpose::Place, key(b"b")),
        ] {
            assert_ne!(other.block(5), stream.block(5));
        }
    }

    #[test]
    fn uniform_numbers_are_never_0_or_1() {
        assert!(uniform(0) > 0.0 && uniform(u32::MAX) < 1.0);
        let stream = Stream::new(1, Purpose::Setting, 2);
        let sum: f64 = (0..25_000).flat_map(|number| stream.block(number)).map(uniform).sum();
        // The standard error of the mean of 100,000 is 0.0009.
        assert!((sum / 100_000.0 - 0.5).abs() < 0.004);
    }
}
