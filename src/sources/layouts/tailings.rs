//! Global Tailings Portal (GRID-Arendal, from the disclosures that investors requested in 2019): tailings facilities
//! with the hazard or consequence category of the guideline that each owner follows. Column names are those of the
//! disclosure form; no public copy of the portal's table was available to check them. Classes of the Canadian Dam
//! Association use the words of the Global Industry Standard; ANCOLD (2012) divides its "High" into A, B and C.
//! Classes of other guidelines, ambiguous letters and numbers, are not read.

use super::{Layout, PLAIN};
use crate::model::{ReceptorKind, TailingsClass as T};
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const FACILITIES: Layout = Layout {
    name: "Global Tailings Portal",
    roles: &[Role::Receptors, Role::Sites],
    kind: Some(ReceptorKind::Tailings),
    signature: &["Tailings Facility Name/Identifier", "Hazard Categorisation"],
    also: &["Raising method", "Date of initial operation", "Guideline for classification"],
    fields: &[
        (F::Name, "Tailings Facility Name/Identifier"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::Country, "Location (Country)"),
        (F::TailingsClass, "Hazard Categorisation"),
        (F::TailingsHeight, "Current Maximum Height (m)"),
        (F::TailingsVolume, "Current Tailings Storage Impoundment Volume (m3)"),
    ],
    consequences: &[
        ("very low", T::Low),
        ("high a", T::High),
        ("high b", T::High),
        ("high c", T::High),
    ],
    ..PLAIN
};

/// The portal's own table, as its page gives it out.
pub(super) const PORTAL: Layout = Layout {
    signature: &["tsf", "hazard_categorization"],
    also: &["owner_company", "classification_system", "raise_type", "ubc_number"],
    fields: &[
        (F::Name, "tsf"),
        (F::Lon, "longitude"),
        (F::Lat, "latitude"),
        (F::Country, "country"),
        (F::TailingsClass, "hazard_categorization"),
        (F::TailingsHeight, "current_maximum_height"),
        (F::TailingsVolume, "current_tailings_storage"),
    ],
    ..FACILITIES
};
