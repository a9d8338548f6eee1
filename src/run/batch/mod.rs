//! Many runs by one plan: regions x schemes x dates, each in a folder of its own.
//!
//! What is shared is read once. A frame, the run of one region under one scheme at one date, is whole or
//! not there at all, and its receipt carries the fingerprint of all that decides its output; so a batch
//! that was broken off goes on where it stopped, and one whose inputs are unchanged has nothing to do. A
//! frame that fails is told and leaves the others alone.

mod frame;
mod note;
mod over_time;
mod perform;
mod plan;
mod remedy;
mod states;
mod table;
mod together;

pub use frame::Frame;
pub(super) use frame::keep_apart;
pub use note::{About, Note, Told};
pub use perform::{Batch, Outcome, perform, preview};
pub use plan::{Plan, Region};
pub use remedy::{PLAN, key};
