//! Many runs from one plan: regions x schemes x dates, each in its own folder.
//!
//! Shared inputs are read once. A frame is the run of one region under one scheme at one date. It is
//! either complete or absent, and its receipt has the fingerprint of everything that determines its
//! output. So interrupted batches resume, and a batch with unchanged inputs has nothing to do. A failing
//! frame is reported and does not stop the others.

mod changes;
mod changes_table;
mod dates;
mod frame;
mod note;
mod over_time;
mod perform;
mod plan;
mod reached;
mod remedy;
mod retention;
mod states;
mod summary;
mod table;
mod together;

pub use dates::{Dated, Dates, Newest};
pub use frame::Frame;
pub(super) use frame::{Kind, keep_apart, request};
pub use note::{About, Note, Told};
pub(super) use over_time::moment;
pub use perform::{Batch, Outcome, Preview, perform, preview};
pub use plan::{Plan, Region};
pub use reached::{Reached, reached};
pub use remedy::{PLAN, key};

/// A folder with slashes on every system.
fn slashed(folder: &std::path::Path) -> String {
    let parts: Vec<_> = folder.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
