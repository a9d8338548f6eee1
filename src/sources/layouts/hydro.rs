//! HydroRIVERS 1.0 (Lehner and Grill 2013; technical documentation 2019) and HydroLAKES 1.0 (Messager and others
//! 2016; technical documentation of the same year; CC BY 4.0): river reaches as lines, from a tenth of a cubic
//! meter per second or ten square kilometers of catchment, and lakes of ten hectares and more as polygons. A
//! discharge of 0 is rounded, not dry. `NEXT_DOWN` is 0 at the sea and at the end of an inland basin.

use super::{Layout, PLAIN};
use crate::model::ReceptorKind;
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const RIVERS: Layout = Layout {
    name: "HydroRIVERS",
    roles: &[Role::Receptors, Role::Sites],
    kind: Some(ReceptorKind::Rivers),
    signature: &["HYRIV_ID", "NEXT_DOWN"],
    also: &["MAIN_RIV", "DIST_DN_KM", "UPLAND_SKM", "ENDORHEIC", "DIS_AV_CMS", "ORD_STRA"],
    fields: &[(F::Id, "HYRIV_ID"), (F::NextDown, "NEXT_DOWN")],
    whole_ids: true,
    ..PLAIN
};

pub(super) const LAKES: Layout = Layout {
    name: "HydroLAKES",
    kind: Some(ReceptorKind::WaterBodies),
    signature: &["Hylak_id", "Lake_type"],
    also: &["Lake_area", "Shore_len", "Vol_total", "Depth_avg", "Pour_long", "Wshd_area"],
    fields: &[(F::Id, "Hylak_id"), (F::Name, "Lake_name")],
    ..RIVERS
};
