//! What an incident is called in every output: one name for each, the most precise that its source gives.

use crate::model::Incident;

/// The name of an incident: its finer type, or else its type, in its source's words.
pub fn event_name(incident: &Incident) -> &str {
    incident.finer_type.as_deref().unwrap_or(&incident.event_type)
}
