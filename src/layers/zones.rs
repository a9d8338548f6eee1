//! The zones of a surface with smooth edges, for maps that people read: for each band the places with its scores or higher
//! ones.
//!
//! Edges run where the score between the centers of cells passes the lower end of a band (marching squares), and halfway
//! between a cell with a score and one without. The layer [`contours`](super::contours) follows the edges of cells instead
//! and matches the surface exactly.

use super::Surface;
use crate::earth::Grid;
use crate::float::of_count;
use crate::scoring::{Band, Bands};
use geo_types::{Coord, LineString};
use rayon::prelude::*;

/// The zones of a surface, from that of all places with a score to that of the highest band.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Zones {
    /// The zones; each lies within the one before.
    pub list: Vec<Zone>,
}

/// The places with the scores of a band or higher ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// The band.
    pub band: Band,
    /// Closed rings to fill by the even-odd rule, in longitude and latitude. Longitudes go on past half a turn.
    pub rings: Vec<LineString<f64>>,
}

impl Zones {
    /// The zones of a surface; bands that no place reaches are left out.
    pub fn of(surface: &Surface, bands: &Bands) -> Self {
        let field = Field::of(surface, bands);
        let steps = field.steps();
        let of_band = |band: Band| {
            let first = steps.partition_point(|step| step.band < band.number());
            let last = steps.partition_point(|step| step.band <= band.number());
            let rings = field.rings(steps.get(first..last).unwrap_or_default());
            Zone { band, rings }
        };
        let list = Band::ALL.into_iter().filter(|band| *band != Band::NoData).map(of_band);
        Self { list: list.filter(|zone| !zone.rings.is_empty()).collect() }
    }
}

/// A place where an edge of a zone passes between two neighboring centers: the number of a center, and whether the other is
/// below it or on its right.
type Passing = (usize, Side);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Right,
    Below,
}

/// A step of an edge, from one passing to another within four centers. The zone is always on the same side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    band: u8,
    from: Passing,
    to: Passing,
}

/// The centers of a surface within a frame of centers without a score.
struct Field<'s> {
    surface: &'s Surface,
    edges: [f64; 4],
    /// Centers in a row, with the frame.
    width: usize,
    /// The number of each center's band.
    classes: Vec<u8>,
}

impl<'s> Field<'s> {
    fn of(surface: &'s Surface, bands: &Bands) -> Self {
        let columns = usize::try_from(surface.grid.width()).unwrap_or(0);
        let rows = usize::try_from(surface.grid.height()).unwrap_or(0);
        let width = columns + 2;
        let mut classes = vec![0; width * (rows + 2)];
        let class = |score: &f32| bands.of((!score.is_nan()).then(|| f64::from(*score))).number();
        let scored = surface.scores.par_chunks(columns.max(1));
        let framed = classes.par_chunks_mut(width).skip(1);
        framed.zip(scored).for_each(|(row, scores)| {
            row.iter_mut().skip(1).zip(scores).for_each(|(cell, score)| *cell = class(score));
        });
        Self { surface, edges: bands.edges, width, classes }
    }

    /// Column and row of a center on the surface; `None` in the frame.
    fn cell(&self, center: usize) -> Option<(usize, usize)> {
        let (row, column) = (center / self.width, center % self.width);
        Some((column.checked_sub(1)?, row.checked_sub(1)?))
    }

    /// The score of a center; `None` if it has none.
    fn score(&self, center: usize) -> Option<f64> {
        let (column, row) = self.cell(center)?;
        let columns = self.width - 2;
        let inside = column < columns;
        let score = inside.then(|| self.surface.scores.get(row * columns + column)).flatten()?;
        (!score.is_nan()).then(|| f64::from(*score))
    }

    /// The score at which a band begins; `None` for the lowest, which begins wherever there is a score.
    fn begins(&self, band: u8) -> Option<f64> {
        self.edges.get(usize::from(band).checked_sub(2)?).copied()
    }

    /// All steps, ordered by band and start.
    fn steps(&self) -> Vec<Step> {
        let rows = self.classes.len() / self.width;
        let of_row = |row: usize| {
            let first = row * self.width;
            let line = |from: usize| self.classes.get(from..from + self.width).unwrap_or_default();
            let pairs = line(first).windows(2).zip(line(first + self.width).windows(2));
            let passed =
                |(above, below): &(&[u8], &[u8])| above != below || above.first() != above.last();
            let pairs = pairs.enumerate().filter(move |(_, pair)| passed(pair));
            pairs.flat_map(move |(column, (above, below))| {
                let classes = match (above, below) {
                    ([a, b], [d, c]) => [*a, *b, *c, *d],
                    _ => [0; 4],
                };
                self.among(first + column, classes)
            })
        };
        let rows = (0..rows.saturating_sub(1)).into_par_iter();
        let mut steps: Vec<Step> = rows.flat_map_iter(of_row).collect();
        steps.par_sort_unstable();
        steps
    }

