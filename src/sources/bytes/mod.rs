//! Bytes: opens, hashes, limits, unpacks and decodes inputs. Large texts stay in their files.

pub(crate) mod decode;
pub(crate) mod open;
pub(crate) mod text;
