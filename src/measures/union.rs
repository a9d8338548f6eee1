//! The union of many polygons, computed once and queried often: point containment and the boundary.
//!
//! The plane of longitude and latitude is halved repeatedly, and the polygons are cut along with it,
//! until a cell has few enough vertices. The polygons of each cell are then united independently and in
//! parallel, in time proportional to their number. Cuts avoid vertices, so an edge on a cut is known
//! not to belong to a polygon.

use geo::{Area, BoundingRect, Winding, unary_union};
use geo_types::{Coord, LineString, Polygon};

/// Maximum number of vertices in a cell, if it can be cut.
const CELL: usize = 400;

/// Tolerance, as a share of the cell's size, within which an edge counts as part of the cell's side:
/// the overlay rounds vertices to a grid of a billionth.
const ON_SIDE: f64 = 8e-9;

/// West, south, east, north.
type Frame = [f64; 4];

/// The union, as a binary tree of cells.
#[derive(Debug)]
pub(super) struct Union {
    root: Cell,
}

#[derive(Debug)]
enum Cell {
    Split { axis: Axis, at: f64, halves: Box<[Cell; 2]> },
    Leaf(Leaf),
}

/// The polygons of a cell: rings with the inside on their left that neither cross nor overlap.
#[derive(Debug)]
struct Leaf {
    frame: Frame,
    rings: Vec<LineString<f64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    X,
    Y,
}

impl Axis {
    fn of(self, at: Coord<f64>) -> f64 {
        match self {
            Self::X => at.x,
            Self::Y => at.y,
        }
    }

    /// Returns the point at which the segment between two places meets a value along the axis.
    fn meet(self, a: Coord<f64>, b: Coord<f64>, at: f64) -> Coord<f64> {
        match self {
            Self::X => Coord { x: at, y: a.y + (b.y - a.y) * (at - a.x) / (b.x - a.x) },
            Self::Y => Coord { x: a.x + (b.x - a.x) * (at - a.y) / (b.y - a.y), y: at },
        }
    }
}

impl Union {
    /// Unites polygons, each of which must be valid.
    pub fn new<'a>(polygons: impl IntoIterator<Item = &'a Polygon<f64>>) -> Self {
        use geo::orient::{Direction, Orient};
        let polygons: Vec<Polygon<f64>> =
            polygons.into_iter().map(|polygon| polygon.orient(Direction::Default)).collect();
        let frame = polygons.iter().filter_map(BoundingRect::bounding_rect).fold(
            [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY],
            |[w, s, e, n], rect| {
                let (low, high) = (rect.min(), rect.max());
                // A margin of one degree on every side, so that no edge lies on a side.
                [w.min(low.x - 1.0), s.min(low.y - 1.0), e.max(high.x + 1.0), n.max(high.y + 1.0)]
            },
        );
        Self { root: unite(polygons, frame) }
    }

    /// Whether a place lies inside.
    pub fn holds(&self, at: Coord<f64>) -> bool {
        let mut cell = &self.root;
        loop {
            match cell {
                Cell::Leaf(leaf) => return leaf.holds(at),
                Cell::Split { axis, at: cut, halves } => {
                    let [below, above] = halves.as_ref();
                    cell = if axis.of(at) < *cut { below } else { above };
                }
            }
        }
    }

    /// Returns the boundary cell by cell, as lines with the inside on their left.
    pub fn boundary(&self) -> Vec<Vec<Vec<Coord<f64>>>> {
        let mut leaves = Vec::new();
        let mut open = vec![&self.root];
        while let Some(cell) = open.pop() {
            match cell {
                Cell::Leaf(leaf) => leaves.push(leaf.boundary()),
                Cell::Split { halves, .. } => open.extend(halves.iter()),
            }
        }
        leaves
    }
}

impl Leaf {
    /// Even-odd rule: a ray to the east crosses the rings an odd number of times.
    fn holds(&self, at: Coord<f64>) -> bool {
        let crossed = |edge: &[Coord<f64>]| match edge {
            [a, b] => {
                (a.y > at.y) != (b.y > at.y)
                    && at.x < a.x + (b.x - a.x) * (at.y - a.y) / (b.y - a.y)
            }
            _ => false,
        };
        let crossings = |ring: &LineString<f64>| ring.0.windows(2).filter(|e| crossed(e)).count();
        self.rings.iter().map(crossings).sum::<usize>() % 2 == 1
    }

    /// Returns the rings without the edges along the cell's own sides.
    fn boundary(&self) -> Vec<Vec<Coord<f64>>> {
        let [west, south, east, north] = self.frame;
        let near = ON_SIDE * (east - west).max(north - south);
        let along = |a: f64, b: f64, side: f64| (a - side).abs() < near && (b - side).abs() < near;
        let mut lines = Vec::new();
        for ring in &self.rings {
            let mut line: Vec<Coord<f64>> = Vec::new();
            for edge in ring.lines() {
                let (a, b) = (edge.start, edge.end);
                let side = along(a.x, b.x, west)
                    || along(a.x, b.x, east)
                    || along(a.y, b.y, south)
                    || along(a.y, b.y, north);
                if side {
                    lines.push(std::mem::take(&mut line));
                } else if line.is_empty() {
                    line.extend([a, b]);
                } else {
                    line.push(b);
                }
            }
            lines.push(line);
        }
        lines.retain(|line| line.len() > 1);
        lines
    }
}

