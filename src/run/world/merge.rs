//! Finds events that several files report, and merges the reports on request, so that each event counts once.

use crate::Code;
use crate::earth::geodesic;
use crate::measures::{At, Duplicate, Reported, duplicates};
use crate::model::{Finding, Incident, Place, Verdict};
use crate::scoring::thousands;
use crate::sources::Reading;
use std::collections::{BTreeMap, HashMap};

/// Most examples listed in a finding.
const MOST_TOLD: usize = 3;

/// Finds the events that several files report and notes their number. If they are to be merged, the incident
/// with the most accurate position is kept and the others are set aside; returns their number by file.
pub(in crate::run) fn merge(
    readings: &mut [Reading<Incident>],
    merges: bool,
) -> (Vec<u64>, Vec<Finding>) {
    let reported: Vec<Reported<'_>> = readings
        .iter()
        .map(|reading| Reported { incidents: &reading.items, data_set: reading.data_set })
        .collect();
    let found = duplicates(&reported);
    let mut findings = said(readings, &found, merges);
    let mut merged = vec![0; readings.len()];
    if !merges {
        return (merged, findings);
    }
    let mut dropped: HashMap<At, At> = HashMap::new();
    for Duplicate { incidents, best } in &found {
        dropped.extend(incidents.iter().filter(|at| *at != best).map(|at| (*at, *best)));
    }
    for at in found.iter().flat_map(|duplicate| &duplicate.incidents) {
        let Some(best) = dropped.get(at) else { continue };
        let (Some(one), Some(kept)) = (incident(readings, *at), incident(readings, *best)) else {
            continue;
        };
        findings.push(Finding {
            code: Code::EventRepeated,
            file: one.file.clone(),
            place: one.place.clone(),
            id: Some(one.id.to_string()),
            field: None,
            value: None,
            why: format!("is a likely duplicate of {} of {}, which is kept", kept.id, kept.file),
            verdict: Verdict::SetAside,
        });
    }
    for (file, reading) in readings.iter_mut().enumerate() {
        let before = reading.items.len();
        let mut index = 0;
        reading.items.retain(|_| {
            let at = (file, index);
            index += 1;
            !dropped.contains_key(&at)
        });
        let gone = before - reading.items.len();
        if let Some(count) = merged.get_mut(file) {
            *count = u64::try_from(gone).unwrap_or(u64::MAX);
        }
    }
    (merged, findings)
}

fn incident(readings: &[Reading<Incident>], (file, at): At) -> Option<&Incident> {
    readings.get(file)?.items.get(at)
}

/// A finding in the later file for each pair of files: the number of shared events, with examples.
fn said(readings: &[Reading<Incident>], found: &[Duplicate], merges: bool) -> Vec<Finding> {
    let mut by_files: BTreeMap<(usize, usize), Vec<(At, At)>> = BTreeMap::new();
    for Duplicate { incidents, .. } in found {
        for (number, second) in incidents.iter().enumerate() {
            for first in incidents.iter().take(number) {
                by_files.entry((second.0, first.0)).or_default().push((*first, *second));
            }
        }
    }
    let told = |(first, second): &(At, At)| {
        let (first, second) = (incident(readings, *first)?, incident(readings, *second)?);
        let km = geodesic::distance(first.position, second.position).km();
        let day = second.date.map(|span| format!("{}, ", span.last())).unwrap_or_default();
        Some(format!("{} and {} ({day}{km:.1} km apart)", second.id, first.id))
    };
    let finding = |((file, other), pairs): (&(usize, usize), &Vec<(At, At)>)| {
        let (file, other) = (&readings.get(*file)?.file, &readings.get(*other)?.file);
        let (count, be) = match pairs.len() {
            1 => ("1 incident".to_owned(), "is"),
            many => {
                (format!("{} incidents", thousands(i64::try_from(many).unwrap_or(i64::MAX))), "are")
            }
        };
        let examples: Vec<String> = pairs.iter().take(MOST_TOLD).filter_map(told).collect();
        let so = if merges {
            "the one with the most accurate position is kept"
        } else {
            "each counts twice; ⟦merge_sources⟧ keeps one"
        };
        Some(Finding {
            code: Code::EventRepeated,
            file: file.clone(),
            place: Place::File,
            id: None,
            field: None,
            value: None,
            why: format!(
                "{count} {be} likely in {other} too, by the day, the deaths or the type, and the \
                 place within 5 km or its accuracy: {}; {so}",
                examples.join("; ")
            ),
            verdict: Verdict::Noted,
        })
    };
    by_files.iter().filter_map(finding).collect()
}
