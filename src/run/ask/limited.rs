//! Explanations that list the strongest incidents and sum up the others.

use super::{Explanation, WhatIf};
use serde::Serialize;

/// Incidents that are not listed one by one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rest {
    /// How many there are.
    pub count: usize,
    /// Points of the score, together.
    pub contribution: f64,
}

impl Explanation {
    /// The same with so many incidents at most, the strongest; all without a number. The rest is summed up.
    #[must_use]
    pub fn limited(mut self, most: Option<usize>) -> Self {
        let security = &mut self.security;
        if let Some(most) = most.filter(|most| *most < security.contributions.len()) {
            let rest = security.contributions.split_off(most);
            let contribution = rest.iter().map(|one| one.contribution).sum();
            security.rest = Some(Rest { count: rest.len(), contribution });
        }
        self
    }
}

impl WhatIf {
    /// The same with so many incidents at most on both sides.
    #[must_use]
    pub fn limited(self, most: Option<usize>) -> Self {
        Self { before: self.before.limited(most), after: self.after.limited(most) }
    }
}
