//! What a reader must know before believing a security score: that nothing happened nearby, that it rests on one
//! event, that positions are coarse, that part of the surroundings is not covered.

use super::{country_name, percent};
use crate::earth::Length;
use crate::measures::SecurityQuantities;
use crate::model::CountryCode;
use crate::scoring::{Band, Driver, Scheme, SecurityRisk, written};
use jiff::civil::Date;

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
    /// One incident makes half of the sum behind the score or more, and without it the score falls into a lower band or
    /// below half.
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
        /// The share of the land in the buffer on which they were collected, or of all of it.
        share: f64,
        /// The radius of the buffer.
        within: Length,
        /// Whether the share is one of the land: polygons of the user's may cover the sea.
        of_land: bool,
    },
    /// The country counts as covered only because an incident long ago lies in it.
    OldRecord(OldRecord),
}

/// The newest incident in the country of a site, if it is old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldRecord {
    /// The country.
    pub country: CountryCode,
    /// The day of the incident.
    pub newest: Date,
    /// Whole years from then to the day of the score.
    pub years: i16,
}

impl OldRecord {
    /// Years from which a record is old: five half-lives of the default scheme, after which an incident counts for a 32nd.
    /// Whether a source that has shown nothing for so long still collects in the country is not known.
    const YEARS: i16 = 5;

    /// The newest incident in a country, on the day of a score; `None` if it is not old.
    pub fn of(country: CountryCode, newest: Date, day: Date) -> Option<Self> {
        Self::years(newest, day).map(|years| Self { country, newest, years })
    }

    /// The whole years from the newest incident to the day of a score, if they make it old.
    pub fn years(newest: Date, day: Date) -> Option<i16> {
        let turned = (newest.month(), newest.day()) <= (day.month(), day.day());
        let years = day.year() - newest.year() - i16::from(!turned);
        (years >= Self::YEARS).then_some(years)
    }
}

/// What is known of the record of incidents around a site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record {
    /// The newest incident in the country, if it is old.
    pub old: Option<OldRecord>,
    /// Whether shares of the surroundings that it covers are shares of their land.
    pub by_land: bool,
}

/// What a share of the surroundings is one of: countries cover land, and polygons of the user's what they cover.
pub fn ground(of_land: bool) -> &'static str {
    if of_land { "land" } else { "area" }
}

/// The share of a score from which an incident or a kind of place is told to carry it.
const CARRIES: f64 = 0.5;

/// Positions known to no better than this are coarse beside the scheme's first kernel scale.
const COARSE: Length = Length::from_km(10.0);

/// A share of the surroundings from which they count as covered.
pub const COVERED: f64 = 0.995;

impl Caution {
    /// Those of a site's security score, in a fixed order; none without a score. `accuracies` are those of the drivers, in
    /// their order.
    pub fn of(
        scheme: &Scheme,
        risk: &SecurityRisk,
        quantities: &SecurityQuantities,
        accuracies: &[Option<Length>],
        Record { old, by_land }: Record,
    ) -> Vec<Self> {
        if risk.score.is_none() {
            return Vec::new();
        }
        [
            nothing_near(scheme, risk, quantities),
            one_event(scheme, risk),
            coarse_positions(scheme, risk, accuracies),
            (quantities.coverage < COVERED).then(|| Self::PartlyCovered {
                share: quantities.coverage,
                within: Length::from_km(scheme.buffers.coverage_km),
                of_land: by_land,
            }),
            old.map(Self::OldRecord),
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
            Self::OldRecord(_) => 4,
        }
    }

    /// A few words, for a column: `one event`.
    pub fn label(self) -> String {
        match self {
            Self::NothingNear { within, .. } => format!("nothing within {:.0} km", within.km()),
            Self::OneEvent { .. } => "one event".into(),
            Self::CoarsePositions { .. } => "coarse positions".into(),
            Self::PartlyCovered { .. } => "partly covered".into(),
            Self::OldRecord(_) => "old record".into(),
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
            Self::PartlyCovered { within, of_land, .. } => {
                let ground = ground(of_land);
                format!("incidents cover only a part of the {ground} within {:.0} km", within.km())
            }
            Self::OldRecord(_) => {
                format!(
                    "the newest incident in the country is {} years old or older",
                    OldRecord::YEARS
                )
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
            Self::PartlyCovered { share, within, of_land } => format!(
                "Incidents were collected on {} of the {} within {:.0} km; what happened in the rest is not known.",
                percent(share),
                ground(of_land),
                within.km()
            ),
            Self::OldRecord(OldRecord { country, newest, years }) => format!(
                "The newest incident recorded in {} is of {}, {years} years earlier: whether incidents are still collected there is not known, and a low score may be a lack of records.",
                country_name(country),
                newest.year()
            ),
        }
    }

    /// The number of kinds.
    pub const KINDS: usize = 5;
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
    let (score, without) = (risk.score?, risk.without(scheme, driver)?);
    let band = scheme.bands.of(Some(without));
    // The score grows less than the sum: without half of the sum most of the score may be left.
    let falls = band < scheme.bands.of(Some(score)) || without < (1.0 - CARRIES) * score;
    falls.then_some(Caution::OneEvent { without, band })
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

#[cfg(test)]
mod tests {
    use super::OldRecord;
    use crate::model::CountryCode;
    use jiff::civil::date;

    #[test]
    fn a_record_is_old_from_five_whole_years_on() {
        let peru = CountryCode::new("PER").expect("a code");
        let years = |newest, day| OldRecord::of(peru, newest, day).map(|old| old.years);
        assert_eq!(years(date(1990, 5, 1), date(2022, 12, 31)), Some(32));
        assert_eq!(years(date(2017, 12, 31), date(2022, 12, 31)), Some(5));
        assert_eq!(years(date(2018, 1, 1), date(2022, 12, 31)), None);
    }
}
