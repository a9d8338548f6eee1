//! The layer `contours`: for each band of the score the polygons of all its cells.
//!
//! Polygons follow the edges of cells, so that they match the surface exactly. Cells of one band that
//! share an edge form one polygon; cells that share only a corner form polygons that touch there.

use super::{Digits, Layer, Surface, Table};
use crate::earth::{Grid, Position, antimeridian, drawn_area, polygons_as_written};
use crate::float::of_count;
use crate::scoring::{Band, Bands};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;

/// A band and its polygons.
struct Contour {
    band: Band,
    shape: MultiPolygon<f64>,
    area_km2: f64,
}

/// A corner of cells: column from the west, row from the north.
type Corner = (usize, usize);

/// The label of cells outside all polygons.
const NONE: u32 = u32::MAX;

/// The bands of a surface as polygons, from the lowest to the highest; bands without cells are left out.
pub fn contours<'a>(surface: &Surface, bands: &Bands) -> Layer<'a> {
    let edges = bands.edges;
    let found = trace(surface, bands);
    let table = Table::new()
        .text("band", "The band of the security score", |row: &(Band, f64)| Some(row.0.word()))
        .number(
            "score_from",
            Digits::Decimals(1),
            None,
            "The lowest score of the band",
            move |row: &(Band, f64)| from(row.0, &edges),
        )
        .number(
            "score_to",
            Digits::Decimals(1),
            None,
            "The score at which the next band begins",
            move |row: &(Band, f64)| to(row.0, &edges),
        )
        .number(
            "area_km2",
            Digits::Decimals(3),
            "km²",
            "The area of the polygons as drawn, on the ellipsoid",
            |row: &(Band, f64)| Some(row.1),
        );
    let len = found.len();
    Layer::polygons("contours", table, len, move |index| {
        let contour = found.get(index)?;
        let row = (contour.band, contour.area_km2);
        Some((contour.band.word().replace(' ', "-"), Cow::Owned(contour.shape.clone()), row))
    })
}

fn from(band: Band, edges: &[f64; 4]) -> Option<f64> {
    match usize::from(band.number()).checked_sub(2) {
        Some(below) => edges.get(below).copied(),
        None => Some(0.0),
    }
}

fn to(band: Band, edges: &[f64; 4]) -> Option<f64> {
    Some(edges.get(usize::from(band.number()).checked_sub(1)?).copied().unwrap_or(100.0))
}

/// The polygons of each band.
fn trace(surface: &Surface, bands: &Bands) -> Vec<Contour> {
    let grid = &surface.grid;
    let width = usize::try_from(grid.width()).unwrap_or(0);
    let height = usize::try_from(grid.height()).unwrap_or(0);
    let band = |score: &f32| bands.of((!score.is_nan()).then(|| f64::from(*score)));
    let classes: Vec<Band> = surface.scores.par_iter().map(band).collect();
    let cells = Cells { width, height, labels: labels(&classes, width) };
    let mut polygons: Vec<(Band, Vec<Ring>)> = Vec::new();
    for (band, ring) in cells.rings(&classes) {
        let (label, ring) = ring;
        let label = usize::try_from(label).unwrap_or(0);
        if polygons.len() <= label {
            polygons.resize_with(label + 1, || (Band::NoData, Vec::new()));
        }
        if let Some((of, rings)) = polygons.get_mut(label) {
            *of = band;
            rings.extend(simple(ring));
        }
    }
    let shape = |wanted: Band| -> MultiPolygon<f64> {
        let of = polygons.iter().filter(|(band, _)| *band == wanted);
        let shape = MultiPolygon(of.filter_map(|(_, rings)| polygon(rings, grid)).collect());
        let [west, _, east, _] = grid.edges();
        let regular = grid.crs().is_wgs84() && west >= -180.0 && east <= 180.0;
        if regular {
            // Rounding preserves the order of rows and columns.
            return shape;
        }
        let cut = antimeridian::cut_polygons(&shape).unwrap_or(shape);
        polygons_as_written(&cut).unwrap_or(cut)
    };
    Band::ALL
        .into_iter()
        .filter(|band| *band != Band::NoData)
        .map(|band| (band, shape(band)))
        .filter(|(_, shape)| !shape.0.is_empty())
        .map(|(band, shape)| Contour { area_km2: drawn_area(&shape) / 1e6, band, shape })
        .collect()
}

/// Neighboring cells of a row in one band.
struct Run {
    band: Band,
    /// The first cell, and the one after the last.
    cells: [usize; 2],
    /// An earlier run of the same polygon; itself if it is the first one known.
    earlier: usize,
}

