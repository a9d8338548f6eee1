//! Formats: from bytes or text to records, one file or folder a format, all behind one trait. What the
//! columns mean is not asked here.
//!
//! A new format is a file that implements [`Driver`], which tells its files and opens them, and [`Dataset`],
//! which gives their records, and a line in [`DRIVERS`].

mod answers;
mod archive;
#[cfg(feature = "parquet")]
mod arrow;
mod csv;
mod flatgeobuf;
mod geojson;
mod gml;
mod gpx;
pub(crate) mod header;
mod held;
mod joined;
mod json;
mod kml;
pub(crate) mod notes;
mod pages;
pub(crate) mod parts;
pub(crate) mod record;
pub(crate) mod refused;
mod shapefile;
mod sqlite;
pub(crate) mod titles;
mod typed;
pub(crate) mod unpacked;
pub(crate) mod wkb;
mod xlsx;
mod xml;

pub(crate) use geojson::geometry_in as geojson_in_cell;

use super::bytes::text::Stored;
use super::options::{Format, ReadOptions};
use crate::model::Finding;
use crate::{Code, Error, Result};
use parts::{Begin, Take, Told};
use record::Geometries;
use std::borrow::Cow;
use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

/// The formats that are read. The first that knows a file by its content has it; delimited text, which any
/// text may be, comes last.
static DRIVERS: &[&dyn Driver] = &[
    &shapefile::Shapefiles,
    &sqlite::Sqlite,
    &flatgeobuf::FlatGeobuf,
    #[cfg(feature = "parquet")]
    &arrow::Parquet,
    #[cfg(feature = "parquet")]
    &arrow::Feather,
    &xlsx::Workbooks,
    &archive::Archives,
    &kml::Kml,
    &gpx::Gpx,
    &gml::Gml,
    &json::Json,
    &geojson::GeoJson,
    &csv::Csv,
];

/// A format: how its files are told, and how they are opened.
pub(crate) trait Driver: Sync {
    /// Its name in the options of a reading.
    fn format(&self) -> Format;

    /// Whether a file is in this format, by what it begins with.
    fn is(&self, head: &Head<'_>) -> bool;

    /// Opens a file that is read where it lies: a database, or several files that belong together. `None`
    /// where it is to be held in memory.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    fn open_in_place(&self, _: &Path, _: &mut Asked<'_>) -> Result<Option<Opened>> {
        Ok(None)
    }

    /// Opens a large text that stays in its file, which is passed over once. `None` where it has to be held
    /// whole: since there is something to say of it that only who sees the whole can say.
    ///
    /// # Errors
    /// A text that cannot be read.
    fn open_stored(&self, _: Stored, _: &mut Asked<'_>) -> Result<Option<Opened>> {
        Ok(None)
    }

    /// Opens what is held in memory.
    ///
    /// # Errors
    /// A file that is damaged or holds nothing that can be read.
    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>>;
}

/// What a file is told by.
pub(crate) struct Head<'h> {
    /// Its name as messages give it.
    pub file: &'h str,
    /// Where it lies, where it does.
    pub path: Option<&'h Path>,
    /// What it begins with, unpacked; all of it where it is held.
    pub bytes: &'h [u8],
    /// The same as text, where it is one.
    pub text: Option<&'h str>,
}

impl Head<'_> {
    /// Whether it is a zip archive.
    pub fn is_zip(&self) -> bool {
        self.bytes.starts_with(b"PK\x03\x04") || self.bytes.starts_with(b"PK\x05\x06")
    }
}

/// What a format is opened with.
pub(crate) struct Asked<'a> {
    /// The file's name as messages give it.
    pub file: &'a Arc<str>,
    pub options: &'a ReadOptions,
    /// Those of the file; they go out with the first reading.
    pub findings: &'a mut Vec<Finding>,
}

