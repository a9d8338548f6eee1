//! The box of a request, and the features that meet it.

use super::crs::System;
use crate::run::Cancel;
use crate::serve::collection::Collection;
use crate::serve::params::{Corners, Values};
use crate::serve::problem::Problem;
use geo::{Intersects, MapCoords};
use geo_types::{Coord, Geometry, LineString, Polygon, Rect};
use rayon::prelude::*;

/// The box of a request.
#[derive(Debug)]
pub struct Area {
    /// Its parts in x and y of its system: two if it runs over the antimeridian, and edges that are the same places.
    parts: Vec<Rect<f64>>,
    /// Its system, if it is not longitude and latitude on WGS84.
    system: Option<(System, Outline)>,
}

impl Area {
    /// The box of a request, if it has one.
    ///
    /// # Errors
    /// A number that is wrong; a system that is not known.
    pub fn of(values: &Values) -> Result<Option<Self>, Problem> {
        let system = System::of(values, "bbox-crs")?;
        let Some(corners) = values.bbox("bbox") else { return Ok(None) };
        check(corners, &system)?;
        let ([west, south], [east, north]) = (system.turn(corners.low), system.turn(corners.high));
        if system.is_wgs84() {
            let parts = on_globe([west, south, east, north]);
            return Ok(Some(Self { parts, system: None }));
        }
        let parts = match west > east {
            true => vec![rect(west, south, 180.0, north), rect(-180.0, south, east, north)],
            false => vec![rect(west, south, east, north)],
        };
        let outline = Outline::of(&system, &parts);
        Ok(Some(Self { parts, system: Some((system, outline)) }))
    }

    /// The features that meet the box, in their order: those whose own boxes meet it are found in the tree, and their
    /// geometries are tested.
    ///
    /// # Errors
    /// The flag is raised.
    pub fn found(&self, collection: &Collection, cancel: &Cancel) -> Result<Vec<usize>, Problem> {
        let near = match &self.system {
            None => self
                .parts
                .iter()
                .map(|part| {
                    let ([west, south], [east, north]) = (part.min().into(), part.max().into());
                    [west, south, east, north]
                })
                .collect(),
            Some((_, outline)) => vec![outline.bounds],
        };
        let mut near: Vec<usize> =
            near.into_iter().flat_map(|bounds: [f64; 4]| collection.in_box(bounds)).collect();
        near.sort_unstable();
        near.dedup();
        let meets = |feature: &usize| {
            let geometry = collection.geometries.get(*feature).and_then(Option::as_ref);
            !cancel.is_raised() && geometry.is_some_and(|geometry| self.meets(geometry))
        };
        let found = near.into_par_iter().with_min_len(256).filter(meets).collect();
        cancel.check().map_err(|error| crate::serve::snapshot::refused(&error))?;
        Ok(found)
    }

    /// Whether a geometry meets the box.
    fn meets(&self, geometry: &Geometry<f64>) -> bool {
        let any =
            |geometry: &Geometry<f64>| self.parts.iter().any(|part| geometry.intersects(part));
        let Some((system, outline)) = &self.system else { return any(geometry) };
        let projected =
            geometry.try_map_coords(|at| system.xy(at.x, at.y).map(Coord::from).ok_or(()));
        match projected {
            Ok(geometry) => any(&geometry),
            // A part of it has no place in the system.
            Err(()) => outline.rings.iter().any(|ring| geometry.intersects(ring)),
        }
    }
}

/// Refuses a box whose numbers are not in the range of its system, or in no order.
fn check(corners: Corners, system: &System) -> Result<(), Problem> {
    let wrong = |position: usize, number: f64, why: String| {
        let detail = format!("bbox: number {position}, {number}, {why}");
        Err(Problem::bad_value("bbox", detail).at(position))
    };
    // The axis of x, and that of y.
    let [x, y] = if system.turn([0.0, 1.0]) == [0.0, 1.0] { [0, 1] } else { [1, 0] };
    if system.is_wgs84() {
        let of_low =
            corners.low.into_iter().enumerate().map(|(axis, of)| (corners.of_low(axis), axis, of));
        let of_high = corners
            .high
            .into_iter()
            .enumerate()
            .map(|(axis, of)| (corners.of_high(axis), axis, of));
        for (position, axis, number) in of_low.chain(of_high) {
            let (name, most) = if axis == x { ("longitude", 180.0) } else { ("latitude", 90.0) };
            if number.abs() > most {
                return wrong(
                    position,
                    number,
                    format!("is no {name}: it is not within {most} degrees of 0"),
                );
            }
        }
    }
    let ([west, south], [east, north]) = (system.turn(corners.low), system.turn(corners.high));
    if south > north {
        let position = corners.of_high(y);
        return wrong(position, north, format!("is below number {}, {south}", corners.of_low(y)));
    }
    if west > east && !system.is_geographic() {
        let position = corners.of_high(x);
        return wrong(position, east, format!("is below number {}, {west}", corners.of_low(x)));
    }
    Ok(())
}

