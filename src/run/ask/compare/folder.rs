//! Reads an output folder again: its written scores, and the records behind them. Records come from the input
//! files if these still exist with the same bytes; else from the folder's own layers; else they are unknown,
//! with a reason.

use super::receipt::{Input, Receipt};
use crate::earth::Position;
use crate::model::{Site, Value};
use crate::run::{Cancel, Format, Inputs, LayerName, Sites, Unwatched, World, demo};
use crate::scoring::Scheme;
use crate::sources::{Keep, ReadOptions, Source, read_incidents, read_sites};
use crate::{Code, Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where to look for the input files, and how to read them again.
#[derive(Debug, Clone, Default)]
pub struct Lookup {
    /// Folders and files; a file is identified by its name and its hash.
    pub places: Vec<PathBuf>,
    /// Read options of the runs, if not the defaults.
    pub read: ReadOptions,
}

/// The origin of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The input files.
    Files,
    /// The folder's own layer.
    Layer,
}

impl Origin {
    pub fn word(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Layer => "layer",
        }
    }
}

/// The records of a role, or why they are unknown.
pub(super) type Records = Result<(Arc<World>, Origin), String>;

/// A site as written in its folder.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub id: String,
    pub name: String,
    pub position: Position,
    /// Security, environment, overall, each with its band.
    pub scores: [(Option<f64>, String); 3],
    /// The number of parts linked to it.
    pub parts: Option<f64>,
}

/// A folder with the records behind its scores.
#[derive(Debug)]
pub(super) struct Folder {
    pub receipt: Receipt,
    pub written: Vec<Written>,
    pub scheme: Result<Scheme, String>,
    pub sites: (Arc<World>, Origin),
    pub incidents: Records,
    pub receptors: Records,
}

/// Opens folders; files that two of them share are read once.
#[derive(Debug)]
pub(super) struct Opener<'a> {
    lookup: &'a Lookup,
    /// Records in memory, which are those of every folder that was written from the same bytes.
    given: Option<&'a Arc<World>>,
    cancel: &'a Cancel,
    known: Vec<(Key, Records)>,
}

/// The key of records that were read: the files of a role, and whether sources were merged.
#[derive(Debug, Clone, PartialEq)]
struct Key(Vec<Input>, bool);

impl<'a> Opener<'a> {
    pub fn new(lookup: &'a Lookup, given: Option<&'a Arc<World>>, cancel: &'a Cancel) -> Self {
        Self { lookup, given, cancel, known: Vec::new() }
    }

    /// The content of a folder; `place` is the folder or the receipt in it.
    ///
    /// # Errors
    /// The folder has no receipt or no layer of sites, or one that was changed since.
    pub fn open(&mut self, place: &Path) -> Result<Folder> {
        let folder = match place.parent().filter(|_| place.is_file()) {
            Some(parent) => parent,
            None => place,
        };
        let receipt = Receipt::of(folder)?;
        let no_sites = || {
            Error::data(
                Code::RunUnusable,
                format!("{}: has no layer of sites, and so no scores", folder.display()),
            )
            .with_hint("score it with ⟦layers=sites,incidents⟧ to compare it")
        };
        let layer = layer_of(folder, &receipt, LayerName::Sites)?.ok_or_else(no_sites)?;
        let sites = sites_of(&layer)?;
        let written = sites.iter().filter_map(Written::of).collect();
        let scheme = receipt.scheme();
        let sites = match self.files(&receipt, "sites")? {
            Ok(world) => (world, Origin::Files),
            Err(_) => {
                let linked = vec![Vec::new(); sites.len()];
                let sites = Sites::new(sites, linked);
                (Arc::new(World::default().put_together(sites, Vec::new())), Origin::Layer)
            }
        };
        let incidents = match self.files(&receipt, "incidents")? {
            Ok(world) => Ok((world, Origin::Files)),
            Err(why) => incidents_of(folder, &receipt, &why)?,
        };
        let receptors = self.files(&receipt, "receptors")?;
        let receptors = receptors
            .map(|world| (world, Origin::Files))
            .map_err(|why| format!("{why}, and no layer holds receptors"));
        Ok(Folder { receipt, written, scheme, sites, incidents, receptors })
    }

