//! Opens the bytes of an input: a file, standard input, memory or data built into the program. An input that
//! cannot be read is refused in one line with its reason, and no stream is read without a limit.

#[cfg(feature = "parquet")]
use crate::sources::table::Table;
use crate::{Code, Error, Result};
#[cfg(feature = "parquet")]
use arrow_array::RecordBatch;
#[cfg(feature = "parquet")]
use arrow_schema::SchemaRef;
use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An input that has a name and has not been read yet.
#[derive(Debug, Clone)]
pub struct Source {
    name: Arc<str>,
    origin: Origin,
    /// The requested layer of the file.
    layer: Option<Arc<str>>,
}

/// The location of a source's bytes.
#[derive(Debug, Clone)]
enum Origin {
    Path(PathBuf),
    Stdin,
    Embedded(&'static [u8]),
    Held(Arc<[u8]>),
    #[cfg(feature = "parquet")]
    Table(Arc<Table>),
}

impl Source {
    /// Creates the source of a command-line argument: `-` is standard input, anything else a path, optionally
    /// followed by a layer.
    pub fn from_arg(arg: impl AsRef<OsStr>) -> Self {
        let arg = arg.as_ref();
        if arg == "-" { Self::stdin() } else { Self::path(arg) }
    }

    /// A file, or a layer of one as `FILE:LAYER` if no file has the whole name. Its name in messages is the
    /// last part of the path.
    pub fn path(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let (path, layer) = match layer_in(path) {
            Some((file, layer)) => (file, Some(layer.into())),
            None => (path, None),
        };
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        Self { name: name.into(), origin: Origin::Path(path.to_path_buf()), layer }
    }

    /// Standard input.
    pub fn stdin() -> Self {
        Self { name: "stdin".into(), origin: Origin::Stdin, layer: None }
    }

    /// Bytes built into the program, under a name for messages.
    pub fn embedded(name: &str, bytes: &'static [u8]) -> Self {
        Self { name: name.into(), origin: Origin::Embedded(bytes), layer: None }
    }

    /// Bytes in memory, such as the response of a service, under a name for messages.
    pub fn bytes(name: &str, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { name: name.into(), origin: Origin::Held(bytes.into()), layer: None }
    }

    /// An Arrow table in memory, under a name for messages. Its columns are recognized by the same names as those of
    /// files; its geometry by extension types, or as well-known binary in a column named `geometry` or alike.
    ///
    /// ```
    /// use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
    /// use std::sync::Arc;
    /// use tamarisk::sources::{ReadOptions, Source, read_sites};
    ///
    /// let columns: [(&str, ArrayRef); 3] = [
    ///     ("id", Arc::new(StringArray::from(vec!["a", "b"]))),
    ///     ("lon", Arc::new(Float64Array::from(vec![66.9, 66.6]))),
    ///     ("lat", Arc::new(Float64Array::from(vec![30.2, 25.4]))),
    /// ];
    /// let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    /// let table = Source::table("pits", batch.schema(), vec![batch]);
    /// assert_eq!(read_sites(&table, &ReadOptions::default())?.items.len(), 2);
    /// # Ok::<(), tamarisk::Error>(())
    /// ```
    #[cfg(feature = "parquet")]
    pub fn table(name: &str, schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        let table = Arc::new(Table { schema, batches });
        Self { name: name.into(), origin: Origin::Table(table), layer: None }
    }

    /// The requested layer of the file, if one is named.
    pub fn layer(&self) -> Option<&str> {
        self.layer.as_deref()
    }

    /// The name in messages: the file name without its folders.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Whether the source is standard input, which can be read only once.
    pub fn is_stdin(&self) -> bool {
        matches!(self.origin, Origin::Stdin)
    }

    /// Whether the source can be read repeatedly: a file or bytes in memory, not a pipe or a device.
    pub fn is_lasting(&self) -> bool {
        match &self.origin {
            Origin::Path(path) => path.is_file(),
            Origin::Stdin => false,
            Origin::Embedded(_) | Origin::Held(_) => true,
            #[cfg(feature = "parquet")]
            Origin::Table(_) => true,
        }
    }

    /// Reads the whole source as it is stored.
    ///
    /// # Errors
    /// The source cannot be read.
    pub fn read_bytes(&self) -> Result<Vec<u8>> {
        Ok(open(self, &Limits::default())?.bytes.into_owned())
    }

