//! The files of a shapefile: files with the same name side by side, in any letter case.

use super::Members;
use crate::sources::bytes::open::files_in;
use std::path::{Path, PathBuf};

/// The files whose content is used, in the order in which they are hashed.
const COUNTED: [&str; 5] = ["shp", "dbf", "shx", "prj", "cpg"];

/// Other files that accompany a shapefile.
const OTHERS: [&str; 10] = ["sbn", "sbx", "qpj", "qmd", "cst", "fbn", "fbx", "ain", "aih", "atx"];

/// The files of a shapefile in a folder.
#[derive(Debug, Default)]
pub(super) struct Set {
    /// The paths, in the order of [`COUNTED`].
    files: [Option<PathBuf>; 5],
}

impl Set {
    /// The shapefiles that a path refers to: those in a folder, or the one that the file belongs to.
    pub fn around(path: &Path) -> Vec<Self> {
        if path.is_dir() {
            let all = files_in(path);
            let shapes = all.iter().filter(|file| extension(file).as_deref() == Some("shp"));
            return shapes.map(|shp| Self::beside(shp, &all)).collect();
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !is_sidecar(&name) && extension(path).as_deref() != Some("shp") {
            return Vec::new();
        }
        let all = files_in(path.parent().unwrap_or(Path::new("")));
        let stem = stem_of(&name);
        let is_its = |file: &&PathBuf| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            extension(file).as_deref() == Some("shp") && same(stem_of(&name), stem)
        };
        let exact = path.with_file_name(stem).with_extension("shp");
        let shp = all.iter().find(|file| **file == exact).or_else(|| all.iter().find(is_its));
        match shp {
            Some(shp) => vec![Self::beside(shp, &all)],
            // A table without shapes may still hold positions.
            None if extension(path).as_deref() == Some("dbf") => {
                let mut set = Self::beside(path, &all);
                set.files = set.files.map(|file| {
                    file.filter(|file| file == path || extension(file).as_deref() == Some("cpg"))
                });
                vec![set]
            }
            None => Vec::new(),
        }
    }

    /// The shapefile of a `.shp`, or of a file without one. An exact match of the name precedes one in another case.
    fn beside(shp: &Path, all: &[PathBuf]) -> Self {
        let stem = shp.file_stem().unwrap_or_default();
        let files = COUNTED.map(|wanted| {
            if extension(shp).as_deref() == Some(wanted) {
                return Some(shp.to_path_buf());
            }
            let mut fitting = all.iter().filter(|file| {
                let name = file.file_stem().unwrap_or_default().to_string_lossy();
                extension(file).as_deref() == Some(wanted) && same(&name, &stem.to_string_lossy())
            });
            let exact = fitting.clone().find(|file| file.file_stem() == Some(stem));
            exact.or_else(|| fitting.next()).cloned()
        });
        Self { files }
    }

    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().flatten().map(PathBuf::as_path)
    }

    /// The file name of its `.shp`.
    pub fn name(&self) -> String {
        let first = self.paths().next().and_then(Path::file_name).unwrap_or_default();
        first.to_string_lossy().into_owned()
    }

    /// The file name without its extension: the name of the layer.
    pub fn layer(&self) -> String {
        stem_of(&self.name()).to_owned()
    }

    /// Takes the contents of its files from an iterator over many.
    pub fn take(&self, contents: &mut impl Iterator<Item = Vec<u8>>) -> Members {
        let [shp, dbf, shx, prj, cpg] =
            self.files.each_ref().map(|file| file.as_ref().and_then(|_| contents.next()));
        Members { shp, dbf, shx, prj, cpg }
    }
}

/// Whether a file accompanies a `.shp`, by its name.
pub(in super::super) fn is_sidecar(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.ends_with(".shp.xml")
        || lower.rsplit_once('.').is_some_and(|(_, ending)| {
            COUNTED.iter().skip(1).chain(&OTHERS).any(|known| *known == ending)
        })
}

/// The shared name of the files of a shapefile.
pub(in super::super) fn stem_of(name: &str) -> &str {
    let cut = if name.to_lowercase().ends_with(".shp.xml") {
        8
    } else {
        name.rsplit_once('.').map_or(0, |(_, ending)| ending.len() + 1)
    };
    name.get(..name.len().saturating_sub(cut)).unwrap_or(name)
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_string_lossy().to_lowercase())
}
