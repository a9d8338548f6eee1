//! Glacial lake outburst floods of High Mountain Asia (HMAGLOFDB, ICIMOD, CC BY 4.0): published in
//! Windows-1252, with two positions per row, and times such as `1955-66` or `Before 1962`.

use super::{Layout, PLAIN};
use crate::model::Domain;
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const FLOODS: Layout = Layout {
    name: "HMAGLOFDB",
    roles: &[Role::Incidents],
    signature: &["GF_ID", "Year_exact"],
    also: &["LakeDB_ID", "Lat_impact", "Lon_impact", "Region_RGI", "Driver_GLOF", "Transboundary"],
    fields: &[
        (F::Id, "GF_ID"),
        (F::Lon, "Lon_lake"),
        (F::Lat, "Lat_lake"),
        (F::Country, "Country"),
        (F::Year, "Year_exact"),
        (F::RoughYear, "Year_approx"),
        (F::Month, "Month"),
        (F::Day, "Day"),
        (F::Fatalities, "Lives_total"),
    ],
    domain: Some(Domain::Other),
    event_type: Some("Glacial lake outburst flood"),
    encoding: Some("windows-1252"),
    note: Some(
        "has two positions in each record; that of the lake is used, not that of the impact",
    ),
    ..PLAIN
};
