//! Converts the features of a file, with any columns and geometries, to GeoJSON, CSV, FlatGeobuf, GeoPackage or
//! GeoParquet.
//! Features are read and encoded on all threads, part by part, and written in the file's order. For FlatGeobuf,
//! whose index precedes its features, all are held in memory first.

mod csv;
mod flatgeobuf;
mod geojson;
mod geopackage;
mod kind;
#[cfg(feature = "parquet")]
mod parquet;
mod schema;
mod value;

pub(super) use csv::wkt;
pub use schema::Schema;

use crate::Error;
use crate::model::Findings;
use crate::sources::{Counts, Features, TakeFeature, Typing};
use std::io::{self, Write};
use std::path::Path;

/// The formats that features are converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// GeoJSON (RFC 7946), one feature per line.
    GeoJson,
    /// Comma-separated text, with columns of longitude and latitude or of well-known text.
    Csv,
    /// FlatGeobuf with its index.
    FlatGeobuf,
    /// A GeoPackage of one table with its index.
    GeoPackage,
    /// GeoParquet 1.1, or Parquet without a geometry.
    #[cfg(feature = "parquet")]
    GeoParquet,
}

impl Format {
    /// All formats, in listing order.
    pub const ALL: &[Self] = &[
        Self::GeoJson,
        Self::Csv,
        Self::FlatGeobuf,
        Self::GeoPackage,
        #[cfg(feature = "parquet")]
        Self::GeoParquet,
    ];

    /// The extension of its files, which is also its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::Csv => "csv",
            Self::FlatGeobuf => "fgb",
            Self::GeoPackage => "gpkg",
            #[cfg(feature = "parquet")]
            Self::GeoParquet => "parquet",
        }
    }

    /// The format with a name, in any case; `json` is GeoJSON, `geoparquet` is `parquet`.
    pub fn from_word(word: &str) -> Option<Self> {
        let word = match word.to_ascii_lowercase().as_str() {
            "json" => "geojson",
            "geoparquet" => "parquet",
            _ => word,
        };
        Self::ALL.iter().copied().find(|format| format.word().eq_ignore_ascii_case(word))
    }

    /// The format for the extension of a file's name.
    pub fn of_path(path: &Path) -> Option<Self> {
        path.extension().and_then(|ending| ending.to_str()).and_then(Self::from_word)
    }

    /// Whether all features must be scanned before the first can be written. GeoJSON does not need a schema if
    /// the values are JSON already.
    pub fn needs_schema(self, typing: Typing) -> bool {
        self != Self::GeoJson || typing != Typing::Json
    }
}

/// Why features could not be converted.
#[derive(Debug)]
pub enum Failure {
    /// The file cannot be read.
    Reading(Error),
    /// The output cannot be written.
    Writing(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Writing(error)
    }
}

/// Writes features as GeoJSON, CSV, FlatGeobuf or GeoParquet.
///
/// # Errors
/// A file that turns out to be damaged, and those of the writer. A GeoPackage is written by [`fill`].
pub fn write(
    features: &mut Features,
    schema: &Schema,
    format: Format,
    findings: &mut Findings,
    out: &mut dyn Write,
) -> Result<Counts, Failure> {
    match format {
        Format::GeoJson => geojson::write(features, schema, findings, out),
        Format::Csv => csv::write(features, schema, findings, out),
        Format::FlatGeobuf => flatgeobuf::write(features, schema, findings, out),
        #[cfg(feature = "parquet")]
        Format::GeoParquet => parquet::write(features, schema, findings, out),
        Format::GeoPackage => {
            Err(Failure::Writing(io::Error::other("a GeoPackage can only be written to a file")))
        }
    }
}

/// Fills the empty file at a path with a GeoPackage of features.
///
/// # Errors
/// A file that turns out to be damaged, and SQLite errors.
pub fn fill(
    features: &mut Features,
    schema: &Schema,
    findings: &mut Findings,
    path: &Path,
) -> Result<Counts, Failure> {
    geopackage::fill(features, schema, findings, path)
}

/// Passes the features of each part to a taker from `new`, and each taker to `write` in order.
fn each<P: TakeFeature + Send>(
    features: &mut Features,
    findings: &mut Findings,
    new: impl Fn() -> P + Sync,
    mut write: impl FnMut(P) -> io::Result<()>,
) -> Result<Counts, Failure> {
    let mut failed = None;
    let read = features.read(findings, new, &mut |part| {
        write(part).map_err(|error| {
            failed = Some(error);
            // Ends the reading; the reported error is that of the writing.
            Error::interrupted()
        })
    });
    match failed {
        Some(error) => Err(Failure::Writing(error)),
        None => read.map_err(Failure::Reading),
    }
}
