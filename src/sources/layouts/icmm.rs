//! ICMM Global Mining Dataset (International Council on Mining and Metals, CC BY 4.0): mines,
//! smelters and refineries, as the published workbook and as GeoJSON derived from it. Its confidence factor counts the
//! sources of a record and says nothing of how accurate its position is, so it is an ordinary column.

use super::{Layout, PLAIN};
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const WORKBOOK: Layout = Layout {
    name: "ICMM Global Mining Dataset",
    roles: &[Role::Sites],
    signature: &["ICMMID", "Confidence Factor", "Mine Name"],
    also: &["Group Names", "Asset Type", "Primary Commodity", "Secondary Commodity"],
    fields: &[
        (F::Id, "ICMMID"),
        (F::Name, "Mine Name"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::Country, "Country"),
    ],
    ..PLAIN
};

pub(super) const GEOJSON: Layout = Layout {
    signature: &["id", "name", "confidenceFactor", "primaryCommodity"],
    also: &["groupNames", "assetType", "secondaryCommodity"],
    fields: &[(F::Id, "id"), (F::Name, "name"), (F::Country, "country")],
    ..WORKBOOK
};
