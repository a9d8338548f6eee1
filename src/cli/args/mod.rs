//! Commands and options, parsed but not yet checked. Help, completions and the man page come from these
//! definitions.

mod hindcast;
mod questions;
#[cfg(feature = "serve")]
mod serve;
mod shared;

pub use hindcast::Hindcast;
pub use questions::{Corridor, Diff, Explain, Near, Rank, Risk};
#[cfg(feature = "serve")]
pub use serve::{LogForm, Serve};
#[cfg(feature = "png")]
pub use shared::Drawn;
pub use shared::{
    Calibrated, Inputs, Layers, Limits, Over, Reading, Rules, SurfaceGrid, Uncertainty,
};

use crate::Face;
use crate::cli::remedy::{COMMAND_LINE, PLAN};
use crate::run;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
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
    /// How progress is shown on standard error
    #[arg(long, global = true, value_enum, default_value_t = Shown::Bar, value_name = "FORM")]
    progress: Shown,
    /// Do not draw progress bars; the same as --progress none
    #[arg(long, global = true, conflicts_with = "progress")]
    no_progress: bool,
    /// When to use colors
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// Number of threads; one per core by default. Outputs do not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = threads, allow_negative_numbers = true)]
    pub threads: Option<NonZeroUsize>,
    /// Widest SIMD instructions to use. Outputs do not depend on it
    #[arg(long, global = true, hide = true, value_enum, default_value_t = Registers::Widest)]
    pub registers: Registers,
}

impl Global {
    /// How progress is shown.
    pub fn shown(&self) -> Shown {
        if self.no_progress { Shown::None } else { self.progress }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shown {
    /// Bars, on a terminal only
    Bar,
    /// For programs: every line on standard error, messages too, is one JSON object
    Json,
    None,
}

impl Shown {
    /// Whether arguments that cannot be parsed ask for JSON: their fault is then told in it.
    pub fn is_json_in(args: &[OsString]) -> bool {
        let apart = args.windows(2).any(|pair| pair == ["--progress", "json"]);
        apart || args.iter().any(|arg| arg == "--progress=json")
    }
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
    /// Score the built-in example, mines of Balochistan; needs no other file
    Demo(Demo),
    /// Score sites and write map layers
    Score(Box<Score>),
    /// Write the security score of every cell of a grid as a GeoTIFF
    Surface(Surface),
    /// Score regions at many dates under several schemes, as a plan says; finished maps are kept
    Batch(Batch),
    /// Score sites as of past days, and compare the scores with what happened after each
    Hindcast(Hindcast),
    /// List sites, incidents and receptors near a site or a coordinate, nearest first
    Near(Near),
    /// Break a site's scores down into incidents and indicators
    Explain(Explain),
    /// Score routes step by step, and compare routes between the same ends
    Corridor(Corridor),
    /// Compare candidate sites or routes, lowest risk first
    Rank(Rank),
    /// List what changed between two runs, site by site, and why
    Diff(Diff),
    /// Score any coordinate, and break its scores down
    Risk(Risk),
    /// Answer questions over HTTP: a map page, layers (OGC API), what is near, scores of any place
    #[cfg(feature = "serve")]
    Serve(Serve),
    /// Report what a file was recognized as and what is wrong with it
    Check(Check),
    /// Convert a table or layer to GeoJSON, CSV, FlatGeobuf, GeoPackage or GeoParquet
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
        /// The command to describe; by default the program itself
        command: Option<String>,
    },
}

impl Command {
    /// Whether it writes files.
    pub fn writes(&self) -> bool {
        match self {
            Self::Demo(_)
            | Self::Score(_)
            | Self::Surface(_)
            | Self::Batch(_)
            | Self::Hindcast(_) => true,
            Self::Convert(convert) => convert.output.as_os_str() != "-",
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
            // It ends when it is asked to, as a run that writes does.
            #[cfg(feature = "serve")]
            Self::Serve(_) => true,
        }
    }

    /// In whose words it speaks of settings: those who write plans set keys, all others type options.
    pub fn face(&self) -> Face {
        match self {
            Self::Batch(_) => PLAN,
            Self::Demo(_)
            | Self::Score(_)
            | Self::Surface(_)
            | Self::Hindcast(_)
            | Self::Near(_)
            | Self::Explain(_)
            | Self::Corridor(_)
            | Self::Rank(_)
            | Self::Diff(_)
            | Self::Risk(_)
            | Self::Check(_)
            | Self::Convert(_)
            | Self::Scheme(_)
            | Self::Completions { .. }
            | Self::Man { .. } => COMMAND_LINE,
            #[cfg(feature = "serve")]
            Self::Serve(_) => COMMAND_LINE,
        }
    }

