//! The features of a file, of whatever columns and geometries, in another format: GeoJSON, CSV, FlatGeobuf or
//! GeoPackage. They are read and encoded on all threads, part by part, and written in the file's order; a
//! FlatGeobuf, whose index stands before its features, is held in memory until all are there.

mod csv;
mod flatgeobuf;
mod geojson;
mod geopackage;
mod kind;
mod schema;
mod value;

pub use schema::Schema;

use crate::Error;
use crate::model::Findings;
use crate::sources::{Counts, Features, TakeFeature, Typing};
use std::io::{self, Write};
use std::path::Path;

/// The formats that features are converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// GeoJSON (RFC 7946), one feature a line.
    GeoJson,
    /// Comma-separated text, with columns of longitude and latitude or of well-known text.
    Csv,
    /// FlatGeobuf with its index.
    FlatGeobuf,
    /// A GeoPackage of one table with its index.
    GeoPackage,
}

impl Format {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::GeoJson, Self::Csv, Self::FlatGeobuf, Self::GeoPackage];

    /// The ending of its files, by which it is named.
    pub fn word(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::Csv => "csv",
            Self::FlatGeobuf => "fgb",
            Self::GeoPackage => "gpkg",
        }
    }

    /// The format of a word, in any case; `json` is GeoJSON.
    pub fn from_word(word: &str) -> Option<Self> {
        let word = if word.eq_ignore_ascii_case("json") { "geojson" } else { word };
        Self::ALL.into_iter().find(|format| format.word().eq_ignore_ascii_case(word))
    }

    /// The format that the ending of a file's name says.
    pub fn of_path(path: &Path) -> Option<Self> {
        path.extension().and_then(|ending| ending.to_str()).and_then(Self::from_word)
    }

    /// Whether features have to be looked through before the first of them can be written: in GeoJSON values that
    /// already stand as JSON need no columns.
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

/// Writes features as GeoJSON, CSV or FlatGeobuf.
///
/// # Errors
/// A file that turns out to be damaged, and what the writer gives. A GeoPackage is written by [`fill`].
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
        Format::GeoPackage => {
            Err(Failure::Writing(io::Error::other("a GeoPackage is written to a file alone")))
        }
    }
}

/// Fills the empty file at a path with a GeoPackage of features.
///
/// # Errors
/// A file that turns out to be damaged, and what SQLite cannot write.
pub fn fill(
    features: &mut Features,
    schema: &Schema,
    findings: &mut Findings,
    path: &Path,
) -> Result<Counts, Failure> {
    geopackage::fill(features, schema, findings, path)
}

/// Has the features of each part taken by what `new` begins, and each handed to `write` in order.
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
            // Ends the reading; what is told is why the writing failed.
            Error::interrupted()
        })
    });
    match failed {
        Some(error) => Err(Failure::Writing(error)),
        None => read.map_err(Failure::Reading),
    }
}
