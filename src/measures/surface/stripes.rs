//! Incidents sorted for a grid in longitude and latitude: by stripes of columns, within them by rows.

#![expect(clippy::indexing_slicing, reason = "bands, rows and stripes are counted here")]

use super::{number, whole};
use crate::earth::{Ecef, Grid, RADIUS_MIN, SEMI_MAJOR};
use crate::measures::events::Events;
use rayon::prelude::*;
use std::f64::consts::FRAC_PI_2;
use std::ops::Range;

/// Entries that are computed at once.
pub(super) const CHUNK: usize = 16;

/// Rows of the grid in a band.
const BAND: usize = 64;

/// Events that are looked at by one task.
const TASK: usize = 1 << 16;

/// Where a stripe lies.
#[derive(Debug, Clone, Copy)]
struct Middle {
    /// Columns from the grid's western edge.
    column: f64,
    cos: f64,
    sin: f64,
}

/// Columns cut into stripes of equal width, and the reach of the kernel in rows.
#[derive(Debug)]
pub(super) struct Stripes {
    /// Columns in each but the last.
    pub columns: usize,
    /// Radians in a column.
    pub step: f64,
    /// Columns in a whole turn.
    turn: f64,
    /// Rows above and below a row in which there may be something in reach.
    reach: usize,
    /// All rows, with as many above and below as are in reach.
    bins: usize,
    middles: Vec<Middle>,
}

/// Incidents of one stripe and one band of rows, row by row, coordinate by coordinate. At the end
/// stand [`CHUNK`] entries of no weight.
#[derive(Debug)]
pub(super) struct Part {
    starts: Vec<usize>,
    /// Columns from the center of the stripe's first one.
    pub column: Vec<f64>,
    /// Distance from the Earth's axis, in meters.
    pub radius: Vec<f64>,
    pub inverse_radius: Vec<f64>,
    /// Height over the equator's plane, in meters.
    pub z: Vec<f64>,
    /// Root of the radius, times the sine and the cosine of half the angle from the stripe's middle.
    pub sin: Vec<f64>,
    pub cos: Vec<f64>,
    pub weight: Vec<f64>,
    /// Whether it is the incident itself, rather than the same one seen a turn away.
    pub itself: Vec<bool>,
}

/// An incident as one task hands it to another.
#[derive(Debug, Clone, Copy)]
struct Record {
    bin: usize,
    /// Columns east of the grid's western edge, from 0 to a turn.
    column: f64,
    place: [f64; 3],
    weight: f64,
}

/// An incident, for all stripes.
struct Seen {
    x: f64,
    y: f64,
    z: f64,
    /// Distance from the Earth's axis and its inverse.
    radius: f64,
    inverse: f64,
    weight: f64,
}

impl Stripes {
    /// For a grid and a zone of influence in meters.
    pub fn new(grid: &Grid, zone: f64) -> Self {
        let [dx, dy] = grid.cell();
        let [west, south, _, north] = grid.edges();
        let step = dx.to_radians();
        let widest = if south <= 0.0 && north >= 0.0 { 0.0 } else { south.abs().min(north.abs()) };
        // Twelve zones of influence, so that the kernel seen from a stripe's far end stays small.
        let zones = 12.0 * zone / (step * SEMI_MAJOR * libm::cos(widest.to_radians()));
        let columns = whole(zones.min(224.0).min((60.0 / dx).floor()).max(1.0));
        let width = usize::try_from(grid.width()).unwrap_or(0);
        let middle = |stripe: usize| {
            let column = number(stripe) * number(columns) + 0.5 * number(columns);
            let (sin, cos) = libm::sincos((west + column * dx).to_radians());
            Middle { column, cos, sin }
        };
        let rows = usize::try_from(grid.height()).unwrap_or(0);
        // A degree along a meridian is nowhere shorter than with the smallest radius of curvature.
        let degrees = (zone / RADIUS_MIN).to_degrees() * (1.0 + 1e-9);
        // Nothing lies more rows away than there are between the poles.
        // A row's center is half a row from its edges.
        let reach = whole(((degrees / dy).min(180.0 / dy) - 0.499_999).ceil().max(0.0));
        Self {
            columns,
            step,
            turn: 360.0 / dx,
            reach,
            bins: rows + 2 * reach,
            middles: (0..width.div_ceil(columns)).map(middle).collect(),
        }
    }

