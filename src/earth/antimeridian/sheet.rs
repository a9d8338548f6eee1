//! A ring or a line laid out on the map sheet, −180 to 180 by −90 to 90: the edges within the sheet, the
//! edges that cross its sides, and the runs between crossings.

use super::{Fault, same};
use crate::earth::{Lat, Lon};
use geo_types::Coord;

/// A run of positions within the sheet.
pub(super) type Run = Vec<Coord<f64>>;

/// Positions closer than this, a tenth of a millimeter, are the same, and a longitude this close to the
/// antimeridian is on it.
///
/// # Units
/// Degrees.
pub(super) const CLOSE: f64 = 1e-9;

/// Returns the positions of a line with longitudes in range, snapped to the antimeridian, and without
/// repetitions; or the index of the first position that is not on the globe.
pub(super) fn tidy(positions: &[Coord<f64>]) -> Result<Run, (usize, Fault)> {
    let mut tidied: Run = Vec::with_capacity(positions.len());
    for (index, position) in positions.iter().enumerate() {
        let lon = Lon::wrapped(position.x).map(Lon::degrees);
        let (Some(lon), Some(lat)) = (lon, Lat::new(position.y)) else {
            return Err((index, Fault::OffTheGlobe));
        };
        let x = if 180.0 - lon.abs() <= CLOSE { 180f64.copysign(lon) } else { lon };
        let coord = Coord { x, y: lat.degrees() };
        if !tidied.last().is_some_and(|last| same(*last, coord)) {
            tidied.push(coord);
        }
    }
    Ok(tidied)
}

/// Returns the tidied positions of a ring, the last not repeating the first.
pub(super) fn tidy_ring(positions: &[Coord<f64>]) -> Result<Run, (usize, Fault)> {
    let mut ring = tidy(positions)?;
    while ring.len() > 1 && ring.first().zip(ring.last()).is_some_and(|(a, b)| same(*a, *b)) {
        ring.pop();
    }
    if ring.len() < 3 {
        return Err((0, Fault::TooFew));
    }
    let next = |index: usize, by: usize| ring.get((index + by) % ring.len());
    for index in 0..ring.len() {
        if next(index, 0).zip(next(index, 2)).is_some_and(|(a, c)| same(*a, *c)) {
            return Err((index + 1, Fault::TurnsBack));
        }
    }
    Ok(ring)
}

/// An edge, from one position to another.
type Edge = (Coord<f64>, Coord<f64>);

/// The location of an edge on the sheet.
enum Step {
    /// Within the sheet, from one position to the other.
    Within(Coord<f64>, Coord<f64>),
    /// Along the antimeridian or a pole; the boundary of the sheet replaces it.
    Along(Coord<f64>, Coord<f64>),
}

/// The edges of a ring on the sheet, in order.
pub(super) struct Steps(Vec<Step>);

/// A ring on the sheet.
pub(super) enum Runs {
    /// The ring as a whole, its last position repeating the first.
    Closed(Run),
    /// Runs that begin and end on the boundary of the sheet.
    Open(Vec<Run>),
}

impl Steps {
    /// Lays out a ring that does not repeat its first position.
    pub(super) fn of_ring(ring: &[Coord<f64>]) -> Self {
        let world_wide = ring.iter().all(|c| on_antimeridian(*c));
        let mut steps = Vec::with_capacity(ring.len() + 2);
        for (from, to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            if along_boundary(*from, *to, world_wide) {
                steps.push(Step::Along(*from, *to));
            } else if world_wide {
                steps.push(Step::Within(*from, *to));
            } else {
                let (first, second) = cross(*from, *to);
                steps.extend(std::iter::once(first).chain(second).map(|(a, b)| Step::Within(a, b)));
            }
        }
        Self(steps)
    }

    /// Whether the ring must be reversed: its left side is not its inside as drawn or, around a pole, not
    /// the smaller side. A hole encloses with its right side.
    pub(super) fn encloses_the_wrong_side(&self, hole: bool) -> bool {
        self.is_right_handed() == hole
    }

    /// Whether the ring runs counterclockwise when unrolled over the antimeridian or, around a pole, has the
    /// smaller of its two sides on its left.
    pub(super) fn is_right_handed(&self) -> bool {
        let (mut x, mut shoelace, mut above) = (0.0, 0.0, 0.0);
        for step in &self.0 {
            let (a, b) = match step {
                Step::Within(a, b) => (a, b),
                // An edge along the antimeridian adds no longitude; one along a pole does.
                Step::Along(a, b) if at_pole(*a, *b) => (a, b),
                Step::Along(a, b) => (&Coord { x: 0.0, y: a.y }, &Coord { x: 0.0, y: b.y }),
            };
            let dx = b.x - a.x;
            shoelace += x * b.y - (x + dx) * a.y;
            above += dx * (1.0 - mean_sine(a.y, b.y));
            x += dx;
        }
        if x.abs() < 180.0 {
            shoelace > 0.0
        } else {
            // On a sphere of radius 1 the area north of the ring is the integral of 1 − sin φ over the
            // longitude; eastward, north is left. Half the sphere is 360 degrees of longitude.
            let left = if x > 0.0 { above } else { 720.0 + above };
            left < 360.0
        }
    }

