//! Sites that are on no map, because their records are set aside.

use super::terminal::{Terminal, cell};
use crate::model::{Finding, Place, Verdict};
use crate::run::Case;

/// Sites set aside that are told one by one.
const MOST_LOST: usize = 5;

/// Sites that are set aside, each by name: a mine that is missing from the map is told, not only counted.
pub fn lost_sites(case: &Case, terminal: &Terminal) {
    let of_sites = |finding: &&Finding| {
        let mut inputs = case.world.inputs.iter().filter(|input| input.role == "sites");
        finding.verdict == Verdict::SetAside
            && finding.place != Place::File
            && inputs.any(|input| input.file == finding.file)
    };
    for finding in case.findings().filter(of_sites).take(MOST_LOST) {
        terminal.say(&format!("set aside: {}", cell(&finding.words(terminal.face()))));
    }
    let more = case.findings().filter(of_sites).count().saturating_sub(MOST_LOST);
    if more > 0 {
        terminal.say(&format!("and {more} more sites set aside; -v lists all"));
    }
}
