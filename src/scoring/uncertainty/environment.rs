//! Draws of the environment score: what is not known of an indicator varies, and distances to what is mapped by a point
//! vary with the positions of the site and of that point.

use crate::earth::Shape;
use crate::float;
use crate::measures::{DrawPlan, Purpose, Stream, normals, uniform};
use crate::model::Receptor;
use crate::scoring::{Bar, EnvironmentRisk, Indicator, IndicatorCode, Scheme, on_common_scale};

/// The positions that a site's environment score depends on.
#[derive(Debug, Clone, Copy)]
pub struct Whereabouts<'a> {
    /// The key of the site's random numbers.
    pub key: u64,
    /// The standard deviation of its position error on each axis.
    ///
    /// # Units
    /// Kilometers.
    pub spread_km: f64,
    /// The receptors of the run.
    pub receptors: &'a [Receptor],
}

/// Draws of one site's environment score.
#[derive(Debug)]
pub struct EnvironmentDraws {
    weights: f64,
    power: f64,
    seed: u64,
    site: Stream,
    spread_km: f64,
    /// Whether mapped points vary.
    places: bool,
    varying: Vec<Varying>,
    /// Sum over the indicators that do not vary.
    steady: f64,
}

/// An indicator that varies.
#[derive(Debug)]
struct Varying {
    code: IndicatorCode,
    weight: f64,
    value: f64,
    known: f64,
    /// Exponent that makes the power mean of a power of a uniform number the reference value.
    exponent: Option<f64>,
    unknown: Stream,
    way: Option<WayTo>,
}

/// The way to a driver whose distance decides.
#[derive(Debug)]
struct WayTo {
    distance_km: f64,
    /// The radius of the circle around the driver that counts as its edge.
    ///
    /// # Units
    /// Kilometers.
    radius_km: f64,
    /// Sine and cosine of the bearing.
    toward: [f64; 2],
    /// The value falls with exp(-rate d).
    ///
    /// # Units
    /// 1 / km.
    rate: f64,
    /// The common scale on which the value is then given, if any.
    quartiles: Option<[f64; 3]>,
    /// The driver's own position, if it is a point.
    driver: Option<(Stream, f64)>,
    /// The driver's edge near the site, if it is no point: taken as straight, so that only moves across it count.
    edge: Option<Edge>,
}

/// What lies behind an edge.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Edge {
    /// The other side: the driver is a line.
    OfLine,
    /// The driver itself: it is an area.
    OfArea,
}

impl EnvironmentDraws {
    /// Prepares the draws of a site from its environment risk.
    pub fn new(
        scheme: &Scheme,
        risk: &EnvironmentRisk,
        plan: DrawPlan,
        at: Whereabouts<'_>,
    ) -> Self {
        let DrawPlan { seed, vary, .. } = plan;
        let power = scheme.environment.power;
        let mut draws = Self {
            weights: 0.0,
            power,
            seed,
            site: Stream::new(seed, Purpose::Site, at.key),
            spread_km: if vary.site { at.spread_km } else { 0.0 },
            places: vary.places,
            varying: Vec::new(),
            steady: 0.0,
        };
        let in_score = |one: &&Indicator| one.weight > 0.0 && one.code.bar() != Bar::Hazard;
        for one in risk.indicators.iter().filter(in_score) {
            let value = one.value.unwrap_or(0.0);
            draws.weights += one.weight;
            let reference = scheme.environment.reference(one.code);
            let exponent = (one.known < 1.0 && reference > 0.0)
                .then(|| (libm::pow(reference, -power) - 1.0) / power);
            let way = draws.way(scheme, one, at.receptors);
            if exponent.is_none() && way.is_none() {
                draws.steady += one.weight * libm::pow(value, power);
                continue;
            }
            draws.varying.push(Varying {
                code: one.code,
                weight: one.weight,
                value,
                known: if exponent.is_some() { one.known } else { 1.0 },
                exponent,
                unknown: Stream::new(seed, Purpose::Indicator, at.key ^ number(one.code)),
                way,
            });
        }
        draws
    }

