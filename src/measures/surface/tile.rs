//! Incidents sorted by row for a tile, a number of rows of a stripe of a grid in longitude and latitude.
//!
//! First, incidents are binned into stripes and, within them, bands of rows. A tile then collects those in reach of
//! its rows from the bands, into a buffer that is reused for the next tile: obtaining new memory from the system
//! takes longer than filling it.

#![expect(clippy::indexing_slicing, reason = "bands, rows and slots are counted here")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers vectorize")]

use super::stripes::Stripes;
use super::{number, single, whole};
use crate::earth::{meridian, sin_cos};
use crate::measures::weighed::WeighedIncident;
use crate::simd::{NullaryFnOnce, vectorized};
use rayon::prelude::*;
use std::ops::Range;

/// Incidents processed at once.
pub(super) const CHUNK: usize = 16;

/// Rows of a grid per tile.
pub(super) const TILE: usize = 128;

/// Rows per band.
const BAND: usize = 16;

/// Incidents binned per task, or the number of bands if that is larger, so that the offsets of the bands take no more
/// memory than the incidents.
const TASK: usize = 1 << 15;

/// The fields of an incident that a surface needs.
#[derive(Debug, Clone, Copy)]
struct BandEntry {
    /// Columns from the center of the stripe's first one.
    column: f64,
    lat: f64,
    weight: f64,
}

/// Incidents binned by stripes and bands of rows, task by task. An incident that reaches several stripes occurs in
/// each.
#[derive(Debug)]
pub(super) struct Binned {
    tasks: Vec<Task>,
    bands: usize,
}

/// The incidents of one task.
#[derive(Debug)]
struct Task {
    given: Vec<BandEntry>,
    /// Offset of each band, stripe by stripe, and the end of the last one.
    starts: Vec<usize>,
}

/// Sixteen incidents, coordinate by coordinate.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct Chunk {
    /// Distance from the Earth's axis, in meters.
    pub radius: [f64; CHUNK],
    /// Height above the equatorial plane, in meters.
    pub z: [f64; CHUNK],
    pub weight: [f64; CHUNK],
    /// The radius times the sine of the angle from the stripe's middle, times its cosine, and times 1 minus its
    /// cosine.
    pub aside: [f64; CHUNK],
    pub along: [f64; CHUNK],
    pub short: [f64; CHUNK],
    /// Columns from the center of the stripe's first one.
    pub column: [f32; CHUNK],
    pub inverse_radius: [f32; CHUNK],
    /// Whether it is the incident itself, rather than its image a turn away.
    pub itself: [bool; CHUNK],
}

/// The incidents in reach of a tile.
#[derive(Debug, Default)]
pub(super) struct Tile {
    pub chunks: Vec<Chunk>,
    /// Offset of each row and the end of the last one, including rows within reach above and below.
    starts: Vec<usize>,
}

impl Binned {
    /// Bins incidents; those out of reach of all rows are dropped.
    pub fn new(incidents: &[WeighedIncident], stripes: &Stripes) -> Self {
        let bands = stripes.rows.div_ceil(BAND);
        let asides = &stripes.asides();
        let task = TASK.max(stripes.count * bands);
        let tasks = incidents.par_chunks(task).map_init(Vec::new, |list, incidents| {
            vectorized(Bin { incidents, stripes, asides, bands, list })
        });
        Self { tasks: tasks.collect(), bands }
    }

    /// Returns all incidents of a stripe in the bands that overlap a tile's rows, task by task.
    #[inline(always)]
    fn about(&self, stripe: usize, rows: Range<usize>) -> impl Iterator<Item = &[BandEntry]> {
        let first = stripe * self.bands;
        let bands = first + rows.start / BAND..first + rows.end.div_ceil(BAND).min(self.bands);
        self.tasks
            .iter()
            .map(move |task| &task.given[task.starts[bands.start]..task.starts[bands.end]])
    }
}

/// Bins the incidents of a task.
struct Bin<'a> {
    incidents: &'a [WeighedIncident],
    stripes: &'a Stripes,
    asides: &'a [f64],
    bands: usize,
    /// Buffer for the binned incidents and their bands.
    list: &'a mut Vec<(usize, BandEntry)>,
}

