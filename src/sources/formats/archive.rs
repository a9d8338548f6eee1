//! Zip archives: an archive with one readable file is read as that file; several readable files of a kind
//! are layers. Nothing is unpacked to disk, and all unpacked bytes count against one limit.

use super::joined::Joined;
use super::pieces::{are_pieces, short_names};
use super::shapefile::{Members, Shapefile, is_sidecar, stem_of};
use super::unpacked::{Recognized, Unpacked};
use super::{Asked, Content, Dataset, Driver, Head, kml};
use crate::sources::bytes::decode::unpack;
use crate::sources::bytes::open::Limits;
use crate::sources::options::Format;
use crate::{Code, Error, Result};
use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::sync::Arc;

/// Zip archives other than workbooks.
pub(super) struct Archives;

impl Driver for Archives {
    fn format(&self) -> Format {
        Format::Zip
    }

    fn is(&self, head: &Head<'_>) -> bool {
        head.is_zip()
    }

    fn open(&self, content: Content, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        let bytes = content.into_bytes();
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let limits = &asked.options.limits;
        let mut unpacking = Unpacking { left: limits.unpacked_from(size), limits, size };
        let mut found = Found::default();
        look(asked.file, "", &bytes, 0, &mut unpacking, &mut found)?;
        found.open(asked)
    }
}

/// The deepest nesting of archives in archives.
const DEEPEST: usize = 2;

/// The extensions of readable files.
const READ: [&str; 22] = [
    "csv",
    "tsv",
    "geojson",
    "json",
    "geojsonl",
    "geojsons",
    "jsonl",
    "ndjson",
    "gpx",
    "gml",
    "xlsx",
    "ods",
    "gpkg",
    "sqlite",
    "fgb",
    "parquet",
    "geoparquet",
    "dbf",
    "gz",
    "tab",
    "mif",
    "xls",
];

/// Words in the names of files that accompany data but are not data.
const BESIDE: [&str; 7] =
    ["readme", "license", "licence", "copying", "metadata", "copyright", "disclaimer"];

/// The number of bytes that may still be unpacked.
struct Unpacking<'l> {
    left: u64,
    limits: &'l Limits,
    size: u64,
}

impl Unpacking<'_> {
    fn take(&mut self, file: &str, name: &str, member: impl Read) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = member.take(self.left.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| damaged(file, &format!("{name}: {error}")))?;
        match self.left.checked_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX)) {
            Some(left) => self.left = left,
            None => {
                let (size, limit) = (self.size, self.limits.unpacked_from(self.size));
                return Err(Error::data(
                    Code::FileTooLarge,
                    format!(
                        "{file}: zip archive of {size} bytes unpacks to more than {limit} bytes"
                    ),
                )
                .with_hint("unpack it yourself if it is what you expect, or raise the limit"));
            }
        }
        Ok(bytes)
    }
}

fn damaged(file: &str, error: &str) -> Error {
    Error::data(Code::FileDamaged, format!("{file}: the zip archive is damaged: {error}"))
        .with_hint("the file may be cut short; fetch it again")
}

/// The contents of an archive.
#[derive(Default)]
struct Found {
    /// Shapefiles, by their path without an extension.
    shapes: Vec<(String, Members)>,
    /// KML documents.
    documents: Vec<(String, Vec<u8>)>,
    /// Other readable files.
    others: Vec<(String, Vec<u8>)>,
    /// Text files that are read if there is nothing else.
    texts: Vec<(String, Vec<u8>)>,
    /// All member names.
    names: Vec<String>,
}

/// Lists an archive and unpacks its readable members.
fn look(
    file: &str,
    before: &str,
    bytes: &[u8],
    depth: usize,
    unpacking: &mut Unpacking<'_>,
    found: &mut Found,
) -> Result<()> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(file, &e.to_string()))?;
    let mut members: Vec<(String, usize)> = Vec::new();
    for at in 0..archive.len() {
        let member = archive.by_index_raw(at).map_err(|e| damaged(file, &e.to_string()))?;
        let name = member.name().map_err(|e| damaged(file, &e.to_string()))?;
        let name = name.replace('\\', "/");
        if name.to_lowercase().contains(".gdb/") {
            return Err(Error::data(
                Code::FormatUnsupported,
                format!("{file}: holds an Esri file geodatabase"),
            )
            .with_hint("convert it: ogr2ogr out.gpkg FOLDER.gdb"));
        }
        if member.is_file() && !is_passed_over(&name) {
            members.push((name, at));
        }
    }
    let stems: Vec<String> = members
        .iter()
        .filter(|(name, _)| ending(name) == "shp")
        .map(|(name, _)| stem_of(name).to_owned())
        .collect();
    for (name, at) in members {
        let path = format!("{before}{name}");
        found.names.push(path.clone());
        let stem = stem_of(&name).to_owned();
        let of_shapes = stems.iter().find(|known| known.to_lowercase() == stem.to_lowercase());
        let is_of_shapes =
            of_shapes.filter(|_| ending(&name) == "shp" || is_sidecar(&name)).cloned();
        let last = name.rsplit('/').next().unwrap_or_default().to_lowercase();
        let is_text = ending(&name) == "txt" && !BESIDE.iter().any(|word| last.contains(word));
        let ending = ending(&name);
        let is_read =
            READ.contains(&ending.as_str()) && !BESIDE.iter().any(|w| last.starts_with(w));
        let nested = ending == "zip" && depth < DEEPEST;
        if is_of_shapes.is_none() && !is_read && !is_text && !nested && ending != "kml" {
            continue;
        }
        let member = archive.by_index(at).map_err(|e| damaged(file, &format!("{name}: {e}")))?;
        let bytes = unpacking.take(file, &path, member)?;
        if let Some(stem) = is_of_shapes {
            found.add_to_shapes(format!("{before}{stem}"), &ending, bytes);
        } else if nested {
            look(file, &format!("{path}/"), &bytes, depth + 1, unpacking, found)?;
        } else if ending == "kml" {
            found.documents.push((path, bytes));
        } else if is_text {
            found.texts.push((path, bytes));
        } else {
            found.others.push((path, bytes));
        }
    }
    Ok(())
}

