//! Waits for work with the interpreter free: other threads of Python run, Ctrl-C ends the work, and progress is told by the
//! thread that asked. No signal handler is installed.

use crate::errors::{raise, raised};
use crate::pool;
use crate::progress::{Progress, Told, clock};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tamarisk::Result;
use tamarisk::run::{Cancel, Watch};

/// How often Ctrl-C and progress are looked at.
const TICK: Duration = Duration::from_millis(50);

/// How long work that was asked to stop, and that writes nothing, is waited for. It then ends by itself, unheard.
const PATIENCE: Duration = Duration::from_millis(700);

/// How work is done.
pub struct Job {
    /// The number of threads; one for each core if there is none.
    pub threads: Option<usize>,
    /// Called as `tell(stage, done, total)`.
    pub progress: Option<Py<PyAny>>,
    /// Whether it writes files, so that it must not be left alone.
    pub writes: bool,
}

impl Job {
    /// Work without progress that writes nothing.
    pub fn quiet(threads: Option<usize>) -> Self {
        Self { threads, progress: None, writes: false }
    }

    /// Work that tells its progress and writes nothing.
    pub fn told(threads: Option<usize>, progress: Option<Py<PyAny>>) -> Self {
        Self { threads, progress, writes: false }
    }
}

/// What the working and the waiting thread share.
#[derive(Default)]
struct Shared {
    progress: Progress,
    cancel: Cancel,
}

/// Does some work on the threads of a pool.
///
/// # Errors
/// Those of the work; `KeyboardInterrupt`, and what the callable of progress raises, when the work has stopped.
pub fn wait<T: Send + 'static>(
    py: Python<'_>,
    job: Job,
    work: impl FnOnce(&dyn Watch, &Cancel) -> Result<T> + Send + 'static,
) -> PyResult<T> {
    let pool = raised(py, pool::of(job.threads))?;
    let shared = Arc::new(Shared::default());
    let (send, receive) = mpsc::channel();
    let theirs = Arc::clone(&shared);
    pool.spawn(move || {
        let Shared { progress, cancel } = &*theirs;
        let done = catch_unwind(AssertUnwindSafe(|| work(progress, cancel)));
        // Nobody listens any more if patience ended.
        let _ = send.send(done);
    });
    let receive = Mutex::new(receive);
    let mut told = Told::new(job.progress);
    let mut stopped: Option<(PyErr, Instant)> = None;
    loop {
        let received = py.detach(|| {
            let receive = receive.lock().map_err(|_| RecvTimeoutError::Disconnected)?;
            receive.recv_timeout(TICK)
        });
        match (received, &stopped) {
            (Ok(_), Some(_)) | (Err(RecvTimeoutError::Disconnected), Some(_)) => break,
            (Ok(Ok(done)), None) => {
                told.end(py, &shared.progress)?;
                return done.map_err(|error| raise(py, &error));
            }
            (Ok(Err(panic)), None) => return Err(PyRuntimeError::new_err(words(&*panic))),
            (Err(RecvTimeoutError::Disconnected), None) => {
                return Err(PyRuntimeError::new_err("the work ended without an answer"));
            }
            (Err(RecvTimeoutError::Timeout), Some((_, since))) => {
                if !job.writes && since.elapsed() > PATIENCE {
                    break;
                }
            }
            (Err(RecvTimeoutError::Timeout), None) => {
                let fault = py.check_signals().and_then(|()| told.tell(py, &shared.progress));
                if let Err(fault) = fault {
                    shared.cancel.raise();
                    stopped = Some((fault, clock()));
                }
            }
        }
    }
    Err(stopped.map_or_else(|| PyRuntimeError::new_err("stopped"), |(fault, _)| fault))
}

/// What a panic says.
fn words(panic: &(dyn Any + Send)) -> String {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
    format!("a fault in Tamarisk itself: {said}")
}
