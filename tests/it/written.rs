//! Polygons and lines are valid as written with seven decimals, and keep their area.

use geo::{Area, Validation};
use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use proptest::prelude::*;
use tamarisk::earth::{lines_as_written, polygons_as_written, united};

fn polygon(exterior: &[(f64, f64)], holes: &[&[(f64, f64)]]) -> Polygon<f64> {
    let holes = holes.iter().map(|ring| LineString::from(ring.to_vec())).collect();
    Polygon::new(LineString::from(exterior.to_vec()), holes)
}

fn square(west: f64, south: f64, side: f64) -> Polygon<f64> {
    let (east, north) = (west + side, south + side);
    polygon(&[(west, south), (east, south), (east, north), (west, north), (west, south)], &[])
}

fn as_written(polygons: Vec<Polygon<f64>>) -> MultiPolygon<f64> {
    polygons_as_written(&MultiPolygon(polygons)).expect("is not valid as it stands")
}

#[test]
fn polygons_with_a_common_edge_are_one() {
    let joined = as_written(vec![square(60.0, 29.0, 1.0), square(61.0, 29.0, 1.0)]);
    assert_eq!(joined.0.len(), 1);
    assert!((joined.unsigned_area() - 2.0).abs() < 1e-9);
    // Apart by less than is written, so that the edges are one where they are read.
    let low = polygon(
        &[
            (28.841_232_299_804_688, 59.117_474_365_234_38),
            (28.844_314_575_195_312, 59.114_443_969_726_565),
            (28.844_259_643_554_69, 59.120_553_588_867_19),
            (28.841_204_833_984_374, 59.120_529_174_804_69),
            (28.841_232_299_804_688, 59.117_474_365_234_38),
        ],
        &[],
    );
    let high = polygon(
        &[
            (28.844_314_575_195_316, 59.114_443_969_726_565),
            (28.847_369_384_765_624, 59.114_471_435_546_88),
            (28.847_341_918_945_31, 59.117_526_245_117_18),
            (28.844_287_109_375_003, 59.117_498_779_296_874),
            (28.844_314_575_195_316, 59.114_443_969_726_565),
        ],
        &[],
    );
    let area = low.unsigned_area() + high.unsigned_area();
    let joined = as_written(vec![low, high]);
    assert_eq!(joined.0.len(), 1);
    assert!((joined.unsigned_area() / area - 1.0).abs() < 1e-4);
}

#[test]
fn a_hole_that_cuts_the_inside_in_two_leaves_two_polygons() {
    let cut = polygon(
        &[(0.0, 0.0), (60.0, 0.0), (60.0, 60.0), (0.0, 60.0), (0.0, 0.0)],
        &[&[(0.0, 40.0), (60.0, 20.0), (20.0, 20.0), (0.0, 40.0)]],
    );
    let area = cut.unsigned_area();
    let apart = as_written(vec![cut]);
    assert_eq!(apart.0.len(), 2);
    assert!(apart.iter().all(|polygon| polygon.interiors().is_empty()));
    assert!((apart.unsigned_area() - area).abs() < 1e-6);
}

#[test]
fn a_spike_that_meets_another_polygon_is_taken_off() {
    // As many vertices, rings and polygons as the result.
    let spiked = polygon(
        &[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (6.0, 6.0), (2.0, 2.0), (0.0, 4.0), (0.0, 0.0)],
        &[],
    );
    let beside = polygon(&[(3.0, 3.5), (5.0, 5.5), (2.0, 6.0), (3.0, 3.5)], &[]);
    let written = as_written(vec![spiked, beside]);
    assert!(written.is_valid(), "{written:?}");
    assert_eq!(polygons_as_written(&written), None);
}

