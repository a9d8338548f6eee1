//! Progress bars on standard error for long work, only where a terminal shows them.

use crate::run::Watch;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Mutex;
use std::time::Duration;

/// One bar at a time, for the stage under way.
#[derive(Debug)]
pub struct Progress {
    bar: Option<Mutex<ProgressBar>>,
}

impl Progress {
    pub fn new(shown: bool) -> Self {
        Self { bar: shown.then(|| Mutex::new(ProgressBar::hidden())) }
    }

    fn with(&self, act: impl FnOnce(&mut ProgressBar)) {
        if let Some(bar) = &self.bar {
            // A bar behind a poisoned lock is still a bar.
            act(&mut bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.with(|bar| bar.finish_and_clear());
    }
}

impl Watch for Progress {
    fn stage(&self, what: &str, steps: Option<u64>) {
        self.with(|bar| {
            bar.finish_and_clear();
            *bar = match steps {
                Some(steps) => ProgressBar::new(steps).with_style(
                    ProgressStyle::with_template("{msg:10} [{bar:40}] {pos}/{len} {eta} left")
                        .map_or_else(|_| ProgressStyle::default_bar(), |s| s.progress_chars("=> ")),
                ),
                None => ProgressBar::new_spinner(),
            };
            bar.set_message(what.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
        });
    }

    fn advance(&self, steps: u64) {
        self.with(|bar| bar.inc(steps));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}
