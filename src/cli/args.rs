//! What can be typed: commands and options, parsed without judgement. Help, completions and the man
//! page are made from these definitions.

use crate::model::ReceptorKind;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Risk maps for mining: sites, incidents and receptors in, explained scores and map layers out
#[derive(Debug, Parser)]
#[command(
    name = "tamarisk",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "General")]
pub struct Global {
    /// Print results and errors only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print every finding, not only how many there are
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Do not draw progress bars
    #[arg(long, global = true)]
    pub no_progress: bool,
    /// When to use colors
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// How many threads to use; all cores by default. The output does not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = threads, allow_negative_numbers = true)]
    pub threads: Option<NonZeroUsize>,
    /// Which of the processor's registers to use, at most. The output does not depend on it
    #[arg(long, global = true, hide = true, value_enum, default_value_t = Registers::Widest)]
    pub registers: Registers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Registers {
    Baseline,
    Avx2,
    Widest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Score the built-in case, mines of Balochistan; needs no other file
    Demo(Demo),
    /// Score sites and write map layers
    Score(Score),
    /// Draw the score at every cell of a grid, as a GeoTIFF
    Surface(Surface),
    /// Make many maps by a plan: regions, dates and schemes; does only what is missing
    Batch(Batch),
    /// List what lies near a site or a coordinate, nearest first
    Near(Near),
    /// Take a site's scores apart into what makes them
    Explain(Explain),
    /// Score routes along their way, and compare those between the same ends
    Corridor(Corridor),
    /// Put candidate sites or routes side by side, the one with the least risk first
    Rank(Rank),
    /// Say what changed between two runs, site by site, and why
    Diff(Diff),
    /// Score a place that is no site, and take its scores apart
    Risk(Risk),
    /// Say what a file was taken for and what is wrong with it
    Check(Check),
    /// Write a table or layer in another format: GeoJSON, CSV, FlatGeobuf or GeoPackage
    Convert(Convert),
    /// Show, describe or check a scheme: indicators, parameters and weights
    Scheme(Scheme),
    /// Print a completion script
    Completions {
        /// The shell to complete in
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man {
        /// The command to describe; the program itself where none is given
        command: Option<String>,
    },
}

impl Command {
    /// Whether it writes files.
    pub fn writes(&self) -> bool {
        match self {
            Self::Demo(_) | Self::Score(_) | Self::Surface(_) | Self::Batch(_) => true,
            Self::Convert(convert) => convert.output != PathBuf::from("-"),
            Self::Near(_)
            | Self::Explain(_)
            | Self::Corridor(_)
            | Self::Rank(_)
            | Self::Diff(_)
            | Self::Risk(_)
            | Self::Check(_)
            | Self::Scheme(_)
            | Self::Completions { .. }
            | Self::Man { .. } => false,
        }
    }
}

/// What may be written over.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Output")]
pub struct Over {
    /// Write over every file that stands in the way. Without it, files that this program wrote are
    /// replaced while nobody has changed them; styles and projects (.qml, .qmd, .qgz) that were edited
    /// are kept; any other file is left, and the run refused
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Demo {
    #[command(flatten)]
    pub layers: Layers,
    #[command(flatten)]
    pub over: Over,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR", default_value = "out/demo")]
    pub output: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub struct Score {
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub layers: Layers,
    #[command(flatten)]
    pub over: Over,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    pub output: PathBuf,
    /// Say what would be read and written, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub limits: Limits,
    /// Write everything: --report, --png, --project, --gpkg and, where there is a security score to draw,
    /// --surface
    #[arg(long, help_heading = "Output")]
    pub all: bool,
    /// Draw the security score at every cell of a grid, too: surface.tif, and its bands as the layer
    /// contours
    #[arg(long, help_heading = "Surface")]
    pub surface: bool,
    #[command(flatten)]
    pub grid: SurfaceGrid,
}

#[derive(Debug, ClapArgs)]
pub struct Surface {
    #[command(flatten)]
    pub inputs: Inputs,
    /// A scheme file, or the name of a built-in scheme
    #[arg(long, value_name = "SCHEME", default_value = "default", help_heading = "Scoring")]
    pub scheme: String,
    /// The date from which ages are counted, YYYY-MM-DD; the newest incident's where none is given
    #[arg(long, value_name = "DATE", help_heading = "Scoring")]
    pub as_of: Option<String>,
    /// Where and when incidents were collected: all, country codes or names such as PAK,AFG, each with a
    /// period where one is known, PAK:1989-01-01/2021-12-31, or a file of polygons. Where none is given,
    /// the countries that the incident files name, up to the newest incident of each file
    #[arg(long, value_name = "WHERE", help_heading = "Scoring")]
    pub coverage: Option<String>,
    /// What becomes of places whose incidents end long before the as-of date: no-data, or last for the
    /// score as of that end
    #[arg(long, value_name = "HOW", help_heading = "Scoring")]
    pub stale: Option<String>,
    #[command(flatten)]
    pub grid: SurfaceGrid,
    /// The box to draw; incidents outside still count. Where none is given, the box around the sites,
    /// or around the incidents where no sites are given, and 100 km more
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true)]
    pub bbox: Option<String>,
    /// Write the bands of the surface as polygons, too: FlatGeobuf where FILE ends in .fgb, else GeoJSON
    #[arg(long, value_name = "FILE")]
    pub contours: Option<PathBuf>,
    /// File to write
    #[arg(short, long, value_name = "FILE", default_value = "surface.tif")]
    pub output: PathBuf,
    /// Write over FILE whatever it is. Without it, only what looks like an output of this program is
    /// replaced
    #[arg(long)]
    pub replace: bool,
}

/// The grid of a surface.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Surface")]
pub struct SurfaceGrid {
    /// The side of a cell of the surface, such as 1km or 500m. Where none is given, the smallest of 1,
    /// 2, 5, 10 ... km with which it has at most one million cells
    #[arg(long, value_name = "LENGTH", allow_hyphen_values = true)]
    pub cell: Option<String>,
    /// The projected reference system of the surface's grid, such as EPSG:32642; longitude and latitude
    /// where none is given
    #[arg(long, value_name = "CRS")]
    pub grid_crs: Option<String>,
}

/// What is too much.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// End with code 1 where more records than this are faulty: a number, or a share such as 5%.
    /// Everything is written all the same
    #[arg(long, value_name = "N|P%", allow_hyphen_values = true)]
    pub max_rejects: Option<String>,
    /// End with code 1 where a site's security or environment score is in this band or above: very-low,
    /// low, medium, high, very-high. Everything is written all the same
    #[arg(long, value_name = "BAND")]
    pub fail_on: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Batch {
    /// The plan, a TOML file; examples/batch.toml shows every key
    pub plan: PathBuf,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR", default_value = "out/batch")]
    pub output: PathBuf,
    #[command(flatten)]
    pub over: Over,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Near {
    /// Look around this coordinate: longitude, then latitude, in degrees
    #[arg(long, value_name = "LON,LAT", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// Look around this site, by id or name
    #[arg(long, value_name = "ID", conflicts_with = "at")]
    pub site: Option<String>,
    /// Everything within this distance, such as 50km or 800m
    #[arg(long, value_name = "LENGTH", allow_hyphen_values = true)]
    pub within: Option<String>,
    /// The nearest so many, 10 where --within is not given either; with --within, at most so many
    #[arg(short = 'k', long = "most", value_name = "N", value_parser = count, allow_negative_numbers = true)]
    pub most: Option<NonZeroUsize>,
    /// Only these kinds: site, camp, road, port, incident, or kinds of receptors
    #[arg(long = "kind", value_name = "KIND,...", value_delimiter = ',')]
    pub kinds: Vec<String>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
    /// Print GeoJSON instead of a table: a point for each thing, where it is nearest
    #[arg(long, conflicts_with = "json")]
    pub geojson: bool,
    #[command(flatten)]
    pub inputs: Inputs,
}

#[derive(Debug, ClapArgs)]
pub struct Corridor {
    /// Files of routes: lines of any vector format; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How often to look: a score for each such piece of the way
    #[arg(long, value_name = "LENGTH", default_value = "1km")]
    pub step: String,
    /// Count incidents within this distance of the way
    #[arg(long, value_name = "LENGTH", default_value = "10km")]
    pub within: String,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
    /// Print GeoJSON instead of a table: a line for each step, with its scores
    #[arg(long, conflicts_with = "json")]
    pub geojson: bool,
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub rules: Rules,
}

#[derive(Debug, ClapArgs)]
pub struct Rank {
    /// Files of candidates: points, lines or polygons; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The score that orders them: overall, security or environment; overall where every candidate has it, else
    /// security
    #[arg(long, value_name = "SCORE")]
    pub by: Option<String>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub rules: Rules,
}

#[derive(Debug, ClapArgs)]
pub struct Diff {
    /// The folder that the older run was written to, or its receipt.json
    pub old: PathBuf,
    /// The folder that the newer run was written to, or its receipt.json
    pub new: PathBuf,
    /// Where the files that the runs read are looked for, by name and hash: folders or files, may be given
    /// more than once; the folder you are in where none is given. Sites and incidents of files that are
    /// gone or changed are read from the layers in OLD and NEW
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub inputs: Vec<PathBuf>,
    /// How many sites are shown at most; JSON and CSV have all
    #[arg(short = 'n', long, value_name = "N", default_value = "20", value_parser = count, allow_negative_numbers = true)]
    pub top: NonZeroUsize,
    /// End with code 1 where this is the case: change, any score changed by 0.05 or more, or a site came
    /// or is gone; band, a score is in another class
    #[arg(long, value_name = "WHAT")]
    pub fail_on: Option<String>,
    /// Print JSON instead of a table: every site, unrounded
    #[arg(long)]
    pub json: bool,
    /// Print CSV instead of a table: a row for every site, unrounded
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    #[command(flatten)]
    pub reading: Reading,
}

#[derive(Debug, ClapArgs)]
pub struct Risk {
    /// The place: longitude, then latitude, in degrees
    #[arg(long, value_name = "LON,LAT", allow_hyphen_values = true)]
    pub at: String,
    /// How well the place is known: the radius that holds it with 90 % chance; the scheme's where it is not
    /// given
    #[arg(long, value_name = "LENGTH")]
    pub accuracy: Option<String>,
    /// What to call it
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Print JSON instead of tables: every contribution, unrounded
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub rules: Rules,
}

#[derive(Debug, ClapArgs)]
pub struct Explain {
    /// The site, by id or name
    pub site: String,
    /// What if these incidents were not there, by id
    #[arg(long, value_name = "ID,...", value_delimiter = ',', help_heading = "What if")]
    pub without: Vec<String>,
    /// What if this incident were there, too; on the as-of date where no date is given
    #[arg(
        long,
        value_name = "LON,LAT,TYPE[,DEATHS[,DATE]]",
        allow_hyphen_values = true,
        help_heading = "What if"
    )]
    pub add: Vec<String>,
    /// Print JSON instead of tables: every contribution, unrounded
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub rules: Rules,
}

#[derive(Debug, ClapArgs)]
pub struct Check {
    /// Files to look at; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Take the files for sites, incidents, or a kind of receptor
    #[arg(long = "as", value_name = "ROLE")]
    pub role: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub reading: Reading,
}

#[derive(Debug, ClapArgs)]
pub struct Convert {
    /// The file to read, or FILE:LAYER, in any format that is read; - is standard input
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// The file to write, .geojson, .csv, .fgb or .gpkg; - is standard output. Positions are longitude and latitude on
    /// WGS84, and all other columns keep their types. A record whose position cannot be used is written without a
    /// geometry
    #[arg(value_name = "OUT")]
    pub output: PathBuf,
    /// The format to write where the ending of OUT does not say it: geojson, csv, fgb, gpkg
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    pub format: Option<String>,
    /// Take the records for sites, incidents, or a kind of receptor, whose columns are named differently
    #[arg(long = "as", value_name = "ROLE")]
    pub role: Option<String>,
    /// Write over OUT where it is there already
    #[arg(long, help_heading = "Output")]
    pub replace: bool,
    #[command(flatten)]
    pub reading: Reading,
}

#[derive(Debug, ClapArgs)]
pub struct Scheme {
    #[command(subcommand)]
    pub command: SchemeCommand,
}

#[derive(Debug, Subcommand)]
pub enum SchemeCommand {
    /// Print a scheme with every parameter in force and its explanation
    Show {
        /// A scheme file, or the name of a built-in scheme
        #[arg(default_value = "default", value_name = "SCHEME")]
        scheme: String,
    },
    /// Print the JSON Schema of scheme files, for editors
    Schema,
    /// Say what is wrong with a scheme file
    Check {
        /// A scheme file, or the name of a built-in scheme
        #[arg(value_name = "SCHEME")]
        scheme: String,
    },
    /// List the built-in schemes
    List,
}

/// What to read.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Inputs")]
pub struct Inputs {
    /// A file of mine sites, or FILE:LAYER; may be given more than once. GeoJSON, CSV, TSV, xlsx, GeoPackage,
    /// FlatGeobuf, Parquet, SQLite, plain or gzip; - is standard input
    #[arg(short, long, value_name = "FILE")]
    pub sites: Vec<PathBuf>,
    /// A file of incidents; may be given more than once
    #[arg(short, long, value_name = "FILE")]
    pub incidents: Vec<PathBuf>,
    // Its help lists the kinds.
    #[arg(short, long, value_name = "KIND=FILE", help = receptors_help())]
    pub receptors: Vec<String>,
    /// Count an event once that several files of incidents report: of likely duplicates (the day, 5 km or
    /// the accuracy of their places, the deaths or the type) the one whose place is known best is kept
    #[arg(long)]
    pub merge_sources: bool,
    /// Use the built-in case
    #[arg(long, conflicts_with_all = ["sites", "incidents", "receptors"])]
    pub demo: bool,
    #[command(flatten)]
    pub reading: Reading,
}

/// How to read it.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Reading")]
pub struct Reading {
    /// Which columns mean what, such as sites.lat=Y,sites.lon=X,incidents.date=When; or a TOML file
    /// that says so
    #[arg(long, value_name = "MAP|FILE")]
    pub map: Vec<String>,
    /// The coordinate reference system of inputs that are not in degrees, such as EPSG:32642; for the
    /// files of one kind alone say --map sites.crs=EPSG:32642
    #[arg(long)]
    pub crs: Option<String>,
    /// How dates are written where they are not ISO, such as %d/%m/%Y
    #[arg(long, value_name = "FORMAT")]
    pub date_format: Option<String>,
    /// The text encoding where it is not UTF-8 or UTF-16, such as windows-1252
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// The layer to read of a file of several, or the sheet of a workbook; FILE:LAYER says it of one file
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// The line or row of the header, where titles stand above it and it is not found by itself
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub header_row: Option<u64>,
    /// Numbers are written with a decimal comma
    #[arg(long)]
    pub decimal_comma: bool,
    /// What words of types mean: a table with the columns word and type, for all files of incidents, or
    /// INCIDENTS=TABLE for those of one file; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub types: Vec<String>,
    /// Read incidents from this day on, YYYY-MM-DD; earlier ones are left out and counted
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Read only records that meet a condition, such as "admin1 in Balochistan,Sindh" or
    /// "sites.status = Operating"; =, in, not in, < and >= with numbers and days. A column without a role
    /// is one of the incidents; may be given more than once, and then all must hold
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
    /// The date from which ages are counted, YYYY-MM-DD; the newest incident's where none is given
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Score only the sites in this box; incidents and receptors outside still count. West may be
    /// greater than east: the box then crosses 180°
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true)]
    pub bbox: Option<String>,
    /// Where and when incidents were collected: all, country codes or names such as PAK,AFG, each with a
    /// period where one is known, PAK:1989-01-01/2021-12-31, or a file of polygons. Where none is given,
    /// the countries that the incident files name, up to the newest incident of each file
    #[arg(long, value_name = "WHERE")]
    pub coverage: Option<String>,
    /// What becomes of sites whose incidents end long before the as-of date: no-data, or last for the
    /// score as of that end
    #[arg(long, value_name = "HOW")]
    pub stale: Option<String>,
    /// Kinds of receptors of which the files hold all there are, such as settlements,rivers: nothing
    /// near is then known to be nothing
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    pub complete: Vec<String>,
}

