//! A route as lines with the length along them, cut into steps.

use crate::earth::{Position, geodesic};
use geo_types::{Coord, LineString, MultiLineString};

/// A position on a route, and its distance along it.
#[derive(Debug, Clone, Copy)]
struct Node {
    at: Coord<f64>,
    /// # Units
    /// Meters.
    along: f64,
    /// Whether it is a vertex of the line, not just a position on an edge.
    is_corner: bool,
}

/// The lines of a route one after another, measured.
pub(super) struct Way {
    /// The nodes of each line.
    lines: Vec<Vec<Node>>,
    /// # Units
    /// Meters.
    pub length: f64,
    /// Where it begins and ends.
    pub ends: Option<[Position; 2]>,
}

/// A piece cut out of a route.
pub(super) struct Cut {
    pub line: LineString<f64>,
    /// Where it begins.
    ///
    /// # Units
    /// Meters from the beginning of the route.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    pub middle: Position,
}

/// Edges are straight in longitude and latitude; they are measured in parts no longer than this.
///
/// # Units
/// Meters.
const FINE: f64 = 500.0;

impl Way {
    pub fn of(lines: &MultiLineString<f64>) -> Self {
        let mut along = 0.0;
        let mut measured = Vec::new();
        for line in lines {
            let mut nodes: Vec<Node> = Vec::new();
            for corner in &line.0 {
                let Some(last) = nodes.last().copied() else {
                    nodes.push(Node { at: *corner, along, is_corner: true });
                    continue;
                };
                let parts = (length(last.at, *corner) / FINE).ceil().clamp(1.0, 1e6);
                let mut done = 1.0;
                while done <= parts {
                    let at = between(last.at, *corner, done / parts);
                    along += length(nodes.last().map_or(last.at, |node| node.at), at);
                    nodes.push(Node { at, along, is_corner: done >= parts });
                    done += 1.0;
                }
            }
            measured.push(nodes);
        }
        let end = |node: Option<&Node>| node.and_then(|node| Position::from_coord(node.at));
        let first = end(measured.first().and_then(|line| line.first()));
        let last = end(measured.last().and_then(|line| line.last()));
        let ends = first.zip(last).map(|(first, last)| [first, last]);
        Self { lines: measured, length: along, ends }
    }

    /// Cuts the route at every whole step. Each line begins a new piece.
    pub fn cut(&self, step: f64) -> Vec<Cut> {
        let mut cuts = Vec::new();
        for line in &self.lines {
            let (Some(first), Some(last)) = (line.first(), line.last()) else { continue };
            let mut from = first.along;
            while from < last.along {
                let next = ((from / step).floor() + 1.0) * step;
                // The rest of a step at the end becomes a piece too, unless it is shorter than 1 mm.
                let to = if next + 0.001 >= last.along { last.along } else { next };
                let inside = line.iter().filter(|n| n.is_corner && from < n.along && n.along < to);
                let ends = [place(line, from), place(line, to)];
                let corners = std::iter::once(ends[0])
                    .chain(inside.map(|node| node.at))
                    .chain(std::iter::once(ends[1]));
                let middle = Position::from_coord(place(line, 0.5 * (from + to)));
                if let Some(middle) = middle {
                    cuts.push(Cut { line: corners.collect(), from, to, middle });
                }
                from = to;
            }
        }
        cuts
    }
}

/// The position at a distance along a line.
fn place(line: &[Node], along: f64) -> Coord<f64> {
    let after = line.partition_point(|node| node.along < along);
    match (after.checked_sub(1).and_then(|at| line.get(at)), line.get(after)) {
        (Some(before), Some(next)) if next.along > before.along => {
            between(before.at, next.at, (along - before.along) / (next.along - before.along))
        }
        (_, Some(node)) | (Some(node), None) => node.at,
        (None, None) => Coord::zero(),
    }
}

fn between(from: Coord<f64>, to: Coord<f64>, part: f64) -> Coord<f64> {
    from * (1.0 - part) + to * part
}

/// # Units
/// Meters.
fn length(from: Coord<f64>, to: Coord<f64>) -> f64 {
    let ends = Position::from_coord(from).zip(Position::from_coord(to));
    ends.map_or(0.0, |(from, to)| geodesic::distance(from, to).meters())
}
