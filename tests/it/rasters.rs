//! What is measured of rasters, against all cells one by one: geodesic distances of centers, areas of quadrilaterals.

use crate::cli::Dice;
use std::sync::Arc;
use tamarisk::Result;
use tamarisk::earth::{Crs, Length, Position, RasterGrid, Shape, drawn_area, geodesic};
use tamarisk::index::Probe;
use tamarisk::measures::{PartProbe, RasterDecay, RasterPlan, RasterSample, Sampler, SiteProbe};
use tamarisk::model::{Cells, Raster};

/// Values that follow from the number of a cell, with gaps.
#[derive(Debug)]
struct Made(RasterGrid);

impl Made {
    fn value(column: u32, row: u32) -> f64 {
        if (column * 7 + row * 13).is_multiple_of(9) {
            f64::NAN
        } else {
            f64::from((column * 31 + row * 17) % 50) - 10.0
        }
    }
}

impl Cells for Made {
    fn grid(&self) -> &RasterGrid {
        &self.0
    }

    fn chunk(&self) -> [u32; 2] {
        [16, 16]
    }

    fn read(&self, column: u32, row: u32, into: &mut [f64]) -> Result<()> {
        let [width, height] = self.0.size();
        for (value, column) in into.iter_mut().zip(column..) {
            *value =
                if column < width && row < height { Self::value(column, row) } else { f64::NAN };
        }
        Ok(())
    }
}

fn grid(crs: &str, transform: [f64; 6], size: [u32; 2]) -> RasterGrid {
    RasterGrid::new(Crs::new(crs).expect(crs), transform, size).expect(crs)
}

pub fn at(lon: f64, lat: f64) -> Position {
    Position::from_degrees(lon, lat).expect("a position")
}

fn plan(radius_km: f64) -> RasterPlan {
    RasterPlan {
        name: "made".into(),
        radius: Length::from_km(radius_km),
        threshold: Some(5.0),
        decay: Some(RasterDecay { rate: 2.99, length: Length::from_km(radius_km / 2.0) }),
    }
}

fn sampler(grid: &RasterGrid, radius_km: f64) -> Sampler {
    let cells = Arc::new(Made(grid.clone()));
    Sampler::new(Raster { name: "made".into(), file: "made.tif".into(), cells }, plan(radius_km))
}

fn probe(position: Position, shape: &Shape) -> SiteProbe {
    let part = PartProbe {
        probe: Probe::new(shape),
        weight: 1.0,
        spread_km: 0.0,
        tailings: Default::default(),
    };
    SiteProbe { position, parts: vec![part] }
}

/// The same by looking at every cell. `None` for `known`, which counts cells outside the raster too.
fn brute(grid: &RasterGrid, site: &SiteProbe, plan: &RasterPlan) -> (RasterSample, f64) {
    let [_, height] = grid.size();
    let (mut known, mut over, mut sum, mut all) = (0.0, 0.0, 0.0, 0.0);
    let mut sample = RasterSample::default();
    for row in 0..height {
        for column in 0..grid.distinct_columns() {
            let (x, y) = (f64::from(column), f64::from(row));
            let Some(center) = grid.position(x + 0.5, y + 0.5) else { continue };
            let found = site.parts[0].probe.find(0, &Probe::point(center)).expect("a distance");
            if found.distance > plan.radius {
                continue;
            }
            let corners = [(x, y), (x + 1.0, y), (x + 1.0, y + 1.0), (x, y + 1.0)];
            let ring: Option<Vec<Position>> =
                corners.iter().map(|(x, y)| grid.position(*x, *y)).collect();
            let area = match grid.parallels() {
                Some(on) => {
                    let south = (on.first + on.dy * (y + 1.0)).max(-90.0);
                    let north = (on.first + on.dy * y).min(90.0);
                    let cell = geo_types::Rect::new((0.0, south), (on.dx, north)).to_polygon();
                    drawn_area(&geo_types::MultiPolygon(vec![cell]))
                }
                None => ring.map_or(0.0, |ring| geodesic::ring_area(&ring)),
            };
            all += area;
            let value = Made::value(column, row);
            if value.is_nan() {
                continue;
            }
            known += area;
            sum += value * area;
            over += if value > 5.0 { area } else { 0.0 };
            sample.max = Some(sample.max.map_or(value, |max: f64| max.max(value)));
            *sample.total.get_or_insert(0.0) += value;
            let decay = plan.decay.expect("a decay");
            let weight = libm::exp(-decay.rate * found.distance.meters() / decay.length.meters());
            *sample.weighted_total.get_or_insert(0.0) += value * weight;
        }
    }
    if known > 0.0 {
        (sample.mean, sample.share_over) = (Some(sum / known), Some(over / known));
    }
    (sample, if all > 0.0 { known / all } else { 0.0 })
}