fn rect(west: f64, south: f64, east: f64, north: f64) -> Rect<f64> {
    Rect::new([west, south], [east, north])
}

/// The parts of a box in degrees. Both sides of the antimeridian are the same places, and so are all longitudes at a
/// pole.
fn on_globe([west, south, east, north]: [f64; 4]) -> Vec<Rect<f64>> {
    let mut parts = match west > east {
        true => vec![rect(west, south, 180.0, north), rect(-180.0, south, east, north)],
        false => vec![rect(west, south, east, north)],
    };
    if west == -180.0 && east < 180.0 {
        parts.push(rect(180.0, south, 180.0, north));
    }
    if east == 180.0 && west > -180.0 && west <= east {
        parts.push(rect(-180.0, south, -180.0, north));
    }
    for pole in [-90.0, 90.0] {
        if south == pole || north == pole {
            parts.push(rect(-180.0, pole, 180.0, pole));
        }
    }
    parts
}

/// Roughly where a box of another system lies.
#[derive(Debug)]
struct Outline {
    /// West, south, east, north, with a margin; west may be greater than east.
    bounds: [f64; 4],
    /// Its edges in degrees, if they are drawn without the antimeridian and the poles.
    rings: Vec<Polygon<f64>>,
}

/// Points along each edge of a box.
const STEPS: u32 = 64;

/// The whole globe.
const GLOBE: [f64; 4] = [-180.0, -90.0, 180.0, 90.0];

impl Outline {
    fn of(system: &System, parts: &[Rect<f64>]) -> Self {
        let rings: Option<Vec<Vec<[f64; 2]>>> =
            parts.iter().map(|part| ring(system, part)).collect();
        let unknown = Self { bounds: GLOBE, rings: Vec::new() };
        let Some(rings) = rings else { return unknown };
        let has = |pole: f64| {
            let at = system.xy(0.0, pole).map(Coord::from);
            at.is_some_and(|at| parts.iter().any(|part| part.intersects(&at)))
        };
        let points = || rings.iter().flatten();
        let least = points().map(|[_, lat]| *lat).fold(90.0, f64::min);
        let most = points().map(|[_, lat]| *lat).fold(-90.0, f64::max);
        let (has_south, has_north) = (has(-90.0), has(90.0));
        let arc = arc(points().map(|[lon, _]| *lon).collect());
        // A curved edge reaches a little beyond its points.
        let margin = (most - least).max(1e-3) * 0.02;
        let south = if has_south { -90.0 } else { (least - margin).max(-90.0) };
        let north = if has_north { 90.0 } else { (most + margin).min(90.0) };
        match arc {
            Some((west, east)) if !has_south && !has_north => {
                let width = (east - west).rem_euclid(360.0);
                let margin = width.max(1e-3) * 0.02;
                let turn = |lon: f64| (lon + 180.0).rem_euclid(360.0) - 180.0;
                if width + 2.0 * margin >= 350.0 {
                    return Self { bounds: [-180.0, south, 180.0, north], rings: Vec::new() };
                }
                let drawn = if west <= east { rings } else { Vec::new() };
                let polygon =
                    |ring: Vec<[f64; 2]>| Polygon::new(LineString::from(ring), Vec::new());
                Self {
                    bounds: [turn(west - margin), south, turn(east + margin), north],
                    rings: drawn.into_iter().map(polygon).collect(),
                }
            }
            _ => Self { bounds: [-180.0, south, 180.0, north], rings: Vec::new() },
        }
    }
}

