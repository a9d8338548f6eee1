//! Separates records from other rows of a table: tags and units below the header, the repeated header, and
//! rows below the header of another table.

use super::columns::Binding;
use super::file_rules::FileRules;
use super::no_records::{Below, another_header, at_begin, is_header_again};
use super::tally::Tally;
use crate::sources::formats::record::Record;
use crate::{Code, Error};
use std::borrow::Cow;
use std::sync::Arc;

/// Separates the records of a part of a table from its other rows.
pub(crate) struct Sift {
    /// Whether the next row is the first of the table.
    at_begin: bool,
    /// Whether the table is read in one part.
    is_whole: bool,
    /// How to read the rows below the last header, if there were several.
    below: Option<Below>,
    /// Number of rows that are not records.
    pub passed: u64,
    /// Why the table cannot be read in parts.
    pub fault: Option<Error>,
}

impl Sift {
    pub fn new(at_begin: bool, is_whole: bool) -> Self {
        Self { at_begin, is_whole, below: None, passed: 0, fault: None }
    }

    /// Returns the record of a row with its values in the order of the columns, and whether it belongs to
    /// another table whose header came before. Returns `None` if the row is not a record.
    pub fn record<'r>(
        &mut self,
        row: &'r Record,
        columns: &[Arc<str>],
        binding: &Binding,
        rules: &FileRules,
        tally: &mut Tally,
    ) -> Option<(Cow<'r, Record>, bool)> {
        let what = if std::mem::take(&mut self.at_begin) {
            at_begin(row, binding, rules.layout)
        } else {
            is_header_again(row, columns).then_some("the header again")
        };
        if let Some(what) = what {
            self.passed += 1;
            self.below = None;
            tally.say(
                Code::RecordMalformed,
                None,
                format!("has {what} at {}; not a record", row.place),
            );
            return None;
        }
        if let Some(below) = another_header(row, columns, binding) {
            self.passed += 1;
            let why = format!("has another header at {}: {}", row.place, below.what());
            if self.is_whole {
                tally.say(Code::RecordMalformed, None, why);
            } else if self.fault.is_none() {
                // The rows of other parts would be read by the first header.
                let error = Error::data(Code::TableMissing, format!("{}: {why}", rules.file));
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
