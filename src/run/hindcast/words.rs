//! What a hindcast found, in sentences.

use super::{
    Against, Calibrated, Estimate, FEW_ORIGINS, FEW_POSITIVES, Hindcast, Judged, Label, Tally,
    Warning,
};
use crate::float::of_count;
use crate::layers::columns::event_column;
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

    /// What the calibration came to, in a sentence; empty without one.
    pub fn calibration_words(&self) -> String {
        let Some(Calibrated { calibration, judged, brier_skill, .. }) = &self.calibrated else {
            return String::new();
        };
        let column = event_column(&calibration.event);
        let skill = match brier_skill {
            Some(skill) => {
                let interval = skill.interval.map(|[lo, hi]| format!(" ({lo:.3} to {hi:.3})"));
                format!(
                    "fits to earlier origins had a Brier skill of {:.3}{} at {judged} later ones",
                    skill.value,
                    interval.unwrap_or_default()
                )
            }
            None => "there are too few origins to judge fits to earlier ones".to_owned(),
        };
        format!("Calibrated as {column}: {skill}.")
    }

    /// What tuning came to, in a few sentences; empty without it.
    pub fn tuned_words(&self) -> String {
        let Some(tuned) = &self.tuned else { return String::new() };
        let name = self.schemes.first().map_or("", |scheme| scheme.name.as_str());
        let [earlier, later] = tuned.origins;
        let tried = tuned.scales_km.len() * tuned.half_lives_days.len();
        let Some([scale, life]) = tuned.settings() else {
            return format!(
                "None of {tried} settings can be judged on the {earlier} earlier origins."
            );
        };
        let scale = scale.map(|km| format!("one scale of {km} km"));
        let life = life.map(|days| format!("a half-life of {days} days"));
        let settings: Vec<String> = scale.into_iter().chain(life).collect();
        let [row, column] = tuned.chosen.unwrap_or_default();
        let best = tuned.grid.get(row).and_then(|areas| areas.get(column)).copied().flatten();
        let area = |area: Option<f64>| area.map_or("-".to_owned(), |area| format!("{area:.3}"));
        let outcome = match &tuned.difference {
            None => "it cannot be judged there, so nothing is recommended".to_owned(),
            Some(of) => {
                let so = match of.interval {
                    Some([lo, _]) if lo > 0.0 => "above 0, so it is recommended",
                    Some([_, hi]) if hi < 0.0 => "below 0, so nothing is recommended",
                    _ => "the interval holds 0, so nothing is recommended",
                };
                format!("the difference is {}: {so}", signed(of))
            }
        };
        format!(
            "Tuning: of {tried} settings {} did best on the {earlier} earlier origins (mean of both areas {}, the scheme \
             \"{name}\" {}). On the {later} later ones {outcome}.",
            settings.join(" with "),
            area(best),
            area(tuned.own)
        )
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
