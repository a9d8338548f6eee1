//! Bytes of an input that are read where they are wanted, without holding all of them.

use super::open::{Limits, Source, hash_files, open, open_path};
use crate::{Error, Result};
use std::fs::File;
use std::io;
use std::path::PathBuf;

/// The bytes of a file or of memory.
#[derive(Debug)]
pub(crate) struct Stored {
    bytes: Bytes,
    length: u64,
    /// BLAKE3 of all bytes, in hex.
    pub hash: String,
}

#[derive(Debug)]
enum Bytes {
    File(File, PathBuf),
    Held(Vec<u8>),
}

impl Stored {
    /// Opens a source and hashes it. A file stays on the disk; a stream is read into memory.
    ///
    /// # Errors
    /// The source is missing, cannot be read or is over the limit.
    pub fn open(source: &Source, limits: &Limits) -> Result<Self> {
        if let Some(path) = source.as_path()
            && path.is_file()
        {
            let (hash, length) = hash_files(&[path], limits)?;
            let (file, _) = open_path(path, limits)?;
            let bytes = Bytes::File(file, path.to_path_buf());
            return Ok(Self { bytes, length, hash: hash.to_hex().to_string() });
        }
        let opened = open(source, limits)?;
        let (held, hash) = (opened.bytes.into_owned(), opened.hash.to_hex().to_string());
        let length = u64::try_from(held.len()).unwrap_or(u64::MAX);
        Ok(Self { bytes: Bytes::Held(held), length, hash })
    }

    /// The number of bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Fills `into` with the bytes from an offset on. Threads may read at once.
    ///
    /// # Errors
    /// The bytes end before, or the file can no longer be read.
    pub fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<()> {
        match &self.bytes {
            Bytes::File(file, path) => {
                read_exact_at(file, offset, into).map_err(|error| Error::io(path, error))
            }
            Bytes::Held(held) => {
                let from = usize::try_from(offset).unwrap_or(usize::MAX);
                let end = from.saturating_add(into.len());
                let ends = || Error::io("memory", io::Error::from(io::ErrorKind::UnexpectedEof));
                into.copy_from_slice(held.get(from..end).ok_or_else(ends)?);
                Ok(())
            }
        }
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, offset: u64, into: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut offset: u64, mut into: &mut [u8]) -> io::Result<()> {
    while !into.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, into, offset)? {
            0 => return Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
            read => {
                offset += u64::try_from(read).unwrap_or(0);
                into = into.get_mut(read..).unwrap_or_default();
            }
        }
    }
    Ok(())
}
