//! Serves a folder of layers: of a run, of a batch, or any GeoJSON files.

use super::collection::Collection;
use super::snapshot::{OVER_TIME, SERVED, Set, Snapshot, rev};
use crate::layers::{Column, sites_over_time};
use crate::run::{Cancel, Case, LayerName, Performed, Rules, World, with_layers};
use crate::scoring::Scheme;
use crate::sinks::place::RECEIPT;
use crate::sources::Source;
use crate::{Code, Error, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    let receipt = receipt(folder);
    let known = known(&scheme(folder))?;
    let mut collections = Vec::new();
    let mut sets = Vec::new();
    for Layer { name, file, prefix, .. } in &files {
        cancel.check()?;
        let text = Source::path(file).read_bytes()?;
        let layer = name.strip_prefix(prefix.as_str()).unwrap_or(name);
        let columns = known.iter().find(|(known, _, _)| *known == layer);
        let (about, columns) =
            columns.map_or(("", &[][..]), |(_, about, of)| (about, of.as_slice()));
        collections.push(Collection::read(name, about, text, columns)?);
    }
    if files.iter().any(|layer| layer.of.is_none()) {
        sets.push(Set::of(&collections, "", "", ""));
    }
    let over_time = files.iter().filter_map(|layer| Some((layer, layer.of.as_ref()?)));
    sets.extend(
        over_time
            .map(|(layer, [region, scheme])| Set::of(&collections, &layer.prefix, region, scheme)),
    );
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
        sets,
        notes: Vec::new(),
        grounds: None,
    })
}

/// The files whose change tells that a folder has changed: its receipt, which is written last, else its layers.
pub fn watched(folder: &Path) -> Vec<PathBuf> {
    let receipt = folder.join(RECEIPT);
    if receipt.exists() {
        return vec![receipt];
    }
    layers(folder).unwrap_or_default().into_iter().map(|layer| layer.file).collect()
}

/// A layer in a folder.
struct Layer {
    /// The name of its collection.
    name: String,
    file: PathBuf,
    /// What its name has before that of the layer.
    prefix: String,
    /// The region and the scheme of the sites over time, by the names of their folders.
    of: Option<[String; 2]>,
}

/// The layers of a folder, in the order of a run's layers and then by name.
fn layers(folder: &Path) -> Result<Vec<Layer>> {
    let mut found = Vec::new();
    for file in files(folder)? {
        let name = file.file_stem().map(|name| name.to_string_lossy().into_owned());
        if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("geojson")) {
            found.extend(name.map(|name| Layer { name, file, prefix: String::new(), of: None }));
        }
    }
    let place = |name: &str| {
        let word = name.split('_').next().unwrap_or(name);
        LayerName::ALL.iter().position(|layer| layer.word() == word).unwrap_or(LayerName::ALL.len())
    };
    found.sort_by(|a, b| place(&a.name).cmp(&place(&b.name)).then_with(|| a.name.cmp(&b.name)));
    let mut over_time = Vec::new();
    below(folder, DEPTH, &mut over_time)?;
    over_time.sort();
    let several = over_time.len() > 1;
    for file in over_time {
        let inside = file.parent().and_then(|parent| parent.strip_prefix(folder).ok());
        let parts = inside.into_iter().flat_map(Path::components);
        let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
        let prefix = if several { parts.join("-") + "-" } else { String::new() };
        let of = match parts.as_slice() {
            [region @ .., scheme] => [region.join("-"), scheme.to_string()],
            [] => [String::new(), String::new()],
        };
        found.push(Layer { name: format!("{prefix}{}", OVER_TIME.0), file, prefix, of: Some(of) });
    }
    Ok(found)
}

/// The sites over time of the folders below one.
fn below(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<()> {
    for path in files(folder)? {
        if path.is_dir() && depth > 0 {
            let over_time = path.join(OVER_TIME.0).with_extension("geojson");
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
pub fn receipt(folder: &Path) -> Value {
    let text = Source::path(folder.join(RECEIPT)).read_bytes().unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or(Value::Null)
}

/// The folders of runs in a folder: itself, or the frames of a batch, each with its region and scheme by the names of their
/// folders.
///
/// # Errors
/// A folder that cannot be read.
pub fn runs(folder: &Path) -> Result<Vec<(Option<[String; 2]>, PathBuf)>> {
    let mut all = Vec::new();
    for layer in layers(folder)? {
        let Some((of, parent)) = layer.of.zip(layer.file.parent()) else { continue };
        let frames = files(parent)?.into_iter().filter(|path| path.join(RECEIPT).is_file());
        all.extend(frames.map(|frame| (Some(of.clone()), frame)));
    }
    if all.is_empty() {
        all.push((None, folder.to_owned()));
    }
    all.sort();
    Ok(all)
}

/// The scheme of a folder, by the receipt of its first run; the default one if it has none.
fn scheme(folder: &Path) -> Scheme {
    let first = runs(folder).ok().and_then(|runs| runs.into_iter().next());
    let values = first.and_then(|(_, run)| receipt(&run).pointer("/scheme/values").cloned());
    values.and_then(|values| serde_json::from_value(values).ok()).unwrap_or_default()
}

/// The columns of the layers that a run under a scheme writes, with what they hold.
fn known(scheme: &Scheme) -> Result<Vec<(&'static str, &'static str, Vec<Column>)>> {
    let rules = Rules { scheme: scheme.clone(), ..Rules::default() };
    let case = Case::new(Arc::new(World::default()), &rules)?;
    let mut all = Vec::new();
    for (name, about) in SERVED {
        with_layers(&case, &Performed::default(), name, |layer| {
            all.push((layer.name(), about, layer.columns().to_vec()));
        })?;
    }
    let (name, about) = OVER_TIME;
    all.push((name, about, sites_over_time(&[], true).columns().to_vec()));
    Ok(all)
}
