//! Quantities for the environmental score and its columns, for a batch of sites.

use super::counts::{CountPlan, Counter};
use super::coverage::Coverage;
use super::intensity::KernelSum;
use super::kernel::Kernel;
use super::overlap::Cover;
use super::proximity::{KindIndex, in_reach};
use super::quantities::{EnvironmentQuantities, Nearby};
use super::raster::RasterPlan;
use super::weighed::{SiteProbe, WeighedIncidents};
use crate::earth::{Length, Shape};
use crate::index::Probe;
use crate::model::{CountryCode, Receptor, ReceptorKind};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The quantities to measure.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvironmentPlan {
    /// Search radius for each kind of receptor.
    pub reach: BTreeMap<ReceptorKind, Length>,
    /// For each receptor the distance up to which it affects a score, if less than the reach of its kind: a small
    /// earthquake is not felt as far as a great one. Empty if all receptors of a kind have the same reach.
    pub own_reach: Vec<Length>,
    /// The kernel for accidents.
    pub accident_kernel: Kernel,
    /// Number of strongest accidents to keep.
    pub keep: usize,
    /// Radius within which accidents are counted.
    pub accident_radius: Length,
    /// Radii of the buffers for the share covered by sensitive areas.
    pub overlap_radii: Vec<Length>,
    /// Radius for the length of rivers.
    pub river_radius: Length,
    /// Radius for the population.
    pub people_radius: Length,
    /// What is measured of each raster of the run, in the order of their names.
    pub rasters: Vec<RasterPlan>,
}

/// The receptors of a run, with one tree per kind. Clones share the trees.
#[derive(Debug, Clone)]
pub struct Receptors {
    list: Arc<Vec<Receptor>>,
    kinds: BTreeMap<ReceptorKind, OfKind>,
    /// The union of the sensitive areas; `None` if none of them is a polygon.
    sensitive: Option<Arc<Cover>>,
    /// Whether the population of any settlement is known.
    any_population: bool,
}

/// The receptors of one kind, which are contiguous in the list.
#[derive(Debug, Clone)]
struct OfKind {
    /// Index of the first receptor.
    first: usize,
    /// Their tree, with indices relative to the first.
    things: Arc<KindIndex>,
}

impl OfKind {
    fn new(list: &[Receptor], kind: ReceptorKind) -> Self {
        let first = list.partition_point(|receptor| receptor.kind < kind);
        let of_kind = list.iter().skip(first).take_while(|receptor| receptor.kind == kind);
        let shapes = of_kind.map(|receptor| &receptor.shape);
        Self { first, things: Arc::new(KindIndex::new(shapes.enumerate())) }
    }

    /// Converts the tree's indices to indices of the list.
    fn named(&self, nearby: Vec<Nearby>) -> Vec<Nearby> {
        let named = |near: Nearby| Nearby { index: near.index + self.first, ..near };
        nearby.into_iter().map(named).collect()
    }
}

impl Receptors {
    /// Indexes receptors, ordered by kind and then by id: ties by distance go to the smaller id. `given` holds
    /// kinds for which the run has a file, even one without receptors.
    pub fn new(
        mut list: Arc<Vec<Receptor>>,
        given: impl IntoIterator<Item = ReceptorKind>,
    ) -> Self {
        if !list.is_sorted_by_key(|receptor| receptor.kind) {
            Arc::make_mut(&mut list).sort_by_key(|receptor| receptor.kind);
        }
        let present = list.iter().map(|receptor| receptor.kind);
        let kinds: BTreeSet<ReceptorKind> = present.chain(given).collect();
        let kinds = kinds.into_iter().map(|kind| (kind, OfKind::new(&list, kind))).collect();
        let any_population = list.iter().any(|receptor| receptor.population.is_some());
        Self { sensitive: sensitive(&list), list, kinds, any_population }
    }

    /// Returns a copy with some receptors removed and others added. Rebuilds only the trees of the kinds that
    /// change.
    #[must_use]
    pub fn changed(&self, stays: impl Fn(&Receptor) -> bool, others: Vec<Receptor>) -> Self {
        let gone = self.list.iter().filter(|receptor| !stays(receptor));
        let touched: BTreeSet<ReceptorKind> =
            gone.chain(&others).map(|receptor| receptor.kind).collect();
        let mut list: Vec<Receptor> = self.list.iter().filter(|one| stays(one)).cloned().collect();
        list.extend(others);
        list.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.id.cmp(&b.id)));
        let mut kinds = BTreeMap::new();
        for kind in self.kinds.keys().chain(&touched) {
            let of_kind = match self.kinds.get(kind).filter(|_| !touched.contains(kind)) {
                Some(OfKind { things, .. }) => OfKind {
                    first: list.partition_point(|receptor| receptor.kind < *kind),
                    things: Arc::clone(things),
                },
                None => OfKind::new(&list, *kind),
            };
            kinds.insert(*kind, of_kind);
        }
        let sensitive = match touched.contains(&ReceptorKind::SensitiveAreas) {
            true => sensitive(&list),
            false => self.sensitive.clone(),
        };
        let any_population = list.iter().any(|receptor| receptor.population.is_some());
        Self { list: Arc::new(list), kinds, sensitive, any_population }
    }

    /// Returns the kinds that the run has.
    pub fn kinds(&self) -> impl Iterator<Item = ReceptorKind> {
        self.kinds.keys().copied()
    }

    /// Returns the receptors of a kind within a radius, nearest first.
    pub fn within(&self, kind: ReceptorKind, probe: &Probe, radius: Length) -> Vec<Nearby> {
        let of = |of_kind: &OfKind| of_kind.named(of_kind.things.within(probe, radius));
        self.kinds.get(&kind).map(of).unwrap_or_default()
    }

    /// Returns the `k` nearest receptors of a kind.
    pub fn nearest(&self, kind: ReceptorKind, probe: &Probe, k: usize) -> Vec<Nearby> {
        let of = |of_kind: &OfKind| of_kind.named(of_kind.things.nearest(probe, k));
        self.kinds.get(&kind).map(of).unwrap_or_default()
    }

    /// Returns all receptors; quantities refer to them by index.
    pub fn list(&self) -> &[Receptor] {
        &self.list
    }
}

