//! Quantities for the environmental score and its columns, for a batch of sites.

use super::along::{Centroids, downstream};
use super::counted::Counted;
use super::counts::{CountPlan, Counter};
use super::coverage::Coverage;
use super::dams::{DamPlan, Dams};
use super::flow::{Course, FlowFault, FlowPlan, Network};
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
    /// For each receptor whether it counts for a score: not a small earthquake, nor a settlement of unknown population.
    /// Empty if all count.
    pub counts: Vec<bool>,
    /// The distance within which one that counts is in reach: where none is, the nearest one is looked for. Without kinds whose
    /// nearest is always found.
    pub gaps: BTreeMap<ReceptorKind, Length>,
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
    /// How areas known only by a centroid are measured.
    pub centroids: Centroids,
    /// How rivers with a direction are followed.
    pub flow: FlowPlan,
    /// What is measured for tailings dams.
    pub dams: DamPlan,
    /// What is measured of each raster of the run, in the order of their names.
    pub rasters: Vec<RasterPlan>,
}

/// The receptors of a run, with one tree per kind. Clones share the trees.
#[derive(Debug, Clone)]
pub struct Receptors {
    list: Arc<Vec<Receptor>>,
    pub(super) kinds: BTreeMap<ReceptorKind, OfKind>,
    /// The union of the sensitive areas; `None` if none of them is a polygon.
    sensitive: Option<Arc<Cover>>,
    /// The network of the rivers; `None` if their direction is not known.
    network: Option<Arc<Network>>,
    /// Whether the population of any settlement is known.
    pub(super) any_population: bool,
}

/// The receptors of one kind, which are contiguous in the list.
#[derive(Debug, Clone)]
pub(super) struct OfKind {
    /// Index of the first receptor.
    pub first: usize,
    /// Their tree, with indices relative to the first.
    pub things: Arc<KindIndex>,
    /// The largest radius of those known only by a centroid.
    pub widest: Length,
    /// The number of their different designations.
    designations: usize,
}

impl OfKind {
    fn new(list: &[Receptor], kind: ReceptorKind) -> Self {
        let first = list.partition_point(|receptor| receptor.kind < kind);
        let of_kind = || list.iter().skip(first).take_while(|receptor| receptor.kind == kind);
        let shapes = of_kind().map(|receptor| &receptor.shape);
        let radii = of_kind().map(Receptor::centroid_radius);
        let designations: BTreeSet<_> = of_kind().map(|receptor| receptor.designation).collect();
        Self {
            first,
            things: Arc::new(KindIndex::new(shapes.enumerate())),
            widest: radii.fold(Length::ZERO, |most, next| if next > most { next } else { most }),
            designations: designations.len(),
        }
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
        let network = network(&list, &kinds);
        let any_population = list.iter().any(|receptor| receptor.population.is_some());
        Self { sensitive: sensitive(&list), list, kinds, network, any_population }
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
                Some(same) => OfKind {
                    first: list.partition_point(|receptor| receptor.kind < *kind),
                    ..same.clone()
                },
                None => OfKind::new(&list, *kind),
            };
            kinds.insert(*kind, of_kind);
        }
        let sensitive = match touched.contains(&ReceptorKind::SensitiveAreas) {
            true => sensitive(&list),
            false => self.sensitive.clone(),
        };
        let network = match touched.contains(&ReceptorKind::Rivers) {
            true => network(&list, &kinds),
            false => self.network.clone(),
        };
        let any_population = list.iter().any(|receptor| receptor.population.is_some());
        Self { list: Arc::new(list), kinds, sensitive, network, any_population }
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

    /// Follows the water from a place, if the direction of the rivers is known.
    pub fn course(&self, from: &Probe, snap: Length, longest: Length) -> Option<Course> {
        self.courses(from, snap, longest).next()
    }

    /// Follows the water from the nearest place on each river near a place, the nearest first; none if the direction
    /// of the rivers is not known.
    pub fn courses(
        &self,
        from: &Probe,
        snap: Length,
        longest: Length,
    ) -> impl Iterator<Item = Course> {
        let first = self.kinds.get(&ReceptorKind::Rivers).map_or(0, |rivers| rivers.first);
        let courses = self.network.iter().flat_map(move |net| net.courses(from, snap, longest));
        courses.map(move |course| Course { river: first + course.river, ..course })
    }

    /// Returns the faults of the network of rivers, with the index of the reach.
    pub fn flow_faults(&self) -> impl Iterator<Item = (usize, FlowFault)> + '_ {
        let first = self.kinds.get(&ReceptorKind::Rivers).map_or(0, |rivers| rivers.first);
        let faults = self.network.iter().flat_map(|network| network.faults());
        faults.map(move |(at, fault)| (first + at, *fault))
    }

    /// Returns the number of different designations of a kind.
    pub(super) fn designations(&self, kind: ReceptorKind) -> usize {
        self.kinds.get(&kind).map_or(0, |of_kind| of_kind.designations)
    }

    /// Returns all receptors; quantities refer to them by index.
    pub fn list(&self) -> &[Receptor] {
        &self.list
    }
}

