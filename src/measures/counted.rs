//! The nearest receptor that counts for a score, where others of its kind do not.

use super::environment::{EnvironmentPlan, Receptors};
use super::proximity::KindIndex;
use super::quantities::Nearby;
use super::weighed::SiteProbe;
use crate::earth::Shape;
use crate::model::ReceptorKind;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The receptors that count, of the kinds of which some do not. The tree of a kind is built for the first site that has
/// none in reach.
#[derive(Debug, Default)]
pub struct Counted {
    of_kind: BTreeMap<ReceptorKind, OnceLock<KindIndex>>,
}

impl Counted {
    /// Prepares the receptors of a run; no tree is built yet.
    pub fn new(receptors: &Receptors, plan: &EnvironmentPlan) -> Self {
        let some_do_not = |kind: &ReceptorKind| {
            let mut all = receptors.list().iter().zip(&plan.counts);
            all.any(|(one, counts)| one.kind == *kind && !counts)
        };
        let kinds = plan.gaps.keys().copied().filter(some_do_not);
        Self { of_kind: kinds.map(|kind| (kind, OnceLock::new())).collect() }
    }

    /// The nearest receptor of a kind that counts, at any distance.
    pub(super) fn nearest(
        &self,
        site: &SiteProbe,
        kind: ReceptorKind,
        receptors: &Receptors,
        plan: &EnvironmentPlan,
    ) -> Option<Nearby> {
        let probe = &site.parts.first()?.probe;
        let nearest = match self.of_kind.get(&kind) {
            Some(tree) => {
                let tree =
                    tree.get_or_init(|| KindIndex::new(counting(receptors, kind, &plan.counts)));
                tree.nearest(probe, 1)
            }
            None => receptors.nearest(kind, probe, 1),
        };
        nearest.into_iter().next()
    }
}

/// The receptors of a kind that count, each with its index in the run's list.
fn counting<'a>(
    receptors: &'a Receptors,
    kind: ReceptorKind,
    counts: &'a [bool],
) -> impl Iterator<Item = (usize, &'a Shape)> {
    let all = receptors.list().iter().enumerate().zip(counts);
    let counting = all.filter(move |((_, one), counts)| one.kind == kind && **counts);
    counting.map(|((index, one), _)| (index, &one.shape))
}
