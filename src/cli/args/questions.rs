//! Options of the commands that answer a question.

use super::{Calibrated, Inputs, Reading, Rules, Uncertainty, count};
use clap::Args as ClapArgs;
use std::num::NonZeroUsize;
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
pub struct Near {
    /// Search around this coordinate: longitude, then latitude, in degrees
    #[arg(long, value_name = "LON,LAT", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// Search around this site, by id or name
    #[arg(long, value_name = "ID", conflicts_with = "at")]
    pub site: Option<String>,
    /// Maximum distance, such as 50km or 800m
    #[arg(long, value_name = "LENGTH", allow_hyphen_values = true)]
    pub within: Option<String>,
    /// Maximum number of results, nearest first; 10 unless --within is given
    #[arg(short = 'k', long = "most", value_name = "N", value_parser = count, allow_negative_numbers = true)]
    pub most: Option<NonZeroUsize>,
    /// Kinds to list: site, camp, road, port, incident, or kinds of receptors
    #[arg(long = "kind", value_name = "KIND,...", value_delimiter = ',')]
    pub kinds: Vec<String>,
    /// Leave out incidents and earthquakes after this day, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
    /// Print GeoJSON instead of a table: for each result the point where it is nearest
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
    /// Length of the steps into which a route is cut; each step is scored
    #[arg(long, value_name = "LENGTH", default_value = "1km")]
    pub step: String,
    /// Count incidents within this distance of the route
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
    /// The score to rank by: overall, security or environment; by default overall if every candidate has
    /// one, else security
    #[arg(long, value_name = "SCORE")]
    pub by: Option<String>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub calibrated: Calibrated,
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
    /// Accuracy of the coordinate: the radius that holds the true place with 90 % probability; by default
    /// the scheme's
    #[arg(long, value_name = "LENGTH")]
    pub accuracy: Option<String>,
    /// Name of the place
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// List this many incidents at most, strongest first, and sum up the rest; in JSON all by default
    #[arg(long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    pub most: Option<NonZeroUsize>,
    /// Print JSON instead of tables: every contribution, unrounded
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub uncertainty: Uncertainty,
    #[command(flatten)]
    pub calibrated: Calibrated,
}

#[derive(Debug, ClapArgs)]
pub struct Explain {
    /// The site, by id or name; several are shown side by side
    #[arg(required = true, value_name = "SITE")]
    pub site: Vec<String>,
    /// What if these incidents, by id, had not happened
    #[arg(long, value_name = "ID,...", value_delimiter = ',', help_heading = "What if")]
    pub without: Vec<String>,
    /// What if this incident had happened as well; by default on the as-of date
    #[arg(
        long,
        value_name = "LON,LAT,TYPE[,DEATHS[,DATE]]",
        allow_hyphen_values = true,
        help_heading = "What if"
    )]
    pub add: Vec<String>,
    /// List this many incidents at most, strongest first, and sum up the rest; in JSON all by default
    #[arg(long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    pub most: Option<NonZeroUsize>,
    /// Print JSON instead of tables: every contribution, unrounded
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub uncertainty: Uncertainty,
    #[command(flatten)]
    pub calibrated: Calibrated,
}