    /// The records of a role from its files, if all of them still exist unchanged.
    fn files(&mut self, receipt: &Receipt, role: &str) -> Result<Result<Arc<World>, String>> {
        let inputs: Vec<Input> = receipt.inputs_of(role).into_iter().cloned().collect();
        let of_world = |world: &&Arc<World>| {
            let read: Vec<&str> = world.inputs.iter().map(|input| input.hash.as_str()).collect();
            inputs.iter().all(|input| read.contains(&input.blake3.as_str()))
        };
        if let Some(world) = self.given.filter(of_world) {
            return Ok(Ok(Arc::clone(world)));
        }
        let key = Key(inputs, receipt.merge_sources && role == "incidents");
        if let Some((_, known)) = self.known.iter().find(|(known, _)| *known == key) {
            return Ok(known.clone().map(|(world, _)| world));
        }
        let read = match self.sources(&key.0) {
            Ok(sources) => self.read(role, &key, sources)?,
            Err(why) => Err(why),
        };
        self.known.push((key, read.clone().map(|world| (world, Origin::Files))));
        Ok(read)
    }

    fn sources(&self, inputs: &[Input]) -> Result<Vec<Source>, String> {
        let find = |input: &Input| {
            self.find(input)
                .ok_or_else(|| format!("{} is not there with the bytes that were read", input.file))
        };
        inputs.iter().map(find).collect()
    }

    /// Finds a file by its name and its bytes; one of several that belong together only by its name.
    fn find(&self, input: &Input) -> Option<Source> {
        let Input { file, layer, blake3, .. } = input;
        let here = [PathBuf::new()];
        let places = if self.lookup.places.is_empty() { &here[..] } else { &self.lookup.places };
        let path = |place: &PathBuf| {
            let inside = place.join(file);
            let named = place.file_name().is_some_and(|name| name.to_string_lossy() == *file);
            if named && place.exists() {
                Some(place.clone())
            } else {
                inside.exists().then_some(inside)
            }
        };
        let several = |path: &Path| {
            let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
            path.is_dir()
                || ending
                    .is_some_and(|ending| matches!(&*ending, "shp" | "shx" | "dbf" | "prj" | "cpg"))
        };
        let same = |source: &Source| source.hash().is_ok_and(|hash| hash == *blake3);
        let found = places.iter().filter_map(path);
        let found = found.map(|path| (several(&path), Source::path(&path), path));
        let mut found = found.filter(|(several, source, _)| *several || same(source));
        if let Some((_, source, path)) = found.next() {
            return Some(match layer {
                Some(layer) => Source::path(format!("{}:{layer}", path.display())),
                None => source,
            });
        }
        let demo = demo().inputs;
        let built_in = demo.sources().map(|(_, _, source)| source.clone());
        built_in.into_iter().find(|source| **source.name() == **file && same(source))
    }

    fn read(
        &self,
        role: &str,
        Key(inputs, merge_sources): &Key,
        sources: Vec<Source>,
    ) -> Result<Result<Arc<World>, String>> {
        let read = ReadOptions { incident_columns: Keep::Nothing, ..self.lookup.read.clone() };
        let mut asked = Inputs { read, merge_sources: *merge_sources, ..Inputs::default() };
        match role {
            "sites" => asked.sites = sources,
            "incidents" => asked.incidents = sources,
            _ => {
                let kinds = inputs.iter().map(Input::kind);
                asked.receptors = kinds.zip(sources).collect();
            }
        }
        let world = match World::read(&asked, &Unwatched, self.cancel) {
            Err(error) if error.is_interrupted() => return Err(error),
            Err(error) => return Ok(Err(error.to_string())),
            Ok(world) => world,
        };
        for (input, again) in inputs.iter().zip(&world.inputs) {
            let Input { file, blake3, used, .. } = input;
            if *blake3 != again.hash {
                return Ok(Err(format!("{file} is not there with the bytes that were read")));
            }
            let now = again.read - again.set_aside - again.merged - again.left_out;
            if now != *used {
                return Ok(Err(format!(
                    "{file} comes to {now} records that can be used, and the run had {used}: it was read with other options, such as ⟦~map⟧"
                )));
            }
        }
        Ok(Ok(Arc::new(world)))
    }
}

