//! A packed tree over large sets of short edges: the memory layout of lines and rings.
//!
//! The edges of a line are already in spatial order, so up to sixteen consecutive edges form a run, the leaf of
//! the tree's [`levels`](super::levels); only runs are sorted by [`order`]. Vertices are stored coordinate by
//! coordinate, so that SIMD instructions process sixteen edges at once. In space, an edge is represented by the
//! chord between its ends; each run stores a bound on the deviation of the edges from their chords.

#![expect(clippy::indexing_slicing, reason = "indices are made by the tree itself, in range")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers vectorize")]

use super::levels::{Bounds, FAN, FAR2, Levels, NOWHERE, Node};
use super::{order, to_index};
use crate::earth::{Ecef, SEMI_MAJOR};
use geo_types::Coord;

/// Edges per run.
pub(crate) const LANES: usize = 16;

/// Slot numbers, to mask padding.
const SLOTS: [f64; LANES] =
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0];

/// Up to sixteen consecutive edges, each beginning at the end of the one before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    /// Index of the shape that owns the edges.
    pub owner: usize,
    /// Number of the first edge among the owner's edges.
    pub piece: usize,
    /// Number of edges.
    pub count: usize,
    /// Upper bound on the deviation of an edge from its chord, in meters.
    pub sag: f64,
    /// Index of the shelf that stores the vertices, and their offset in it.
    shelf: usize,
    first: usize,
}

/// Runs under construction, added line by line.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    axes: [Vec<f64>; 3],
    runs: Vec<Run>,
    boxes: Vec<Bounds>,
}

/// A packed tree over runs.
#[derive(Debug)]
pub(crate) struct Runs {
    /// The vertices of the runs, draft by draft and coordinate by coordinate.
    shelves: Vec<[Vec<f64>; 3]>,
    runs: Vec<Run>,
    levels: Levels,
}

/// The vertices of a run: edge k goes from vertex k to vertex k + 1.
pub(crate) type Places<'a> = [&'a [f64; LANES + 1]; 3];

impl Draft {
    /// Adds the edges of a line in order; `space` maps longitudes and latitudes to space. A line of one position
    /// given twice is a point. `piece` is the number of its first edge.
    #[inline(always)]
    pub fn line(
        &mut self,
        owner: usize,
        piece: usize,
        line: &[Coord<f64>],
        space: impl Fn([f64; 2]) -> [f64; 3],
    ) {
        let Some(start) = line.first() else { return };
        let mut last = space([start.x, start.y]);
        for (nth, ends) in line[1..].chunks(LANES).enumerate() {
            let count = ends.len();
            // Past its end, a run repeats its last vertex.
            let mut at = [ends[count - 1]; LANES + 1];
            at[0] = line[nth * LANES];
            at[1..=count].copy_from_slice(ends);
            let (mut lon, mut lat) = ([0.0; LANES], [0.0; LANES]);
            for slot in 0..LANES {
                (lon[slot], lat[slot]) = (at[slot + 1].x, at[slot + 1].y);
            }
            let mut places = [[0.0; LANES]; 3];
            for slot in 0..LANES {
                let [x, y, z] = space([lon[slot], lat[slot]]);
                (places[0][slot], places[1][slot], places[2][slot]) = (x, y, z);
            }
            let mut axes = last.map(|value| [value; LANES + 1]);
            for axis in 0..3 {
                axes[axis][1..].copy_from_slice(&places[axis]);
            }
            let mut departures = [0.0; LANES];
            for slot in 0..LANES {
                let axis2 = |k: usize| axes[0][k] * axes[0][k] + axes[1][k] * axes[1][k];
                departures[slot] = departure(at[slot], at[slot + 1], axis2(slot), axis2(slot + 1));
            }
            // One micrometer covers all rounding.
            let sag = largest(departures) + 1e-6;
            let high = [0, 1, 2].map(|axis| largest(places[axis]).max(last[axis]) + sag);
            let low = [0, 1, 2].map(|axis| least(places[axis]).min(last[axis]) - sag);
            last = places.map(|axis| axis[count - 1]);
            let first = self.axes[0].len();
            for axis in 0..3 {
                self.axes[axis].extend_from_slice(&axes[axis][..=count]);
            }
            self.runs.push(Run { owner, piece: piece + nth * LANES, count, sag, shelf: 0, first });
            self.boxes.push([low, high]);
        }
    }
}

/// Returns the minimum by pairwise halves, which vectorizes.
#[inline(always)]
pub(super) fn least(mut values: [f64; LANES]) -> f64 {
    let mut half = LANES / 2;
    while half > 0 {
        for slot in 0..half {
            let (a, b) = (values[slot], values[slot + half]);
            values[slot] = if a < b { a } else { b };
        }
        half /= 2;
    }
    values[0]
}

/// Returns the maximum by pairwise halves.
#[inline(always)]
fn largest(values: [f64; LANES]) -> f64 {
    -least(values.map(|value| -value))
}

