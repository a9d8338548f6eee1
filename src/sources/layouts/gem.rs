//! Global Coal Mine Tracker (Global Energy Monitor, CC BY 4.0): a workbook of two sheets, operating
//! and proposed mines and closed ones; a mine that is built in phases has a row for each under one id.

use super::{Layout, PLAIN};
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const COAL_MINES: Layout = Layout {
    name: "GEM Global Coal Mine Tracker",
    roles: &[Role::Sites],
    signature: &["GEM Mine ID", "Mine Name", "Location Accuracy"],
    fields: &[
        (F::Id, "GEM Mine ID"),
        (F::Name, "Mine Name"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::LocationAccuracy, "Location Accuracy"),
        (F::Country, "Country"),
    ],
    ..PLAIN
};
