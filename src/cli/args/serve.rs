//! Options of `serve`.

use super::{Calibrated, Inputs, Rules, count};
use clap::{Args as ClapArgs, ValueEnum};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
pub struct Serve {
    /// A folder of layers, or a plan of a batch; or name files with --sites and --incidents
    #[arg(value_name = "DIR|PLAN")]
    pub of: Option<PathBuf>,
    /// The plan that DIR was made from, to answer questions beside its layers; or name its files with --sites and
    /// --incidents, or --demo
    #[arg(long = "inputs", value_name = "PLAN", requires = "of", conflicts_with_all = ["demo", "sites", "incidents", "receptors", "raster"])]
    pub beside: Option<PathBuf>,
    /// Where to listen; an address other than 127.0.0.1 can be reached by others
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8765")]
    pub listen: SocketAddr,
    /// A further host that requests may name, with or without a port, such as risk.example.org; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
    /// The address under which clients reach the server, if a proxy is in front of it
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// A file with the token that clients must show
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// How often inputs are looked at for changes, such as 2s, or off
    #[arg(long, value_name = "TIME", default_value = "2s")]
    pub watch: String,
    /// Features on a page that asks for no number
    #[arg(long, value_name = "N", default_value = "1000", value_parser = count)]
    pub limit_default: NonZeroUsize,
    /// Features on a page at most
    #[arg(long, value_name = "N", default_value = "10000", value_parser = count)]
    pub limit_max: NonZeroUsize,
    /// Requests answered at once; more are told to come back
    #[arg(long, value_name = "N", default_value = "64", value_parser = count)]
    pub in_flight: NonZeroUsize,
    /// How long an answer may take, such as 10s
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub timeout: String,
    /// The form of the log on standard error
    #[arg(long, value_enum, default_value_t = LogForm::Text, value_name = "FORM")]
    pub log: LogForm,
    /// Write the parameters of questions, which may hold coordinates, to the log
    #[arg(long)]
    pub log_queries: bool,
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub calibrated: Calibrated,
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// A line of text for each request
    Text,
    /// A line of JSON for each request
    Json,
    /// Errors only
    Errors,
}
