//! Records by many threads. A file is cut into parts where records seem to begin; threads read parts
//! ahead, each from the state that it most likely begins in, and one thread takes what came of them
//! in the file's order. Where a part turns out to begin in another state, because a field runs on
//! over the cut or an earlier part brought new columns, it is read again from the true one. So the
//! outcome is that of reading all in one go, whatever the cuts and the number of threads. A few parts for
//! each thread are under way at a time, so that what is held of them is little.

use crate::Result;
use crate::model::Finding;
use crate::sources::formats::notes::Notes;
use crate::sources::formats::record::{Geometries, Written};
use crate::sources::reader::Count;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// How many bytes of text go into a part: enough that handing it over costs nothing beside reading
/// it, few enough that many parts are under way at once.
pub(crate) const PART_BYTES: usize = 256 << 10;

/// Whether to go on to the next record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Go on.
    Read,
    /// What was wanted has been found.
    Stop,
}

/// Takes a record with the columns known so far.
pub(crate) type Take<'v> = dyn FnMut(Written<'_, '_>, &[Arc<str>]) -> Next + 'v;

/// A text of records that can be read part by part.
pub(crate) trait Parts: Sync {
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
        geometries: Geometries,
        told: &mut Told,
        take: &mut Take<'_>,
    ) -> Result<Self::State>;
}

/// What a format tells of the records of a part.
#[derive(Debug)]
pub(crate) struct Told {
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
pub(crate) struct Work<N, T> {
    pub new: N,
    pub take: T,
    /// In which form the geometries of records come.
    pub geometries: Geometries,
}

type Job<'s, O> = Box<dyn FnOnce() -> O + Send + 's>;

/// Something to be done by whoever takes it first, and where the outcome goes.
struct Task<'s, O>(Mutex<Option<(Job<'s, O>, SyncSender<O>)>>);

impl<'s, O> Task<'s, O> {
    fn take(&self) -> Option<(Job<'s, O>, SyncSender<O>)> {
        // Nothing that can fail is done under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Does it, unless somebody has taken it.
    fn run(&self) {
        if let Some((read, send)) = self.take() {
            // Nobody waits for the outcome where an error has ended the reading.
            let _ = send.send(read());
        }
    }
}

/// A part that is read ahead.
struct Ahead<'s, O> {
    task: Arc<Task<'s, O>>,
    outcome: Receiver<O>,
}

impl<'s, O> Ahead<'s, O> {
    fn new(read: Job<'s, O>) -> Self {
        let (send, outcome) = sync_channel(1);
        Self { task: Arc::new(Task(Mutex::new(Some((read, send))))), outcome }
    }

    /// Its outcome; `None` where no thread has begun it, and none will any more. One of the pool's own
    /// threads does some of what comes `after` in the meantime, since it may be the only one.
    fn wait(self, after: &VecDeque<Self>) -> Option<O> {
        if self.task.take().is_some() {
            return None;
        }
        if rayon::current_thread_index().is_some() {
            for other in after {
                if let Ok(outcome) = self.outcome.try_recv() {
                    return Some(outcome);
                }
                other.task.run();
            }
        }
        self.outcome.recv().ok()
    }
}

/// Reads all parts, and gives their products in order to `merge`, while parts further on are read.
///
/// # Errors
/// The first in the file's order: a text that is damaged, or what `merge` returns.
pub(crate) fn read_parts<S, P, N, T>(
    parts: &S,
    work: &Work<N, T>,
    merge: &mut dyn FnMut(P, Told) -> Result<()>,
) -> Result<()>
where
    S: Parts,
    P: Send,
    N: Fn(bool) -> P + Sync,
    T: Fn(&mut P, Written<'_, '_>, &[Arc<str>]) + Sync,
{
    let read_one = |part: usize, (state, begun): (S::State, bool)| -> Outcome<S::State, P> {
        let from = (state.clone(), begun);
        let mut product = (work.new)(!begun);
        let mut told = Told::new();
        let end = parts.read(part, state, work.geometries, &mut told, &mut |record, columns| {
            (work.take)(&mut product, record, columns);
            Next::Read
        });
        Outcome { from, read: end.map(|end| (product, told, end)) }
    };
    let read_one = &read_one;
    let count = parts.count();
    let most = rayon::current_num_threads() * 2 + 1;
    let mut state = (parts.begin(), false);
    let mut ahead: VecDeque<Ahead<Outcome<S::State, P>>> = VecDeque::new();
    rayon::in_place_scope_fifo(|scope| {
        let read = (0..count).try_for_each(|part| {
            for next in part + ahead.len()..count.min(part + most) {
                let begun = next > 0;
                let guess = if begun { parts.guess(next, &state.0) } else { state.0.clone() };
                let one = Ahead::new(Box::new(move || read_one(next, (guess, begun))));
                let task = one.task.clone();
                scope.spawn_fifo(move |_| task.run());
                ahead.push_back(one);
            }
            let outcome = ahead.pop_front().and_then(|one| one.wait(&ahead));
            let outcome = match outcome {
                Some(outcome) if outcome.from == state => outcome,
                _ => read_one(part, state.clone()),
            };
            let (product, told, end) = outcome.read?;
            state = (end, state.1 || told.taken > 0);
            merge(product, told)
        });
        ahead.iter().for_each(|one| drop(one.task.take()));
        read
    })
}
