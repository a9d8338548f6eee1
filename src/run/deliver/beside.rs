//! The files beside the report that a reader may want, to which it links.

use super::maps::Maps;
use super::wanted::{DISCLOSURES, Format, Wanted};
use crate::run::LayerName;
use crate::sinks::place::{OutputFolder, RECEIPT};

/// The names of files that are written, those for people first. `output` holds what people read and is written so far;
/// the layers are written at the same time, and of them those are named that every run with these wishes writes.
pub(super) fn beside(wanted: &Wanted, output: &OutputFolder<'_>) -> Vec<String> {
    let maps = Maps::All.files();
    let for_people = ["risk.xlsx", DISCLOSURES, "portfolio.csv", "atlas.pdf"];
    let written = for_people.into_iter().chain(maps).filter(|name| output.has(name));
    let mut names: Vec<String> = written.map(str::to_owned).collect();
    let has_sites = wanted.layer_names().any(|layer| layer == LayerName::Sites);
    let formats = wanted.formats.iter().filter(|format| has_sites && format.is_of_layers());
    names.extend(formats.map(|format: &Format| format!("sites.{}", format.word())));
    let whole = [("risk.gpkg", wanted.gpkg), ("risk.qgz", wanted.project)];
    names.extend(whole.into_iter().filter(|(_, asked)| *asked).map(|(name, _)| name.to_owned()));
    names.extend(["rejects.csv", RECEIPT].map(str::to_owned));
    names
}
