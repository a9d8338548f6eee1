//! What a run is to write.

use super::request::LayerName;
use std::collections::BTreeSet;

/// The files that a run writes besides `rejects.csv` and `receipt.json`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The layers; all of them where it is `None`, but rings and incidents only up to 10,000 features
    /// each.
    pub layers: Option<BTreeSet<LayerName>>,
    /// Whether `report.html` tells it all to people.
    pub report: bool,
    /// Whether `map.png` shows it.
    pub png: bool,
    /// The columns by which the sites are grouped in `portfolio.csv`, as the user calls them.
    pub group_by: Vec<String>,
}

/// Files that a run writes only where they are asked for.
pub(super) const ASKED: [&str; 3] = ["portfolio.csv", "report.html", "map.png"];

impl Wanted {
    /// The names of those of them that are asked for.
    pub(super) fn files(&self) -> impl Iterator<Item = &'static str> {
        let asked = [!self.group_by.is_empty(), self.report, self.png && cfg!(feature = "png")];
        ASKED.into_iter().zip(asked).filter(|(_, asked)| *asked).map(|(name, _)| name)
    }
}
