//! Progress of long work on standard error: bars where a terminal shows them, or lines for a program.

use super::lines::Line;
use crate::run::Watch;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How progress is shown: one stage at a time.
#[derive(Debug)]
pub enum Progress {
    Hidden,
    Bar(Mutex<ProgressBar>),
    Lines(Mutex<Option<Stage>>),
}

/// At most ten lines a second, besides the first and the last of each stage.
const BETWEEN_LINES: Duration = Duration::from_millis(100);

/// The stage under way, told in lines.
#[derive(Debug)]
pub struct Stage {
    what: String,
    done: u64,
    total: Option<u64>,
    told: u64,
    at: Instant,
}

impl Stage {
    /// A stage that begins, which is told.
    fn begin(what: &str, total: Option<u64>) -> Self {
        let begun = Self { what: what.to_owned(), done: 0, total, told: 0, at: now() };
        begun.print();
        begun
    }

    fn print(&self) {
        Line::Stage { stage: &self.what, done: self.done, total: self.total }.print();
    }

    fn tell(&mut self) {
        if self.told != self.done {
            self.print();
            self.told = self.done;
            self.at = now();
        }
    }

    fn advance(&mut self, steps: u64) {
        self.done = self.done.saturating_add(steps);
        if self.at.elapsed() >= BETWEEN_LINES {
            self.tell();
        }
    }
}

/// The time now. It sets the pace of lines and reaches no output.
#[expect(clippy::disallowed_methods, reason = "progress is told as time passes")]
fn now() -> Instant {
    Instant::now()
}

/// What a lock holds: a bar or a stage behind a poisoned lock still is one.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Progress {
    /// Bars on a terminal.
    pub fn bar() -> Self {
        Self::Bar(Mutex::new(ProgressBar::hidden()))
    }

    /// Lines of JSON.
    pub fn lines() -> Self {
        Self::Lines(Mutex::new(None))
    }

    /// Takes the bar away, or tells how far the last stage came.
    pub fn finish(&self) {
        match self {
            Self::Hidden => {}
            Self::Bar(bar) => held(bar).finish_and_clear(),
            Self::Lines(stage) => {
                if let Some(mut last) = held(stage).take() {
                    last.tell();
                }
            }
        }
    }
}

impl Watch for Progress {
    fn stage(&self, what: &str, steps: Option<u64>) {
        match self {
            Self::Hidden => {}
            Self::Bar(bar) => {
                let mut bar = held(bar);
                bar.finish_and_clear();
                *bar = drawn(what, steps);
            }
            Self::Lines(stage) => {
                let mut stage = held(stage);
                if let Some(mut last) = stage.take() {
                    last.tell();
                }
                *stage = Some(Stage::begin(what, steps));
            }
        }
    }

    fn advance(&self, steps: u64) {
        match self {
            Self::Hidden => {}
            Self::Bar(bar) => held(bar).inc(steps),
            Self::Lines(stage) => {
                if let Some(stage) = held(stage).as_mut() {
                    stage.advance(steps);
                }
            }
        }
    }
}

/// The bar of a stage, or a mark that turns where its length is not known.
fn drawn(what: &str, steps: Option<u64>) -> ProgressBar {
    let bar = match steps {
        Some(steps) => ProgressBar::new(steps).with_style(
            ProgressStyle::with_template("{msg:10} [{bar:40}] {pos}/{len} {eta} left")
                .map_or_else(|_| ProgressStyle::default_bar(), |s| s.progress_chars("=> ")),
        ),
        None => ProgressBar::new_spinner(),
    };
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}
