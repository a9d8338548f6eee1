//! Timing of runs, and the rows that record them.

use crate::machine::memory_mb;
use serde::{Deserialize, Serialize};
use std::time::Instant;

/// One row of the table: one workload run by one program, in a separate process.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Row {
    pub workload: String,
    pub who: String,
    pub threads: usize,
    /// The median of the runs, from data in memory to results in memory, including index
    /// construction; `w5`, `growth` and `end-to-end` from files to files.
    pub seconds: f64,
    /// Peak memory of the process, including its input.
    pub peak_mb: f64,
    /// A short text that is equal for equal answers.
    pub check: String,
    /// Times of all runs.
    pub runs: Vec<f64>,
    /// The subset that was run if the whole would take minutes; the time of the rest is
    /// extrapolated.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub extrapolated_from: Option<String>,
    /// Tamarisk's answer for that subset, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub check_of_tamarisk: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

/// The parameters of a workload.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    scale: f64,
}

impl Size {
    pub fn new(scale: f64) -> Self {
        Self { scale }
    }

    /// Scales a number of items at full size.
    pub fn of(self, full: usize) -> usize {
        ((full as f64 * self.scale).round() as usize).max(1)
    }
}

/// The time of a run: the part that is done once, and the part that is done for each site.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    pub once: f64,
    pub each: f64,
}

/// Times two steps; the second gets the result of the first.
pub fn timed<A, B>(once: impl FnOnce() -> A, each: impl FnOnce(A) -> B) -> (Spent, B) {
    let start = Instant::now();
    let made = once();
    let built = start.elapsed().as_secs_f64();
    let answer = each(made);
    (Spent { once: built, each: start.elapsed().as_secs_f64() - built }, answer)
}

/// Runs something three times, or fewer if that takes more than six seconds in total.
pub fn repeat<T>(mut run: impl FnMut() -> (Spent, T)) -> (Vec<Spent>, T) {
    let start = Instant::now();
    let mut all = Vec::new();
    loop {
        let (spent, answer) = run();
        all.push(spent);
        if all.len() == 3 || start.elapsed().as_secs_f64() > 6.0 {
            return (all, answer);
        }
    }
}

/// Creates a row from runs over `part` of `whole` sites.
pub fn row(spent: &[Spent], (part, whole): (usize, usize), things: &str, check: String) -> Row {
    let share = whole as f64 / part as f64;
    let runs: Vec<f64> = spent.iter().map(|spent| milli(spent.once + spent.each * share)).collect();
    Row {
        threads: rayon::current_num_threads(),
        seconds: median(&runs),
        peak_mb: peak_mb(),
        check,
        runs,
        extrapolated_from: (part < whole).then(|| format!("{part} of {whole} {things}")),
        ..Row::default()
    }
}

pub fn median(runs: &[f64]) -> f64 {
    let mut sorted = runs.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() - 1) / 2]
}

pub fn milli(seconds: f64) -> f64 {
    (seconds * 1e4).round() / 1e4
}

/// Returns the peak memory of this process as the system reports it; 0 if it does not.
pub fn peak_mb() -> f64 {
    memory_mb("self", "VmHWM").unwrap_or(0.0)
}
