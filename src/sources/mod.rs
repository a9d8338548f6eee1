//! Files and streams to model and findings: the only place where input is opened.
//!
//! The way of a byte: `open` finds the bytes and hashes them, `decode` unpacks and decodes them, `text`
//! leaves those of large files where they are; `csv`, `xlsx` or `geojson` make records of them, `layout` recognizes what the columns mean,
//! `geometry` and `dates` judge places and times, and `sites`, `incidents`, `receptors` build the
//! model. Every record comes out as an item or as a finding that says why it was set aside.

mod check;
mod claims;
mod columns;
mod csv;
mod dates;
mod declared;
mod decode;
mod geojson;
pub mod geometry;
mod header;
mod ids;
mod incidents;
mod intake;
mod layout;
mod map;
mod mends;
mod notes;
mod numbers;
mod open;
mod options;
mod parts;
mod piece;
mod positions;
mod reader;
mod reading;
mod receptors;
mod record;
mod row;
mod scatter;
mod sites;
mod standing;
mod systems;
mod tables;
mod tally;
mod text;
mod wkt;
mod wkt_column;
mod xlsx;

pub use check::{check, check_as};
pub use columns::Role;
pub use ids::{Identified, unique_across};
pub use incidents::read_incidents;
pub use map::ColumnMap;
pub use notes::Notes;
pub use open::{Limits, Source};
pub use options::{Format, ReadOptions};
pub use reader::{Count, Reader, Visit};
pub use reading::{Checked, Reading};
pub use receptors::read_receptors;
pub use record::{Cell, Geometry, RawGeometry, Record, Written, WrittenGeometry};
pub use sites::read_sites;

#[cfg(test)]
mod documented;
