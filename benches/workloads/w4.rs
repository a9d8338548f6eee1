//! W4: for each of 100,000 sites the nearest of 2,000 rivers of 500 vertices each, and the share of its
//! 10 km buffer that 5,000 polygons cover.

use crate::measure::{Row, Size, Spent, repeat, row, timed};
use crate::w1::subject;
use crate::world;
use geo::{Area, BooleanOps, BoundingRect, Intersects, MapCoords, unary_union};
use geo_types::{LineString, MultiLineString, MultiPolygon, Polygon};
use rayon::prelude::*;
use rstar::primitives::Line;
use rstar::{PointDistance, RTree};
use tamarisk::earth::{Ecef, EqualArea, Length, Position, Shape, geodesic};
use tamarisk::index::{Exhaustive, Neighbors, Probe};
use tamarisk::measures::{Coverage, KindIndex, SiteProbe, in_reach};

/// The parts of the workload to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Both,
    Rivers,
    Overlap,
}

/// Distance in meters to the nearest river, and covered share, each summed over all sites.
#[derive(Debug, Default, Clone, Copy)]
struct Sums {
    meters: f64,
    share: f64,
}

struct World {
    rivers: Vec<Vec<Position>>,
    areas: Vec<Vec<Position>>,
}

pub fn run(who: &str, size: Size, part: Part) -> Option<Row> {
    let sites = world::sites(size.of(100_000));
    let world = World { rivers: world::rivers(size.of(2000)), areas: world::areas(size.of(5000)) };
    let done = if who == "exhaustive" { sites.len().min(20) } else { sites.len() };
    let asked = &sites[..done];
    let (spent, sums) = match (who, part) {
        ("tamarisk", _) => repeat(|| tamarisk(asked, &world, part)),
        ("exhaustive", Part::Both) => repeat(|| exhaustive(asked, &world)),
        ("rstar-3d", Part::Rivers) => repeat(|| in_space(asked, &world)),
        _ => return None,
    };
    let mut row = row(&spent, (done, sites.len()), "sites", text(sums, part));
    if done < sites.len() {
        row.check_of_tamarisk = Some(text(tamarisk(asked, &world, part).1, part));
    }
    Some(row)
}

fn text(sums: Sums, part: Part) -> String {
    let rivers = format!("rivers {:.0} m", sums.meters);
    let overlap = format!("covered {:.4}", sums.share);
    match part {
        Part::Both => format!("{rivers}, {overlap}"),
        Part::Rivers => rivers,
        Part::Overlap => overlap,
    }
}

fn line(positions: &[Position]) -> LineString<f64> {
    positions.iter().map(|at| at.coord()).collect()
}

fn lines(rivers: &[Vec<Position>]) -> Vec<Shape> {
    let shape = |river: &Vec<Position>| Shape::Lines(MultiLineString(vec![line(river)]));
    rivers.par_iter().map(shape).collect()
}

fn polygons(areas: &[Vec<Position>]) -> Vec<MultiPolygon<f64>> {
    let polygon = |ring: &Vec<Position>| MultiPolygon(vec![Polygon::new(line(ring), Vec::new())]);
    areas.par_iter().map(polygon).collect()
}

const RADIUS: Length = Length::from_km(10.0);

/// Reach of rivers under the default scheme: twice their decay length.
const REACH: Length = Length::from_km(20.0);

