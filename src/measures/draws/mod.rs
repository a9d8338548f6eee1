//! What a kernel sum may be if the data are not quite as reported: draws of the intensity at each site, in which the
//! positions of places and sites, counts and deaths vary as far as they are not known.
//!
//! [`places`] groups incidents to published places, which move together; [`philox`] and [`normal`] make the random numbers,
//! each a function of seed, thing and draw. [`seen`] finds the places in reach of a site, [`moves`] draws them, and [`sum`]
//! adds up the kernel. If there are many incidents, only the places that matter most to a site are drawn, and [`rest`] gives
//! mean and variance of all others by the fast Gauss transform.

mod moves;
mod normal;
mod philox;
mod places;
mod rest;
mod seen;
mod sight;
mod sum;

pub use normal::normals;
pub use philox::{Purpose, Stream, key, uniform};
pub use places::Doubt;

use super::intensity::KernelSum;
use super::weighed::{PartProbe, SiteProbe, WeighedIncidents};
use crate::earth::{Length, geodesic};
use moves::{Displacements, PlaceDraws, TOGETHER};
use places::{PublishedPlace, PublishedPlaces};
use rayon::prelude::*;
use rest::{Rest, Squares};
use seen::{Kernels, Seen};

/// If places times draws are at most this many, all places in reach of a site are drawn one by one. Fewer than [`LEAST_COUNTED`]
/// draws count as that many: else fewer draws of many places would take longer than more draws.
const ALL_DRAWN: usize = 10_000_000;

const LEAST_COUNTED: usize = 1_000;

/// At most this many places of a site are drawn one by one if not all are.
const MOST_DRAWN: usize = 32;

/// A place is drawn by itself if its variance is at least this share of the whole.
const LEAST_SHARE: f64 = 1.0 / 256.0;

/// The places of the largest variances, by a fast sum, among which those to be drawn are chosen.
const CANDIDATES: usize = 64;

/// How many draws are made, and from which random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrawPlan {
    /// Number of draws.
    pub draws: usize,
    /// Another seed gives other random numbers.
    pub seed: u64,
    /// What varies.
    pub vary: Vary,
}

/// The kinds of uncertainty that draws take into account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vary {
    /// How many incidents happen.
    pub counts: bool,
    /// The estimates of deaths.
    pub deaths: bool,
    /// The positions of incidents, and of what is mapped around a site.
    pub places: bool,
    /// The position of the site and its parts.
    pub site: bool,
}

impl Vary {
    /// The words of its kinds, in the order of [`MovedBy::WORDS`], for those that vary.
    pub fn words(self) -> Vec<&'static str> {
        let Self { counts, deaths, places, site } = self;
        let varies = [counts, deaths, places, site];
        MovedBy::WORDS.into_iter().zip(varies).filter_map(|(word, on)| on.then_some(word)).collect()
    }

    /// With one more kind, by its word; `None` if there is no such kind.
    #[must_use]
    pub fn and(self, word: &str) -> Option<Self> {
        Some(match word {
            "counts" => Self { counts: true, ..self },
            "deaths" => Self { deaths: true, ..self },
            "places" => Self { places: true, ..self },
            "site" => Self { site: true, ..self },
            _ => return None,
        })
    }

    /// Everything varies.
    pub const ALL: Self = Self { counts: true, deaths: true, places: true, site: true };
    /// Nothing varies.
    pub const NONE: Self = Self { counts: false, deaths: false, places: false, site: false };
}

/// Incidents prepared for draws of the intensity.
#[derive(Debug)]
pub struct IntensityDraws<'a> {
    incidents: &'a WeighedIncidents,
    kernel_sum: &'a KernelSum,
    places: PublishedPlaces,
    plan: DrawPlan,
    /// The draws of every place, if there are few enough.
    drawn: Option<Vec<PlaceDraws>>,
    kernels: Kernels<'a>,
    /// Variances of all places, if there are too many and the kernel is Gaussian.
    squares: Option<Squares>,
}