    /// Whether its answer is JSON, so that a script reads it; errors are JSON then, too.
    pub fn prints_json(&self) -> bool {
        match self {
            Self::Near(near) => near.json || near.geojson,
            Self::Explain(explain) => explain.json,
            Self::Corridor(corridor) => corridor.json || corridor.geojson,
            Self::Rank(rank) => rank.json,
            Self::Diff(diff) => diff.json,
            Self::Risk(risk) => risk.json,
            Self::Check(check) => check.json,
            Self::Demo(_)
            | Self::Score(_)
            | Self::Surface(_)
            | Self::Batch(_)
            | Self::Hindcast(_)
            | Self::Convert(_)
            | Self::Scheme(_)
            | Self::Completions { .. }
            | Self::Man { .. } => false,
            #[cfg(feature = "serve")]
            Self::Serve(_) => false,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub struct Demo {
    #[command(flatten)]
    pub uncertainty: Uncertainty,
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
    /// Files whose role is plain from what they hold, as check tells it; others are named with --sites, --incidents
    /// and --receptors
    #[arg(value_name = "FILE", conflicts_with = "demo")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub uncertainty: Uncertainty,
    #[command(flatten)]
    pub calibrated: Calibrated,
    #[command(flatten)]
    pub layers: Layers,
    #[command(flatten)]
    pub over: Over,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    pub output: PathBuf,
    /// Print what would be read and written, without writing anything
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub limits: Limits,
    /// Also write sensitivity.csv: the ranks of the sites under 1,000 other settings of the scheme, and which
    /// settings the scores hang on
    #[arg(long, help_heading = "How sure")]
    pub sensitivity: bool,
    /// Write every output but the atlas: --report, --png, --project, --gpkg, up to 10,000 sites --disclosures and
    /// --format xlsx, and, if there is a security score, --surface
    #[arg(long, help_heading = "Output")]
    pub all: bool,
    /// Also write the security score of every cell of a grid: surface.tif, and its bands as the layer
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
    /// The as-of date, YYYY-MM-DD, from which the age of incidents is counted; by default that of the
    /// newest incident
    #[arg(long, value_name = "DATE", help_heading = "Scoring")]
    pub as_of: Option<String>,
    /// Where and when incidents were collected: all; country codes or names such as PAK,AFG, each with an
    /// optional period, PAK:1989-01-01/2021-12-31; or a file of polygons. By default the countries that
    /// the incident files name, up to the newest incident of each file
    #[arg(long, value_name = "WHERE", help_heading = "Scoring")]
    pub coverage: Option<String>,
    /// How to score places whose incident data end long before the as-of date: no-data, or last, the
    /// score as of that end
    #[arg(long, value_name = "HOW", help_heading = "Scoring")]
    pub stale: Option<String>,
    #[command(flatten)]
    pub grid: SurfaceGrid,
    /// The bounding box of the grid; incidents outside still count. By default the surface is drawn up to
    /// 100 km around each site and each incident, or only each incident near the sites if cells would be wider
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true)]
    pub bbox: Option<String>,
    /// Also write the bands of the surface as polygons: FlatGeobuf if FILE ends in .fgb, else GeoJSON
    #[arg(long, value_name = "FILE")]
    pub contours: Option<PathBuf>,
    /// File to write
    #[arg(short, long, value_name = "FILE", default_value = "surface.tif")]
    pub output: PathBuf,
    /// Overwrite FILE whatever it is. By default only outputs of this program are overwritten
    #[arg(long)]
    pub replace: bool,
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
    /// Exit with code 1 if the security or environment score of a site is in this band or above at the last
    /// date of a region: very-low, low, medium, high, very-high. All outputs are still written
    #[arg(long, value_name = "BAND")]
    pub fail_on: Option<String>,
    /// Add a line to this file for each frame that was written, unchanged or failed, with the time
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Print what would be done, without doing it
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Check {
    /// Files to check; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Read the files as sites, incidents, or a kind of receptor
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
    /// The file to write, .geojson, .csv, .fgb, .gpkg or .parquet; - is standard output. Positions are longitude and
    /// latitude on WGS84, and all other columns keep their types. A record whose position cannot be used is written without a
    /// geometry
    #[arg(value_name = "OUT")]
    pub output: PathBuf,
    /// The format to write where the ending of OUT does not say it: geojson, csv, fgb, gpkg, parquet
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
    /// Print a scheme with all its parameters and what they mean
    Show {
        /// A scheme file, or the name of a built-in scheme
        #[arg(default_value = "default", value_name = "SCHEME")]
        scheme: String,
    },
    /// Print the JSON Schema of scheme files, for editors
    Schema,
    /// Report what is wrong with a scheme file
    Check {
        /// A scheme file, or the name of a built-in scheme
        #[arg(value_name = "SCHEME")]
        scheme: String,
    },
    /// List the built-in schemes
    List,
}

/// More threads than any machine has cores only cost memory.
const MOST_THREADS: usize = 1024;

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    count(text)
        .ok()
        .filter(|threads| threads.get() <= MOST_THREADS)
        .ok_or_else(|| format!("expected a whole number from 1 to {MOST_THREADS}"))
}

/// How many draws may be asked for: fewer say little, more add nothing.
fn draws(text: &str) -> Result<NonZeroUsize, String> {
    count(text).ok().filter(|draws| run::DRAWS.contains(&draws.get())).ok_or_else(|| {
        format!("expected a whole number from {} to {}", run::DRAWS.start(), run::DRAWS.end())
    })
}

fn count(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "expected a whole number from 1".to_owned())
}
