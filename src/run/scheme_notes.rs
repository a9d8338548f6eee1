//! What a reader should know of the scheme file that a run was given, as findings: told on the terminal
//! and written to `rejects.csv`, so that it stays with the maps.

use crate::Code;
use crate::model::{Finding, Findings, Place, Verdict};
use crate::scoring::Scheme;

/// The notes of a scheme that was read from a file; a scheme that comes with the program needs none.
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
