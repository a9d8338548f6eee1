//! The synthetic part of the Earth for all workloads: a square of 3000 km around 23° E, 2° N, in which
//! 70 % of all points lie in 200 clusters of 10 to 80 km with very different weights, and the others
//! are uniformly distributed.

use crate::numbers::Numbers;
use tamarisk::earth::Position;

/// Half a side of the square in km.
pub const HALF: f64 = 1500.0;

/// Chosen so that about 7.7e9 pairs of 100,000 sites and 1,000,000 incidents are within 100 km of each
/// other, as in the figures of other programs measured elsewhere.
const CLUSTERS: u64 = 64;

/// An incident: severity, position and age.
#[derive(Debug, Clone, Copy)]
pub struct Incident {
    pub position: Position,
    /// An integer from 1 to 50, mostly small.
    pub severity: u32,
    /// From 0 to ten years.
    pub age_days: i64,
}

pub fn sites(count: usize) -> Vec<Position> {
    points(count, 2000)
}

pub fn incidents(count: usize) -> Vec<Incident> {
    let mut numbers = Numbers::new(3000);
    let incident = |position| Incident {
        position,
        severity: numbers.tries(0.35).min(50.0) as u32,
        age_days: numbers.below(3650) as i64,
    };
    points(count, 1000).into_iter().map(incident).collect()
}

/// Returns the position at some km east and north of the center of the square.
fn at(x: f64, y: f64) -> Position {
    let lat = 2.0 + y / 110.574;
    let lon = 23.0 + x / (111.320 * libm::cos(lat.to_radians()));
    Position::from_degrees(lon, lat).expect("the box lies within the range of degrees")
}

struct Cluster {
    middle: (f64, f64),
    /// Standard deviation in km.
    width: f64,
    /// Cumulative weights of the clusters.
    up_to: f64,
}

fn clusters() -> Vec<Cluster> {
    let mut numbers = Numbers::new(CLUSTERS);
    let mut sum = 0.0;
    let mut cluster = || {
        let mut center = || numbers.between(-0.95 * HALF, 0.95 * HALF);
        let middle = (center(), center());
        let width = numbers.between(10.0, 80.0);
        // A Lomax number (Pareto from 0) of shape 1.2: a few clusters hold most of the points.
        sum += libm::pow(1.0 - numbers.unit(), -1.0 / 1.2) - 1.0 + 0.2;
        Cluster { middle, width, up_to: sum }
    };
    (0..200).map(|_| cluster()).collect()
}

/// Draws points with a seed of one's own.
pub fn points(count: usize, seed: u64) -> Vec<Position> {
    let clusters = clusters();
    let all = clusters.last().map_or(0.0, |last| last.up_to);
    let mut numbers = Numbers::new(seed);
    let inside = |v: f64| match v {
        v if v > HALF => 2.0 * HALF - v,
        v if v < -HALF => -2.0 * HALF - v,
        v => v,
    };
    let mut point = || {
        if numbers.unit() < 0.3 {
            return at(numbers.between(-HALF, HALF), numbers.between(-HALF, HALF));
        }
        let weight = numbers.between(0.0, all);
        let cluster = &clusters[clusters.partition_point(|cluster| cluster.up_to < weight)];
        let x = cluster.middle.0 + cluster.width * numbers.normal();
        let y = cluster.middle.1 + cluster.width * numbers.normal();
        at(inside(x), inside(y))
    };
    (0..count).map(|_| point()).collect()
}

/// Generates rivers of 500 vertices: random walks with steps of 1.2 km that turn a little at each.
pub fn rivers(count: usize) -> Vec<Vec<Position>> {
    let mut numbers = Numbers::new(77);
    let mut river = || {
        let (mut x, mut y) = (numbers.between(-HALF, HALF), numbers.between(-HALF, HALF));
        let mut heading = numbers.between(0.0, std::f64::consts::TAU);
        let step = |_| {
            heading += 0.25 * numbers.normal();
            x += 1.2 * libm::cos(heading);
            y += 1.2 * libm::sin(heading);
            at(x, y)
        };
        (0..500).map(step).collect()
    };
    (0..count).map(|_| river()).collect()
}

/// Generates areas of 50 to 500 vertices and 5 to 40 km of mean radius, as closed rings: a circle
/// perturbed by seven waves.
pub fn areas(count: usize) -> Vec<Vec<Position>> {
    let mut numbers = Numbers::new(78);
    let mut area = || {
        let vertices = 50 + numbers.below(451);
        let (x, y) = (numbers.between(-HALF, HALF), numbers.between(-HALF, HALF));
        let mean = numbers.between(5.0, 40.0);
        let waves: Vec<(f64, f64)> = (1..8)
            .map(|wave| {
                let height = 0.35 * mean / f64::from(wave) * numbers.normal();
                (height, numbers.between(0.0, std::f64::consts::TAU))
            })
            .collect();
        let mut ring: Vec<Position> = (0..vertices)
            .map(|vertex| {
                let angle = std::f64::consts::TAU * vertex as f64 / vertices as f64;
                let bend = |(wave, (height, phase)): (usize, &(f64, f64))| {
                    height * libm::cos((wave + 1) as f64 * angle + phase)
                };
                let radius = mean + waves.iter().enumerate().map(bend).sum::<f64>();
                let radius = radius.max(0.15 * mean);
                at(x + radius * libm::cos(angle), y + radius * libm::sin(angle))
            })
            .collect();
        ring.push(ring[0]);
        ring
    };
    (0..count).map(|_| area()).collect()
}