/// Whether a member is a leftover of an operating system.
fn is_passed_over(name: &str) -> bool {
    name.split('/').any(|part| part == "__MACOSX" || part.starts_with('.'))
}

fn ending(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or_default();
    last.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase())
}

impl Found {
    fn add_to_shapes(&mut self, stem: String, ending: &str, bytes: Vec<u8>) {
        let at = self.shapes.iter().position(|(known, _)| *known == stem);
        let at = at.unwrap_or_else(|| {
            self.shapes.push((stem, Members::default()));
            self.shapes.len() - 1
        });
        let Some((_, members)) = self.shapes.get_mut(at) else { return };
        let place = match ending {
            "shp" => &mut members.shp,
            "dbf" => &mut members.dbf,
            "shx" => &mut members.shx,
            "prj" => &mut members.prj,
            "cpg" => &mut members.cpg,
            _ => return,
        };
        place.get_or_insert(bytes);
    }

    /// Opens the readable members.
    fn open(mut self, asked: &mut Asked<'_>) -> Result<Box<dyn Dataset>> {
        if self.shapes.is_empty() && self.documents.is_empty() && self.others.is_empty() {
            self.others = std::mem::take(&mut self.texts);
        }
        let file = asked.file.clone();
        let kinds = [!self.shapes.is_empty(), !self.documents.is_empty(), !self.others.is_empty()];
        let kinds = kinds.into_iter().filter(|any| *any).count();
        let list = |names: &[String]| {
            let more = names.len().saturating_sub(10);
            let first = names.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
            if more > 0 { format!("{first} and {more} more") } else { first }
        };
        if kinds == 0 {
            let held = if self.names.is_empty() { "nothing".to_owned() } else { list(&self.names) };
            return Err(Error::data(Code::FormatUnsupported, format!(
                "{file}: is a zip archive, but not a workbook, and holds no file that can be read: {held}"
            ))
            .with_hint("unpack it and give the file in it"));
        }
        let several = |names: Vec<String>| {
            Error::data(
                Code::LayerUnclear,
                format!("{file}: holds files of several kinds: {}", list(&names)),
            )
            .with_hint("unpack it and give one of them")
        };
        if kinds > 1 {
            let shapes = self.shapes.iter().map(|(stem, _)| format!("{stem}.shp"));
            let rest = self.documents.iter().chain(&self.others).map(|(name, _)| name.clone());
            return Err(several(shapes.chain(rest).collect()));
        }
        if !self.documents.is_empty() {
            return Ok(Box::new(kml::open_documents(self.documents, asked)?));
        }
        let mut named: Vec<(String, Box<dyn Dataset>)> = Vec::new();
        let mut formats = Vec::new();
        let alone = self.shapes.len() + self.others.len() == 1;
        let stems: Vec<&str> = self.shapes.iter().map(|(stem, _)| stem.as_str()).collect();
        let short = short_names(&stems);
        for ((stem, members), name) in self.shapes.into_iter().zip(short) {
            let called = if alone { file.to_string() } else { format!("{file}/{stem}.shp") };
            named.push((name, Box::new(Shapefile::new(&called, members, asked)?)));
        }
        let names: Vec<String> = self.others.iter().map(|(name, _)| name.clone()).collect();
        for (name, bytes) in self.others {
            let (format, dataset) = open_member(&file, &name, bytes, asked)?;
            if formats.iter().any(|known| *known != format) {
                return Err(several(names));
            }
            formats.push(format);
            named.push((name, dataset));
        }
        let pieces = are_pieces(&named);
        let description = match named.as_slice() {
            [(_, only)] => format!("{}, zip", only.description()),
            [(_, first), ..] if pieces => {
                let names: Vec<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
                format!(
                    "{}, zip, {} pieces of one data set, all read: {}",
                    first.description(),
                    names.len(),
                    names.join(", ")
                )
            }
            [(_, first), ..] => {
                format!("{} and {} more, zip", first.description(), named.len() - 1)
            }
            [] => "zip".to_owned(),
        };
        let joined = Joined::new(description, named);
        Ok(Box::new(if pieces { joined.into_one() } else { joined }))
    }
}

/// Opens a member of an archive, in any format.
fn open_member(
    file: &Arc<str>,
    name: &str,
    bytes: Vec<u8>,
    asked: &mut Asked<'_>,
) -> Result<(Format, Box<dyn Dataset>)> {
    let called = format!("{file}/{name}");
    let (bytes, _) = unpack(&called, Cow::Owned(bytes), &asked.options.limits)?;
    let unpacked = Unpacked { name: &called, path: None, member: true, bytes };
    let Recognized { format, dataset, .. } = unpacked.open(asked)?;
    Ok((format, dataset))
}