fn corners(polygons: &[Polygon<f64>]) -> usize {
    let rings = |p: &Polygon<f64>| {
        p.exterior().0.len() + p.interiors().iter().map(|ring| ring.0.len()).sum::<usize>()
    };
    polygons.iter().map(rings).sum()
}

fn unite(mut polygons: Vec<Polygon<f64>>, frame: Frame) -> Cell {
    let [west, south, east, north] = frame;
    // A polygon that fills the cell makes the others redundant.
    let whole = (east - west) * (north - south) * (1.0 - 1e-12);
    let fills = |p: &Polygon<f64>| {
        p.interiors().is_empty() && p.exterior().0.len() < 20 && p.unsigned_area() >= whole
    };
    if let Some(at) = polygons.iter().position(fills) {
        polygons = vec![polygons.swap_remove(at)];
    }
    let size = corners(&polygons);
    if size > CELL {
        let wide = if east - west > north - south { Axis::X } else { Axis::Y };
        if let Some(at) = gap(&polygons, wide, frame) {
            let [below, above] = halve(&polygons, wide, at);
            // If many polygons overlap, a cut may only multiply them.
            if corners(&below).max(corners(&above)) < size / 4 * 3 {
                drop(polygons);
                let (low, high) = match wide {
                    Axis::X => ([west, south, at, north], [at, south, east, north]),
                    Axis::Y => ([west, south, east, at], [west, at, east, north]),
                };
                let (low, high) = rayon::join(|| unite(below, low), || unite(above, high));
                return Cell::Split { axis: wide, at, halves: Box::new([low, high]) };
            }
        }
    }
    if polygons.len() > 1 {
        // The overlay takes the orientation from the first ring that shows one, and a cut ring may show
        // the wrong one along the cut.
        let clear = |p: &Polygon<f64>| p.exterior().is_ccw();
        if let Some(at) = polygons.iter().position(clear) {
            polygons.swap(0, at);
        }
    }
    let united = if polygons.len() > 1 { unary_union(&polygons).0 } else { polygons };
    let rings = united
        .into_iter()
        .flat_map(|polygon| {
            let (exterior, interiors) = polygon.into_inner();
            std::iter::once(exterior).chain(interiors)
        })
        .collect();
    Cell::Leaf(Leaf { frame, rings })
}

/// Returns a value near the median of the vertices along an axis, in the middle of the widest gap
/// there.
fn gap(polygons: &[Polygon<f64>], axis: Axis, [west, south, east, north]: Frame) -> Option<f64> {
    const AROUND: usize = 32;
    let (least, most) = if axis == Axis::X { (west, east) } else { (south, north) };
    let mut values: Vec<f64> = polygons
        .iter()
        .flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()))
        .flat_map(|ring| ring.0.iter().map(|&at| axis.of(at)))
        .filter(|&value| least < value && value < most)
        .collect();
    let from = (values.len() / 2).saturating_sub(AROUND);
    if values.len() < 2 * AROUND {
        return None;
    }
    let (_, _, above) = values.select_nth_unstable_by(from, f64::total_cmp);
    let (around, _, _) = above.select_nth_unstable_by(2 * AROUND - 2, f64::total_cmp);
    around.sort_unstable_by(f64::total_cmp);
    let (width, at) = around
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] => Some((b - a, f64::midpoint(*a, *b))),
            _ => None,
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    let size = (east - west).max(north - south);
    (width > 4.0 * ON_SIDE * size).then_some(at)
}

/// Returns the parts of the polygons below and above a value along an axis.
fn halve(polygons: &[Polygon<f64>], axis: Axis, at: f64) -> [Vec<Polygon<f64>>; 2] {
    let mut halves = [Vec::new(), Vec::new()];
    for polygon in polygons {
        let values = polygon.exterior().0.iter().map(|&corner| axis.of(corner));
        let (least, most) = values
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        for (half, above) in halves.iter_mut().zip([false, true]) {
            let (inside, apart) = (least >= at, most <= at);
            let (inside, apart) = if above { (inside, apart) } else { (apart, inside) };
            if inside {
                half.push(polygon.clone());
            } else if !apart {
                let exterior = cut(polygon.exterior(), axis, at, above);
                let interiors = polygon.interiors().iter().map(|ring| cut(ring, axis, at, above));
                let interiors = interiors.filter(|ring| ring.0.len() >= 4).collect();
                if exterior.0.len() >= 4 {
                    half.push(Polygon::new(exterior, interiors));
                }
            }
        }
    }
    halves
}

/// Clips a ring at a value along an axis (Sutherland and Hodgman 1974). A ring that crosses it and
/// returns runs along the cut, which has no area.
fn cut(ring: &LineString<f64>, axis: Axis, at: f64, above: bool) -> LineString<f64> {
    let inside = |corner: Coord<f64>| (axis.of(corner) >= at) == above;
    let mut left = Vec::with_capacity(ring.0.len());
    for edge in ring.lines() {
        if inside(edge.start) {
            left.push(edge.start);
        }
        if inside(edge.start) != inside(edge.end) {
            left.push(axis.meet(edge.start, edge.end, at));
        }
    }
    let mut left = LineString(left);
    left.close();
    left
}