#[test]
fn what_is_valid_as_written_stays_as_it_is() {
    let holed = polygon(
        &[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)],
        &[&[(1.0, 1.0), (1.0, 2.0), (2.0, 2.0), (2.0, 1.0), (1.0, 1.0)]],
    );
    let touching = square(4.0, 4.0, 1.0);
    let straight = polygon(
        &[(10.0, 0.0), (11.0, 0.0), (12.0, 0.0), (12.0, 1.0), (10.000_000_04, 0.5), (10.0, 0.0)],
        &[],
    );
    assert_eq!(polygons_as_written(&MultiPolygon(vec![holed, touching, straight])), None);
}

#[test]
fn what_is_narrower_than_the_last_decimal_is_left_out() {
    let sliver = polygon(&[(0.0, 0.0), (1.0, 0.0), (1.0, 3e-8), (0.0, 3e-8), (0.0, 0.0)], &[]);
    let left = as_written(vec![sliver.clone(), square(5.0, 5.0, 1.0)]);
    assert_eq!((left.0.len(), left.unsigned_area()), (1, 1.0));
    assert!(as_written(vec![sliver]).0.is_empty());
    let path = |ends: [(f64, f64); 2]| LineString::from(ends.to_vec());
    let (long, short) = (path([(0.0, 0.0), (1.0, 1.0)]), path([(2.0, 2.0), (2.0, 2.000_000_01)]));
    assert_eq!(lines_as_written(&MultiLineString(vec![long.clone()])), None);
    let kept = lines_as_written(&MultiLineString(vec![long.clone(), short]));
    assert_eq!(kept, Some(MultiLineString(vec![long])));
}

#[test]
fn what_is_as_wide_as_the_world_is_united_too() {
    let band = |west: f64| {
        let east = west + 180.0;
        polygon(&[(west, -10.0), (east, -10.0), (east, 10.0), (west, 10.0), (west, -10.0)], &[])
    };
    let world = united(&[band(-180.0), band(0.0)]);
    assert_eq!(world.0.len(), 1);
    assert!((world.unsigned_area() - 7200.0).abs() < 1e-9);
    let xs = || world.0[0].exterior().0.iter().map(|c| c.x);
    assert_eq!((xs().fold(0.0, f64::min), xs().fold(0.0, f64::max)), (-180.0, 180.0));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3000, ..ProptestConfig::default() })]

    /// Triangles of a few units, of which all that can go wrong does: united, they are valid and do not
    /// change when they are written.
    #[test]
    fn any_triangles_are_valid_once_they_are_united(
        list in prop::collection::vec(prop::array::uniform3((-9_i32..9, -9_i32..9)), 1..7),
        unit in prop::sample::select(vec![1.0, 1e-3, 1e-7, 0.6e-7]),
    ) {
        let corner = |(x, y): (i32, i32)| {
            Coord { x: 30.0 + f64::from(x) * unit, y: 10.0 + f64::from(y) * unit }
        };
        let triangles: Vec<Polygon<f64>> = list
            .into_iter()
            .map(|[a, b, c]| {
                let ring = vec![corner(a), corner(b), corner(c), corner(a)];
                let triangle = Polygon::new(LineString(ring), Vec::new());
                if triangle.signed_area() < 0.0 {
                    let ring = triangle.exterior().0.iter().rev().copied().collect();
                    return Polygon::new(LineString(ring), Vec::new());
                }
                triangle
            })
            .collect();
        let whole = united(&triangles);
        prop_assert!(whole.is_valid(), "{:?}", whole);
        // Where a corner lies on another edge, that may be given a corner too.
        let again = polygons_as_written(&whole).unwrap_or_else(|| whole.clone());
        let rings = |all: &MultiPolygon<f64>| -> Vec<usize> {
            let mut rings: Vec<usize> = all.iter().map(|part| part.interiors().len()).collect();
            rings.sort_unstable();
            rings
        };
        prop_assert_eq!(rings(&whole), rings(&again), "{:?}", whole);
        let most: f64 = triangles.iter().map(Area::unsigned_area).sum();
        prop_assert!(whole.unsigned_area() <= most + 40.0 * 20.0 * unit.max(1e-7) * 1e-7);
    }
}
