//! Files and streams to model and findings: the only place where input is opened.
//!
//! The way of a byte: `open` finds the bytes and hashes them, `decode` unpacks and decodes them,
//! `csv`, `xlsx` or `geojson` make records of them, `layout` recognizes what the columns mean,
//! `geometry` and `dates` judge places and times, and `sites`, `incidents`, `receptors` build the
//! model. Every record comes out as an item or as a finding that says why it was set aside.

mod csv;
mod decode;
mod geojson;
pub mod geometry;
mod notes;
mod open;
mod reader;
mod record;
mod xlsx;

pub use notes::Notes;
pub use open::{Limits, Source};
pub use reader::{Count, Format, ReadOptions, Reader, Visit};
pub use record::{Geometry, RawGeometry, Record};
