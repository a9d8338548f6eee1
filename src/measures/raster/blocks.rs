//! The cells around any shape in a raster of any system: the lattice is halved into blocks, each within a known distance
//! of its middle, until a block lies wholly within the radius, wholly outside it, or is one cell.

use super::Seen;
use super::cover::{Cover, Run};
use crate::earth::{Length, Position, RasterGrid, geodesic};
use crate::float;

/// Blocks of the tree that is kept reach no farther than this from their middle.
///
/// # Units
/// Meters.
const KEPT: f64 = 50_000.0;

/// Corners show how far a block reaches only where it is small beside the Earth.
///
/// # Units
/// Meters.
const SMALL: f64 = 500_000.0;

/// How much farther than its corners a block may reach: projections bend the edges of small blocks by far less.
const BENT: f64 = 1.1;

/// Cells share the area of a block of at most this many a side, no farther from its middle than [`SHARED`]: scales of
/// projections vary by less than a thousandth over it.
const SHARED_CELLS: i64 = 16;

/// See [`SHARED_CELLS`].
///
/// # Units
/// Meters.
const SHARED: f64 = 5_000.0;

/// Blocks outside the raster count as a whole if they reach no farther than this part of the radius: they have no values,
/// only an area.
const OUTSIDE: f64 = 0.002;

/// Blocks of at most this many cells a side are left out if no cell along their border lies on the Earth.
const LARGEST_OFF: i64 = 256;

/// Columns and rows of the lattice, the second ones excluded. They may lie outside the raster.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Block {
    from: [i64; 2],
    to: [i64; 2],
}

/// A block with a ball around it.
#[derive(Debug)]
struct Node {
    block: Block,
    middle: Position,
    /// The greatest distance of one of its centers of cells from the middle.
    ///
    /// # Units
    /// Meters.
    reach: f64,
    parts: Vec<Node>,
}

/// The lattice of a raster with a margin around it, as a tree of blocks.
#[derive(Debug)]
pub(super) struct Blocks(Option<Node>);

impl Blocks {
    /// Makes the tree. The margin is as wide as the radius, so that a circle that begins on the raster ends on the
    /// lattice.
    pub fn new(grid: &RasterGrid, radius: Length) -> Self {
        let [wide, high] = margin(grid, radius);
        let [width, height] = [grid.distinct_columns(), grid.size()[1]].map(i64::from);
        let lattice = Block { from: [-wide, -high], to: [width + wide, height + high] };
        Self(node(grid, lattice))
    }

    /// Returns the cells within the radius of a site; not all of them if there are more than `most`.
    pub fn cover(&self, grid: &RasterGrid, seen: &Seen<'_>, most: u64) -> Cover {
        let mut walk = Walk { grid, seen, most, cover: Cover::default() };
        if let Some(root) = &self.0 {
            walk.node(root);
        }
        walk.cover.sort();
        walk.cover
    }
}

/// The columns and rows by which the lattice goes on past each edge of the raster.
fn margin(grid: &RasterGrid, radius: Length) -> [i64; 2] {
    let [width, height] = grid.size().map(f64::from);
    let places = [[0.0, 0.0], [1.0, 0.0], [0.5, 0.5], [0.0, 1.0], [1.0, 1.0]];
    let side = |[u, v]: [f64; 2], step: [f64; 2]| {
        let (column, row) = (u * (width - 1.0), v * (height - 1.0));
        let from = grid.position(column, row)?;
        let to = grid.position(column + step[0], row + step[1])?;
        Some(geodesic::distance(from, to).meters()).filter(|meters| *meters > 0.0)
    };
    let cells = |step: [f64; 2]| {
        let shortest = places.iter().filter_map(|place| side(*place, step)).reduce(f64::min);
        let many = 1.5 * radius.meters() / shortest.unwrap_or(f64::INFINITY);
        // A raster whose cells shrink to nothing, as at a pole, has no use for more.
        (many + 2.0).min(1e6).ceil()
    };
    let [mut wide, high] = [cells([1.0, 0.0]), cells([0.0, 1.0])];
    if let Some(turn) = grid.turn() {
        let rest = (turn.round() - f64::from(grid.distinct_columns())) / 2.0;
        wide = wide.min(rest.floor()).max(0.0);
    }
    [whole(wide), whole(high)]
}

