//! Progress: kept by the working threads, told by the one that waits.

use pyo3::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tamarisk::run::Watch;

/// The least time between two calls.
const PAUSE: Duration = Duration::from_millis(100);

/// How far the work is.
#[derive(Default)]
pub struct Progress {
    stage: Mutex<Option<(String, Option<u64>)>>,
    done: AtomicU64,
}

impl Watch for Progress {
    fn stage(&self, what: &str, steps: Option<u64>) {
        if let Ok(mut stage) = self.stage.lock() {
            *stage = Some((what.to_owned(), steps));
            self.done.store(0, Ordering::Relaxed);
        }
    }

    fn advance(&self, steps: u64) {
        self.done.fetch_add(steps, Ordering::Relaxed);
    }
}

impl Progress {
    /// The stage, the steps done of it, and their number if it is known.
    fn now(&self) -> Option<(String, u64, Option<u64>)> {
        let stage = self.stage.lock().ok()?;
        let (what, steps) = stage.as_ref()?;
        let done = self.done.load(Ordering::Relaxed);
        Some((what.clone(), steps.map_or(done, |steps| done.min(steps)), *steps))
    }
}

/// Whoever wants to know of it: called as `tell(stage, done, total)`, at most ten times a second.
pub struct Told {
    tell: Option<Py<PyAny>>,
    last: Option<(String, u64, Option<u64>)>,
    at: Option<Instant>,
}

impl Told {
    /// Nothing has been told yet.
    pub fn new(tell: Option<Py<PyAny>>) -> Self {
        Self { tell, last: None, at: None }
    }

    /// Tells what is new, unless something was told just now.
    ///
    /// # Errors
    /// What the callable raises.
    pub fn tell(&mut self, py: Python<'_>, progress: &Progress) -> PyResult<()> {
        if self.at.is_some_and(|at| at.elapsed() < PAUSE) {
            return Ok(());
        }
        self.end(py, progress)
    }

    /// Tells what is new.
    ///
    /// # Errors
    /// What the callable raises.
    pub fn end(&mut self, py: Python<'_>, progress: &Progress) -> PyResult<()> {
        let Some(tell) = &self.tell else { return Ok(()) };
        let Some(now) = progress.now() else { return Ok(()) };
        if self.last.as_ref() != Some(&now) {
            self.at = Some(clock());
            tell.call1(py, now.clone())?;
            self.last = Some(now);
        }
        Ok(())
    }
}

/// The time now. It sets the pace of progress and the end of patience, and reaches no output.
#[expect(clippy::disallowed_methods, reason = "a caller is told and waits as time passes")]
pub fn clock() -> Instant {
    Instant::now()
}
