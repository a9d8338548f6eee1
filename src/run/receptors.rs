//! The receptors of a case: those at its as-of date, and the kinds that are declared complete.

use super::usage::{Use, is_after};
use super::world::World;
use crate::earth::Shape;
use crate::measures::{FlowFault, Receptors};
use crate::model::{
    DateSpan, Domain, Finding, Findings, Incident, Place, Receptor, ReceptorKind, Tailings, Verdict,
};
use crate::{Code, Error, Result};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The receptors at a date, including the earthquakes among the incidents. Later ones are left out and counted.
pub(super) fn receptors_at(
    world: &World,
    uses: &[Use],
    as_of: Option<Date>,
    findings: &mut Findings,
) -> (Receptors, u64) {
    let after = |receptor: &Receptor| is_after(receptor, as_of);
    let mut count = 0;
    for Receptor { file, place, id, date, .. } in world.receptors.iter().filter(|r| after(r)) {
        findings.push(after_as_of(file, place, id, *date, as_of));
        count += 1;
    }
    let used = world.incidents.iter().zip(uses).filter(|(_, usage)| **usage == Use::Used);
    let among: Vec<Receptor> = used.filter_map(|(incident, _)| earthquake(incident)).collect();
    let all = world.indexed_receptors();
    if count == 0 && among.is_empty() {
        return (all.clone(), 0);
    }
    (all.changed(|receptor| !after(receptor), among), count)
}

/// Adds a finding for each reach at which the courses of rivers end although its source names a next one.
pub(super) fn flow_findings(receptors: &Receptors, findings: &mut Findings) {
    for (index, fault) in receptors.flow_faults() {
        let Some(reach) = receptors.list().get(index) else { continue };
        let why = match fault {
            FlowFault::NoSuchReach => "is the id of no river; its course ends there".to_owned(),
            FlowFault::NoLine => {
                "is the id of a river that is not a line; its course ends there".to_owned()
            }
            FlowFault::Circle(1) => {
                "is the id of the reach itself; its course ends there".to_owned()
            }
            FlowFault::Circle(many) => {
                format!(
                    "leads back to the same reach by {many} reaches; a course ends after one turn"
                )
            }
        };
        findings.push(Finding {
            code: Code::ValueDoubtful,
            file: Arc::clone(&reach.file),
            place: reach.place.clone(),
            id: Some(reach.id.clone()),
            field: Some("next_id".into()),
            value: reach.next_down.as_deref().map(str::to_owned),
            why,
            verdict: Verdict::Noted,
        });
    }
}

pub(super) fn after_as_of(
    file: &Arc<str>,
    place: &Place,
    id: &str,
    date: Option<DateSpan>,
    as_of: Option<Date>,
) -> Finding {
    let as_of = as_of.map(|as_of| as_of.to_string()).unwrap_or_default();
    Finding {
        code: Code::AfterAsOf,
        file: Arc::clone(file),
        place: place.clone(),
        id: Some(id.to_owned()),
        field: Some("date".into()),
        value: date.map(|date| date.last().to_string()),
        why: format!("is after the as-of date {as_of}; not used"),
        verdict: Verdict::SetAside,
    }
}

/// Rejects kinds that are declared complete without a file.
pub(super) fn refuse_empty_promises(
    world: &World,
    complete: &BTreeSet<ReceptorKind>,
) -> Result<()> {
    let quakes = world.incidents.iter().any(|incident| incident.domain == Domain::Earthquake);
    let given = |kind: &ReceptorKind| {
        world.kinds.contains(kind) || *kind == ReceptorKind::Earthquakes && quakes
    };
    let page = complete.iter().find_map(|kind| Some((kind, world.partial.get(kind)?)));
    if let Some((kind, why)) = page {
        let word = kind.word();
        return Err(Error::usage(Code::ReceptorsPartial, format!("⟦~complete⟧: {word}: {why}"))
            .with_hint(format!("fetch all of it, or leave {word} out")));
    }
    match complete.iter().find(|kind| !given(kind)) {
        None => Ok(()),
        Some(kind) => {
            let word = kind.word();
            Err(Error::usage(
                Code::InputMissing,
                format!("⟦~complete⟧: no file of {word} is given"),
            )
            .with_hint(format!("name one with ⟦receptors={word}=FILE⟧, or leave {word} out")))
        }
    }
}

/// An earthquake among the incidents as a receptor.
fn earthquake(incident: &Incident) -> Option<Receptor> {
    (incident.domain == Domain::Earthquake).then(|| Receptor {
        id: incident.id.to_string(),
        name: None,
        kind: ReceptorKind::Earthquakes,
        file: incident.file.clone(),
        place: incident.place.clone(),
        shape: Shape::point(incident.position),
        accuracy: incident.accuracy,
        area_km2: None,
        designation: None,
        population: None,
        magnitude: incident.magnitude,
        depth_km: incident.depth_km,
        date: incident.date,
        tailings: Tailings::default(),
        world_heritage: false,
        next_down: None,
        water_stress: None,
    })
}
