//! `serve`: questions over HTTP, until Ctrl-C.

use super::CANCEL;
use super::args::{self, LogForm};
use super::resolve;
use super::terminal::Terminal;
use crate::run::batch::Plan;
use crate::run::{Cancel, Ground, Request, Unwatched, Watch};
use crate::serve::{self, Log, Open, Opened, Settings, Snapshot};
use crate::sources::Source;
use crate::{Code, Error, Result};
use rayon::ThreadPool;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub fn serve(typed: args::Serve, terminal: &Terminal, pool: ThreadPool) -> Result<ExitCode> {
    let settings = settings(&typed)?;
    let open = !settings.listen.ip().is_loopback();
    // The first reading shows its progress; later ones happen while others are answered.
    let first = Arc::new(terminal.progress());
    let (of_first, read) = (Arc::clone(&first), AtomicBool::new(false));
    let opener: Open = Box::new(move |cancel| match read.swap(true, Ordering::SeqCst) {
        false => opened(&typed, &*of_first, cancel),
        true => opened(&typed, &Unwatched, cancel),
    });
    let started = |address| {
        first.finish();
        told(address, open, terminal);
    };
    serve::serve(opener, settings, pool, started, &CANCEL)?;
    Ok(ExitCode::SUCCESS)
}

/// Reads what is served.
fn opened(typed: &args::Serve, watch: &dyn Watch, cancel: &Cancel) -> Result<Opened> {
    if let Some(folder) = typed.of.as_deref().filter(|path| path.is_dir()) {
        let snapshot = serve::read_folder(folder, cancel)?;
        return Ok(Opened { snapshot, watched: serve::watched_in(folder) });
    }
    let (title, request, more) = match typed.of.as_deref() {
        Some(file) => planned(file)?,
        None => {
            let title = if typed.inputs.demo { "Mines of Balochistan" } else { "Tamarisk" };
            let request = resolve::request(&typed.inputs, &typed.rules, &typed.calibrated)?;
            (title.to_owned(), request, Vec::new())
        }
    };
    let inputs = request.inputs.sources().filter_map(|(_, _, source)| source.as_path());
    let watched = inputs.map(Path::to_path_buf).chain(more).collect();
    let ground = Ground::open(request, watch, cancel)?;
    let snapshot = Snapshot::live(title, ground, watch, cancel)?;
    Ok(Opened { snapshot, watched })
}

/// What a plan asks for: its first scheme and newest date, for all its regions, which must share their inputs.
fn planned(file: &Path) -> Result<(String, Request, Vec<PathBuf>)> {
    let text = Source::path(file).read_text()?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let plan = Plan::from_toml(&text, &file.display().to_string(), folder)?;
    let same = plan
        .regions
        .iter()
        .all(|one| plan.regions.first().is_some_and(|first| first.shared == one.shared));
    let (Some(region), Some(scheme), true) = (plan.regions.first(), plan.schemes.first(), same)
    else {
        return Err(Error::usage(
            Code::PlanInvalid,
            format!("{}: its regions have inputs of their own", file.display()),
        )
        .with_hint(
            "serve the folder that the batch wrote, or a plan whose regions share their inputs",
        ));
    };
    let mut rules = region.rules.clone();
    rules.calibration = plan.calibration(scheme).cloned();
    rules.scheme = scheme.clone();
    rules.as_of = plan.dates.iter().copied().max().flatten();
    if plan.regions.len() > 1 {
        rules.bbox = None;
    }
    let request = Request { inputs: region.inputs.clone(), rules, ..Request::default() };
    Ok((plan.name, request, vec![file.to_path_buf()]))
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
    let text = Source::path(file).read_text()?;
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
