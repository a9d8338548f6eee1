//! Writes the output of a run: layers, project, report and receipt in a folder; or previews it.

#[cfg(feature = "png")]
mod drawn;
mod maps;
mod material;
mod preview;
pub(super) mod project;
pub(super) mod receipt;
mod report;
mod room;
mod streamed;
mod wanted;
pub(super) mod write;

pub use maps::Maps;
pub use material::with_layers;
pub use preview::preview;
pub use report::{columns, page, portfolios, told};
pub use room::room;
pub use streamed::{Delivered, deliver};
pub(super) use wanted::SENSITIVITY;
pub use wanted::{Format, Wanted};
pub use write::{Written, claim, receipt, write};
