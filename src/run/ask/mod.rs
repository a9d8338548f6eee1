//! Questions to a case or to a world: scores, what they are made of, what lies near, a surface.

mod explain;
mod missing;
mod near;
mod score;
pub(super) mod surface;

pub use explain::{Explanation, IncidentContribution, explain, risk};
pub use missing::{MissingEnvironment, missing_environment};
pub use near::{Near, NearQuery, Neighbor, Swapped, Totals, near};
pub use score::perform;
pub use surface::{SurfaceRequest, check_cell, surface};
