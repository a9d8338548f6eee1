//! The whole pipeline, shared by every face (command line, plans, library calls): a request becomes a case that is read,
//! indexed, measured and scored, and the case is queried or written out.

mod answer;
mod ask;
pub mod batch;
mod calibration_notes;
mod case;
mod check;
mod convert;
mod deliver;
mod demo;
mod fingerprint;
mod ground;
mod grounds;
mod heading;
pub mod hindcast;
pub mod named;
mod part;
mod rasters;
mod receptors;
mod request;
mod scheme_notes;
mod usage;
mod world;

pub use answer::json;
pub use ask::{
    Added, Apart, BarChange, BarExplanation, Candidate, Changes, Comparison, Corridor,
    CorridorQuery, DiffStep, Difference, EnvironmentExplanation, EnvironmentSure, EventExplanation,
    Explanation, IncidentChange, IncidentContribution, IncidentCounts, IndicatorChange,
    IndicatorExplanation, IndicatorShare, Interval, Lookup, MissingEnvironment, Near, NearCount,
    NearQuery, Neighbor, Overview, Parts, Performed, RankBy, Ranking, RasterExplanation, Records,
    Rest, Route, ScoreChange, SecuritySure, SharesOfSecurity, Side, SiteChange, SiteCounts,
    Standing, Step, Stretch, SurfaceRequest, Swapped, Totals, Unknown, WhatIf, Worst, change_rows,
    check_cell, compare, corridor, disclosures, explain, missing_environment, near, perform,
    perform_exposed, rank, risk, sensitivity, surface, what_if,
};
pub use case::Case;
pub use check::CheckReport;
pub use convert::{Conversion, Converted, convert};
pub use deliver::{
    Delivered, Format, Groupings, Maps, Tables, Wanted, Written, claim, deliver, groupings, page,
    portfolios, preview, receipt, room, told, with_layers, write,
};
pub use demo::demo;
pub use ground::Ground;
pub use grounds::{Grounds, Which};
pub use heading::heading;
pub use part::{Located, Where, Whole, locate};
pub use request::{CoverageChoice, DRAWS, Inputs, LayerName, Request, Rules, Stale, draws};
pub use usage::Use;
pub use world::{Input, MOST_HELD, Sites, Streamed, World};

use std::sync::atomic::{AtomicBool, Ordering};

/// Receives the progress of a run.
pub trait Watch: Sync {
    /// Starts a stage: its description, and its number of steps if known.
    fn stage(&self, what: &str, steps: Option<u64>);
    /// Adds finished steps of the stage.
    fn advance(&self, steps: u64);
    /// Is told what a long run did, such as a frame of a batch, for a log.
    fn told(&self, _what: &str) {}
}

/// Ignores all progress.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn stage(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
}

/// A flag that stops an operation. It is checked between batches of sites and between written features. Each
/// operation takes its own, and the caller decides what raises it: a signal, a dropped request, a button.
#[derive(Debug, Default)]
pub struct Cancel(AtomicBool);

impl Cancel {
    /// A flag that is not raised.
    pub const fn new() -> Self {
        Self(AtomicBool::new(false))
    }

    /// Asks the run to stop.
    pub fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether the run was asked to stop.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Returns an error if the run was asked to stop.
    ///
    /// # Errors
    /// The run was asked to stop.
    pub fn check(&self) -> crate::Result<()> {
        if self.is_raised() { Err(crate::Error::interrupted()) } else { Ok(()) }
    }
}