    /// The steps among four centers, of which the upper left one is given: their bands clockwise from it.
    fn among(&self, corner: usize, classes: [u8; 4]) -> impl Iterator<Item = Step> + use<'_, 's> {
        let below = corner + self.width;
        let sides = [
            (corner, Side::Right),
            (corner + 1, Side::Below),
            (below, Side::Right),
            (corner, Side::Below),
        ];
        let (low, high) = classes.iter().fold((u8::MAX, 0), |(l, h), c| (l.min(*c), h.max(*c)));
        (low + 1..=high).flat_map(move |band| {
            let inside = classes.map(|class| class >= band);
            let next = [inside[1], inside[2], inside[3], inside[0]];
            // Clockwise, an edge leaves the zone at some sides and comes back at as many.
            let leaves = std::array::from_fn::<_, 4, _>(|at| {
                let (here, there) = (inside.get(at), next.get(at));
                here == Some(&true) && there == Some(&false)
            });
            let enters = std::array::from_fn::<_, 4, _>(|at| {
                let (here, there) = (inside.get(at), next.get(at));
                here == Some(&false) && there == Some(&true)
            });
            let twice = leaves.iter().filter(|leaves| **leaves).count() == 2;
            // Of two opposite corners in the zone, the middle tells whether they hang together.
            let around = !twice || self.middle_reaches(corner, band);
            (0..4).filter(move |at| leaves.get(*at) == Some(&true)).filter_map(move |at| {
                let ways =
                    (1..4).map(|turn| if around { (at + turn) % 4 } else { (at + 4 - turn) % 4 });
                let back = ways.into_iter().find(|at| enters.get(*at) == Some(&true))?;
                Some(Step { band, from: *sides.get(at)?, to: *sides.get(back)? })
            })
        })
    }

    /// Whether the mean of four centers is in a band or above.
    fn middle_reaches(&self, corner: usize, band: u8) -> bool {
        let below = corner + self.width;
        let scores = [corner, corner + 1, below, below + 1].map(|center| self.score(center));
        let mean = scores.into_iter().sum::<Option<f64>>().map(|sum| sum / 4.0);
        mean.zip(self.begins(band)).is_some_and(|(mean, begins)| mean >= begins)
    }

    /// The rings that some steps of one band make, in the order of their first steps.
    fn rings(&self, steps: &[Step]) -> Vec<LineString<f64>> {
        let mut done = vec![false; steps.len()];
        let mut rings = Vec::new();
        for first in 0..steps.len() {
            let mut ring: Vec<Coord<f64>> = Vec::new();
            let mut at = first;
            while let (Some(step), Some(done)) = (steps.get(at), done.get_mut(at))
                && !*done
            {
                *done = true;
                let before = ring.last().map(|before| before.x);
                ring.extend(self.place(step.from, step.band, before));
                let Ok(next) = steps.binary_search_by_key(&step.to, |step| step.from) else {
                    break;
                };
                at = next;
            }
            ring.extend(ring.first().copied());
            if ring.len() >= 4 {
                rings.push(LineString(ring));
            }
        }
        rings
    }

    /// Where an edge passes between two centers: longitude and latitude, the longitude nearest to one before.
    fn place(&self, (center, side): Passing, band: u8, before: Option<f64>) -> Option<Coord<f64>> {
        let other = match side {
            Side::Right => center + 1,
            Side::Below => center + self.width,
        };
        let share = match (self.begins(band), self.score(center), self.score(other)) {
            (Some(begins), Some(here), Some(there)) => {
                ((begins - here) / (there - here)).clamp(0.0, 1.0)
            }
            _ => 0.5,
        };
        let [column, row] = [center % self.width, center / self.width].map(of_count);
        let [right, down] = match side {
            Side::Right => [share, 0.0],
            Side::Below => [0.0, share],
        };
        // The frame is one center wide.
        on_earth(&self.surface.grid, [column + right - 0.5, row + down - 0.5], before)
    }
}

