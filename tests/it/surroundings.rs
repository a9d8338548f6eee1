//! A place as a test tells it: what lies around a site, and the risk that follows.

use crate::made::{contribution, covered, nearby, receptor, scheme, site, with_own_water_stress};
use std::collections::BTreeSet;
use tamarisk::earth::Length;
use tamarisk::measures::{Along, DamOf, DamQuantities, Intensity, RasterSample, Runout};
use tamarisk::model::{Designation, Receptor, ReceptorKind, Site, TailingsClass, WaterStress};
use tamarisk::scoring::indicators::Reading;
use tamarisk::scoring::{IndicatorCode, Risk, score};

/// What lies around a site, as a test tells it.
#[derive(Debug, Clone, Default)]
pub struct Place {
    pub site: Option<Site>,
    pub things: Vec<(Receptor, f64)>,
    /// Deaths, distance in km and age in years of accidents; `None` if none were collected.
    pub accidents: Option<Vec<(u32, f64, f64)>>,
    /// Whether a dam stands at the site, with its class.
    pub dam: Option<TailingsClass>,
    pub rasters: Vec<(&'static str, f64)>,
    pub complete: BTreeSet<ReceptorKind>,
}

impl Place {
    pub fn with(mut self, receptor: Receptor, km: f64) -> Self {
        self.things.push((receptor, km));
        self
    }

    pub fn park(self, designation: Designation, km: f64) -> Self {
        let designation = Some(designation);
        self.with(Receptor { designation, ..receptor(ReceptorKind::SensitiveAreas) }, km)
    }

    pub fn river(self, km: f64) -> Self {
        self.with(receptor(ReceptorKind::Rivers), km)
    }

    pub fn town(self, people: f64, km: f64) -> Self {
        let population = Some(people);
        self.with(Receptor { population, ..receptor(ReceptorKind::Settlements) }, km)
    }

    pub fn quake(self, magnitude: f64, km: f64) -> Self {
        let magnitude = Some(magnitude);
        let depth_km = Some(10.0);
        self.with(Receptor { magnitude, depth_km, ..receptor(ReceptorKind::Earthquakes) }, km)
    }

    pub fn accident(mut self, deaths: u32, km: f64, years: f64) -> Self {
        self.accidents.get_or_insert_default().push((deaths, km, years));
        self
    }

    pub fn stress(mut self, ratio: f64) -> Self {
        self.site = Some(with_own_water_stress(WaterStress::Ratio(ratio)));
        self
    }

    pub fn risk(&self) -> Risk {
        let mut order: Vec<usize> = (0..self.things.len()).collect();
        order.sort_by(|a, b| self.things[*a].1.total_cmp(&self.things[*b].1));
        let mut quantities = covered();
        let mut exposed = Vec::new();
        for index in order {
            let (thing, km) = &self.things[index];
            let near = quantities.environment.nearby.entry(thing.kind).or_default();
            near.push(nearby(index, *km));
            let distance = Length::from_km(*km);
            exposed.push(Along { index, distance });
        }
        let mut site = self.site.clone().unwrap_or_else(site);
        if let Some(class) = self.dam {
            site.tailings.class = Some(class);
            quantities.environment.dams.push(DamQuantities {
                of: DamOf::Part(0),
                distance: Length::ZERO,
                tailings: site.tailings,
                runout: Runout { median_km: 12.0, sigma: 0.95 },
                direction_known: false,
                exposed,
                people: None,
                areas: None,
            });
        }
        let kernel = scheme().accident_kernel();
        quantities.environment.accidents = self.accidents.as_ref().map(|all| {
            let sigma = scheme().position.sigma_km(None);
            let weight = |deaths: u32, km: f64, years: f64| {
                (1.0 + 3.0 * (1.0 + f64::from(deaths)).log10())
                    * kernel.at(km, 2.0 * sigma * sigma)
                    * 0.5_f64.powf(years * 365.0 / 1825.0)
            };
            let total = all.iter().map(|(deaths, km, years)| weight(*deaths, *km, *years)).sum();
            Intensity { total, strongest: vec![contribution(0, 1.0, total)] }
        });
        for (name, number) in &self.rasters {
            let number = Some(*number);
            let sample = RasterSample {
                point: number,
                mean: number,
                max: number,
                share_over: number,
                total: number,
                weighted_total: number,
                known: 1.0,
            };
            quantities.environment.rasters.insert((*name).into(), sample);
        }
        let receptors: Vec<Receptor> = self.things.iter().map(|(one, _)| one.clone()).collect();
        score(&scheme(), &site, &quantities, &receptors, &self.complete)
    }

    pub fn at_least(&self) -> f64 {
        self.risk().environment.at_least.unwrap_or(0.0)
    }
}

/// Readings of all indicators, each a value and the share that is known.
pub fn readings(of: impl Fn(IndicatorCode) -> (Option<f64>, f64)) -> Vec<(IndicatorCode, Reading)> {
    let reading = |code| {
        let (value, known) = of(code);
        (code, Reading { value, known, ..Reading::default() })
    };
    IndicatorCode::ALL.into_iter().map(reading).collect()
}