    /// Reads the whole source as UTF-8 text: a scheme, a column map.
    ///
    /// # Errors
    /// The source cannot be read or is not UTF-8.
    pub fn read_text(&self) -> Result<String> {
        String::from_utf8(self.read_bytes()?).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Error::usage(Code::TextUndecodable, format!("{}: byte {at} is not UTF-8", self.name))
        })
    }

    /// The BLAKE3 hash of the bytes, in hex.
    ///
    /// # Errors
    /// The source cannot be read.
    pub fn hash(&self) -> Result<String> {
        let limits = Limits::default();
        #[cfg(feature = "parquet")]
        if let Some(table) = self.as_table() {
            return Ok(table.hash(&self.name)?.0.to_hex().to_string());
        }
        let Origin::Path(path) = &self.origin else {
            return Ok(open(self, &limits)?.hash.to_hex().to_string());
        };
        Ok(hash_files(&[path], &limits)?.0.to_hex().to_string())
    }

    /// The path of the file; `None` for standard input and embedded data.
    pub fn as_path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Path(path) => Some(path),
            _ => None,
        }
    }

    /// The table in memory, if it is one.
    #[cfg(feature = "parquet")]
    pub(crate) fn as_table(&self) -> Option<&Table> {
        match &self.origin {
            Origin::Table(table) => Some(table),
            _ => None,
        }
    }
}

/// Splits a path into a file and the layer named after it; `None` if the whole is a path. A drive letter is
/// not a file.
fn layer_in(path: &Path) -> Option<(&Path, &str)> {
    let text = path.to_str()?;
    if !text.contains(':') || path.exists() {
        return None;
    }
    text.rmatch_indices(':').find_map(|(at, _)| {
        let (file, layer) = text.split_at_checked(at)?;
        let layer = layer.strip_prefix(':').filter(|layer| !layer.is_empty())?;
        (file.len() > 1 && Path::new(file).is_file()).then_some((Path::new(file), layer))
    })
}

/// Size limits beyond which an input is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Maximum size of a file, in bytes.
    pub file: u64,
    /// Maximum size of standard input, a pipe or a device, whose length is not known in advance, in bytes.
    pub stream: u64,
    /// Maximum size of a file that is held in memory if its text can stay in the file: plain UTF-8 such as CSV
    /// or GeoJSON. A larger one is read in pieces.
    pub held: u64,
    /// Maximum unpacked size of a packed input, in bytes.
    pub unpacked: u64,
    /// Maximum ratio of unpacked to packed size. Deflate reaches 1,032 on a run of one byte; tables and
    /// GeoJSON stay below 50.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file: 8 << 30, stream: 1 << 30, held: 16 << 20, unpacked: 8 << 30, ratio: 250 }
    }
}

impl Limits {
    /// The maximum size of an input that has a path.
    fn of(&self, metadata: &Metadata) -> u64 {
        if metadata.is_file() { self.file } else { self.stream }
    }

    /// The maximum unpacked size of an input of a given size. Small inputs may exceed the ratio, since they do
    /// no harm.
    pub(crate) fn unpacked_from(&self, size: u64) -> u64 {
        self.unpacked.min(size.saturating_mul(self.ratio).max(16 << 20))
    }
}

/// The stored bytes of a source.
#[derive(Debug)]
pub(crate) struct Opened {
    pub bytes: Cow<'static, [u8]>,
    pub hash: blake3::Hash,
}

/// Reads a source to its end.
///
/// # Errors
/// The source is missing, a folder, a named pipe, without permission or over the limit.
pub(crate) fn open(source: &Source, limits: &Limits) -> Result<Opened> {
    let bytes = match &source.origin {
        Origin::Embedded(bytes) => Cow::Borrowed(*bytes),
        Origin::Held(bytes) => Cow::Owned(bytes.to_vec()),
        #[cfg(feature = "parquet")]
        Origin::Table(_) => {
            let why =
                format!("{}: is a table in memory, which cannot be read as a file", source.name);
            return Err(Error::usage(Code::SettingsConflict, why));
        }
        Origin::Stdin => {
            Cow::Owned(read_up_to(io::stdin().lock(), "stdin".as_ref(), 0, limits.stream)?)
        }
        Origin::Path(path) => {
            let (file, metadata) = open_path(path, limits)?;
            Cow::Owned(read_up_to(file, path, metadata.len(), limits.of(&metadata))?)
        }
    };
    Ok(Opened { hash: blake3::Hasher::new().update_rayon(&bytes).finalize(), bytes })
}