/// Returns the network of the rivers, if they name the reaches into which they flow.
fn network(list: &[Receptor], kinds: &BTreeMap<ReceptorKind, OfKind>) -> Option<Arc<Network>> {
    let rivers = kinds.get(&ReceptorKind::Rivers)?;
    let of_kind = list.get(rivers.first..)?;
    let many = of_kind.partition_point(|receptor| receptor.kind == ReceptorKind::Rivers);
    Network::new(of_kind.get(..many)?, &rivers.things).map(Arc::new)
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
    /// Whether the user declared the coverage.
    declared: bool,
    kernel_sum: KernelSum,
    counter: Counter,
}

impl Accidents {
    /// Builds what a plan needs.
    pub fn new(
        incidents: WeighedIncidents,
        coverage: Coverage,
        declared: bool,
        plan: &EnvironmentPlan,
    ) -> Self {
        let around = CountPlan {
            radii: vec![plan.accident_radius],
            window_radius: plan.accident_radius,
            windows: Vec::new(),
            trend_days: 0,
        };
        let kernel_sum = KernelSum::new(&incidents, plan.accident_kernel.clone());
        Self {
            counter: Counter::new(&incidents, around),
            kernel_sum,
            incidents,
            coverage,
            declared,
        }
    }
}

/// Measures a batch of sites, each given with its country.
pub fn environment(
    probes: &[SiteProbe],
    countries: &[Option<CountryCode>],
    receptors: &Receptors,
    counted: &Counted,
    accidents: Option<&Accidents>,
    dams: &Dams,
    plan: &EnvironmentPlan,
) -> Vec<EnvironmentQuantities> {
    let mut all: Vec<EnvironmentQuantities> = vec![EnvironmentQuantities::default(); probes.len()];
    for (&kind, things) in &receptors.kinds {
        let reach = plan.reach.get(&kind).copied().unwrap_or_default();
        let own = |index: usize| plan.own_reach.get(things.first + index).copied().unwrap_or(reach);
        let found = in_reach(probes, &things.things, reach, own);
        let counts = |near: &Nearby| plan.counts.get(near.index).copied().unwrap_or(true);
        let gap = plan.gaps.get(&kind);
        all.par_iter_mut().zip(found).zip(probes).for_each(|((quantities, nearby), site)| {
            let mut nearby = things.named(nearby);
            if let Some(reach) = gap
                && !nearby.iter().any(|near| near.distance <= *reach && counts(near))
            {
                let nearest = counted.nearest(site, kind, receptors, plan);
                let is_new = |found: &Nearby| nearby.iter().all(|near| near.index != found.index);
                nearby.extend(nearest.filter(is_new));
                nearby.sort_by(|a, b| a.distance.meters().total_cmp(&b.distance.meters()));
            }
            quantities.nearby.insert(kind, nearby);
        });
    }
    if let Some(accidents) = accidents {
        add_accidents(&mut all, probes, countries, accidents, plan);
    }
    all.par_iter_mut().zip(probes).for_each(|(quantities, site)| {
        quantities.sensitive_shares = sensitive_shares(site, receptors, plan);
        quantities.river_length = river_length(site, receptors, plan);
        quantities.people = people(site, receptors, plan);
        quantities.dams = dams.of(site, receptors, plan);
        let main = site.parts.first();
        quantities.downstream = main.and_then(|main| downstream(&main.probe, receptors, plan));
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
            quantities.accidents_declared = accidents.declared;
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
    receptors.population(near.iter().map(|nearby| nearby.index))
}
