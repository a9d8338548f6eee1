//! The whole flow, once, for every face: what was asked for becomes a case that is read, indexed,
//! measured and scored, and the case is asked questions or written out.

mod ask;
pub mod batch;
mod case;
mod deliver;
mod demo;
mod fingerprint;
pub mod named;
mod request;
mod scheme_notes;
mod usage;
mod world;

pub use ask::{
    Added, Apart, Candidate, Comparison, Corridor, CorridorQuery, Difference, Explanation,
    IncidentContribution, MissingEnvironment, Near, NearQuery, Neighbor, RankBy, Ranking, Route,
    Step, Stretch, SurfaceRequest, Swapped, Totals, WhatIf, check_cell, corridor, explain,
    missing_environment, near, perform, rank, risk, surface, what_if,
};
pub use case::Case;
pub use deliver::{
    Format, Wanted, Written, claim, columns, page, portfolios, preview, room, told, with_layers,
    write,
};
pub use demo::demo;
pub use request::{CoverageChoice, Inputs, LayerName, Request, Rules, Stale};
pub use usage::Use;
pub use world::{Input, Sites, World};

use std::sync::atomic::{AtomicBool, Ordering};

/// Tells how far a run has come, and hears whether it should stop.
pub trait Watch: Sync {
    /// A new stage begins: what it does, and how many steps it has where that is known.
    fn stage(&self, what: &str, steps: Option<u64>);
    /// Steps of the stage that are done.
    fn advance(&self, steps: u64);
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn stage(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
}

/// A flag that asks a question to stop; it is looked at between batches of sites and between features written. Each
/// question takes its own, and whoever asks decides what raises it: a signal, a request that was dropped, a button.
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

    /// # Errors
    /// The run was asked to stop.
    pub fn check(&self) -> crate::Result<()> {
        if self.is_raised() { Err(crate::Error::interrupted()) } else { Ok(()) }
    }
}
