//! Opens a database without side effects: read-only, without locks and without the files that SQLite
//! keeps beside one, so that a program that has it open is not disturbed. The schema of the file is not
//! trusted.
//!
//! If another program has changes in a log or a journal beside the file, both are copied to a temporary
//! folder and recovered there, so that committed changes are read.

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

/// The number of attempts to copy a file that is being written to.
const TRIES: usize = 5;

/// A database that many threads can query, each on its own connection.
#[derive(Debug)]
pub(super) struct Database {
    uri: String,
    /// The user's files and their state when the database was opened.
    seen: Vec<(PathBuf, Option<State>)>,
    /// Idle connections.
    idle: Mutex<Vec<Connection>>,
    /// The size of the file, in bytes.
    size: u64,
    /// The folder with the copy that is read; it is deleted with the database.
    _copy: Option<TempDir>,
}

/// The size and the modification time.
type State = (u64, Option<SystemTime>);

impl Database {
    /// Opens a database in a file; returns it with the hash and the size of the bytes read.
    ///
    /// # Errors
    /// The file cannot be read, or is written to all the time.
    pub fn at(path: &Path, limits: &Limits) -> Result<(Self, blake3::Hash, u64)> {
        // The accompanying files are beside the real file, not beside a link to it.
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

    /// Opens a database in memory, through a temporary copy.
    ///
    /// # Errors
    /// The copy cannot be written.
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

    /// Queries the database on a connection that no other thread uses meanwhile.
    ///
    /// # Errors
    /// The error of SQLite.
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

    /// Checks that the files are still those that were opened.
    ///
    /// # Errors
    /// A file was written to in the meantime.
    pub fn is_unchanged(&self) -> Result<()> {
        let changed = self.seen.iter().find(|(path, seen)| state(path) != *seen);
        match changed {
            // Changes to the original do not affect a copy.
            Some((path, _)) if self._copy.is_none() => {
                Err(Error::io(path, io::Error::other("was changed while it was read"))
                    .with_hint("read it again once no program writes to it"))
            }
            _ => Ok(()),
        }
    }
}

/// The error for a file that is not a readable database.
pub(super) fn unreadable(path: &Path, error: &rusqlite::Error) -> Error {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    damaged(&file, "", error)
}

/// Like [`unreadable`], for a file by its name in messages, and a layer in it.
pub(super) fn damaged(file: &str, layer: &str, error: &rusqlite::Error) -> Error {
    let layer = if layer.is_empty() { String::new() } else { format!("layer {layer}: ") };
    // SQLite quotes the unreadable text, which may have several lines.
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

/// Applies a log or a journal to a copy.
fn settle(copy: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(copy, flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error)
}

// The copy of a database that another program has open is not an output: it is deleted after reading.
fn folder() -> Result<TempDir> {
    TempDir::new().map_err(|error| {
        Error::io(std::env::temp_dir(), error).with_hint("a copy of the database is needed there")
    })
}

/// The file beside a database with its name and a suffix.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Whether a file beside a database has pending changes: a finished journal begins with zeros.
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

/// The URI with which SQLite opens a file as immutable.
fn uri_of(path: &Path) -> String {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut uri = "file:".to_owned();
    // A Windows drive letter follows a slash too.
    if cfg!(windows) {
        uri.push('/');
    }
    for byte in full.as_os_str().as_encoded_bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'/' | b':' | b'.' | b'-' | b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                uri.push(char::from(*byte));
            }
            // Writing to a String cannot fail.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    uri
}
