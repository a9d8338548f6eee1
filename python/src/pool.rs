//! Threads: a pool for each process and number of threads.
//!
//! A forked child has the memory of its parent but not the parent's threads, so a pool made before would wait for ever.
//! Pools are therefore looked up by the id of the process. One of another process is forgotten, not dropped, since
//! dropping it would talk to threads that are not there.

use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::{Arc, Mutex};
use tamarisk::{Code, Error, Result};

/// Memory for the stack of each thread: as much as a program's first thread usually has.
const STACK: usize = 8 << 20;

/// The pools of a process, with the number of threads that was asked for; 0 is one for each core.
struct Pools {
    process: u32,
    pools: Vec<(usize, Arc<ThreadPool>)>,
}

static POOLS: Mutex<Pools> = Mutex::new(Pools { process: 0, pools: Vec::new() });

/// The pool of a number of threads in this process.
///
/// # Errors
/// The threads cannot be started.
pub fn of(threads: Option<usize>) -> Result<Arc<ThreadPool>> {
    let count = threads.unwrap_or(0);
    // The lock may have been held by a thread of the parent when it forked: then this call has a pool of its own.
    let Ok(mut pools) = POOLS.try_lock() else { return make(count) };
    let process = std::process::id();
    if pools.process != process {
        pools.process = process;
        std::mem::forget(std::mem::take(&mut pools.pools));
    }
    if let Some((_, pool)) = pools.pools.iter().find(|(of, _)| *of == count) {
        return Ok(Arc::clone(pool));
    }
    let pool = make(count)?;
    pools.pools.push((count, Arc::clone(&pool)));
    Ok(pool)
}

fn make(count: usize) -> Result<Arc<ThreadPool>> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(count)
        .stack_size(STACK)
        .thread_name(|number| format!("tamarisk-{number}"))
        .build();
    pool.map(Arc::new).map_err(|error| match count {
        0 => Error::output(Code::OutputFailed, format!("no threads can be started: {error}")),
        _ => Error::usage(Code::SettingInvalid, format!("threads={count}: {error}")),
    })
}
