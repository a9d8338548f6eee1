//! Rivers with a direction of flow: reaches that name the reach into which they flow, and the course that water takes
//! from a place to the sea.

use super::proximity::KindIndex;
use super::quantities::Nearby;
use super::way::{Draft, Way};
use crate::earth::{Ecef, Length, Position, Shape, geodesic};
use crate::index::{Probe, ShapeTree};
use crate::model::Receptor;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// How far rivers are followed, and what counts as beside them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlowPlan {
    /// A place drains to the nearest reach within this distance. A course also ends at a gap between two reaches that
    /// is wider.
    pub snap: Length,
    /// How far the course of a site is followed.
    pub length: Length,
    /// Receptors within this distance of a course lie along it.
    pub beside: Length,
}

/// Ends of lines at most so far apart touch.
///
/// # Units
/// Meters.
const TOUCHES: f64 = 100.0;

/// A network of river reaches.
#[derive(Debug)]
pub struct Network {
    reaches: Arc<KindIndex>,
    /// Where each river of the run flows.
    next: Vec<Next>,
    /// For each reach of the network without a next one, the reaches that flow into it.
    above: BTreeMap<usize, Vec<usize>>,
    faults: Vec<(usize, FlowFault)>,
}

/// Where a river flows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Next {
    /// Its direction is not known; it is no part of the network.
    Unknown,
    /// Into another reach.
    Reach(usize),
    /// To the sea, or to the end of an inland basin.
    End,
    /// Out of what was given: the next reach is not among the rivers.
    Cut,
}

/// A fault in a network; a course ends there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowFault {
    /// The reach names a next one that is not among the rivers.
    NoSuchReach,
    /// The reach flows into a river that is not a line.
    NoLine,
    /// The reach is one of this many that flow in a circle.
    Circle(usize),
}

/// The course of water from a place.
#[derive(Debug)]
pub struct Course {
    /// Distance from the place to the river.
    pub snapped: Length,
    /// The reach that it meets, by its index among the rivers.
    pub river: usize,
    /// The place where the two meet.
    pub start: Position,
    /// The river from there on.
    pub way: Way,
    /// Whether it ends because the next reach is not among the rivers, or lies too far away: nothing is known of what
    /// follows.
    pub cut: bool,
}

impl Network {
    /// Builds the network of the rivers of a run, which are indexed in the same order. `None` if no reach names another
    /// one: a file whose next ids all say "none" does not tell a direction.
    pub(super) fn new(rivers: &[Receptor], reaches: &Arc<KindIndex>) -> Option<Self> {
        if rivers.iter().all(|river| river.next_down.is_none()) {
            return None;
        }
        reaches.shapes()?;
        let is_line =
            |at: usize| rivers.get(at).is_some_and(|river| matches!(river.shape, Shape::Lines(_)));
        let mut by_id: HashMap<&str, usize> = HashMap::with_capacity(rivers.len());
        for (at, river) in rivers.iter().enumerate() {
            by_id.entry(&river.id).or_insert(at);
        }
        let mut faults = Vec::new();
        let mut next = vec![Next::Unknown; rivers.len()];
        for (at, river) in rivers.iter().enumerate() {
            let Some(id) = river.next_down.as_deref().filter(|_| is_line(at)) else { continue };
            let to = match called(&by_id, id) {
                Some(into) if is_line(into) => Next::Reach(into),
                Some(_) => {
                    faults.push((at, FlowFault::NoLine));
                    Next::Cut
                }
                None if is_end(id) => Next::End,
                None => {
                    faults.push((at, FlowFault::NoSuchReach));
                    Next::Cut
                }
            };
            if let Some(place) = next.get_mut(at) {
                *place = to;
            }
        }
        if faults.is_empty() && !next.iter().any(|next| matches!(next, Next::Reach(_))) {
            return None;
        }
        let mut above: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..next.len() {
            let Some(&Next::Reach(into)) = next.get(at) else { continue };
            let Some(last) = next.get_mut(into) else { continue };
            // A reach of unknown direction belongs to the network if another one flows into it.
            if *last == Next::Unknown {
                *last = Next::End;
            }
            if matches!(last, Next::End | Next::Cut) {
                above.entry(into).or_default().push(at);
            }
        }
        faults.extend(circles(&next));
        faults.sort_by_key(|(at, _)| *at);
        Some(Self { reaches: Arc::clone(reaches), next, above, faults })
    }

    /// The faults, by the index of the reach among the rivers.
    pub(super) fn faults(&self) -> &[(usize, FlowFault)] {
        &self.faults
    }

    /// Follows the water from a place: from the nearest place on the nearest reach of the network within `snap`
    /// downstream, to a length or to the end of the network. `None` if no reach is so near.
    ///
    /// The reach in a circle that would close it is the last.
    pub fn course(&self, from: &Probe, snap: Length, longest: Length) -> Option<Course> {
        self.courses(from, snap, longest).next()
    }