impl NullaryFnOnce for Bin<'_> {
    type Output = Task;

    #[inline(always)]
    fn call(self) -> Task {
        let Self { incidents, stripes, asides, bands, list } = self;
        list.clear();
        let mut starts = vec![0; stripes.count * bands + 1];
        for incidents in incidents.chunks(CHUNK) {
            let (mut row, mut column) = ([0.0; CHUNK], [0.0; CHUNK]);
            for (slot, incident) in incidents.iter().enumerate() {
                (column[slot], row[slot]) = (incident.position.lon(), incident.position.lat());
            }
            for slot in 0..CHUNK {
                column[slot] = stripes.column(column[slot]);
                row[slot] = stripes.row(row[slot]);
            }
            for ((incident, row), column) in incidents.iter().zip(row).zip(column) {
                if row < 0.0 || row >= number(stripes.rows) || incident.weight == 0.0 {
                    continue;
                }
                let (row, lat, weight) = (whole(row), incident.position.lat(), incident.weight);
                stripes.reached(column, asides[row], |stripe, column| {
                    let band = stripe * bands + row / BAND;
                    starts[band] += 1;
                    list.push((band, BandEntry { column, lat, weight }));
                });
            }
        }
        let mut given = vec![BandEntry { column: 0.0, lat: 0.0, weight: 0.0 }; list.len()];
        bucket_offsets(&mut starts);
        for &(band, one) in list.iter() {
            given[starts[band]] = one;
            starts[band] += 1;
        }
        restore_offsets(&mut starts);
        Task { given, starts }
    }
}

/// Turns counts into the offsets of their buckets: the exclusive prefix sum.
fn bucket_offsets(counts: &mut [usize]) {
    let mut next = 0;
    for count in counts {
        (*count, next) = (next, next + *count);
    }
}

/// Restores the offsets of buckets after a counting sort, which moved each to the end of its bucket.
fn restore_offsets(starts: &mut [usize]) {
    starts.rotate_right(1);
    starts[0] = 0;
}

impl Chunk {
    /// Padding without weight.
    const NONE: Self = Self {
        radius: [1.0; CHUNK],
        z: [0.0; CHUNK],
        weight: [0.0; CHUNK],
        aside: [0.0; CHUNK],
        along: [1.0; CHUNK],
        short: [0.0; CHUNK],
        column: [0.0; CHUNK],
        inverse_radius: [1.0; CHUNK],
        itself: [true; CHUNK],
    };
}

impl Tile {
    /// Returns the range of the incidents that may be in reach of some rows of the tile.
    pub fn in_reach(&self, stripes: &Stripes, rows: Range<usize>) -> Range<usize> {
        self.starts[rows.start]..self.starts[rows.end + 2 * stripes.reach]
    }
}

/// Fills a tile.
pub(super) struct Fill<'a> {
    pub tile: &'a mut Tile,
    pub binned: &'a Binned,
    pub stripes: &'a Stripes,
    pub stripe: usize,
    /// The tile's first row.
    pub top: usize,
}

impl NullaryFnOnce for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { tile: Tile { chunks, starts }, binned, stripes, stripe, top } = self;
        let rows = TILE + 2 * stripes.reach;
        starts.clear();
        starts.resize(rows + 1, 0);
        let row = |given: &BandEntry| stripes.row(given.lat) - number(top);
        let within = 0.0..number(rows);
        let mut many = 0;
        for given in binned.about(stripe, top..top + rows) {
            for given in given {
                let row = row(given);
                if within.contains(&row) {
                    starts[whole(row)] += 1;
                    many += 1;
                }
            }
        }
        // The rest of the last chunk keeps stale values, which are not read.
        if chunks.len() * CHUNK < many {
            chunks.resize(many.div_ceil(CHUNK), Chunk::NONE);
        }
        bucket_offsets(starts);
        for given in binned.about(stripe, top..top + rows) {
            for given in given {
                let row = row(given);
                if within.contains(&row) {
                    let start = &mut starts[whole(row)];
                    let (chunk, slot) = (&mut chunks[*start / CHUNK], *start % CHUNK);
                    // Placeholder until the angle and the height are known.
                    chunk.aside[slot] = given.column;
                    chunk.z[slot] = given.lat;
                    chunk.weight[slot] = given.weight;
                    *start += 1;
                }
            }
        }
        restore_offsets(starts);
        for chunk in &mut chunks[..many.div_ceil(CHUNK)] {
            let (column, lat) = (chunk.aside, chunk.z);
            for slot in 0..CHUNK {
                let (radius, z) = meridian(lat[slot]);
                // By half the angle, without cancellation.
                let (sin, cos) = sin_cos(0.5 * stripes.angle(column[slot]));
                (chunk.radius[slot], chunk.z[slot]) = (radius, z);
                chunk.aside[slot] = 2.0 * radius * sin * cos;
                chunk.short[slot] = 2.0 * radius * sin * sin;
                chunk.along[slot] = radius - chunk.short[slot];
            }
            for slot in 0..CHUNK {
                chunk.column[slot] = single(column[slot]);
                chunk.inverse_radius[slot] = 1.0 / single(chunk.radius[slot]);
                chunk.itself[slot] = stripes.is_itself(column[slot]);
            }
        }
    }
}
