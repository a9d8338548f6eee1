//! Remarks on the calibration of a run, as findings: printed to the terminal and written to `rejects.csv`, so that they
//! stay with the maps.

use super::Input;
use crate::Code;
use crate::model::{Finding, Findings, Place, Verdict};
use crate::scoring::Calibration;
use std::collections::BTreeSet;

/// A remark on each file of incidents of a sort to which the calibration was not fitted. Sources differ in what they
/// report at all, so that the same intensity is followed by other shares.
pub(super) fn of(calibration: Option<&Calibration>, inputs: &[Input]) -> Findings {
    let mut findings = Findings::default();
    let Some(calibration) = calibration else { return findings };
    let of_incidents = calibration.sources.iter().filter(|source| source.role == "incidents");
    let fitted: BTreeSet<&str> = of_incidents.map(|source| source.layout.as_str()).collect();
    if fitted.is_empty() {
        return findings;
    }
    let there = fitted.iter().copied().collect::<Vec<_>>().join(", ");
    let others = inputs.iter().filter(|input| input.role == "incidents");
    for input in others.filter(|input| !fitted.contains(input.layout.as_str())) {
        findings.push(Finding {
            code: Code::CalibrationDoubtful,
            file: input.file.clone(),
            place: Place::File,
            id: None,
            field: None,
            value: None,
            why: format!(
                "the calibration (⟦~calibration⟧) was fitted to incidents with other columns than those of this file \
                 ({} here, {there} there); if what is reported differs, so does what a score was followed by",
                input.layout
            ),
            verdict: Verdict::Noted,
        });
    }
    findings
}