fn tamarisk(sites: &[Position], world: &World, part: Part) -> (Spent, Sums) {
    let subjects =
        || -> Vec<SiteProbe> { sites.par_iter().map(|&position| subject(position, 1.0)).collect() };
    let rivers = |sums: &mut Sums| {
        timed(
            || KindIndex::new(lines(&world.rivers).iter().enumerate()),
            |rivers| {
                // As in `score`: all in reach, or the nearest if there are none.
                let near = in_reach(&subjects(), &rivers, REACH, |_| REACH);
                let nearest = near.iter().filter_map(|near| near.first());
                sums.meters = nearest.map(|near| near.distance.meters()).sum();
            },
        )
        .0
    };
    let overlap = |sums: &mut Sums| {
        timed(
            || Coverage::of_area(polygons(&world.areas).into_iter().flatten().collect()),
            |areas| {
                let share = |site: &Position| areas.share(*site, None, RADIUS);
                let shares: Vec<f64> = sites.par_iter().with_min_len(32).map(share).collect();
                sums.share = shares.iter().sum();
            },
        )
        .0
    };
    let mut sums = Sums::default();
    let mut spent = Spent { once: 0.0, each: 0.0 };
    for part in
        [Part::Rivers, Part::Overlap].into_iter().filter(|p| part == Part::Both || part == *p)
    {
        let Spent { once, each } =
            if part == Part::Rivers { rivers(&mut sums) } else { overlap(&mut sums) };
        spent = Spent { once: spent.once + once, each: spent.each + each };
    }
    (spent, sums)
}

/// Examines every edge of every river for every site, and unites all polygons around it.
fn exhaustive(sites: &[Position], world: &World) -> (Spent, Sums) {
    timed(
        || (Exhaustive::new(&lines(&world.rivers)), polygons(&world.areas)),
        |(rivers, areas)| {
            let of_site = |site: &Position| Sums {
                meters: rivers.nearest(&Probe::point(*site), 1)[0].distance.meters(),
                share: united(*site, &areas),
            };
            let sums: Vec<Sums> = sites.par_iter().map(of_site).collect();
            Sums {
                meters: sums.iter().map(|of| of.meters).sum(),
                share: sums.iter().map(|of| of.share).sum(),
            }
        },
    )
}

/// Returns the share of a buffer that polygons cover: projects all of them to an equal-area plane,
/// unites them with the `geo` crate and intersects them with the buffer, a polygon of 720 sides.
fn united(center: Position, areas: &[MultiPolygon<f64>]) -> f64 {
    let plane = EqualArea::around(center);
    let edge = |side: i32| {
        plane.project(geodesic::direct(center, 360.0 - f64::from(side) / 2.0, RADIUS).coord())
    };
    let buffer = Polygon::new((0..720).map(edge).collect(), Vec::new());
    let around = buffer.bounding_rect().expect("a buffer has an extent");
    let project = |area: &MultiPolygon<f64>| area.map_coords(|at| plane.project(at));
    let near: Vec<Polygon<f64>> = areas
        .iter()
        .map(project)
        .filter(|area| area.bounding_rect().is_some_and(|of| of.intersects(&around)))
        .flatten()
        .collect();
    unary_union(&near).intersection(&buffer).unsigned_area() / buffer.unsigned_area()
}

/// An R-tree of the chords of all edges in space.
fn in_space(sites: &[Position], world: &World) -> (Spent, Sums) {
    timed(
        || {
            let chords = |river: &Vec<Position>| -> Vec<Line<[f64; 3]>> {
                let places: Vec<[f64; 3]> = river.iter().map(|&at| Ecef::from(at).0).collect();
                places.windows(2).map(|ends| Line::new(ends[0], ends[1])).collect()
            };
            RTree::bulk_load(world.rivers.par_iter().flat_map_iter(chords).collect())
        },
        |tree| {
            let near = |&site: &Position| {
                let center = Ecef::from(site);
                let nearest = tree.nearest_neighbor(center.0).expect("there are rivers");
                let chord = nearest.distance_2(&center.0).sqrt();
                arc(chord)
            };
            let all: Vec<f64> = sites.par_iter().map(near).collect();
            Sums { meters: all.iter().sum(), share: 0.0 }
        },
    )
}

/// Returns the arc of a chord on a sphere with the Earth's mean radius: below 40 km within a millimeter
/// of the distance on the ellipsoid.
fn arc(chord: f64) -> f64 {
    const MEAN: f64 = 6_371_008.8;
    2.0 * MEAN * (chord / (2.0 * MEAN)).asin()
}
