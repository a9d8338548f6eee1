//! Trackers of Global Energy Monitor (CC BY 4.0). Coal mines: a workbook of two sheets, operating
//! and proposed mines and closed ones; a mine that is built in phases has a row for each under one id.
//! Iron ore mines: latitude and longitude in one cell, `Coordinates`.

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
        (F::Country, "Country / Area"),
    ],
    ..PLAIN
};

pub(super) const IRON_ORE_MINES: Layout = Layout {
    name: "GEM Global Iron Ore Mines Tracker",
    roles: &[Role::Sites],
    signature: &["GEM Asset ID", "Asset name (English)"],
    also: &["Asset name (other language)", "Design capacity (ttpa)", "Operating status"],
    fields: &[
        (F::Id, "GEM Asset ID"),
        (F::Name, "Asset name (English)"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::Country, "Country/Area"),
    ],
    ..PLAIN
};