/// Returns a bound on how far an edge that is straight in longitude and latitude departs from the chord of its
/// ends: an eighth of the maximum second derivative of its place along it. For changes of latitude u and longitude
/// v, that derivative is at most M u² + p v² + 2 M u v, with M the meridian's radius of curvature and p the
/// distance from the axis; `from2` and `to2` are p² at the ends.
#[inline(always)]
pub(super) fn departure(a: Coord<f64>, b: Coord<f64>, from2: f64, to2: f64) -> f64 {
    const MERIDIAN: f64 = 1.01 * SEMI_MAJOR;
    let (u, v) = ((b.y - a.y).to_radians().abs(), (b.x - a.x).to_radians().abs());
    let most2 = if from2 > to2 { from2 } else { to2 };
    let most2 = if a.y * b.y <= 0.0 { SEMI_MAJOR * SEMI_MAJOR } else { most2 };
    1.01 * (MERIDIAN * u * u + most2.sqrt() * v * v + 2.0 * MERIDIAN * u * v) / 8.0
}

impl Runs {
    /// Builds a tree over the runs of drafts.
    pub fn new(drafts: Vec<Draft>) -> Self {
        let drafted = drafts.iter().zip(0..).flat_map(|(draft, shelf)| {
            let runs = draft.runs.iter().map(move |run| Run { shelf, ..*run });
            runs.zip(draft.boxes.iter().copied())
        });
        let drafted: Vec<(Run, Bounds)> = drafted.collect();
        let middle =
            |[low, high]: &Bounds| [0, 1, 2].map(|axis| f64::midpoint(low[axis], high[axis]));
        let middles: Vec<Ecef> = drafted.iter().map(|(_, around)| Ecef(middle(around))).collect();
        let order = order::of(middles.as_slice(), 1);
        let (runs, boxes) =
            order.iter().filter_map(|&at| drafted.get(to_index(at)).copied()).unzip();
        let levels = Levels::over(boxes);
        let shelves = drafts.into_iter().map(|draft| {
            draft.axes.map(|mut axis| {
                axis.extend([NOWHERE; LANES]);
                axis
            })
        });
        Self { shelves: shelves.collect(), runs, levels }
    }

    /// Visits every run whose box lies within a distance of a place, nearest siblings first. `visit` returns the
    /// distance for the rest of the walk. Both distances are squared.
    #[inline(always)]
    pub fn walk(&self, from: [f64; 3], mut within2: f64, mut visit: impl FnMut(&Run) -> f64) {
        // At most ten levels, each leaving seven siblings on the stack.
        let mut waiting = [(0.0, self.levels.roots()); 10 * FAN];
        let mut count = 0;
        let mut siblings = Some(self.levels.roots());
        loop {
            if let Some(first) = siblings {
                let spans2 = self.levels.spans(first, from, from).least;
                let bottom = count;
                for slot in 0..FAN {
                    let span2 = spans2[slot];
                    if span2 <= within2 && span2 < FAR2 {
                        let mut at = count;
                        while at > bottom && waiting[at - 1].0 < span2 {
                            waiting[at] = waiting[at - 1];
                            at -= 1;
                        }
                        waiting[at] = (span2, Node { number: first.number + slot, ..first });
                        count += 1;
                    }
                }
            }
            let next = loop {
                if count == 0 {
                    return;
                }
                count -= 1;
                let (span2, node) = waiting[count];
                if span2 <= within2 {
                    break node;
                }
            };
            siblings = next.children();
            if siblings.is_none() {
                within2 = visit(&self.runs[next.number]);
            }
        }
    }

    /// Returns the vertices of a run, padding included.
    #[inline(always)]
    pub fn places(&self, run: &Run) -> Places<'_> {
        const NONE: &[f64; LANES + 1] = &[NOWHERE; LANES + 1];
        let [x, y, z] = &self.shelves[run.shelf];
        [x, y, z].map(|axis| axis[run.first..].first_chunk().unwrap_or(NONE))
    }

    /// Returns the squared distances from a place to the chord of each edge of a run; padding is farther than any
    /// edge.
    #[inline(always)]
    pub fn chords2(&self, run: &Run, from: [f64; 3]) -> [f64; LANES] {
        let [x, y, z] = self.places(run);
        #[expect(clippy::cast_precision_loss, reason = "at most sixteen")]
        let count = run.count as f64;
        let mut chords2 = [FAR2; LANES];
        for slot in 0..LANES {
            let (ux, uy, uz) =
                (x[slot + 1] - x[slot], y[slot + 1] - y[slot], z[slot + 1] - z[slot]);
            let (vx, vy, vz) = (from[0] - x[slot], from[1] - y[slot], from[2] - z[slot]);
            let length2 = ux * ux + uy * uy + uz * uz;
            // The length of a point is zero; any parameter is then correct.
            let along = (ux * vx + uy * vy + uz * vz) / (length2 + 1e-30);
            let along = if along > 0.0 { along } else { 0.0 };
            let along = if along < 1.0 { along } else { 1.0 };
            let (ex, ey, ez) = (vx - along * ux, vy - along * uy, vz - along * uz);
            let chord2 = ex * ex + ey * ey + ez * ez;
            chords2[slot] = if SLOTS[slot] < count { chord2 } else { FAR2 };
        }
        chords2
    }
}
