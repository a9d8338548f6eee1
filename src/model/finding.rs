//! Findings: faults in the data with their location (file, record, field), the value and what was done about
//! it. They are collected during the run, so that no data is dropped silently.

use crate::error::remedies;
use crate::{Code, Face, Remedy};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// The location of a record in a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A line of a text file, from 1.
    Line(u64),
    /// A feature of a GeoJSON file, from 0 as in a JSON array.
    Feature(u64),
    /// A row of a table in memory, from 0.
    TableRow(u64),
    /// A row of a sheet, from 1.
    Row {
        /// The sheet's name.
        sheet: Arc<str>,
        /// The row number as the spreadsheet shows it.
        row: u64,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("file"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Feature(feature) => write!(f, "feature {feature}"),
            Self::TableRow(row) => write!(f, "row {row}"),
            Self::Row { sheet, row } => write!(f, "sheet {sheet} row {row}"),
        }
    }
}

/// What was done with the record or the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// The record is not used.
    SetAside,
    /// The value was repaired and the record is used.
    Repaired,
    /// The record is used as it is; the reader should know.
    Noted,
}

impl Verdict {
    /// The word in `rejects.csv` and in the output of `check`.
    pub fn word(self) -> &'static str {
        match self {
            Self::SetAside => "set aside",
            Self::Repaired => "repaired",
            Self::Noted => "noted",
        }
    }
}

/// A fault in the data, with its location.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The machine-readable kind of finding.
    pub code: Code,
    /// The file's name as the user gave it, without its folders.
    pub file: Arc<str>,
    /// The location in the file.
    pub place: Place,
    /// The record's own id, if it has one.
    pub id: Option<String>,
    /// The column, property or geometry part.
    pub field: Option<String>,
    /// The value found.
    pub value: Option<String>,
    /// What is wrong with it, as a phrase: `is not a date; expected YYYY-MM-DD`. Settings are marked up in
    /// it; [`Face::words`] renders them.
    pub why: String,
    /// What was done.
    pub verdict: Verdict,
}

impl Finding {
    /// The settings that would help, as data.
    pub fn remedies(&self) -> Vec<Remedy> {
        remedies(&self.why)
    }

    /// The reason, with settings in the syntax of a face (command line, plans, library calls).
    pub fn why_for(&self, face: Face) -> Cow<'_, str> {
        face.words(&self.why)
    }

    /// The whole finding as text, with settings in the syntax of a face: `incidents.csv: line 41 (id "i-41"):
    /// date: "2024-13-01" is not a date; expected YYYY-MM-DD`.
    pub fn words(&self, face: Face) -> String {
        ForFace { finding: self, face }.to_string()
    }
}

impl fmt::Display for Finding {
    /// Like [`Self::words`], with settings as arguments of a call.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Face::CALL))
    }
}

/// A finding formatted for a face.
struct ForFace<'f> {
    finding: &'f Finding,
    face: Face,
}

impl fmt::Display for ForFace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { finding: this, face } = self;
        write!(f, "{}: ", this.file)?;
        if this.place != Place::File {
            write!(f, "{}", this.place)?;
            if let Some(id) = &this.id {
                write!(f, " (id \"{}\")", id.escape_debug())?;
            }
            f.write_str(": ")?;
        }
        if let Some(field) = &this.field {
            write!(f, "{field}: ")?;
        }
        if let Some(value) = &this.value {
            write!(f, "\"{}\" ", shorten(value).escape_debug())?;
        }
        f.write_str(&face.words(&this.why))
    }
}

/// The first 80 characters of a long value, so that a message stays one line.
fn shorten(value: &str) -> String {
    const MOST: usize = 80;
    if value.chars().count() <= MOST {
        value.to_owned()
    } else {
        value.chars().take(MOST).chain(['…']).collect()
    }
}

/// The findings of a run.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.list.push(finding);
    }

    /// Appends the findings of another part of the run.
    pub fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
    }

    /// All findings in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.list.iter()
    }

    /// The number of findings.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are no findings.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