/// The file of a layer that a folder's run wrote, in any format; `None` if it wrote none.
///
/// # Errors
/// The file was changed since, or cannot be read.
fn layer_of(folder: &Path, receipt: &Receipt, layer: LayerName) -> Result<Option<Source>> {
    let word = layer.word();
    let formats = Format::ALL.iter().filter(|format| format.is_of_layers());
    let names = formats.map(|format| format!("{word}.{}", format.word()));
    let names: Vec<String> = names.chain(["risk.gpkg".to_owned()]).collect();
    let output = names.iter().find_map(|name| receipt.outputs.iter().find(|o| o.file == *name));
    let Some(output) = output else { return Ok(None) };
    let path = folder.join(&output.file);
    if Source::path(&path).hash()? != output.blake3 {
        return Err(Error::data(
            Code::FileChanged,
            format!("{}: was changed since it was written", path.display()),
        )
        .with_hint("its receipt has another hash of it; score the folder again"));
    }
    Ok(Some(match output.file.ends_with(".gpkg") {
        true => Source::path(format!("{}:{word}", path.display())),
        false => Source::path(path),
    }))
}

/// The sites of a layer, with its columns.
fn sites_of(layer: &Source) -> Result<Vec<Site>> {
    match read_sites(layer, &ReadOptions::default()) {
        Ok(reading) => Ok(reading.items),
        // A layer without sites has no columns either.
        Err(error) if error.is_data() && layer.read_text().is_ok_and(|text| is_empty(&text)) => {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

fn is_empty(text: &str) -> bool {
    let value: Result<serde_json::Value, _> = serde_json::from_str(text);
    value.is_ok_and(|value| {
        value.get("features").and_then(|list| list.as_array()).is_some_and(Vec::is_empty)
    })
}

/// The incidents that a folder's layer marks as used; `why` the files are not available.
fn incidents_of(folder: &Path, receipt: &Receipt, why: &str) -> Result<Records> {
    let world = |incidents| {
        let world = World::default().put_together(Sites::default(), incidents);
        Ok((Arc::new(world), Origin::Layer))
    };
    if receipt.incidents_scored() == 0 {
        return Ok(world(Vec::new()));
    }
    let Some(layer) = layer_of(folder, receipt, LayerName::Incidents)? else {
        return Ok(Err(format!(
            "{why}, and the folder has no layer of incidents (⟦layers=sites,incidents⟧ writes it)"
        )));
    };
    let mut read = ReadOptions { incident_columns: Keep::Nothing, ..ReadOptions::default() };
    // The type that weighted an incident takes precedence over the words of its source.
    read.map.add("incidents.sub_event_type=security_type")?;
    read.rows.add("incidents.used = true")?;
    let reading = read_incidents(&layer, &read)?;
    let count = u64::try_from(reading.items.len()).unwrap_or(u64::MAX);
    if count != receipt.incidents_scored() {
        return Ok(Err(format!(
            "{why}, and of its layer of incidents {count} can be read, not the {} that were scored",
            receipt.incidents_scored()
        )));
    }
    Ok(world(reading.items))
}

impl Written {
    fn of(site: &Site) -> Option<Self> {
        let value = |name: &str| site.columns.iter().find(|(c, _)| **c == *name).map(|(_, v)| v);
        let number = |name: &str| match value(name)? {
            Value::Number(number) => Some(*number),
            other => other.text()?.parse().ok(),
        };
        let score = |which: &str| {
            let band = value(&format!("{which}_band")).and_then(Value::text);
            (number(&format!("{which}_score")), band.unwrap_or_default())
        };
        Some(Self {
            id: site.id.clone(),
            name: site.name.clone(),
            position: site.position,
            scores: ["security", "environment", "overall"].map(score),
            parts: number("linked_parts"),
        })
    }
}
