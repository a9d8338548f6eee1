//! What is missing from the record of incidents behind a security score. Every map marks the sites of which something is:
//! their low scores may be a lack of records.

use super::{Context, Scored};
use crate::measures::Until;
use crate::scoring::Caution;

/// Something missing from the record behind a security score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordGap {
    /// The newest incident in the country is old: whether any are still collected there is not known.
    Old,
    /// Incidents were collected up to an earlier day only.
    Ended,
    /// Incidents were collected in a part of the surroundings only.
    Partly,
}

impl RecordGap {
    /// What is missing from the record behind the security score of a site, in a fixed order; nothing without a score, which
    /// has a symbol of its own.
    pub fn of(context: Context<'_>, scored: &Scored) -> Vec<Self> {
        if scored.risk.security.score.is_none() {
            return Vec::new();
        }
        let cautions = context.cautions(scored);
        let ended = matches!(context.collected_until(scored), Until::Ended(_));
        [
            (Self::Old, cautions.iter().any(|one| matches!(one, Caution::OldRecord(_)))),
            (Self::Ended, ended),
            (Self::Partly, cautions.iter().any(|one| matches!(one, Caution::PartlyCovered { .. }))),
        ]
        .into_iter()
        .filter_map(|(gap, holds)| holds.then_some(gap))
        .collect()
    }

    /// Whether a map marks a site.
    pub fn is_any(context: Context<'_>, scored: &Scored) -> bool {
        !Self::of(context, scored).is_empty()
    }

    /// The words in columns.
    pub fn word(self) -> &'static str {
        match self {
            Self::Old => "old record",
            Self::Ended => "record ended",
            Self::Partly => "partly covered",
        }
    }

    /// What the mark means, in a sentence, for maps whose legends show what lies on them alone.
    pub const SENTENCE: &'static str =
        "A dot inside the symbol of a site: its record of incidents is old, ended or partial.";

    /// What legends call the mark.
    pub const LABEL: &'static str = "Dot inside: old, ended or partial record";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_labels_of_the_cautions_that_say_the_same() {
        let within = crate::earth::Length::ZERO;
        let partly = Caution::PartlyCovered { share: 0.5, within, of_land: true };
        assert_eq!(RecordGap::Partly.word(), partly.label());
    }
}
