//! Records by many threads. A file is cut into parts where records seem to begin; threads read parts
//! ahead, each from the state that it most likely begins in, and one thread takes what came of them
//! in the file's order. Where a part turns out to begin in another state, because a field runs on
//! over the cut or an earlier part brought new columns, it is read again from the true one. So the
//! outcome is that of reading all in one go, whatever the cuts and the number of threads.

use super::notes::Notes;
use super::reader::Count;
use super::record::Record;
use crate::Result;
use crate::model::Finding;
use std::sync::Arc;

/// How many bytes of text go into a part: enough that handing it over costs nothing beside reading
/// it, few enough that many parts are under way at once.
pub(super) const PART_BYTES: usize = 256 << 10;

/// Whether to go on to the next record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Go on.
    Read,
    /// What was wanted has been found.
    Stop,
}

/// Takes a record with the columns known so far.
pub(super) type Take<'v> = dyn FnMut(Record, &[Arc<str>]) -> Next + 'v;

/// A text of records that can be read part by part.
pub(super) trait Parts: Sync {
    /// All that reading a part depends on besides the text.
    type State: Clone + PartialEq + Send + Sync;

    /// How many parts there are.
    fn count(&self) -> usize;

    /// The state in which the text begins.
    fn begin(&self) -> Self::State;

    /// The state in which a part seems to begin, as seen from that of an earlier one.
    fn guess(&self, part: usize, earlier: &Self::State) -> Self::State;

    /// Reads a part from a state, and finds the one in which the next begins.
    ///
    /// # Errors
    /// A text that is damaged there.
    fn read(
        &self,
        part: usize,
        state: Self::State,
        told: &mut Told,
        take: &mut Take<'_>,
    ) -> Result<Self::State>;
}

/// What a format tells of the records of a part.
#[derive(Debug)]
pub(super) struct Told {
    pub count: Count,
    /// Findings, each with how many records were taken before it.
    pub findings: Vec<(usize, Finding)>,
    pub notes: Notes,
    /// Records taken.
    pub taken: usize,
}

impl Told {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { count: Count::default(), findings: Vec::new(), notes: Notes::of_part(), taken: 0 }
    }

    /// Adds a finding that sets a record aside.
    pub fn set_aside(&mut self, finding: Finding) {
        self.count.set_aside += 1;
        self.findings.push((self.taken, finding));
    }
}

/// What came of a part.
struct Outcome<S, P> {
    /// In which state it was begun, and whether records had been taken before.
    from: (S, bool),
    /// The product, what the format told, and the state at its end.
    read: Result<(P, Told, S)>,
}

/// What threads make of the records of a part: `new` begins a product and is told whether the
/// part's first record is the first of all, `take` adds a record to it.
pub(super) struct Work<N, T> {
    pub new: N,
    pub take: T,
}

/// Reads all parts, and gives their products in order to `merge`.
///
/// # Errors
/// The first in the file's order: a text that is damaged, or what `merge` returns.
pub(super) fn read_parts<S, P, N, T>(
    parts: &S,
    work: &Work<N, T>,
    merge: &mut dyn FnMut(P, Told) -> Result<()>,
) -> Result<()>
where
    S: Parts,
    P: Send,
    N: Fn(bool) -> P + Sync,
    T: Fn(&mut P, Record, &[Arc<str>]) + Sync,
{
    let read_one = |part: usize, (state, begun): (S::State, bool)| -> Outcome<S::State, P> {
        let from = (state.clone(), begun);
        let mut product = (work.new)(!begun);
        let mut told = Told::new();
        let end = parts.read(part, state, &mut told, &mut |record, columns| {
            (work.take)(&mut product, record, columns);
            Next::Read
        });
        Outcome { from, read: end.map(|end| (product, told, end)) }
    };
    let round = rayon::current_num_threads() * 2;
    let count = parts.count();
    let mut state = (parts.begin(), false);
    let mut ahead: Vec<Option<Outcome<S::State, P>>> = Vec::new();
    let mut start = 0;
    let first = round.min(count);
    // The first round waits for nothing and is waited for; from then on one is read while the one
    // before it is taken.
    read_round(&read_one, parts, 0..first, &state, &mut ahead);
    while start < count {
        let end = (start + round).min(count);
        let mut next: Vec<Option<Outcome<S::State, P>>> = Vec::new();
        let earlier = state.clone();
        let merged: Result<()> = rayon::in_place_scope(|scope| {
            let after = end..(end + round).min(count);
            next.resize_with(after.len(), || None);
            for (part, slot) in after.zip(&mut next) {
                let guess = (parts.guess(part, &earlier.0), true);
                let read_one = &read_one;
                scope.spawn(move |_| *slot = Some(read_one(part, guess)));
            }
            for (part, outcome) in (start..end).zip(ahead.drain(..)) {
                let outcome = match outcome {
                    Some(outcome) if outcome.from == state => outcome,
                    _ => read_one(part, state.clone()),
                };
                let (product, told, end) = outcome.read?;
                state = (end, state.1 || told.taken > 0);
                merge(product, told)?;
            }
            Ok(())
        });
        merged?;
        ahead = next;
        start = end;
    }
    Ok(())
}

/// Reads some parts, all at once.
fn read_round<S: Parts, P: Send>(
    read_one: &(impl Fn(usize, (S::State, bool)) -> Outcome<S::State, P> + Sync),
    parts: &S,
    which: std::ops::Range<usize>,
    state: &(S::State, bool),
    into: &mut Vec<Option<Outcome<S::State, P>>>,
) {
    into.resize_with(which.len(), || None);
    rayon::in_place_scope(|scope| {
        for (part, slot) in which.zip(into) {
            let guess = if part == 0 { state.clone() } else { (parts.guess(part, &state.0), true) };
            scope.spawn(move |_| *slot = Some(read_one(part, guess)));
        }
    });
}
