//! Groups repeated findings: a value missing in thousands of records is reported once with its count, a value
//! odd in three records is reported three times with its place.

use crate::Code;
use crate::model::{Finding, Findings, Place, Verdict};
use std::collections::HashMap;
use std::sync::Arc;

/// Number of records up to which a finding is reported for each. Above it, the finding is reported once for
/// the file.
const MOST_SHOWN: u64 = 5;

/// Number of places kept for a finding.
const MOST_FIRST: usize = 5;

/// Number of different values that are grouped separately for one kind of finding.
const MOST_VALUES: usize = 20;

/// Where something was found.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    pub place: Place,
    pub id: Option<String>,
}

/// Collects notes and repairs while a file is read.
#[derive(Debug)]
pub(crate) struct Tally {
    file: Arc<str>,
    groups: Vec<Group>,
    index: HashMap<(String, String, Option<String>), usize>,
    values: HashMap<(String, String), usize>,
    /// Number of different values that are grouped separately for one kind of finding.
    most_values: usize,
    /// Number of notes so far.
    noted: u64,
}

#[derive(Debug)]
struct Group {
    code: Code,
    field: Option<String>,
    why: String,
    verdict: Verdict,
    /// The value shared by all records of the group, if it is grouped by value.
    value: Option<String>,
    count: u64,
    /// The first occurrences: number of the note, place, and value.
    first: Vec<(u64, Spot, Option<String>)>,
}

impl Tally {
    pub fn new(file: &Arc<str>) -> Self {
        Self {
            file: file.clone(),
            groups: Vec::new(),
            index: HashMap::new(),
            values: HashMap::new(),
            most_values: MOST_VALUES,
            noted: 0,
        }
    }

    /// Creates the tally of a part of a file, which groups all values separately. Which of them the file's
    /// tally groups is known only when the parts before are counted.
    pub fn of_part(file: &Arc<str>) -> Self {
        Self { most_values: usize::MAX, ..Self::new(file) }
    }

    /// Adds the tally of the next part.
    pub fn merge(&mut self, part: Self) {
        let before = self.noted;
        for mut group in part.groups {
            if group.count == 0 {
                self.groups.push(group);
                continue;
            }
            let field = group.field.clone().unwrap_or_default();
            let shared = match group.value.take() {
                Some(word) if self.tells_apart(&field, &group.why, &word) => Some(word),
                _ => None,
            };
            let at =
                self.group(group.code, group.verdict, group.field.as_deref(), &group.why, shared);
            if let Some(known) = self.groups.get_mut(at) {
                known.count += group.count;
                let first = group.first.into_iter();
                known.first.extend(first.map(|(when, spot, value)| (before + when, spot, value)));
                // Several words of the part may have been merged into one group.
                known.first.sort_by_key(|(when, _, _)| *when);
                known.first.truncate(MOST_FIRST);
            }
        }
        self.noted = before + part.noted;
    }

    /// Whether records with this word get their own group, which only the first words do.
    fn tells_apart(&mut self, field: &str, why: &str, word: &str) -> bool {
        let fault = (field.to_owned(), why.to_owned());
        let key = (fault.0.clone(), fault.1.clone(), Some(word.to_owned()));
        if self.index.contains_key(&key) {
            return true;
        }
        let told_apart = self.values.entry(fault).or_default();
        let room = *told_apart < self.most_values;
        *told_apart += usize::from(room);
        room
    }

    /// Notes a fault of a record.
    pub fn note(
        &mut self,
        code: Code,
        verdict: Verdict,
        field: Option<&str>,
        value: Option<String>,
        why: &str,
        spot: Spot,
    ) {
        self.gather((code, verdict), field, None, value, why, spot);
    }

    /// Notes an unknown word. Records with the same word are counted together.
    pub fn note_word(
        &mut self,
        code: Code,
        verdict: Verdict,
        field: Option<&str>,
        word: String,
        why: &str,
        spot: Spot,
    ) {
        let shared = self.tells_apart(field.unwrap_or_default(), why, &word).then(|| word.clone());
        self.gather((code, verdict), field, shared, Some(word), why, spot);
    }

    fn gather(
        &mut self,
        (code, verdict): (Code, Verdict),
        field: Option<&str>,
        shared: Option<String>,
        value: Option<String>,
        why: &str,
        spot: Spot,
    ) {
        let at = self.group(code, verdict, field, why, shared);
        let when = self.noted;
        self.noted += 1;
        if let Some(group) = self.groups.get_mut(at) {
            group.count += 1;
            if group.first.len() < MOST_FIRST {
                group.first.push((when, spot, value));
            }
        }
    }

    /// Returns the index of a group, adding it if it is new.
    fn group(
        &mut self,
        code: Code,
        verdict: Verdict,
        field: Option<&str>,
        why: &str,
        shared: Option<String>,
    ) -> usize {
        let key = (field.unwrap_or_default().to_owned(), why.to_owned(), shared.clone());
        let groups = &mut self.groups;
        *self.index.entry(key).or_insert_with(|| {
            groups.push(Group {
                code,
                field: field.map(str::to_owned),
                why: why.to_owned(),
                verdict,
                value: shared,
                count: 0,
                first: Vec::new(),
            });
            groups.len() - 1
        })
    }

    /// Reports something about the file as a whole.
    pub fn say(&mut self, code: Code, field: Option<&str>, why: String) {
        self.groups.push(Group {
            code,
            field: field.map(str::to_owned),
            why,
            verdict: Verdict::Noted,
            value: None,
            count: 0,
            first: Vec::new(),
        });
    }

    /// Turns the groups into findings, in the order of their first occurrence.
    pub fn finish(self, findings: &mut Findings) {
        for group in self.groups {
            let finding = |place: Place, id, value, why| Finding {
                code: group.code,
                file: self.file.clone(),
                place,
                id,
                field: group.field.clone(),
                value,
                why,
                verdict: group.verdict,
            };
            if group.count == 0 {
                findings.push(finding(Place::File, None, None, group.why.clone()));
            } else if group.count <= MOST_SHOWN {
                for (_, spot, value) in group.first.clone() {
                    findings.push(finding(spot.place, spot.id, value, group.why.clone()));
                }
            } else {
                let place =
                    group.first.first().map_or(Place::File, |(_, spot, _)| spot.place.clone());
                let why = format!("{}; {} records, the first at {place}", group.why, group.count);
                findings.push(finding(Place::File, None, group.value.clone(), why));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings_of(records: u64) -> Vec<String> {
        let mut tally = Tally::new(&"a.csv".into());
        for line in 0..records {
            let spot = Spot { place: Place::Line(line + 2), id: None };
            let (code, word) = (Code::CountryDoubtful, "Atlantis".into());
            tally.note_word(code, Verdict::Noted, Some("country"), word, "is unknown", spot);
        }
        let mut findings = Findings::default();
        tally.finish(&mut findings);
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn few_are_said_each_and_many_once() {
        assert_eq!(
            findings_of(2),
            [
                "a.csv: line 2: country: \"Atlantis\" is unknown",
                "a.csv: line 3: country: \"Atlantis\" is unknown"
            ]
        );
        assert_eq!(
            findings_of(700),
            ["a.csv: country: \"Atlantis\" is unknown; 700 records, the first at line 2"]
        );
    }
}
