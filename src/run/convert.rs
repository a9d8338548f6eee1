//! Converts a file to another format: its records become features with WGS84 positions and all other values
//! unchanged.

use super::{Cancel, Watch};
use crate::model::{Findings, ReceptorKind};
use crate::sinks::place::{self, InputFiles, Written};
use crate::sinks::records::{self, Failure, Format, Schema};
use crate::sources::{Counts, Features, ReadOptions, Role, Source};
use crate::{Code, Error, Result};
use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

/// A conversion: input, options and output.
#[derive(Debug, Clone)]
pub struct Conversion {
    /// The file, or a layer of it.
    pub source: Source,
    /// The role of its records, if given: columns of sites, incidents and receptors have different names.
    pub role: Option<(Role, Option<ReceptorKind>)>,
    /// How the file is read.
    pub read: ReadOptions,
    /// The format of the output.
    pub format: Format,
    /// The file to write; standard output if `None`.
    pub output: Option<PathBuf>,
    /// Whether an existing file may be overwritten.
    pub replace: bool,
}

/// The result of a conversion.
#[derive(Debug, Clone)]
pub struct Converted {
    /// The recognized format and layout of the file.
    pub description: String,
    /// Counts of its records.
    pub counts: Counts,
    /// Findings about the file.
    pub findings: Findings,
    /// The file that was written; `None` for standard output.
    pub written: Option<Written>,
}

/// Converts a file. The output appears only once it is complete, except on standard output.
///
/// # Errors
/// A file that cannot be read; an output that is the input, that exists already, or that cannot be written; a
/// GeoPackage on standard output.
pub fn convert(asked: &Conversion, watch: &dyn Watch, cancel: &Cancel) -> Result<Converted> {
    let Conversion { source, role, read, format, output, replace } = asked;
    let inputs = InputFiles::new(source.as_path());
    match output {
        Some(path) => {
            inputs.refuse(path)?;
            if !replace {
                place::refuse_any(path)?;
            }
        }
        None if *format == Format::GeoPackage => {
            return Err(Error::usage(
                Code::FormatUnsupported,
                "a GeoPackage cannot be written to standard output",
            )
            .with_hint("name a file, or another format with ⟦format⟧"));
        }
        None => {}
    }
    watch.stage("reading", None);
    let mut features = Features::open(source, *role, read)?;
    let name = output.as_deref().and_then(Path::file_stem).map(|stem| stem.to_string_lossy());
    let name = name.unwrap_or_else(|| Cow::Borrowed(source.name()));
    let schema = match format.needs_schema(features.typing()) {
        true => Schema::of(&name, &mut features)?,
        false => Schema::unseen(&name, &features),
    };
    cancel.check()?;
    watch.stage("writing", None);
    let stopped = || cancel.is_raised();
    let description = features.description().to_owned();
    let mut findings = Findings::default();
    let mut counts = Counts::default();
    // Why reading failed during writing.
    let mut unread = None;
    let mut done = |outcome: std::result::Result<Counts, Failure>| -> io::Result<()> {
        match outcome {
            Ok(read) => {
                counts = read;
                Ok(())
            }
            Err(Failure::Writing(error)) => Err(error),
            Err(Failure::Reading(error)) => {
                unread = Some(error);
                Err(io::Error::other("the input cannot be read"))
            }
        }
    };
    let (features, found) = (&mut features, &mut findings);
    let written = match output {
        None => {
            place::write_stdout(|out| done(records::write(features, &schema, *format, found, out)))
                .map(|()| None)
        }
        Some(path) if *format == Format::GeoPackage => {
            let fill = |path: &Path, _: place::Stop<'_>| {
                done(records::fill(features, &schema, found, path))
            };
            place::fill_file(path, &inputs, &stopped, fill).map(Some)
        }
        Some(path) => place::write_file(path, &inputs, &stopped, |out| {
            done(records::write(features, &schema, *format, found, out))
        })
        .map(Some),
    };
    if let Some(error) = unread {
        return Err(error);
    }
    Ok(Converted { description, counts, findings, written: written? })
}
