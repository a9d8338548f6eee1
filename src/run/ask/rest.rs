//! The incidents of an explanation that are not listed one by one.

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
    /// Those with some points of the score each; `None` without any.
    pub(super) fn of(points: impl ExactSizeIterator<Item = f64>) -> Option<Self> {
        let count = points.len();
        (count > 0).then(|| Self { count, contribution: points.sum() })
    }
}
