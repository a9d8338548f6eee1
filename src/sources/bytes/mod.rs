//! Bytes: opened, hashed and limited, unpacked and decoded, left in the file where they are many, and cut
//! into parts that threads read.

pub(crate) mod decode;
pub(crate) mod open;
pub(crate) mod parts;
pub(crate) mod text;
