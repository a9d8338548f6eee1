//! Why most sites have no environment score, told once for all of them, and what would bring one.

use crate::layers::Scored;
use crate::model::ReceptorKind;
use crate::run::Case;
use crate::scoring::IndicatorCode;

/// What is said where most sites have no environment score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingEnvironment {
    /// At how many sites, how much is known, how much is needed, and what is missing.
    pub text: String,
    /// The settings that would bring what is missing, between marks that [`Face::words`](crate::Face::words) spells.
    pub hint: String,
}

impl MissingEnvironment {
    /// Both, as one note.
    pub fn note(&self) -> String {
        format!("{}\n    hint: {}", self.text, self.hint)
    }
}

/// Why sites have no environment score; `None` where the scheme has none or most sites have one.
pub fn missing_environment(case: &Case, scored: &[Scored]) -> Option<MissingEnvironment> {
    let scheme = &case.scheme.environment;
    let without: Vec<&Scored> =
        scored.iter().filter(|one| one.risk.environment.score.is_none()).collect();
    if !scheme.enabled || without.is_empty() || 2 * without.len() <= scored.len() {
        return None;
    }
    let known = without.iter().map(|one| percent(one.risk.environment.coverage));
    let (least, most) = (known.clone().min()?, known.max()?);
    let known = if least == most { format!("{most} %") } else { format!("{least} to {most} %") };
    // In the scheme's order, the heaviest first.
    let mut missing: Vec<(IndicatorCode, f64, usize)> = Vec::new();
    for indicator in without.iter().flat_map(|one| &one.risk.environment.indicators) {
        if indicator.value.is_some() || indicator.weight <= 0.0 {
            continue;
        }
        match missing.iter_mut().find(|(code, ..)| *code == indicator.code) {
            Some((.., sites)) => *sites += 1,
            None => missing.push((indicator.code, indicator.weight, 1)),
        }
    }
    missing.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let named = missing.iter().map(|(code, weight, sites)| {
        let share = percent(*weight);
        if *sites == without.len() {
            format!("{} ({share} %)", code.label())
        } else {
            format!("{} ({share} %, at {sites} of them)", code.label())
        }
    });
    let text = format!(
        "environment: no score at {} of {} sites; {known} of the weights known, {} % needed; missing: {}",
        without.len(),
        scored.len(),
        percent(scheme.minimum_coverage),
        named.collect::<Vec<_>>().join(", ")
    );
    let codes = missing.iter().map(|(code, ..)| *code);
    Some(MissingEnvironment { text, hint: hint(case, scored, codes) })
}

/// The settings that bring indicators: a file of what was not given, or the word that a file which was given
/// holds all there is.
fn hint(case: &Case, scored: &[Scored], missing: impl Iterator<Item = IndicatorCode>) -> String {
    let given = |kind: &ReceptorKind| {
        scored.iter().any(|one| one.quantities.environment.nearby.contains_key(kind))
    };
    let (mut bring, mut declare) = (Vec::new(), Vec::new());
    let mut accidents = false;
    for code in missing {
        let kinds = kinds(code);
        let known: Vec<&str> = kinds.iter().filter(|k| given(k)).map(|k| k.word()).collect();
        match kinds.first() {
            None => accidents = true,
            // Nothing within reach of a site tells how short its water is.
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
        said.push(format!("say ⟦complete={}⟧ if the files hold all there are", declare.join(",")));
    }
    said.join("; ")
}

/// The kinds of receptors that an indicator is read from; none for accidents, which are incidents.
fn kinds(code: IndicatorCode) -> &'static [ReceptorKind] {
    match code {
        IndicatorCode::SensitiveAreas => &[ReceptorKind::SensitiveAreas],
        IndicatorCode::WaterStress => &[ReceptorKind::WaterStress],
        IndicatorCode::Seismic => &[ReceptorKind::Earthquakes],
        IndicatorCode::Rivers => &[ReceptorKind::Rivers, ReceptorKind::WaterBodies],
        IndicatorCode::Accidents => &[],
        IndicatorCode::People => &[ReceptorKind::Settlements],
    }
}

/// A share in percent.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share from 0 to 1")]
fn percent(share: f64) -> u32 {
    (100.0 * share).round() as u32
}
