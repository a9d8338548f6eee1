//! Bytes: opens, hashes, limits, unpacks and decodes inputs. Large texts stay in their files, and so do rasters.

pub(crate) mod decode;
pub(crate) mod open;
pub(crate) mod stored;
pub(crate) mod text;
