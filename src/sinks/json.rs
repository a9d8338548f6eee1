//! Human-readable JSON: receipts, explanations.

use serde::Serialize;
use std::io::{self, Write};

/// Writes a value over several lines, its keys in the value's own order, with a final line break.
///
/// # Errors
/// Those of the writer.
pub fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    out.write_all(b"\n")
}
