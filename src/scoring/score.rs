//! Computes the risk of one site: both scores, their combination, and the flags.

use super::indicators::{self, Layer, Reading};
use super::{
    Bar, BarRisk, EnvironmentRisk, Indicator, IndicatorCode, Risk, RiskCell, Scheme,
    environment_risk, flags, overall, security_risk,
};
use crate::measures::{EnvironmentQuantities, Quantities};
use crate::model::{Receptor, ReceptorKind, Site};
use std::collections::BTreeSet;

/// The risk of a site, from the quantities measured around it.
///
/// `receptors` is the run's list that the quantities index into. `complete` are the kinds whose
/// layers the user declared complete: for these, finding no receptor means that there is none. The
/// tailings class and stated water stress are read from `site`.
pub fn score(
    scheme: &Scheme,
    site: &Site,
    quantities: &Quantities,
    receptors: &[Receptor],
    complete: &BTreeSet<ReceptorKind>,
) -> Risk {
    let layer = |kind| layer(&quantities.environment, receptors, complete, kind);
    let security = security_risk(scheme, &quantities.security);
    let readings = readings(scheme, site, &quantities.environment, &layer);
    let environment = environment_risk(scheme, readings);
    let bands = &scheme.bands;
    let security_band = bands.of(security.score);
    let flags = flags(
        scheme,
        &quantities.security,
        security_band,
        &environment.indicators,
        &layer(ReceptorKind::SensitiveAreas),
        scheme.position.radius(site.accuracy),
    );
    Risk {
        overall: overall(scheme, security.score, environment.score),
        cell: RiskCell::new(security_band, bands.of(environment.score)),
        flags,
        security,
        environment,
    }
}

/// The receptors of one kind around the site.
fn layer<'a>(
    quantities: &'a EnvironmentQuantities,
    receptors: &'a [Receptor],
    complete: &BTreeSet<ReceptorKind>,
    kind: ReceptorKind,
) -> Layer<'a> {
    Layer {
        near: quantities.nearby.get(&kind).map(Vec::as_slice),
        receptors,
        complete: complete.contains(&kind),
    }
}

/// The readings of all indicators at the site, in the order of [`IndicatorCode::ALL`].
fn readings<'a>(
    scheme: &Scheme,
    site: &Site,
    quantities: &EnvironmentQuantities,
    layer: &impl Fn(ReceptorKind) -> Layer<'a>,
) -> Vec<(IndicatorCode, Reading)> {
    let raster = |name| quantities.rasters.get(name);
    let read = |code| match code {
        IndicatorCode::SensitiveAreas => {
            indicators::sensitive_areas(scheme, &layer(ReceptorKind::SensitiveAreas))
        }
        IndicatorCode::WaterStress => {
            indicators::water_stress(scheme, site, &layer(ReceptorKind::WaterStress))
        }
        IndicatorCode::Seismic => {
            indicators::seismic(scheme, &layer(ReceptorKind::Earthquakes), raster("shaking"))
        }
        IndicatorCode::WaterNearby => indicators::water_nearby(
            scheme,
            &[layer(ReceptorKind::Rivers), layer(ReceptorKind::WaterBodies)],
        ),
        IndicatorCode::Accidents => indicators::accidents(scheme, quantities),
        IndicatorCode::People => {
            indicators::people(scheme, &layer(ReceptorKind::Settlements), raster("population"))
        }
        IndicatorCode::Downstream => indicators::downstream(
            scheme,
            &layer(ReceptorKind::Settlements),
            quantities.downstream.as_ref(),
        ),
        IndicatorCode::Tailings => indicators::tailings(scheme, site, quantities, layer),
        IndicatorCode::Species => {
            indicators::of_raster(&scheme.environment.species.raster, "species", raster("species"))
        }
        IndicatorCode::Habitat => {
            indicators::of_raster(&scheme.environment.habitat.raster, "habitat", raster("habitat"))
        }
        IndicatorCode::Flood => {
            indicators::of_raster(&scheme.environment.flood.raster, "flood", raster("flood"))
        }
        IndicatorCode::Outburst => indicators::of_raster(
            &scheme.environment.outburst.raster,
            "outburst",
            raster("outburst"),
        ),
    };
    IndicatorCode::ALL.into_iter().map(|code| (code, read(code))).collect()
}

impl IndicatorCode {
    /// Every indicator, by its code.
    pub const ALL: [Self; 12] = [
        Self::SensitiveAreas,
        Self::WaterStress,
        Self::Seismic,
        Self::WaterNearby,
        Self::Accidents,
        Self::People,
        Self::Species,
        Self::Habitat,
        Self::Downstream,
        Self::Tailings,
        Self::Flood,
        Self::Outburst,
    ];

    /// The bar that the indicator belongs to.
    pub fn bar(self) -> Bar {
        match self {
            Self::SensitiveAreas | Self::Species | Self::Habitat => Bar::Nature,
            Self::WaterNearby | Self::WaterStress => Bar::Water,
            Self::People | Self::Downstream => Bar::People,
            Self::Tailings | Self::Accidents => Bar::Pressure,
            Self::Seismic | Self::Flood | Self::Outburst => Bar::Hazard,
        }
    }
}

impl Bar {
    /// Every bar: the surroundings, the pressure on them, and the hazard.
    pub const ALL: [Self; 5] =
        [Self::Nature, Self::Water, Self::People, Self::Pressure, Self::Hazard];

    /// Its indicators.
    pub fn indicators(self) -> impl Iterator<Item = IndicatorCode> {
        IndicatorCode::ALL.into_iter().filter(move |code| code.bar() == self)
    }
}

impl EnvironmentRisk {
    /// A bar; `None` if the scheme has no environment score.
    pub fn bar(&self, bar: Bar) -> Option<&BarRisk> {
        self.bars.iter().find(|one| one.bar == bar)
    }

    /// The indicators with a weight of which nothing is known.
    pub fn missing(&self) -> impl Iterator<Item = &Indicator> {
        self.indicators.iter().filter(|one| one.value.is_none() && one.weight_in_bar > 0.0)
    }
}

impl Risk {
    /// The indicator that adds most to the environment score by what is known of it; ties go to the first. `None`
    /// without a score, or if every known value is 0.
    pub fn environment_driver(&self) -> Option<&Indicator> {
        let points = |indicator: &Indicator| indicator.points.unwrap_or(0.0);
        let indicators = self.environment.indicators.iter();
        indicators
            .filter(|i| points(i) > 0.0)
            .reduce(|most, next| if points(next) > points(most) { next } else { most })
    }
}
