//! World Database on Protected Areas (UNEP-WCMC and IUCN, Protected Planet; WDPA User Manual 1.6, 2019, and the
//! schema of the World Database on Protected and Conserved Areas in use since 2025, which renames `WDPAID` to
//! `SITE_ID`, `WDPA_PID` to `SITE_PID`, `PA_DEF` to `SITE_TYPE`, `MARINE` to `REALM`, `NAME` to `NAME_ENG` and
//! `ORIG_NAME` to `NAME`): polygons, and points where no boundary was reported, whose reported area (`REP_AREA`,
//! square kilometers, 0 if unknown) is then the area of a circle around them. Statuses are Designated,
//! Inscribed, Adopted, Established, Proposed and, in old data, Not Reported; an area with a proposed or
//! unreported status is not a protected area (yet). Marine areas and conserved areas (OECM) are treated like
//! other protected areas. Parcels of a site have ids of their own.

use super::{Layout, PLAIN};
use crate::model::ReceptorKind;
use crate::sources::intake::columns::{Field as F, Role};

/// Statuses that mean no protection.
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

/// The schema before 2025.
pub(super) const AREAS: Layout = Layout {
    signature: &["WDPAID", "DESIG_ENG", "IUCN_CAT"],
    also: &["WDPA_PID", "PA_DEF", "ORIG_NAME", "MARINE", "STATUS_YR", "GOV_TYPE", "METADATAID"],
    ..SITES
};
