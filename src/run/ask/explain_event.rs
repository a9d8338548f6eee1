//! The probability of the event of a calibration, as explanations have it.

use crate::layers::Scored;
use crate::layers::columns::event_column;
use crate::run::{Case, Sites};
use serde::Serialize;

/// The probability of the event of a calibration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventExplanation {
    /// The column of the layer `sites` that has it, such as `p_event_25km_365d`.
    pub column: String,
    /// The probability, 0 to 1.
    pub probability: f64,
    /// What of, and what it was fitted to, in a few sentences.
    pub explanation: String,
}

impl EventExplanation {
    /// That of a scored site of a case.
    pub(super) fn of(case: &Case, sites: &Sites, scored: &Scored) -> Option<Self> {
        let context = case.context_of(sites);
        Some(Self {
            column: event_column(&case.calibration.as_ref()?.event),
            probability: context.event_probability(scored)?,
            explanation: context.event_sentence(scored)?,
        })
    }
}
