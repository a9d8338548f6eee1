//! What is measured and for how long, from the environment.

use std::time::Duration;

/// The settings of a run.
pub struct Settings {
    /// The share of the full size of the data.
    pub scale: f64,
    /// How long each question is asked at a time.
    pub time: Duration,
    /// Whether other servers are asked.
    pub peers: bool,
    /// Whether the document gets the tables.
    pub bless: bool,
    only: Vec<String>,
}

impl Settings {
    pub fn read() -> Self {
        let text = |name: &str| std::env::var(name).unwrap_or_default();
        let is_one = |name: &str| text(name) == "1";
        Self {
            scale: text("SCALE").parse().unwrap_or(1.0),
            time: Duration::from_secs(text("SECONDS").parse().unwrap_or(10).max(1)),
            peers: is_one("PEERS"),
            bless: is_one("BLESS"),
            only: text("ONLY")
                .split(',')
                .filter(|key| !key.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }

    /// Whether a question is asked.
    pub fn selects(&self, key: &str) -> bool {
        let selects = |only: &String| key == only || key.starts_with(&format!("{only}-"));
        self.only.is_empty() || self.only.iter().any(selects)
    }

    /// Whether all questions are asked of all the data.
    pub fn is_whole(&self) -> bool {
        self.scale == 1.0 && self.only.is_empty()
    }

    /// Scales a number of items at full size.
    pub fn of(&self, full: usize) -> usize {
        ((full as f64 * self.scale).round() as usize).max(1)
    }
}
