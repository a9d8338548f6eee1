//! The names of countries on a map: where each has room, and from which enlargement on.

use super::ground::{clip, turns};
use super::view::View;
use crate::float;
use geo::{Area, BoundingRect, Centroid};
use geo_types::{MultiPolygon, Polygon};
use std::cmp::Ordering;

/// A letter with the space after it, in units, in the wider of the two maps.
const LETTER: f64 = 17.0;

/// The height of a name in units.
const HEIGHT: f64 = 26.0;

/// The share of a name that lies within its country where there is no room for all of it.
const WITHIN: f64 = 0.8;

/// The greatest enlargement, as its logarithm to base two, from which a country is named.
const DEEPEST: f64 = 5.0;

/// The lines of a country on which its name may stand, and the positions at most.
const LINES: u32 = 24;
const POSITIONS: usize = 40;

/// Long names of data, and what a map has room for.
const SHORT: [(&str, &str); 1] = [("United States of America", "United States")];

/// A country with room for its name.
#[derive(Debug, Clone, PartialEq)]
pub struct CountryName {
    /// The name.
    pub name: String,
    /// Positions of its middle in map units, the one nearest to the middle of the country first.
    pub places: Vec<(f64, f64)>,
    /// The enlargement from which it has room, as the logarithm to base two; 0 on the first view.
    pub from: f64,
}

impl CountryName {
    /// The name of a country with what is seen of its largest part in square units; `None` if it has no room.
    pub(super) fn of(
        name: &str,
        view: &View,
        extent: [f64; 4],
        polygons: &MultiPolygon<f64>,
    ) -> Option<(f64, Self)> {
        let first = [0.0, 0.0, view.width, view.height];
        let parts = polygons.iter().flat_map(|part| turns(view, extent, part.exterior()));
        let seen = parts.map(|turned| Polygon::new(clip(&turned, first), Vec::new()));
        let sized = seen.map(|part| (part.unsigned_area(), part));
        let (area, largest) = sized.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
        let name = SHORT.iter().find(|(long, _)| *long == name).map_or(name, |(_, short)| short);
        let (from, places) = places(&largest, name)?;
        Some((area, Self { name: name.to_owned(), places, from }))
    }
}

/// Half the width of a country's name in units, in the wider of the two maps.
pub(super) fn half_width(name: &str) -> f64 {
    LETTER * float::of_count(name.chars().count()) / 2.0
}

/// The enlargement from which a shape has room for its name, and the positions for it.
fn places(shape: &Polygon<f64>, name: &str) -> Option<(f64, Vec<(f64, f64)>)> {
    let (bounds, middle) = (shape.bounding_rect()?, shape.centroid()?);
    let line =
        |at: u32| bounds.min().y + bounds.height() * (f64::from(at) + 0.5) / f64::from(LINES);
    let stretches: Vec<Stretch> = (0..LINES).map(line).flat_map(|y| stretches(shape, y)).collect();
    let widest = stretches.iter().map(Stretch::width).fold(0.0, f64::max);
    let whole = 2.0 * half_width(name);
    let needed = WITHIN * whole;
    let from = libm::log2((needed / widest).max(HEIGHT / bounds.height())).max(0.0);
    // Not a number where there is no area.
    if from.partial_cmp(&DEEPEST) != Some(Ordering::Less) {
        return None;
    }
    // Rounding must not take away the only stretch.
    let needed = if whole <= widest { whole } else { needed / libm::exp2(from) - 1e-6 };
    let mut places: Vec<(f64, f64)> =
        stretches.iter().flat_map(|stretch| stretch.places(needed)).collect();
    let off = |(x, y): &(f64, f64)| (x - middle.x()).powi(2) + (y - middle.y()).powi(2);
    places.sort_by(|one, other| off(one).total_cmp(&off(other)));
    places.truncate(POSITIONS);
    let tenths = |units: f64| (units * 10.0).round() / 10.0;
    let places = places.into_iter().map(|(x, y)| (tenths(x), tenths(y))).collect();
    Some(((from * 10.0).ceil() / 10.0, places))
}

/// A stretch of a line from west to east within a shape.
struct Stretch {
    y: f64,
    from: f64,
    to: f64,
}

impl Stretch {
    fn width(&self) -> f64 {
        self.to - self.from
    }

    /// Positions for the middle of something of a width: the middle of the stretch, and others to both of its ends.
    fn places(&self, needed: f64) -> impl Iterator<Item = (f64, f64)> {
        let (middle, aside) = (f64::midpoint(self.from, self.to), (self.width() - needed) / 2.0);
        let shares: &[f64] = match aside {
            aside if aside < 0.0 => &[],
            aside if aside < 20.0 => &[0.0],
            _ => &[0.0, -0.33, 0.33, -0.66, 0.66, -1.0, 1.0],
        };
        let y = self.y;
        shares.iter().map(move |share| (middle + share * aside, y))
    }
}

/// The stretches of a line from west to east in a shape without holes.
fn stretches(shape: &Polygon<f64>, y: f64) -> Vec<Stretch> {
    let edges = shape.exterior().lines().filter(|edge| (edge.start.y > y) != (edge.end.y > y));
    let crossing = edges.map(|edge| {
        edge.start.x
            + (y - edge.start.y) / (edge.end.y - edge.start.y) * (edge.end.x - edge.start.x)
    });
    let mut ends: Vec<f64> = crossing.collect();
    ends.sort_by(f64::total_cmp);
    let pairs = ends.chunks_exact(2);
    pairs.filter_map(|pair| Some(Stretch { y, from: *pair.first()?, to: *pair.last()? })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Contains;
    use geo_types::{LineString, Point};

    fn rectangle(width: f64, height: f64) -> Polygon<f64> {
        let ring = vec![(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
        Polygon::new(LineString::from(ring), Vec::new())
    }

    #[test]
    fn a_name_stands_where_all_of_it_is_in_its_country() {
        let shape = rectangle(600.0, 300.0);
        let (from, places) = places(&shape, "A country").expect("room");
        assert_eq!(from, 0.0);
        assert!(places.len() > 10);
        let (x, y) = *places.first().expect("a place");
        assert!((x - 300.0).abs() < 1.0 && (y - 150.0).abs() < 10.0, "{x} {y}");
        let half = half_width("A country");
        for (x, y) in places {
            for end in [x - half + 0.2, x + half - 0.2] {
                assert!(shape.contains(&Point::new(end, y)), "{x} {y}");
            }
        }
    }

    #[test]
    fn a_small_country_is_named_when_the_map_is_enlarged_and_a_tiny_one_never() {
        let (from, of_small) = places(&rectangle(40.0, 20.0), "A country").expect("room");
        assert!((1.0..3.0).contains(&from), "{from}");
        assert!(!of_small.is_empty());
        assert_eq!(places(&rectangle(1.0, 1.0), "A country"), None);
        assert_eq!(places(&rectangle(0.0, 0.0), "A country"), None);
    }

    #[test]
    fn a_name_avoids_the_gap_of_a_country_that_bends() {
        let ring = vec![
            (0.0, 0.0),
            (500.0, 0.0),
            (500.0, 100.0),
            (100.0, 100.0),
            (100.0, 500.0),
            (0.0, 500.0),
        ];
        let shape = Polygon::new(LineString::from(ring), Vec::new());
        let (_, places) = places(&shape, "A country").expect("room");
        assert!(places.iter().all(|(_, y)| *y < 100.0), "{places:?}");
    }
}
