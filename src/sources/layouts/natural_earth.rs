//! Natural Earth (public domain): populated places and countries. Its rivers and lakes often have
//! no properties and are then read as plain geometry.

use super::{Layout, PLAIN};
use crate::model::ReceptorKind;
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const PLACES: Layout = Layout {
    name: "Natural Earth populated places",
    roles: &[Role::Receptors, Role::Sites],
    kind: Some(ReceptorKind::Settlements),
    signature: &["NAME", "POP_MAX"],
    fields: &[(F::Name, "NAME"), (F::Population, "POP_MAX")],
    ..PLAIN
};

/// Read as sites, to allow scoring of whole countries.
pub(super) const COUNTRIES: Layout = Layout {
    name: "Natural Earth countries",
    roles: &[Role::Sites, Role::Receptors],
    signature: &["SOVEREIGNT", "ADM0_A3"],
    fields: &[(F::Id, "ADM0_A3"), (F::Name, "ADMIN"), (F::Country, "ADM0_A3")],
    ..PLAIN
};
