//! One note on why most sites have no environment score, and which inputs would give them one.

use crate::layers::Scored;
use crate::model::ReceptorKind;
use crate::run::Case;
use crate::scoring::{EnvironmentRisk, IndicatorCode};
use std::collections::BTreeSet;

/// The note for runs in which most sites have no environment score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingEnvironment {
    /// The number of sites, the known and required shares of the weights, and what is missing.
    pub text: String,
    /// The settings that would add what is missing, marked up for [`Face::words`](crate::Face::words).
    pub hint: String,
}

impl MissingEnvironment {
    /// Text and hint as one note.
    pub fn note(&self) -> String {
        format!("{}\n    hint: {}", self.text, self.hint)
    }
}

/// Statistics on the environment scores of sites, collected during scoring.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownEnvironment {
    scored: usize,
    /// The number of sites without a score.
    without: usize,
    /// The least and the greatest known share of the weights among those sites, in percent.
    known: Option<(u32, u32)>,
    /// The indicators missing at those sites, each with its weight and the number of sites.
    missing: Vec<(IndicatorCode, f64, usize)>,
    /// The receptor kinds of the run.
    given: BTreeSet<ReceptorKind>,
}

impl KnownEnvironment {
    /// Adds sites.
    pub fn add(&mut self, scored: &[Scored]) {
        self.scored += scored.len();
        for one in scored {
            let nearby = &one.quantities.environment.nearby;
            if !nearby.keys().all(|kind| self.given.contains(kind)) {
                self.given.extend(nearby.keys());
            }
            if one.risk.environment.score.is_none() {
                self.lacks(&one.risk.environment);
            }
        }
    }

    fn lacks(&mut self, environment: &EnvironmentRisk) {
        self.without += 1;
        let share = percent(environment.coverage);
        let (least, most) = self.known.unwrap_or((share, share));
        self.known = Some((least.min(share), most.max(share)));
        for indicator in &environment.indicators {
            if indicator.value.is_some() || indicator.weight <= 0.0 {
                continue;
            }
            match self.missing.iter_mut().find(|(code, ..)| *code == indicator.code) {
                Some((.., sites)) => *sites += 1,
                None => self.missing.push((indicator.code, indicator.weight, 1)),
            }
        }
    }
}

/// Why sites have no environment score; `None` if the scheme has none or most sites have one.
pub fn missing_environment(case: &Case, scored: &[Scored]) -> Option<MissingEnvironment> {
    let mut known = KnownEnvironment::default();
    known.add(scored);
    of(case, &known)
}

/// Like [`missing_environment`], from collected statistics.
pub(super) fn of(case: &Case, environment: &KnownEnvironment) -> Option<MissingEnvironment> {
    let scheme = &case.scheme.environment;
    let KnownEnvironment { scored, without, .. } = *environment;
    if !scheme.enabled || without == 0 || 2 * without <= scored {
        return None;
    }
    let (least, most) = environment.known?;
    let known = if least == most { format!("{most} %") } else { format!("{least} to {most} %") };
    // By descending weight, ties by code.
    let mut missing = environment.missing.clone();
    missing.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let named = missing.iter().map(|(code, weight, sites)| {
        let share = percent(*weight);
        if *sites == without {
            format!("{} ({share} %)", code.label())
        } else {
            format!("{} ({share} %, at {sites} of them)", code.label())
        }
    });
    let text = format!(
        "environment: no score at {} of {} sites; {known} of the weights known, {} % needed; missing: {}",
        without,
        scored,
        percent(scheme.minimum_coverage),
        named.collect::<Vec<_>>().join(", ")
    );
    let codes = missing.iter().map(|(code, ..)| *code);
    Some(MissingEnvironment { text, hint: hint(case, &environment.given, codes) })
}

/// The settings that add indicators: a file for a missing kind, or the declaration that a given file is complete.
fn hint(
    case: &Case,
    given: &BTreeSet<ReceptorKind>,
    missing: impl Iterator<Item = IndicatorCode>,
) -> String {
    let (mut bring, mut declare) = (Vec::new(), Vec::new());
    let mut accidents = false;
    for code in missing {
        let kinds = kinds(code);
        let known: Vec<&str> =
            kinds.iter().filter(|k| given.contains(k)).map(|k| k.word()).collect();
        match kinds.first() {
            None => accidents = true,
            // For water stress, declaring the layer complete does not help a site outside it.
            Some(first) if known.is_empty() || *first == ReceptorKind::WaterStress => {
                bring.push(format!("⟦receptors={}=FILE⟧", first.word()));
            }
            Some(_) => declare.extend(known),
        }
    }
    if accidents {
        let more = if case.accidents.is_some() { " of these countries" } else { "" };
        bring.push(format!("⟦incidents=FILE⟧ with accidents or spills{more}"));
    }
    let mut said = Vec::new();
    if !bring.is_empty() {
        said.push(format!("bring it with {}", bring.join(", ")));
    }
    if !declare.is_empty() {
        said.push(format!("give ⟦complete={}⟧ if the files are complete", declare.join(",")));
    }
    said.join("; ")
}

/// The receptor kinds that an indicator reads; none for accidents, which are incidents.
fn kinds(code: IndicatorCode) -> &'static [ReceptorKind] {
    match code {
        IndicatorCode::SensitiveAreas => &[ReceptorKind::SensitiveAreas],
        IndicatorCode::WaterStress => &[ReceptorKind::WaterStress],
        IndicatorCode::Seismic => &[ReceptorKind::Earthquakes],
        IndicatorCode::WaterNearby => &[ReceptorKind::Rivers, ReceptorKind::WaterBodies],
        IndicatorCode::Accidents => &[],
        IndicatorCode::People => &[ReceptorKind::Settlements],
        IndicatorCode::Downstream => &[ReceptorKind::Rivers],
        IndicatorCode::Tailings => &[ReceptorKind::Tailings],
        IndicatorCode::Species
        | IndicatorCode::Habitat
        | IndicatorCode::Flood
        | IndicatorCode::Outburst => &[],
    }
}

/// A share in percent.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share from 0 to 1")]
fn percent(share: f64) -> u32 {
    (100.0 * share).round() as u32
}
