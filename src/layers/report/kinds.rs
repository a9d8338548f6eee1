//! The words of the page for incidents: one for each type in legends and counts, and for each incident the name that its
//! source gives.

use crate::layers::event_name;
use crate::model::{Incident, SecurityType};
use std::borrow::Cow;

/// What a type is called if an incident is no security incident.
pub const ACCIDENT: &str = "accident";

/// What the page calls a type.
pub fn label(kind: SecurityType) -> &'static str {
    match kind {
        SecurityType::Explosions => "Explosions and remote violence",
        SecurityType::Violence => "Violence against civilians",
        SecurityType::Battles => "Battles",
        SecurityType::Looting => "Looting",
        SecurityType::Riots => "Riots",
        SecurityType::Protests => "Protests",
        SecurityType::Strategic => "Strategic developments",
        SecurityType::Unknown => "Other and unknown types",
    }
}

/// What the page calls an incident: as every other output does, without the underscores of codes.
pub fn called(incident: &Incident) -> Cow<'_, str> {
    let name = event_name(incident);
    if name.contains('_') { Cow::Owned(name.replace('_', " ")) } else { Cow::Borrowed(name) }
}