/// Compares the two; `whole` if the circle lies on the raster.
fn compare(grid: &RasterGrid, sampler: &Sampler, site: &SiteProbe, whole: bool) -> bool {
    let given = sampler.sample(site).expect("a sample");
    let (expected, known) = brute(grid, site, sampler.plan());
    let what =
        format!("{} at {}: {given:?} and not {expected:?}", grid.crs().name(), site.position);
    if expected.max.is_none() {
        return false;
    }
    let near = |a: Option<f64>, b: Option<f64>, tolerance: f64| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance * b.abs().max(1.0),
        (a, b) => a == b,
    };
    assert_eq!(given.max, expected.max, "{what}");
    assert_eq!(given.total, expected.total, "{what}");
    // Blocks of cells share their area, and some at the edge of a projection have corners off the Earth.
    let close = match (grid.parallels(), grid.crs().name()) {
        (Some(_), _) if site.parts[0].probe.position().is_some() => 1e-9,
        (_, "ESRI:54009") => 0.05,
        _ => 1e-3,
    };
    assert!(near(given.mean, expected.mean, close), "{what}");
    assert!(near(given.share_over, expected.share_over, close), "{what}");
    assert!(near(given.weighted_total, expected.weighted_total, 1e-5), "{what}");
    if whole {
        assert!((given.known - known).abs() <= close, "{what}: {known}");
    }
    true
}

