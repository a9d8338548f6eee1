//! Records by many threads. A file is cut into parts where records seem to begin; threads read parts
//! ahead, each from where it most likely begins, and one thread takes what came of them in the file's
//! order. Where a part turns out to begin elsewhere, because a field runs on over the cut or an earlier
//! part brought new columns, it is read again from there. So the outcome is that of reading all in one go,
//! whatever the cuts and the number of threads. A few parts for each thread are under way at a time, so
//! that what is held of them is little.

use super::Dataset;
use super::header::Columns;
use super::notes::Notes;
use super::record::Written;
use crate::Result;
use crate::model::Finding;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// How many bytes of text go into a part: enough that handing it over costs nothing beside reading
/// it, few enough that many parts are under way at once.
pub(crate) const PART_BYTES: usize = 256 << 10;

/// Whether to go on to the next record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Go on.
    Read,
    /// What was wanted has been found.
    Stop,
}

/// What makes something of the records of a part, which come one after another.
pub trait Take {
    /// Takes a record, with the columns known so far.
    fn take(&mut self, record: Written<'_, '_>, columns: &[Arc<str>]) -> Next;
}

/// All that reading a part depends on besides the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Begin {
    /// Where in the text its first record begins.
    pub at: usize,
    /// The line there.
    pub line: u64,
    /// Whether the header is behind.
    pub headed: bool,
    /// The columns known by then, where records bring new ones.
    pub columns: Arc<Columns>,
}

/// How many records a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// All of them, those set aside included.
    pub read: u64,
    /// Those that the format itself set aside, with a finding each: they were not taken.
    pub set_aside: u64,
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
struct Outcome<P> {
    /// Where it was begun, and whether records had been taken before.
    from: (Begin, bool),
    /// The taker, what the format told, and where the next part begins.
    read: Result<(P, Told, Begin)>,
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

/// Reads all parts of the selected layer, and gives what took their records to `merge` in order, while parts
/// further on are read. `new` begins what takes the records of a part, and is told whether the part's first
/// record is the first of all.
///
/// # Errors
/// The first in the file's order: a file that is damaged, or what `merge` returns.
pub(crate) fn read_parts<P: Take + Send>(
    dataset: &dyn Dataset,
    new: &(dyn Fn(bool) -> P + Sync),
    merge: &mut dyn FnMut(P, Told) -> Result<()>,
) -> Result<()> {
    let read_one = |part: usize, (begin, begun): (Begin, bool)| -> Outcome<P> {
        let from = (begin.clone(), begun);
        let mut taker = new(!begun);
        let mut told = Told::new();
        let end = dataset.read(part, begin, &mut told, &mut taker);
        Outcome { from, read: end.map(|end| (taker, told, end)) }
    };
    let read_one = &read_one;
    let count = dataset.parts();
    let most = rayon::current_num_threads() * 2 + 1;
    let mut from = (dataset.begin(), false);
    let mut ahead: VecDeque<Ahead<Outcome<P>>> = VecDeque::new();
    rayon::in_place_scope_fifo(|scope| {
        let read = (0..count).try_for_each(|part| {
            for next in part + ahead.len()..count.min(part + most) {
                let begun = next > 0;
                let guess = if begun { dataset.guess(next, &from.0) } else { from.0.clone() };
                let one = Ahead::new(Box::new(move || read_one(next, (guess, begun))));
                let task = one.task.clone();
                scope.spawn_fifo(move |_| task.run());
                ahead.push_back(one);
            }
            let outcome = ahead.pop_front().and_then(|one| one.wait(&ahead));
            let outcome = match outcome {
                Some(outcome) if outcome.from == from => outcome,
                _ => read_one(part, from.clone()),
            };
            let (taker, told, end) = outcome.read?;
            from = (end, from.1 || told.taken > 0);
            merge(taker, told)
        });
        ahead.iter().for_each(|one| drop(one.task.take()));
        read
    })
}
