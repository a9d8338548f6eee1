//! Standard output as a sink, for results that another program reads.

use crate::{Error, Result};
use std::io::{self, BufWriter, Write};

/// Writes to standard output. If the reader has gone away (`| head`) the rest is not needed, and the
/// result is success.
///
/// # Errors
/// Writing fails for another reason.
pub fn write_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let done = write(&mut out).and_then(|()| out.flush());
    // Flushing the buffer after a failure would only fail again.
    let _ = out.into_parts();
    match done {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|e| Error::io("standard output", e)),
    }
}
