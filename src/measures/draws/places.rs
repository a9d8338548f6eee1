//! Published places: the incidents with the same coordinates and the same accuracy. Their true position is one unknown,
//! so that they move together.

use super::DrawPlan;
use super::philox::{Purpose, Stream, key};
use crate::earth::Position;
use crate::measures::weighed::WeighedIncident;
use rayon::prelude::*;
use std::ops::Range;

/// What is not known of an incident.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Doubt {
    /// The key of its random numbers, from its id.
    pub key: u64,
    /// Its weight with the low and with the high estimate of deaths, as parts of its weight with the best one: at most 1,
    /// and at least 1.
    pub deaths: [f64; 2],
}

/// Published places and their incidents.
#[derive(Debug)]
pub(super) struct PublishedPlaces {
    /// The places, in the order of their first incidents.
    pub list: Vec<PublishedPlace>,
    members: Vec<Member>,
    /// For each incident, its place.
    of_incident: Vec<u32>,
}

/// A published place.
#[derive(Debug, Clone)]
pub(super) struct PublishedPlace {
    /// The first of its incidents, by its number in the list of weighed incidents.
    pub first: usize,
    pub position: Position,
    /// Standard deviation of the published position on each axis.
    ///
    /// # Units
    /// Kilometers.
    pub spread_km: f64,
    /// How far it is moved in draws: the same, or 0 if places do not vary.
    ///
    /// # Units
    /// Kilometers.
    pub moves_km: f64,
    /// The random numbers of its position.
    pub stream: Stream,
    /// Mean of the sum of its incidents' weights.
    pub weight: f64,
    /// Sum of the squared means of the weights.
    pub squares: f64,
    /// The variance from how often incidents count: the same, or 0 if counts do not vary.
    pub counts2: f64,
    /// Sum of the variances of the weights from the estimates of deaths; 0 if they do not vary.
    pub deaths2: f64,
    members: Range<usize>,
}

/// An incident at a published place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub stream: Stream,
    /// Its weight with the best estimate of deaths.
    pub weight: f64,
    /// Whether it may count any number of times, and not just once.
    pub counts: bool,
    /// What the low and the high estimate of deaths change, as parts of the weight: at most 0, and at least 0.
    pub deaths: [f64; 2],
}

impl PublishedPlaces {
    /// Groups incidents, each with what is not known of it.
    pub fn new(incidents: &[WeighedIncident], doubts: &[Doubt], plan: DrawPlan) -> Self {
        let known: Vec<(&WeighedIncident, &Doubt)> = incidents.iter().zip(doubts).collect();
        let place = |incident: &WeighedIncident| {
            [incident.position.lon(), incident.position.lat(), incident.spread_km]
                .map(|number| (number + 0.0).to_bits())
        };
        let mut order: Vec<([u64; 3], usize)> =
            known.par_iter().enumerate().map(|(at, (incident, _))| (place(incident), at)).collect();
        order.par_sort_unstable();
        let mut groups: Vec<&[([u64; 3], usize)]> = order.chunk_by(|a, b| a.0 == b.0).collect();
        groups.par_sort_unstable_by_key(|group| group.first().map(|(_, at)| *at));
        let mut places = Self {
            list: Vec::with_capacity(groups.len()),
            members: Vec::with_capacity(known.len()),
            of_incident: vec![0; known.len()],
        };
        let streams: Vec<Stream> = groups
            .par_iter()
            .map(|group| {
                let bits = group.first().map_or([0; 3], |(bits, _)| *bits);
                Stream::new(
                    plan.seed,
                    Purpose::Place,
                    key(bits.map(u64::to_be_bytes).as_flattened()),
                )
            })
            .collect();
        for (group, stream) in groups.into_iter().zip(streams) {
            places.add(group.iter().map(|(_, at)| *at), stream, &known, plan);
        }
        places
    }

    fn add(
        &mut self,
        group: impl Iterator<Item = usize>,
        stream: Stream,
        known: &[(&WeighedIncident, &Doubt)],
        DrawPlan { seed, vary, .. }: DrawPlan,
    ) {
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let begin = self.members.len();
        let mut place: Option<PublishedPlace> = None;
        for at in group {
            let Some((incident, doubt)) = known.get(at) else { continue };
            let place = place.get_or_insert(PublishedPlace {
                first: at,
                position: incident.position,
                spread_km: incident.spread_km,
                moves_km: if vary.places { incident.spread_km } else { 0.0 },
                stream,
                weight: 0.0,
                squares: 0.0,
                counts2: 0.0,
                deaths2: 0.0,
                members: begin..begin,
            });
            let member = Member {
                stream: Stream::new(seed, Purpose::Incident, doubt.key),
                weight: incident.weight,
                counts: vary.counts,
                deaths: doubt.deaths.map(|part| if vary.deaths { part - 1.0 } else { 0.0 }),
            };
            let (mean, variance) = member.moments();
            place.weight += mean;
            place.squares += mean * mean;
            place.counts2 += if vary.counts { mean * mean } else { 0.0 };
            place.deaths2 += variance;
            self.members.push(member);
            if let Some(of) = self.of_incident.get_mut(at) {
                *of = number;
            }
        }
        let end = self.members.len();
        self.list.extend(place.map(|place| PublishedPlace { members: begin..end, ..place }));
    }

