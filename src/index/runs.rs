//! A packed tree over masses of short edges: how lines and rings lie in memory.
//!
//! A line's edges follow one another, so up to sixteen in a row already lie together: such a run is the
//! leaf of the tree's [`levels`](super::levels), and only runs are put in [`order`]. Places are kept coordinate by
//! coordinate, so that SIMD instructions ask sixteen edges at once. In space an
//! edge is taken for the chord between its ends; each run says how far the drawn edges depart from that at
//! most.

#![expect(clippy::indexing_slicing, reason = "indices are made by the tree itself, in range")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers vectorize")]

use super::levels::{Bounds, FAN, FAR2, Levels, NOWHERE, Node};
use super::{order, to_index};
use crate::earth::{Ecef, SEMI_MAJOR};
use geo_types::Coord;

/// Edges in a run.
pub(crate) const LANES: usize = 16;

/// The numbers of the slots, to tell those in use from padding.
const SLOTS: [f64; LANES] =
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0];

/// Up to sixteen edges, each of which begins where the one before it ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    /// Whose edges they are.
    pub owner: usize,
    /// The number of the first edge among the owner's.
    pub piece: usize,
    /// How many there are.
    pub count: usize,
    /// How far a drawn edge departs from its chord at most, in meters.
    pub sag: f64,
    /// On which shelf its places stand, and where they begin there.
    shelf: usize,
    first: usize,
}

/// Runs as they are collected, line by line.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    axes: [Vec<f64>; 3],
    runs: Vec<Run>,
    boxes: Vec<Bounds>,
}

/// The tree.
#[derive(Debug)]
pub(crate) struct Runs {
    /// The places of the runs, draft by draft and coordinate by coordinate.
    shelves: Vec<[Vec<f64>; 3]>,
    runs: Vec<Run>,
    levels: Levels,
}

/// The ends of the edges of a run: the k-th edge goes from place k to place k + 1.
pub(crate) type Places<'a> = [&'a [f64; LANES + 1]; 3];

impl Draft {
    /// Adds the edges of a line in its order, as `space` places longitudes and latitudes; a line of one
    /// position twice is a point. `piece` is the number of its first edge.
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
            // Past its end a run stays where it ends.
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
            // One micrometer takes in every rounding.
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

/// The least of some values, by halves, so that many are compared at once.
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

/// The largest of some values.
#[inline(always)]
fn largest(values: [f64; LANES]) -> f64 {
    -least(values.map(|value| -value))
}

/// How far an edge straight in longitude and latitude departs from the chord of its ends: no more than
/// an eighth of the greatest second derivative of its place along it, which for changes of latitude u
/// and longitude v is at most M u² + p v² + 2 M u v with the meridian's radius of curvature M and the
/// distance p from the axis, whose squares at both ends are given.
#[inline(always)]
pub(super) fn departure(a: Coord<f64>, b: Coord<f64>, from2: f64, to2: f64) -> f64 {
    const MERIDIAN: f64 = 1.01 * SEMI_MAJOR;
    let (u, v) = ((b.y - a.y).to_radians().abs(), (b.x - a.x).to_radians().abs());
    let most2 = if from2 > to2 { from2 } else { to2 };
    let most2 = if a.y * b.y <= 0.0 { SEMI_MAJOR * SEMI_MAJOR } else { most2 };
    1.01 * (MERIDIAN * u * u + most2.sqrt() * v * v + 2.0 * MERIDIAN * u * v) / 8.0
}

impl Runs {
    /// A tree over the runs of drafts.
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

    /// Shows every run whose box lies within a distance of a place, of siblings the nearest first.
    /// `visit` says from then on within which; both are squares.
    #[inline(always)]
    pub fn walk(&self, from: [f64; 3], mut within2: f64, mut visit: impl FnMut(&Run) -> f64) {
        // Each of ten levels at most leaves seven siblings waiting.
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

    /// The places of a run, padding included.
    #[inline(always)]
    pub fn places(&self, run: &Run) -> Places<'_> {
        const NONE: &[f64; LANES + 1] = &[NOWHERE; LANES + 1];
        let [x, y, z] = &self.shelves[run.shelf];
        [x, y, z].map(|axis| axis[run.first..].first_chunk().unwrap_or(NONE))
    }

    /// The squared distances from a place to the chord of each edge of a run; padding is farther than
    /// any.
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
            // A point's own length is zero; then any share of it will do.
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