/// What a file holds, unpacked.
pub(crate) enum Content {
    /// Text without its byte order mark.
    Text(Cow<'static, str>),
    Bytes(Cow<'static, [u8]>),
}

impl Content {
    /// The text.
    ///
    /// # Errors
    /// Bytes that are no text, where a format of text was asked for.
    pub fn into_text(self, file: &str) -> Result<Cow<'static, str>> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Bytes(_) => {
                Err(Error::data(Code::FormatUnsupported, format!("{file}: is no text")))
            }
        }
    }

    pub fn into_bytes(self) -> Cow<'static, [u8]> {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Text(Cow::Borrowed(text)) => Cow::Borrowed(text.as_bytes()),
            Self::Text(Cow::Owned(text)) => Cow::Owned(text.into_bytes()),
        }
    }
}

/// A file that was opened where it lies.
pub(crate) struct Opened {
    pub dataset: Box<dyn Dataset>,
    /// Of the bytes of the file, or of the files that belong together one after another.
    pub hash: blake3::Hash,
    /// Bytes of the same.
    pub size: u64,
}

/// A file whose format is known: its layers, their columns, their reference system and their records.
pub(crate) trait Dataset: Debug + Send + Sync {
    /// What it was taken for, in words: `CSV, comma`.
    fn description(&self) -> String;

    /// Whether records have a geometry of their own, so that no columns need to hold the place.
    fn has_geometry(&self) -> bool {
        false
    }

    /// The names of the layers in it: the sheets of a workbook that hold a table. Most files are one layer
    /// without a name.
    fn layers(&self) -> Vec<&str> {
        vec![""]
    }

    /// Whether all layers that hold what is asked for are read as one, as the sheets of a workbook are.
    fn joins_layers(&self) -> bool {
        false
    }

    /// How many records the selected layer has, where that is known without reading them.
    fn count(&self) -> Option<u64> {
        None
    }

    /// Turns to another layer, counted from 0; a number that is none changes nothing.
    fn select(&mut self, _layer: usize) {}

    /// The columns of the selected layer, as far as they are known before it is read.
    fn columns(&self) -> &[Arc<str>];

    /// The reference system that the selected layer declares.
    fn crs(&self) -> Option<DeclaredCrs> {
        None
    }

    /// Why the file is not all of what it was taken from: one page of what a service has.
    fn partial(&self) -> Option<&str> {
        None
    }

    /// Asks for the third number of positions, which is otherwise passed over, in a column of this name.
    fn name_heights(&mut self, _column: &str) {}

    /// In how many parts the selected layer is read.
    fn parts(&self) -> usize {
        1
    }

    /// Where the first part begins.
    fn begin(&self) -> Begin {
        Begin::default()
    }

    /// Where a part seems to begin, as seen from an earlier one.
    fn guess(&self, _part: usize, earlier: &Begin) -> Begin {
        earlier.clone()
    }

    /// Gives the records of a part to the taker, and finds where the next part begins.
    ///
    /// # Errors
    /// A file that is damaged there.
    fn read(
        &self,
        part: usize,
        begin: Begin,
        geometries: Geometries,
        told: &mut Told,
        taker: &mut dyn Take,
    ) -> Result<Begin>;

    /// Sees that the file still is the one that was opened.
    ///
    /// # Errors
    /// A file that was written to in the meantime.
    fn is_unchanged(&self) -> Result<()> {
        Ok(())
    }
}

/// The format of a file: the one that is asked for, or the one that knows it.
pub(crate) fn driver_of(head: &Head<'_>, asked: Option<Format>) -> Option<&'static dyn Driver> {
    let mut drivers = DRIVERS.iter().copied();
    match asked {
        Some(format) => drivers.find(|driver| driver.format() == format),
        None => drivers.find(|driver| driver.is(head)),
    }
}

/// What a file says of its reference system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DeclaredCrs {
    /// The name of a CRS.
    Name(String),
    /// `null`: nothing may be assumed.
    Unknown,
    /// A link or something else that is no name.
    Unreadable(String),
}
