//! What may be said of a file beforehand.

use crate::sources::bytes::open::Limits;
use crate::sources::intake::map::ColumnMap;

/// What the reader cannot find out by itself, or should not.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Label of the text encoding where it is not UTF-8 or UTF-16.
    pub encoding: Option<String>,
    /// Delimiter of a table of text.
    pub delimiter: Option<char>,
    /// Name of the sheet of a workbook.
    pub sheet: Option<String>,
    /// What the columns mean, where their names do not tell.
    pub map: ColumnMap,
    /// The CRS of the coordinates, whatever the file says: a code, a PROJ string or WKT.
    pub crs: Option<String>,
    /// The CRS of coordinates that are not degrees, in files that name none themselves.
    pub usual_crs: Option<String>,
    /// The format, where the content should not decide.
    pub format: Option<Format>,
    /// How much is read before the input is refused.
    pub limits: Limits,
}

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Delimited text: CSV, TSV and their kin.
    Csv,
    /// JSON that services answer with and that is no GeoJSON.
    Json,
    /// GeoJSON: whole, newline-delimited or an RFC 8142 sequence.
    GeoJson,
    /// An Office Open XML workbook.
    Xlsx,
}
