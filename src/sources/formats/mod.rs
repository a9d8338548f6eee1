//! File formats: turn bytes or text into records. Each format is one file or folder behind one pair of
//! traits. The meaning of columns is not decided here.
//!
//! To add a format, write a file that implements [`Driver`], which recognizes and opens its files, and
//! [`Dataset`], which returns their records, and add a line to [`DRIVERS`].

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
mod json_values;
mod kml;
pub(crate) mod notes;
mod pages;
pub(crate) mod parts;
mod pieces;
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

#[cfg(feature = "parquet")]
pub(crate) use arrow::Held;
pub(crate) use geojson::geometry_in as geojson_in_cell;

use super::bytes::text::Stored;
use super::options::{Format, ReadOptions};
use crate::model::Finding;
use crate::{Code, Error, Result};
use parts::{Begin, PartReport, Take};
use std::borrow::Cow;
use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

/// The supported formats, in the order in which they are tried. The first that recognizes the content wins;
/// delimited text comes last because any text may be delimited text.
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

/// A format: recognizes its files and opens them.
pub(crate) trait Driver: Sync {
    /// The name of the format in the read options.
    fn format(&self) -> Format;

    /// Whether a file is in this format, judged by its first bytes.
    fn is(&self, head: &Head<'_>) -> bool;

    /// Opens a file that is read in place: a database, or several files that belong together. Returns `None`
    /// if the file should be held in memory instead.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    fn open_in_place(&self, _: &Path, _: &mut Asked<'_>) -> Result<Option<Opened>> {
        Ok(None)
    }

    /// Opens a large text that stays in its file, after one pass over it. Returns `None` if the text has to
    /// be held in memory, because it needs a finding that only the whole text allows.
    ///
    /// # Errors
    /// The text cannot be read.
    fn open_stored(&self, _: Stored, _: &mut Asked<'_>) -> Result<Option<Opened>> {
        Ok(None)
    }

    /// Opens content held in memory.
    ///
    /// # Errors
    /// The file is damaged or holds nothing that can be read.
    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>>;
}

/// What a format is recognized by.
pub(crate) struct Head<'h> {
    /// The file name used in messages.
    pub file: &'h str,
    /// The path, if the input has one.
    pub path: Option<&'h Path>,
    /// The first bytes, unpacked; all bytes if the content is in memory.
    pub bytes: &'h [u8],
    /// The same bytes as text, if they are text.
    pub text: Option<&'h str>,
}

impl Head<'_> {
    /// Whether the file is a zip archive.
    pub fn is_zip(&self) -> bool {
        self.bytes.starts_with(b"PK\x03\x04") || self.bytes.starts_with(b"PK\x05\x06")
    }
}

/// The arguments of opening a file.
pub(crate) struct Asked<'a> {
    /// The file name used in messages.
    pub file: &'a Arc<str>,
    pub options: &'a ReadOptions,
    /// Findings about the file as a whole; they are reported with the first read.
    pub findings: &'a mut Vec<Finding>,
}

/// The unpacked content of a file.
pub(crate) enum Content {
    /// Text without its byte order mark.
    Text(Cow<'static, str>),
    Bytes(Cow<'static, [u8]>),
}

impl Content {
    /// Returns the text.
    ///
    /// # Errors
    /// The bytes are not text although a text format was requested.
    pub fn into_text(self, file: &str) -> Result<Cow<'static, str>> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Bytes(_) => {
                Err(Error::data(Code::FormatUnsupported, format!("{file}: is not text")))
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

/// A file that is read in place.
pub(crate) struct Opened {
    pub dataset: Box<dyn Dataset>,
    /// The hash of the file's bytes, or of the concatenated bytes of files that belong together.
    pub hash: blake3::Hash,
    /// The number of bytes hashed.
    pub size: u64,
}

/// An open file of a known format: its layers, their columns, their reference system and their records.
pub(crate) trait Dataset: Debug + Send + Sync {
    /// Describes the detected format in words: `CSV, comma`.
    fn description(&self) -> String;

    /// Whether records carry a geometry, so that no columns need to hold the position.
    fn has_geometry(&self) -> bool {
        false
    }

    /// The names of the layers, e.g. the sheets of a workbook that hold a table. Most files are one layer
    /// without a name.
    fn layers(&self) -> Vec<&str> {
        vec![""]
    }

    /// Whether all layers that fit the request are read as one, like the sheets of a workbook.
    fn joins_layers(&self) -> bool {
        false
    }

    /// The number of records in the selected layer, if it is known without reading them.
    fn count(&self) -> Option<u64> {
        None
    }

    /// Selects a layer, counted from 0. A number out of range changes nothing.
    fn select(&mut self, _layer: usize) {}

    /// The columns of the selected layer, as far as they are known before it is read.
    fn columns(&self) -> &[Arc<str>];

    /// How far the format types its values.
    fn typing(&self) -> Typing {
        Typing::Values
    }

    /// The reference system that the selected layer declares.
    fn crs(&self) -> Option<DeclaredCrs> {
        None
    }

    /// Why the file is only a part of its source: one page of a service's results.
    fn partial(&self) -> Option<&str> {
        None
    }

    /// Requests the third coordinate of positions, ignored by default, as a column of this name.
    fn name_heights(&mut self, _column: &str) {}

    /// The number of parts in which the selected layer is read.
    fn parts(&self) -> usize {
        1
    }

    /// The start of the first part.
    fn begin(&self) -> Begin {
        Begin::default()
    }

    /// Guesses the start of a part from the start of an earlier one.
    fn guess(&self, _part: usize, earlier: &Begin) -> Begin {
        earlier.clone()
    }

    /// Passes the records of a part to the taker and returns the start of the next part.
    ///
    /// # Errors
    /// The file is damaged within the part.
    fn read(
        &self,
        part: usize,
        begin: Begin,
        told: &mut PartReport,
        taker: &mut dyn Take,
    ) -> Result<Begin>;

    /// Checks that the file is still the one that was opened.
    ///
    /// # Errors
    /// The file was written to in the meantime.
    fn is_unchanged(&self) -> Result<()> {
        Ok(())
    }
}

/// Returns the driver of the requested format, or else the first that recognizes the file.
pub(crate) fn driver_of(head: &Head<'_>, asked: Option<Format>) -> Option<&'static dyn Driver> {
    let mut drivers = DRIVERS.iter().copied();
    match asked {
        Some(format) => drivers.find(|driver| driver.format() == format),
        None => drivers.find(|driver| driver.is(head)),
    }
}

/// How far a format types its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// Untyped: every value is a text, and may spell a number.
    Texts,
    /// Values have types; numbers are binary or already parsed.
    Values,
    /// Values have types; numbers are kept as written, digit by digit.
    Json,
}

/// The reference system that a file declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DeclaredCrs {
    /// The name of a CRS.
    Name(String),
    /// `null`: nothing may be assumed.
    Unknown,
    /// A link, or something else that is not a name.
    Unreadable(String),
}
