//! Findings as tuples, of which Python makes `Finding`.

use crate::face::PYTHON;
use tamarisk::model::Finding;

/// File, place, id, field, value, reason, verdict, code.
pub type Told = (
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
    &'static str,
    &'static str,
);

/// A finding in Python's words.
pub fn told(finding: &Finding) -> Told {
    (
        finding.file.to_string(),
        finding.place.to_string(),
        finding.id.clone(),
        finding.field.clone(),
        finding.value.clone(),
        finding.why_for(PYTHON).into_owned(),
        finding.verdict.word(),
        finding.code.word(),
    )
}
