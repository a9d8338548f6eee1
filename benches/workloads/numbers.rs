//! Deterministic random numbers: the same data on every machine, from a seed.

/// A stream of random numbers (SplitMix64: Steele, Lea and Flood 2014, "Fast splittable pseudorandom
/// number generators").
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a number in [0, 1), a multiple of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Returns an integer in [0, `many`).
    pub fn below(&mut self, many: usize) -> usize {
        (self.unit() * many as f64) as usize
    }

    /// Returns a standard normal number (one of the two from Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.unit(), self.unit());
        (-2.0 * libm::log(u)).sqrt() * libm::cos(std::f64::consts::TAU * v)
    }

    /// Returns the number of trials until the first success, each with probability `p`.
    pub fn tries(&mut self, p: f64) -> f64 {
        (libm::log(1.0 - self.unit()) / libm::log(1.0 - p)).ceil().max(1.0)
    }
}
