//! Quantities with units, measured around sites: distances, counts, intensities, lengths and areas.
//!
//! Functions take a batch of sites and process it in parallel. Each site's sums run in the order of
//! the incidents, so the same input gives the same bits on any number of threads.

mod along;
mod collection;
mod counted;
mod counts;
mod coverage;
mod dams;
mod draws;
mod duplicates;
mod environment;
mod exponential;
mod fast_gauss;
mod flow;
mod grouped;
mod intensity;
mod kernel;
mod overlap;
mod pairs;
mod possible;
mod proximity;
mod quantities;
mod raster;
mod recency;
mod record;
mod runout;
mod security;
mod surface;
mod union;
mod variants;
mod way;
mod weighed;

pub use along::{Along, Centroids, Downstream};
pub use collection::{Collection, Places, SourceSpan, Until, days_between};
pub use counted::Counted;
pub use counts::{CountPlan, Counter, Counts};
pub use coverage::Coverage;
pub use dams::{DamOf, DamPlan, DamQuantities, Dams};
pub use draws::{
    Doubt, DrawPlan, Drawn, IntensityDraws, MovedBy, Purpose, Stream, Vary, key, normals, uniform,
};
pub use duplicates::{At, Duplicate, Reported, duplicates};
pub use environment::{Accidents, EnvironmentPlan, Receptors, environment};
pub(crate) use exponential::exp_of_negative;
pub use fast_gauss::PRECISION;
pub use flow::{Course, FlowFault, FlowPlan, Network};
pub use grouped::Grouped;
pub use intensity::KernelSum;
pub use kernel::Kernel;
pub use overlap::Cover;
pub use proximity::{KindIndex, in_reach};
pub use quantities::{
    Contribution, Count, EnvironmentQuantities, Intensity, Listed, Nearby, Quantities,
    SecurityQuantities,
};
pub use raster::{RasterDecay, RasterPlan, RasterSample, Sampler};
pub use recency::decay;
pub use record::Record;
pub use runout::{Runout, RunoutRelation};
pub use security::{Security, SecurityPlan};
pub use surface::{near_any, surface};
pub use variants::{Run, Settings, Variants};
pub use way::Way;
pub use weighed::{PartProbe, SiteProbe, WeighedIncident, WeighedIncidents};
