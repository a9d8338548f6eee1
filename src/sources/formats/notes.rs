//! Oddities that many records of a file share, such as heights in their positions or rings that run
//! the wrong way: one finding tells of each, at the first record that has it, with how many there
//! are, so that a million of them do not hide what else there is to say.

use crate::Code;
use crate::model::{Finding, Findings, Place, Verdict};
use crate::sources::values::geometry::Note;
use std::sync::Arc;

/// The oddities of a file so far.
#[derive(Debug)]
pub struct Notes {
    list: Vec<Entry>,
    /// The record being read; the file itself before the first.
    at: Place,
    /// How many are listed.
    most: usize,
    /// How many more there were when the list was full.
    unlisted: u64,
}

#[derive(Debug)]
struct Entry {
    note: Note,
    first: Place,
    last: Place,
    others: u64,
    /// How often it was noted, more than once a record included.
    times: u64,
}

/// Different oddities that are told apart; past them only their number is.
const MOST: usize = 200;

impl Default for Notes {
    fn default() -> Self {
        Self { list: Vec::new(), at: Place::File, most: MOST, unlisted: 0 }
    }
}

impl Notes {
    /// The notes of a part of a file, which lists all it has: what is left out is known only once
    /// those of the parts before are.
    pub(crate) fn of_part() -> Self {
        Self { most: usize::MAX, ..Self::default() }
    }

    /// Adds those of the part of the file that comes next.
    pub(crate) fn merge(&mut self, part: Self) {
        for entry in part.list {
            let room = self.list.len() < self.most;
            match self.list.iter_mut().find(|known| known.note.is_like(&entry.note)) {
                Some(known) => {
                    known.others += entry.others + u64::from(known.last != entry.first);
                    known.last = entry.last;
                    known.times += entry.times;
                }
                None if room => self.list.push(entry),
                None => self.unlisted += entry.times,
            }
        }
        self.unlisted += part.unlisted;
    }

    /// Which record is being read: each oddity is counted once a record.
    pub fn set_place(&mut self, place: Place) {
        self.at = place;
    }

    /// Notes what was found out about the present record; the same words on the same field are the
    /// same oddity, whatever the value.
    pub fn push(&mut self, note: Note) {
        let room = self.list.len() < self.most;
        match self.list.iter_mut().find(|entry| entry.note.is_like(&note)) {
            Some(entry) => {
                entry.times += 1;
                if entry.last != self.at {
                    entry.last = self.at.clone();
                    entry.others += 1;
                }
            }
            None if room => {
                let (first, last) = (self.at.clone(), self.at.clone());
                self.list.push(Entry { note, first, last, others: 0, times: 1 });
            }
            None => self.unlisted += 1,
        }
    }

    /// Notes what is odd about a field of the present record.
    pub(crate) fn add(&mut self, field: String, why: &str) {
        let field = Some(field);
        self.push(Note {
            code: Code::ValueDoubtful,
            field,
            value: None,
            why: why.to_owned(),
            verdict: Verdict::Noted,
        });
    }

    /// The same, with the value that stood there.
    pub(crate) fn add_value(&mut self, field: String, value: String, why: &str) {
        let (field, value) = (Some(field), Some(value));
        self.push(Note {
            code: Code::ValueDoubtful,
            field,
            value,
            why: why.to_owned(),
            verdict: Verdict::Noted,
        });
    }

    /// Takes out what was noted in these words.
    pub(crate) fn forget(&mut self, why: &str) {
        self.list.retain(|entry| entry.note.why != why);
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
            let code = Code::FileDoubtful;
            let note = Note { code, field: None, value: None, why, verdict: Verdict::Noted };
            findings.push(note.of(file, &Place::File, None));
        }
    }
}
