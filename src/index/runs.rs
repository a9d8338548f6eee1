//! A packed tree over masses of short edges: how lines and rings lie in memory.
//!
//! A line's edges follow one another, so up to sixteen in a row already lie together: such a run is the
//! leaf of the tree, and only runs are put in order, those of a k-d tree, with eight to a node. Places
//! are kept coordinate by coordinate, so that one pass of the processor's wide registers asks sixteen
//! edges or eight boxes at once. In space an edge is taken for the chord
//! between its ends; each run says how far the drawn edges depart from that at most.

#![expect(clippy::indexing_slicing, reason = "indices are made by the tree itself, in range")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers make wide")]

use crate::earth::SEMI_MAJOR;
use geo_types::Coord;

/// Edges in a run.
pub(crate) const LANES: usize = 16;

/// Children of a node.
const FAN: usize = 8;

/// No squared distance on Earth is as large.
pub(crate) const FAR2: f64 = 1e20;

/// Where padding stands: farther than anything on Earth, and its square is still finite.
const NOWHERE: f64 = 1e12;

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
    boxes: Vec<[[f64; 3]; 2]>,
}

/// The tree.
#[derive(Debug)]
pub(crate) struct Runs {
    /// The places of the runs, draft by draft and coordinate by coordinate.
    shelves: Vec<[Vec<f64>; 3]>,
    runs: Vec<Run>,
    /// Boxes of the runs, then of their parents, and so on up to a level of at most eight.
    levels: Vec<Vec<Boxes>>,
}

/// The boxes of eight siblings, coordinate by coordinate.
#[derive(Debug, Clone)]
struct Boxes {
    least: [[f64; FAN]; 3],
    most: [[f64; FAN]; 3],
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
        let mut order: Vec<Center> = (drafts.iter().zip(0..))
            .flat_map(|(draft, number)| {
                let center = |[low, high]: &[[f64; 3]; 2]| [0, 1, 2].map(|i| low[i] + high[i]);
                draft
                    .boxes
                    .iter()
                    .zip(0..)
                    .map(move |(around, run)| (center(around), [number, run]))
            })
            .collect();
        sort(&mut order);
        let run = |&(_, [shelf, run]): &Center| Run { shelf, ..drafts[shelf].runs[run] };
        let runs = order.iter().map(run).collect();
        let boxes = order.iter().map(|&(_, [draft, run])| drafts[draft].boxes[run]);
        let mut boxes: Vec<[[f64; 3]; 2]> = boxes.collect();
        let mut levels: Vec<Vec<Boxes>> = Vec::new();
        loop {
            levels.push(boxes.chunks(FAN).map(Boxes::new).collect());
            if boxes.len() <= FAN {
                break;
            }
            boxes = boxes.chunks(FAN).map(unite).collect();
        }
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
        let mut waiting = [(0.0_f64, 0_usize, 0_usize); 80];
        let mut count = 0;
        let mut open = (0.0, self.levels.len(), 0);
        loop {
            let (_, level, number) = open;
            if level == 0 {
                within2 = visit(&self.runs[number]);
            } else if let Some(boxes) = self.levels[level - 1].get(number) {
                let spans2 = boxes.spans2(from);
                let bottom = count;
                for slot in 0..FAN {
                    let span2 = spans2[slot];
                    if span2 <= within2 {
                        let mut at = count;
                        while at > bottom && waiting[at - 1].0 < span2 {
                            waiting[at] = waiting[at - 1];
                            at -= 1;
                        }
                        waiting[at] = (span2, level - 1, number * FAN + slot);
                        count += 1;
                    }
                }
            }
            loop {
                if count == 0 {
                    return;
                }
                count -= 1;
                open = waiting[count];
                if open.0 <= within2 {
                    break;
                }
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

impl Boxes {
    fn new(boxes: &[[[f64; 3]; 2]]) -> Self {
        let mut all = Self { least: [[NOWHERE; FAN]; 3], most: [[NOWHERE; FAN]; 3] };
        for (slot, [least, most]) in boxes.iter().enumerate() {
            for axis in 0..3 {
                all.least[axis][slot] = least[axis];
                all.most[axis][slot] = most[axis];
            }
        }
        all
    }

    /// The squared distances from a place to each box; padding is at infinity.
    #[inline(always)]
    fn spans2(&self, from: [f64; 3]) -> [f64; FAN] {
        let mut spans2 = [0.0; FAN];
        for axis in 0..3 {
            for slot in 0..FAN {
                let below = self.least[axis][slot] - from[axis];
                let above = from[axis] - self.most[axis][slot];
                let out = if below > above { below } else { above };
                let out = if out > 0.0 { out } else { 0.0 };
                spans2[slot] += out * out;
            }
        }
        for slot in 0..FAN {
            spans2[slot] = if spans2[slot] < FAR2 { spans2[slot] } else { f64::NAN };
        }
        spans2
    }
}

/// The middle of a run's box, twice; its draft and its number there.
type Center = ([f64; 3], [usize; 2]);

/// Puts runs in the order of a k-d tree whose cells end where nodes end.
fn sort(order: &mut [Center]) {
    if order.len() <= FAN {
        return;
    }
    let mut unit = FAN;
    while unit * FAN < order.len() {
        unit *= FAN;
    }
    let middle = ((order.len() / 2 + unit / 2) / unit).max(1) * unit;
    let middle = middle.min(order.len() - 1);
    let around = order
        .iter()
        .fold([[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]], |all, &(at, _)| widen(all, [at, at]));
    let side = |axis: usize| around[1][axis] - around[0][axis];
    let axis = (0..3).max_by(|&a, &b| side(a).total_cmp(&side(b))).unwrap_or(0);
    order.select_nth_unstable_by(middle, |a, b| {
        a.0[axis].total_cmp(&b.0[axis]).then_with(|| a.1.cmp(&b.1))
    });
    let (below, above) = order.split_at_mut(middle);
    if below.len() > 10_000 {
        rayon::join(|| sort(below), || sort(above));
    } else {
        sort(below);
        sort(above);
    }
}

/// A box that holds two boxes.
fn widen([least, most]: [[f64; 3]; 2], [low, high]: [[f64; 3]; 2]) -> [[f64; 3]; 2] {
    [[0, 1, 2].map(|i| least[i].min(low[i])), [0, 1, 2].map(|i| most[i].max(high[i]))]
}

fn unite(boxes: &[[[f64; 3]; 2]]) -> [[f64; 3]; 2] {
    boxes.iter().fold([[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]], |all, &next| widen(all, next))
}