    /// The way to an indicator's driver, if its value falls with the distance alone and that can vary.
    fn way(&self, scheme: &Scheme, one: &Indicator, receptors: &[Receptor]) -> Option<WayTo> {
        let environment = &scheme.environment;
        let (decay_km, quartiles) = match one.code {
            IndicatorCode::SensitiveAreas => (environment.sensitive_areas.decay_km, None),
            IndicatorCode::WaterNearby => {
                let water = &environment.water_nearby;
                (water.decay_km, Some(water.quartiles))
            }
            _ => return None,
        };
        let driver = one.driver?;
        let receptor = receptors.get(driver.index)?;
        let own_km = match receptor.shape.as_point() {
            Some(_) if self.places => scheme.position.sigma_km(receptor.accuracy),
            _ => 0.0,
        };
        let distance_km = driver.distance.km();
        if distance_km <= 0.0 || self.spread_km <= 0.0 && own_km <= 0.0 {
            return None;
        }
        let (sin, cos) = libm::sincos(driver.bearing.to_radians());
        let name = format!("{} {}", receptor.kind.word(), receptor.id);
        let stream = Stream::new(self.seed, Purpose::Place, crate::measures::key(name.as_bytes()));
        let radius_km = receptor.centroid_radius().km();
        Some(WayTo {
            distance_km: distance_km + radius_km,
            radius_km,
            toward: [sin, cos],
            rate: scheme.distance.exponential_rate / decay_km,
            quartiles,
            driver: (own_km > 0.0).then_some((stream, own_km)),
            edge: match receptor.shape {
                Shape::Points(_) => None,
                Shape::Lines(_) => Some(Edge::OfLine),
                Shape::Polygons(_) => Some(Edge::OfArea),
            },
        })
    }

    /// Whether nothing varies.
    pub fn is_sure(&self) -> bool {
        self.varying.is_empty()
    }

    /// Calls a function with the score of each draw, and returns the indicators that move it, each with its share of the
    /// sum of their variances, largest first.
    pub fn each(
        &self,
        draws: usize,
        mut show: impl FnMut(usize, f64),
    ) -> Vec<(IndicatorCode, f64)> {
        // Sums and sums of squares of each indicator's part.
        let mut moments = vec![(0.0, 0.0); self.varying.len()];
        for (draw, number) in (0..draws).zip(0_u32..) {
            let site = displaced(self.site, number, self.spread_km);
            let mut sum = self.steady;
            for (one, (first, second)) in self.varying.iter().zip(&mut moments) {
                let part = one.weight * one.raised(number, site, self.power);
                *first += part;
                *second += part * part;
                sum += part;
            }
            let mean = (sum / self.weights).clamp(0.0, 1.0);
            show(draw, 100.0 * libm::pow(mean, 1.0 / self.power));
        }
        let count = float::of_count(draws.max(1));
        let variance = |(first, second): &(f64, f64)| {
            (second / count - (first / count) * (first / count)).max(0.0)
        };
        let all: f64 = moments.iter().map(variance).sum();
        let shares = self.varying.iter().zip(&moments).map(|(one, moments)| {
            (one.code, if all > 0.0 { variance(moments) / all } else { 0.0 })
        });
        let mut shares: Vec<(IndicatorCode, f64)> =
            shares.filter(|(_, share)| *share > 0.0).collect();
        shares.sort_by(|(a, one), (b, other)| other.total_cmp(one).then(a.cmp(b)));
        shares
    }
}

impl Varying {
    /// The mean of the raised value, known and unknown, in a draw.
    fn raised(&self, draw: u32, site: [f64; 2], power: f64) -> f64 {
        let value = match &self.way {
            Some(way) => way.moved(draw, site, self.value),
            None => self.value,
        };
        let seen = libm::pow(value, power);
        let Some(exponent) = self.exponent else { return seen };
        let [word, ..] = self.unknown.block(draw);
        let drawn = libm::pow(uniform(word), exponent * power);
        self.known * seen + (1.0 - self.known) * seen.max(drawn)
    }
}

impl WayTo {
    /// The value as both ends move.
    fn moved(&self, draw: u32, site: [f64; 2], value: f64) -> f64 {
        let own = self.driver.map_or([0.0, 0.0], |(stream, km)| displaced(stream, draw, km));
        let [x, y] = self.toward;
        let east = self.distance_km * x + own[0] - site[0];
        let north = self.distance_km * y + own[1] - site[1];
        let across = east * x + north * y;
        let distance_km = match self.edge {
            None => ((east * east + north * north).sqrt() - self.radius_km).max(0.0),
            Some(Edge::OfLine) => across.abs(),
            Some(Edge::OfArea) => across.max(0.0),
        };
        match self.quartiles {
            Some(quartiles) => on_common_scale(quartiles, libm::exp(-self.rate * distance_km)),
            None => {
                let nearer = self.distance_km - self.radius_km - distance_km;
                (value * libm::exp(self.rate * nearer)).min(1.0)
            }
        }
    }
}

/// The displacement of a thing in a draw, to the east and to the north: that of the security score's draws.
fn displaced(stream: Stream, draw: u32, spread_km: f64) -> [f64; 2] {
    if spread_km <= 0.0 {
        return [0.0, 0.0];
    }
    let [one, other] = stream.words(draw);
    let (east, north) = normals(one, other);
    [spread_km * east, spread_km * north]
}

/// A number of its own for each indicator.
fn number(code: IndicatorCode) -> u64 {
    crate::measures::key(code.word().as_bytes())
}