#[test]
fn cells_in_longitude_and_latitude_are_those_of_a_search_through_all() {
    let world = |west: f64, columns: u32| {
        grid("EPSG:4326", [west, 2.0, 0.0, 90.0, 0.0, -2.0], [columns, 90])
    };
    let mut seen = 0;
    for grid in [world(-180.0, 180), world(0.0, 180), world(-181.0, 181)] {
        for radius_km in [150.0, 400.0, 900.0] {
            let sampler = sampler(&grid, radius_km);
            for (lon, lat) in [
                (10.1, 0.2),
                (179.9, 10.0),
                (-179.9, -35.3),
                (0.01, 60.0),
                (-0.01, -60.0),
                (33.3, 88.9),
                (-120.0, -89.9),
                (0.0, 90.0),
                (77.0, -90.0),
                (180.0, 0.0),
            ] {
                let position = at(lon, lat);
                seen += usize::from(compare(
                    &grid,
                    &sampler,
                    &probe(position, &Shape::point(position)),
                    true,
                ));
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn a_part_of_the_world_is_known_as_far_as_it_goes() {
    let grid = grid("EPSG:4326", [10.0, 0.1, 0.0, 50.0, 0.0, -0.1], [80, 60]);
    let sampler = sampler(&grid, 60.0);
    let inner = |lon: f64, lat: f64| {
        let position = at(lon, lat);
        let site = probe(position, &Shape::point(position));
        compare(&grid, &sampler, &site, false);
        sampler.sample(&site).expect("a sample").known
    };
    let whole = inner(14.0, 47.0);
    assert!((whole - 8.0 / 9.0).abs() < 0.03, "{whole}");
    // On the edge half of the circle is outside, at the corner three quarters.
    assert!((inner(10.0, 47.0) - whole / 2.0).abs() < 0.05);
    assert!((inner(14.0, 44.0) - whole / 2.0).abs() < 0.05);
    assert!((inner(10.0, 50.0) - whole / 4.0).abs() < 0.05);
    let far = at(-60.0, -10.0);
    let sample = sampler.sample(&probe(far, &Shape::point(far))).expect("a sample");
    assert_eq!(sample, RasterSample::default());
}

#[test]
fn a_turned_raster_and_one_from_south_to_north_are_measured_alike() {
    let mut dice = Dice::new(3);
    for transform in [
        [10.0, 0.08, 0.02, 50.0, 0.03, -0.07],
        [10.0, 0.1, 0.0, 44.0, 0.0, 0.1],
        [18.0, -0.1, 0.0, 50.0, 0.0, -0.1],
    ] {
        let grid = grid("EPSG:4326", transform, [80, 60]);
        let sampler = sampler(&grid, 25.0);
        let mut seen = 0;
        for _ in 0..12 {
            let part = |dice: &mut Dice, many: u64| dice.below(many * 100) as f64 / 100.0;
            let (column, row) = (part(&mut dice, 80), part(&mut dice, 60));
            let position = grid.position(column, row).expect("on the raster");
            seen += usize::from(compare(
                &grid,
                &sampler,
                &probe(position, &Shape::point(position)),
                false,
            ));
        }
        assert!(seen > 8, "{seen}");
    }
}

#[cfg(feature = "proj")]
#[test]
fn cells_of_projected_systems_are_those_of_a_search_through_all() {
    let mut dice = Dice::new(5);
    for (crs, transform, size, radius_km) in [
        ("EPSG:32642", [300_000.0, 2_000.0, 0.0, 3_600_000.0, 0.0, -2_000.0], [200, 200], 20.0),
        ("EPSG:3857", [0.0, 10_000.0, 0.0, 9_000_000.0, 0.0, -10_000.0], [150, 150], 100.0),
        (
            "ESRI:54009",
            [-18_050_000.0, 100_000.0, 0.0, 9_050_000.0, 0.0, -100_000.0],
            [361, 181],
            600.0,
        ),
        (
            // Within the area of the system, south of 60° S.
            "EPSG:3031",
            [-2_000_000.0, 50_000.0, 0.0, 2_000_000.0, 0.0, -50_000.0],
            [80, 80],
            400.0,
        ),
        ("EPSG:4269", [-100.0, 0.1, 0.0, 50.0, 0.0, -0.1], [90, 90], 40.0),
    ] {
        let grid = grid(crs, transform, size);
        let sampler = sampler(&grid, radius_km);
        let mut seen = 0;
        for _ in 0..10 {
            let place = size.map(|cells| dice.below(u64::from(cells) * 10) as f64 / 10.0);
            let Some(position) = grid.position(place[0], place[1]) else { continue };
            seen += usize::from(compare(
                &grid,
                &sampler,
                &probe(position, &Shape::point(position)),
                false,
            ));
        }
        assert!(seen >= 5, "{crs}: {seen}");
    }
    // Over the edges of the sheet: the antimeridian, and the pole.
    let world = grid(
        "ESRI:54009",
        [-18_050_000.0, 100_000.0, 0.0, 9_050_000.0, 0.0, -100_000.0],
        [361, 181],
    );
    let sampler = sampler(&world, 900.0);
    for (lon, lat) in [(179.9, 5.0), (-179.0, -40.0), (20.0, 89.0)] {
        let position = at(lon, lat);
        // Cells that the edge of the sheet cuts to almost nothing are left out.
        let site = probe(position, &Shape::point(position));
        let (given, (expected, _)) =
            (sampler.sample(&site).expect("a sample"), brute(&world, &site, sampler.plan()));
        let apart = |a: Option<f64>, b: Option<f64>| {
            (a.expect("a number") / b.expect("a number") - 1.0).abs()
        };
        assert_eq!(given.max, expected.max, "{lon} {lat}");
        assert!(apart(given.mean, expected.mean) < 0.05, "{lon} {lat}: {given:?}, {expected:?}");
        assert!(apart(given.total, expected.total) < 0.05, "{lon} {lat}: {given:?}, {expected:?}");
    }
}

#[test]
fn distances_of_lines_and_polygons_are_to_the_whole_shape() {
    use geo_types::{LineString, MultiLineString, MultiPolygon, Polygon};
    let grid = grid("EPSG:4326", [10.0, 0.05, 0.0, 50.0, 0.0, -0.05], [120, 100]);
    let sampler = sampler(&grid, 15.0);
    let line = LineString::from(vec![(11.0, 49.0), (12.3, 48.4), (12.0, 47.5)]);
    let ring = LineString::from(vec![
        (13.0, 46.5),
        (14.0, 46.4),
        (14.2, 47.0),
        (13.1, 47.1),
        (13.0, 46.5),
    ]);
    let shapes = [
        (at(12.3, 48.4), Shape::Lines(MultiLineString(vec![line]))),
        (at(13.6, 46.8), Shape::Polygons(MultiPolygon(vec![Polygon::new(ring, Vec::new())]))),
    ];
    for (position, shape) in shapes {
        assert!(compare(&grid, &sampler, &probe(position, &shape), true));
        let alone = sampler.sample(&probe(position, &Shape::point(position))).expect("a sample");
        let whole = sampler.sample(&probe(position, &shape)).expect("a sample");
        assert_eq!(alone.point, whole.point);
        assert!(whole.total > alone.total);
    }
}

#[test]
fn where_no_center_is_near_the_cell_of_the_position_stands_for_all() {
    let grid = grid("EPSG:4326", [10.0, 1.0, 0.0, 50.0, 0.0, -1.0], [20, 20]);
    let sampler = sampler(&grid, 2.0);
    let position = at(13.1, 44.1);
    let sample = sampler.sample(&probe(position, &Shape::point(position))).expect("a sample");
    let value = Made::value(3, 5);
    assert_eq!((sample.point, sample.mean, sample.max), (Some(value), Some(value), Some(value)));
    assert_eq!(
        (sample.total, sample.weighted_total, sample.known),
        (Some(value), Some(value), 1.0)
    );
    assert_eq!(sample.share_over, Some(if value > 5.0 { 1.0 } else { 0.0 }));
}

#[test]
fn too_many_cells_around_a_site_are_an_error() {
    let grid = grid("EPSG:4326", [10.0, 1e-5, 0.0, 50.0, 0.0, -1e-5], [400_000, 400_000]);
    let sampler = sampler(&grid, 25.0);
    let position = at(12.0, 48.0);
    let error = sampler.sample(&probe(position, &Shape::point(position))).expect_err("too many");
    assert!(error.to_string().starts_with("made.tif: "), "{error}");
    assert!(error.to_string().contains("at most 50 million"), "{error}");
    // A site far from the raster reads none of it.
    let far = at(100.0, -20.0);
    assert_eq!(
        sampler.sample(&probe(far, &Shape::point(far))).expect("nothing"),
        RasterSample::default()
    );
}
