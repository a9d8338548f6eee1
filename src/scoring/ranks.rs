//! Ranks and percentiles of sites over many draws.
//!
//! A value of a site in a draw is held as a code of 16 bits that grows with the value. 100,000 sites and 1,000 draws take
//! 200 MB.

use crate::float;
use rayon::prelude::*;

/// Number of codes.
const CODES: usize = 1 << 16;

/// Draws whose ranks are counted together: their codes of a site fill a cache line.
const TOGETHER: usize = 32;

/// Where the ten highest end.
pub const TOP: usize = 10;

/// The natural logarithms of the least and the greatest intensity that codes tell apart.
const RANGE: [f64; 2] = [-21.0, 21.0];

/// Codes of sites over draws, a row for each site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    draws: usize,
    rows: Vec<u16>,
}

/// How a site ranks among the sites over all draws; 1 is the highest value, and equal values share the better rank.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// 5 and 95 % of the draws have at most these ranks, rounded to whole ones.
    pub ranks: [u32; 2],
    /// The share of draws in which it is among the first [`TOP`].
    pub top: f64,
}

impl Codes {
    /// Fills the codes of some sites: `fill` gets the number of a site and its row. Also returns what it gives for each.
    pub fn with<T: Send>(
        sites: usize,
        draws: usize,
        fill: impl Fn(usize, &mut [u16]) -> T + Sync,
    ) -> (Self, Vec<T>) {
        let mut rows = vec![0; sites * draws];
        let chunks = rows.par_chunks_mut(draws.max(1)).enumerate();
        let given = chunks.map(|(site, row)| fill(site, row)).collect();
        (Self { draws, rows }, given)
    }

    /// Codes that are there already, a row for each site.
    pub fn from_rows(draws: usize, rows: Vec<u16>) -> Self {
        Self { draws, rows }
    }

    /// Returns how each site ranks among all of them, in their order. Past 65,535 sites, ranks are rounded to
    /// a multiple of how often that number goes into them.
    pub fn standings(mut self) -> Vec<Standing> {
        let sites = self.rows.len() / self.draws.max(1);
        let unit = sites.div_ceil(CODES - 1).max(1);
        for first in (0..self.draws).step_by(TOGETHER) {
            self.rank(first, unit);
        }
        let standing = |row: &[u16]| {
            let top = row.iter().filter(|rank| usize::from(**rank) * unit <= TOP).count();
            let mut row = row.to_vec();
            let ranks = [0.05, 0.95].map(|share| {
                let rank = percentile(&mut row, share, f64::from) * float::of_count(unit);
                rank_of(rank)
            });
            Standing { ranks, top: float::of_count(top) / float::of_count(self.draws) }
        };
        self.rows.par_chunks(self.draws.max(1)).map(standing).collect()
    }

    /// Replaces the codes of some draws by ranks, in units.
    fn rank(&mut self, first: usize, unit: usize) {
        let draws = self.draws;
        let last = draws.min(first + TOGETHER);
        // How many sites have a code, and then how many have a greater one.
        let mut above = vec![0_u32; (last - first) * CODES];
        let of_draw = |(draw, above): (usize, &mut [u32])| {
            for code in self.rows.iter().skip(draw).step_by(draws) {
                if let Some(count) = above.get_mut(usize::from(*code)) {
                    *count += 1;
                }
            }
            let mut greater = 0;
            for count in above.iter_mut().rev() {
                greater += std::mem::replace(count, greater);
            }
        };
        (first..last).into_par_iter().zip(above.par_chunks_mut(CODES)).for_each(of_draw);
        self.rows.par_chunks_mut(draws).for_each(|row| {
            for (code, above) in row.iter_mut().skip(first).zip(above.chunks(CODES)) {
                let greater = above.get(usize::from(*code)).map_or(0, |count| to_usize(*count));
                *code = u16::try_from(greater / unit + 1).unwrap_or(u16::MAX);
            }
        });
    }
}

/// Returns a percentile of some values, of which any order will do: interpolated between the two nearest (Hyndman and Fan
/// 1996, type 7), 0 of none.
pub fn percentile<T: Ord + Copy>(values: &mut [T], share: f64, number: impl Fn(T) -> f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let at = share * float::of_count(last);
    let below = floor(at).min(last);
    let (_, &mut low, rest) = values.select_nth_unstable(below);
    let part = at - float::of_count(below);
    let high = rest.iter().min().copied().unwrap_or(low);
    let (low, high) = (number(low), number(high));
    low + part * (high - low)
}

