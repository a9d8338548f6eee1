//! The incidents in reach of a site, one by one.

#![expect(clippy::indexing_slicing, reason = "places and incidents are counted by their arrays")]

use super::nodes::{Grid, Sums, WIDTHS};
use super::{Row, Run, Single, Variants};
use crate::measures::exponential::exp_of_negative;
use crate::measures::kernel::Kernel;
use crate::measures::weighed::SiteProbe;
use crate::simd::vectorized;

/// Terms added together, lane by lane.
const LANES: usize = 8;

/// The incidents in reach of a site under any width, each at the parts of the site that are near enough.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// The incidents, ascending.
    incidents: Vec<usize>,
    /// Where the places of each begin in the lists below, and the end.
    first: Vec<usize>,
    /// Squared distance in km², summed position variances in km², and weight of the part.
    distance2: Vec<f64>,
    spread2: Vec<f64>,
    part: Vec<f64>,
}

impl Reached {
    /// The incidents in reach of a site.
    pub fn of(variants: &Variants<'_>, site: &SiteProbe) -> Self {
        let incidents = variants.incidents;
        let mut all: Vec<(usize, f64, f64, f64)> = Vec::new();
        for part in &site.parts {
            let own2 = part.spread_km * part.spread_km;
            let reach = variants.widest.reach(own2 + incidents.widest2());
            for (index, incident, distance) in incidents.around(&part.probe, reach) {
                let spread2 = own2 + incident.spread_km * incident.spread_km;
                let counts = incident.weight > 0.0 && part.weight > 0.0;
                if counts && variants.widest.at(distance.km(), spread2) > 0.0 {
                    all.push((index, distance.km() * distance.km(), spread2, part.weight));
                }
            }
        }
        // The sort is stable, so parts stay in their order.
        all.sort_by_key(|one| one.0);
        let mut reached = Self::default();
        for (index, distance2, spread2, part) in all {
            if reached.incidents.last() != Some(&index) {
                reached.incidents.push(index);
                reached.first.push(reached.distance2.len());
            }
            reached.distance2.push(distance2);
            reached.spread2.push(spread2);
            reached.part.push(part);
        }
        reached.first.push(reached.distance2.len());
        reached
    }

    /// The number of incidents.
    pub fn count(&self) -> usize {
        self.incidents.len()
    }

    /// Returns the intensity in every run, as sums over all incidents.
    pub fn exact(&self, variants: &Variants<'_>) -> Vec<f64> {
        let settings = variants.settings;
        let singles: Vec<Single> = self.singles(variants).collect();
        let width = |factor: &f64| self.kernels(&settings.kernel.scaled(*factor));
        let kernels: Vec<Vec<f64>> = settings.widths.iter().map(width).collect();
        let ages: Vec<f64> = singles
            .iter()
            .map(|one| f64::from(i32::try_from(one.age_days).unwrap_or(i32::MAX)))
            .collect();
        let decays = |factor: &f64| -> Vec<f64> {
            let rate = std::f64::consts::LN_2 / (settings.half_life_days * factor);
            vectorized(|| ages.iter().map(|age| exp_of_negative(age * rate)).collect())
        };
        let decays: Vec<Vec<f64>> = settings.half_lives.iter().map(decays).collect();
        let severities = settings.severities.iter().map(|of| -> Vec<f64> {
            let severity = |one: &Single| {
                let [base, deaths] = of[variants.kinds[one.kind]];
                base + deaths * one.deaths
            };
            singles.iter().map(severity).collect()
        });
        let severities: Vec<Vec<f64>> = severities.collect();
        let of_run = |run: &Run| {
            sum_of_products(&kernels[run.width], &decays[run.half_life], &severities[run.severity])
        };
        settings.runs.iter().map(of_run).collect()
    }

