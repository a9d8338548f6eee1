//! The bootstrap: things are drawn anew, as many as there are, and each counts as often as it was drawn (Efron 1979).

use crate::measures::{Purpose, Stream};

/// The seed of the resamples.
const SEED: u64 = 1;

/// Resamples of two kinds of things at once, such as origins and clusters of sites, so that the weight of a case is how
/// often its origin was drawn times how often its cluster was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bootstrap {
    /// The number of resamples.
    pub resamples: u32,
}

impl Bootstrap {
    /// How often each of `count` things was drawn in a resample; the sum is `count`. The draws of each `kind` are
    /// independent.
    pub fn counts(&self, kind: u32, resample: u32, count: usize) -> Vec<u16> {
        let mut counts = vec![0_u16; count];
        let Ok(size) = u64::try_from(count) else { return counts };
        let key = u64::from(kind) << 32 | u64::from(resample);
        let stream = Stream::new(SEED, Purpose::Resample, key);
        let mut left = count;
        for number in 0.. {
            for word in stream.block(number) {
                if left == 0 {
                    return counts;
                }
                left -= 1;
                // The upper half of the product is uniform over the things, up to one part in 2³² / count.
                let drawn = usize::try_from((u64::from(word) * size) >> 32).unwrap_or(0);
                if let Some(times) = counts.get_mut(drawn) {
                    *times = times.saturating_add(1);
                }
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_drawn_as_there_are_and_each_as_often_as_the_next() {
        let bootstrap = Bootstrap { resamples: 2_000 };
        let mut all = [0_u32; 7];
        let mut missed = 0;
        for resample in 0..bootstrap.resamples {
            let counts = bootstrap.counts(0, resample, 7);
            assert_eq!(counts.iter().sum::<u16>(), 7);
            all.iter_mut().zip(&counts).for_each(|(sum, count)| *sum += u32::from(*count));
            missed += counts.iter().filter(|count| **count == 0).count();
        }
        // The standard deviation of each sum is the root of 2,000 (6 / 7), 41.
        assert!(all.iter().all(|sum| (1_800..2_200).contains(sum)), "{all:?}");
        // A thing is missed with the probability (6 / 7)^7 = 0.34.
        assert!((4_500..5_020).contains(&missed), "{missed}");
        assert!(bootstrap.counts(0, 3, 0).is_empty());
    }

    #[test]
    fn kinds_and_resamples_differ_and_repeat() {
        let bootstrap = Bootstrap { resamples: 10 };
        let of = |kind, resample| bootstrap.counts(kind, resample, 40);
        assert_eq!(of(0, 1), of(0, 1));
        assert_ne!(of(0, 1), of(1, 1));
        assert_ne!(of(0, 1), of(0, 2));
    }
}
