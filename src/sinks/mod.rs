//! Layers, findings and receipts to bytes, and bytes to whole files.
//!
//! `geojson`, `flatgeobuf`, `geotiff`, `qgis`, `csv`, `json`, `report` and `still` turn a value into
//! bytes on whatever they are given to write to; `geopackage` fills a file that it is given, since SQLite
//! writes to nothing else; `records` writes what was read in another format; `place` is the only module that creates files.

pub mod csv;
mod feature;
mod features;
pub mod flatgeobuf;
pub mod geojson;
pub mod geopackage;
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
