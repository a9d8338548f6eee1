//! The log of a batch: a line for each thing that a run did, with the time. It is the only place where a batch tells a
//! time.

use super::terminal::{Terminal, cell};
use crate::Result;
use crate::run::Watch;
use crate::run::batch::Plan;
use crate::sinks::place::{Appended, InputFiles};
use jiff::Timestamp;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// A log, if one is kept.
pub struct Log {
    file: Option<Appended>,
    failed: AtomicBool,
}

/// The progress of a batch, which is told to its log as well.
pub struct Logged<'a, W> {
    pub watch: &'a W,
    pub log: &'a Log,
}

impl Log {
    /// Opens the log of a plan, and tells that a run begins.
    pub fn open(path: Option<&Path>, plan: &Plan) -> Result<Self> {
        let sources = plan.regions.iter().flat_map(|region| region.inputs.sources());
        let inputs = InputFiles::new(sources.filter_map(|(_, _, source)| source.as_path()));
        let file = path.map(|path| Appended::open(path, &inputs, is_log)).transpose()?;
        let log = Self { file, failed: AtomicBool::new(false) };
        if let Some(file) = &log.file {
            file.line(&line(&format!("began {}", plan.name)))?;
        }
        Ok(log)
    }

    /// Adds a line.
    pub fn add(&self, text: &str) {
        let Some(file) = &self.file else { return };
        if file.line(&line(text)).is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
    }

    /// Tells the user if lines are missing.
    pub fn check(&self, terminal: &Terminal) {
        if self.failed.load(Ordering::Relaxed) {
            terminal.fault("the log cannot be written; lines of it are missing");
        }
    }
}

impl<W: Watch> Watch for Logged<'_, W> {
    fn stage(&self, what: &str, steps: Option<u64>) {
        self.watch.stage(what, steps);
    }

    fn advance(&self, steps: u64) {
        self.watch.advance(steps);
    }

    fn told(&self, what: &str) {
        self.log.add(what);
    }
}

/// A line as `2026-11-28T14:02:05Z written East/default/2024-04-30`.
fn line(text: &str) -> String {
    format!("{} {}", now(), cell(text))
}

/// The time in whole seconds.
#[expect(clippy::disallowed_methods, reason = "no output but the log depends on it")]
fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Whether a file begins with a line of a log.
fn is_log(head: &[u8]) -> bool {
    let form = b"0000-00-00T00:00:00Z began ";
    let fits =
        |(byte, of): (&u8, &u8)| if *of == b'0' { byte.is_ascii_digit() } else { byte == of };
    head.len() >= form.len() && head.iter().zip(form).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_known_by_its_first_line() {
        assert!(is_log(line("began Mali").as_bytes()));
        assert!(!is_log(b"id,name,lon,lat\na,A,1,2\nmore and more of it"));
        assert!(!is_log(b"2026"));
    }
}
