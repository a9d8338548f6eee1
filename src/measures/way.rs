//! A way on the ground: a line that is followed from its start, on which places have a length from the start.

use crate::earth::antimeridian::cut_lines;
use crate::earth::{Ecef, Length, Position, Shape};
use crate::index::Probe;
use geo_types::{LineString, MultiLineString};

/// Short edges that follow each other. A gap between two of them counts as a straight line and is not part of the way.
#[derive(Debug)]
pub struct Way {
    edges: Vec<Edge>,
    probe: Probe,
    length: Length,
}

/// An edge of at most 10 km, straight in longitude and latitude.
#[derive(Debug, Clone, Copy)]
struct Edge {
    ends: [Position; 2],
    /// Length of the way up to its start, and its own length.
    ///
    /// # Units
    /// Meters.
    before: f64,
    meters: f64,
}

/// A way under construction.
#[derive(Debug, Default)]
pub(super) struct Draft {
    edges: Vec<Edge>,
    meters: f64,
}

impl Draft {
    /// Adds an edge; one without length only begins a way. A gap since the last edge adds its length.
    pub fn add(&mut self, ends: [Position; 2]) {
        let length = meters(ends[0], ends[1]);
        if length == 0.0 && !self.edges.is_empty() {
            return;
        }
        if let Some(last) = self.edges.last() {
            self.meters += meters(last.ends[1], ends[0]);
        }
        self.edges.push(Edge { ends, before: self.meters, meters: length });
        self.meters += length;
    }

    /// Adds a straight line, cut at the antimeridian and into short edges.
    pub fn add_line(&mut self, from: Position, to: Position) {
        let line = LineString(vec![from.coord(), to.coord()]);
        let Ok(cut) = cut_lines(&MultiLineString(vec![line])) else {
            // The two ends are the same place.
            return self.add([from, to]);
        };
        Probe::new(&Shape::Lines(cut)).edges().for_each(|ends| self.add(ends));
    }

    /// The length so far.
    pub fn length(&self) -> Length {
        Length::from_meters(self.meters)
    }

    /// The finished way, cut off at a length.
    pub fn until(mut self, longest: Length) -> Way {
        let most = longest.meters();
        self.edges.retain(|edge| edge.before < most || edge.before == 0.0);
        if let Some(last) = self.edges.last_mut()
            && last.before + last.meters > most
        {
            last.ends[1] = last.at(most - last.before);
            last.meters = meters(last.ends[0], last.ends[1]);
        }
        let probe = Probe::of_edges(self.edges.iter().map(|edge| edge.ends));
        let length = self.edges.last().map_or(0.0, |last| last.before + last.meters);
        Way { probe, length: Length::from_meters(length), edges: self.edges }
    }
}

impl Edge {
    /// The place at a length from its start, to a millimeter: that at the same share of the degrees, in which the line is
    /// straight, moved by what its length is off.
    fn at(&self, walked: f64) -> Position {
        let [from, to] = self.ends;
        let place = |share: f64| {
            let between = |a: f64, b: f64| a + share.clamp(0.0, 1.0) * (b - a);
            let (lon, lat) = (between(from.lon(), to.lon()), between(from.lat(), to.lat()));
            Position::from_degrees(lon, lat).unwrap_or(to)
        };
        if self.meters == 0.0 {
            return from;
        }
        let share = walked / self.meters;
        let off = walked.clamp(0.0, self.meters) - meters(from, place(share));
        place(share + off / self.meters)
    }
}

impl Way {
    /// Its length, gaps included.
    pub fn length(&self) -> Length {
        self.length
    }

    /// Its edges in order.
    pub fn edges(&self) -> impl Iterator<Item = [Position; 2]> + '_ {
        self.edges.iter().map(|edge| edge.ends)
    }

    /// The way as a probe, for queries of what lies near it.
    pub fn probe(&self) -> &Probe {
        &self.probe
    }

    /// The length of the way up to its place nearest to a position; the first of several.
    pub fn nearest(&self, to: Position) -> Length {
        let nearest = self.probe.foot(to).and_then(|(edge, at)| {
            let edge = self.edges.get(edge)?;
            Some(edge.before + meters(edge.ends[0], at))
        });
        Length::from_meters(nearest.unwrap_or(0.0))
    }

    /// The length of the way up to the first place within `radius` of something; `None` if it comes no nearer.
    ///
    /// `distance` gives the distance from a position, or `None` if it is more than the given length. A distance changes
    /// by at most the length walked, so steps of what is left to the radius miss nothing (sphere tracing, Hart 1996).
    /// Where less than 10 m is left a step is 10 m, so an entry for less than that may be missed; others are found to a
    /// centimeter.
    pub fn enters(
        &self,
        radius: Length,
        distance: impl Fn(Position, Length) -> Option<Length>,
    ) -> Option<Length> {
        /// How far beyond the radius is looked, and so the longest step.
        const LOOK: f64 = 8_000.0;
        const SHORTEST: f64 = 10.0;
        let look = Length::from_meters(radius.meters() + LOOK);
        let left = |at: Position| {
            distance(at, look).map_or(LOOK, |found| found.meters() - radius.meters())
        };
        let (mut outside, mut walked) = (0.0, 0.0);
        loop {
            let (reached, place) = self.place(walked)?;
            let step = left(place);
            if step <= 0.0 {
                let mut inside = reached;
                while inside - outside > 0.01 {
                    let (middle, place) = self.place(f64::midpoint(outside, inside))?;
                    if middle >= inside {
                        break;
                    }
                    if left(place) <= 0.0 { inside = middle } else { outside = middle }
                }
                return Some(Length::from_meters(inside));
            }
            if reached >= self.length.meters() {
                return None;
            }
            outside = reached;
            walked = (reached + step.max(SHORTEST)).min(self.length.meters());
        }
    }

    /// The place at a length from the start, in meters, with that length; in a gap the place beyond it.
    fn place(&self, walked: f64) -> Option<(f64, Position)> {
        let next = self.edges.partition_point(|edge| edge.before <= walked);
        let edge = self.edges.get(next.saturating_sub(1))?;
        let within = walked - edge.before;
        match self.edges.get(next) {
            Some(beyond) if within > edge.meters => Some((beyond.before, beyond.ends[0])),
            _ => Some((walked, edge.at(within))),
        }
    }
}

/// The distance of two positions at most some kilometers apart, in meters.
fn meters(from: Position, to: Position) -> f64 {
    Ecef::from(from).ground_length(Ecef::from(to)).meters()
}
