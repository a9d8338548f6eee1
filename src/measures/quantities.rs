//! What is measured around one site: plain quantities with units, from which `scoring` makes
//! indicators and scores without ever touching an index.

use crate::earth::{Length, Position};
use crate::index::Found;
use crate::model::ReceptorKind;
use std::collections::BTreeMap;

/// Everything measured around one site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Quantities {
    /// What the security incidents add up to.
    pub security: SecurityQuantities,
    /// What lies around in the environment.
    pub environment: EnvironmentQuantities,
}

/// A thing near a site: an index into the run's incidents or receptors, and how to get there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearby {
    /// Index into the run's list.
    pub index: usize,
    /// The shortest way from the site; zero inside a polygon.
    pub distance: Length,
    /// The bearing on which that way sets out.
    ///
    /// # Units
    /// Degrees clockwise from north, 0 to 360.
    pub bearing: f64,
    /// Where on the thing that way ends.
    pub to: Position,
}

impl Nearby {
    /// A thing that an index found, under its name in the run's list.
    pub(super) fn named(index: usize, found: &Found) -> Self {
        Self { index, distance: found.distance, bearing: found.bearing, to: found.to }
    }
}

/// What one incident adds to an intensity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// The incident, seen from the site's strongest part.
    pub nearby: Nearby,
    /// Which of the site's parts that is, the first being the site itself.
    pub part: usize,
    /// Its share of the intensity: severity × kernel × decay × the part's weight.
    pub intensity: f64,
}

/// A kernel sum over incidents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Intensity {
    /// The sum of all contributions.
    pub total: f64,
    /// The largest contributions, largest first; ties by distance, then by incident id.
    pub strongest: Vec<Contribution>,
}

/// Incidents within a ring or a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// How many.
    pub incidents: u32,
    /// Deaths in them, by the best estimate.
    pub fatalities: u64,
}

/// What the security incidents around a site add up to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SecurityQuantities {
    /// Whether the site lies where security incidents were collected at all.
    pub covered: bool,
    /// The share of the coverage buffer (100 km by default) that lies where they were collected.
    pub coverage: f64,
    /// The kernel sum.
    pub intensity: Intensity,
    /// Counts within each of the scheme's radii, over all time.
    pub rings: Vec<Count>,
    /// Counts within the window radius (50 km by default) for each of the scheme's windows.
    pub windows: Vec<Count>,
    /// Incidents within the window radius in the last trend period (365 days by default).
    pub recent: u32,
    /// Incidents within the window radius in the period before that.
    pub prior: u32,
    /// The nearest incident, and the next ones where more than one were asked for.
    pub nearest: Vec<Nearby>,
}

/// What lies around a site in the environment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EnvironmentQuantities {
    /// For each kind of receptor that the run has, those within the kind's reach, nearest first;
    /// where nothing is in reach, the single nearest one. A kind that the run does not have at all
    /// is not in the map. Indices into the run's receptors.
    pub nearby: BTreeMap<ReceptorKind, Vec<Nearby>>,
    /// The kernel sum over accidents; `None` where no accidents were collected.
    pub accidents: Option<Intensity>,
    /// Accidents within the window radius; `None` where no accidents were collected.
    pub accidents_count: Option<Count>,
    /// Shares of the scheme's overlap buffers (1, 10 and 50 km by default) that lie within the union
    /// of the sensitive areas given as polygons; empty where none were given.
    pub sensitive_shares: Vec<f64>,
    /// Length of river within the river radius (10 km by default); `None` without rivers.
    pub river_length: Option<Length>,
    /// People within the people radius (10 km by default), settlements without a population left
    /// out; `None` without settlements.
    pub people: Option<f64>,
}
