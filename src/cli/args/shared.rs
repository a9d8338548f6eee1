//! Options that several commands share: what to read and how, what counts, what to write.

use crate::model::ReceptorKind;
use crate::scoring::RASTER_KINDS;
use clap::Args as ClapArgs;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// What to read.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Inputs")]
pub struct Inputs {
    /// A file of mine sites, or FILE:LAYER; may be given more than once. GeoJSON, CSV, TSV, xlsx, GeoPackage,
    /// FlatGeobuf, Parquet, Arrow, SQLite, plain or gzip; - is standard input
    #[arg(short, long, value_name = "FILE")]
    pub sites: Vec<PathBuf>,
    /// A file of incidents; may be given more than once
    #[arg(short, long, value_name = "FILE")]
    pub incidents: Vec<PathBuf>,
    // Its help lists the kinds.
    #[arg(short, long, value_name = "KIND=FILE", help = receptors_help())]
    pub receptors: Vec<String>,
    // Its help lists the kinds.
    #[arg(long, value_name = "NAME=FILE", help = rasters_help())]
    pub raster: Vec<String>,
    /// Count an event that several incident files report only once: of likely duplicates (same day, within
    /// 5 km or their accuracy, same deaths or type) the one with the most accurate position is kept
    #[arg(long)]
    pub merge_sources: bool,
    /// Use the built-in example
    #[arg(long, conflicts_with_all = ["sites", "incidents", "receptors", "raster"])]
    pub demo: bool,
    #[command(flatten)]
    pub reading: Reading,
}

/// How to read it.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Reading")]
pub struct Reading {
    /// Column map, such as sites.lat=Y,sites.lon=X,incidents.date=When, or a TOML file
    #[arg(long, value_name = "MAP|FILE")]
    pub map: Vec<String>,
    /// Coordinate reference system of inputs that are not in degrees, such as EPSG:32642; for one kind of
    /// file only, use --map sites.crs=EPSG:32642
    #[arg(long)]
    pub crs: Option<String>,
    /// Date format of inputs whose dates are not ISO 8601, such as %d/%m/%Y
    #[arg(long, value_name = "FORMAT")]
    pub date_format: Option<String>,
    /// Text encoding of inputs that are not UTF-8 or UTF-16, such as windows-1252
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// The layer or sheet to read of a file with several; for one file only, use FILE:LAYER
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Line or row of the header, if titles above it hide it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub header_row: Option<u64>,
    /// Numbers have a decimal comma
    #[arg(long)]
    pub decimal_comma: bool,
    /// Meaning of event types: a table with the columns word and type, for all incident files, or
    /// INCIDENTS=TABLE for one of them; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub types: Vec<String>,
    /// Skip incidents before this day, YYYY-MM-DD; skipped ones are counted
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Read only records that meet a condition, such as "admin1 in Balochistan,Sindh" or
    /// "sites.status = Operating"; operators are =, in, not in, and < and >= for numbers and days. Columns
    /// belong to incidents unless prefixed; if given more than once, all conditions must hold
    #[arg(long = "where", value_name = "CONDITION")]
    pub conditions: Vec<String>,
}

/// What counts.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Scoring")]
pub struct Rules {
    /// A scheme file, or the name of a built-in scheme: default, security-only, biodiversity
    #[arg(long, value_name = "SCHEME", default_value = "default")]
    pub scheme: String,
    /// The as-of date, YYYY-MM-DD, from which the age of incidents is counted; by default that of the
    /// newest incident
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Score only sites in this bounding box; incidents and receptors outside still count. If west is
    /// greater than east, the box crosses 180°
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true)]
    pub bbox: Option<String>,
    /// Where and when incidents were collected: all; country codes or names such as PAK,AFG, each with an
    /// optional period, PAK:1989-01-01/2021-12-31; or a file of polygons. By default the countries that
    /// the incident files name, up to the newest incident of each file
    #[arg(long, value_name = "WHERE")]
    pub coverage: Option<String>,
    /// How to score sites whose incident data end long before the as-of date: no-data, or last, the score
    /// as of that end
    #[arg(long, value_name = "HOW")]
    pub stale: Option<String>,
    /// Receptor kinds whose files are complete, such as settlements,rivers. For these, none nearby counts
    /// as zero instead of unknown
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    pub complete: Vec<String>,
}

/// How sure scores are.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Scoring")]
pub struct Uncertainty {
    /// Draw the data N times, as far as positions, deaths and counts are not known, and give the interval of every score and rank.
    /// 1,000 draws if N is left out
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1000", value_parser = super::draws, allow_negative_numbers = true)]
    pub uncertainty: Option<NonZeroUsize>,
    /// What varies in the draws: counts (how many incidents happen), deaths, places (their positions), site (its own position);
    /// by default all
    #[arg(long, value_name = "KIND,...", value_delimiter = ',', requires = "uncertainty")]
    pub vary: Vec<String>,
}

