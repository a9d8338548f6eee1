//! What lies along a way: receptors beside it, each with the length of the way up to it, and what lies downstream of a
//! place.

use super::environment::{EnvironmentPlan, Receptors};
use super::flow::Course;
use super::way::Way;
use crate::earth::{Length, Shape};
use crate::index::Probe;
use crate::model::{Receptor, ReceptorKind};
use std::collections::BTreeMap;

/// Receptors known only by a centroid: how they are measured, and when not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Centroids {
    /// A less accurate centroid is set aside.
    pub accuracy: Length,
    /// The accuracy of one whose source gives none.
    pub unstated: Length,
}

impl Centroids {
    /// The radius of the circle that stands for an area known only by its centroid; zero for any other receptor.
    /// `None` if the centroid is too inaccurate.
    fn radius(&self, receptor: &Receptor) -> Option<Length> {
        let is_area = matches!(
            receptor.kind,
            ReceptorKind::SensitiveAreas | ReceptorKind::Rivers | ReceptorKind::WaterBodies
        );
        if !is_area || !matches!(receptor.shape, Shape::Points(_)) {
            return Some(Length::ZERO);
        }
        let accuracy = receptor.accuracy.unwrap_or(self.unstated);
        (accuracy <= self.accuracy).then(|| receptor.centroid_radius())
    }
}

/// A receptor along a way or near a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Along {
    /// Index into the run's receptors.
    pub index: usize,
    /// Length of the way up to it: to the place nearest to a point, and to the first place beside a line or an area.
    /// Without a way the distance, for an area known only by its centroid that to a circle of its size.
    pub distance: Length,
}

/// What lies downstream of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Downstream {
    /// Distance from the site to the river.
    pub snapped: Length,
    /// The reach that the site drains to, by its index among the run's receptors.
    pub river: usize,
    /// How far the river was followed.
    pub length: Length,
    /// Whether nothing is known of what follows: the next reach is not among the rivers.
    pub cut: bool,
    /// People in settlements beside the river; `None` if no settlement of the run, or none of those there, has a
    /// known population.
    pub people: Option<f64>,
    /// Settlements beside the river by river kilometer, counted from where the site drains to it.
    pub settlements: Vec<Along>,
    /// Sensitive areas beside the river by river kilometer.
    pub areas: Vec<Along>,
    /// The other reaches near the site: the distance to each, and the settlements beside the river from there on.
    pub others: Vec<(Length, Vec<Along>)>,
}

/// Measures what lies downstream of a place; `None` without a network of rivers, or if no reach is near.
pub(super) fn downstream(
    from: &Probe,
    receptors: &Receptors,
    plan: &EnvironmentPlan,
) -> Option<Downstream> {
    let flow = &plan.flow;
    let mut courses = receptors.courses(from, flow.snap, flow.length);
    let course = courses.next()?;
    let beside =
        |course: &Course, kind| receptors.along(kind, &course.way, flow.beside, &plan.centroids);
    let along = |kind| beside(&course, kind);
    let settlements = along(ReceptorKind::Settlements);
    let others = courses
        .map(|course| (course.snapped, beside(&course, ReceptorKind::Settlements)))
        .collect();
    Some(Downstream {
        snapped: course.snapped,
        river: course.river,
        length: course.way.length(),
        cut: course.cut,
        people: receptors.population(settlements.iter().map(|one| one.index)),
        areas: along(ReceptorKind::SensitiveAreas),
        settlements,
        others,
    })
}

impl Receptors {
    /// The receptors of a kind beside a way, in its order.
    pub(super) fn along(
        &self,
        kind: ReceptorKind,
        way: &Way,
        beside: Length,
        centroids: &Centroids,
    ) -> Vec<Along> {
        let Some(of_kind) = self.kinds.get(&kind) else { return Vec::new() };
        let near = of_kind.things.within(way.probe(), sum(beside, of_kind.widest));
        let along = near.iter().filter_map(|near| {
            let index = of_kind.first + near.index;
            let receptor = self.list().get(index)?;
            let radius = centroids.radius(receptor)?;
            let beside = sum(beside, radius);
            if near.distance > beside {
                return None;
            }
            let distance = match receptor.shape.as_point() {
                Some(place) if radius == Length::ZERO => way.nearest(place),
                _ => {
                    let away = |from, most| of_kind.things.distance_within(near.index, from, most);
                    way.enters(beside, away).unwrap_or_else(|| way.nearest(near.to))
                }
            };
            Some(Along { index, distance })
        });
        in_order(along.collect())
    }

    /// The receptors of a kind within a radius, nearest first, with the distance to the edge of areas known only by a
    /// centroid.
    pub fn around(
        &self,
        kind: ReceptorKind,
        from: &Probe,
        radius: Length,
        centroids: &Centroids,
    ) -> Vec<Along> {
        let Some(of_kind) = self.kinds.get(&kind) else { return Vec::new() };
        let near = of_kind.things.within(from, sum(radius, of_kind.widest));
        let around = near.iter().filter_map(|near| {
            let index = of_kind.first + near.index;
            let circle = centroids.radius(self.list().get(index)?)?;
            let distance = Length::from_meters(near.distance.meters() - circle.meters());
            (distance <= radius).then_some(Along { index, distance })
        });
        in_order(around.collect())
    }

    /// The nearest receptor of each class of a kind within a radius, nearest first; `classes` is their number.
    pub(super) fn nearest_of_each<K: Ord>(
        &self,
        kind: ReceptorKind,
        (from, radius): (&Probe, Length),
        centroids: &Centroids,
        classes: usize,
        class: impl Fn(&Receptor) -> K,
    ) -> Vec<Along> {
        let mut nearest: BTreeMap<K, Along> = BTreeMap::new();
        for km in [5.0, 20.0, 80.0, f64::INFINITY] {
            let within = if km < radius.km() { Length::from_km(km) } else { radius };
            for one in self.around(kind, from, within, centroids) {
                let Some(receptor) = self.list().get(one.index) else { continue };
                nearest.entry(class(receptor)).or_insert(one);
            }
            if nearest.len() >= classes || within == radius {
                break;
            }
        }
        in_order(nearest.into_values().collect())
    }

    /// The population of some settlements; `None` if none of the run, or none of these, has a known population.
    pub(super) fn population(&self, settlements: impl Iterator<Item = usize>) -> Option<f64> {
        let (mut any, mut known) = (false, None);
        for index in settlements {
            any = true;
            if let Some(people) = self.list().get(index).and_then(|one| one.population) {
                known = Some(known.unwrap_or(0.0) + people);
            }
        }
        known.or_else(|| (!any && self.any_population).then_some(0.0))
    }
}

fn in_order(mut all: Vec<Along>) -> Vec<Along> {
    all.sort_by(|a, b| {
        a.distance.meters().total_cmp(&b.distance.meters()).then(a.index.cmp(&b.index))
    });
    all
}

fn sum(a: Length, b: Length) -> Length {
    Length::from_meters(a.meters() + b.meters())
}