/// For each cell the number of its polygon: edge-connected cells of one band share it. Polygons are numbered in the order of
/// their first cells.
fn labels(classes: &[Band], width: usize) -> Vec<u32> {
    let mut runs: Vec<Run> = Vec::new();
    let (mut above, mut from) = (0, 0);
    for row in classes.chunks(width.max(1)) {
        let here = runs.len();
        for same in row.chunk_by(|a, b| a == b) {
            let to = from + same.len();
            if let Some(&band) = same.first().filter(|band| **band != Band::NoData) {
                runs.push(Run { band, cells: [from, to], earlier: runs.len() });
            }
            from = to;
        }
        join(&mut runs, above, here, width);
        above = here;
    }
    let mut labels = vec![NONE; classes.len()];
    let (mut numbers, mut next): (Vec<u32>, u32) = (Vec::with_capacity(runs.len()), 0);
    for at in 0..runs.len() {
        let first = first(&mut runs, at);
        let number = numbers.get(first).copied().unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        numbers.push(number);
        let cells = runs.get(at).and_then(|run| labels.get_mut(run.cells[0]..run.cells[1]));
        cells.into_iter().for_each(|cells| cells.fill(number));
    }
    labels
}

/// Joins the runs of a row, which begin at `here`, with those of the row above in the same band with which they share an edge.
fn join(runs: &mut [Run], above: usize, here: usize, width: usize) {
    let (mut upper, mut lower) = (above, here);
    while let (true, Some(a), Some(b)) = (upper < here, runs.get(upper), runs.get(lower)) {
        let [a_from, a_to] = a.cells.map(|cell| cell + width);
        let [b_from, b_to] = b.cells;
        let together = a.band == b.band && a_from < b_to && b_from < a_to;
        if together {
            let [one, other] = [first(runs, upper), first(runs, lower)];
            if let Some(later) = runs.get_mut(one.max(other)) {
                later.earlier = one.min(other);
            }
        }
        // The one that ends first can meet no other.
        if a_to < b_to {
            upper += 1;
        } else {
            lower += 1;
        }
    }
}

/// The first run known of a run's polygon, by steps that get shorter each time (Tarjan and van Leeuwen 1984, path halving).
fn first(runs: &mut [Run], mut at: usize) -> usize {
    while let Some(earlier) = runs.get(at).map(|run| run.earlier).filter(|earlier| *earlier != at) {
        let before = runs.get(earlier).map_or(earlier, |run| run.earlier);
        if let Some(run) = runs.get_mut(at) {
            run.earlier = before;
        }
        at = before;
    }
    at
}

/// Corners in order, the first not repeated; the interior is on the left.
type Ring = Vec<Corner>;

/// The direction of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heading {
    East,
    North,
    West,
    South,
}

impl Heading {
    fn left(self) -> Self {
        match self {
            Self::East => Self::North,
            Self::North => Self::West,
            Self::West => Self::South,
            Self::South => Self::East,
        }
    }

    fn right(self) -> Self {
        self.left().left().left()
    }

    fn step(self, (x, y): Corner) -> Corner {
        match self {
            Self::East => (x + 1, y),
            Self::North => (x, y - 1),
            Self::West => (x - 1, y),
            Self::South => (x, y + 1),
        }
    }
}

struct Cells {
    width: usize,
    height: usize,
    labels: Vec<u32>,
}

impl Cells {
    /// The label of the cell southeast of a corner, `dx` columns west and `dy` rows north.
    fn label(&self, (x, y): Corner, dx: usize, dy: usize) -> u32 {
        let cell = x.checked_sub(dx).zip(y.checked_sub(dy));
        let inside = cell.filter(|(x, y)| *x < self.width && *y < self.height);
        inside.and_then(|(x, y)| self.labels.get(y * self.width + x)).copied().unwrap_or(NONE)
    }

    /// Whether an edge of a polygon starts at a corner: its cell is on the left, another on the right.
    fn edge(&self, at: Corner, heading: Heading, label: u32) -> bool {
        let (left, right) = match heading {
            Heading::East => (self.label(at, 0, 1), self.label(at, 0, 0)),
            Heading::North => (self.label(at, 1, 1), self.label(at, 0, 1)),
            Heading::West => (self.label(at, 1, 0), self.label(at, 1, 1)),
            Heading::South => (self.label(at, 0, 0), self.label(at, 1, 0)),
        };
        left == label && right != label
    }

