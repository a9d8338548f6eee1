//! Things to draw.

mod buffer;

pub use buffer::{Buffer, BufferError, buffer};
