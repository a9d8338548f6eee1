//! Kernel sums: what all incidents add up to at a site, and what each of them adds.
//!
//! Each incident counts once, at the part of the site where it counts most.

use super::events::{Asset, Event, Events, Subject};
use super::field::Field;
use super::kernel::Kernel;
use super::quantities::{Contribution, Intensity, Nearby};
use crate::earth::Ecef;
use crate::index::Probe;
use rayon::prelude::*;

/// Incidents ready to be summed under a kernel.
#[derive(Debug)]
pub struct Summer {
    kernel: Kernel,
    field: Option<Field>,
}

impl Summer {
    /// Makes ready what a kernel asks for.
    pub fn new(events: &Events, kernel: Kernel) -> Self {
        Self::sharing(events, kernel, None)
    }

    /// Makes ready what a kernel asks for of other events. What these have in common with the former ones, cube by cube
    /// of space, is taken over.
    #[must_use]
    pub fn changed(&self, former: &Events, events: &Events, kernel: Kernel) -> Self {
        let field = self.field.as_ref().map(|field| (field, former));
        Self::sharing(events, kernel, field)
    }

    fn sharing(events: &Events, kernel: Kernel, former: Option<(&Field, &Events)>) -> Self {
        let field = match &kernel {
            Kernel::Gaussian { scales, cutoff } => Field::sharing(events, scales, *cutoff, former),
            _ => None,
        };
        Self { kernel, field }
    }

    /// The kernel.
    pub(super) fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// The same, but every incident is summed one by one: slow and plainly right.
    pub fn exhaustive(kernel: Kernel) -> Self {
        Self { kernel, field: None }
    }

    /// The kernel sums of a batch of sites, each with its `keep` strongest incidents.
    ///
    /// `events` are those the summer was made of. Sums over many incidents are off by at most
    /// [`PRECISION`](super::PRECISION) of themselves; the strongest incidents are exact.
    pub fn intensities(
        &self,
        subjects: &[Subject],
        events: &Events,
        keep: usize,
    ) -> Vec<Intensity> {
        subjects.par_iter().map(|subject| self.intensity(subject, events, keep)).collect()
    }

    fn intensity(&self, subject: &Subject, events: &Events, keep: usize) -> Intensity {
        if let (Some(field), [only]) = (&self.field, subject.parts.as_slice())
            && let Some(position) = only.probe.position()
            && let Some(around) = field.in_reach(events, Ecef::from(position), only.spread_km)
        {
            let candidates = around.strongest(keep);
            let term = |index| Term { index, part: 0, value: 0.0 };
            return Intensity {
                total: 0.0 + only.weight * around.sum(),
                strongest: self.ranked(candidates.into_iter().map(term), subject, events, keep),
            };
        }
        let mut terms = terms(subject, events, &self.kernel);
        let total = 0.0 + terms.iter().map(|term| term.value).sum::<f64>();
        terms.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.index.cmp(&b.index)));
        // A few more than asked for: quick distances may put two of nearly the same value the wrong way.
        terms.truncate(keep + 16);
        Intensity { total, strongest: self.ranked(terms.into_iter(), subject, events, keep) }
    }

    /// Everything that adds to a site's intensity, strongest first, measured with Karney's algorithm;
    /// ties go to the smaller incident id.
    pub fn contributions(&self, subject: &Subject, events: &Events) -> Vec<Contribution> {
        self.ranked(terms(subject, events, &self.kernel).into_iter(), subject, events, usize::MAX)
    }

    /// The `keep` largest of some terms, measured exactly.
    fn ranked(
        &self,
        terms: impl Iterator<Item = Term>,
        subject: &Subject,
        events: &Events,
        keep: usize,
    ) -> Vec<Contribution> {
        let mut exact: Vec<(usize, Contribution)> = terms
            .filter_map(|term| Some((term.index, measured(&term, subject, events, &self.kernel)?)))
            .filter(|(_, contribution)| contribution.intensity > 0.0)
            .collect();
        exact.sort_by(|(i, a), (j, b)| b.intensity.total_cmp(&a.intensity).then(i.cmp(j)));
        exact.truncate(keep);
        exact.into_iter().map(|(_, contribution)| contribution).collect()
    }
}

/// What one incident adds, at the part where it adds most.
struct Term {
    index: usize,
    part: usize,
    value: f64,
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
