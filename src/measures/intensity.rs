//! Kernel sums: what all incidents add up to at a site, and what each of them adds.
//!
//! Each incident counts once, at the part of the site where it counts most.

use super::events::{Asset, Event, Events, Subject};
use super::kernel::Kernel;
use super::quantities::{Contribution, Intensity, Nearby};
use crate::index::Probe;
use rayon::prelude::*;

/// The kernel sums of a batch of sites, each with its `keep` strongest incidents.
pub fn intensities(
    subjects: &[Subject],
    events: &Events,
    kernel: &Kernel,
    keep: usize,
) -> Vec<Intensity> {
    subjects.par_iter().map(|subject| intensity(subject, events, kernel, keep)).collect()
}

/// Everything that adds to a site's intensity, strongest first, measured with Karney's algorithm;
/// ties go to the smaller incident id.
pub fn contributions(subject: &Subject, events: &Events, kernel: &Kernel) -> Vec<Contribution> {
    let mut exact: Vec<(usize, Contribution)> = terms(subject, events, kernel)
        .iter()
        .filter_map(|term| Some((term.index, measured(term, subject, events, kernel)?)))
        .collect();
    exact.sort_by(|(i, a), (j, b)| b.intensity.total_cmp(&a.intensity).then(i.cmp(j)));
    exact.into_iter().map(|(_, contribution)| contribution).collect()
}

/// What one incident adds, at the part where it adds most.
struct Term {
    index: usize,
    part: usize,
    value: f64,
}

fn intensity(subject: &Subject, events: &Events, kernel: &Kernel, keep: usize) -> Intensity {
    let mut terms = terms(subject, events, kernel);
    let total = 0.0 + terms.iter().map(|term| term.value).sum::<f64>();
    terms.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.index.cmp(&b.index)));
    let strongest = terms
        .iter()
        .take(keep)
        .filter_map(|term| measured(term, subject, events, kernel))
        .collect();
    Intensity { total, strongest }
}

/// One term for each incident in reach, in the order of the events.
fn terms(subject: &Subject, events: &Events, kernel: &Kernel) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for (part, asset) in subject.parts.iter().enumerate() {
        let own2 = asset.spread_km * asset.spread_km;
        let reach = kernel.reach(own2 + events.widest2());
        for (index, event, distance) in events.around(&asset.probe, reach) {
            let value = worth(asset, event, kernel, distance.km());
            if value > 0.0 {
                terms.push(Term { index, part, value });
            }
        }
    }
    // By event, the strongest part first; then only that one is kept.
    terms.sort_by(|a, b| {
        a.index.cmp(&b.index).then(b.value.total_cmp(&a.value)).then(a.part.cmp(&b.part))
    });
    terms.dedup_by_key(|term| term.index);
    terms
}

fn worth(asset: &Asset, event: &Event, kernel: &Kernel, distance_km: f64) -> f64 {
    let spread2 = asset.spread_km * asset.spread_km + event.spread_km * event.spread_km;
    asset.weight * event.weight * kernel.at(distance_km, spread2)
}

/// The term with its distance measured by Karney's algorithm.
fn measured(
    term: &Term,
    subject: &Subject,
    events: &Events,
    kernel: &Kernel,
) -> Option<Contribution> {
    let event = events.list().get(term.index)?;
    let asset = subject.parts.get(term.part)?;
    let found = asset.probe.find(term.index, &Probe::point(event.position))?;
    Some(Contribution {
        nearby: Nearby::named(event.incident, &found),
        part: term.part,
        intensity: worth(asset, event, kernel, found.distance.km()),
    })
}
