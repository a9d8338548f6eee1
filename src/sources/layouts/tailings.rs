//! Global Tailings Portal (GRID-Arendal, from the disclosures that investors asked for in 2019): tailings
//! facilities with the hazard or consequence category of whichever guideline each owner follows. The column names
//! are those of the disclosure's form; no public copy of the portal's table was at hand to hold them against. Classes
//! of the Canadian Dam Association are the words of the Global Industry Standard; ANCOLD (2012) parts its
//! "High" into A, B and C. Classes of others, which letters and numbers alone do not tell apart, stay unread.

use super::{Layout, PLAIN};
use crate::model::{ReceptorKind, TailingsClass as T};
use crate::sources::intake::columns::{Field as F, Role};

pub(super) const FACILITIES: Layout = Layout {
    name: "Global Tailings Portal",
    roles: &[Role::Receptors, Role::Sites],
    kind: Some(ReceptorKind::Tailings),
    signature: &["Tailings Facility Name/Identifier", "Hazard Categorisation"],
    also: &[
        "Raising method",
        "Current Maximum Height (m)",
        "Date of initial operation",
        "Guideline for classification",
    ],
    fields: &[
        (F::Name, "Tailings Facility Name/Identifier"),
        (F::Lon, "Longitude"),
        (F::Lat, "Latitude"),
        (F::Country, "Location (Country)"),
        (F::TailingsClass, "Hazard Categorisation"),
    ],
    consequences: &[
        ("very low", T::Low),
        ("high a", T::High),
        ("high b", T::High),
        ("high c", T::High),
    ],
    ..PLAIN
};