    /// Joins consecutive edges within the sheet into runs.
    pub(super) fn into_runs(self) -> Runs {
        let as_drawn = || -> Run {
            let starts = self.0.iter().map(|(Step::Within(a, _) | Step::Along(a, _))| *a);
            starts.clone().chain(starts.take(1)).collect()
        };
        let mut runs: Vec<Run> = Vec::new();
        let mut broken = false;
        let mut open = false;
        for step in &self.0 {
            let Step::Within(from, to) = step else {
                broken = true;
                open = false;
                continue;
            };
            match runs.last_mut() {
                Some(run) if open && run.last() == Some(from) => run.push(*to),
                last => {
                    broken |= last.is_some();
                    runs.push(vec![*from, *to]);
                }
            }
            open = true;
        }
        let closes =
            runs.first().and_then(|run| run.first()).zip(runs.last().and_then(|r| r.last()));
        let closes = open && closes.is_some_and(|(first, last)| first == last);
        if runs.is_empty() || (!broken && closes) {
            return Runs::Closed(as_drawn());
        }
        // The last run continues into the first if the ring begins within the sheet.
        let begins_within = matches!(self.0.first(), Some(Step::Within(..)));
        if closes && begins_within && runs.len() > 1 {
            let head = runs.remove(0);
            if let Some(tail) = runs.last_mut() {
                tail.extend(head.into_iter().skip(1));
            }
        }
        Runs::Open(runs)
    }
}

/// The runs of a line between its crossings of the antimeridian.
pub(super) fn runs_of_line(line: &[Coord<f64>]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut add = |from: Coord<f64>, to: Coord<f64>| match runs.last_mut() {
        Some(run) if run.last() == Some(&from) => run.push(to),
        _ => runs.push(vec![from, to]),
    };
    let mut side = line.first().map_or(180.0, |c| c.x);
    for (from, to) in line.iter().zip(line.iter().skip(1)) {
        if on_antimeridian(*from) && on_antimeridian(*to) {
            // A line along the antimeridian stays on the side it came from.
            let (from, to) = (Coord { x: side, y: from.y }, Coord { x: side, y: to.y });
            if !same(from, to) {
                add(from, to);
            }
            continue;
        }
        let (first, second) = cross(*from, *to);
        for (a, b) in std::iter::once(first).chain(second) {
            add(a, b);
            side = b.x;
        }
    }
    runs
}

/// Lays an edge on the sheet: in one piece, or in two if it crosses the antimeridian. An end on the
/// antimeridian goes to the side that makes the edge short.
fn cross(from: Coord<f64>, to: Coord<f64>) -> (Edge, Option<Edge>) {
    let beside = |c: Coord<f64>, other: Coord<f64>| {
        if on_antimeridian(c) && (c.x - other.x).abs() > 180.0 {
            Coord { x: -c.x, y: c.y }
        } else {
            c
        }
    };
    let (from, to) = (beside(from, to), beside(to, from));
    if (to.x - from.x).abs() <= 180.0 {
        return ((from, to), None);
    }
    // Computed from the same end whichever way the edge runs, so that two polygons that share the edge are
    // cut at the same place.
    let (west, east) = if from.x > to.x { (from, to) } else { (to, from) };
    let part = (180.0 - west.x) / (360.0 + east.x - west.x);
    let y = west.y + part * (east.y - west.y);
    let side = 180f64.copysign(from.x);
    ((from, Coord { x: side, y }), Some((Coord { x: -side, y }, to)))
}

fn along_boundary(from: Coord<f64>, to: Coord<f64>, world_wide: bool) -> bool {
    let along_seam =
        on_antimeridian(from) && on_antimeridian(to) && (!world_wide || from.x == to.x);
    along_seam || at_pole(from, to)
}

fn on_antimeridian(c: Coord<f64>) -> bool {
    c.x.abs() == 180.0
}

fn at_pole(a: Coord<f64>, b: Coord<f64>) -> bool {
    a.y.abs() == 90.0 && a.y == b.y
}

/// The mean of the sine of the latitude along an edge that is straight in longitude and latitude.
fn mean_sine(from: f64, to: f64) -> f64 {
    let (a, b) = (from.to_radians(), to.to_radians());
    let sine = libm::sin((a + b) / 2.0);
    let half = (b - a) / 2.0;
    if half.abs() < 1e-6 { sine } else { sine * libm::sin(half) / half }
}
