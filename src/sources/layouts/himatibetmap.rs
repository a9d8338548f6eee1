//! HimaTibetMap (Taylor and Yin 2009 and later editions, ODC-BY): active faults and folds of the
//! Himalaya and Tibet as lines.

use super::{Layout, PLAIN};
use crate::model::ReceptorKind;
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const FAULTS: Layout = Layout {
    name: "HimaTibetMap",
    roles: &[Role::Receptors],
    kind: Some(ReceptorKind::Faults),
    signature: &["Id", "Type", "ltype", "net_slip_r"],
    also: &["strike_sli", "shortening"],
    fields: &[(F::Id, "Id"), (F::Name, "Name")],
    ..PLAIN
};
