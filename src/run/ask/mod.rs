//! Queries of a case or a world: scores, explanations, neighbors, a surface.

mod bring;
mod cautions;
pub(super) mod compare;
mod corridor;
mod disclosures;
mod explain;
mod explain_event;
mod explain_rasters;
mod explain_sure;
mod missing;
mod near;
mod overview;
mod rank;
mod rest;
pub(super) mod score;
mod sensitivity;
pub(super) mod surface;
mod uncertain;
mod what_if;

pub use compare::{
    BarChange, Changes, IncidentChange, IncidentCounts, IndicatorChange, Lookup, Parts, Records,
    ScoreChange, Side, SiteChange, SiteCounts, Standing, Step as DiffStep, change_rows, compare,
};
pub use corridor::{Comparison, Corridor, CorridorQuery, Route, Step, Stretch, corridor};
pub use disclosures::disclosures;
pub use explain::{
    BarExplanation, EnvironmentExplanation, Explanation, IncidentContribution,
    IndicatorExplanation, Unknown, explain, risk,
};
pub use explain_event::EventExplanation;
pub use explain_rasters::RasterExplanation;
pub use explain_sure::{EnvironmentSure, IndicatorShare, Interval, SecuritySure, SharesOfSecurity};
pub use missing::{MissingEnvironment, missing_environment};
pub use near::{Near, NearCount, NearQuery, Neighbor, Swapped, Totals, near};
pub use overview::{Overview, Worst};
pub use rank::{Apart, Candidate, Difference, RankBy, Ranking, rank};
pub use rest::Rest;
pub use score::{Performed, perform, perform_exposed};
pub use sensitivity::sensitivity;
pub use surface::{SurfaceRequest, check_cell, surface};
pub use what_if::{Added, WhatIf, what_if};
