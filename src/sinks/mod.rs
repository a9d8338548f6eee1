//! Writers: layers, findings and receipts to bytes, and bytes to files.
//!
//! `arrow` makes record batches of a layer. `geojson`, `flatgeobuf`, `geoparquet`, `geotiff`, `qgis`, `csv`, `json`,
//! `report`, `still` and `workbook` write a value to any writer; `geopackage` fills a file at a path, since SQLite needs one. `records` converts records to another format. `place`
//! is the only module that creates files.

#[cfg(feature = "parquet")]
pub mod arrow;
pub mod csv;
mod feature;
mod features;
pub mod flatgeobuf;
pub mod geojson;
pub mod geopackage;
#[cfg(feature = "parquet")]
pub mod geoparquet;
pub mod geotiff;
pub mod json;
mod number;
pub mod place;
pub mod qgis;
pub mod records;
pub mod report;
mod rounded;
#[cfg(feature = "png")]
pub mod still;
mod wkb;
#[cfg(feature = "xlsx")]
pub mod workbook;
