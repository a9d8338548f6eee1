//! Opening a database so that nothing happens to it: read-only, without locks and without the files that
//! SQLite keeps beside one; a program that has it open is not disturbed. What the schema of a stranger's
//! file says is not trusted.
//!
//! Where another program has changes in a log or a journal beside the file, both are copied and put in
//! order in a folder of their own: what it has committed is read.

use crate::sources::bytes::open::{Limits, hash_files};
use crate::{Code, Error, Result};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};
use std::fmt::Write as _;
use std::fs::{self, Metadata};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;
use tempfile::TempDir;

/// How often a copy is tried while somebody writes.
const TRIES: usize = 5;

/// A database that can be asked from many threads, each by a connection of its own.
#[derive(Debug)]
pub(super) struct Database {
    uri: String,
    /// The user's files, as they were when it was opened.
    seen: Vec<(PathBuf, Option<State>)>,
    /// Connections that nobody uses at the moment.
    idle: Mutex<Vec<Connection>>,
    /// Bytes of the file.
    size: u64,
    /// Where the copy lies that is read; it goes with the database.
    _copy: Option<TempDir>,
}

/// Size and time of change.
type State = (u64, Option<SystemTime>);

impl Database {
    /// A database that lies in a file; with the hash and the size of what is read.
    ///
    /// # Errors
    /// What cannot be read, and a file that somebody keeps writing to.
    pub fn at(path: &Path, limits: &Limits) -> Result<(Self, blake3::Hash, u64)> {
        // What belongs to a file lies beside it, wherever a link to it does.
        let real = &fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let files = || -> Vec<PathBuf> {
            let beside = ["-wal", "-journal"].map(|ending| beside(real, ending));
            std::iter::once(real.clone())
                .chain(beside.into_iter().filter(|path| holds_something(path)))
                .collect()
        };
        if files().len() == 1 {
            let seen = states(real);
            let (hash, size) = hash_files(&[path], limits)?;
            return Ok((Self::new(path, seen, size, None), hash, size));
        }
        for _ in 0..TRIES {
            let (files, seen) = (files(), states(real));
            let folder = folder()?;
            let copies: Vec<PathBuf> = files
                .iter()
                .filter_map(|file| Some(folder.path().join(file.file_name()?)))
                .collect();
            let copied = files.iter().zip(&copies).try_for_each(|(from, to)| {
                let copied = fs::copy(from, to);
                copied.map(|_| ()).map_err(|error| Error::io(from, error))
            });
            if states(real) != seen {
                continue;
            }
            copied?;
            let copies: Vec<&Path> = copies.iter().map(PathBuf::as_path).collect();
            let (hash, size) = hash_files(&copies, limits)?;
            let Some(copy) = copies.first() else { continue };
            settle(copy).map_err(|error| unreadable(path, &error))?;
            return Ok((Self::new(copy, seen, size, Some(folder)), hash, size));
        }
        Err(Error::io(path, io::Error::other("is being written to"))
            .with_hint("save and close it in the program that has it open"))
    }

    /// A database that is held: it is read from a copy in a file.
    ///
    /// # Errors
    /// A copy that cannot be made.
    pub fn of_bytes(bytes: &[u8]) -> Result<Self> {
        let folder = folder()?;
        let path = folder.path().join("database");
        let failed = |error| Error::io(&path, error);
        let mut file = tempfile::NamedTempFile::new_in(folder.path()).map_err(failed)?;
        file.write_all(bytes).map_err(failed)?;
        file.persist(&path).map_err(|error| Error::io(&path, error.error))?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(Self::new(&path.clone(), Vec::new(), size, Some(folder)))
    }

    fn new(
        path: &Path,
        seen: Vec<(PathBuf, Option<State>)>,
        size: u64,
        copy: Option<TempDir>,
    ) -> Self {
        Self { uri: uri_of(path), seen, idle: Mutex::default(), size, _copy: copy }
    }

    /// # Units
    /// Bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Asks the database over a connection that nobody else uses meanwhile.
    ///
    /// # Errors
    /// SQLite's.
    pub fn ask<T>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.uri)?,
        };
        let answer = ask(&connection);
        if answer.is_ok() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
        answer
    }

    /// Sees that the files still are those that were opened.
    ///
    /// # Errors
    /// A file that was written to in the meantime.
    pub fn is_unchanged(&self) -> Result<()> {
        let changed = self.seen.iter().find(|(path, seen)| state(path) != *seen);
        match changed {
            // What happens beside a copy is no matter.
            Some((path, _)) if self._copy.is_none() => {
                Err(Error::io(path, io::Error::other("was changed while it was read"))
                    .with_hint("read it again once nobody writes to it"))
            }
            _ => Ok(()),
        }
    }
}

/// Why a file is no database that can be read.
pub(super) fn unreadable(path: &Path, error: &rusqlite::Error) -> Error {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    damaged(&file, "", error)
}

/// The same, of what messages call by its name, and of a layer in it.
pub(super) fn damaged(file: &str, layer: &str, error: &rusqlite::Error) -> Error {
    let layer = if layer.is_empty() { String::new() } else { format!("layer {layer}: ") };
    // SQLite quotes what it cannot read, whatever lines that has.
    let why = error.to_string();
    let why = why.lines().next().unwrap_or_default();
    Error::data(Code::FileDamaged, format!("{file}: {layer}the database cannot be read: {why}"))
        .with_hint("the file may be cut short or damaged; fetch it again")
}

fn connect(uri: &str) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri, flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.execute_batch(
        "PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;",
    )?;
    Ok(connection)
}

/// Brings what a log or a journal holds into a copy.
fn settle(copy: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(copy, flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error)
}

// A copy of what another program has open is no output: it is gone when it has been read.
fn folder() -> Result<TempDir> {
    TempDir::new().map_err(|error| {
        Error::io(std::env::temp_dir(), error).with_hint("a copy of the database is needed there")
    })
}

/// The file that lies beside a database and is named after it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Whether a file beside a database has changes of it: a journal that was used up begins with zeros.
fn holds_something(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > 0)
        && !begins_with_zeros(path)
}

fn begins_with_zeros(path: &Path) -> bool {
    use std::io::Read;
    let mut head = [1; 8];
    let opened = crate::sources::bytes::open::open_path(path, &Limits::default());
    opened.is_ok_and(|(mut file, _)| file.read_exact(&mut head).is_ok()) && head == [0; 8]
}

fn state(path: &Path) -> Option<State> {
    let of = |file: Metadata| (file.len(), file.modified().ok());
    fs::metadata(path).ok().map(of)
}

fn states(path: &Path) -> Vec<(PathBuf, Option<State>)> {
    let all = ["", "-wal", "-journal"].map(|ending| beside(path, ending));
    all.into_iter().map(|path| (path.clone(), state(&path))).collect()
}

/// The name by which SQLite opens a file that does not change.
fn uri_of(path: &Path) -> String {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut uri = "file:".to_owned();
    // A drive of Windows stands behind a slash as well.
    if cfg!(windows) {
        uri.push('/');
    }
    for byte in full.as_os_str().as_encoded_bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'/' | b':' | b'.' | b'-' | b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                uri.push(char::from(*byte));
            }
            // Writing into a String does not fail.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    uri
}