/// Opens a file.
///
/// # Errors
/// The file is missing, a folder, a named pipe, without permission or over the limit.
// The only place that opens input.
#[allow(clippy::disallowed_methods)]
pub(crate) fn open_path(path: &Path, limits: &Limits) -> Result<(File, Metadata)> {
    let refused = |error: io::Error| {
        let kind = error.kind();
        let error = Error::io(path, error);
        match kind {
            io::ErrorKind::NotFound => error.with_hint(match near_name(path) {
                Some(near) => format!("there is a file named {near} in that folder"),
                None if path.is_absolute() => "check the path".to_owned(),
                None => "check the path; it is taken from the folder you are in".to_owned(),
            }),
            io::ErrorKind::PermissionDenied => {
                error.with_hint("make it readable, or pipe it in and give - as its name")
            }
            _ => error,
        }
    };
    let metadata = fs::metadata(path).map_err(refused)?;
    let place = path.display();
    if metadata.is_dir() {
        return Err(Error::io(path, io::Error::other("is a folder")).with_hint(
            "give a file, such as CSV, GeoJSON, GeoPackage or xlsx, or a folder of shapefiles",
        ));
    }
    if is_named_pipe(path, &metadata) {
        // Opening a named pipe waits, perhaps for ever, for a writer.
        return Err(Error::io(path, io::Error::other("is a named pipe"))
            .with_hint(format!("read it through standard input: - < {place}")));
    }
    let limit = limits.of(&metadata);
    if metadata.len() > limit {
        return Err(too_large(path, limit));
    }
    Ok((File::open(path).map_err(refused)?, metadata))
}

/// Reads the beginning of a file, enough to recognize its format. Empty for a folder.
///
/// # Errors
/// As [`open_path`].
pub(crate) fn head_of(path: &Path, limits: &Limits) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    if !path.is_dir() {
        let (file, metadata) = open_path(path, limits)?;
        if metadata.is_file() {
            file.take(HEAD_BYTES).read_to_end(&mut head).map_err(|error| Error::io(path, error))?;
        }
    }
    Ok(head)
}

/// The number of bytes read to recognize a format.
const HEAD_BYTES: u64 = 64 << 10;

/// Hashes files one after another without holding them, and returns the hash and the total number of bytes.
///
/// # Errors
/// As [`open_path`].
pub(crate) fn hash_files(paths: &[&Path], limits: &Limits) -> Result<(blake3::Hash, u64)> {
    let mut hasher = blake3::Hasher::new();
    for path in paths {
        let (file, metadata) = open_path(path, limits)?;
        let (before, limit) = (hasher.count(), limits.of(&metadata));
        hasher
            .update_reader(file.take(limit.saturating_add(1)))
            .map_err(|error| Error::io(path, error))?;
        if hasher.count() - before > limit {
            return Err(too_large(path, limit));
        }
    }
    Ok((hasher.finalize(), hasher.count()))
}

/// Files that belong together, read into memory, with the hash of their concatenated bytes.
pub(crate) struct Together {
    /// The contents, in the order of the paths.
    pub files: Vec<Vec<u8>>,
    pub hash: blake3::Hash,
    pub size: u64,
}

/// Reads files that belong together.
///
/// # Errors
/// As [`open_path`], for any of them.
pub(crate) fn open_together(paths: &[&Path], limits: &Limits) -> Result<Together> {
    let (mut hasher, mut files) = (blake3::Hasher::new(), Vec::new());
    for path in paths {
        let (file, metadata) = open_path(path, limits)?;
        let bytes = read_up_to(file, path, metadata.len(), limits.of(&metadata))?;
        hasher.update_rayon(&bytes);
        files.push(bytes);
    }
    Ok(Together { files, hash: hasher.finalize(), size: hasher.count() })
}

/// The files in a folder, sorted by name. Empty if the folder cannot be listed.
pub(crate) fn files_in(folder: &Path) -> Vec<PathBuf> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

/// Reads to the end, or fails once the limit is passed.
fn read_up_to(from: impl Read, path: &Path, expected: u64, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let expected = usize::try_from(expected).unwrap_or(usize::MAX);
    bytes.try_reserve(expected).map_err(|_| {
        Error::io(path, io::Error::other(format!("needs {expected} bytes of memory")))
            .with_hint("cut it into smaller files")
    })?;
    from.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Error::io(path, error))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > limit) {
        return Err(too_large(path, limit));
    }
    Ok(bytes)
}

fn too_large(path: &Path, limit: u64) -> Error {
    Error::io(path, io::Error::other(format!("is larger than {limit} bytes")))
        .with_hint("raise the size limit, or cut the input into smaller files")
}

/// Whether a path is a named pipe in the file system. The pipes of a shell's `<(command)` have a path too, but
/// already have a writer.
#[cfg(unix)]
fn is_named_pipe(path: &Path, metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.file_type().is_fifo() && !path.starts_with("/dev") && !path.starts_with("/proc")
}

#[cfg(not(unix))]
fn is_named_pipe(_: &Path, _: &fs::Metadata) -> bool {
    false
}

/// The name in the same folder that is most similar to a missing one.
fn near_name(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_string_lossy().into_owned();
    let folder = match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => return None,
    };
    fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .map(|name| (strsim::jaro_winkler(&wanted, &name), name))
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| y.cmp(x)))
        .map(|(_, name)| name)
}
