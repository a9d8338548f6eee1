//! World Database on Protected Areas (UNEP-WCMC and IUCN, Protected Planet; WDPA User Manual 1.6, 2019, and the
//! schema of the World Database on Protected and Conserved Areas in use since 2025, which calls `WDPAID`
//! `SITE_ID`, `WDPA_PID` `SITE_PID`, `PA_DEF` `SITE_TYPE`, `MARINE` `REALM`, `NAME` `NAME_ENG` and `ORIG_NAME`
//! `NAME`): polygons, and points where no edge was reported, whose reported area (`REP_AREA`, square kilometers,
//! 0 where not known) is then the area of a circle around them. Statuses are Designated, Inscribed, Adopted,
//! Established, Proposed and, of old data, Not Reported; an area that is proposed, or of which no status is
//! reported, is no protected area (yet). Marine areas are protected areas like others, and so are conserved ones
//! (OECM). Parcels of a site have an id of their own.

use super::{Layout, PLAIN};
use crate::model::ReceptorKind;
use crate::sources::intake::columns::{Field as F, Role};

/// Statuses under which nothing is protected.
const ASIDE: &[(&str, &str)] = &[
    ("Proposed", "is proposed, not designated; not used"),
    ("Not Reported", "is not reported: whether it is designated is not known; not used"),
];

/// The schema in use since 2025.
pub(super) const SITES: Layout = Layout {
    name: "WDPA",
    roles: &[Role::Receptors, Role::Sites],
    kind: Some(ReceptorKind::SensitiveAreas),
    signature: &["SITE_ID", "DESIG_ENG", "IUCN_CAT"],
    also: &["SITE_PID", "SITE_TYPE", "NAME_ENG", "REALM", "STATUS_YR", "GOV_TYPE", "METADATAID"],
    fields: &[
        (F::Id, "SITE_PID"),
        (F::Id, "SITE_ID"),
        (F::Id, "WDPA_PID"),
        (F::Id, "WDPAID"),
        (F::Name, "NAME_ENG"),
        (F::Name, "NAME"),
        (F::Name, "ORIG_NAME"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::Country, "ISO3"),
        (F::Status, "STATUS"),
        (F::Designation, "DESIG_ENG"),
        (F::IucnCategory, "IUCN_CAT"),
        (F::AreaKm2, "REP_AREA"),
        (F::AreaKm2, "GIS_AREA"),
    ],
    whole_ids: true,
    aside: ASIDE,
    ..PLAIN
};

/// The schema before it.
pub(super) const AREAS: Layout = Layout {
    signature: &["WDPAID", "DESIG_ENG", "IUCN_CAT"],
    also: &["WDPA_PID", "PA_DEF", "ORIG_NAME", "MARINE", "STATUS_YR", "GOV_TYPE", "METADATAID"],
    ..SITES
};
