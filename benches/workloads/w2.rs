//! W2: the nearest, or the ten nearest, of 1,000,000 incidents for each of 1,000,000 sites, with
//! geodesic distances.

use crate::measure::{Row, Size, Spent, repeat, row, timed};
use crate::peers;
use crate::world;
use kiddo::{ImmutableKdTree, SquaredEuclidean};
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::num::NonZeroUsize;
use tamarisk::earth::{Ecef, Length, Position, SEMI_MAJOR, SEMI_MINOR};
use tamarisk::index::{Exhaustive, Neighbors, PointTree, Probe};

pub fn run(who: &str, size: Size, k: usize) -> Option<Row> {
    let sites = world::sites(size.of(1_000_000));
    let full = world::incidents(size.of(1_000_000));
    let incidents: Vec<Position> = full.iter().map(|incident| incident.position).collect();
    let part = match who {
        "tamarisk" | "kiddo" => sites.len(),
        "exhaustive" => sites.len().min(6),
        _ => sites.len().min(100_000),
    };
    let asked = &sites[..part];
    let (spent, found) = match who {
        "tamarisk" => repeat(|| tamarisk(asked, &incidents, k)),
        "kiddo" => repeat(|| kiddo(asked, &incidents, k)),
        "rstar-3d" => repeat(|| in_space(asked, &incidents, k)),
        "exhaustive" => repeat(|| exhaustive(asked, &incidents, k)),
        _ => {
            let peer = peers::run(who, &format!("w2-k{k}"), asked, &full)?;
            let mut row = row(&peer.spent, (part, sites.len()), "sites", peer.answer);
            (row.peak_mb, row.note) = (peer.peak_mb, Some(peer.version));
            row.check_of_tamarisk = Some(text(&tamarisk(asked, &incidents, k).1));
            return Some(row);
        }
    };
    let mut row = row(&spent, (part, sites.len()), "sites", text(&found));
    if part < sites.len() {
        row.check_of_tamarisk = Some(text(&tamarisk(asked, &incidents, k).1));
    }
    Some(row)
}

/// Incident and distance in meters: `k` entries for each site, nearest first.
type Near = (usize, Length);

fn text(found: &[Near]) -> String {
    let meters: f64 = found.iter().map(|near| near.1.meters()).sum();
    format!("{} ways of {meters:.0} m", found.len())
}

fn tamarisk(sites: &[Position], incidents: &[Position], k: usize) -> (Spent, Vec<Near>) {
    timed(
        || PointTree::new(incidents.to_vec()),
        |tree| {
            let found = tree.nearest_of_each(sites, k);
            found.iter().flatten().map(|found| (found.index, found.distance)).collect()
        },
    )
}

/// A k-d tree in space, queried in spatial order, which makes it three times as fast. Neither its batch
/// query nor its parallel construction is faster here; its dual-tree search is far slower.
fn kiddo(sites: &[Position], incidents: &[Position], k: usize) -> (Spent, Vec<Near>) {
    let places = |of: &[Position]| -> Vec<[f64; 3]> {
        of.par_iter().map(|&position| Ecef::from(position).0).collect()
    };
    timed(
        || {
            let points = places(incidents);
            let tree = ImmutableKdTree::<f64, 3>::new_from_slice(&points)
                .expect("points are finite and few enough");
            (points, tree)
        },
        |(points, tree)| {
            let centers = places(sites);
            let order = along_a_curve(sites);
            let most = NonZeroUsize::new(k).expect("at least one is asked for");
            let mut found = vec![(0, Length::ZERO); sites.len() * k];
            found.par_chunks_mut(k).zip(&order).for_each(|(slots, &site)| {
                let center = &centers[site as usize];
                let near =
                    |item: u32| (item as usize, meters(Ecef(*center), Ecef(points[item as usize])));
                let query = tree.query(center);
                if k == 1 {
                    slots[0] = near(query.nearest_one::<SquaredEuclidean<f64>>().execute().item);
                } else {
                    let found = query.nearest_n::<SquaredEuclidean<f64>>(most).execute();
                    for (slot, found) in slots.iter_mut().zip(found) {
                        *slot = near(found.item);
                    }
                }
            });
            // Back to the order of the sites.
            let mut back = vec![(0, Length::ZERO); found.len()];
            for (&site, found) in order.iter().zip(found.chunks(k)) {
                let first = site as usize * k;
                back[first..first + k].copy_from_slice(found);
            }
            back
        },
    )
}

