//! Trackers of Global Energy Monitor (CC BY 4.0). Coal mines (April 2024, May 2025): a workbook of two sheets,
//! operating and proposed mines, and closed mines; a mine built in phases has a row for each phase under one id.
//! Iron ore mines (August 2025), iron and steel plants (plant level, 2023 to June 2026) and cement plants (July
//! 2025): latitude and longitude in one cell, `Coordinates`, or in two. Coal plants (January 2024 and 2026) and
//! coal terminals (December 2024): a row for each unit. Oil and gas extraction (March 2026): the sheet of
//! fields. Column names are those of the published workbooks. The monitor's power plant, pipeline and ownership
//! trackers do not hold sites of this kind.

use super::{Layout, PLAIN};
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const COAL_MINES: Layout = Layout {
    name: "GEM Global Coal Mine Tracker",
    roles: &[Role::Sites],
    signature: &["GEM Mine ID", "Mine Name", "Location Accuracy"],
    also: &["Mine Type", "Mining Method", "Depth Accuracy", "Workforce Accuracy", "Coalfield"],
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
        (F::LocationAccuracy, "Coordinate accuracy"),
        (F::Country, "Country/Area"),
    ],
    lat_first: true,
    ..PLAIN
};

pub(super) const COAL_PLANTS: Layout = Layout {
    name: "GEM Global Coal Plant Tracker",
    roles: &[Role::Sites],
    signature: &["GEM unit/phase ID", "Plant name", "Unit name"],
    also: &["GEM location ID", "Combustion technology", "Coal type", "Coal source", "Captive"],
    fields: &[
        (F::Id, "GEM unit/phase ID"),
        (F::Name, "Plant name"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::LocationAccuracy, "Location accuracy"),
        (F::Country, "Country/Area"),
        (F::Country, "Country"),
    ],
    ..PLAIN
};

pub(super) const STEEL_PLANTS: Layout = Layout {
    name: "GEM Global Iron and Steel Tracker",
    roles: &[Role::Sites],
    signature: &["Plant name (English)", "Main production equipment", "Coordinate accuracy"],
    also: &["Plant name (other language)", "Steel products", "GEM wiki page", "Met coal source"],
    fields: &[
        (F::Id, "GEM plant ID"),
        (F::Id, "Plant ID"),
        (F::Name, "Plant name (English)"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::LocationAccuracy, "Coordinate accuracy"),
        (F::Country, "Country/Area"),
        (F::Country, "Country"),
    ],
    lat_first: true,
    ..PLAIN
};

pub(super) const CEMENT_PLANTS: Layout = Layout {
    name: "GEM Global Cement and Concrete Tracker",
    roles: &[Role::Sites],
    signature: &["GEM Asset name (English)", "Coordinate accuracy"],
    also: &["Majority Cement Type", "Cement Color", "SFI ID", "Clay Calcination", "CCS/CCUS"],
    fields: &[
        (F::Id, "GEM Plant ID"),
        (F::Name, "GEM Asset name (English)"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::LocationAccuracy, "Coordinate accuracy"),
        (F::Country, "Country/Area"),
    ],
    lat_first: true,
    ..PLAIN
};

pub(super) const COAL_TERMINALS: Layout = Layout {
    name: "GEM Global Coal Terminals Tracker",
    roles: &[Role::Sites],
    signature: &["Coal Terminal Name", "Parent Port Name"],
    also: &[
        "Coal Terminal Name (detail or other)",
        "Terminal Type",
        "Coal Source",
        "Capacity (Mt)",
    ],
    fields: &[
        (F::Id, "GEM Unit/Phase ID"),
        (F::Id, "GEM Terminal ID"),
        (F::Name, "Coal Terminal Name"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::Country, "Country/Area"),
    ],
    ..PLAIN
};

pub(super) const OIL_AND_GAS: Layout = Layout {
    name: "GEM Global Oil and Gas Extraction Tracker",
    roles: &[Role::Sites],
    signature: &["Unit ID", "Fuel type", "Discovery year", "Production start year"],
    also: &["GEM region", "Wiki URL", "Subnational unit (province, state)"],
    fields: &[
        (F::Id, "Unit ID"),
        (F::Name, "Unit Name"),
        (F::Name, "Wiki name"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::LocationAccuracy, "Location accuracy"),
        (F::Country, "Country/Area"),
        (F::Country, "Country"),
    ],
    ..PLAIN
};

/// Position accuracy by its word, in km.
pub(crate) const LOCATION_ACCURACY: &[(&str, f64)] = &[("Exact", 1.0), ("Approximate", 10.0)];
