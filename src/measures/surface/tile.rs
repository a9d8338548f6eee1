//! Incidents sorted for a tile, some rows of a stripe of a grid in longitude and latitude: by rows.
//!
//! First of all incidents are dealt out to stripes and, within them, bands of rows. A tile then takes what
//! is in reach of its rows from the bands, into room that is used again for the next tile: memory that
//! is new to the program takes longer to be had from the system than to be filled.

#![expect(clippy::indexing_slicing, reason = "bands, rows and slots are counted here")]
#![expect(clippy::needless_range_loop, reason = "loops over slots are what compilers vectorize")]

use super::stripes::Stripes;
use super::{number, single, whole};
use crate::earth::{meridian, sin_cos};
use crate::measures::weighed::WeighedIncident;
use crate::simd::{NullaryFnOnce, vectorized};
use rayon::prelude::*;
use std::ops::Range;

/// Incidents that are computed at once.
pub(super) const CHUNK: usize = 16;

/// Rows of a grid in a tile.
pub(super) const TILE: usize = 128;

/// Rows in a band.
const BAND: usize = 16;

/// WeighedIncidents that are dealt out by one task, or as many as there are bands, so that where bands begin takes no
/// more room than the incidents.
const TASK: usize = 1 << 15;

/// What a surface needs of an incident.
#[derive(Debug, Clone, Copy)]
struct Given {
    /// Columns from the center of the stripe's first one.
    column: f64,
    lat: f64,
    weight: f64,
}

/// WeighedIncidents by stripes and bands of rows, task by task. One that reaches several stripes stands here for each.
#[derive(Debug)]
pub(super) struct Dealt {
    tasks: Vec<Task>,
    bands: usize,
}

/// Some of the incidents.
#[derive(Debug)]
struct Task {
    given: Vec<Given>,
    /// Where each band begins, stripe by stripe, and the last one ends.
    starts: Vec<usize>,
}

/// Sixteen incidents, coordinate by coordinate.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct Chunk {
    /// Distance from the Earth's axis, in meters.
    pub radius: [f64; CHUNK],
    /// Height over the equator's plane, in meters.
    pub z: [f64; CHUNK],
    pub weight: [f64; CHUNK],
    /// The radius times the sine and the cosine of the angle from the stripe's middle, and times what the
    /// cosine lacks to 1.
    pub aside: [f64; CHUNK],
    pub along: [f64; CHUNK],
    pub short: [f64; CHUNK],
    /// Columns from the center of the stripe's first one.
    pub column: [f32; CHUNK],
    pub inverse_radius: [f32; CHUNK],
    /// Whether it is the incident itself, rather than the same one seen a turn away.
    pub itself: [bool; CHUNK],
}

/// The incidents in reach of a tile.
#[derive(Debug, Default)]
pub(super) struct Tile {
    pub chunks: Vec<Chunk>,
    /// Where each row begins and the last one ends, those in reach above and below included.
    starts: Vec<usize>,
}

impl Dealt {
    /// Deals incidents out; those that are out of reach of all rows are left out.
    pub fn new(incidents: &[WeighedIncident], stripes: &Stripes) -> Self {
        let bands = stripes.rows.div_ceil(BAND);
        let asides = &stripes.asides();
        let task = TASK.max(stripes.count * bands);
        let tasks = incidents.par_chunks(task).map_init(Vec::new, |list, incidents| {
            vectorized(Deal { incidents, stripes, asides, bands, list })
        });
        Self { tasks: tasks.collect(), bands }
    }

    /// All incidents of a stripe in the bands that have some of a tile's rows, task by task.
    #[inline(always)]
    fn about(&self, stripe: usize, rows: Range<usize>) -> impl Iterator<Item = &[Given]> {
        let first = stripe * self.bands;
        let bands = first + rows.start / BAND..first + rows.end.div_ceil(BAND).min(self.bands);
        self.tasks
            .iter()
            .map(move |task| &task.given[task.starts[bands.start]..task.starts[bands.end]])
    }
}

/// Deals out the incidents of a task.
struct Deal<'a> {
    incidents: &'a [WeighedIncident],
    stripes: &'a Stripes,
    asides: &'a [f64],
    bands: usize,
    /// Room for what is dealt and to which band.
    list: &'a mut Vec<(usize, Given)>,
}

impl NullaryFnOnce for Deal<'_> {
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
                    list.push((band, Given { column, lat, weight }));
                });
            }
        }
        let mut given = vec![Given { column: 0.0, lat: 0.0, weight: 0.0 }; list.len()];
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

/// After a counting sort has moved each offset to the end of its bucket: shifts them back to where buckets begin.
fn restore_offsets(starts: &mut [usize]) {
    starts.rotate_right(1);
    starts[0] = 0;
}

impl Chunk {
    /// Nothing that counts.
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
    /// Where the incidents stand that may be in reach of some rows of the tile.
    pub fn in_reach(&self, stripes: &Stripes, rows: Range<usize>) -> Range<usize> {
        self.starts[rows.start]..self.starts[rows.end + 2 * stripes.reach]
    }
}

/// Fills a tile.
pub(super) struct Fill<'a> {
    pub tile: &'a mut Tile,
    pub dealt: &'a Dealt,
    pub stripes: &'a Stripes,
    pub stripe: usize,
    /// Its first row.
    pub top: usize,
}

impl NullaryFnOnce for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { tile: Tile { chunks, starts }, dealt, stripes, stripe, top } = self;
        let rows = TILE + 2 * stripes.reach;
        starts.clear();
        starts.resize(rows + 1, 0);
        let row = |given: &Given| stripes.row(given.lat) - number(top);
        let within = 0.0..number(rows);
        let mut many = 0;
        for given in dealt.about(stripe, top..top + rows) {
            for given in given {
                let row = row(given);
                if within.contains(&row) {
                    starts[whole(row)] += 1;
                    many += 1;
                }
            }
        }
        // What else there is in the last chunk stays as it was, and is not looked at.
        if chunks.len() * CHUNK < many {
            chunks.resize(many.div_ceil(CHUNK), Chunk::NONE);
        }
        bucket_offsets(starts);
        for given in dealt.about(stripe, top..top + rows) {
            for given in given {
                let row = row(given);
                if within.contains(&row) {
                    let start = &mut starts[whole(row)];
                    let (chunk, slot) = (&mut chunks[*start / CHUNK], *start % CHUNK);
                    // Until the angle and the height are known.
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
                // By half of the angle, without cancellation.
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