    /// Follows the water from the nearest place on each reach of the network within `snap`, the nearest reach first.
    pub fn courses(
        &self,
        from: &Probe,
        snap: Length,
        longest: Length,
    ) -> impl Iterator<Item = Course> {
        let known =
            |near: &Nearby| !matches!(self.next.get(near.index), None | Some(Next::Unknown));
        let near = self.reaches.within(from, snap).into_iter().filter(known);
        near.filter_map(move |near| {
            let (way, cut) = self.follow(near.index, near.to, snap, longest)?;
            Some(Course { snapped: near.distance, river: near.index, start: near.to, way, cut })
        })
    }

    /// The way from a place on a reach, and whether it is cut off.
    fn follow(
        &self,
        reach: usize,
        from: Position,
        gap: Length,
        longest: Length,
    ) -> Option<(Way, bool)> {
        let tree = self.reaches.shapes()?;
        let mut draft = Draft::default();
        let mut passed = HashSet::new();
        let (mut reach, mut at, mut cut) = (reach, from, false);
        while passed.insert(reach) && draft.length() < longest {
            let probe = tree.probe(reach)?;
            let (edge, foot) = probe.foot(at)?;
            if geodesic::distance(at, foot) > gap {
                cut = true;
                break;
            }
            let mut edges: Vec<[Position; 2]> = probe.edges().collect();
            if self.is_reversed(tree, reach) {
                edges.truncate(edge + 1);
                edges.reverse();
                edges.iter_mut().for_each(|ends| ends.reverse());
            } else {
                edges.drain(..edge);
            }
            if let Some(first) = edges.first_mut() {
                first[0] = foot;
            }
            at = edges.last().map_or(foot, |last| last[1]);
            edges.into_iter().for_each(|ends| draft.add(ends));
            match self.next.get(reach) {
                Some(&Next::Reach(next)) => reach = next,
                next => {
                    cut = next == Some(&Next::Cut);
                    break;
                }
            }
        }
        let cut = cut && draft.length() < longest;
        Some((draft.until(longest), cut))
    }

    /// Whether a reach flows against the order of its positions. It flows to the end that is nearer to the next reach;
    /// the last reach flows as it is drawn, unless a reach above it touches its end, and not its start.
    fn is_reversed(&self, tree: &ShapeTree, reach: usize) -> bool {
        let Some(probe) = tree.probe(reach) else { return false };
        let mut edges = probe.edges();
        let Some(first) = edges.next() else { return false };
        let (start, end) = (first[0], edges.last().unwrap_or(first)[1]);
        match self.next.get(reach) {
            Some(Next::Reach(next)) => {
                let [from_start, from_end] = [start, end].map(|at| chord2(tree, at, *next));
                from_start < from_end
            }
            _ => {
                let above = self.above.get(&reach).map_or(&[][..], Vec::as_slice);
                let touches =
                    |at| above.iter().any(|&one| chord2(tree, at, one) <= TOUCHES * TOUCHES);
                touches(end) && !touches(start)
            }
        }
    }
}

/// The square of the chord from a position to a reach.
fn chord2(tree: &ShapeTree, from: Position, reach: usize) -> f64 {
    let foot = tree.probe(reach).and_then(|reach| reach.foot(from));
    foot.map_or(f64::INFINITY, |(_, at)| Ecef::from(from).chord2(Ecef::from(at)))
}

/// The reach of an id. Tables with a gap in a column of whole numbers write 12 as 12.0, so either stands for the other.
fn called(by_id: &HashMap<&str, usize>, id: &str) -> Option<usize> {
    let is_whole = |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_digit());
    let whole = || by_id.get(id.strip_suffix(".0").filter(|whole| is_whole(whole))?);
    let decimal = || is_whole(id).then(|| by_id.get(format!("{id}.0").as_str()))?;
    by_id.get(id).or_else(whole).or_else(decimal).copied()
}

/// Whether a next id that no reach has stands for none: 0 in HydroRIVERS, -1 or -9999 elsewhere.
fn is_end(id: &str) -> bool {
    id.parse::<f64>().is_ok_and(|number| number <= 0.0)
}

/// The circles of a network, each at its reach with the smallest index.
fn circles(next: &[Next]) -> Vec<(usize, FlowFault)> {
    // For each reach, the walk that came by first.
    let mut walks: Vec<Option<usize>> = vec![None; next.len()];
    let mut found = Vec::new();
    for start in 0..next.len() {
        let mut at = start;
        while walks.get(at) == Some(&None) {
            if let Some(walk) = walks.get_mut(at) {
                *walk = Some(start);
            }
            match next.get(at) {
                Some(&Next::Reach(into)) => at = into,
                _ => break,
            }
        }
        let closes =
            walks.get(at) == Some(&Some(start)) && matches!(next.get(at), Some(Next::Reach(_)));
        if closes {
            let (mut smallest, mut count, mut one) = (at, 0, at);
            while let Some(&Next::Reach(into)) = next.get(one) {
                (smallest, count, one) = (smallest.min(one), count + 1, into);
                if one == at {
                    break;
                }
            }
            found.push((smallest, FlowFault::Circle(count)));
        }
    }
    found
}