/// Draws of the intensity at one site, and what they depend on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawn {
    /// The intensity of each draw.
    pub intensities: Vec<f64>,
    /// What moves the intensity.
    pub moved_by: MovedBy,
    /// The number of equally strong incidents that would vary as much as those in reach: (sum c)² / sum c² (Kish 1965).
    pub effective: f64,
}

/// Variances of an intensity, from each kind of uncertainty alone.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MovedBy {
    /// How many incidents happen.
    pub counts: f64,
    /// The estimates of deaths.
    pub deaths: f64,
    /// The positions of incidents.
    pub places: f64,
    /// The position of the site and its parts.
    pub site: f64,
}

impl<'a> IntensityDraws<'a> {
    /// Prepares draws for incidents under a kernel, each with what is not known of it.
    pub(super) fn new(
        incidents: &'a WeighedIncidents,
        kernel_sum: &'a KernelSum,
        doubts: &[Doubt],
        plan: DrawPlan,
    ) -> Self {
        let places = PublishedPlaces::new(incidents.list(), doubts, plan);
        let few = places.list.len().saturating_mul(plan.draws.max(LEAST_COUNTED)) <= ALL_DRAWN;
        let draws = padded(plan.draws);
        let drawn = few.then(|| {
            let draw = |place: &PublishedPlace| {
                let mut drawn = PlaceDraws::default();
                drawn.draw(place, &places, draws);
                drawn
            };
            places.list.par_iter().map(draw).collect()
        });
        let kernels = Kernels::new(kernel_sum.kernel());
        let squares = if few { None } else { Squares::new(incidents, &places, &kernels) };
        Self { incidents, kernel_sum, kernels, places, plan, drawn, squares }
    }

    /// Draws the intensity at a site. `keys` are those of the site and its parts, in order, from their ids.
    pub fn at(&self, site: &SiteProbe, keys: &[u64]) -> Drawn {
        let (seen, rest) = self.split(site);
        let draws = padded(self.plan.draws);
        let moves: Vec<Displacements> = site
            .parts
            .iter()
            .zip(keys)
            .map(|(part, key)| {
                let mut moved = Displacements::default();
                let stream = Stream::new(self.plan.seed, Purpose::Site, *key);
                moved.draw(stream, self.moves(part), draws);
                moved
            })
            .collect();
        let mut sums = vec![0.0; draws];
        let mut most = vec![0.0; draws];
        let mut drawn_now = PlaceDraws::default();
        for one in &seen {
            let Some(place) = self.places.list.get(one.place) else { continue };
            let drawn = match self.drawn.as_ref().and_then(|drawn| drawn.get(one.place)) {
                Some(drawn) => drawn,
                None => {
                    drawn_now.draw(place, &self.places, draws);
                    &drawn_now
                }
            };
            most.fill(0.0);
            for against in &one.against {
                let (Some(moved), Some(part)) =
                    (moves.get(against.part), site.parts.get(against.part))
                else {
                    continue;
                };
                let still2 = square(place.spread_km) - square(place.moves_km)
                    + square(part.spread_km)
                    - square(self.moves(part));
                let kernel = (self.kernels.kernel, still2);
                sum::raise(kernel, against, drawn, moved, &mut most);
            }
            sum::add(&most, drawn, &mut sums);
        }
        if let (Some(moved), Some(part), Some(key)) =
            (moves.first(), site.parts.first(), keys.first())
        {
            rest.add(self.plan.seed, *key, self.moves(part), moved, &mut sums);
        }
        sums.truncate(self.plan.draws);
        let (moved_by, effective) = self.moved_by(site, &seen, &rest);
        Drawn { intensities: sums, moved_by, effective }
    }

