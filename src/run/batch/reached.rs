//! Which frames have a site in some band or above: those of the last date of each region and scheme.

use super::perform::{Batch, Outcome};
use super::slashed;
use super::states::states;
use crate::Result;
use crate::scoring::Band;
use std::path::Path;

/// A frame of the last date with sites in some band or above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Its folder, relative to the batch's, with slashes.
    pub folder: String,
    /// The sites that are in the band or above by the security or the environment score.
    pub over: usize,
    /// All its sites.
    pub sites: usize,
}

/// The last complete frame of each region and scheme of a batch, if a site of it is in a band or above.
///
/// # Errors
/// A frame cannot be read.
pub fn reached(folder: &Path, batch: &Batch, least: Band) -> Result<Vec<Reached>> {
    let mut all = Vec::new();
    let made = batch.frames.iter().filter(|(_, outcome)| !matches!(outcome, Outcome::Failed(_)));
    let mut made = made.map(|(frame, _)| frame).peekable();
    while let Some(frame) = made.next() {
        let same =
            |next: &&super::Frame| next.region == frame.region && next.scheme == frame.scheme;
        if made.peek().is_some_and(same) {
            continue;
        }
        let states = states(&folder.join(&frame.folder), None)?;
        let is = |band: &str| {
            Band::ALL.into_iter().any(|of| of.word() == band && of.number() >= least.number())
        };
        let over =
            |state: &&crate::layers::State| is(&state.security.1) || is(&state.environment.1);
        let over = states.iter().filter(over).count();
        if over > 0 {
            all.push(Reached { folder: slashed(&frame.folder), over, sites: states.len() });
        }
    }
    Ok(all)
}
