//! Reads files and streams into the model and findings. It is the only module that opens inputs.
//!
//! A file passes through these steps: `bytes` opens, hashes, unpacks and decodes it, or leaves the text of a
//! large file where it is; `formats` turns it into records; `layouts` recognizes known data sets by their
//! columns; `intake` binds columns to fields and judges each record, with `values` to parse numbers, dates,
//! positions and geometries; `sites`, `incidents` and `receptors` build the model. Every record becomes
//! either an item or a finding that says why the record was set aside. Rasters are read window by window (`raster`).

mod bound;
mod bytes;
mod check;
mod formats;
mod incident_dates;
mod incidents;
mod intake;
mod layouts;
mod options;
mod raster;
mod reader;
mod reading;
mod receptors;
mod sites;
#[cfg(feature = "parquet")]
mod table;
mod values;

pub use bound::bound;
pub use bytes::open::{Limits, Source};
pub use check::{LayerSummary, Recognized, check, check_as, recognize_role};
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
pub use raster::{GeoTiff, RasterSummary, is_raster, summarize};
pub use reader::{Reader, Visit};
pub use reading::{Checked, Reading};
pub use receptors::read_receptors;
pub use sites::{read_sites, read_sites_through};
pub use values::geometry;
pub use values::ids::{Identified, unique_across};
