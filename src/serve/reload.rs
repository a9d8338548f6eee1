//! New data without a restart: the files are looked at now and then, and what they hold takes the place of the old once
//! it is whole. Data that cannot be read leave the old in place.

use super::server::Shared;
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
    every: Duration,
    stop: &'static Cancel,
) {
    let mut known = seen(&watched);
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
        let (of_pool, opener) = (Arc::clone(&shared), Arc::clone(&open));
        let read = tokio::task::spawn_blocking(move || of_pool.pool.install(|| opener(stop)));
        match read.await {
            Ok(Ok(opened)) => {
                watched = opened.watched;
                known = seen(&watched);
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
