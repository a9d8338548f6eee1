//! Options of `hindcast`.

use super::{Over, Reading};
use clap::Args as ClapArgs;
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
pub struct Hindcast {
    /// A file of mine sites, or FILE:LAYER; may be given more than once; - is standard input
    #[arg(short, long, value_name = "FILE", help_heading = "Inputs")]
    pub sites: Vec<PathBuf>,
    /// A file of incidents; may be given more than once
    #[arg(short, long, value_name = "FILE", help_heading = "Inputs")]
    pub incidents: Vec<PathBuf>,
    /// Count an event that several incident files report only once, as in score
    #[arg(long, help_heading = "Inputs")]
    pub merge_sources: bool,
    /// Use the sites and incidents of the built-in example
    #[arg(long, conflicts_with_all = ["sites", "incidents"], help_heading = "Inputs")]
    pub demo: bool,
    #[command(flatten)]
    pub reading: Reading,
    /// A scheme file, or the name of a built-in scheme; may be given more than once. Everything else is compared with
    /// the first
    #[arg(long, value_name = "SCHEME", default_value = "default", help_heading = "Scoring")]
    pub scheme: Vec<String>,
    /// Where and when incidents were collected: all; country codes or names such as PAK,AFG, each with an
    /// optional period, PAK:1989-01-01/2021-12-31; or a file of polygons. By default the countries that
    /// the incident files name, each from its first incident
    #[arg(long, value_name = "WHERE", help_heading = "Scoring")]
    pub coverage: Option<String>,
    /// The first day that may be an origin, a day as of which sites are scored; by default two years after the
    /// first incident
    #[arg(long, value_name = "DATE", help_heading = "Origins")]
    pub from: Option<String>,
    /// The last origin; by default the last day whose longest horizon ends by the newest incident
    #[arg(long, value_name = "DATE", help_heading = "Origins")]
    pub to: Option<String>,
    /// The time between origins, counted back from the last: years, months or days, such as 1y, 6m or 90d
    #[arg(long, value_name = "STEP", default_value = "1y", help_heading = "Origins")]
    pub every: String,
    /// Radii within which an incident is told
    #[arg(
        long,
        value_name = "LENGTH,...",
        value_delimiter = ',',
        default_value = "25km,50km",
        help_heading = "What is told"
    )]
    pub within: Vec<String>,
    /// Days after an origin within which an incident is told
    #[arg(
        long,
        value_name = "DAYS,...",
        value_delimiter = ',',
        default_value = "365d",
        help_heading = "What is told"
    )]
    pub horizon: Vec<String>,
    /// Least deaths of an incident that is told; 0 for any
    #[arg(
        long,
        value_name = "N,...",
        value_delimiter = ',',
        default_value = "0",
        help_heading = "What is told"
    )]
    pub min_deaths: Vec<u32>,
    /// Fit the probability of the first event to the scores of the first scheme, and write calibration.toml, which
    /// score --calibration reads
    #[arg(long, help_heading = "Output")]
    pub calibrate: bool,
    /// Try other settings of the first scheme, h (the scale of its kernel), H (its half-life) or both: chosen on
    /// the earlier half of the origins, judged on the later half
    #[arg(long, value_name = "h,H", help_heading = "Scoring")]
    pub tune: Option<String>,
    #[command(flatten)]
    pub over: Over,
    /// Folder to write to
    #[arg(
        short,
        long,
        value_name = "DIR",
        default_value = "out/hindcast",
        help_heading = "Output"
    )]
    pub output: PathBuf,
}