    /// The place of an incident, by its number in the list of weighed incidents, with the number of the place.
    pub fn of_incident(&self, incident: usize) -> Option<(usize, &PublishedPlace)> {
        let number = usize::try_from(*self.of_incident.get(incident)?).ok()?;
        Some((number, self.list.get(number)?))
    }

    /// The incidents at a place.
    pub fn members(&self, place: &PublishedPlace) -> &[Member] {
        self.members.get(place.members.clone()).unwrap_or_default()
    }
}

impl Member {
    /// Mean and variance of the weight over the estimates of deaths, for a count of one.
    ///
    /// With the changes a at the low and b at the high estimate, the weight runs straight from 1 + a over 1 to 1 + b:
    /// its mean is 1 + (a + b) / 4, and that of its squared change (a² + b²) / 6.
    fn moments(&self) -> (f64, f64) {
        let [a, b] = self.deaths;
        let change = (a + b) / 4.0;
        let variance = (a * a + b * b) / 6.0 - change * change;
        (self.weight * (1.0 + change), self.weight * self.weight * variance)
    }
}

impl PublishedPlace {
    /// Variance of the sum of the weights over counts and deaths, plus the square of its mean: what a kernel's squared
    /// mean is multiplied by. A count of mean and variance 1 times a weight of mean m and variance s² has the variance
    /// m² + 2 s², a count of just 1 the variance s².
    pub fn square(&self) -> f64 {
        let deaths2 = if self.counts2 > 0.0 { 2.0 * self.deaths2 } else { self.deaths2 };
        self.counts2 + deaths2 + self.weight * self.weight
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::draws::Vary;

    fn incident(lon: f64, spread_km: f64) -> WeighedIncident {
        let position = Position::from_degrees(lon, 30.0).expect("on Earth");
        WeighedIncident {
            index: 0,
            position,
            weight: 2.0,
            spread_km,
            fatalities: 0,
            deaths_unknown: false,
            violent: true,
            age_days: 0,
        }
    }

    #[test]
    fn incidents_share_a_place_if_coordinates_and_accuracy_are_the_same() {
        let incidents =
            [incident(60.0, 2.0), incident(61.0, 2.0), incident(60.0, 2.0), incident(60.0, 9.0)];
        let doubts = [1, 2, 3, 4].map(|key| Doubt { key, deaths: [1.0, 1.0] });
        let plan = DrawPlan { draws: 16, seed: 1, vary: Vary::ALL };
        let places = PublishedPlaces::new(&incidents, &doubts, plan);
        let numbers: Vec<usize> =
            (0..4).map(|at| places.of_incident(at).expect("a place").0).collect();
        assert_eq!(numbers, [0, 1, 0, 2]);
        let members: Vec<usize> =
            places.list.iter().map(|place| places.members(place).len()).collect();
        assert_eq!(members, [2, 1, 1]);
        let place = &places.list[0];
        assert_eq!((place.weight, place.counts2, place.deaths2), (4.0, 8.0, 0.0));
        assert_eq!(place.square(), 24.0, "variance 8, mean 4");
    }

    #[test]
    fn estimates_of_deaths_have_the_mean_and_variance_of_their_two_straight_lines() {
        let member = Member {
            stream: Stream::new(1, Purpose::Incident, 1),
            weight: 3.0,
            counts: true,
            deaths: [-0.4, 0.8],
        };
        let steps = 100_000;
        let weights = (0..steps).map(|step| {
            let u = (f64::from(step) + 0.5) / f64::from(steps);
            let change = if u < 0.5 { -0.4 * (1.0 - 2.0 * u) } else { 0.8 * (2.0 * u - 1.0) };
            3.0 * (1.0 + change)
        });
        let weights: Vec<f64> = weights.collect();
        let mean = weights.iter().sum::<f64>() / f64::from(steps);
        let variance =
            weights.iter().map(|weight| (weight - mean).powi(2)).sum::<f64>() / f64::from(steps);
        let (known, spread) = member.moments();
        assert!((known - mean).abs() < 1e-6 && (spread - variance).abs() < 1e-6);
    }
}
