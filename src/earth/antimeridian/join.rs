//! Joins runs into rings along the boundary of the map sheet, and assigns holes to the pieces that
//! contain them.

use super::sheet::Run;
use geo::Area;
use geo::coordinate_position::{CoordPos, coord_pos_relative_to_ring};
use geo_types::{Coord, LineString, Polygon};
use std::collections::VecDeque;

/// The corners of the sheet with their distance along its boundary.
const CORNERS: [(f64, Coord<f64>); 4] = [
    (180.0, Coord { x: 180.0, y: 90.0 }),
    (540.0, Coord { x: -180.0, y: 90.0 }),
    (720.0, Coord { x: -180.0, y: -90.0 }),
    (AROUND, Coord { x: 180.0, y: -90.0 }),
];

/// The length of the sheet's boundary.
const AROUND: f64 = 1080.0;

/// The ring around the whole sheet.
pub(super) fn whole_sheet() -> Run {
    let corners = CORNERS.iter().map(|(_, corner)| *corner);
    corners.clone().chain(corners.take(1)).collect()
}

/// Returns the distance of a boundary place from the lower right corner, counterclockwise along the
/// boundary of the sheet.
fn along(c: Coord<f64>) -> f64 {
    if c.x >= 180.0 {
        c.y + 90.0
    } else if c.x <= -180.0 {
        540.0 + (90.0 - c.y)
    } else if c.y > 0.0 {
        180.0 + (180.0 - c.x)
    } else {
        720.0 + (c.x + 180.0)
    }
}

/// Joins runs that begin and end on the boundary into closed rings. The inside is left of each run,
/// so from its end the ring continues counterclockwise along the boundary to the next beginning.
///
/// Where a ring overlaps itself, several ends follow each other and more than one waits for the next
/// beginning. Any choice covers the same ground the same number of times: a run is closed with itself
/// if possible, and otherwise the end that has waited longest continues.
pub(super) fn join_along_the_sheet(runs: Vec<Run>) -> Vec<Run> {
    let mut stops: Vec<(f64, bool, usize)> = Vec::with_capacity(runs.len() * 2);
    for (index, run) in runs.iter().enumerate() {
        if let Some((first, last)) = run.first().zip(run.last()) {
            // At the same place, ends sort before beginnings.
            stops.push((along(*last), false, index));
            stops.push((along(*first), true, index));
        }
    }
    stops.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));

    let mut next: Vec<Option<usize>> = vec![None; runs.len()];
    let mut begun = vec![false; runs.len()];
    let mut waiting: VecDeque<usize> = VecDeque::new();
    for round in 0..2 {
        for (_, is_beginning, index) in &stops {
            if !is_beginning {
                if round == 0 {
                    waiting.push_back(*index);
                }
                continue;
            }
            let Some(begun) = begun.get_mut(*index).filter(|begun| !**begun) else { continue };
            let own = waiting.iter().position(|end| end == index).unwrap_or(0);
            if let Some(follower) = waiting.remove(own).and_then(|end| next.get_mut(end)) {
                *follower = Some(*index);
                *begun = true;
            }
        }
    }
    let mut unused: Vec<Option<Run>> = runs.into_iter().map(Some).collect();
    (0..unused.len()).filter_map(|start| follow(start, &next, &mut unused)).collect()
}

/// Follows runs from one to the next until the first is reached again. Returns `None` if the first
/// run is already used or no area is enclosed.
fn follow(start: usize, next: &[Option<usize>], unused: &mut [Option<Run>]) -> Option<Run> {
    let mut ring: Run = Vec::new();
    let mut at = Some(start);
    while let Some(run) = at.and_then(|at| unused.get_mut(at)).and_then(Option::take) {
        if let Some((end, beginning)) = ring.last().zip(run.first()) {
            let corners: Run = corners_between(along(*end), along(*beginning)).collect();
            ring.extend(corners);
        }
        ring.extend(run);
        at = at.and_then(|at| next.get(at).copied().flatten());
    }
    let first = ring.first().copied()?;
    let corners: Run = corners_between(along(*ring.last()?), along(first)).collect();
    ring.extend(corners);
    ring.push(first);
    ring.dedup();
    // A run that only touches the boundary leaves a ring without an interior, and one that overlaps
    // itself can leave a clockwise ring.
    let area = Polygon::new(LineString(ring.clone()), Vec::new()).signed_area();
    if area < 0.0 {
        ring.reverse();
    }
    (area != 0.0).then_some(ring)
}

/// The corners between two places of the boundary, counterclockwise.
fn corners_between(from: f64, to: f64) -> impl Iterator<Item = Coord<f64>> {
    let to = if to < from { to + AROUND } else { to };
    let lap = CORNERS.iter().map(|(at, corner)| (*at, *corner));
    let next_lap = CORNERS.iter().map(|(at, corner)| (*at + AROUND, *corner));
    lap.chain(next_lap).filter(move |(at, _)| from < *at && *at < to).map(|(_, corner)| corner)
}

/// Returns the smallest piece around a hole. A valid hole touches its piece in single positions at
/// most, so the first position that is not on the edge decides.
pub(super) fn smallest_around(pieces: &[Polygon<f64>], hole: &Run) -> Option<usize> {
    let around = |shell: &LineString<f64>| {
        hole.iter()
            .map(|position| coord_pos_relative_to_ring(*position, shell))
            .find(|side| *side != CoordPos::OnBoundary)
            == Some(CoordPos::Inside)
    };
    let area = |shell: &LineString<f64>| Polygon::new(shell.clone(), Vec::new()).unsigned_area();
    pieces
        .iter()
        .map(Polygon::exterior)
        .enumerate()
        .filter(|(_, shell)| around(shell))
        .map(|(index, shell)| (index, area(shell)))
        .min_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(index, _)| index)
}
