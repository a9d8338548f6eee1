//! What an incident is called in every output: one name for each, the most precise that its source gives.

use crate::model::{Incident, OwnValue};

/// Columns that hold a finer type.
const FINER: [&str; 6] =
    ["sub_event_type", "sub_type", "subtype", "sub_event", "attack_type", "attacktype1_txt"];

/// The finer type of an incident in its source's words, if that says more than its type.
pub fn finer(incident: &Incident) -> Option<&str> {
    said(incident, &FINER).filter(|finer| **finer != *incident.event_type)
}

/// The name of an incident: its finer type, or else its type, in its source's words.
pub fn event_name(incident: &Incident) -> &str {
    finer(incident).map_or(&*incident.event_type, str::trim)
}

/// The first text among an incident's columns of these names.
pub fn said<'a>(incident: &'a Incident, names: &[&str]) -> Option<&'a str> {
    let of = |wanted: &&str| {
        incident.own.columns().find_map(|(name, value)| match value {
            OwnValue::Text(text) if name.eq_ignore_ascii_case(wanted) => Some(text),
            _ => None,
        })
    };
    names.iter().find_map(of).filter(|text| !text.trim().is_empty())
}
