//! Candidate pieces of lines and edges near a place: walks over runs that rank them by chords.

use super::runs::{LANES, Run, Runs, least};
use crate::earth::{ChordBracket, Length, RADIUS_MIN};
use crate::simd::NullaryFnOnce;

/// A candidate piece: its owner, its number among the owner's pieces, and bounds on the chord to
/// its nearest place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub owner: usize,
    pub piece: usize,
    pub least: f64,
    pub most: f64,
}

/// Finds the pieces that may come within a chord of a place in space.
pub(super) struct Near<'a> {
    pub runs: &'a Runs,
    pub from: [f64; 3],
    pub chord: f64,
}

impl NullaryFnOnce for Near<'_> {
    type Output = Vec<Candidate>;

    #[inline(always)]
    fn call(self) -> Vec<Candidate> {
        let Self { runs, from, chord } = self;
        let mut near = Vec::new();
        runs.walk(
            from,
            chord * chord,
            #[inline(always)]
            |run| {
                collect(&mut near, run, &runs.chords2(run, from), chord);
                chord * chord
            },
        );
        near
    }
}

/// Finds the pieces that may be the nearest of one of the `k` nearest items.
pub(super) struct Nearest<'a> {
    pub runs: &'a Runs,
    pub from: [f64; 3],
    pub k: usize,
}

impl NullaryFnOnce for Nearest<'_> {
    type Output = Vec<Candidate>;

    #[inline(always)]
    fn call(self) -> Vec<Candidate> {
        let Self { runs, from, k } = self;
        // For each of the k nearest items so far, an upper bound on its chord.
        let mut known: Vec<(f64, usize)> = Vec::with_capacity(k.min(64) + 1);
        let mut near = Vec::new();
        let mut chord = f64::INFINITY;
        runs.walk(
            from,
            f64::INFINITY,
            #[inline(always)]
            |run| {
                let chords2 = runs.chords2(run, from);
                let most = least(chords2).sqrt() + run.sag;
                if known.len() < k || known.last().is_some_and(|last| most < last.0) {
                    let before = known.iter().position(|(_, owner)| *owner == run.owner);
                    if before.and_then(|at| known.get(at)).is_none_or(|own| most < own.0) {
                        if let Some(at) = before {
                            known.remove(at);
                        }
                        known.insert(known.partition_point(|own| own.0 <= most), (most, run.owner));
                        known.truncate(k);
                    }
                    if known.len() == k {
                        chord = known.last().map_or(chord, |last| still_open(last.0));
                    }
                }
                collect(&mut near, run, &chords2, chord);
                chord * chord
            },
        );
        near.retain(|candidate: &Candidate| candidate.least <= chord);
        near
    }
}

/// Collects the edges of a run that may come within a chord.
#[inline(always)]
fn collect(near: &mut Vec<Candidate>, run: &Run, chords2: &[f64; LANES], chord: f64) {
    let wide2 = (chord + run.sag) * (chord + run.sag);
    if least(*chords2) > wide2 {
        return;
    }
    for (slot, &chord2) in chords2.iter().enumerate().take(run.count) {
        if chord2 <= wide2 {
            let middle = chord2.sqrt();
            near.push(Candidate {
                owner: run.owner,
                piece: run.piece + slot,
                least: middle - run.sag,
                most: middle + run.sag,
            });
        }
    }
}

/// Returns the chord beyond which nothing can be as near along the ground as an item with this
/// chord.
pub(super) fn still_open(chord: f64) -> f64 {
    // Up to 200 km the bounds on a length differ by less than a millionth of it.
    if chord <= 200_000.0 {
        chord * (1.0 + 1e-6) + 1e-5
    } else {
        ChordBracket::new(longest_with(chord * chord)).longer2.sqrt()
    }
}

/// Returns a length that no geodesic with this chord exceeds: the arc of the smallest circle, plus
/// a margin.
pub(super) fn longest_with(chord2: f64) -> Length {
    let half = (chord2.sqrt() / (2.0 * RADIUS_MIN)).min(1.0);
    Length::from_meters(2.0 * RADIUS_MIN * libm::asin(half) * (1.0 + 1e-9) + 1e-6)
}
