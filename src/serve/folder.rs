//! Serves a folder of layers: of a run, of a batch, or any GeoJSON files.

use super::collection::Collection;
use super::snapshot::{Snapshot, rev};
use crate::layers::Column;
use crate::run::{self, Cancel, Case, LayerName, Unwatched, with_layers};
use crate::sinks::place::RECEIPT;
use crate::sources::Source;
use crate::{Code, Error, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The sites over time of a region under a scheme, as a batch writes them two folders down.
const OVER_TIME: &str = "sites_over_time.geojson";

/// How many folders down layers are looked for.
const DEPTH: usize = 2;

/// The layers of a folder.
///
/// # Errors
/// A folder without layers; a file that cannot be read or is no GeoJSON.
pub fn read(folder: &Path, cancel: &Cancel) -> Result<Snapshot> {
    let files = layers(folder)?;
    if files.is_empty() {
        let why = format!("{}: holds no GeoJSON layer", folder.display());
        return Err(Error::data(Code::TableMissing, why).with_hint(
            "a folder that score or batch wrote, or any with files that end in .geojson",
        ));
    }
    let known = known();
    let mut collections = Vec::new();
    for (name, file) in files {
        cancel.check()?;
        let text = Source::path(&file).read_bytes()?;
        let columns = known.iter().find(|(layer, _, _)| name.ends_with(layer));
        let (about, columns) =
            columns.map_or(("", &[][..]), |(_, about, of)| (about, of.as_slice()));
        collections.push(Collection::read(&name, about, &text, columns)?);
    }
    let receipt = receipt(folder);
    let text = |path: &[&str]| {
        let found = path.iter().try_fold(&receipt, |value, key| value.get(key));
        found.and_then(Value::as_str).map(str::to_owned)
    };
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Snapshot {
        title: name.unwrap_or_else(|| "Layers".to_owned()),
        rev: rev(&collections, &[]),
        as_of: text(&["as_of"]),
        scheme: text(&["scheme", "name"]),
        collections,
        ground: None,
    })
}

/// The files whose change tells that a folder has changed: its receipt, which is written last, else its layers.
pub fn watched(folder: &Path) -> Vec<PathBuf> {
    let receipt = folder.join(RECEIPT);
    if receipt.exists() {
        return vec![receipt];
    }
    layers(folder).unwrap_or_default().into_iter().map(|(_, file)| file).collect()
}

/// The layers of a folder with their names, in the order of a run's layers and then by name.
fn layers(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for file in files(folder)? {
        let name = file.file_stem().map(|name| name.to_string_lossy().into_owned());
        if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("geojson")) {
            found.extend(name.map(|name| (name, file)));
        }
    }
    let place = |name: &str| {
        let word = name.split('_').next().unwrap_or(name);
        LayerName::ALL.iter().position(|layer| layer.word() == word).unwrap_or(LayerName::ALL.len())
    };
    found.sort_by(|(a, _), (b, _)| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    let mut over_time = Vec::new();
    below(folder, DEPTH, &mut over_time)?;
    over_time.sort();
    let several = over_time.len() > 1;
    for file in over_time {
        let inside = file.parent().and_then(|parent| parent.strip_prefix(folder).ok());
        let parts = inside
            .into_iter()
            .flat_map(Path::components)
            .map(|part| part.as_os_str().to_string_lossy());
        let parts: Vec<_> = parts.chain(["sites_over_time".into()]).collect();
        found.push((if several { parts.join("-") } else { "sites_over_time".to_owned() }, file));
    }
    Ok(found)
}

/// The sites over time of the folders below one.
fn below(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<()> {
    for path in files(folder)? {
        if path.is_dir() && depth > 0 {
            let over_time = path.join(OVER_TIME);
            if over_time.is_file() {
                found.push(over_time);
            }
            below(&path, depth - 1, found)?;
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error| Error::io(folder, error);
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(failed)).collect()
}

/// The receipt of a folder; null if it has none that can be read.
fn receipt(folder: &Path) -> Value {
    let text = Source::path(folder.join(RECEIPT)).read_bytes().unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or(Value::Null)
}

/// The columns of the layers that a run writes, with what they hold: those of the built-in case.
fn known() -> Vec<(&'static str, &'static str, Vec<Column>)> {
    let described = || -> Result<_> {
        let case = Case::open(&run::demo(), &Unwatched, &Cancel::new())?;
        let performed = run::perform_exposed(&case, &Unwatched, &Cancel::new())?;
        let mut all = Vec::new();
        for (name, about) in super::snapshot::SERVED {
            with_layers(&case, &performed, name, |layer| {
                all.push((layer.name(), about, layer.columns().to_vec()));
            })?;
        }
        Ok(all)
    };
    // Without descriptions the columns are those of the file.
    described().unwrap_or_default()
}
