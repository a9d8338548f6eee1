//! Bytes: opened, hashed and limited, unpacked and decoded, and left in the file where they are many.

pub(crate) mod decode;
pub(crate) mod open;
pub(crate) mod text;
