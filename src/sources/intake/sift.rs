//! Rows of a table that are no records: tags and units below the header, the header again, and what stands below
//! the header of another table.

use super::columns::Binding;
use super::no_records::{Below, another_header, at_begin, is_header_again};
use super::row::Manner;
use super::tally::Tally;
use crate::sources::formats::record::Record;
use crate::{Code, Error};
use std::borrow::Cow;
use std::sync::Arc;

/// Tells the records of a part of a table from the other rows.
pub(crate) struct Sift {
    /// Whether the next record is the first of the table.
    at_begin: bool,
    /// Whether the table is read in one part.
    is_whole: bool,
    /// What the last of several headers makes of the rows below it.
    below: Option<Below>,
    /// Rows that are no records.
    pub passed: u64,
    /// Why the table cannot be read in parts.
    pub fault: Option<Error>,
}

impl Sift {
    pub fn new(at_begin: bool, is_whole: bool) -> Self {
        Self { at_begin, is_whole, below: None, passed: 0, fault: None }
    }

    /// The record of a row with its values in the order of the columns, and whether it is of another table whose
    /// header stood above it; `None` where the row is no record.
    pub fn record<'r>(
        &mut self,
        row: &'r Record,
        columns: &[Arc<str>],
        binding: &Binding,
        manner: &Manner,
        tally: &mut Tally,
    ) -> Option<(Cow<'r, Record>, bool)> {
        let what = if std::mem::take(&mut self.at_begin) {
            at_begin(row, binding, manner.layout)
        } else {
            is_header_again(row, columns).then_some("the header again")
        };
        if let Some(what) = what {
            self.passed += 1;
            self.below = None;
            tally.say(
                Code::RecordMalformed,
                None,
                format!("has {what} at {}; no record", row.place),
            );
            return None;
        }
        if let Some(below) = another_header(row, columns, binding) {
            self.passed += 1;
            let why = format!("has another header at {}: {}", row.place, below.what());
            if self.is_whole {
                tally.say(Code::RecordMalformed, None, why);
            } else if self.fault.is_none() {
                // Rows of other parts would be read by the first header.
                let error = Error::data(Code::TableMissing, format!("{}: {why}", manner.file));
                self.fault = Some(error.with_hint("give each table as a file of its own"));
            }
            self.below = Some(below);
            return None;
        }
        let turned = self.below.as_ref().and_then(|below| below.turned(row));
        let is_other = matches!(self.below, Some(Below::Other(_)));
        Some((turned.map_or(Cow::Borrowed(row), Cow::Owned), is_other))
    }
}
