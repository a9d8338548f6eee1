//! World Database of Key Biodiversity Areas (BirdLife International for the KBA Partnership; columns of the global
//! layer of September 2022): sites that meet the Global Standard (IUCN 2016), as polygons, or as points with their
//! area. `SitArea` has no unit and is not read; `SitAreaKm2` is. Candidates are not confirmed. No codebook with
//! the words of `KbaStatus` was available; statuses other than these two count.

use super::{Layout, PLAIN};
use crate::model::ReceptorKind;
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const AREAS: Layout = Layout {
    name: "Key Biodiversity Areas",
    roles: &[Role::Receptors, Role::Sites],
    kind: Some(ReceptorKind::SensitiveAreas),
    signature: &["SitRecID", "IntName", "NatName"],
    also: &["IbaStatus", "AzeStatus", "KBAStatus", "SitArea", "AddedDate"],
    fields: &[
        (F::Id, "SitRecID"),
        (F::Name, "IntName"),
        (F::Name, "NatName"),
        (F::Lon, "SitLong"),
        (F::Lat, "SitLat"),
        (F::Country, "ISO3"),
        (F::Country, "Country"),
        (F::Status, "KBAStatus"),
        (F::AreaKm2, "SitAreaKm2"),
    ],
    whole_ids: true,
    designation: Some("Key Biodiversity Area"),
    aside: &[
        ("candidate", "is a candidate, not confirmed; not used"),
        ("proposed", "is proposed, not confirmed; not used"),
    ],
    ..PLAIN
};
