//! Builds what any thread can build from the records of one part of a file without knowing the other
//! parts: items without ids, and notes.

use super::claims::Claims;
use super::columns::{Binding, Field as F};
use super::file_rules::FileRules;
use super::no_records::is_total;
use super::own::Keeper;
use super::row::{Fault, ReadState, Row};
use super::sift::Sift;
use super::table_crs::written_pair;
use crate::earth::Length;
use crate::model::{CountryCode, Finding, Value, Verdict, whereabouts};
use crate::sources::formats::parts::{Next, Take};
use crate::sources::formats::record::{Record, Written};
use crate::sources::intake::role_reader::RoleReader;
use crate::sources::layouts::Layout;
use crate::sources::reading::Earlier;
use crate::sources::values::ids::{Identified, content_of};
use crate::sources::values::numbers::is_missing;
use crate::{Code, Result};
use jiff::civil::Date;
use std::sync::Arc;

/// A layer to read.
pub(crate) struct Layer<'l, T> {
    pub reads: &'l RoleReader<T>,
    pub rules: &'l FileRules,
    /// Number of the layer in the file.
    pub number: usize,
    /// Whether the layer is read in one part.
    pub is_whole: bool,
}

/// The results from the records of a part.
pub(crate) struct PartIntake<'l, T> {
    layer: &'l Layer<'l, T>,
    /// The items, without their ids.
    pub items: Vec<T>,
    pub outcomes: Vec<RecordOutcome>,
    /// Notes of the part. The findings of each record are in its outcome.
    pub state: ReadState,
    /// The records compared with the countries they name.
    pub claims: Claims,
    /// The columns known at the end of the part.
    pub columns: Vec<Arc<str>>,
    pub binding: Binding,
    /// Separates records from other rows.
    pub sift: Sift,
    /// Number of records excluded by the options.
    pub left_out: u64,
    /// What the records excluded for their date show about coverage.
    pub earlier: Earlier,
    /// The column index of each condition on records.
    places: Vec<Option<usize>>,
    /// Whether each condition was met by any record.
    pub met: Vec<bool>,
    /// State for records of which only the date is needed; it is discarded.
    scratch: ReadState,
}

/// The outcome of a record.
pub(crate) struct RecordOutcome {
    /// Whether an item was built, the next one of the part; otherwise the record is set aside.
    pub kept: bool,
    /// The id given in the record: whether it is a text, and the id.
    pub given: Option<(bool, String)>,
    /// The name, if there is no id.
    pub name: Option<String>,
    /// Hash of the record's content.
    pub content: u64,
    /// Findings reported for this record, however many are like them.
    pub said: Vec<Finding>,
}

impl<'l, T: Identified> PartIntake<'l, T> {
    /// Creates the intake of a part of a table whose columns are bound.
    pub fn new(
        layer: &'l Layer<'l, T>,
        columns: &[Arc<str>],
        binding: &Binding,
        own: Option<Box<Keeper>>,
        at_begin: bool,
    ) -> Self {
        Self {
            layer,
            items: Vec::new(),
            outcomes: Vec::new(),
            state: ReadState::of_part(&layer.rules.file, own),
            claims: Claims::default(),
            columns: columns.to_vec(),
            binding: binding.clone(),
            sift: Sift::new(at_begin, layer.is_whole),
            left_out: 0,
            earlier: Earlier::new(),
            places: layer.rules.rows.places(columns),
            met: layer.rules.rows.none_met(),
            scratch: ReadState::of_part(&layer.rules.file, None),
        }
    }