/// The edge of a box in degrees; `None` if a point of it is no place on Earth.
fn ring(system: &System, part: &Rect<f64>) -> Option<Vec<[f64; 2]>> {
    let corners = part.to_polygon().exterior().0.clone();
    let edges = corners.iter().zip(corners.iter().skip(1));
    let along = edges.flat_map(|(from, to)| {
        (0..STEPS).map(move |step| *from + (*to - *from) * (f64::from(step) / f64::from(STEPS)))
    });
    along.map(|at| system.degrees(at.x, at.y)).collect()
}

/// The shortest arc that holds some longitudes, from west to east; `None` of none.
fn arc(mut longitudes: Vec<f64>) -> Option<(f64, f64)> {
    longitudes.sort_unstable_by(f64::total_cmp);
    let (first, last) = (*longitudes.first()?, *longitudes.last()?);
    let mut widest = (first + 360.0 - last, first, last);
    for (from, to) in longitudes.iter().zip(longitudes.iter().skip(1)) {
        if to - from > widest.0 {
            widest = (to - from, *to, *from);
        }
    }
    Some((widest.1, widest.2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::params::{Param, parse};
    use serde_json::{Value, json};

    const BBOX: Param = crate::serve::features::parameters::BBOX;
    const BBOX_CRS: Param = crate::serve::features::parameters::BBOX_CRS;

    fn found(collection: &Collection, query: &str) -> Vec<usize> {
        let values = parse(query, &[&BBOX, &BBOX_CRS]).expect(query);
        let area = Area::of(&values).expect(query).expect("a box");
        area.found(collection, &Cancel::new()).expect("found")
    }

    fn collection(geometries: Vec<Value>) -> Collection {
        let feature = |of: Value| json!({"type": "Feature", "geometry": of, "properties": {}});
        let features: Vec<Value> = geometries.into_iter().map(feature).collect();
        let text = json!({"type": "FeatureCollection", "features": features}).to_string();
        Collection::read("made", "Made", text, &[]).expect("a collection")
    }

    /// Whole numbers in no order, always the same.
    struct Dice(u64);

    impl Dice {
        fn between(&mut self, least: i32, most: i32) -> f64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let many = u64::try_from(most - least + 1).unwrap_or(1);
            f64::from(least) + f64::from(u32::try_from((self.0 >> 33) % many).unwrap_or(0))
        }

        /// A box over the seam, near a pole, or anywhere.
        fn area(&mut self) -> [f64; 4] {
            let (a, b) = (self.between(-90, 90), self.between(-90, 90));
            let (south, north) = match self.between(0, 5) {
                0.0 => (a, 90.0),
                1.0 => (-90.0, b),
                2.0 => (a, a),
                _ => (a.min(b), a.max(b)),
            };
            let (west, east) = match self.between(0, 5) {
                0.0 => (self.between(150, 180), self.between(-180, -150)),
                1.0 => (-180.0, self.between(-180, 180)),
                2.0 => (self.between(-180, 180), 180.0),
                3.0 => (180.0, -180.0),
                _ => (self.between(-180, 180), self.between(-180, 180)),
            };
            [west, south, east, north]
        }
    }

    /// Whether two arcs of longitude share a place, in whole degrees and turns.
    fn share(a: (f64, f64), b: (f64, f64)) -> bool {
        let whole =
            |(west, east): (f64, f64)| (west, if east < west { east + 360.0 } else { east });
        let (a, b) = (whole(a), whole(b));
        (-2..=2).any(|turns| {
            let turn = 360.0 * f64::from(turns);
            a.0 <= b.1 + turn && b.0 + turn <= a.1
        })
    }

    /// Points and polygons, some of them on the seam or at a pole.
    fn places(dice: &mut Dice, points: usize, polygons: usize) -> Vec<[f64; 4]> {
        let mut places: Vec<[f64; 4]> = Vec::new();
        for _ in 0..points {
            let lon = match dice.between(0, 9) {
                0.0 => 180.0,
                1.0 => -180.0,
                _ => dice.between(-180, 180),
            };
            let lat = match dice.between(0, 19) {
                0.0 => 90.0,
                1.0 => -90.0,
                _ => dice.between(-90, 90),
            };
            places.push([lon, lat, lon, lat]);
        }
        for _ in 0..polygons {
            let (west, south) = (dice.between(-180, 179), dice.between(-90, 89));
            let east = (west + dice.between(1, 30)).min(180.0);
            let north = (south + dice.between(1, 30)).min(90.0);
            places.push([west, south, east, north]);
        }
        places
    }

    /// Compares what boxes find among some places with a loop over all of them.
    fn compare(dice: &mut Dice, places: &[[f64; 4]], boxes: usize) {
        let geometries = places.iter().map(|[w, s, e, n]| match w == e {
            true => json!({"type": "Point", "coordinates": [w, s]}),
            false => json!({"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]}),
        });
        let collection = collection(geometries.collect());
        let mut some = 0;
        for round in 0..boxes {
            let [west, south, east, north] = dice.area();
            let meets = |[w, s, e, n]: &[f64; 4]| {
                let at_pole = [90.0, -90.0]
                    .iter()
                    .any(|pole| (south <= *pole && *pole <= north) && (s <= pole && pole <= n));
                at_pole || (*s <= north && south <= *n && share((*w, *e), (west, east)))
            };
            let expected: Vec<usize> = places
                .iter()
                .enumerate()
                .filter(|(_, place)| meets(place))
                .map(|(index, _)| index)
                .collect();
            some += usize::from(!expected.is_empty());
            let query = match round % 2 {
                0 => format!("bbox={west},{south},{east},{north}"),
                _ => format!(
                    "bbox={south},{west},{north},{east}&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326"
                ),
            };
            assert_eq!(found(&collection, &query), expected, "{query}");
        }
        assert!(some > boxes / 2, "{some} boxes found something");
    }

    #[test]
    fn boxes_find_what_a_loop_over_the_globe_finds() {
        let mut dice = Dice(5);
        let many = places(&mut dice, 1500, 500);
        compare(&mut dice, &many, 4000);
        // Fewer places, so that more boxes can be tried.
        let few = places(&mut dice, 60, 20);
        compare(&mut dice, &few, 100_000);
    }

    #[test]
    fn a_box_in_the_corner_of_a_geometry_that_is_empty_finds_nothing() {
        let collection = collection(vec![
            json!({"type": "LineString", "coordinates": [[0, 0], [10, 10]]}),
            json!({"type": "MultiPolygon", "coordinates": [
                [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[1, 1], [9, 1], [9, 9], [1, 9], [1, 1]]]
            ]}),
            json!({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [5, 5]}]}),
            Value::Null,
        ]);
        assert_eq!(found(&collection, "bbox=6,2,8,4"), [0_usize; 0]);
        assert_eq!(found(&collection, "bbox=4,4,6,6"), [0, 2]);
        assert_eq!(found(&collection, "bbox=0,4,0,6"), [1]);
        assert_eq!(found(&collection, "bbox=-180,-90,180,90"), [0, 1, 2]);
    }

    #[cfg(feature = "proj")]
    #[test]
    fn boxes_around_a_pole_and_over_the_seam_are_found_in_projected_systems() {
        let mut dice = Dice(9);
        let mut points = Vec::new();
        for _ in 0..1500 {
            points.push([dice.between(-180, 180), dice.between(-90, 90)]);
        }
        let geometries = points.iter().map(|at| json!({"type": "Point", "coordinates": at}));
        let collection = collection(geometries.collect());
        // Antarctic and Arctic polar stereographic, New Zealand over the seam, Fiji.
        for (code, size) in [(3031, 4e6), (3995, 4e6), (3832, 9e6), (3857, 1.9e7), (3460, 3e6)] {
            let uri = format!("http://www.opengis.net/def/crs/EPSG/0/{code}");
            let crs = crate::earth::Crs::new(&format!("EPSG:{code}")).expect("a system");
            let mut some = 0;
            for _ in 0..40 {
                let at = |dice: &mut Dice| size * dice.between(-100, 100) / 100.0;
                let (a, b, c, d) = (at(&mut dice), at(&mut dice), at(&mut dice), at(&mut dice));
                let [west, south, east, north] = [a.min(b), c.min(d), a.max(b), c.max(d)];
                let expected: Vec<usize> = (0..points.len())
                    .filter(|index| {
                        let at = points
                            .get(*index)
                            .and_then(|[lon, lat]| crs.project_anywhere(*lon, *lat));
                        at.is_some_and(|[x, y]| {
                            (west..=east).contains(&x) && (south..=north).contains(&y)
                        })
                    })
                    .collect();
                some += usize::from(!expected.is_empty());
                let query = format!("bbox={west},{south},{east},{north}&bbox-crs={uri}");
                assert_eq!(found(&collection, &query), expected, "{query}");
            }
            assert!(some > 0 || code == 3460, "{code}");
        }
    }
}
