//! What a reader must know before believing a security score: that nothing happened nearby, that it rests on one
//! event, that positions are coarse, that part of the surroundings is not covered.

use super::percent;
use crate::earth::Length;
use crate::measures::SecurityQuantities;
use crate::scoring::{Band, Driver, Scheme, SecurityRisk, written};

/// A reason not to take a security score at its face value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Caution {
    /// At least medium, although no incident was reported within the window radius of the site.
    NothingNear {
        /// The window radius.
        within: Length,
        /// The nearest incident.
        nearest: Option<Length>,
        /// Whether what weighs most lies near a linked part of the site, such as its road.
        at_a_part: bool,
    },
    /// One incident makes half of the score or more.
    OneEvent {
        /// The score without it.
        without: f64,
        /// The band of that score.
        band: Band,
    },
    /// Half of the score or more comes from incidents whose places are known coarsely.
    CoarsePositions {
        /// The share of the score, at least.
        share: f64,
        /// The coarsest accuracy among them.
        accuracy: Length,
    },
    /// Incidents were collected in a part of the surroundings only.
    PartlyCovered {
        /// The share of the buffer in which they were collected.
        share: f64,
        /// The radius of the buffer.
        within: Length,
    },
}

/// The share of a score from which an incident or a kind of place is told to carry it.
const CARRIES: f64 = 0.5;

/// Positions known to no better than this are coarse beside the scheme's first kernel scale.
const COARSE: Length = Length::from_km(10.0);

/// A share of the surroundings from which they count as covered.
const ALL: f64 = 0.995;

impl Caution {
    /// Those of a site's security score, in a fixed order; none without a score. `accuracies` are those of the drivers, in
    /// their order.
    pub fn of(
        scheme: &Scheme,
        risk: &SecurityRisk,
        quantities: &SecurityQuantities,
        accuracies: &[Option<Length>],
    ) -> Vec<Self> {
        if risk.score.is_none() {
            return Vec::new();
        }
        [
            nothing_near(scheme, risk, quantities),
            one_event(scheme, risk),
            coarse_positions(scheme, risk, accuracies),
            (quantities.coverage < ALL).then(|| Self::PartlyCovered {
                share: quantities.coverage,
                within: Length::from_km(scheme.buffers.coverage_km),
            }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Its place in a fixed order, from 0.
    pub fn number(self) -> usize {
        match self {
            Self::NothingNear { .. } => 0,
            Self::OneEvent { .. } => 1,
            Self::CoarsePositions { .. } => 2,
            Self::PartlyCovered { .. } => 3,
        }
    }

    /// A few words, for a column: `one event`.
    pub fn label(self) -> String {
        match self {
            Self::NothingNear { within, .. } => format!("nothing within {:.0} km", within.km()),
            Self::OneEvent { .. } => "one event".into(),
            Self::CoarsePositions { .. } => "coarse positions".into(),
            Self::PartlyCovered { .. } => "partly covered".into(),
        }
    }

    /// What holds, to precede `at 3 of 29 sites`.
    pub fn of_sites(self) -> String {
        match self {
            Self::NothingNear { within, .. } => {
                format!(
                    "a score of medium or higher without an incident within {:.0} km",
                    within.km()
                )
            }
            Self::OneEvent { .. } => "the score rests on one event".into(),
            Self::CoarsePositions { .. } => "the score rests on coarse positions".into(),
            Self::PartlyCovered { within, .. } => {
                format!("incidents cover only a part of the {:.0} km around", within.km())
            }
        }
    }

    /// A whole sentence on a site.
    pub fn sentence(self) -> String {
        match self {
            Self::NothingNear { within, at_a_part: true, .. } => format!(
                "No incident was reported within {:.0} km of the site itself; what counts lies near its other parts.",
                within.km()
            ),
            Self::NothingNear { within, nearest, .. } => {
                let nearest =
                    nearest.map(|nearest| format!(", the nearest {:.0} km away", nearest.km()));
                format!(
                    "No incident was reported within {:.0} km: the score comes from incidents farther away{}.",
                    within.km(),
                    nearest.unwrap_or_default()
                )
            }
            Self::OneEvent { without, band } => format!(
                "The score rests on one event: without it, it is {:.1} ({band}).",
                written::score(without)
            ),
            Self::CoarsePositions { share, accuracy } => format!(
                "At least {} of the score comes from incidents whose places are known to 10 km or worse, the coarsest to {:.0} km.",
                percent(share),
                accuracy.km()
            ),
            Self::PartlyCovered { share, within } => format!(
                "Incidents were collected in {} of the {:.0} km around; what happened in the rest is not known.",
                percent(share),
                within.km()
            ),
        }
    }
}

fn nothing_near(
    scheme: &Scheme,
    risk: &SecurityRisk,
    quantities: &SecurityQuantities,
) -> Option<Caution> {
    let within = Length::from_km(scheme.buffers.window_radius_km);
    let nearest = quantities.nearest.first().map(|nearby| nearby.distance);
    let near = nearest.is_some_and(|nearest| nearest <= within);
    let drivers = raised(scheme, risk, Band::Medium)?;
    (!near).then(|| Caution::NothingNear {
        within,
        nearest,
        at_a_part: drivers.first().is_some_and(|driver| driver.contribution.part > 0),
    })
}

fn one_event(scheme: &Scheme, risk: &SecurityRisk) -> Option<Caution> {
    let driver = raised(scheme, risk, Band::Low)?.first().filter(|one| one.share >= CARRIES)?;
    let without = risk.without(scheme, driver)?;
    Some(Caution::OneEvent { without, band: scheme.bands.of(Some(without)) })
}

/// The drivers of a score in a band or above it; a very low score misleads nobody.
fn raised<'r>(scheme: &Scheme, risk: &'r SecurityRisk, least: Band) -> Option<&'r [Driver]> {
    let band = scheme.bands.of(risk.score).number();
    (band >= least.number()).then_some(risk.drivers.as_slice())
}

fn coarse_positions(
    scheme: &Scheme,
    risk: &SecurityRisk,
    accuracies: &[Option<Length>],
) -> Option<Caution> {
    let drivers = raised(scheme, risk, Band::Low)?;
    let coarse = drivers.iter().zip(accuracies).filter_map(|(driver, accuracy)| {
        accuracy.filter(|accuracy| *accuracy >= COARSE).map(|accuracy| (driver.share, accuracy))
    });
    let (share, accuracy) = coarse.fold((0.0, COARSE), |(sum, worst), (share, accuracy)| {
        (sum + share, if accuracy > worst { accuracy } else { worst })
    });
    (share >= CARRIES).then_some(Caution::CoarsePositions { share, accuracy })
}
