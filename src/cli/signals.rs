//! Signals: interruption (Ctrl-C, SIGTERM) and the limit of file sizes (SIGXFSZ).

use super::CANCEL;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether this run writes files.
static WRITES: AtomicBool = AtomicBool::new(false);

/// Hears Ctrl-C and a polite end from now on. A run that `writes` is never ended without tidying up.
pub fn hear(writes: bool) {
    // Known before the handler is.
    WRITES.store(writes, Ordering::SeqCst);
    // Without a handler Ctrl-C still ends the program, and stale files are swept by the next run.
    let _ = ctrlc::set_handler(stop);
}

/// Ends the program at once if nothing is being written, even while it waits for standard input. A run that
/// writes is asked to stop first; a second signal ends it at once.
fn stop() {
    if CANCEL.is_raised() || !WRITES.load(Ordering::SeqCst) {
        std::process::exit(130);
    }
    CANCEL.raise();
}

/// Lets a write past the limit of file sizes (`ulimit -f`) fail as one on a full disk does. The signal
/// that the system sends with it would end the program at once and leave half a file behind; a handler
/// that only raises a flag lets the write come back with its error.
pub fn outlive_file_limit() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(SIGXFSZ, std::sync::Arc::new(AtomicBool::new(false)));
}

/// The signal of a file past its limit, as POSIX names it; the same number on Linux, macOS and BSD.
#[cfg(unix)]
const SIGXFSZ: std::ffi::c_int = 25;
