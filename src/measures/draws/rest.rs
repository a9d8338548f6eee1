//! What is left of a site's intensity beside the places that are drawn one by one: its mean, its variance, and how it
//! changes as the site moves.

use super::moves::Displacements;
use super::philox::{Purpose, Stream};
use super::places::PublishedPlaces;
use super::seen::Kernels;
use crate::measures::intensity::KernelSum;
use crate::measures::weighed::{SiteProbe, WeighedIncident, WeighedIncidents};

/// Sums of variances over all incidents in reach of a site, by the fast Gauss transform.
#[derive(Debug)]
pub(super) struct Squares {
    incidents: WeighedIncidents,
    sum: KernelSum,
}

/// The rest of an intensity.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Rest {
    pub mean: f64,
    pub variance: f64,
    /// Change of its logarithm as the site moves.
    ///
    /// # Units
    /// Per km to the east and to the north.
    pub slope: [f64; 2],
}

impl Squares {
    /// Prepares the sums for incidents under a kernel.
    ///
    /// The variance of a place is `A E k² - W² (E k)²` with A the mean square of its weight. The sum takes
    /// `(A - W² q) E k²` instead, with q the ratio of both kernels' integrals over the plane: right where places lie evenly
    /// around the site.
    ///
    /// `None` unless the kernel is Gaussian: the other forms have no fast sum.
    pub fn new(
        incidents: &WeighedIncidents,
        places: &PublishedPlaces,
        kernels: &Kernels,
    ) -> Option<Self> {
        let squared = kernels.squared.clone()?;
        let kernel = kernels.kernel;
        let weight = |(at, incident): (usize, &WeighedIncident)| {
            let place = places.of_incident(at).filter(|(_, place)| place.first == at);
            let weight = place.map_or(0.0, |(_, place)| {
                let ratio = kernel.square_ratio(place.spread_km * place.spread_km);
                (place.square() - place.weight * place.weight * ratio).max(0.0)
            });
            WeighedIncident { weight, ..*incident }
        };
        let squares = incidents.list().iter().enumerate().map(weight).collect();
        let incidents = incidents.changed(squares);
        let sum = KernelSum::new(&incidents, squared);
        Some(Self { incidents, sum })
    }

    /// The variance of the intensity at a site from all incidents in reach.
    pub fn at(&self, site: &SiteProbe) -> f64 {
        self.sum.total(site, &self.incidents)
    }

    /// The places whose parts of that sum may be among the `keep` largest, by their first incidents; `None` if the sum is
    /// direct.
    pub fn strongest(&self, site: &SiteProbe, keep: usize) -> Option<Vec<usize>> {
        self.sum.strongest(site, &self.incidents, keep)
    }

    /// The part of that sum of one place, by a kernel's mean square there.
    pub fn of_place(&self, first: usize, squared: f64) -> f64 {
        self.incidents.list().get(first).map_or(0.0, |incident| incident.weight * squared)
    }
}

impl Rest {
    /// Adds the rest to the draws of a site: log-normal with its mean and variance, changing with the site's moves.
    pub fn add(&self, seed: u64, key: u64, spread_km: f64, site: &Displacements, sums: &mut [f64]) {
        if self.mean <= 0.0 {
            return;
        }
        let mut normal = Displacements::default();
        normal.draw(Stream::new(seed, Purpose::Rest, key), 1.0, sums.len());
        let spread2 = libm::log1p(self.variance / (self.mean * self.mean));
        let spread = spread2.sqrt();
        let [x, y] = self.slope;
        // The mean over the site's moves stays the mean.
        let ln = libm::log(self.mean) - 0.5 * (spread2 + spread_km * spread_km * (x * x + y * y));
        let moves = site.east.iter().zip(&site.north);
        for ((sum, z), (east, north)) in sums.iter_mut().zip(&normal.east).zip(moves) {
            *sum += libm::exp(ln + spread * z + x * east + y * north);
        }
    }
}
