//! Writes the output of a run: layers, project, report and receipt in a folder; or previews it.

mod beside;
#[cfg(feature = "png")]
mod drawn;
#[cfg(feature = "xlsx")]
mod drivers;
#[cfg(feature = "xlsx")]
mod grouped;
mod maps;
mod material;
pub(super) mod metadata;
#[cfg(feature = "xlsx")]
mod method;
mod preview;
pub(super) mod project;
pub(super) mod receipt;
mod report;
mod room;
mod streamed;
#[cfg(feature = "xlsx")]
mod summary;
mod wanted;
#[cfg(feature = "xlsx")]
mod workbook;
pub(super) mod write;

pub use maps::Maps;
pub use material::with_layers;
pub use preview::preview;
pub use report::{Groupings, groupings, page, portfolios, told};
pub use room::room;
pub use streamed::{Delivered, deliver};
pub(super) use wanted::SENSITIVITY;
pub use wanted::{Format, Tables, Wanted};
pub use write::{Written, claim, receipt, write};