    /// Returns the sums at the nodes of the grid.
    pub fn sums(&self, variants: &Variants<'_>) -> Sums {
        let kernel = &variants.settings.kernel;
        let scales = Grid::scales(kernel);
        let mut sums = Sums::new(scales * WIDTHS, variants.columns());
        for (width, widened) in variants.grid.kernels.iter().enumerate() {
            let at_best = self.scales_at_best(widened, scales);
            for (scale, kernels) in at_best.chunks(self.count().max(1)).enumerate() {
                let lane = scale * WIDTHS + width;
                let rows = &mut sums.rows[lane * sums.columns..][..sums.columns];
                for (single, kernel) in self.singles(variants).zip(kernels) {
                    add(rows, single, *kernel);
                }
            }
        }
        sums
    }

    fn singles<'v>(&'v self, variants: &'v Variants<'_>) -> impl Iterator<Item = Single> + 'v {
        self.incidents.iter().map(|incident| variants.singles[*incident])
    }

    /// Returns for each incident the part's weight times the kernel, at the part where that is most.
    fn kernels(&self, kernel: &Kernel) -> Vec<f64> {
        let at = self.at(kernel);
        let best = |place: &[usize]| at[place[0]..place[1]].iter().copied().fold(0.0, f64::max);
        self.first.windows(2).map(best).collect()
    }

    /// Returns the part's weight times the kernel at every place.
    fn at(&self, kernel: &Kernel) -> Vec<f64> {
        let places = self.distance2.iter().zip(&self.spread2).zip(&self.part);
        let Kernel::Gaussian { scales, cutoff } = kernel else {
            return places.map(|((d2, s2), part)| part * kernel.at(d2.sqrt(), *s2)).collect();
        };
        vectorized(|| {
            let mut all = vec![0.0; self.distance2.len()];
            for &(peak, h) in scales {
                let h2 = h * h;
                for ((sum, d2), s2) in all.iter_mut().zip(&self.distance2).zip(&self.spread2) {
                    let inverse = 1.0 / (h2 + s2);
                    *sum += peak * h2 * inverse * exp_of_negative(0.5 * d2 * inverse);
                }
            }
            for (sum, part) in all.iter_mut().zip(&self.part) {
                *sum = if *sum < *cutoff { 0.0 } else { part * *sum };
            }
            all
        })
    }

    /// Returns for each scale of a kernel, for each incident, the part's weight times that scale, without the cutoff, at the
    /// part where the whole kernel is most.
    fn scales_at_best(&self, kernel: &Kernel, scales: usize) -> Vec<f64> {
        let count = self.count();
        let mut all = vec![0.0; scales * count];
        let Kernel::Gaussian { scales: gaussians, .. } = kernel else {
            return self.kernels(kernel);
        };
        let each: Vec<Vec<f64>> = gaussians
            .iter()
            .map(|&gaussian| self.at(&Kernel::Gaussian { scales: vec![gaussian], cutoff: 0.0 }))
            .collect();
        for (incident, places) in self.first.windows(2).enumerate() {
            let whole = |place: usize| each.iter().map(|scale| scale[place]).sum::<f64>();
            let mut best = places[0];
            for place in places[0]..places[1] {
                if whole(place) > whole(best) {
                    best = place;
                }
            }
            for (scale, of) in each.iter().enumerate() {
                all[scale * count + incident] = of[best];
            }
        }
        all
    }
}

/// Adds an incident to the rows of one scale and width.
fn add(rows: &mut [Row], single: Single, kernel: f64) {
    for (row, part) in rows[2 * single.kind..].iter_mut().zip([kernel, kernel * single.deaths]) {
        for (sum, decay) in row.iter_mut().zip(single.decays) {
            *sum += part * decay;
        }
    }
}

fn sum_of_products(a: &[f64], b: &[f64], c: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    for ((a, b), c) in a.chunks(LANES).zip(b.chunks(LANES)).zip(c.chunks(LANES)) {
        for (((sum, a), b), c) in lanes.iter_mut().zip(a).zip(b).zip(c) {
            *sum += a * b * c;
        }
    }
    lanes.iter().sum()
}
