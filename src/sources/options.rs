//! What may be said of a file beforehand.

use crate::sources::bytes::open::Limits;
use crate::sources::intake::map::ColumnMap;
use crate::sources::intake::rows::Rows;

/// What the reader cannot find out by itself, or should not.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Label of the text encoding where it is not UTF-8 or UTF-16.
    pub encoding: Option<String>,
    /// Delimiter of a table of text.
    pub delimiter: Option<char>,
    /// Name of the layer of a file of several, such as the sheet of a workbook. What is said with the file's
    /// own name goes before it.
    pub sheet: Option<String>,
    /// The row of the header, the first being 1, where titles stand above it: a line of a text, a row of a
    /// sheet.
    pub header_row: Option<u64>,
    /// What the columns mean, where their names do not tell.
    pub map: ColumnMap,
    /// The CRS of the coordinates, whatever the file says: a code, a PROJ string or WKT.
    pub crs: Option<String>,
    /// The CRS of coordinates that are not degrees, in files that name none themselves.
    pub usual_crs: Option<String>,
    /// The format, where the content should not decide.
    pub format: Option<Format>,
    /// Which records are wanted.
    pub rows: Rows,
    /// Whether incidents keep the columns they came with.
    pub incident_columns: Keep,
    /// How much is read before the input is refused.
    pub limits: Limits,
}

/// Whether things keep what is only carried along: for masses of them it takes more memory than all else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Keep {
    /// All of it.
    #[default]
    All,
    /// All of it where there are so many things at most, nothing where there are more.
    UpTo(usize),
    /// Nothing.
    Nothing,
}

impl Keep {
    /// How many things keep it at most.
    pub fn most(self) -> usize {
        match self {
            Self::All => usize::MAX,
            Self::UpTo(most) => most,
            Self::Nothing => 0,
        }
    }
}

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A database of SQLite: GeoPackage, SpatiaLite or tables alone.
    Sqlite,
    /// FlatGeobuf.
    FlatGeobuf,
    /// Parquet, with geometry or without.
    Parquet,
    /// A file of Arrow, which is Feather 2.
    Arrow,
    /// Delimited text: CSV, TSV and their kin.
    Csv,
    /// JSON that services answer with and that is no GeoJSON.
    Json,
    /// GeoJSON: whole, newline-delimited or an RFC 8142 sequence.
    GeoJson,
    /// A workbook: Office Open XML, OpenDocument or Excel 97.
    Xlsx,
    /// A shapefile or several.
    Shapefile,
    /// KML or KMZ.
    Kml,
    /// GPX.
    Gpx,
    /// GML of simple features.
    Gml,
    /// A zip archive of files in other formats.
    Zip,
}
