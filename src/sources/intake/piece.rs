//! What any thread can make of the records of a part of a file without knowing the others: things
//! without their ids, and what was noted of them.

use super::claims::Claims;
use super::columns::{Binding, Field as F};
use super::no_records::{Below, another_header, at_begin, is_header_again, is_total};
use super::own::Keeper;
use super::row::{Fault, Gathered, Manner, Row};
use super::standing::written_pair;
use crate::earth::Length;
use crate::model::{CountryCode, Finding, Value, Verdict, whereabouts};
use crate::sources::formats::parts::{Next, Take};
use crate::sources::formats::record::{Record, Written};
use crate::sources::intake::Trade;
use crate::sources::layouts::Layout;
use crate::sources::reading::Earlier;
use crate::sources::values::ids::{Identified, content_of};
use crate::sources::values::numbers::is_missing;
use crate::{Code, Error, Result};
use jiff::civil::Date;
use std::sync::Arc;

/// A layer of a file that is read.
pub(crate) struct Layer<'l, T> {
    pub trade: &'l Trade<T>,
    pub manner: &'l Manner,
    /// Its number in the file.
    pub number: usize,
    /// Whether it is read in one part.
    pub is_whole: bool,
}

/// What came of the records of a part.
pub(crate) struct Piece<'l, T> {
    layer: &'l Layer<'l, T>,
    /// The things, without their ids.
    pub items: Vec<T>,
    pub made: Vec<Made>,
    /// What was noted; the findings of each thing are with it.
    pub gathered: Gathered,
    /// Where records lie against the countries they name.
    pub claims: Claims,
    /// The columns known at the end.
    pub columns: Vec<Arc<str>>,
    pub binding: Binding,
    /// Whether the first record is the first of the table.
    pub at_begin: bool,
    /// What the last of several headers makes of the rows below it.
    below: Option<Below>,
    /// Rows that are no records.
    pub passed: u64,
    /// Records that are not wanted.
    pub left_out: u64,
    /// What those of them tell that were left out for their day.
    pub earlier: Earlier,
    /// Where the columns of the conditions on records stand.
    places: Vec<Option<usize>>,
    /// Which of the conditions some record meets.
    pub met: Vec<bool>,
    /// What is gathered over records of which only the day is asked, to be forgotten.
    scratch: Gathered,
    /// Why the columns could not be bound.
    pub fault: Option<Error>,
}

/// What came of a record.
pub(crate) struct Made {
    /// Whether there is a thing, the next one of the piece; otherwise the record is set aside.
    pub kept: bool,
    /// The id that the record gives: whether it is a text, and what it is.
    pub given: Option<(bool, String)>,
    /// The name, where there is no id.
    pub name: Option<String>,
    /// The fingerprint of the record.
    pub content: u64,
    /// Findings that are said however many are like them.
    pub said: Vec<Finding>,
}

