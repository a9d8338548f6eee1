//! Tailings dams around a site: how far a release may go, and whom and what it can reach.

use super::along::Along;
use super::environment::{EnvironmentPlan, Receptors};
use super::runout::{Runout, RunoutRelation};
use super::way::Draft;
use super::weighed::SiteProbe;
use crate::earth::Length;
use crate::index::Probe;
use crate::model::{ReceptorKind, Tailings, TailingsClass};
use std::sync::OnceLock;

/// What is measured for tailings dams.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DamPlan {
    /// Dams of the tailings layer within this distance count for a site.
    pub reach: Length,
    /// How far from a dam receptors are searched.
    pub search: Length,
    /// How far a release goes.
    pub runout: RunoutRelation,
}

/// Whose dam it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DamOf {
    /// The site's or that of a linked part, by the index of the part; 0 is the site itself.
    Part(usize),
    /// A facility of the tailings layer, by its index among the run's receptors.
    Receptor(usize),
}

/// A tailings dam, and what a release from it may reach.
///
/// What is exposed lies at a straight line from the dam, the shortest way that a release can take. People and areas
/// within the median run-out lie along the river where one with a direction is near, and anywhere around elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct DamQuantities {
    /// Whose it is.
    pub of: DamOf,
    /// Its distance from the site.
    pub distance: Length,
    /// What is known of it.
    pub tailings: Tailings,
    /// How far a release goes.
    pub runout: Runout,
    /// Whether the direction of flow is known.
    pub direction_known: bool,
    /// The nearest settlement, the nearest river, the nearest water body, and the nearest sensitive area of each
    /// designation, in a straight line.
    pub exposed: Vec<Along>,
    /// People in settlements within the median run-out; `None` if no settlement of the run, or none there, has a known
    /// population.
    pub people: Option<f64>,
    /// Sensitive areas within the median run-out; `None` if the run has no such layer.
    pub areas: Option<u32>,
}

/// The dams of the tailings layer, each measured once, for the first site that asks.
#[derive(Debug, Default)]
pub struct Dams {
    first: usize,
    measured: Vec<OnceLock<DamQuantities>>,
}

impl Dams {
    /// Prepares the dams of a run; nothing is measured yet.
    pub fn new(receptors: &Receptors) -> Self {
        let list = receptors.list();
        let first = list.partition_point(|receptor| receptor.kind < ReceptorKind::Tailings);
        let dams = list.iter().skip(first).take_while(|one| one.kind == ReceptorKind::Tailings);
        Self { first, measured: dams.map(|_| OnceLock::new()).collect() }
    }

    /// The dams of a site, of its parts, and of the tailings layer within reach: those of parts first, then by distance.
    /// A facility whose class says that there is none is left out.
    pub(super) fn of(
        &self,
        site: &SiteProbe,
        receptors: &Receptors,
        plan: &EnvironmentPlan,
    ) -> Vec<DamQuantities> {
        let own = site.parts.iter().enumerate().filter(|(_, part)| is_known(&part.tailings));
        let mut dams: Vec<DamQuantities> = own
            .map(|(at, part)| {
                let dam = measure(DamOf::Part(at), &part.probe, part.tailings, receptors, plan);
                let main = site.parts.first().filter(|_| at > 0);
                let apart = main.and_then(|main| main.probe.find(at, &part.probe));
                DamQuantities {
                    distance: apart.map_or(Length::ZERO, |apart| apart.distance),
                    ..dam
                }
            })
            .collect();
        if self.measured.is_empty() {
            return dams;
        }
        let Some(main) = site.parts.first() else { return dams };
        let near = receptors.within(ReceptorKind::Tailings, &main.probe, plan.dams.reach);
        dams.extend(near.into_iter().filter_map(|near| {
            let receptor = receptors.list().get(near.index)?;
            if receptor.tailings.class == Some(TailingsClass::NoFacility) {
                return None;
            }
            let dam = self.measured.get(near.index.checked_sub(self.first)?)?.get_or_init(|| {
                let probe = Probe::new(&receptor.shape);
                measure(DamOf::Receptor(near.index), &probe, receptor.tailings, receptors, plan)
            });
            Some(DamQuantities { distance: near.distance, ..dam.clone() })
        }));
        dams
    }
}