/// Returns the code of an intensity: 0 below 1e-9, and otherwise 65,535 steps of equal ratio up to 1e9, of 0.06 %.
pub fn intensity_code(intensity: f64) -> u16 {
    let [low, high] = RANGE;
    let ln = libm::log(intensity);
    if ln.is_nan() || ln < low {
        return 0;
    }
    let step = (ln - low) / (high - low) * 65_534.0;
    u16::try_from(floor(step.min(65_534.0) + 0.5) + 1).unwrap_or(u16::MAX)
}

/// Returns the intensity of a code.
pub fn coded_intensity(code: u16) -> f64 {
    let [low, high] = RANGE;
    match code.checked_sub(1) {
        None => 0.0,
        Some(step) => libm::exp(low + f64::from(step) / 65_534.0 * (high - low)),
    }
}

/// Returns the code of a score from 0 to 100: steps of 0.0015.
pub fn score_code(score: f64) -> u16 {
    u16::try_from(floor(score.clamp(0.0, 100.0) * 655.35 + 0.5)).unwrap_or(u16::MAX)
}

/// Returns the score of a code.
pub fn coded_score(code: u16) -> f64 {
    f64::from(code) / 655.35
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float saturates at the ends of a whole number"
)]
fn floor(number: f64) -> usize {
    number.max(0.0) as usize
}

fn rank_of(rank: f64) -> u32 {
    u32::try_from(floor(rank + 0.5)).unwrap_or(u32::MAX)
}

fn to_usize(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(sites: usize, draws: usize, fill: impl Fn(usize, &mut [u16]) + Sync) -> Codes {
        Codes::with(sites, draws, fill).0
    }

    #[test]
    fn percentiles_lie_between_the_nearest_values() {
        let mut values = [40_u16, 10, 30, 20];
        for (share, expected) in [(0.0, 10.0), (0.05, 11.5), (0.5, 25.0), (0.95, 38.5), (1.0, 40.0)]
        {
            let found = percentile(&mut values, share, f64::from);
            assert!((found - expected).abs() < 1e-9, "{share}: {found}");
        }
        assert_eq!(percentile(&mut [7_u16], 0.95, f64::from), 7.0);
        assert_eq!(percentile(&mut [0_u16; 0], 0.95, f64::from), 0.0);
    }

    #[test]
    fn codes_grow_with_the_value_and_keep_it() {
        for exponent in -80..=80 {
            let intensity = 1.25_f64.powi(exponent);
            let again = coded_intensity(intensity_code(intensity));
            assert!((again / intensity - 1.0).abs() < 3.3e-4, "{intensity}: {again}");
            assert!(intensity_code(intensity) < intensity_code(1.001 * intensity));
        }
        assert_eq!((intensity_code(0.0), intensity_code(1e-10)), (0, 0));
        assert_eq!((intensity_code(f64::NAN), intensity_code(1e300)), (0, u16::MAX));
        assert_eq!(coded_intensity(0), 0.0);
        for tenths in 0..=1000_u16 {
            let score = f64::from(tenths) / 10.0;
            assert!((coded_score(score_code(score)) - score).abs() < 0.0008);
        }
    }

    #[test]
    fn ranks_are_counted_in_every_draw() {
        // Three sites over 40 draws: the first two change places in every fourth draw, the third is always last.
        let value = |site: usize, draw: usize| match (site, draw % 4) {
            (2, _) => 5,
            (0, 0) | (1, 1..) => 10,
            _ => 20,
        };
        let codes = drawn(3, 40, |site, row| {
            for (draw, code) in row.iter_mut().enumerate() {
                *code = value(site, draw);
            }
        });
        let ranks: Vec<[u32; 2]> = codes.standings().iter().map(|one| one.ranks).collect();
        assert_eq!(ranks, [[1, 2], [1, 2], [3, 3]]);
    }

    #[test]
    fn equal_values_share_the_better_rank() {
        let codes = drawn(12, 5, |site, row| row.fill(if site == 3 { 9 } else { 4 }));
        let standings = codes.standings();
        assert_eq!((standings[3].ranks, standings[3].top), ([1, 1], 1.0));
        assert_eq!((standings[11].ranks, standings[11].top), ([2, 2], 1.0));
        let codes = drawn(12, 5, |site, row| row.fill(if site < 11 { 9 } else { 4 }));
        assert_eq!(codes.standings()[11], Standing { ranks: [12, 12], top: 0.0 });
    }
}