impl<'l, T: Identified> Piece<'l, T> {
    /// A piece of a table whose columns are bound.
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
            made: Vec::new(),
            gathered: Gathered::of_part(&layer.manner.file, own),
            claims: Claims::default(),
            columns: columns.to_vec(),
            binding: binding.clone(),
            at_begin,
            below: None,
            passed: 0,
            left_out: 0,
            earlier: Earlier::new(),
            places: layer.manner.rows.places(columns),
            met: layer.manner.rows.none_met(),
            scratch: Gathered::of_part(&layer.manner.file, None),
            fault: None,
        }
    }

    /// Makes a thing of a record, or sets it aside.
    fn make(&mut self, record: &Record, columns: &[Arc<str>]) {
        let Layer { trade, manner, number, is_whole } = *self.layer;
        if columns.len() != self.binding.known {
            match bind(manner, columns) {
                Ok(binding) => self.binding = binding,
                Err(error) => self.fault = self.fault.take().or(Some(error)),
            }
            self.columns = columns.to_vec();
            self.places = manner.rows.places(columns);
        }
        let what = if std::mem::take(&mut self.at_begin) {
            at_begin(record, &self.binding, manner.layout)
        } else {
            is_header_again(record, columns).then_some("the header again")
        };
        if let Some(what) = what {
            self.passed += 1;
            self.below = None;
            let why = format!("has {what} at {}; no record", record.place);
            self.gathered.tally.say(Code::RecordMalformed, None, why);
            return;
        }
        if let Some(below) = another_header(record, columns, &self.binding) {
            self.passed += 1;
            let why = format!("has another header at {}: {}", record.place, below.what());
            if is_whole {
                self.gathered.tally.say(Code::RecordMalformed, None, why);
            } else if self.fault.is_none() {
                // Rows of other parts would be read by the first header.
                let error = Error::data(Code::TableMissing, format!("{}: {why}", manner.file));
                self.fault = Some(error.with_hint("give each table as a file of its own"));
            }
            self.below = Some(below);
            return;
        }
        let turned = self.below.as_ref().and_then(|below| below.turned(record));
        let record = turned.as_ref().unwrap_or(record);
        let other = matches!(self.below, Some(Below::Other(_)));
        if !manner.rows.takes_all()
            && !manner.rows.takes(record, &self.places, manner, &mut self.met)
            || manner.rows.since.is_some_and(|since| self.is_before(record, columns, since))
        {
            self.left_out += 1;
            return;
        }
        let given = given_id(record, &self.binding, manner.layout);
        let mut row = Row {
            record,
            manner,
            columns,
            binding: &self.binding,
            gathered: &mut self.gathered,
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
                "is of another table, whose columns are others; not read",
            ))
        } else if no_id && is_total(record, row.binding, id) {
            Err(Fault::whole(Code::RecordMalformed, "is a row of totals, not a record"))
        } else {
            row.find_country();
            (trade.build)(&mut row)
        };
        let written = || written_pair(record, row.binding, &manner.map);
        match &built {
            // Of several places none is the one that lies in the country.
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
        let said = std::mem::take(&mut self.gathered.findings);
        let content = if kept { content_of(record, number) } else { 0 };
        self.made.push(Made { kept, given, name, content, said });
    }

    /// Whether a record is of a day before the first that is wanted; what it tells of its file is kept.
    fn is_before(&mut self, record: &Record, columns: &[Arc<str>], since: Date) -> bool {
        let Layer { trade, manner, .. } = *self.layer;
        let mut row = Row {
            record,
            manner,
            columns,
            binding: &self.binding,
            gathered: &mut self.scratch,
            id: None,
            country: None,
            several: None,
            system: None,
        };
        row.find_country();
        let mut built = (trade.build)(&mut row);
        if let (Ok(item), Some(several)) = (&mut built, &row.several) {
            settle(item, several);
        }
        self.scratch.forget(&manner.file);
        let before = built.ok().and_then(|item| (trade.before)(&item, since));
        if let Some((domain, codes)) = &before {
            self.earlier.entry(*domain).or_default().extend(codes.iter());
        }
        before.is_some()
    }
}

impl<T: Identified> Take for Piece<'_, T> {
    fn take(&mut self, record: Written<'_, '_>, columns: &[Arc<str>]) -> Next {
        self.make(&record.into_record(), columns);
        Next::Read
    }
}

/// Binds the columns of a table.
///
/// # Errors
/// A mapped column that the table does not have.
pub(crate) fn bind(manner: &Manner, columns: &[Arc<str>]) -> Result<Binding> {
    Binding::new(&manner.file, columns, manner.role, manner.layout, &manner.map)
}

/// The id that a record gives: whether it is a text, and what it is.
fn given_id(
    record: &Record,
    binding: &Binding,
    layout: Option<&'static Layout>,
) -> Option<(bool, String)> {
    let in_column = binding.column(F::Id).map(|at| record.field(at));
    let value = in_column.filter(|value| !is_missing(value)).or(record.id.as_ref())?;
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
    Some((matches!(value, Value::Text(_)), text))
}

/// Settles which of several countries a thing names that has the name of all: the one in which it lies, or
/// which is near enough. None where it lies in none of them.
fn settle(item: &mut impl Identified, several: &[CountryCode]) {
    let placed = item.placed().or_else(|| Some((item.point()?, None)));
    let Some((position, accuracy)) = placed else { return };
    let found = whereabouts(position, several, accuracy.unwrap_or(Length::ZERO));
    if let Some(country) = found.agreed.iter().next() {
        item.settle(country);
    }
}