/// Returns the union of the sensitive areas that are polygons.
fn sensitive(list: &[Receptor]) -> Option<Arc<Cover>> {
    let areas = list.iter().filter(|receptor| receptor.kind == ReceptorKind::SensitiveAreas);
    let polygons = areas.filter_map(|receptor| match &receptor.shape {
        Shape::Polygons(polygons) => Some(polygons),
        _ => None,
    });
    let polygons: Vec<_> = polygons.collect();
    (!polygons.is_empty()).then(|| Arc::new(Cover::new(polygons)))
}

/// Accidents with their coverage and the indexes that a plan needs, built once.
#[derive(Debug)]
pub struct Accidents {
    incidents: WeighedIncidents,
    coverage: Coverage,
    kernel_sum: KernelSum,
    counter: Counter,
}

impl Accidents {
    /// Builds what a plan needs.
    pub fn new(incidents: WeighedIncidents, coverage: Coverage, plan: &EnvironmentPlan) -> Self {
        let around = CountPlan {
            radii: vec![plan.accident_radius],
            window_radius: plan.accident_radius,
            windows: Vec::new(),
            trend_days: 0,
        };
        let kernel_sum = KernelSum::new(&incidents, plan.accident_kernel.clone());
        Self { counter: Counter::new(&incidents, around), kernel_sum, incidents, coverage }
    }
}

/// Measures a batch of sites, each given with its country.
pub fn environment(
    probes: &[SiteProbe],
    countries: &[Option<CountryCode>],
    receptors: &Receptors,
    accidents: Option<&Accidents>,
    plan: &EnvironmentPlan,
) -> Vec<EnvironmentQuantities> {
    let mut all: Vec<EnvironmentQuantities> = vec![EnvironmentQuantities::default(); probes.len()];
    for (&kind, things) in &receptors.kinds {
        let reach = plan.reach.get(&kind).copied().unwrap_or_default();
        let own = |index: usize| plan.own_reach.get(things.first + index).copied().unwrap_or(reach);
        let found = in_reach(probes, &things.things, reach, own);
        for (quantities, nearby) in all.iter_mut().zip(found) {
            quantities.nearby.insert(kind, things.named(nearby));
        }
    }
    if let Some(accidents) = accidents {
        add_accidents(&mut all, probes, countries, accidents, plan);
    }
    all.par_iter_mut().zip(probes).for_each(|(quantities, site)| {
        quantities.sensitive_shares = sensitive_shares(site, receptors, plan);
        quantities.river_length = river_length(site, receptors, plan);
        quantities.people = people(site, receptors, plan);
    });
    all
}

fn add_accidents(
    all: &mut [EnvironmentQuantities],
    probes: &[SiteProbe],
    countries: &[Option<CountryCode>],
    accidents: &Accidents,
    plan: &EnvironmentPlan,
) {
    let intensities = accidents.kernel_sum.intensities(probes, &accidents.incidents, plan.keep);
    let counts = accidents.counter.counts(probes, &accidents.incidents);
    let measured = probes.iter().zip(countries).zip(intensities.into_iter().zip(counts));
    for (quantities, ((site, &country), (intensity, counts))) in all.iter_mut().zip(measured) {
        quantities.accidents_count = counts.rings.first().copied();
        if accidents.coverage.covers(site.position, country) {
            quantities.accidents = Some(intensity);
        }
    }
}

/// Returns the share of each buffer that sensitive polygons cover; empty if there are no such polygons.
fn sensitive_shares(site: &SiteProbe, receptors: &Receptors, plan: &EnvironmentPlan) -> Vec<f64> {
    let Some(sensitive) = &receptors.sensitive else { return Vec::new() };
    let radii = plan.overlap_radii.iter();
    radii.map(|&radius| sensitive.share(site.position, radius)).collect()
}

/// Returns the length of rivers within the radius; `None` if there are no rivers, zero if they are points.
fn river_length(site: &SiteProbe, receptors: &Receptors, plan: &EnvironmentPlan) -> Option<Length> {
    let rivers = receptors.kinds.get(&ReceptorKind::Rivers)?;
    Some(
        rivers
            .things
            .shapes()
            .map_or(Length::ZERO, |tree| tree.length_within(site.position, plan.river_radius)),
    )
}

/// Returns the population within the radius; `None` if no settlement of the run, or none within the radius, has a
/// known population.
fn people(site: &SiteProbe, receptors: &Receptors, plan: &EnvironmentPlan) -> Option<f64> {
    let settlements = receptors.kinds.get(&ReceptorKind::Settlements)?;
    let probe = &site.parts.first()?.probe;
    let near = settlements.named(settlements.things.within(probe, plan.people_radius));
    let known: Vec<f64> =
        near.iter().filter_map(|nearby| receptors.list.get(nearby.index)?.population).collect();
    if known.is_empty() && !(near.is_empty() && receptors.any_population) {
        return None;
    }
    Some(0.0 + known.iter().sum::<f64>())
}
