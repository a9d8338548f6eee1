//! Notes: oddities shared by many records of a file, such as heights in their positions or rings
//! with the wrong direction. One finding reports each, at the first record that has it and with the
//! number of records, so that a million of them do not hide other findings.

use crate::Code;
use crate::model::{Finding, Findings, Place, Verdict};
use crate::sources::values::geometry::Note;
use std::sync::Arc;

/// The notes on a file so far.
#[derive(Debug)]
pub struct Notes {
    list: Vec<Entry>,
    /// The current record; the file itself before the first record.
    at: Place,
    /// The maximum number of listed notes.
    most: usize,
    /// The number of notes after the list was full.
    unlisted: u64,
}

#[derive(Debug)]
struct Entry {
    note: Note,
    first: Place,
    last: Place,
    others: u64,
    /// The number of occurrences, including repeated ones in a record.
    times: u64,
}

/// The maximum number of different notes; further ones are only counted.
const MOST: usize = 200;

impl Default for Notes {
    fn default() -> Self {
        Self { list: Vec::new(), at: Place::File, most: MOST, unlisted: 0 }
    }
}

impl Notes {
    /// Creates the notes of a part of a file. They have no limit, because which ones to drop is
    /// known only after the notes of earlier parts.
    pub(crate) fn of_part() -> Self {
        Self { most: usize::MAX, ..Self::default() }
    }

    /// Merges the notes of the next part of the file.
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

    /// Sets the current record: each note is counted once per record.
    pub fn set_place(&mut self, place: Place) {
        self.at = place;
    }

    /// Adds a note on the current record. The same words on the same field are the same note,
    /// whatever the value.
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

    /// Adds a note on a field of the current record.
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

    /// Like [`add`](Self::add), with the value found.
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

    /// Removes the notes with these words.
    pub(crate) fn forget(&mut self, why: &str) {
        self.list.retain(|entry| entry.note.why != why);
    }

    /// Reports the notes as findings, in the order in which they first occurred.
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
