//! Computes the risk of one site: both scores, their combination, and the flags.

use super::indicators::{self, Layer, Reading};
use super::{
    Indicator, IndicatorCode, Risk, RiskCell, Scheme, environment_risk, flags, overall,
    security_risk,
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

/// The readings of all indicators at the site, in the scheme's order.
fn readings<'a>(
    scheme: &Scheme,
    site: &Site,
    quantities: &EnvironmentQuantities,
    layer: &impl Fn(ReceptorKind) -> Layer<'a>,
) -> Vec<(IndicatorCode, Reading)> {
    let read = |code| match code {
        IndicatorCode::SensitiveAreas => {
            indicators::sensitive_areas(scheme, &layer(ReceptorKind::SensitiveAreas))
        }
        IndicatorCode::WaterStress => {
            indicators::water_stress(scheme, site, &layer(ReceptorKind::WaterStress))
        }
        IndicatorCode::Seismic => indicators::seismic(scheme, &layer(ReceptorKind::Earthquakes)),
        IndicatorCode::Rivers => indicators::rivers(
            scheme,
            site.tailings.class,
            &[layer(ReceptorKind::Rivers), layer(ReceptorKind::WaterBodies)],
        ),
        IndicatorCode::Accidents => indicators::accidents(scheme, quantities.accidents.as_ref()),
        IndicatorCode::People => indicators::people(scheme, &layer(ReceptorKind::Settlements)),
    };
    IndicatorCode::ALL.into_iter().map(|code| (code, read(code))).collect()
}

impl IndicatorCode {
    /// Every indicator, in the scheme's order.
    pub const ALL: [Self; 6] = [
        Self::SensitiveAreas,
        Self::WaterStress,
        Self::Seismic,
        Self::Rivers,
        Self::Accidents,
        Self::People,
    ];
}

impl Risk {
    /// The indicator that adds most to the environment score; ties go to the first in the scheme's
    /// order. `None` without a score, or if every indicator reads 0.
    pub fn environment_driver(&self) -> Option<&Indicator> {
        let points = |indicator: &Indicator| indicator.points.unwrap_or(0.0);
        let indicators = self.environment.indicators.iter();
        indicators
            .filter(|i| points(i) > 0.0)
            .reduce(|most, next| if points(next) > points(most) { next } else { most })
    }
}
