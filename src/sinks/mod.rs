//! Layers, findings and receipts to bytes, and bytes to whole files.
//!
//! `geojson`, `records`, `geotiff`, `csv`, `json`, `report` and `still` turn a value into bytes on whatever
//! they are given to write to; `place` is the only module that creates files.

pub mod csv;
pub mod geojson;
pub mod geotiff;
pub mod json;
mod number;
pub mod place;
pub mod records;
pub mod report;
#[cfg(feature = "png")]
pub mod still;
