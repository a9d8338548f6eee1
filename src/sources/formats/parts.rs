//! Reads records on many threads. A file is cut into parts where records seem to begin. Threads read parts
//! ahead, each from its most likely start, and one thread takes the results in file order. If a part turns
//! out to begin elsewhere, because a field continues past the cut or an earlier part added columns, it is
//! read again from the correct start. So the result equals that of sequential reading, whatever the cuts and
//! the number of threads. Only a few parts per thread are in progress at a time, which limits memory.

use super::Dataset;
use super::header::Columns;
use super::notes::Notes;
use super::record::Written;
use crate::Result;
use crate::model::Finding;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// The size of a part of text: large enough that handing it over costs nothing compared to reading it, small
/// enough that many parts are in progress at once.
pub(crate) const PART_BYTES: usize = 256 << 10;

/// Whether to continue with the next record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Continue.
    Read,
    /// Stop, because the wanted record was found.
    Stop,
}

/// Takes the records of a part, one after another.
pub trait Take {
    /// Takes a record and the columns known so far.
    fn take(&mut self, record: Written<'_, '_>, columns: &[Arc<str>]) -> Next;
}

/// The start of a part: everything besides the file that reading it depends on.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Begin {
    /// The offset of its first record in the text.
    pub at: usize,
    /// The line number at the offset.
    pub line: u64,
    /// Whether the header has been passed.
    pub headed: bool,
    /// The columns known at the start, if records add columns.
    pub columns: Arc<Columns>,
}

/// The number of records in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// All records, including those set aside.
    pub read: u64,
    /// Records that the format itself set aside, with a finding each; these were not passed to the taker.
    pub set_aside: u64,
}

/// What a format reports about the records of a part.
#[derive(Debug)]
pub(crate) struct PartReport {
    pub count: Count,
    /// Findings, each with the number of records taken before it.
    pub findings: Vec<(usize, Finding)>,
    pub notes: Notes,
    /// The number of records taken.
    pub taken: usize,
}

impl PartReport {
    /// Creates an empty report.
    pub fn new() -> Self {
        Self { count: Count::default(), findings: Vec::new(), notes: Notes::of_part(), taken: 0 }
    }

    /// Adds a finding that sets a record aside.
    pub fn set_aside(&mut self, finding: Finding) {
        self.count.set_aside += 1;
        self.findings.push((self.taken, finding));
    }
}

/// The result of reading a part.
struct Outcome<P> {
    /// The start it was read from, and whether records had been taken before.
    from: (Begin, bool),
    /// The taker, the format's report, and the start of the next part.
    read: Result<(P, PartReport, Begin)>,
}

type Job<'s, O> = Box<dyn FnOnce() -> O + Send + 's>;

/// A job that the first thread to ask performs, and the channel for its result.
struct Task<'s, O>(Mutex<Option<(Job<'s, O>, SyncSender<O>)>>);

impl<'s, O> Task<'s, O> {
    fn take(&self) -> Option<(Job<'s, O>, SyncSender<O>)> {
        // Nothing that can panic runs under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Runs the job, unless another thread has taken it.
    fn run(&self) {
        if let Some((read, send)) = self.take() {
            // The receiver is gone if an error has ended the reading.
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

    /// Waits for the result; `None` if no thread has started the job or will start it. A thread of the pool
    /// runs jobs of the parts `after` this one while it waits, since it may be the only thread.
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

/// Reads all parts of the selected layer, and passes their takers to `merge` in order, while later parts are
/// read ahead. `new` creates the taker of a part; its argument says whether the part's first record is the
/// first of the file.
///
/// # Errors
/// The first error in file order: the file is damaged, or `merge` fails.
pub(crate) fn read_parts<P: Take + Send>(
    dataset: &dyn Dataset,
    new: &(dyn Fn(bool) -> P + Sync),
    merge: &mut dyn FnMut(P, PartReport) -> Result<()>,
) -> Result<()> {
    let read_one = |part: usize, (begin, begun): (Begin, bool)| -> Outcome<P> {
        let from = (begin.clone(), begun);
        let mut taker = new(!begun);
        let mut told = PartReport::new();
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