/// What scores came to.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Scoring")]
pub struct Calibrated {
    /// A calibration that was fitted under the same scheme: gives each security score the probability of
    /// an event, as in the column p_event_25km_365d
    #[arg(long, value_name = "FILE")]
    pub calibration: Option<String>,
}

/// What to write.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Output")]
pub struct Layers {
    /// The layers to write: sites, rings, links, footprints, incidents, receptors. By default all; rings,
    /// incidents and receptors only up to 10,000 features
    #[arg(long, value_name = "LAYERS", value_delimiter = ',')]
    pub layers: Vec<String>,
    /// File formats of the layers: geojson (the default), fgb (FlatGeobuf), parquet (GeoParquet), csv; and xlsx, one
    /// workbook, risk.xlsx, of sites, drivers, portfolio, disclosures, findings and method; may be given more than once
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    pub format: Vec<String>,
    /// Write risk.gpkg, a GeoPackage of all layers with their styles for QGIS
    #[arg(long)]
    pub gpkg: bool,
    /// Write risk.qgz, a QGIS project of all layers, and a style file for each
    #[arg(long)]
    pub project: bool,
    /// Write report.html, one page with map, table, explanations, data quality and method; it works
    /// offline
    #[arg(long)]
    pub report: bool,
    #[cfg(feature = "png")]
    #[command(flatten)]
    pub drawn: Drawn,
    /// A title for maps, report and project, in place of the one that names the scores
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// A line below the title
    #[arg(long, value_name = "TEXT")]
    pub subtitle: Option<String>,
    /// A logo for maps, report and project: PNG or SVG
    #[arg(long, value_name = "FILE")]
    pub logo: Option<String>,
    /// Group the sites by columns, such as country,commodity,operator, or by columns crossed, such as
    /// "operator x country", in portfolio.csv, the printed table and the report
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub group_by: Vec<String>,
    /// Tell what the numbers in a column of the sites, such as value, production or workforce, are exposed to: their
    /// sum in each band, for all sites and for each group
    #[arg(long, value_name = "COLUMN")]
    pub weight_by: Option<String>,
    /// Write disclosures.csv: what GRI, TNFD, ESRS and the tailings standard ask for at each site and over all sites,
    /// with what is not known
    #[arg(long)]
    pub disclosures: bool,
}

/// What to draw.
#[cfg(feature = "png")]
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Output")]
pub struct Drawn {
    /// Write map.png, a static map, and map_environment.png and map_overall.png if any site has that score;
    /// or only the maps of these scores: security, environment, overall
    #[arg(long, value_name = "SCORE,...", num_args = 0..=1, default_missing_value = "all")]
    pub png: Option<String>,
    /// Write atlas.pdf, the map of all sites and a page for each of the 100 sites with the highest scores
    #[arg(long)]
    pub pdf: bool,
    /// The size of static maps and of the atlas: 4:3, 16:9, a4, a3 or letter, and a4-portrait, a3-portrait or
    /// letter-portrait. By default maps are 4:3, and the atlas is a4
    #[arg(long, value_name = "PAPER")]
    pub paper: Option<String>,
}

/// What may be written over.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Output")]
pub struct Over {
    /// Overwrite every file in the way. By default, outputs of an earlier run are overwritten if they are
    /// unchanged; edited styles and projects (.qml, .qmd, .qgz) are kept; any other file in the way stops
    /// the run
    #[arg(long)]
    pub replace: bool,
}

/// The grid of a surface.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Surface")]
pub struct SurfaceGrid {
    /// Cell size of the surface, such as 1km or 500m. By default the smallest of 1, 2, 5, 10 ... km that
    /// gives at most one million cells
    #[arg(long, value_name = "LENGTH", allow_hyphen_values = true)]
    pub cell: Option<String>,
    /// Projected coordinate reference system of the grid, such as EPSG:32642; by default longitude and
    /// latitude
    #[arg(long, value_name = "CRS")]
    pub grid_crs: Option<String>,
}

/// What is too much.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Exit with code 1 if more records than this are faulty: a number, or a share such as 5%. All outputs
    /// are still written
    #[arg(long, value_name = "N|P%", allow_hyphen_values = true)]
    pub max_rejects: Option<String>,
    /// Exit with code 1 if the security or environment score of a site is in this band or above: very-low,
    /// low, medium, high, very-high. All outputs are still written
    #[arg(long, value_name = "BAND")]
    pub fail_on: Option<String>,
}

/// The help of `--raster`.
fn rasters_help() -> String {
    format!(
        "A raster, a GeoTIFF, and its name; its values at and around each site are written. Names that the scheme \
         knows: {}; any other word is written only. May be given more than once, with another name each",
        RASTER_KINDS.join(", ")
    )
}

/// The help of `--receptors`.
fn receptors_help() -> String {
    format!(
        "A file of receptors and its kind: {}. KIND= is optional if the file has a receptor_type column; may be \
         given more than once",
        ReceptorKind::ALL.map(ReceptorKind::word).join(", ")
    )
}