    /// The places that are drawn one by one, and what is left.
    fn split(&self, site: &SiteProbe) -> (Vec<Seen>, Rest) {
        let all = || seen::all(site, self.incidents, &self.places, &self.kernels);
        if self.drawn.is_some() {
            return (all(), Rest::default());
        }
        let place = |one: &Seen| self.places.list.get(one.place);
        let variance = |one: &Seen| place(one).map_or(0.0, |place| one.variance(place));
        let mean = |one: &Seen| place(one).map_or(0.0, |place| one.mean(place));
        let squares = self.squares.as_ref();
        let fast = squares.and_then(|one| Some((one, one.strongest(site, CANDIDATES)?)));
        match fast {
            Some((squares, strongest)) => {
                let strongest = strongest.into_iter();
                let seen = seen::some(site, strongest, &self.places, &self.kernels);
                let whole = squares.at(site);
                let seen = foremost(seen, whole, variance);
                let of_place = |one: &Seen| {
                    place(one).map_or(0.0, |place| squares.of_place(place.first, one.squared()))
                };
                let left = whole - seen.iter().map(of_place).sum::<f64>();
                let total = self.kernel_sum.total(site, self.incidents);
                let rest = total - seen.iter().map(mean).sum::<f64>();
                // What is left of sums that are precise to a few parts in ten thousand.
                let rest = if rest < 1e-3 * total { 0.0 } else { rest };
                let slope = self.slope(site, &seen, rest);
                (seen, Rest { mean: rest, variance: left.max(0.0), slope })
            }
            None => {
                let all = all();
                let sum =
                    |seen: &[Seen], of: &dyn Fn(&Seen) -> f64| seen.iter().map(of).sum::<f64>();
                let (mean_of_all, whole) = (sum(&all, &mean), sum(&all, &variance));
                let seen = foremost(all, whole, variance);
                let rest = Rest {
                    mean: (mean_of_all - sum(&seen, &mean)).max(0.0),
                    variance: (whole - sum(&seen, &variance)).max(0.0),
                    slope: [0.0, 0.0],
                };
                (seen, rest)
            }
        }
    }

    /// How far a part of a site moves: the standard deviation in km on each axis.
    fn moves(&self, part: &PartProbe) -> f64 {
        if self.plan.vary.site { part.spread_km } else { 0.0 }
    }

    /// How the logarithm of the rest changes as a site moves, by sums at two places beside it.
    fn slope(&self, site: &SiteProbe, seen: &[Seen], rest: f64) -> [f64; 2] {
        let [part] = site.parts.as_slice() else { return [0.0, 0.0] };
        let step = self.moves(part);
        if step <= 0.0 || rest <= 0.0 {
            return [0.0, 0.0];
        }
        let around = |bearing: f64, toward: [f64; 2]| {
            let at = geodesic::direct(site.position, bearing, Length::from_km(step));
            let total = self.kernel_sum.total(&site.moved(at), self.incidents);
            let moved = |one: &Seen| {
                let place = self.places.list.get(one.place);
                place
                    .map_or(0.0, |place| one.moved(place, self.kernels.kernel, toward, step * step))
            };
            let there = total - seen.iter().map(moved).sum::<f64>();
            if there > 0.0 { libm::log(there / rest) / step } else { 0.0 }
        };
        [around(90.0, [step, 0.0]), around(0.0, [0.0, step])]
    }