/// Returns the indices of positions in Z-curve order over degrees (Morton 1966).
fn along_a_curve(positions: &[Position]) -> Vec<u32> {
    let spread = |v: u64| (0..20).fold(0, |sum, bit| sum | (v >> bit & 1) << (2 * bit));
    let cell = |degrees: f64, from: f64| ((degrees - from) / 360.0 * 1_048_575.0) as u64;
    let mut keys: Vec<(u64, u32)> = positions
        .par_iter()
        .enumerate()
        .map(|(number, at)| {
            let key = spread(cell(at.lon(), -180.0)) | spread(cell(at.lat(), -90.0)) << 1;
            (key, number as u32)
        })
        .collect();
    keys.par_sort_unstable();
    keys.into_iter().map(|(_, number)| number).collect()
}

/// Converts a chord to a distance along the ground: the arc of the circle whose curvature is that of the
/// ellipsoid midway in the chord's direction, by the first terms of its series, as in
/// `Ecef::ground_length` but faster. At 10 km the truncation error is below a nanometer.
pub fn meters(from: Ecef, to: Ecef) -> Length {
    const A: f64 = 1.0 / (SEMI_MAJOR * SEMI_MAJOR);
    const B: f64 = 1.0 / (SEMI_MINOR * SEMI_MINOR);
    let ([x, y, z], [u, v, w]) = (from.0, to.0);
    let flat = (u - x) * (u - x) + (v - y) * (v - y);
    let rise = (w - z) * (w - z);
    let chord2 = flat + rise;
    if chord2 == 0.0 {
        return Length::ZERO;
    }
    let (mx, my, mz) = (f64::midpoint(x, u), f64::midpoint(y, v), f64::midpoint(z, w));
    let across = mx * mx + my * my;
    let lift2 = A * across + B * mz * mz;
    let gradient2 = (A * A * across + B * B * mz * mz) / lift2;
    let share = (A * flat + B * rise) / chord2;
    // Square of curvature × chord.
    let t = share * share / gradient2 * chord2;
    let series = 1.0 + t * (1.0 / 24.0 + t * (3.0 / 640.0 + t * (5.0 / 7168.0)));
    Length::from_meters(chord2.sqrt() * series)
}

/// An R-tree in space.
fn in_space(sites: &[Position], incidents: &[Position], k: usize) -> (Spent, Vec<Near>) {
    timed(
        || {
            let point = |(number, &at): (usize, &Position)| {
                GeomWithData::new(Ecef::from(at).0, number as u32)
            };
            RTree::bulk_load(incidents.iter().enumerate().map(point).collect())
        },
        |tree| {
            let near = |&site: &Position| {
                let center = Ecef::from(site);
                let near = |found: &GeomWithData<[f64; 3], u32>| {
                    (found.data as usize, meters(center, Ecef(*found.geom())))
                };
                if k == 1 {
                    tree.nearest_neighbor(center.0).into_iter().map(near).collect::<Vec<_>>()
                } else {
                    tree.nearest_neighbor_iter(center.0).take(k).map(near).collect()
                }
            };
            sites.par_iter().flat_map_iter(near).collect()
        },
    )
}

/// Karney's algorithm for every pair.
fn exhaustive(sites: &[Position], incidents: &[Position], k: usize) -> (Spent, Vec<Near>) {
    timed(
        || Exhaustive::of_points(incidents),
        |all| {
            let near = |&site: &Position| {
                let found = all.nearest(&Probe::point(site), k);
                found.into_iter().map(|found| (found.index, found.distance))
            };
            sites.par_iter().flat_map_iter(near).collect()
        },
    )
}
