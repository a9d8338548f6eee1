//! Intervals of scores and ranks over draws of the data, against draws by brute force on the ellipsoid.

use std::sync::Arc;
use tamarisk::earth::{Length, Position, geodesic};
use tamarisk::layers::Scored;
use tamarisk::measures::{DrawPlan, Vary};
use tamarisk::run::{self, Cancel, Case, Inputs, Rules, Unwatched, World};
use tamarisk::scoring::{Scheme, SecurityUncertainty, security_score};
use tamarisk::sources::Source;

const AS_OF: &str = "2024-06-30";

/// Random numbers that have nothing to do with those of the program (SplitMix64).
struct Random(u64);

impl Random {
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    fn uniform(&mut self) -> f64 {
        ((self.word() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    fn poisson(&mut self) -> f64 {
        let (mut count, mut product) = (0.0, self.uniform());
        while product > (-1.0_f64).exp() {
            count += 1.0;
            product *= self.uniform();
        }
        count
    }
}

/// An incident of a made file.
#[derive(Clone, Copy)]
struct Made {
    lon: f64,
    lat: f64,
    accuracy_km: f64,
    days: i32,
    /// Low, best and high.
    deaths: [u32; 3],
}

fn incidents(made: &[Made]) -> String {
    let mut text = String::from(
        "id,date,lon,lat,event_type,fatalities,fatalities_low,fatalities_high,position_accuracy_km\n",
    );
    for (number, one) in made.iter().enumerate() {
        let day = jiff::civil::date(2024, 6, 30) - jiff::Span::new().days(one.days);
        let [low, best, high] = one.deaths;
        text += &format!(
            "i{number},{day},{},{},attack,{best},{low},{high},{}\n",
            one.lon, one.lat, one.accuracy_km
        );
    }
    text
}

fn sites(sites: &[(f64, f64, f64)]) -> String {
    let mut text = String::from("id,name,lon,lat,position_accuracy_km\n");
    for (number, (lon, lat, accuracy)) in sites.iter().enumerate() {
        text += &format!("s{number},Site {number},{lon},{lat},{accuracy}\n");
    }
    text
}

fn world(sites: &str, incidents: &str) -> Arc<World> {
    let inputs = Inputs {
        sites: vec![Source::bytes("sites.csv", sites.as_bytes())],
        incidents: vec![Source::bytes("incidents.csv", incidents.as_bytes())],
        ..Inputs::default()
    };
    Arc::new(World::read(&inputs, &Unwatched, &Cancel::new()).expect("the world"))
}

fn scored(world: &Arc<World>, plan: DrawPlan) -> Vec<Scored> {
    let rules = Rules { as_of: AS_OF.parse().ok(), uncertainty: Some(plan), ..Rules::default() };
    let case = Case::new(world.clone(), &rules).expect("a case");
    run::perform(&case, &Unwatched, &Cancel::new()).expect("scores")
}

fn security(scored: &Scored) -> &SecurityUncertainty {
    let uncertainty = scored.uncertainty.as_ref().expect("draws were asked for");
    uncertainty.security.as_ref().expect("a security score")
}

/// Incidents around the sites, some at one published place, of every accuracy.
fn around(random: &mut Random, count: usize, width: f64) -> Vec<Made> {
    let mut made: Vec<Made> = Vec::new();
    for number in 0..count {
        let shared = number % 3 == 1 && number > 3;
        let at = match made.last() {
            Some(last) if shared => (last.lon, last.lat, last.accuracy_km),
            _ => (
                66.0 + width * (random.uniform() - 0.5),
                30.0 + width * (random.uniform() - 0.5),
                [0.0, 3.0, 25.0, 50.0][number % 4],
            ),
        };
        let best = (random.uniform() * 9.0) as u32;
        made.push(Made {
            lon: at.0,
            lat: at.1,
            accuracy_km: at.2,
            days: (random.uniform() * 900.0) as i32,
            deaths: [best / 2, best, best * 2 + number as u32 % 2],
        });
    }
    made
}

/// The intensities of a site over many draws, with every place moved on the ellipsoid.
fn brute_force(
    made: &[Made],
    site: (f64, f64, f64),
    draws: usize,
    random: &mut Random,
) -> Vec<f64> {
    let scheme = Scheme::default();
    let parts = scheme.security.kernel.gaussian_parts();
    let moved = |(lon, lat): (f64, f64), accuracy: f64, random: &mut Random| {
        let at = Position::from_degrees(lon, lat).expect("on Earth");
        let sigma = accuracy / 2.146;
        let (east, north) = (sigma * random.normal(), sigma * random.normal());
        geodesic::direct(at, east.atan2(north).to_degrees(), Length::from_km(east.hypot(north)))
    };
    let log = |deaths: u32| (1.0 + f64::from(deaths)).log10();
    (0..draws)
        .map(|_| {
            let here = moved((site.0, site.1), site.2, random);
            let mut place = ((f64::NAN, f64::NAN), here);
            let mut sum = 0.0;
            for one in made {
                if place.0 != (one.lon, one.lat) {
                    place =
                        ((one.lon, one.lat), moved((one.lon, one.lat), one.accuracy_km, random));
                }
                let km = geodesic::distance(here, place.1).km();
                let kernel: f64 =
                    parts.iter().map(|(p, h)| p * (-km * km / (2.0 * h * h)).exp()).sum();
                let [low, best, high] = one.deaths.map(log);
                let u = random.uniform();
                let deaths = if u < 0.5 {
                    low + 2.0 * u * (best - low)
                } else {
                    best + (2.0 * u - 1.0) * (high - best)
                };
                let decay = 0.5_f64.powf(f64::from(one.days) / 365.0);
                sum += random.poisson() * (1.0 + deaths) * decay * kernel;
            }
            sum
        })
        .collect()
}

fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = share * (values.len() - 1) as f64;
    let below = at.floor() as usize;
    let high = values[(below + 1).min(values.len() - 1)];
    values[below] + (at - below as f64) * (high - values[below])
}

/// The standard error of a percentile of draws, by the distance to those two percent of the draws away.
fn error(values: &mut [f64], share: f64, draws: usize) -> f64 {
    let step = 0.02;
    let slope =
        (percentile(values, share + step) - percentile(values, share - step)) / (2.0 * step);
    slope * (share * (1.0 - share) / draws as f64).sqrt()
}

#[test]
fn intervals_are_those_of_brute_force() {
    let mut random = Random(1);
    let made = around(&mut random, 24, 2.0);
    let at = [(66.0, 30.0, 1.0), (66.4, 30.2, 5.0), (65.2, 29.4, 25.0), (66.9, 30.9, 0.0)];
    let plan = DrawPlan { draws: 4000, seed: 11, vary: Vary::ALL };
    let scored = scored(&world(&sites(&at), &incidents(&made)), plan);
    let scheme = Scheme::default();
    for (site, scored) in at.into_iter().zip(&scored) {
        let intensities = brute_force(&made, site, 4000, &mut random);
        let mut scores: Vec<f64> =
            intensities.iter().map(|one| security_score(&scheme, *one)).collect();
        for (share, found) in [0.05, 0.95].into_iter().zip(security(scored).spread.score) {
            let expected = percentile(&mut scores, share);
            // Both sides are drawn; four and a half of their standard errors, and the plane's 0.2 %.
            let allowed = 4.5 * 2.0_f64.sqrt() * error(&mut scores, share, 4000) + 0.05;
            assert!((found - expected).abs() < allowed, "{site:?} {share}: {found} {expected}");
        }
        let band = scheme.bands.of(scored.risk.security.score);
        let in_band = scores.iter().filter(|score| scheme.bands.of(Some(**score)) == band).count();
        let share = in_band as f64 / 4000.0;
        let found = security(scored).spread.band;
        assert!((found - share).abs() < 0.05, "{found} {share}");
    }
}

/// Positions alone leave the mean of the intensity what it is; so do counts.
#[test]
fn the_mean_of_the_draws_is_the_intensity() {
    let mut random = Random(2);
    let mut made = around(&mut random, 30, 1.5);
    made.iter_mut().for_each(|one| one.deaths = [one.deaths[1]; 3]);
    let at = [(66.0, 30.0, 5.0), (66.5, 30.3, 15.0)];
    let world = world(&sites(&at), &incidents(&made));
    let rules = Rules { as_of: AS_OF.parse().ok(), ..Rules::default() };
    let case = Case::new(world, &rules).expect("a case");
    let scored = run::perform(&case, &Unwatched, &Cancel::new()).expect("scores");
    for (site, scored) in at.into_iter().zip(&scored) {
        let draws = brute_force(&made, site, 20_000, &mut random);
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / 20_000.0;
        let intensity = scored.risk.security.intensity.expect("an intensity");
        let allowed = 4.5 * (variance / 20_000.0).sqrt() + 2e-3 * intensity;
        assert!((mean - intensity).abs() < allowed, "{mean} {intensity}");
    }
}

#[test]
fn another_site_moves_no_interval_and_threads_move_nothing() {
    let mut random = Random(3);
    let made = around(&mut random, 40, 3.0);
    let at: Vec<(f64, f64, f64)> = (0..12)
        .map(|_| (65.0 + 2.0 * random.uniform(), 29.0 + 2.0 * random.uniform(), 5.0))
        .collect();
    let text = incidents(&made);
    let plan = DrawPlan { draws: 500, seed: 0, vary: Vary::ALL };
    let all = scored(&world(&sites(&at), &text), plan);
    let fewer = scored(&world(&sites(&at[..7]), &text), plan);
    for (one, other) in all.iter().zip(&fewer) {
        let (one, other) = (security(one), security(other));
        assert_eq!(one.spread.score, other.spread.score);
        assert_eq!((one.moved_by, one.effective), (other.moved_by, other.effective));
    }
    let ranks = |scored: &[Scored]| -> Vec<_> {
        scored.iter().map(|one| security(one).spread.standing).collect()
    };
    assert_ne!(ranks(&all)[..7], ranks(&fewer)[..], "ranks are among all sites");
    for threads in [1, 2, 7] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let again = pool.install(|| scored(&world(&sites(&at), &text), plan));
        assert!(again == all, "{threads} threads");
    }
    let other = scored(&world(&sites(&at), &text), DrawPlan { seed: 1, ..plan });
    assert_ne!(security(&other[0]).spread, security(&all[0]).spread, "another seed, other draws");
}

#[test]
fn without_uncertainty_there_is_no_width() {
    let mut random = Random(4);
    let mut made = around(&mut random, 20, 2.0);
    for one in &mut made {
        one.accuracy_km = 0.0;
        one.deaths = [3; 3];
    }
    let text = incidents(&made);
    let exact = [(66.0, 30.0, 0.0), (66.3, 30.3, 0.0)];
    let vary = Vary { counts: false, ..Vary::ALL };
    for one in &scored(&world(&sites(&exact), &text), DrawPlan { draws: 200, seed: 0, vary }) {
        let score = one.risk.security.score.expect("a score");
        assert_eq!(security(one).spread.score, [score, score]);
        assert_eq!(security(one).moved_by.shares(), [0.0; 4]);
    }
    // Errors that do not vary stay averaged.
    let rough = [(66.0, 30.0, 9.0), (66.3, 30.3, 9.0)];
    let still = DrawPlan { draws: 200, seed: 0, vary: Vary::NONE };
    for one in &scored(&world(&sites(&rough), &text), still) {
        let score = one.risk.security.score.expect("a score");
        assert_eq!(security(one).spread.score, [score, score]);
    }
    // Nothing in reach: a score of 0, and nothing that could vary.
    let far = [(20.0, -30.0, 5.0)];
    let plan = DrawPlan { draws: 200, seed: 0, vary: Vary::ALL };
    let far = scored(&world(&sites(&far), &text), plan);
    assert_eq!((security(&far[0]).spread.score, security(&far[0]).effective), ([0.0, 0.0], 0.0));
}

#[test]
fn incidents_at_one_published_place_move_together() {
    let incident = |lon: f64| Made { lon, lat: 30.2, accuracy_km: 50.0, days: 10, deaths: [1; 3] };
    let together = [incident(66.2); 8];
    let apart: Vec<Made> = (0..8).map(|n| incident(66.2 + 1e-6 * f64::from(n))).collect();
    let vary = Vary { places: true, ..Vary::NONE };
    let plan = DrawPlan { draws: 2000, seed: 0, vary };
    let width = |made: &[Made]| {
        let scored = scored(&world(&sites(&[(66.0, 30.0, 0.0)]), &incidents(made)), plan);
        let uncertainty = security(&scored[0]);
        assert_eq!(uncertainty.moved_by.shares(), [0.0, 0.0, 1.0, 0.0]);
        assert!((uncertainty.effective - 8.0).abs() < 1e-6, "eight alike");
        uncertainty.spread.score[1] - uncertainty.spread.score[0]
    };
    let (one, eight) = (width(&together), width(&apart));
    // Eight independent errors average out: their sum varies by a root of eight less.
    assert!(one > 2.0 * eight, "{one} {eight}");
}

/// With so many places that only the strongest are drawn, intervals and ranks are nearly those with all of them drawn.
#[test]
fn the_strongest_places_and_the_rest_give_the_intervals_of_all() {
    let mut random = Random(5);
    let mut made: Vec<Made> = around(&mut random, 12_490, 12.0);
    // Positions without a second incident: 12,490 places.
    for one in &mut made {
        one.lon += 1e-4 * random.uniform();
        one.lat += 1e-4 * random.uniform();
    }
    let at: Vec<(f64, f64, f64)> = (0..60)
        .map(|number| {
            let accuracy = [0.0, 5.0, 25.0][number % 3];
            (60.5 + 11.0 * random.uniform(), 24.5 + 11.0 * random.uniform(), accuracy)
        })
        .collect();
    let world = world(&sites(&at), &incidents(&made));
    let plan = |draws| DrawPlan { draws, seed: 0, vary: Vary::ALL };
    let (all, few) = (scored(&world, plan(800)), scored(&world, plan(801)));
    let mut off = 0.0_f64;
    for (one, other) in all.iter().zip(&few) {
        let (one, other) = (security(one), security(other));
        let width = one.spread.score[1] - one.spread.score[0];
        for (a, b) in one.spread.score.into_iter().zip(other.spread.score) {
            off = off.max((a - b).abs() / width.max(1.0));
        }
        let ratio = one.effective / other.effective;
        assert!((0.6..1.7).contains(&ratio), "{} {}", one.effective, other.effective);
    }
    assert!(off < 0.2, "{off} of the width");
    assert!(all[0].uncertainty != few[0].uncertainty, "the test compares two ways");
}

/// Events whose true places are known, published as sources publish them: at the town within 25 km, at the point of the
/// district, at the point of the province. The intervals by places alone hold the score of the true places as often as they
/// say, nearly; with an error of its own for each incident they would not.
#[test]
fn intervals_hold_the_score_of_the_true_places() {
    let mut random = Random(6);
    let towns: Vec<(f64, f64)> =
        (0..40).map(|_| (64.0 + 4.0 * random.uniform(), 28.0 + 4.0 * random.uniform())).collect();
    let district = |degrees: f64| (degrees / 0.8).floor() * 0.8 + 0.4;
    let (mut truth, mut published) = (Vec::new(), Vec::new());
    for _ in 0..500 {
        let town = towns[(random.uniform().powi(2) * 40.0) as usize];
        let made = Made {
            lon: town.0 + 0.14 * random.normal(),
            lat: town.1 + 0.12 * random.normal(),
            accuracy_km: 0.0,
            days: (random.uniform() * 1000.0) as i32,
            deaths: [1; 3],
        };
        truth.push(made);
        let (lon, lat, accuracy_km) = match random.uniform() {
            u if u < 0.6 => (town.0, town.1, 25.0),
            u if u < 0.9 => (district(made.lon), district(made.lat), 50.0),
            _ => (66.0, 30.0, 220.0),
        };
        published.push(Made { lon, lat, accuracy_km, ..made });
    }
    let at: Vec<(f64, f64, f64)> = (0..200)
        .map(|_| (64.2 + 3.6 * random.uniform(), 28.2 + 3.6 * random.uniform(), 0.0))
        .collect();
    let places = Vary { places: true, ..Vary::NONE };
    let plan = DrawPlan { draws: 400, seed: 0, vary: places };
    let known = scored(&world(&sites(&at), &incidents(&truth)), plan);
    let held = |published: &[Made]| {
        let drawn = scored(&world(&sites(&at), &incidents(published)), plan);
        let within = drawn.iter().zip(&known).filter(|(drawn, known)| {
            let score = known.risk.security.score.expect("a score");
            let [low, high] = security(drawn).spread.score;
            (low..=high).contains(&score)
        });
        within.count() as f64 / at.len() as f64
    };
    let shared = held(&published);
    let mut apart = published.clone();
    for one in &mut apart {
        one.lon += 1e-6 * random.uniform();
    }
    let independent = held(&apart);
    assert!(shared >= 0.8, "{shared} of a nominal 0.9");
    assert!(independent < shared - 0.1, "{independent} {shared}");
}
