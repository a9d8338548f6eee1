//! Files and streams to model and findings: the only place where input is opened.
//!
//! The way of a byte: `open` finds the bytes and hashes them, `decode` unpacks and decodes them, `text`
//! leaves those of large files where they are; `csv`, `xlsx` or `geojson` make records of them, `layout` recognizes what the columns mean,
//! `geometry` and `dates` judge places and times, and `sites`, `incidents`, `receptors` build the
//! model. Every record comes out as an item or as a finding that says why it was set aside.

mod bytes;
mod check;
mod formats;
mod incidents;
mod intake;
mod layouts;
mod options;
mod reader;
mod reading;
mod receptors;
mod sites;
mod values;

pub use bytes::open::{Limits, Source};
pub use check::{Look, check, check_as};
pub use formats::Typing;
pub use formats::notes::Notes;
pub use formats::parts::{Count, Next, Take};
pub use formats::record::{Cell, Geometry, RawGeometry, Record, Written};
pub use incidents::read_incidents;
pub use intake::columns::Role;
pub use intake::features::{Counts, Feature, Features, TakeFeature};
pub use intake::map::ColumnMap;
pub use intake::rows::Rows;
pub use options::{Format, Keep, ReadOptions};
pub use reader::{Reader, Visit};
pub use reading::{Checked, Reading};
pub use receptors::read_receptors;
pub use sites::{read_sites, read_sites_through};
pub use values::geometry;
pub use values::ids::{Identified, unique_across};
