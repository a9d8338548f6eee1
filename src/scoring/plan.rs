//! Derives from a scheme what `measures` must compute: kernels, rings, windows, and a search radius
//! for each receptor kind that is large enough for every score.

use super::indicators::{felt_within, has_edge};
use super::{KernelForm, Scheme};
use crate::earth::Length;
use crate::measures::{
    Centroids, CountPlan, DamPlan, EnvironmentPlan, FlowPlan, Kernel, RunoutRelation, SecurityPlan,
};
use crate::model::{Receptor, ReceptorKind};
use std::collections::BTreeMap;

impl Scheme {
    /// The kernel of the security score.
    pub fn security_kernel(&self) -> Kernel {
        let kernel = &self.security.kernel;
        let (zone_km, cutoff) = (kernel.influence_km, kernel.cutoff);
        match kernel.form {
            KernelForm::Gaussian => Kernel::Gaussian { scales: kernel.gaussian_parts(), cutoff },
            KernelForm::Exponential => {
                Kernel::Exponential { zone_km, rate: self.distance.exponential_rate, cutoff }
            }
            KernelForm::Linear => Kernel::Linear { zone_km },
            KernelForm::Quartic => Kernel::Quartic { zone_km },
            KernelForm::Step => Kernel::Step { zone_km },
        }
    }

    /// The kernel of indicator E5.
    pub fn accident_kernel(&self) -> Kernel {
        let accidents = &self.environment.accidents;
        Kernel::Gaussian { scales: vec![(1.0, accidents.scale_km)], cutoff: accidents.cutoff }
    }

    /// What is measured over security incidents. `keep` is the number of strongest incidents kept for
    /// each site.
    pub fn security_plan(&self, keep: usize) -> SecurityPlan {
        let buffers = &self.buffers;
        SecurityPlan {
            kernel: self.security_kernel(),
            keep,
            counts: CountPlan {
                radii: lengths(&buffers.rings_km),
                window_radius: Length::from_km(buffers.window_radius_km),
                windows: buffers.window_days.iter().map(|days| i64::from(*days)).collect(),
                trend_days: i64::from(self.security.trend.period_days),
            },
            coverage_radius: Length::from_km(buffers.coverage_km),
            nearest: usize::try_from(buffers.nearest).unwrap_or(usize::MAX),
            r90_per_sigma: self.position.r90_per_sigma,
        }
    }

    /// What is measured over accidents and receptors. `keep` is the number of strongest accidents
    /// kept for each site.
    pub fn environment_plan(&self, keep: usize, receptors: &[Receptor]) -> EnvironmentPlan {
        let buffers = &self.buffers;
        let search = |kind| (kind, self.search(kind, receptors));
        EnvironmentPlan {
            reach: ReceptorKind::ALL.into_iter().map(search).collect(),
            own_reach: self.own_reach(receptors),
            counts: self.counts(receptors),
            gaps: self.gaps(receptors),
            accident_kernel: self.accident_kernel(),
            keep,
            accident_radius: Length::from_km(buffers.window_radius_km),
            overlap_radii: lengths(&buffers.overlap_km),
            river_radius: Length::from_km(buffers.river_km),
            people_radius: Length::from_km(buffers.people_km),
            centroids: Centroids {
                accuracy: Length::from_km(self.environment.sensitive_areas.centroid_accuracy_km),
                unstated: self.position.radius(None),
            },
            flow: self.flow_plan(),
            dams: self.dam_plan(),
            rasters: Vec::new(),
        }
    }

    /// How rivers with a direction are followed.
    pub fn flow_plan(&self) -> FlowPlan {
        let downstream = &self.environment.downstream;
        FlowPlan {
            snap: Length::from_km(downstream.snap_km),
            length: Length::from_km(downstream.follow_km),
            beside: Length::from_km(downstream.beside_km),
        }
    }

    /// What is measured for tailings dams.
    pub fn dam_plan(&self) -> DamPlan {
        let tailings = &self.environment.tailings;
        DamPlan {
            reach: Length::from_km(tailings.own_km),
            search: Length::from_km(tailings.search_km),
            runout: self.runout(),
        }
    }

    /// How far tailings run out.
    fn runout(&self) -> RunoutRelation {
        let of = &self.environment.tailings.runout;
        RunoutRelation {
            released_factor: of.released_factor,
            released_exponent: of.released_exponent,
            length_factor: of.length_factor,
            length_exponent: of.length_exponent,
            sigma: of.sigma,
            unknown_km: of.unknown_km,
            unknown_sigma: of.unknown_sigma,
        }
    }