/// The tree of a block; `None` if it lies off the Earth.
fn node(grid: &RasterGrid, block: Block) -> Option<Node> {
    let ball = block.ball(grid);
    if let Some((middle, reach)) = ball.filter(|(_, reach)| *reach <= KEPT) {
        return Some(Node { block, middle, reach, parts: Vec::new() });
    }
    let is_single = block.is_single();
    if is_single || ball.is_none() && block.is_off(grid) {
        let (middle, reach) = ball.filter(|_| is_single)?;
        return Some(Node { block, middle, reach, parts: Vec::new() });
    }
    let parts: Vec<Node> = block.halves().iter().filter_map(|half| node(grid, *half)).collect();
    let middle = ball.map(|(middle, _)| middle).or_else(|| Some(parts.first()?.middle))?;
    let reaches =
        parts.iter().map(|part| geodesic::distance(middle, part.middle).meters() + part.reach);
    let reach = reaches.fold(0.0, f64::max);
    Some(Node { block, middle, reach, parts })
}

struct Walk<'w> {
    grid: &'w RasterGrid,
    seen: &'w Seen<'w>,
    most: u64,
    cover: Cover,
}

/// How a ball lies to the radius.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lies {
    Within,
    Across,
    Outside,
}

impl Walk<'_> {
    fn node(&mut self, node: &Node) {
        let lies = self.lies(node.middle, node.reach);
        if lies == Lies::Outside || self.is_over() {
            return;
        }
        if node.parts.is_empty() {
            self.block(node.block, (node.middle, node.reach), lies == Lies::Within);
        } else {
            node.parts.iter().for_each(|part| self.node(part));
        }
    }

    /// Adds the cells of a block that are within the radius; `surely` if all are.
    fn block(&mut self, block: Block, (middle, reach): (Position, f64), surely: bool) {
        if block.is_single() {
            if surely || self.seen.holds(middle) {
                self.add(block);
            }
            return;
        }
        let is_outside = !self.is_on_raster(block);
        if surely && reach <= SHARED && (is_outside || block.side() <= SHARED_CELLS) {
            self.add(block);
            return;
        }
        let radius = self.seen.radius.meters();
        if is_outside && reach <= OUTSIDE * radius {
            if self.seen.distance(middle) <= radius {
                self.add(block);
            }
            return;
        }
        for half in block.halves() {
            if self.is_over() {
                return;
            }
            match half.ball(self.grid) {
                Some(ball) => {
                    let lies = if surely { Lies::Within } else { self.lies(ball.0, ball.1) };
                    if lies != Lies::Outside {
                        self.block(half, ball, lies == Lies::Within);
                    }
                }
                None if half.is_single() => {}
                // A part of it lies off the Earth: its cells are asked one by one.
                None => self.block(half, (middle, f64::INFINITY), false),
            }
        }
    }

    /// Whether a block has cells of the raster.
    fn is_on_raster(&self, block: Block) -> bool {
        let [width, height] = [self.grid.distinct_columns(), self.grid.size()[1]].map(i64::from);
        let Block { from: [left, top], to: [right, bottom] } = block;
        left < width && top < height && right > 0 && bottom > 0
    }

    fn add(&mut self, block: Block) {
        let Some(area) = area(self.grid, block) else { return };
        let Block { from: [left, top], to: [right, bottom] } = block;
        let ([_, height], width) = (self.grid.size(), self.grid.distinct_columns());
        let clip = |from: i64, to: i64, count: u32| {
            let from = u32::try_from(from.max(0)).unwrap_or(count).min(count);
            from..u32::try_from(to.max(0)).unwrap_or(count).min(count).max(from)
        };
        let (columns, rows) = (clip(left, right, width), clip(top, bottom, height));
        let inside = u64::from(columns.end - columns.start) * u64::from(rows.end - rows.start);
        let outside = block.cells().saturating_sub(inside);
        self.cover.add_outside(outside, area * float::of_whole(outside));
        if !columns.is_empty() {
            rows.for_each(|row| self.cover.add(Run { row, columns: columns.clone(), area }));
        }
    }

    fn lies(&self, middle: Position, reach: f64) -> Lies {
        let (distance, radius) = (self.seen.distance(middle), self.seen.radius.meters());
        // Long distances to points are not exact.
        let slack = 0.1 + 1e-3 * if distance > 100_000.0 { distance } else { 0.0 };
        if distance - reach > radius + slack {
            Lies::Outside
        } else if distance + reach < radius - slack {
            Lies::Within
        } else {
            Lies::Across
        }
    }

    /// Whether there are too many cells already.
    fn is_over(&mut self) -> bool {
        let is_over = self.cover.cells() > self.most;
        if is_over {
            self.cover.cut();
        }
        is_over
    }
}

