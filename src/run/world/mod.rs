//! What was read, and where and when it was collected.

pub(super) mod collected;
mod merge;
pub(super) mod newest;
pub(super) mod read;

pub use read::{Gathered, Input, gather};
