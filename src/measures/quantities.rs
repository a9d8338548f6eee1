//! The quantities measured around one site, with units. `scoring` computes indicators and scores
//! from them without access to an index.

use super::along::Downstream;
use super::dams::DamQuantities;
use super::raster::RasterSample;
use super::record::Record;
use crate::earth::{Length, Position};
use crate::index::Found;
use crate::model::ReceptorKind;
use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::sync::Arc;

/// Everything measured around one site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Quantities {
    /// Quantities of the security incidents.
    pub security: SecurityQuantities,
    /// Quantities of the environment.
    pub environment: EnvironmentQuantities,
}

/// An item near a site: its index among the run's incidents or receptors, and the shortest geodesic
/// to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearby {
    /// Index into the run's list.
    pub index: usize,
    /// Length of the shortest geodesic from the site; zero inside a polygon.
    pub distance: Length,
    /// Bearing at the start of that geodesic.
    ///
    /// # Units
    /// Degrees clockwise from north, 0 to 360.
    pub bearing: f64,
    /// End of that geodesic on the item.
    pub to: Position,
}

impl Nearby {
    /// Converts an index's answer, with the item's index in the run's list.
    pub(super) fn named(index: usize, found: &Found) -> Self {
        Self { index, distance: found.distance, bearing: found.bearing, to: found.to }
    }
}

/// The contribution of one incident to an intensity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// The incident, as seen from the part where it contributes most.
    pub nearby: Nearby,
    /// Index of that part; 0 is the site itself.
    pub part: usize,
    /// The contribution: severity × kernel × decay × the part's weight.
    pub intensity: f64,
}

/// A kernel sum over incidents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Intensity {
    /// The sum of all contributions.
    pub total: f64,
    /// The largest contributions, in descending order; ties by distance, then by incident id.
    pub strongest: Vec<Contribution>,
}

/// The strongest contributions to a kernel sum, and all of them together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listed {
    /// The sum of all contributions.
    pub total: f64,
    /// How many there are.
    pub count: usize,
    /// The largest contributions, in descending order; ties by distance, then by incident id.
    pub strongest: Vec<Contribution>,
}

impl Listed {
    /// The first `keep` of all contributions, which are in descending order.
    pub fn of(mut all: Vec<Contribution>, keep: usize) -> Self {
        let total = 0.0 + all.iter().map(|one| one.intensity).sum::<f64>();
        let count = all.len();
        all.truncate(keep);
        Self { total, count, strongest: all }
    }
}

/// Incidents within a ring or a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Number of incidents.
    pub incidents: u32,
    /// Deaths in them, by the best estimate.
    pub fatalities: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, more: Self) {
        self.incidents += more.incidents;
        self.fatalities += more.fatalities;
    }
}

/// Quantities of the security incidents around a site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SecurityQuantities {
    /// Whether security incidents were collected where the site lies.
    pub covered: bool,
    /// Share of the land in the coverage buffer (100 km by default) in which they were collected.
    pub coverage: f64,
    /// The same within the window radius.
    pub window_coverage: f64,
    /// The days that their record spans.
    pub record: Record,
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
    /// Violent incidents within the window radius in the last trend period.
    pub violent: u32,
    /// Whether a violent incident of that period may lie within the window radius, as far as positions are known.
    pub violence_possible: bool,
    /// Incidents within the window radius, over all time, whose deaths are not reported.
    pub deaths_unknown: u32,
    /// The nearest incidents, nearest first: one, or more if requested.
    pub nearest: Vec<Nearby>,
}

/// Quantities of a site's environment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EnvironmentQuantities {
    /// For each kind of receptor that the run has, the receptors within the kind's reach, nearest
    /// first, or the single nearest one if there are none. Kinds without a file in the run are
    /// absent. Indices into the run's receptors.
    pub nearby: BTreeMap<ReceptorKind, Vec<Nearby>>,
    /// The kernel sum over accidents; `None` if no accidents were collected there.
    pub accidents: Option<Intensity>,
    /// Whether the user declared where and when they were collected.
    pub accidents_declared: bool,
    /// Accidents within the window radius; `None` if no accidents were collected there.
    pub accidents_count: Option<Count>,
    /// Shares of the scheme's overlap buffers (1, 10 and 50 km by default) within the union of the
    /// sensitive areas given as polygons; empty if there are none.
    pub sensitive_shares: Vec<f64>,
    /// Length of rivers within the river radius (10 km by default); `None` if there are no rivers.
    pub river_length: Option<Length>,
    /// Population within the people radius (10 km by default), without settlements of unknown
    /// population; `None` if there are no settlements.
    pub people: Option<f64>,
    /// The values of each raster of the run, by its name.
    pub rasters: BTreeMap<Arc<str>, RasterSample>,
    /// The tailings dams of the site, of its parts, and of the tailings layer around it.
    pub dams: Vec<DamQuantities>,
    /// What lies downstream; `None` if the direction of the rivers is not known, or no river is near.
    pub downstream: Option<Downstream>,
}
