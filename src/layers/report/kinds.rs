//! The words of the page for types of incidents: one for each type, whatever its source calls it, in the legend, in tables
//! and in panels.

use super::said::finer;
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

/// What the page calls an incident: its type, with the finer type of its source where the type says little. Accidents and
/// incidents of unknown type have the words of their source.
pub fn called(incident: &Incident) -> Cow<'_, str> {
    let vague = |name: &str| match finer(incident) {
        Some(finer) => Cow::Owned(format!("{name}: {finer}")),
        None => Cow::Owned(name.to_owned()),
    };
    match incident.security_type {
        Some(SecurityType::Strategic) => vague(label(SecurityType::Strategic)),
        None | Some(SecurityType::Unknown) => match finer(incident) {
            Some(_) => vague(&incident.event_type),
            None => Cow::Borrowed(&incident.event_type),
        },
        Some(kind) => Cow::Borrowed(label(kind)),
    }
}
