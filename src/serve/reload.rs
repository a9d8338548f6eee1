//! New data without a restart: the files are looked at now and then, and what they hold takes the place of the old once
//! it is whole. Data that cannot be read leave the old in place.

use super::server::{Shared, clock};
use super::snapshot::Snapshot;
use crate::run::Cancel;
use crate::{Face, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Reads what is served, with the files that it was read from.
pub type Open = Box<dyn Fn(&Cancel) -> Result<Opened> + Send + Sync>;

/// What was read.
#[derive(Debug)]
pub struct Opened {
    /// The data.
    pub snapshot: Snapshot,
    /// The files whose change tells that the data have changed.
    pub watched: Vec<PathBuf>,
}

/// How the last reading went.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// When the data that are served were read, in the clock of the system.
    pub since: Option<SystemTime>,
    /// When newer data were last read or refused.
    pub last: Option<SystemTime>,
    /// Why newer data were refused; `None` if the last reading took their place.
    pub refused: Option<String>,
}

/// The state of files by which a change is seen. A time alone is too coarse, and a size may stay the same.
type Seen = Vec<Option<(u64, Option<SystemTime>, u64)>>;

/// Looks at the files until the flag is raised, on a thread of its own.
pub async fn watch(
    shared: Arc<Shared>,
    open: Arc<Open>,
    mut watched: Vec<PathBuf>,
    begun: SystemTime,
    every: Duration,
    stop: &'static Cancel,
) {
    let mut known = as_read(&watched, begun);
    let mut changed: Option<Seen> = None;
    while !stop.is_raised() {
        tokio::time::sleep(every).await;
        shared.forget();
        let now = seen(&watched);
        if now == known {
            changed = None;
            continue;
        }
        // A file that is still being written is left until it rests.
        if changed.as_ref() != Some(&now) {
            changed = Some(now);
            continue;
        }
        known = now;
        changed = None;
        let begun = clock();
        let (of_pool, opener) = (Arc::clone(&shared), Arc::clone(&open));
        let read = tokio::task::spawn_blocking(move || of_pool.pool.install(|| opener(stop)));
        match read.await {
            Ok(Ok(opened)) => {
                watched = opened.watched;
                known = as_read(&watched, begun);
                shared.log.line(&format!("new data: {}", opened.snapshot.rev));
                shared.replace(opened.snapshot);
                shared.read(None);
            }
            Ok(Err(error)) if error.is_interrupted() => return,
            Ok(Err(error)) => refused(&shared, &error.message_for(Face::CALL)),
            Err(_) => refused(&shared, "a fault of the program"),
        }
    }
}

fn refused(shared: &Shared, why: &str) {
    shared.log.line(&format!("new data refused: {why}"));
    shared.read(Some(why.to_owned()));
}

/// The state in which files were read. One that has changed since the reading began has none, so that it is read again.
fn as_read(files: &[PathBuf], begun: SystemTime) -> Seen {
    let begun = begun.checked_sub(TICK).unwrap_or(begun);
    let is_old = |file: &PathBuf| changed(file).is_none_or(|changed| changed < begun);
    files.iter().map(|file| state(file).filter(|_| is_old(file))).collect()
}

/// How far the clock of files is behind that of programs at most.
const TICK: Duration = Duration::from_millis(10);

/// When a file was last written or put in its place.
fn changed(file: &Path) -> Option<SystemTime> {
    let data = std::fs::metadata(file).ok()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (seconds, rest) = (data.ctime().try_into().ok()?, data.ctime_nsec().try_into().ok()?);
        SystemTime::UNIX_EPOCH.checked_add(Duration::new(seconds, rest))
    }
    #[cfg(not(unix))]
    data.modified().ok()
}

fn seen(files: &[PathBuf]) -> Seen {
    files.iter().map(|file| state(file)).collect()
}

fn state(file: &Path) -> Option<(u64, Option<SystemTime>, u64)> {
    let data = std::fs::metadata(file).ok()?;
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&data);
    #[cfg(not(unix))]
    let inode = 0;
    Some((data.len(), data.modified().ok(), inode))
}
