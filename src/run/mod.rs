//! The whole flow, once, for every face: what was asked for becomes a case that is read, indexed,
//! measured and scored, and the case is asked questions or written out.

pub mod batch;
mod case;
mod collected;
mod demo;
mod explain;
mod fingerprint;
mod gather;
mod merge;
mod missing;
pub mod named;
mod near;
mod newest;
mod perform;
mod preview;
mod project;
mod receipt;
mod report;
mod request;
mod room;
mod scheme_notes;
mod surface;
mod wanted;
mod write;

pub use case::{Case, Use};
pub use demo::demo;
pub use explain::{Explanation, IncidentContribution, explain};
pub use gather::{Gathered, Input, gather};
pub use missing::{MissingEnvironment, missing_environment};
pub use near::{Near, NearQuery, Neighbor, Swapped, near};
pub use perform::perform;
pub use preview::preview;
pub use report::{columns, page, portfolios, told};
pub use request::{CoverageChoice, LayerName, Request, Stale};
pub use room::room;
pub use surface::{SurfaceRequest, check_cell, surface};
pub use wanted::{Format, Wanted};
pub use write::{Written, claim, with_layers, write};

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

/// A flag that asks a run to stop; it looks between batches of sites and between features written.
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