    /// All boundaries: for each the band and label of its polygon, and every corner on it. Where two
    /// cells of a polygon meet at a corner, a boundary stays with its cell, and may pass the corner
    /// twice.
    fn rings(&self, classes: &[Band]) -> Vec<(Band, (u32, Ring))> {
        let mut rings = Vec::new();
        // Every boundary has an eastward edge, whose cell is to the north.
        let mut done = vec![false; (self.width + 1) * (self.height + 1)];
        for start in (0..done.len()).map(|k| (k % (self.width + 1), k / (self.width + 1))) {
            let label = self.label(start, 0, 1);
            let seen = |(x, y): Corner| y * (self.width + 1) + x;
            let new = label != NONE
                && self.edge(start, Heading::East, label)
                && done.get(seen(start)) == Some(&false);
            if !new {
                continue;
            }
            let (mut at, mut heading, mut ring) = (start, Heading::East, Vec::new());
            loop {
                if heading == Heading::East
                    && let Some(done) = done.get_mut(seen(at))
                {
                    *done = true;
                }
                ring.push(at);
                at = heading.step(at);
                let ways = [heading.left(), heading, heading.right()];
                let Some(next) = ways.into_iter().find(|way| self.edge(at, *way, label)) else {
                    break;
                };
                heading = next;
                if at == start && heading == Heading::East {
                    break;
                }
            }
            let (x, y) = start;
            let band = classes.get((y - 1) * self.width + x).copied().unwrap_or(Band::NoData);
            rings.push((band, (label, ring)));
        }
        rings
    }
}

/// A boundary split where it passes a corner for the second time, so that no piece touches itself.
fn simple(ring: Ring) -> Vec<Ring> {
    let mut pieces = Vec::new();
    let mut path: Ring = Vec::new();
    let mut places: HashMap<Corner, usize> = HashMap::new();
    for corner in ring {
        if let Some(&from) = places.get(&corner) {
            let piece = path.split_off(from);
            piece.iter().for_each(|corner| {
                places.remove(corner);
            });
            pieces.push(piece);
        }
        places.insert(corner, path.len());
        path.push(corner);
    }
    pieces.push(path);
    pieces
}

/// Twice the area of a ring; positive if it runs counterclockwise on the map.
fn turn(ring: &Ring) -> i64 {
    let number = |value: usize| i64::try_from(value).unwrap_or(0);
    let next = ring.iter().cycle().skip(1);
    // Rows grow southward.
    ring.iter().zip(next).map(|(a, b)| number(b.0) * number(a.1) - number(a.0) * number(b.1)).sum()
}

/// The rings of one polygon in longitude and latitude: the counterclockwise one, and its holes.
fn polygon(rings: &[Ring], grid: &Grid) -> Option<Polygon<f64>> {
    let exterior = rings.iter().find(|ring| turn(ring) > 0)?;
    let holes = rings.iter().filter(|ring| turn(ring) < 0);
    let line = |ring: &Ring| on_earth(ring, grid);
    Some(Polygon::new(line(exterior), holes.map(line).collect()))
}

/// A ring in longitude and latitude. On a geographic grid, corners on straight runs are left out, as
/// long as neighbors stay less than a quarter turn apart; on a projected grid the run would be bent.
fn on_earth(ring: &Ring, grid: &Grid) -> LineString<f64> {
    let [west, _, _, north] = grid.edges();
    let [dx, dy] = grid.cell();
    let degrees = grid.crs().is_wgs84();
    let before = ring.iter().cycle().skip(ring.len().saturating_sub(1));
    let after = ring.iter().cycle().skip(1);
    let mut kept: Vec<Coord<f64>> = Vec::new();
    let mut last: Option<Corner> = None;
    for ((corner, before), after) in ring.iter().zip(before).zip(after) {
        let straight = before.0 == after.0 || before.1 == after.1;
        let near = last.is_some_and(|last| of_count(last.0.abs_diff(corner.0)) * dx < 90.0);
        if degrees && straight && near {
            continue;
        }
        let (x, y) = (west + of_count(corner.0) * dx, north - of_count(corner.1) * dy);
        let at = if degrees {
            Some(Coord { x, y: y.clamp(-90.0, 90.0) })
        } else {
            let lonlat = grid.crs().to_wgs84(x, y).ok();
            lonlat.and_then(|[lon, lat]| Position::from_degrees(lon, lat)).map(Position::coord)
        };
        if let Some(at) = at {
            kept.push(at);
            last = Some(*corner);
        }
    }
    kept.extend(kept.first().copied());
    LineString(kept)
}
