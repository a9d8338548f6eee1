//! Mineral Resources Data System (United States Geological Survey, public domain): deposits and
//! mines worldwide, not maintained since 2011.

use super::{Layout, PLAIN};
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const MRDS: Layout = Layout {
    name: "USGS MRDS",
    roles: &[Role::Sites],
    signature: &["dep_id", "site_name"],
    also: &["dev_stat", "commod1", "mrds_id", "mas_id", "oper_type"],
    fields: &[
        (F::Id, "dep_id"),
        (F::Name, "site_name"),
        (F::Lon, "longitude"),
        (F::Lat, "latitude"),
        (F::Country, "country"),
    ],
    ..PLAIN
};
