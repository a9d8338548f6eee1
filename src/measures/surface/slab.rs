//! Incidents sorted for a slab, some rows of a grid in longitude and latitude: by stripes of columns, within
//! them by rows.
//!
//! First of all events are dealt out to bands of rows. A slab then takes what is in reach of its rows from
//! the bands, into room that is used again for the next slab: memory that is new to the program takes
//! longer to be had from the system than to be filled.

#![expect(clippy::indexing_slicing, reason = "bands, rows and stripes are counted here")]

use super::stripes::Stripes;
use super::{number, whole};
use crate::earth::{meridian, sin_cos};
use crate::measures::events::Event;
use crate::wide::NullaryFnOnce;
use rayon::prelude::*;
use std::ops::Range;

/// Entries that are computed at once.
pub(super) const CHUNK: usize = 16;

/// Rows of a grid in a slab, and in a band.
pub(super) const SLAB: usize = 64;

/// Events that are dealt out by one task.
const TASK: usize = 1 << 15;

/// What a surface needs of an event: longitude, latitude, weight.
type Given = [f64; 3];

/// Events by bands of rows, task by task.
#[derive(Debug)]
pub(super) struct Bands {
    tasks: Vec<Vec<Vec<Given>>>,
}

/// Sixteen incidents, coordinate by coordinate.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct Chunk {
    /// Columns from the center of the stripe's first one.
    pub column: [f64; CHUNK],
    /// Distance from the Earth's axis, in meters.
    pub radius: [f64; CHUNK],
    pub inverse_radius: [f64; CHUNK],
    /// Height over the equator's plane, in meters.
    pub z: [f64; CHUNK],
    /// The radius times the sine of the angle from the stripe's middle.
    pub aside: [f64; CHUNK],
    /// The radius times what the cosine of that angle lacks to 1.
    pub short: [f64; CHUNK],
    pub weight: [f64; CHUNK],
    /// Whether it is the incident itself, rather than the same one seen a turn away.
    pub itself: [bool; CHUNK],
}

/// The incidents in reach of a slab; one that reaches several stripes stands here for each.
#[derive(Debug, Default)]
pub(super) struct Slab {
    pub chunks: Vec<Chunk>,
    /// For each stripe where its rows begin and the last one ends.
    starts: Vec<usize>,
    /// Rows, those in reach above and below included.
    rows: usize,
    entries: Vec<Entry>,
}

/// An incident in a stripe.
#[derive(Debug)]
struct Entry {
    /// Its row, counted on from stripe to stripe.
    row: usize,
    column: f64,
    radius: f64,
    z: f64,
    weight: f64,
    itself: bool,
}

impl Bands {
    /// Deals events out; those that are out of reach of all rows are left out.
    pub fn new(events: &[Event], stripes: &Stripes) -> Self {
        let bands = stripes.rows.div_ceil(SLAB);
        let tasks = events.par_chunks(TASK).map(|events| {
            // Room for as many in each band, and some more.
            let room = events.len() * 5 / (4 * bands.max(1));
            let mut dealt: Vec<Vec<Given>> = (0..bands).map(|_| Vec::with_capacity(room)).collect();
            for event in events {
                let (lon, lat) = (event.position.lon(), event.position.lat());
                let row = stripes.row(lat);
                if row >= 0.0 && row < number(stripes.rows) && event.weight != 0.0 {
                    dealt[whole(row) / SLAB].push([lon, lat, event.weight]);
                }
            }
            dealt
        });
        Self { tasks: tasks.collect() }
    }

    /// All events of the bands that have some of a slab's rows.
    fn about(&self, rows: Range<usize>) -> impl Iterator<Item = &[Given]> {
        let bands = rows.start / SLAB..rows.end.div_ceil(SLAB);
        bands.flat_map(|band| {
            self.tasks.iter().filter_map(move |task| Some(task.get(band)?.as_slice()))
        })
    }
}

