//! The findings of a run, grouped by reason: a fault that a thousand records share is one line.

use crate::Face;
use crate::model::{Finding, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

/// Reasons listed, at most.
const LISTED: usize = 100;

/// An example value is truncated to this many characters.
const LONGEST: usize = 80;

/// The grouped findings.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Quality {
    /// Findings by verdict: set aside, repaired, noted.
    pub verdicts: [usize; 3],
    /// The reasons, records set aside first, then by the number of findings.
    pub reasons: Vec<Reason>,
    /// The number of reasons that are not listed.
    pub more: usize,
}

/// Findings of one reason in one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// What was done.
    pub verdict: &'static str,
    /// The file.
    pub file: String,
    /// The column or part, if any.
    pub field: Option<String>,
    /// What is wrong.
    pub why: String,
    /// The number of findings.
    pub count: usize,
    /// The place of the first finding.
    pub place: String,
    /// The id of its record.
    pub id: Option<String>,
    /// The value found.
    pub value: Option<String>,
}

/// The key of a group of findings: verdict, file, field and reason.
type Key<'f> = (Verdict, &'f str, Option<&'f str>, &'f str);

impl Quality {
    /// Renders the settings in the reasons in the syntax of a face.
    pub fn spell(&mut self, face: Face) {
        for reason in &mut self.reasons {
            reason.why = face.words(&reason.why).into_owned();
        }
    }

    /// Groups findings by reason.
    pub fn of<'f>(findings: impl Iterator<Item = &'f Finding>) -> Self {
        let order = [Verdict::SetAside, Verdict::Repaired, Verdict::Noted];
        let mut verdicts = [0; 3];
        let mut found: BTreeMap<Key<'f>, (usize, &Finding)> = BTreeMap::new();
        for finding in findings {
            for (count, verdict) in verdicts.iter_mut().zip(order) {
                *count += usize::from(finding.verdict == verdict);
            }
            let key =
                (finding.verdict, &*finding.file, finding.field.as_deref(), finding.why.as_str());
            found.entry(key).or_insert((0, finding)).0 += 1;
        }
        let mut list: Vec<(usize, &Finding)> = found.into_values().collect();
        // The sort is stable, so that equal counts stay in the order of file, field and reason.
        list.sort_by(|a, b| a.1.verdict.cmp(&b.1.verdict).then(b.0.cmp(&a.0)));
        let more = list.len().saturating_sub(LISTED);
        let reasons = list.into_iter().take(LISTED).map(|(count, first)| Reason {
            verdict: first.verdict.word(),
            file: first.file.to_string(),
            field: first.field.clone(),
            why: first.why.clone(),
            count,
            place: first.place.to_string(),
            id: first.id.clone(),
            value: first.value.as_deref().map(cut),
        });
        Self { verdicts, reasons: reasons.collect(), more }
    }
}

fn cut(value: &str) -> String {
    match value.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", value.get(..at).unwrap_or(value)),
        None => value.to_owned(),
    }
}