    /// What moves the intensity, and the number of effective incidents.
    fn moved_by(&self, site: &SiteProbe, seen: &[Seen], rest: &Rest) -> (MovedBy, f64) {
        let kernel = self.kernels.kernel;
        let places = || seen.iter().filter_map(|one| Some((one, self.places.list.get(one.place)?)));
        let mut moved_by = MovedBy { counts: rest.variance, ..MovedBy::default() };
        let mut mean = rest.mean;
        let mut squares = rest.variance;
        for (one, place) in places() {
            let [counts, deaths, placed] = one.variances(place);
            moved_by.counts += counts;
            moved_by.deaths += deaths;
            moved_by.places += placed;
            mean += one.mean(place);
            squares += one.square_of_means(place);
        }
        let effective = if squares > 0.0 { mean * mean / squares } else { 0.0 };
        for (number, part) in site.parts.iter().enumerate() {
            let spread_km = self.moves(part);
            if spread_km > 0.0 {
                let moved: Vec<_> = places().filter(|(one, _)| one.part() == number).collect();
                moved_by.site += variance_over(spread_km, |at| {
                    let drawn: f64 =
                        moved.iter().map(|(one, place)| one.moved(place, kernel, at, 0.0)).sum();
                    let [x, y] = rest.slope;
                    let rest = if number == 0 { rest.mean } else { 0.0 };
                    drawn + rest * libm::exp(x * at[0] + y * at[1])
                });
            }
        }
        (moved_by, effective)
    }
}

impl MovedBy {
    /// The words for counts, deaths, places and site.
    pub const WORDS: [&'static str; 4] = ["counts", "deaths", "places", "site"];

    /// What each of them tells.
    pub const TOLD: [&'static str; 4] =
        ["how many incidents happen", "deaths", "where incidents happened", "where the site is"];

    /// The shares of counts, deaths, places and site in their sum; all 0 if nothing moves it.
    pub fn shares(&self) -> [f64; 4] {
        let Self { counts, deaths, places, site } = *self;
        let all = [counts, deaths, places, site];
        let sum: f64 = all.iter().sum();
        all.map(|one| if sum > 0.0 { one / sum } else { 0.0 })
    }
}

/// Returns the places whose variance is a sizable share of the whole, at most [`MOST_DRAWN`], in their order.
fn foremost(mut seen: Vec<Seen>, whole: f64, variance: impl Fn(&Seen) -> f64) -> Vec<Seen> {
    seen.retain(|one| variance(one) >= LEAST_SHARE * whole);
    seen.sort_by(|a, b| variance(b).total_cmp(&variance(a)).then(a.place.cmp(&b.place)));
    seen.truncate(MOST_DRAWN);
    seen.sort_by_key(|one| one.place);
    seen
}

/// Returns the variance of a function of a Gaussian move with a standard deviation on each axis, in km, by 5 × 5 Gauss-Hermite
/// nodes.
fn variance_over(spread_km: f64, of: impl Fn([f64; 2]) -> f64) -> f64 {
    const OUTER: (f64, f64) = (2.856_970_013_872_805_6, 0.011_257_411_327_720_691);
    const INNER: (f64, f64) = (1.355_626_179_974_266_2, 0.222_075_922_005_612_64);
    const MIDDLE: (f64, f64) = (0.0, 0.533_333_333_333_333_3);
    let nodes = [(-OUTER.0, OUTER.1), (-INNER.0, INNER.1), MIDDLE, INNER, OUTER];
    let (mut mean, mut square) = (0.0, 0.0);
    for (east, w) in nodes {
        for (north, v) in nodes {
            let value = of([spread_km * east, spread_km * north]);
            mean += w * v * value;
            square += w * v * value * value;
        }
    }
    (square - mean * mean).max(0.0)
}

fn square(number: f64) -> f64 {
    number * number
}

/// Draws are made in groups.
fn padded(draws: usize) -> usize {
    draws.next_multiple_of(TOGETHER)
}

#[cfg(test)]
mod tests {
    use super::variance_over;

    #[test]
    fn the_variance_over_moves_is_that_of_the_function() {
        // Of 3x + 2y with 4 km on each axis: 16 (9 + 4); of x²: 2 * 4⁴.
        assert!((variance_over(4.0, |[x, y]| 3.0 * x + 2.0 * y) - 208.0).abs() < 1e-9);
        assert!((variance_over(4.0, |[x, _]| x * x) - 512.0).abs() < 1e-9);
        assert!(variance_over(4.0, |_| 7.0) < 1e-12);
    }
}
