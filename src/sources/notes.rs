//! Oddities that many records of a file share, such as heights in their positions or rings that run
//! the wrong way: one finding tells of each, at the first record that has it, with how many there
//! are, so that a million of them do not hide what else there is to say.

use super::geometry::Note;
use crate::model::{Finding, Findings, Place, Verdict};
use std::sync::Arc;

/// The oddities of a file so far.
#[derive(Debug)]
pub struct Notes {
    list: Vec<Entry>,
    /// The record being read; the file itself before the first.
    at: Place,
    /// How many more there were when the list was full.
    unlisted: u64,
}

#[derive(Debug)]
struct Entry {
    note: Note,
    first: Place,
    last: Place,
    others: u64,
}

/// Different oddities that are told apart; past them only their number is.
const MOST: usize = 200;

impl Default for Notes {
    fn default() -> Self {
        Self { list: Vec::new(), at: Place::File, unlisted: 0 }
    }
}

impl Notes {
    /// Which record is being read: each oddity is counted once a record.
    pub fn set_place(&mut self, place: Place) {
        self.at = place;
    }

    /// Notes what was found out about the present record; the same words on the same field are the
    /// same oddity, whatever the value.
    pub fn push(&mut self, note: Note) {
        let room = self.list.len() < MOST;
        let same = |entry: &&mut Entry| {
            let known = &entry.note;
            known.field == note.field && known.why == note.why && known.verdict == note.verdict
        };
        match self.list.iter_mut().find(same) {
            Some(entry) if entry.last == self.at => {}
            Some(entry) => {
                entry.last = self.at.clone();
                entry.others += 1;
            }
            None if room => {
                let (first, last) = (self.at.clone(), self.at.clone());
                self.list.push(Entry { note, first, last, others: 0 });
            }
            None => self.unlisted += 1,
        }
    }

    /// Notes what is odd about a field of the present record.
    pub(super) fn add(&mut self, field: String, why: &str) {
        let field = Some(field);
        self.push(Note { field, value: None, why: why.to_owned(), verdict: Verdict::Noted });
    }

    /// The same, with the value that stood there.
    pub(super) fn add_value(&mut self, field: String, value: String, why: &str) {
        let (field, value) = (Some(field), Some(value));
        self.push(Note { field, value, why: why.to_owned(), verdict: Verdict::Noted });
    }

    /// Turns them into findings, in the order in which they were first seen.
    pub fn report(self, file: &Arc<str>, findings: &mut Findings) {
        for Entry { note, first, others, .. } in self.list {
            let mut finding: Finding = note.of(file, &first, None);
            match others {
                0 => {}
                1 => finding.why.push_str("; so in 1 other record"),
                _ => finding.why.push_str(&format!("; so in {others} other records")),
            }
            findings.push(finding);
        }
        if self.unlisted > 0 {
            let why = format!("has {} more oddities of other kinds, not listed", self.unlisted);
            let note = Note { field: None, value: None, why, verdict: Verdict::Noted };
            findings.push(note.of(file, &Place::File, None));
        }
    }
}
