//! Reads the features of a part of a layer.

use super::columns::{Binding, Field as F};
use super::features::{Feature, Layer, TakeFeature};
use super::part_intake::{bind, given_id};
use super::row::{Fault, ReadState, Row};
use super::sift::Sift;
use crate::Code;
use crate::model::{Finding, Verdict};
use crate::sources::formats::parts::{Next, Take};
use crate::sources::formats::record::{Cell, Geometry, RawGeometry, Record, Written};
use crate::sources::values::positions::geometry_of;
use std::sync::Arc;

/// Reads the features of a part of a layer.
pub(super) struct Part<'l, P> {
    pub layer: &'l Layer,
    pub taker: P,
    pub state: ReadState,
    /// The columns known at the end of the part.
    pub columns: Vec<Arc<str>>,
    pub binding: Binding,
    pub sift: Sift,
    pub set_aside: u64,
    pub left_out: u64,
    pub without: u64,
    pub astray: u64,
    /// The column index of each condition on records.
    pub places: Vec<Option<usize>>,
    /// Whether each condition was met by any record.
    pub met: Vec<bool>,
}

impl<'l, P: TakeFeature> Part<'l, P> {
    pub fn new(layer: &'l Layer, columns: &[Arc<str>], taker: P, sift: Sift) -> Self {
        let Layer { rules, binding, .. } = layer;
        Self {
            layer,
            taker,
            state: ReadState::of_part(&rules.file, None),
            columns: columns.to_vec(),
            binding: binding.clone(),
            sift,
            set_aside: 0,
            left_out: 0,
            without: 0,
            astray: 0,
            places: rules.rows.places(columns),
            met: rules.rows.none_met(),
        }
    }

    /// Binds the columns again if records have added new ones.
    fn know(&mut self, columns: &[Arc<str>]) {
        if columns.len() == self.binding.known {
            return;
        }
        match bind(&self.layer.rules, columns) {
            Ok(binding) => self.binding = binding,
            Err(error) => self.sift.fault = self.sift.fault.take().or(Some(error)),
        }
        self.columns = columns.to_vec();
        self.places = self.layer.rules.rows.places(columns);
    }

    /// Takes a record whose values must all be read.
    fn take_record(&mut self, row: &Record, columns: &[Arc<str>]) {
        let rules = &self.layer.rules;
        let tally = &mut self.state.tally;
        let (record, is_other) = if self.layer.has_geometry {
            (std::borrow::Cow::Borrowed(row), false)
        } else {
            match self.sift.record(row, columns, &self.binding, rules, tally) {
                Some(sifted) => sifted,
                None => return,
            }
        };
        if is_other {
            self.set_aside += 1;
            let why = "belongs to another table with other columns; not read";
            self.say(&record, columns, Verdict::SetAside, Fault::whole(Code::RecordMalformed, why));
            return;
        }
        if !rules.rows.takes_all() && !rules.rows.takes(&record, &self.places, rules, &mut self.met)
        {
            self.left_out += 1;
            return;
        }
        let geometry = self.place(&record, columns);
        let record = record.into_owned();
        let cells: Vec<Cell<'_>> = record.fields.into_iter().map(Cell::Value).collect();
        let id = record.id.map(Cell::Value);
        let feature = Feature { id: id.as_ref(), cells: &cells, geometry };
        self.taker.take(feature, columns);
    }

    /// Returns the geometry of a record, if it has one.
    fn place(&mut self, record: &Record, columns: &[Arc<str>]) -> Option<RawGeometry> {
        let geometry = self.layer.is_placed.then(|| self.place_of(record, columns)).flatten();
        self.without += u64::from(geometry.is_none());
        geometry
    }

    fn place_of(&mut self, record: &Record, columns: &[Arc<str>]) -> Option<RawGeometry> {
        let id = given_id(record, &self.binding, self.layer.rules.layout);
        let mut row = Row {
            record,
            rules: &self.layer.rules,
            columns,
            binding: &self.binding,
            state: &mut self.state,
            id: id.as_ref().map(|(_, id)| id.as_str()),
            country: None,
            several: None,
            system: None,
        };
        if row.rules.table_crs.zone.is_some() {
            row.find_country();
        }
        match geometry_of(&mut row) {
            Ok(geometry) => geometry,
            Err(fault) => {
                let place = [F::Lon, F::Lat, F::Geometry];
                let given = |field| !row.value(field).is_missing();
                let in_columns = matches!(record.geometry, Geometry::InColumns);
                self.astray += u64::from(!in_columns || place.into_iter().any(given));
                let why = format!("{}; the geometry is null", fault.why);
                row.say(Verdict::Noted, Fault { why, ..fault });
                None
            }
        }
    }

    fn say(&mut self, record: &Record, columns: &[Arc<str>], verdict: Verdict, fault: Fault) {
        let id = given_id(record, &self.binding, self.layer.rules.layout);
        let Fault { code, field, value, why } = fault;
        debug_assert!(columns.len() >= self.binding.known);
        self.state.findings.push(Finding {
            code,
            file: self.layer.rules.file.clone(),
            place: record.place.clone(),
            id: id.map(|(_, id)| id),
            field,
            value,
            why,
            verdict,
        });
    }
}

impl<P: TakeFeature> Take for Part<'_, P> {
    fn take(&mut self, record: Written<'_, '_>, columns: &[Arc<str>]) -> Next {
        self.know(columns);
        if self.layer.needs_values {
            self.take_record(&record.into_record(), columns);
            return Next::Read;
        }
        // Only the place is parsed; the values are passed on as they are in the text.
        let Written { place, id, cells, geometry } = record;
        let known = id.as_ref().map(|id| id.clone().into_value());
        let bare = Record { place, id: known, fields: Vec::new(), geometry };
        let geometry = self.place(&bare, columns);
        self.taker.take(Feature { id: id.as_ref(), cells, geometry }, columns);
        Next::Read
    }
}