    /// Builds an item from a record, or sets it aside.
    fn make(&mut self, record: &Record, columns: &[Arc<str>]) {
        let Layer { reads, rules, number, .. } = *self.layer;
        if columns.len() != self.binding.known {
            match bind(rules, columns) {
                Ok(binding) => self.binding = binding,
                Err(error) => self.sift.fault = self.sift.fault.take().or(Some(error)),
            }
            self.columns = columns.to_vec();
            self.places = rules.rows.places(columns);
        }
        let tally = &mut self.state.tally;
        let sifted = self.sift.record(record, columns, &self.binding, rules, tally);
        let Some((record, other)) = sifted else { return };
        let record = record.as_ref();
        if !rules.rows.takes_all() && !rules.rows.takes(record, &self.places, rules, &mut self.met)
            || rules.rows.since.is_some_and(|since| self.is_before(record, columns, since))
        {
            self.left_out += 1;
            return;
        }
        let given = given_id(record, &self.binding, rules.layout);
        let mut row = Row {
            record,
            rules,
            columns,
            binding: &self.binding,
            state: &mut self.state,
            id: given.as_ref().map(|(_, id)| id.as_str()),
            country: None,
            several: None,
            system: None,
        };
        let id = row.id;
        let no_id = id.is_none_or(|id| !id.bytes().any(|byte| byte.is_ascii_digit()));
        let mut built = if other {
            Err(Fault::whole(
                Code::RecordMalformed,
                "belongs to another table with other columns; not read",
            ))
        } else if no_id && is_total(record, row.binding, id) {
            Err(Fault::whole(Code::RecordMalformed, "is a row of totals, not a record"))
        } else {
            row.find_country();
            (reads.build)(&mut row)
        };
        let written = || written_pair(record, row.binding, &rules.map);
        match &built {
            // If a record has several places, none of them is checked against the country.
            Ok(item) if item.placed().is_none() => {}
            Ok(item) => self.claims.take(&row, item.placed(), written),
            Err(_) if other => {}
            Err(_) => self.claims.take(&row, None, written),
        }
        if let (Ok(item), Some(several)) = (&mut built, &row.several) {
            settle(item, several);
        }
        let kept = built.is_ok();
        match built {
            Ok(item) => self.items.push(item),
            Err(fault) => row.say(Verdict::SetAside, fault),
        }
        let name = if given.is_none() { row.words(F::Name) } else { None };
        // A record without an id is told by its name, so that nobody has to look up its row.
        if let (false, Some(name), Some(said)) = (kept, &name, self.state.findings.last_mut()) {
            said.why.push_str(&format!("; its name is \"{}\"", name.escape_debug()));
        }
        let said = std::mem::take(&mut self.state.findings);
        let content = if kept { content_of(record, number) } else { 0 };
        self.outcomes.push(RecordOutcome { kept, given, name, content, said });
    }

    /// Whether a record is dated before the first day wanted; what it shows about coverage is kept.
    fn is_before(&mut self, record: &Record, columns: &[Arc<str>], since: Date) -> bool {
        let Layer { reads, rules, .. } = *self.layer;
        let mut row = Row {
            record,
            rules,
            columns,
            binding: &self.binding,
            state: &mut self.scratch,
            id: None,
            country: None,
            several: None,
            system: None,
        };
        row.find_country();
        let mut built = (reads.build)(&mut row);
        if let (Ok(item), Some(several)) = (&mut built, &row.several) {
            settle(item, several);
        }
        self.scratch.forget(&rules.file);
        let before = built.ok().and_then(|item| (reads.before)(&item, since));
        if let Some((domain, codes)) = &before {
            self.earlier.entry(*domain).or_default().extend(codes.iter());
        }
        before.is_some()
    }
}

impl<T: Identified> Take for PartIntake<'_, T> {
    fn take(&mut self, record: Written<'_, '_>, columns: &[Arc<str>]) -> Next {
        self.make(&record.into_record(), columns);
        Next::Read
    }
}

/// Binds the columns of a table.
///
/// # Errors
/// If the map names a column that the table does not have.
pub(crate) fn bind(rules: &FileRules, columns: &[Arc<str>]) -> Result<Binding> {
    Binding::new(&rules.file, columns, rules.role, rules.layout, &rules.map)
}

/// Returns the id given in a record: whether it is a text, and the id.
pub(crate) fn given_id(
    record: &Record,
    binding: &Binding,
    layout: Option<&'static Layout>,
) -> Option<(bool, String)> {
    let in_column = binding.column(F::Id).map(|at| record.field(at));
    let value = in_column.filter(|value| !is_missing(value)).or(record.id.as_ref())?;
    Some((matches!(value, Value::Text(_)), id_of(value, layout)?))
}

/// Returns a value as an id. In a data set whose ids are whole numbers, a zero after the point is dropped.
pub(crate) fn id_of(value: &Value, layout: Option<&'static Layout>) -> Option<String> {
    if is_missing(value) {
        return None;
    }
    let mut text = value.text()?;
    if layout.is_some_and(|layout| layout.whole_ids)
        && let Some(whole) = text.strip_suffix(".0")
        && whole.chars().all(|c| c.is_ascii_digit())
    {
        text = whole.to_owned();
    }
    Some(text)
}

/// If the name of an item stands for several countries, sets the one in which it lies, or which is near
/// enough. Leaves the country unset if it lies in none of them.
fn settle(item: &mut impl Identified, several: &[CountryCode]) {
    let placed = item.placed().or_else(|| Some((item.point()?, None)));
    let Some((position, accuracy)) = placed else { return };
    let found = whereabouts(position, several, accuracy.unwrap_or(Length::ZERO));
    if let Some(country) = found.agreed.iter().next() {
        item.settle(country);
    }
}
