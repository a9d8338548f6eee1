//! A score at every cell of a grid.

use crate::earth::{Grid, Length};

/// The security score that a site at the center of each cell would have.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// The cells.
    pub grid: Grid,
    /// What of the map it fills.
    pub reach: Reach,
    /// The side of a cell; on a geographic grid, the side in the middle of the grid.
    pub cell: Length,
    /// 0 to 100 for each cell, row by row from the northwest, with one decimal, as scores are written; NaN
    /// means no data.
    pub scores: Vec<f32>,
}

/// What of the map a surface fills where incidents were collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All within 100 km of a site or an incident.
    Everything,
    /// All within 100 km of a site, or of an incident that lies in the box around all sites and 100 km past it.
    NearSites,
    /// The box that was asked for.
    Box,
}

impl Surface {
    /// Why places have no score, and where the surface ends, in sentences.
    pub fn blank(&self) -> String {
        let [west, south, east, north] = self.grid.edges();
        let unit = if self.grid.crs().is_wgs84() {
            "degrees of longitude and latitude"
        } else {
            "the units of its CRS"
        };
        let why = match self.reach {
            Reach::Everything => {
                "Blank are places where incidents were not collected, and those over about 100 km from every site and every incident."
            }
            Reach::NearSites => {
                "Blank are places where incidents were not collected, and those over about 100 km from every site and from every incident in the box around all sites and 100 km past it: incidents farther away have no surface around them, since cells would be wider."
            }
            Reach::Box => {
                "It fills the box that was asked for; blank in it are places where incidents were not collected."
            }
        };
        format!(
            "{why} It ends at {west:.4} and {east:.4} from west to east and at {south:.4} and {north:.4} from south to north, in {unit}."
        )
    }
}
