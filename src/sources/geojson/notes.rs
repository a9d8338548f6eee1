//! Oddities that many features of a file share, such as heights in their positions: one finding
//! tells of each, at the first feature that has it, with how many there are.

use crate::model::{Finding, Findings, Place, Verdict};
use std::sync::Arc;

/// The oddities of a file so far.
#[derive(Debug, Default)]
pub(super) struct Notes {
    list: Vec<Note>,
    at: u64,
}

#[derive(Debug)]
struct Note {
    field: String,
    value: Option<String>,
    why: String,
    first: Option<u64>,
    last: Option<u64>,
    count: u64,
}

/// Different oddities that are told apart before the rest is passed over in silence.
const MOST: usize = 200;

impl Notes {
    /// Which feature is being read, so that notes are counted once a feature.
    pub fn set_feature(&mut self, feature: u64) {
        self.at = feature;
    }

    /// Notes what is odd about a field of the present feature.
    pub fn add(&mut self, field: String, why: &str) {
        self.put(field, None, why, Some(self.at));
    }

    /// The same, with the value that the first one had.
    pub fn add_value(&mut self, field: String, value: String, why: &str) {
        self.put(field, Some(value), why, Some(self.at));
    }

    /// Notes what is odd about the file as a whole.
    pub fn add_file(&mut self, field: &str, value: Option<String>, why: &str) {
        self.put(field.to_owned(), value, why, None);
    }

    fn put(&mut self, field: String, value: Option<String>, why: &str, at: Option<u64>) {
        let room = self.list.len() < MOST;
        match self.list.iter_mut().find(|note| note.field == field && note.why == why) {
            Some(note) if note.last == at => {}
            Some(note) => {
                note.last = at;
                note.count += 1;
            }
            None if room => {
                let why = why.to_owned();
                self.list.push(Note { field, value, why, first: at, last: at, count: 1 });
            }
            None => {}
        }
    }

    /// Turns them into findings.
    pub fn report(self, file: &Arc<str>, findings: &mut Findings) {
        for note in self.list {
            let others = note.count - 1;
            findings.push(Finding {
                file: file.clone(),
                place: note.first.map_or(Place::File, Place::Feature),
                id: None,
                field: Some(note.field),
                value: note.value,
                why: match others {
                    0 => note.why,
                    1 => format!("{}; so in 1 other feature", note.why),
                    others => format!("{}; so in {others} other features", note.why),
                },
                verdict: Verdict::Noted,
            });
        }
    }
}
