//! `serve`: questions over HTTP, until Ctrl-C.

use super::CANCEL;
use super::args::{self, LogForm};
use super::resolve;
use super::terminal::Terminal;
use crate::run::batch::Plan;
use crate::run::{Cancel, Ground, Grounds, Unwatched, Watch};
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
    let files = &typed.inputs;
    let named = files.demo
        || !(files.sites.is_empty()
            && files.incidents.is_empty()
            && files.receptors.is_empty()
            && files.raster.is_empty());
    let Some(of) = typed.of.as_deref() else {
        let title = if typed.inputs.demo { "Mines of Pakistan" } else { "Tamarisk" };
        return live(title.to_owned(), requested(typed, watch, cancel)?, watch, cancel);
    };
    if !of.is_dir() {
        if named || typed.beside.is_some() {
            return Err(Error::usage(
                Code::SettingsConflict,
                format!("{}: is a plan, which names its inputs itself", of.display()),
            )
            .with_hint("inputs can be named beside a folder of layers"));
        }
        let (title, read) = planned(of, watch, cancel)?;
        return live(title, read, watch, cancel);
    }
    let snapshot = serve::read_folder(of, cancel)?;
    let mut watched = serve::watched_in(of);
    let read = match &typed.beside {
        Some(plan) => planned(plan, watch, cancel)?.1,
        None if named => requested(typed, watch, cancel)?,
        None => return Ok(Opened { snapshot, watched }),
    };
    serve::check_agreement(of, &read.0)?;
    watched.extend(read.1);
    Ok(Opened { snapshot: snapshot.with(read.0)?, watched })
}

/// What answers questions, and the files that it was read from.
type Read = (Grounds, Vec<PathBuf>);

/// The layers of what was read.
fn live(
    title: String,
    (grounds, watched): Read,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> Result<Opened> {
    Ok(Opened { snapshot: Snapshot::live(title, grounds, watch, cancel)?, watched })
}

/// What the options ask for.
fn requested(typed: &args::Serve, watch: &dyn Watch, cancel: &Cancel) -> Result<Read> {
    let request = resolve::request(&typed.inputs, &typed.rules, &typed.calibrated)?;
    Ok(read(Ground::open(request, watch, cancel)?.into(), None))
}

/// What a plan asks for, with its name.
fn planned(file: &Path, watch: &dyn Watch, cancel: &Cancel) -> Result<(String, Read)> {
    let plan = Plan::read(file)?;
    let grounds = Grounds::open(&plan, watch, cancel)?;
    Ok((plan.name, read(grounds, Some(file))))
}

/// Grounds with the files whose change tells that their data have changed.
fn read(grounds: Grounds, plan: Option<&Path>) -> Read {
    let sources = grounds.first().flat_map(|ground| {
        let inputs = ground.request.inputs.sources().map(|(_, _, source)| source);
        inputs.chain(ground.coverage_file())
    });
    let paths = sources.filter_map(Source::as_path).map(Path::to_path_buf);
    let mut watched: Vec<PathBuf> = paths.chain(plan.map(Path::to_path_buf)).collect();
    watched.sort();
    watched.dedup();
    (grounds, watched)
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
