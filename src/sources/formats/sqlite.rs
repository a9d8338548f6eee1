//! SQLite databases: GeoPackages (OGC 12-128r17), SpatiaLite and GDAL's variant of it, and plain databases
//! with ordinary tables. A layer is a table or a view. Its rows are read in the order of their row numbers,
//! which is the order in which GIS programs list them, and are counted from 0 like the features of GeoJSON.

mod layers;
mod open;
mod rows;

use super::parts::{Begin, PartReport, Take};
use super::{Asked, Content, Dataset, DeclaredCrs, Driver, Head, Opened};
use crate::sources::options::Format;
use crate::{Code, Error, Result};
use layers::{Kind, Layer, layers};
use open::{Database, damaged};
use rows::Split;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// SQLite databases.
pub(super) struct Sqlite;

impl Driver for Sqlite {
    fn format(&self) -> Format {
        Format::Sqlite
    }

    fn is(&self, head: &Head<'_>) -> bool {
        head.bytes.starts_with(b"SQLite format 3\0")
    }

    fn open_in_place(&self, path: &Path, asked: &mut Asked<'_>) -> Result<Option<Opened>> {
        let (database, hash, size) = Database::at(path, &asked.options.limits)?;
        let dataset = Box::new(Tables::new(asked.file, database)?);
        Ok(Some(Opened { dataset, hash, size }))
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let database = Database::of_bytes(&content.into_bytes())?;
        Ok(Box::new(Tables::new(asked.file, database)?))
    }
}

/// The layers of a database.
#[derive(Debug)]
struct Tables {
    file: Arc<str>,
    kind: Kind,
    database: Database,
    layers: Vec<Layer>,
    /// The division of each layer into parts, computed on demand.
    splits: Vec<OnceLock<std::result::Result<Split, String>>>,
    selected: usize,
}

impl Tables {
    /// Lists the layers.
    ///
    /// # Errors
    /// The file is damaged, or has no layers.
    fn new(file: &Arc<str>, database: Database) -> Result<Self> {
        let (kind, layers) = layers(file, &database).map_err(|error| damaged(file, "", &error))?;
        if layers.is_empty() {
            let what = match kind {
                Kind::GeoPackage => "the GeoPackage lists no layer of features or attributes",
                _ => "the database holds no table",
            };
            return Err(Error::data(Code::TableMissing, format!("{file}: {what}")));
        }
        let splits = layers.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { file: file.clone(), kind, database, layers, splits, selected: 0 })
    }

    fn layer(&self) -> Option<&Layer> {
        self.layers.get(self.selected)
    }

    fn split(&self) -> Option<&std::result::Result<Split, String>> {
        let (layer, split) = (self.layer()?, self.splits.get(self.selected)?);
        let cut = || Split::of(&self.database, layer).map_err(|error| error.to_string());
        Some(split.get_or_init(cut))
    }
}

impl Dataset for Tables {
    fn description(&self) -> String {
        match self.kind {
            Kind::GeoPackage => "GeoPackage",
            Kind::SpatiaLite => "SQLite with geometry",
            Kind::Plain => "SQLite",
        }
        .to_owned()
    }

    fn has_geometry(&self) -> bool {
        self.layer().is_some_and(|layer| layer.has_geometry)
    }

    fn layers(&self) -> Vec<&str> {
        self.layers.iter().map(|layer| &*layer.name).collect()
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
        self.layer()?.crs.clone()
    }

    fn count(&self) -> Option<u64> {
        self.split()?.as_ref().ok().map(Split::count)
    }

    fn parts(&self) -> usize {
        match self.split() {
            Some(Ok(split)) => split.parts(),
            // The error is reported when the layer is read.
            _ => 1,
        }
    }

    fn read(
        &self,
        part: usize,
        begin: Begin,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> Result<Begin> {
        let Some(layer) = self.layer() else { return Ok(begin) };
        let split = match self.split() {
            Some(Ok(split)) => split,
            Some(Err(error)) => {
                let (file, name) = (&self.file, &layer.name);
                let message = format!("{file}: layer {name}: the database cannot be read: {error}");
                return Err(Error::data(Code::FileDamaged, message)
                    .with_hint("the file may be cut short or damaged; fetch it again"));
            }
            None => return Ok(begin),
        };
        let rows = rows::Rows { file: &self.file, layer, split };
        self.database
            .ask(|connection| rows.read(connection, part, told, taker))
            .map_err(|error| damaged(&self.file, &layer.name, &error))?;
        Ok(begin)
    }

    fn is_unchanged(&self) -> Result<()> {
        self.database.is_unchanged()
    }
}
