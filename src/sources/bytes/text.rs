//! The text of a source: held in memory, or left in its file and read in pieces, so that a file may be
//! larger than memory. One pass over a text in a file, window by window, hashes it and finds the cut
//! points between its records; it is then read again part by part.

use super::decode::utf8_mark;
use super::open::{Limits, Source, open_path};
use crate::{Error, Result};
use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// The initial window size.
const WINDOW_BYTES: usize = 8 << 20;

/// The number of bytes read to recognize a format.
const HEAD_BYTES: usize = 64 << 10;

/// The factor by which a window may grow for a record that does not fit.
const MOST_GROWTH: usize = 8;

/// UTF-8 text without a byte order mark.
#[derive(Debug)]
pub(crate) enum Text {
    Held(Cow<'static, str>),
    Stored(Stored),
}

/// A text in a file.
#[derive(Debug)]
pub(crate) struct Stored {
    path: PathBuf,
    file: Mutex<File>,
    /// The length of the byte order mark, in bytes.
    mark: usize,
    /// The size of the file, in bytes.
    size: usize,
    modified: Option<SystemTime>,
    window: usize,
    /// The beginning of the text.
    head: String,
}

impl Text {
    /// # Units
    /// Bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Held(text) => text.len(),
            Self::Stored(stored) => stored.size - stored.mark,
        }
    }

    /// Returns the text from one offset to another, or to the last whole character before it. The
    /// buffer is used if the text has to be read from the file.
    ///
    /// # Errors
    /// The file can no longer be read, or has changed.
    pub fn piece<'p>(&'p self, from: usize, to: usize, buffer: &'p mut Vec<u8>) -> Result<&'p str> {
        let stored = match self {
            Self::Held(text) => {
                let to = (from..=to.min(text.len())).rev().find(|to| text.is_char_boundary(*to));
                return Ok(to.and_then(|to| text.get(from..to)).unwrap_or_default());
            }
            Self::Stored(stored) => stored,
        };
        let to = to.min(self.len());
        buffer.clear();
        stored.read(stored.mark + from, to.saturating_sub(from), buffer)?;
        whole_characters(buffer, to == self.len()).ok_or_else(|| stored.changed())
    }

    /// Checks that the file is still the one that was opened.
    ///
    /// # Errors
    /// The file was written to in the meantime.
    pub fn is_unchanged(&self) -> Result<()> {
        let Self::Stored(stored) = self else { return Ok(()) };
        let file = stored.file.lock().unwrap_or_else(PoisonError::into_inner);
        match file.metadata() {
            Ok(now) if stored.is_as(&now) => Ok(()),
            _ => Err(stored.changed()),
        }
    }
}

impl Stored {
    /// Opens a source whose text can stay in its file: one larger than the limit on held bytes, and
    /// UTF-8 judged by its beginning. Returns `None` for any other.
    ///
    /// # Errors
    /// The source cannot be opened.
    pub fn open(source: &Source, encoding: Option<&str>, limits: &Limits) -> Result<Option<Self>> {
        let Some(path) = source.as_path() else { return Ok(None) };
        let (file, metadata) = open_path(path, limits)?;
        let (Ok(size), Ok(held)) = (usize::try_from(metadata.len()), usize::try_from(limits.held))
        else {
            return Ok(None);
        };
        if !metadata.is_file() || size <= held {
            return Ok(None);
        }
        let mut stored = Self {
            path: path.to_path_buf(),
            file: Mutex::new(file),
            mark: 0,
            size,
            modified: metadata.modified().ok(),
            window: held.clamp(64, WINDOW_BYTES),
            head: String::new(),
        };
        let mut head = Vec::new();
        stored.read(0, size.min(HEAD_BYTES), &mut head)?;
        let Some(mark) = utf8_mark(&head, encoding) else { return Ok(None) };
        stored.mark = mark;
        let head = head.get(mark..).unwrap_or_default();
        let Some(head) = whole_characters(head, size <= HEAD_BYTES) else { return Ok(None) };
        stored.head = head.to_owned();
        Ok(Some(stored))
    }

