//! Records held in memory: those of XML formats, whose text is a tree rather than a list, so that the columns
//! of a layer are known only after all of it is read.

use super::header::Columns;
use super::parts::{Begin, Next, PartReport, Take};
use super::record::{Cell, Geometry, Written};
use super::{Dataset, DeclaredCrs, Typing};
use crate::Result;
use crate::model::{Place, Value};
use crate::sources::values::geometry::Note;
use std::sync::Arc;

/// The number of records in a part.
const RECORDS: usize = 2_000;

/// A file whose records have been read.
#[derive(Debug)]
pub(super) struct Held {
    description: String,
    layers: Vec<Layer>,
    selected: usize,
}

/// Records with the same columns.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pub name: String,
    pub columns: Columns,
    pub crs: Option<DeclaredCrs>,
    pub rows: Vec<Row>,
}

/// A record, possibly shorter than the columns.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub id: Option<Value>,
    pub fields: Vec<Value>,
    pub geometry: Geometry,
    pub notes: Vec<Note>,
}

impl Row {
    /// Sets the value of a column; earlier columns are missing until they are set.
    pub fn set(&mut self, column: usize, value: Value) {
        if self.fields.len() <= column {
            self.fields.resize(column + 1, Value::Missing);
        }
        if let Some(field) = self.fields.get_mut(column) {
            *field = value;
        }
    }
}

impl Held {
    pub fn new(description: String, layers: Vec<Layer>) -> Self {
        Self { description, layers, selected: 0 }
    }

    fn layer(&self) -> Option<&Layer> {
        self.layers.get(self.selected)
    }
}

impl Dataset for Held {
    fn typing(&self) -> Typing {
        Typing::Texts
    }

    fn description(&self) -> String {
        self.description.clone()
    }

    fn has_geometry(&self) -> bool {
        true
    }

    fn layers(&self) -> Vec<&str> {
        self.layers.iter().map(|layer| layer.name.as_str()).collect()
    }

    fn select(&mut self, layer: usize) {
        if layer < self.layers.len() {
            self.selected = layer;
        }
    }

    fn columns(&self) -> &[Arc<str>] {
        self.layer().map_or(&[], |layer| layer.columns.names())
    }

    fn crs(&self) -> Option<DeclaredCrs> {
        self.layer().and_then(|layer| layer.crs.clone())
    }

    fn parts(&self) -> usize {
        self.layer().map_or(0, |layer| layer.rows.len()).div_ceil(RECORDS).max(1)
    }

    fn read(
        &self,
        part: usize,
        begin: Begin,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> Result<Begin> {
        let Some(layer) = self.layer() else { return Ok(begin) };
        let first = part.saturating_mul(RECORDS);
        let mut cells = Vec::new();
        for (at, row) in layer.rows.iter().enumerate().skip(first).take(RECORDS) {
            let place = Place::Feature(u64::try_from(at).unwrap_or(u64::MAX));
            told.notes.set_place(place.clone());
            row.notes.iter().for_each(|note| told.notes.push(note.clone()));
            cells.clear();
            cells.extend(row.fields.iter().cloned().map(Cell::Value));
            let (id, geometry) = (row.id.clone().map(Cell::Value), row.geometry.clone());
            told.count.read += 1;
            told.taken += 1;
            let record = Written { place, id, cells: &mut cells, geometry };
            if taker.take(record, layer.columns.names()) == Next::Stop {
                break;
            }
        }
        Ok(begin)
    }
}
