//! `serve`: questions over HTTP, until Ctrl-C.

use super::CANCEL;
use super::args::{self, LogForm};
use super::resolve;
use super::terminal::Terminal;
use crate::run::{Ground, Request};
use crate::serve::{self, Log, Settings, Snapshot};
use crate::{Code, Error, Result};
use rayon::ThreadPool;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

pub fn serve(typed: args::Serve, terminal: &Terminal, pool: ThreadPool) -> Result<ExitCode> {
    let settings = settings(&typed)?;
    let progress = terminal.progress();
    let snapshot = pool.install(|| {
        let request = request(&typed)?;
        let title = if typed.inputs.demo { "Mines of Balochistan" } else { "Tamarisk" };
        let ground = Ground::open(request, &progress, &CANCEL)?;
        Snapshot::live(title.to_owned(), ground, &progress, &CANCEL)
    })?;
    progress.finish();
    let open = !settings.listen.ip().is_loopback();
    serve::serve(snapshot, settings, pool, |address| told(address, open, terminal), &CANCEL)?;
    Ok(ExitCode::SUCCESS)
}

/// Tells where the server can be reached.
fn told(address: SocketAddr, open: bool, terminal: &Terminal) {
    terminal.say(&format!("serving on http://{address}"));
    if open {
        terminal.say(&format!(
            "note: others can reach {address}; give --token-file to keep the data private"
        ));
    }
}

fn request(typed: &args::Serve) -> Result<Request> {
    if typed.of.is_some() {
        return Err(Error::usage(Code::FormatUnsupported, "folders and plans are not served yet"));
    }
    resolve::request(&typed.inputs, &typed.rules, &typed.calibrated)
}

fn settings(typed: &args::Serve) -> Result<Settings> {
    let token = typed.token_file.as_deref().map(token).transpose()?;
    Ok(Settings {
        listen: typed.listen,
        hosts: typed.host.clone(),
        public_url: typed.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned()),
        token,
        limit_default: NonZeroUsize::min(typed.limit_default, typed.limit_max).get(),
        limit_most: typed.limit_max.get(),
        in_flight: typed.in_flight.get(),
        deadline: time("--timeout", &typed.timeout)?,
        watch: match typed.watch.as_str() {
            "off" => None,
            text => Some(time("--watch", text)?),
        },
        log: match typed.log {
            LogForm::Text => Log::Text,
            LogForm::Json => Log::Json,
            LogForm::Errors => Log::Errors,
        },
        log_queries: typed.log_queries,
        ..Settings::default()
    })
}

/// The token in a file, without blanks around it.
fn token(file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file).map_err(|error| Error::io(file, error))?;
    match text.trim() {
        "" => Err(Error::usage(
            Code::FileEmpty,
            format!("--token-file {}: holds no token", file.display()),
        )),
        token => Ok(token.to_owned()),
    }
}

/// A time with its unit, more than none.
fn time(option: &str, text: &str) -> Result<Duration> {
    let refuse = || {
        Error::usage(
            Code::SettingInvalid,
            format!("{option}: \"{}\" is not a time", text.escape_debug()),
        )
        .with_hint("such as 500ms, 2s or 1m")
    };
    let span: jiff::SignedDuration = text.trim().parse().map_err(|_| refuse())?;
    Duration::try_from(span).ok().filter(|time| !time.is_zero()).ok_or_else(refuse)
}
