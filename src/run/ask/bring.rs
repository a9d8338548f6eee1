//! The inputs that would make an indicator of the environment known.

use crate::model::ReceptorKind;
use crate::run::Case;
use crate::scoring::IndicatorCode;
use std::collections::BTreeSet;

/// What a user can do about indicators of which nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bring {
    /// Files and columns that are not given yet, marked up for [`Face::words`](crate::Face::words).
    files: Vec<String>,
    /// Kinds whose files may be declared complete.
    complete: BTreeSet<ReceptorKind>,
}

impl Bring {
    /// Adds what would make an indicator known.
    pub fn add(&mut self, case: &Case, code: IndicatorCode) {
        let given = |kind: &ReceptorKind| case.receptors.kinds().any(|one| one == *kind);
        let kinds = kinds(code);
        let known: Vec<ReceptorKind> = kinds.iter().copied().filter(given).collect();
        if !known.is_empty() && can_be_declared(code) {
            self.complete.extend(known);
            return;
        }
        let file = |kind: ReceptorKind| format!("⟦receptors={}=FILE⟧", kind.word());
        let more: Vec<String> = match code {
            IndicatorCode::Accidents => {
                let these = if case.accidents.is_some() { " of these countries" } else { "" };
                vec![format!("⟦incidents=FILE⟧ with accidents or spills{these}")]
            }
            IndicatorCode::Species => vec![raster("species")],
            IndicatorCode::Habitat => vec![raster("habitat")],
            IndicatorCode::Flood => vec![raster("flood")],
            IndicatorCode::Outburst => vec![raster("outburst")],
            // A network that has no river near the site is not mended by another file.
            IndicatorCode::Downstream if has_direction(case) => Vec::new(),
            IndicatorCode::Downstream => {
                let rivers = format!("{} with next_id", file(ReceptorKind::Rivers));
                let settlements = !given(&ReceptorKind::Settlements);
                let settlements = settlements.then(|| file(ReceptorKind::Settlements));
                std::iter::once(rivers).chain(settlements).collect()
            }
            IndicatorCode::Tailings => {
                let word = ReceptorKind::Tailings.word();
                vec![format!("⟦receptors={word}=FILE⟧ or tailings_class of the sites")]
            }
            _ => kinds.first().map(|kind| file(*kind)).into_iter().collect(),
        };
        for one in more {
            if !self.files.contains(&one) {
                self.files.push(one);
            }
        }
    }

    /// As one text, marked up; empty if nothing helps.
    pub fn words(&self) -> String {
        let mut said = Vec::new();
        if !self.files.is_empty() {
            said.push(format!("bring {}", self.files.join(", ")));
        }
        if !self.complete.is_empty() {
            let kinds: Vec<&str> = self.complete.iter().map(|kind| kind.word()).collect();
            said.push(format!("give ⟦complete={}⟧ if the files are complete", kinds.join(",")));
        }
        said.join("; ")
    }
}

/// Whether the rivers of a case say into which reach they flow.
fn has_direction(case: &Case) -> bool {
    case.receptors.list().iter().any(|receptor| receptor.next_down.is_some())
}

fn raster(name: &str) -> String {
    format!("⟦rasters={name}=FILE⟧")
}

/// Whether declaring the layer of an indicator complete makes it known where it shows nothing.
fn can_be_declared(code: IndicatorCode) -> bool {
    matches!(
        code,
        IndicatorCode::SensitiveAreas
            | IndicatorCode::Seismic
            | IndicatorCode::WaterNearby
            | IndicatorCode::People
            | IndicatorCode::Tailings
    )
}

/// The receptor kinds that an indicator reads; none for accidents, which are incidents, and for rasters.
fn kinds(code: IndicatorCode) -> &'static [ReceptorKind] {
    match code {
        IndicatorCode::SensitiveAreas => &[ReceptorKind::SensitiveAreas],
        IndicatorCode::WaterStress => &[ReceptorKind::WaterStress],
        IndicatorCode::Seismic => &[ReceptorKind::Earthquakes],
        IndicatorCode::WaterNearby => &[ReceptorKind::Rivers, ReceptorKind::WaterBodies],
        IndicatorCode::People => &[ReceptorKind::Settlements],
        IndicatorCode::Tailings => &[ReceptorKind::Tailings],
        IndicatorCode::Downstream
        | IndicatorCode::Accidents
        | IndicatorCode::Species
        | IndicatorCode::Habitat
        | IndicatorCode::Flood
        | IndicatorCode::Outburst => &[],
    }
}
