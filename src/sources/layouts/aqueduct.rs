//! Aqueduct Water Risk Atlas (World Resources Institute, CC BY 4.0; technical notes of 3.0, Hofste and others
//! 2019, and of 4.0, Kuzma and others 2023): basins with baseline water stress as a ratio (`bws_raw`), a
//! score of 0 to 5 (`bws_score`), a category of -1 to 4 (`bws_cat`) and its label. -9999 is no data; category
//! -1 is arid with low water use, whatever the ratio.

use super::{Layout, PLAIN};
use crate::model::ReceptorKind;
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const BASELINE: Layout = Layout {
    name: "Aqueduct",
    roles: &[Role::Receptors, Role::Sites],
    kind: Some(ReceptorKind::WaterStress),
    signature: &["bws_raw", "bws_score", "bws_cat", "bws_label", "string_id"],
    also: &["aq30_id", "pfaf_id", "gid_1", "aqid", "bwd_raw", "bwd_score", "iav_raw"],
    fields: &[
        (F::Id, "string_id"),
        (F::WaterStress, "bws_score"),
        (F::WaterStressRatio, "bws_raw"),
        (F::WaterStressCategory, "bws_label"),
        (F::WaterStressCategory, "bws_cat"),
    ],
    ..PLAIN
};