    /// How many stripes there are.
    pub fn count(&self) -> usize {
        self.middles.len()
    }

    /// The angle in radians from a stripe's middle to a place given in columns from its edge.
    pub fn angle(&self, column: f64) -> f64 {
        (column - 0.5 * number(self.columns)) * self.step
    }

    /// The parts in which something may be in reach of a row, and where in them.
    pub fn around<'a>(
        &self,
        bands: &'a [Vec<Part>],
        stripe: usize,
        row: usize,
    ) -> impl Iterator<Item = (&'a Part, Range<usize>)> {
        let bins = row..row + 2 * self.reach + 1;
        (bins.start / BAND..bins.end.div_ceil(BAND)).filter_map(move |band| {
            let part = bands.get(band)?.get(stripe)?;
            let within = |bin: usize| bin.saturating_sub(band * BAND).min(BAND);
            Some((part, part.starts[within(bins.start)]..part.starts[within(bins.end)]))
        })
    }

    /// Sorts events: for each band of rows a part for each stripe.
    pub fn sort(&self, events: &Events, grid: &Grid, zone: f64) -> Vec<Vec<Part>> {
        let bands = self.bins.div_ceil(BAND);
        let tasks: Vec<Vec<Vec<Record>>> = events
            .list()
            .par_chunks(TASK)
            .zip(events.places().par_chunks(TASK))
            .map(|(list, places)| {
                let [west, _, _, north] = grid.edges();
                let [dx, dy] = grid.cell();
                // Room for as many in each band, and some more.
                let room = list.len() * 5 / (4 * bands.max(1));
                let mut tasks: Vec<Vec<Record>> =
                    (0..bands).map(|_| Vec::with_capacity(room)).collect();
                for (event, place) in list.iter().zip(places) {
                    let bin = (north - event.position.lat()) / dy + number(self.reach);
                    if bin < 0.0 || bin >= number(self.bins) || event.weight == 0.0 {
                        continue;
                    }
                    let bin = whole(bin.floor());
                    let mut column = (event.position.lon() - west) / dx;
                    column -= (column / self.turn).floor() * self.turn;
                    let Ecef(place) = *place;
                    tasks[bin / BAND].push(Record {
                        bin: bin % BAND,
                        column,
                        place,
                        weight: event.weight,
                    });
                }
                tasks
            })
            .collect();
        (0..bands)
            .into_par_iter()
            .map(|band| {
                crate::wide::widely(
                    #[inline(always)]
                    || self.band(band, &tasks, zone),
                )
            })
            .collect()
    }

    /// The parts of a band.
    #[inline(always)]
    fn band(&self, band: usize, tasks: &[Vec<Vec<Record>>], zone: f64) -> Vec<Part> {
        let records = || tasks.iter().flat_map(|task| &task[band]);
        let mut ends = [0; BAND + 1];
        records().for_each(|record| ends[record.bin + 1] += 1);
        for bin in 0..BAND {
            ends[bin + 1] += ends[bin];
        }
        let starts = ends;
        let none = Record { bin: 0, column: 0.0, place: [0.0; 3], weight: 0.0 };
        let mut sorted = vec![none; starts[BAND]];
        for record in records() {
            sorted[ends[record.bin]] = *record;
            ends[record.bin] += 1;
        }
        let room = sorted.len() * 5 / (4 * self.count().max(1)) + CHUNK;
        let mut parts: Vec<Part> = self.middles.iter().map(|_| Part::with_room(room)).collect();
        for bin in 0..BAND {
            parts.iter_mut().for_each(|part| part.starts.push(part.weight.len()));
            for record in &sorted[starts[bin]..starts[bin + 1]] {
                self.enter(record, zone, &mut parts);
            }
        }
        for part in &mut parts {
            part.starts.push(part.weight.len());
            for _ in 0..CHUNK {
                part.push([0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0], false);
            }
        }
        parts
    }

    /// Puts an incident into each stripe that it may reach.
    #[inline(always)]
    fn enter(&self, record: &Record, zone: f64, parts: &mut [Part]) {
        let [x, y, z] = record.place;
        let radius = (x * x + y * y).sqrt();
        let inverse = 1.0 / radius;
        let seen = Seen { x, y, z, radius, inverse, weight: record.weight };
        // The disk about an incident spans asin(sin ρ / cos φ) on a sphere; radii are taken for the
        // worst on the ellipsoid. The arcsine is at most this polynomial.
        let sine = (zone / RADIUS_MIN).min(1.0) * 6_400_000.0 * 1.001;
        let full = sine >= radius;
        let s = if full { 1.0 } else { sine * inverse };
        let reach = (s + (FRAC_PI_2 - 1.0) * s * s * s) / self.step + 1.0;
        let columns = number(self.columns);
        let last = number(parts.len()) - 1.0;
        if !full {
            for turns in [0.0, -self.turn, self.turn] {
                let column = record.column + turns;
                let (first, end) = (column - reach, column + reach);
                if end < 0.0 || first >= columns * (last + 1.0) {
                    continue;
                }
                let first = (first / columns).floor().max(0.0);
                let end = (end / columns).floor().min(last);
                let reached = parts.iter_mut().enumerate().take(whole(end) + 1).skip(whole(first));
                for (stripe, part) in reached {
                    self.push(&seen, stripe, column, true, part);
                }
            }
        } else {
            for (stripe, part) in parts.iter_mut().enumerate() {
                let from = record.column - self.middles[stripe].column;
                let nearest = if from > 0.5 * self.turn {
                    record.column - self.turn
                } else if from < -0.5 * self.turn {
                    record.column + self.turn
                } else {
                    record.column
                };
                self.push(&seen, stripe, nearest, true, part);
                self.push(&seen, stripe, nearest - self.turn, false, part);
                self.push(&seen, stripe, nearest + self.turn, false, part);
            }
        }
    }

    #[inline(always)]
    fn push(&self, seen: &Seen, stripe: usize, column: f64, itself: bool, part: &mut Part) {
        let middle = self.middles[stripe];
        // The radius times cosine and sine of the angle from the middle; then the root of the radius
        // times those of half of it, without cancellation.
        let ahead = seen.x * middle.cos + seen.y * middle.sin;
        let aside = seen.y * middle.cos - seen.x * middle.sin;
        let longer = (0.5 * (seen.radius + ahead.abs())).sqrt();
        let shorter = if longer > 0.0 { 0.5 * aside / longer } else { 0.0 };
        let (sin, cos) = if ahead >= 0.0 {
            (shorter, longer)
        } else if shorter < 0.0 {
            (-longer, -shorter)
        } else {
            (longer, shorter)
        };
        let from = column - number(stripe) * number(self.columns) - 0.5;
        part.push([from, seen.radius, seen.inverse, seen.z, sin, cos, seen.weight], itself);
    }
}

impl Part {
    fn with_room(room: usize) -> Self {
        let list = || Vec::with_capacity(room);
        Self {
            starts: Vec::with_capacity(BAND + 1),
            column: list(),
            radius: list(),
            inverse_radius: list(),
            z: list(),
            sin: list(),
            cos: list(),
            weight: list(),
            itself: Vec::with_capacity(room),
        }
    }

    #[inline(always)]
    fn push(
        &mut self,
        [column, radius, inverse_radius, z, sin, cos, weight]: [f64; 7],
        itself: bool,
    ) {
        self.column.push(column);
        self.radius.push(radius);
        self.inverse_radius.push(inverse_radius);
        self.z.push(z);
        self.sin.push(sin);
        self.cos.push(cos);
        self.weight.push(weight);
        self.itself.push(itself);
    }
}