/// Whether a site is known to have a facility.
fn is_known(Tailings { class, height_m, volume_m3 }: &Tailings) -> bool {
    *class != Some(TailingsClass::NoFacility)
        && (class.is_some() || height_m.is_some() || volume_m3.is_some())
}

/// Measures a dam. Its distance from the site is left at zero.
fn measure(
    of: DamOf,
    from: &Probe,
    tailings: Tailings,
    receptors: &Receptors,
    plan: &EnvironmentPlan,
) -> DamQuantities {
    let runout = plan.dams.runout.of(&tailings);
    let median = Length::from_km(runout.median_km);
    let down = downstream(from, median, receptors, plan);
    let direction_known = down.is_some();
    let Reach { settlements, areas } =
        down.unwrap_or_else(|| all_around(from, median, receptors, plan));
    let has_areas = receptors.kinds().any(|kind| kind == ReceptorKind::SensitiveAreas);
    DamQuantities {
        of,
        distance: Length::ZERO,
        tailings,
        runout,
        direction_known,
        people: receptors.population(settlements.into_iter()),
        areas: has_areas.then(|| u32::try_from(areas).unwrap_or(u32::MAX)),
        exposed: exposed(from, receptors, plan),
    }
}

/// What lies within the median run-out.
struct Reach {
    /// Settlements, by their indices among the run's receptors.
    settlements: Vec<usize>,
    /// Number of sensitive areas.
    areas: usize,
}

/// What lies along the way of a release: straight to the river, and down the river.
fn downstream(
    from: &Probe,
    median: Length,
    receptors: &Receptors,
    plan: &EnvironmentPlan,
) -> Option<Reach> {
    // Followed beyond the median, so that what lies just past it is not met at its end.
    let longest = if median > plan.dams.search { median } else { plan.dams.search };
    let course = receptors.course(from, plan.flow.snap, longest)?;
    let leaves = from.position().or_else(|| Some(from.foot(course.start)?.1));
    let mut draft = Draft::default();
    if let Some(dam) = leaves.filter(|_| course.snapped > Length::ZERO) {
        draft.add_line(dam, course.start);
    }
    course.way.edges().for_each(|ends| draft.add(ends));
    let way = draft.until(longest);
    let along = |kind| {
        let all = receptors.along(kind, &way, plan.flow.beside, &plan.centroids);
        all.into_iter().filter(|one| one.distance <= median)
    };
    Some(Reach {
        settlements: along(ReceptorKind::Settlements).map(|one| one.index).collect(),
        areas: along(ReceptorKind::SensitiveAreas).count(),
    })
}

/// What lies around a dam, where the direction of flow is not known.
fn all_around(
    from: &Probe,
    median: Length,
    receptors: &Receptors,
    plan: &EnvironmentPlan,
) -> Reach {
    let around = |kind| receptors.around(kind, from, median, &plan.centroids);
    Reach {
        settlements: around(ReceptorKind::Settlements).iter().map(|one| one.index).collect(),
        areas: around(ReceptorKind::SensitiveAreas).len(),
    }
}

/// The nearest of each kind and designation, in a straight line.
fn exposed(from: &Probe, receptors: &Receptors, plan: &EnvironmentPlan) -> Vec<Along> {
    let (area, centroids) = ((from, plan.dams.search), &plan.centroids);
    let nearest = |kind| receptors.nearest_of_each(kind, area, centroids, 1, |_| ());
    let kinds = [ReceptorKind::Settlements, ReceptorKind::Rivers, ReceptorKind::WaterBodies];
    let kind = ReceptorKind::SensitiveAreas;
    let classes = receptors.designations(kind);
    let areas = receptors.nearest_of_each(kind, area, centroids, classes, |area| area.designation);
    kinds.into_iter().flat_map(nearest).chain(areas).collect()
}
