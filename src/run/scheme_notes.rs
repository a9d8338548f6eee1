//! Remarks on the scheme file of a run, as findings: printed to the terminal and written to
//! `rejects.csv`, so that they stay with the maps.

use crate::Code;
use crate::model::{Finding, Findings, Place, Verdict};
use crate::scoring::Scheme;

/// The remarks on a scheme that was read from a file; empty for a built-in scheme.
pub(super) fn of(scheme: &Scheme) -> Findings {
    let mut findings = Findings::default();
    let Some(file) = scheme.file() else { return findings };
    for note in scheme.check() {
        let (key, why) = note.split_once(": ").unwrap_or(("", &note));
        findings.push(Finding {
            code: Code::SchemeDoubtful,
            file: file.into(),
            place: Place::File,
            id: None,
            field: Some(key.to_owned()),
            value: None,
            why: why.to_owned(),
            verdict: Verdict::Noted,
        });
    }
    findings
}