/// A place of a grid, in cells from its upper left corner.
fn on_earth(grid: &Grid, [right, down]: [f64; 2], before: Option<f64>) -> Option<Coord<f64>> {
    let ([west, _, _, north], [dx, dy]) = (grid.edges(), grid.cell());
    let (x, y) = (west + right * dx, north - down * dy);
    if grid.crs().is_wgs84() {
        return Some(Coord { x, y: y.clamp(-90.0, 90.0) });
    }
    let [lon, lat] = grid.crs().to_wgs84(x, y).ok()?;
    let turns = before.map_or(0.0, |before| ((before - lon) / 360.0).round());
    Some(Coord { x: lon + 360.0 * turns, y: lat })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::{Crs, Length};
    use crate::layers::Reach;
    use geo::Area;
    use geo_types::Polygon;

    const EDGES: [f64; 4] = [20.0, 40.0, 60.0, 80.0];

    /// A surface of a function of longitude and latitude, with cells of a tenth of a degree around 0, 0.
    fn surface(score: impl Fn(f64, f64) -> f64) -> Surface {
        let grid = Grid::new(Crs::wgs84(), [-5.0, 5.0], [0.1, 0.1], [100, 100]).expect("a grid");
        let cells = (0..100).flat_map(|row| (0..100).map(move |column| (column, row)));
        #[expect(clippy::cast_possible_truncation, reason = "as surfaces are written")]
        let of = |(column, row)| {
            let [lon, lat] = grid.center(column, row);
            score(lon, lat) as f32
        };
        let scores = cells.map(of).collect();
        Surface { grid: grid.clone(), reach: Reach::Box, cell: Length::from_km(11.0), scores }
    }

    /// The area of a zone in square degrees.
    fn area(zone: &Zone) -> f64 {
        let signed =
            zone.rings.iter().map(|ring| Polygon::new(ring.clone(), Vec::new()).signed_area());
        signed.sum::<f64>().abs()
    }

    #[test]
    fn zones_of_a_cone_are_round() {
        let cone = surface(|lon, lat| (100.0 - 25.0 * libm::hypot(lon, lat)).max(0.0));
        let zones = Zones::of(&cone, &Bands { edges: EDGES }).list;
        assert_eq!(zones.len(), 5);
        for (zone, least) in zones.iter().skip(1).zip(EDGES) {
            let radius = (100.0 - least) / 25.0;
            assert_eq!(zone.rings.len(), 1);
            assert!((area(zone) - std::f64::consts::PI * radius * radius).abs() < 0.03 * radius);
            for at in zone.rings.iter().flatten() {
                assert!((libm::hypot(at.x, at.y) - radius).abs() < 0.01, "{at:?}");
            }
        }
        // The lowest ends halfway past the last centers, but for the corners.
        let all = zones.first().map(area).expect("all");
        assert!((all - 100.0).abs() < 0.03, "{all}");
    }

    #[test]
    fn zones_have_holes_where_there_is_no_score() {
        let ring = surface(|lon, lat| {
            let far = libm::hypot(lon, lat);
            if (1.0..3.0).contains(&far) { 70.0 } else { f64::NAN }
        });
        let zones = Zones::of(&ring, &Bands { edges: EDGES }).list;
        let bands: Vec<u8> = zones.iter().map(|zone| zone.band.number()).collect();
        assert_eq!(bands, [1, 2, 3, 4]);
        for zone in &zones {
            assert_eq!(zone.rings.len(), 2);
            assert!((area(zone) - std::f64::consts::PI * 8.0).abs() < 0.4, "{}", area(zone));
        }
    }

    #[test]
    fn every_ring_is_closed_and_opposite_corners_hang_together_by_their_mean() {
        let checks = |low: f64| {
            surface(move |lon, lat| {
                let odd = |degrees: f64| ((degrees + 5.0) * 10.0).floor() % 2.0 > 0.5;
                if odd(lon) == odd(lat) { 70.0 } else { low }
            })
        };
        for (low, together) in [(55.0, true), (45.0, false)] {
            let zones = Zones::of(&checks(low), &Bands { edges: EDGES }).list;
            let high = zones.iter().find(|zone| zone.band == Band::High).expect("high");
            assert!(high.rings.iter().all(LineString::is_closed));
            // 5,000 cells apart, or one zone with holes at those of the other cells that do not lie at its edge.
            let outer = high.rings.iter().map(|ring| Polygon::new(ring.clone(), Vec::new()));
            let outer: Vec<f64> = outer.map(|ring| ring.signed_area()).collect();
            let widest = outer.iter().fold(0.0, |most: f64, area| most.max(area.abs()));
            assert_eq!(widest > 50.0, together, "{widest}");
            assert!(outer.len() > 4_500, "{}", outer.len());
        }
    }
}