/// The area of one cell of a block; `None` if it has none.
fn area(grid: &RasterGrid, block: Block) -> Option<f64> {
    let corners = block.corners();
    if let Some(area) = grid.area(corners[0], corners[2]) {
        return Some(area / float::of_whole(block.cells())).filter(|area| *area > 0.0);
    }
    // At the edge of a projection the corners of a cell may lie off the Earth: the largest part of it around its middle
    // that does not stands for it.
    let ([left, top], [right, bottom]) = (corners[0], corners[2]);
    let [x, y] = [0.5 * (left + right), 0.5 * (top + bottom)];
    let part = |share: f64| {
        let [dx, dy] = [0.5 * share * (right - left), 0.5 * share * (bottom - top)];
        let area = grid.area([x - dx, y - dy], [x + dx, y + dy])?;
        Some(area / (share * share))
    };
    let area = [0.5, 0.1, 0.01].into_iter().find_map(part)?;
    Some(area / float::of_whole(block.cells())).filter(|area| *area > 0.0)
}

impl Block {
    fn size(&self) -> [i64; 2] {
        [self.to[0] - self.from[0], self.to[1] - self.from[1]]
    }

    /// The longer side.
    fn side(&self) -> i64 {
        let [wide, high] = self.size();
        wide.max(high)
    }

    fn is_single(&self) -> bool {
        self.side() <= 1
    }

    fn cells(&self) -> u64 {
        let [wide, high] = self.size();
        u64::try_from(wide.saturating_mul(high)).unwrap_or(0)
    }

    fn halves(&self) -> [Self; 2] {
        let [wide, high] = self.size();
        let (mut first, mut second) = (*self, *self);
        if wide >= high {
            let middle = self.from[0] + wide / 2;
            (first.to[0], second.from[0]) = (middle, middle);
        } else {
            let middle = self.from[1] + high / 2;
            (first.to[1], second.from[1]) = (middle, middle);
        }
        [first, second]
    }

    /// The corners in columns and rows, in the order of a ring.
    fn corners(&self) -> [[f64; 2]; 4] {
        let ([left, top], [right, bottom]) = (self.from.map(float_of), self.to.map(float_of));
        [[left, top], [right, top], [right, bottom], [left, bottom]]
    }

    /// The middle of the block and how far the centers of its cells lie from it; `None` if a corner or the middle has
    /// no position, or the block is large beside the Earth.
    fn ball(&self, grid: &RasterGrid) -> Option<(Position, f64)> {
        let corners = self.corners();
        let ([left, top], [right, bottom]) = (corners[0], corners[2]);
        let middle = grid.position(0.5 * (left + right), 0.5 * (top + bottom))?;
        if self.is_single() {
            return Some((middle, 0.0));
        }
        let mut reach = 0.0_f64;
        for [column, row] in corners {
            reach = reach.max(geodesic::distance(middle, grid.position(column, row)?).meters());
        }
        (reach <= SMALL).then_some((middle, BENT * reach))
    }

    /// Whether a block that is not too large has no cell on the Earth, by the centers of the cells along its border: what
    /// a projection draws is in one piece, larger than such a block, and enters it over the border.
    fn is_off(&self, grid: &RasterGrid) -> bool {
        if self.side() > LARGEST_OFF {
            return false;
        }
        let Self { from: [left, top], to: [right, bottom] } = *self;
        let is_on = |column: i64, row: i64| {
            grid.position(float_of(column) + 0.5, float_of(row) + 0.5).is_some()
        };
        let rows = [top, bottom - 1];
        let columns = [left, right - 1];
        !(left..right).any(|column| rows.iter().any(|row| is_on(column, *row)))
            && !(top..bottom).any(|row| columns.iter().any(|column| is_on(*column, row)))
    }
}

/// A column or a row as a float.
#[expect(clippy::cast_precision_loss, reason = "columns and rows are far below 2⁵³")]
fn float_of(number: i64) -> f64 {
    number as f64
}

/// A whole number as an integer.
#[expect(clippy::cast_possible_truncation, reason = "the number is whole and at most a million")]
fn whole(number: f64) -> i64 {
    number as i64
}
