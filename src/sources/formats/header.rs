//! Column names of a table.

use crate::Code;
use crate::model::{Finding, Place, Verdict};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Distinct column names and their indices.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    names: Vec<Arc<str>>,
    index: HashMap<Arc<str>, usize>,
}

impl PartialEq for Columns {
    fn eq(&self, other: &Self) -> bool {
        self.names == other.names
    }
}

impl Columns {
    /// Creates the columns of a header. Surrounding blanks are removed; a column without a name is
    /// named by its number; a repeated name gets its number appended, and a finding.
    pub fn from_header(
        file: &str,
        place: &Place,
        header: Vec<String>,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut columns = Self::default();
        for (at, name) in header.into_iter().enumerate() {
            let name = name.trim();
            let numbered = at + 1;
            if name.is_empty() {
                columns.add(&format!("column_{numbered}"));
            } else if columns.index.contains_key(name) {
                let renamed = format!("{name}_{numbered}");
                findings.push(Finding {
                    code: Code::ColumnDoubtful,
                    file: file.into(),
                    place: place.clone(),
                    id: None,
                    field: Some(name.to_owned()),
                    value: None,
                    why: format!("is the name of two columns; the second is read as {renamed}"),
                    verdict: Verdict::Noted,
                });
                columns.add(&renamed);
            } else {
                columns.add(name);
            }
        }
        columns
    }

    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The index of a name, if present.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// The index of a name, which is appended if it is new.
    pub fn place_of(&mut self, name: &str) -> usize {
        match self.index.get(name) {
            Some(place) => *place,
            None => self.add(name),
        }
    }

    /// Appends a column under the name, or under the nearest free name.
    fn add(&mut self, name: &str) -> usize {
        let mut free: Cow<'_, str> = Cow::Borrowed(name);
        while self.index.contains_key(free.as_ref()) {
            free = Cow::Owned(format!("{free}_"));
        }
        let name: Arc<str> = free.into();
        let place = self.names.len();
        self.names.push(name.clone());
        self.index.insert(name, place);
        place
    }
}
