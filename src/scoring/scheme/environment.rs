//! The environment part of a scheme: bars and their indicators, with the weights that follow from both.

use super::indicators::{
    AccidentsIndicator, DownstreamIndicator, PeopleIndicator, RasterIndicator, SeismicIndicator,
    SensitiveAreasIndicator, TailingsIndicator, WaterNearbyIndicator, WaterStressIndicator,
};
use crate::model::ReceptorKind;
use crate::scoring::{Bar, IndicatorCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The environment score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentScheme {
    /// Whether there is an environment score at all.
    pub enabled: bool,
    /// Power of the mean over the indicators: 1 is the arithmetic mean.
    pub power: f64,
    /// Least share of the weights that must be known for a score.
    pub minimum_coverage: f64,
    /// How much is known where a layer shows nothing.
    pub gaps: Gaps,
    /// Weights of the bars in the score.
    pub bars: BarWeights,
    /// E1: sensitive areas.
    pub sensitive_areas: SensitiveAreasIndicator,
    /// E7: a raster of species.
    pub species: RasterIndicator,
    /// E8: a raster of natural habitat.
    pub habitat: RasterIndicator,
    /// E4: rivers and water bodies nearby.
    pub water_nearby: WaterNearbyIndicator,
    /// E2: baseline water stress.
    pub water_stress: WaterStressIndicator,
    /// E6: people around the site.
    pub people: PeopleIndicator,
    /// E9: people downstream.
    pub downstream: DownstreamIndicator,
    /// E10: what the tailings can reach.
    pub tailings: TailingsIndicator,
    /// E5: accidents and spills.
    pub accidents: AccidentsIndicator,
    /// E3: past earthquakes.
    pub seismic: SeismicIndicator,
    /// E12: a raster of floods.
    pub flood: RasterIndicator,
    /// E13: a raster of outburst floods of glacial lakes.
    pub outburst: RasterIndicator,
}

/// How much is known in a gap of a layer that is not declared complete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gaps {
    /// The share that is known where nothing lies within reach.
    pub known: f64,
    /// A gap is within so many reaches of the layer: it counts in full within half of them, and less and less up to
    /// them.
    pub reaches: f64,
}

/// Weights of the bars in the environment score. The bar `hazard` stands outside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BarWeights {
    /// Nature nearby.
    pub nature: f64,
    /// Water nearby.
    pub water: f64,
    /// People nearby and downstream.
    pub people: f64,
    /// What the site can do.
    pub pressure: f64,
}

impl BarWeights {
    /// The weight of a bar as the file states it; 0 for the hazard, which is outside the score.
    pub fn of(&self, bar: Bar) -> f64 {
        match bar {
            Bar::Nature => self.nature,
            Bar::Water => self.water,
            Bar::People => self.people,
            Bar::Pressure => self.pressure,
            Bar::Hazard => 0.0,
        }
    }
}

impl EnvironmentScheme {
    /// The weight of an indicator in its bar, and its reference value, as the file states them.
    fn written(&self, code: IndicatorCode) -> (f64, f64) {
        match code {
            IndicatorCode::SensitiveAreas => {
                (self.sensitive_areas.weight, self.sensitive_areas.reference)
            }
            IndicatorCode::WaterStress => (self.water_stress.weight, self.water_stress.reference),
            IndicatorCode::Seismic => (self.seismic.weight, self.seismic.reference),
            IndicatorCode::WaterNearby => (self.water_nearby.weight, self.water_nearby.reference),
            IndicatorCode::Accidents => (self.accidents.weight, self.accidents.reference),
            IndicatorCode::People => (self.people.weight, self.people.reference),
            IndicatorCode::Species => (self.species.weight, self.species.reference),
            IndicatorCode::Habitat => (self.habitat.weight, self.habitat.reference),
            IndicatorCode::Downstream => (self.downstream.weight, self.downstream.reference),
            IndicatorCode::Tailings => (self.tailings.weight, self.tailings.reference),
            IndicatorCode::Flood => (self.flood.weight, self.flood.reference),
            IndicatorCode::Outburst => (self.outburst.weight, self.outburst.reference),
        }
    }

    /// The weight of an indicator in its bar as the file states it.
    pub fn written_weight(&self, code: IndicatorCode) -> f64 {
        self.written(code).0
    }

    /// The value that takes the place of what is not known of an indicator.
    pub fn reference(&self, code: IndicatorCode) -> f64 {
        self.written(code).1
    }

    /// The weight of an indicator divided by the sum of its bar.
    pub fn weight_in_bar(&self, code: IndicatorCode) -> f64 {
        let sum: f64 = code.bar().indicators().map(|one| self.written_weight(one)).sum();
        if sum > 0.0 { self.written_weight(code) / sum } else { 0.0 }
    }

    /// The weight of a bar in the score, divided by the sum of all bars. A bar without an indicator of a weight
    /// above 0 has none.
    pub fn weight_of_bar(&self, bar: Bar) -> f64 {
        let weight = |bar: Bar| {
            let any = bar.indicators().any(|one| self.written_weight(one) > 0.0);
            if any { self.bars.of(bar) } else { 0.0 }
        };
        let sum: f64 = Bar::ALL.iter().map(|bar| weight(*bar)).sum();
        if sum > 0.0 { weight(bar) / sum } else { 0.0 }
    }

    /// The weight of an indicator in the score; 0 for the indicators of the hazard.
    pub fn weight(&self, code: IndicatorCode) -> f64 {
        self.weight_of_bar(code.bar()) * self.weight_in_bar(code)
    }

    /// The distance within which a layer that is not declared complete must have a feature to count
    /// as known at all; `None` for kinds that no indicator measures by distance.
    ///
    /// # Units
    /// Kilometers.
    pub fn reach_km(&self, kind: ReceptorKind) -> Option<f64> {
        match kind {
            ReceptorKind::SensitiveAreas => Some(self.sensitive_areas.reach_km),
            ReceptorKind::Rivers | ReceptorKind::WaterBodies => Some(self.water_nearby.reach_km),
            ReceptorKind::Settlements => Some(self.people.reach_km),
            ReceptorKind::Earthquakes => Some(self.seismic.reach_km),
            ReceptorKind::Tailings => Some(self.tailings.own_km),
            ReceptorKind::Faults | ReceptorKind::WaterStress => None,
        }
    }

    /// The distance at which 5 % is left of what a site and a receptor of a kind have to do with each other; `None` for
    /// kinds without such a decay.
    ///
    /// # Units
    /// Kilometers.
    pub fn decay_km(&self, kind: ReceptorKind) -> Option<f64> {
        match kind {
            ReceptorKind::SensitiveAreas => Some(self.sensitive_areas.decay_km),
            ReceptorKind::Rivers | ReceptorKind::WaterBodies => Some(self.water_nearby.decay_km),
            ReceptorKind::Settlements => Some(self.people.decay_km),
            ReceptorKind::Earthquakes
            | ReceptorKind::Faults
            | ReceptorKind::Tailings
            | ReceptorKind::WaterStress => None,
        }
    }
}
