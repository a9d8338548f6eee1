//! Random shares that add up to 1.

use crate::measures::{Stream, normals, uniform};

/// Returns shares from a Dirichlet distribution with given means, which add up to 1, and a concentration; `stream` gives
/// the random numbers. A share whose mean is 0 stays 0.
///
/// The shares are numbers from gamma distributions of shapes mean · concentration, divided by their sum. Each share has the
/// variance mean (1 - mean) / (concentration + 1).
pub fn dirichlet(means: &[f64], concentration: f64, stream: Stream) -> Vec<f64> {
    let mut words = Words { stream, block: 0, left: Vec::new() };
    let gammas: Vec<f64> = means
        .iter()
        .map(|mean| if *mean > 0.0 { words.gamma(mean * concentration) } else { 0.0 })
        .collect();
    let sum: f64 = gammas.iter().sum();
    // With tiny shapes all may underflow.
    if sum > 0.0 { gammas.iter().map(|gamma| gamma / sum).collect() } else { means.to_vec() }
}

/// The words of a stream, one after the other.
struct Words {
    stream: Stream,
    block: u32,
    left: Vec<u32>,
}

impl Words {
    fn next(&mut self) -> u32 {
        if self.left.is_empty() {
            self.left.extend(self.stream.block(self.block));
            self.block += 1;
        }
        self.left.pop().unwrap_or(0)
    }

    /// A number from the gamma distribution of a shape above 0 and scale 1, by squeezed rejection (Marsaglia and Tsang 2000);
    /// for a shape below 1 from that of a shape larger by 1.
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let larger = self.gamma(shape + 1.0);
            return larger * libm::pow(uniform(self.next()), 1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let (z, _) = normals(self.next(), self.next());
            let root = 1.0 + c * z;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let u = uniform(self.next());
            if libm::log(u) < 0.5 * z * z + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::Purpose;

    #[test]
    fn shares_have_the_mean_and_the_variance_of_the_distribution() {
        let means = [0.5, 0.3, 0.18, 0.0, 0.02];
        let draws: Vec<Vec<f64>> = (0..20_000)
            .map(|draw| dirichlet(&means, 20.0, Stream::new(5, Purpose::Setting, draw)))
            .collect();
        for draw in &draws {
            assert!((draw.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!(draw.iter().all(|share| *share >= 0.0));
        }
        for (at, mean) in means.into_iter().enumerate() {
            let sum = |of: &dyn Fn(f64) -> f64| {
                draws.iter().map(|draw| of(draw[at])).sum::<f64>() / 20_000.0
            };
            let variance = mean * (1.0 - mean) / 21.0;
            let found = sum(&|share| (share - mean) * (share - mean));
            // Five standard errors of the mean; that of a variance is 10 % at most, for the tiny share.
            assert!((sum(&|share| share) - mean).abs() <= 5.0 * (variance / 20_000.0).sqrt());
            assert!((found - variance).abs() <= 0.12 * variance, "{mean}: {found} {variance}");
        }
        // Two shares of a Dirichlet distribution fall together: -a b / (concentration + 1).
        let both =
            draws.iter().map(|draw| (draw[0] - 0.5) * (draw[1] - 0.3)).sum::<f64>() / 20_000.0;
        assert!((both + 0.15 / 21.0).abs() < 0.0004, "{both}");
    }
}
