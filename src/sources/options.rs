//! Options for reading a file.

use crate::sources::bytes::open::Limits;
use crate::sources::intake::map::ColumnMap;
use crate::sources::intake::rows::Rows;

/// What the reader cannot find out by itself, or should not guess.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Label of the text encoding, if it is not UTF-8 or UTF-16.
    pub encoding: Option<String>,
    /// Delimiter of a table of text.
    pub delimiter: Option<char>,
    /// Name of the layer to read from a file with several, such as a sheet of a workbook. A layer given with
    /// the file's own name takes precedence.
    pub sheet: Option<String>,
    /// Number of the header row, the first being 1, if titles come before the header: a line of a text, a
    /// row of a sheet.
    pub header_row: Option<u64>,
    /// What the columns mean, if their names do not show it.
    pub map: ColumnMap,
    /// The CRS of the coordinates, which overrides the file's own: a code, a PROJ string or WKT.
    pub crs: Option<String>,
    /// The CRS of coordinates that are not degrees, for files that do not name a CRS.
    pub usual_crs: Option<String>,
    /// The format, which overrides detection by content.
    pub format: Option<Format>,
    /// Which records to read.
    pub rows: Rows,
    /// Whether incidents keep the columns of their file.
    pub incident_columns: Keep,
    /// Size limits beyond which the input is refused.
    pub limits: Limits,
}

/// Whether items keep columns that are only carried along. For large files these columns take more memory
/// than everything else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Keep {
    /// Keeps all columns.
    #[default]
    All,
    /// Keeps all columns of up to this many items, and none if there are more.
    UpTo(usize),
    /// Keeps no columns.
    Nothing,
}

impl Keep {
    /// Returns the largest number of items that keep their columns.
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
    /// SQLite database: GeoPackage, SpatiaLite or tables alone.
    Sqlite,
    /// FlatGeobuf.
    FlatGeobuf,
    /// Parquet, with or without geometry.
    Parquet,
    /// Arrow file, which is Feather 2.
    Arrow,
    /// Delimited text: CSV, TSV and similar.
    Csv,
    /// JSON as services return it, other than GeoJSON.
    Json,
    /// GeoJSON: whole, newline-delimited or an RFC 8142 sequence.
    GeoJson,
    /// A workbook: Office Open XML, OpenDocument or Excel 97.
    Xlsx,
    /// One or several shapefiles.
    Shapefile,
    /// KML or KMZ.
    Kml,
    /// GPX.
    Gpx,
    /// GML simple features.
    Gml,
    /// Zip archive of files in other formats.
    Zip,
}