    /// # Units
    /// Bytes.
    pub fn size_in_bytes(&self) -> u64 {
        u64::try_from(self.size).unwrap_or(u64::MAX)
    }

    /// The beginning of the text.
    pub fn head(&self) -> &str {
        &self.head
    }

    /// The window size in bytes.
    pub fn window(&self) -> usize {
        self.window
    }

    /// Passes over the whole text and hashes the file. `look` receives the text from where it stopped,
    /// as much as the window holds, its offset in the text, and whether it reaches the end. It returns
    /// how many bytes it has consumed. Returns `None` if the text is not UTF-8 throughout, or if `look`
    /// gives up or needs more at once than a window may hold.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn pass(
        &self,
        mut look: impl FnMut(&str, usize, bool) -> Option<usize> + Send,
    ) -> Result<Option<blake3::Hash>> {
        let mut hasher = blake3::Hasher::new();
        // The room in front of the new bytes holds the unconsumed rest.
        let room = self.window / 8;
        let (mut window, mut next) = (vec![0; room], vec![0; room]);
        let (mut read, mut at) = (self.window.min(self.size), 0);
        self.read(0, read, &mut next)?;
        let mut left = 0..0;
        let mut skipped = self.mark;
        loop {
            let over = window.get(left).unwrap_or_default();
            let begin = match room.checked_sub(over.len()) {
                Some(begin) => {
                    if let Some(place) = next.get_mut(begin..room) {
                        place.copy_from_slice(over);
                    }
                    begin
                }
                None => {
                    next.splice(..room, over.iter().copied());
                    0
                }
            };
            let new = begin + over.len();
            std::mem::swap(&mut window, &mut next);
            next.truncate(room);
            let last = read == self.size;
            let more = self.window.min(self.size - read);
            let bytes = window.get(begin + skipped..).unwrap_or_default();
            let (ahead, passed) = rayon::join(
                || self.read(read, more, &mut next),
                || {
                    let new = window.get(new..).unwrap_or_default();
                    let mut hash = || {
                        hasher.update_rayon(new);
                    };
                    let ((), text) = rayon::join(&mut hash, || whole_characters(bytes, last));
                    text.and_then(|text| look(text, at, last))
                },
            );
            ahead?;
            let Some(passed) = passed else { return Ok(None) };
            if last {
                return Ok((passed == bytes.len()).then(|| hasher.finalize()));
            }
            if bytes.len() - passed > self.window * MOST_GROWTH {
                return Ok(None);
            }
            left = begin + skipped + passed..window.len();
            skipped = 0;
            at += passed;
            read += more;
        }
    }

    /// Appends bytes of the file to the buffer.
    fn read(&self, from: usize, bytes: usize, buffer: &mut Vec<u8>) -> Result<()> {
        let failed = |error| Error::io(&self.path, error);
        let before = buffer.len();
        let [from, most] = [from, bytes].map(|n| u64::try_from(n).unwrap_or(u64::MAX));
        buffer.reserve_exact(bytes);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(from)).map_err(failed)?;
        file.by_ref().take(most).read_to_end(buffer).map_err(failed)?;
        if buffer.len() - before < bytes { Err(self.changed()) } else { Ok(()) }
    }

    fn is_as(&self, now: &Metadata) -> bool {
        usize::try_from(now.len()) == Ok(self.size) && now.modified().ok() == self.modified
    }

    fn changed(&self) -> Error {
        Error::io(&self.path, io::Error::other("was changed while it was read"))
            .with_hint("read it again once no program writes to it")
    }
}

/// Returns bytes as text, without an incomplete character at the end unless they are the last.
fn whole_characters(bytes: &[u8], last: bool) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() && !last => {
            std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok()
        }
        Err(_) => None,
    }
}