impl Chunk {
    /// Nothing that counts.
    const NONE: Self = Self {
        column: [0.0; CHUNK],
        radius: [1.0; CHUNK],
        inverse_radius: [1.0; CHUNK],
        z: [0.0; CHUNK],
        aside: [0.0; CHUNK],
        short: [0.0; CHUNK],
        weight: [0.0; CHUNK],
        itself: [true; CHUNK],
    };
}

impl Slab {
    /// Where the incidents stand that may be in reach of a row of the slab, in a stripe.
    pub fn in_reach(&self, stripes: &Stripes, stripe: usize, row: usize) -> Range<usize> {
        let first = stripe * (self.rows + 1) + row;
        self.starts[first]..self.starts[first + 2 * stripes.reach + 1]
    }
}

/// Fills a slab.
pub(super) struct Fill<'a> {
    pub slab: &'a mut Slab,
    pub bands: &'a Bands,
    pub stripes: &'a Stripes,
    /// Its first row.
    pub top: usize,
}

impl NullaryFnOnce for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { slab, bands, stripes, top } = self;
        let Slab { chunks, starts, rows, entries } = slab;
        *rows = SLAB + 2 * stripes.reach;
        starts.clear();
        starts.resize(stripes.count * (*rows + 1), 0);
        entries.clear();
        for given in bands.about(top..top + *rows).flat_map(|given| given.chunks(CHUNK)) {
            let (mut lon, mut lat) = ([0.0; CHUNK], [0.0; CHUNK]);
            for (slot, &[x, y, _]) in given.iter().enumerate() {
                (lon[slot], lat[slot]) = (x, y);
            }
            let (mut row, mut column, mut aside) = ([0.0; CHUNK], [0.0; CHUNK], [0.0; CHUNK]);
            let (mut radius, mut z) = ([0.0; CHUNK], [0.0; CHUNK]);
            for slot in 0..CHUNK {
                row[slot] = stripes.row(lat[slot]) - number(top);
                column[slot] = stripes.column(lon[slot]);
                (radius[slot], z[slot]) = meridian(lat[slot]);
                aside[slot] = stripes.aside(radius[slot]);
            }
            for (slot, &[_, _, weight]) in given.iter().enumerate() {
                if row[slot] < 0.0 || row[slot] >= number(*rows) {
                    continue;
                }
                let row = whole(row[slot]);
                stripes.reached(column[slot], aside[slot], |stripe, column, itself| {
                    let row = stripe * (*rows + 1) + row;
                    let (radius, z) = (radius[slot], z[slot]);
                    starts[row] += 1;
                    entries.push(Entry { row, column, radius, z, weight, itself });
                });
            }
        }
        let mut next = 0;
        for start in starts.iter_mut() {
            (*start, next) = (next, next + *start);
        }
        chunks.clear();
        chunks.resize(entries.len().div_ceil(CHUNK), Chunk::NONE);
        for entry in entries.iter() {
            let start = &mut starts[entry.row];
            let (chunk, slot) = (&mut chunks[*start / CHUNK], *start % CHUNK);
            chunk.column[slot] = entry.column;
            chunk.radius[slot] = entry.radius;
            chunk.z[slot] = entry.z;
            chunk.weight[slot] = entry.weight;
            chunk.itself[slot] = entry.itself;
            *start += 1;
        }
        // Each row now stands where the next one begins.
        starts.rotate_right(1);
        starts[0] = 0;
        for chunk in chunks {
            for slot in 0..CHUNK {
                // By half of the angle, without cancellation.
                let (sin, cos) = sin_cos(0.5 * stripes.angle(chunk.column[slot]));
                let radius = chunk.radius[slot];
                chunk.inverse_radius[slot] = 1.0 / radius;
                chunk.aside[slot] = 2.0 * radius * sin * cos;
                chunk.short[slot] = 2.0 * radius * sin * sin;
            }
        }
    }
}
