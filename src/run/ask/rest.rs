//! The incidents of an explanation that are not listed one by one.

use super::explain::IncidentContribution;
use serde::Serialize;

/// Incidents that are not listed one by one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rest {
    /// How many there are.
    pub count: usize,
    /// Points of the score, together.
    pub contribution: f64,
}

impl Rest {
    /// What some incidents leave of a score to which `count` contribute; `None` if they are all.
    pub(super) fn of(score: f64, count: usize, listed: &[IncidentContribution]) -> Option<Self> {
        let count = count.checked_sub(listed.len()).filter(|count| *count > 0)?;
        let points: f64 = listed.iter().map(|one| one.contribution).sum();
        Some(Self { count, contribution: (score - points).max(0.0) })
    }
}