    /// The search radius for receptors of a kind.
    ///
    /// For areas known only by a centroid the radius grows by that of the largest area, and for
    /// earthquakes it is the distance at which the strongest is felt. Faults and tailings dams are listed
    /// within the window radius. Zero for water stress, which counts only if the site lies inside.
    pub fn search(&self, kind: ReceptorKind, receptors: &[Receptor]) -> Length {
        let environment = &self.environment;
        let of_kind = || receptors.iter().filter(|receptor| receptor.kind == kind);
        let widest = || of_kind().map(|r| r.centroid_radius().km()).fold(0.0, f64::max);
        let km = match kind {
            ReceptorKind::SensitiveAreas => {
                // Overlap is measured over the receptors found.
                let overlap = self.buffers.overlap_km.iter().copied().fold(0.0, f64::max);
                environment.sensitive_areas.search_km.max(overlap) + widest()
            }
            ReceptorKind::Rivers | ReceptorKind::WaterBodies => {
                environment.water_nearby.reach_km + widest()
            }
            ReceptorKind::Settlements => environment.people.search_km,
            ReceptorKind::Earthquakes => {
                of_kind().map(|quake| self.felt(quake).km()).fold(0.0, f64::max)
            }
            ReceptorKind::Tailings => {
                environment.tailings.own_km.max(self.buffers.window_radius_km)
            }
            ReceptorKind::Faults => self.buffers.window_radius_km,
            ReceptorKind::WaterStress => 0.0,
        };
        Length::from_km(km)
    }

    /// For each receptor, the distance within which it affects a score, if that differs within a
    /// kind; empty without earthquakes.
    fn own_reach(&self, receptors: &[Receptor]) -> Vec<Length> {
        let is_quake = |receptor: &Receptor| receptor.kind == ReceptorKind::Earthquakes;
        if !receptors.iter().any(is_quake) {
            return Vec::new();
        }
        let reach = ReceptorKind::ALL.map(|kind| (kind, self.search(kind, receptors)));
        let of_kind = |kind| reach.iter().find(|of| of.0 == kind).map_or(Length::ZERO, |of| of.1);
        let own = |receptor: &Receptor| {
            if is_quake(receptor) { self.felt(receptor) } else { of_kind(receptor.kind) }
        };
        receptors.iter().map(own).collect()
    }

    /// For each receptor whether it counts for a score; empty if all do.
    fn counts(&self, receptors: &[Receptor]) -> Vec<bool> {
        let seismic = &self.environment.seismic;
        let counts = |receptor: &Receptor| match receptor.kind {
            ReceptorKind::Settlements => receptor.population.is_some(),
            ReceptorKind::Earthquakes => {
                let shallow = receptor.depth_km.is_none_or(|depth| depth <= seismic.max_depth_km);
                shallow && receptor.magnitude.is_some_and(|of| of >= seismic.least_magnitude)
            }
            ReceptorKind::SensitiveAreas | ReceptorKind::Rivers | ReceptorKind::WaterBodies => {
                has_edge(self, receptor)
            }
            _ => true,
        };
        if receptors.iter().all(counts) {
            return Vec::new();
        }
        receptors.iter().map(counts).collect()
    }

    /// The kinds of which the nearest receptor that counts may not be found within the search radius: those with some
    /// that do not count, and earthquakes, of which each is felt as far as its magnitude has it.
    fn gaps(&self, receptors: &[Receptor]) -> BTreeMap<ReceptorKind, Length> {
        let counts = self.counts(receptors);
        let all_count = |kind| {
            let some_do_not =
                receptors.iter().zip(&counts).any(|(one, counts)| one.kind == kind && !counts);
            !some_do_not
        };
        let gap = |kind| {
            let reach = self.environment.reach_km(kind)?;
            if kind != ReceptorKind::Earthquakes && all_count(kind) {
                return None;
            }
            Some((kind, Length::from_km(reach)))
        };
        ReceptorKind::ALL.into_iter().filter_map(gap).collect()
    }

    /// The distance within which an earthquake affects a score: as far as it is felt, and at least
    /// the distance within which a catalog must hold a record to count as known.
    fn felt(&self, quake: &Receptor) -> Length {
        let seismic = &self.environment.seismic;
        let reach = Length::from_km(seismic.reach_km);
        let shallow = quake.depth_km.is_none_or(|depth| depth <= seismic.max_depth_km);
        let counts = |m: &f64| shallow && *m >= seismic.least_magnitude;
        let felt = quake.magnitude.filter(counts).map(|m| felt_within(seismic, m));
        felt.map_or(reach, |felt| if felt > reach { felt } else { reach })
    }
}

fn lengths(km: &[f64]) -> Vec<Length> {
    km.iter().copied().map(Length::from_km).collect()
}
