//! The log on standard error. Coordinates of questions are secrets of those who ask: without being told to, it has the
//! path of a request and never its parameters.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes a line. Nothing can be done where even that fails.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes the cause of a fault of the program and returns the id under which it stands.
pub fn fault(cause: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let id = format!("{:x}-{count}", std::process::id());
    line(&format!("fault {id}: {cause}"));
    id
}
