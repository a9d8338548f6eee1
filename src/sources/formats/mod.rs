//! Formats: from bytes or text to records, one file or folder a format. What the columns mean is not asked
//! here.

pub(crate) mod csv;
pub(crate) mod geojson;
pub(crate) mod header;
pub(crate) mod notes;
pub(crate) mod record;
pub(crate) mod xlsx;
