//! What a hindcast found, in sentences.

use super::{
    Against, Estimate, FEW_ORIGINS, FEW_POSITIVES, Hindcast, Judged, Label, Tally, Warning,
};
use crate::float::of_count;
use crate::scoring::thousands;

impl Hindcast {
    /// How the first scheme stands against counting, for a label: one sentence.
    pub fn conclusion(&self, judged: &Judged) -> String {
        let name = self.schemes.first().map_or("", |scheme| scheme.name.as_str());
        let Some(standing) = &judged.standing else {
            return format!("The scheme \"{name}\" cannot be judged: {}.", self.why_not(judged));
        };
        let count = standing.count.name(&self.schemes);
        let verdict = match standing.outcome {
            Against::Beats => format!("beats counting ({count})"),
            Against::Loses => format!("loses against counting ({count})"),
            Against::Ties => format!("ties with counting ({count})"),
            Against::Differs => {
                format!("is better than counting ({count}) by one measure and worse by the other")
            }
        };
        let compared = |what: &str, [own, less]: &[Estimate; 2]| {
            let other = own.value - less.value;
            format!("{what} {:.3} against {other:.3}, difference {}", own.value, signed(less))
        };
        format!(
            "The scheme \"{name}\" {verdict}: {}; {}.",
            compared("ROC AUC", &standing.roc_auc),
            compared("average precision", &standing.average_precision)
        )
    }

    /// Why a label cannot be judged.
    fn why_not(&self, judged: &Judged) -> &'static str {
        let Tally { counted, positives, .. } = judged.tally();
        if counted == 0 {
            "no site counts at any origin"
        } else if positives == 0 {
            "nothing happened"
        } else if positives == counted {
            "something happened at every site"
        } else {
            "the resamples hold one kind alone"
        }
    }

    /// What was looked at for a label, in a line.
    pub fn told(&self, judged: &Judged) -> String {
        let Tally { counted, positives, without_score, not_covered } = judged.tally();
        let count = |count: usize| thousands(i64::try_from(count).unwrap_or(i64::MAX));
        let share = match counted {
            0 => String::new(),
            _ => format!(" ({:.1} %)", 100.0 * of_count(positives) / of_count(counted)),
        };
        let sites = self.sites.list.len();
        let mut text = format!(
            "{} {} at {} {}: {} counted, {} positive{share}",
            count(sites),
            if sites == 1 { "site" } else { "sites" },
            self.origins.len(),
            if self.origins.len() == 1 { "origin" } else { "origins" },
            count(counted),
            count(positives),
        );
        for (aside, why) in [
            (without_score, "without a score"),
            (not_covered, "not covered to the end of the horizon"),
        ] {
            if aside > 0 {
                text.push_str(&format!(", {} set aside {why}", count(aside)));
            }
        }
        text
    }

    /// A warning as a sentence, without a full stop.
    pub fn warning(&self, warning: Warning) -> String {
        match warning {
            Warning::FewOrigins(origins) => format!(
                "{origins} {}, fewer than {FEW_ORIGINS}: the intervals hardly tell good years from bad ones",
                if origins == 1 { "origin" } else { "origins" }
            ),
            Warning::FewPositives { label, positives } => {
                let label = self.labels.get(label).map(Label::to_string).unwrap_or_default();
                format!(
                    "{label}: {positives} positive, fewer than {FEW_POSITIVES}: no measure is worth much"
                )
            }
        }
    }
}

/// A difference with its interval: `-0.009 (-0.030 to 0.012)`.
fn signed(estimate: &Estimate) -> String {
    let number = |number: f64| {
        let text = format!("{number:+.3}");
        // No sign before nothing.
        if text == "+0.000" || text == "-0.000" { "0.000".to_owned() } else { text }
    };
    match estimate.interval {
        Some([lo, hi]) => format!("{} ({} to {})", number(estimate.value), number(lo), number(hi)),
        None => number(estimate.value),
    }
}