/// What to write.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Output")]
pub struct Layers {
    /// The layers to write: sites, rings, links, footprints, incidents. By default all of them, rings
    /// and incidents up to 10,000 features
    #[arg(long, value_name = "LAYERS", value_delimiter = ',')]
    pub layers: Vec<String>,
    /// The formats of the layers' files: geojson, fgb (FlatGeobuf); may be given more than once.
    /// GeoJSON where none is given
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    pub format: Vec<String>,
    /// Write risk.gpkg, a GeoPackage of all layers that QGIS opens styled
    #[arg(long)]
    pub gpkg: bool,
    /// Write risk.qgz, a QGIS project of all layers, and a style beside each
    #[arg(long)]
    pub project: bool,
    /// Write report.html, one page with map, table, reasons, data quality and method; it needs no
    /// network
    #[arg(long)]
    pub report: bool,
    /// Write map.png, a still map
    #[cfg(feature = "png")]
    #[arg(long)]
    pub png: bool,
    /// Group the sites by a column, such as country, commodity or operator, into portfolio.csv, a
    /// table and the report; more than one after commas
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub group_by: Vec<String>,
}

/// More threads than any machine has cores only cost memory.
const MOST_THREADS: usize = 1024;

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    count(text)
        .ok()
        .filter(|threads| threads.get() <= MOST_THREADS)
        .ok_or_else(|| format!("expected a whole number from 1 to {MOST_THREADS}"))
}

fn count(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "expected a whole number from 1".to_owned())
}

/// The help of `--receptors`.
fn receptors_help() -> String {
    format!(
        "A file of receptors and its kind: {}. The kind may be left out where the file has a receptor_type column; \
         may be given more than once",
        ReceptorKind::ALL.map(ReceptorKind::word).join(", ")
    )
}
