//! Builds a world from files or from records already read: every record is used, or set aside with a reason.

use super::collected::Collected;
use super::merge::merge;
use super::{Input, Sites, Streamed, World};
use crate::model::{Incident, Own, Receptor, Site};
use crate::run::{Cancel, Inputs, Watch};
use crate::sources::{self, Reading, Source};
use crate::{Code, Error, Result};
use rayon::prelude::*;
use std::sync::Arc;

impl World {
    /// Reads files, or bytes in memory.
    ///
    /// ```
    /// use tamarisk::run::{Cancel, Inputs, Unwatched, World};
    /// use tamarisk::sources::Source;
    ///
    /// let inputs = Inputs {
    ///     sites: vec![Source::path("data/balochistan/sites.csv")],
    ///     incidents: vec![Source::bytes(
    ///         "answer of a service",
    ///         &b"id,date,lon,lat,country,event_type\n1,2024-05-01,66.95,30.25,Pakistan,attack\n"[..],
    ///     )],
    ///     ..Inputs::default()
    /// };
    /// let world = World::read(&inputs, &Unwatched, &Cancel::new())?;
    /// assert_eq!((world.inputs.len(), world.incidents.len()), (2, 1));
    /// # Ok::<(), tamarisk::Error>(())
    /// ```
    ///
    /// # Errors
    /// The first file that cannot be read or is in no known layout.
    pub fn read(inputs: &Inputs, watch: &dyn Watch, cancel: &Cancel) -> Result<Self> {
        let files = inputs.sources().count();
        watch.stage("reading", u64::try_from(files).ok());
        let step = || {
            watch.advance(1);
            cancel.check()
        };
        let mut sites = Vec::new();
        let mut streamed = None;
        for source in &inputs.sites {
            let reading;
            (reading, streamed) = Streamed::read(source, inputs)?;
            sites.push(reading);
            step()?;
        }
        let incidents = incidents_of(inputs, step)?;
        let mut receptors = Vec::new();
        for (kind, source) in &inputs.receptors {
            receptors.push(sources::read_receptors(source, *kind, &inputs.read)?);
            step()?;
        }
        let mut world = Self::of(inputs, sites, incidents, receptors);
        world.add_rasters(inputs, step)?;
        if let Some(streamed) = streamed {
            world.sites = streamed.none();
            world.streamed = Some(streamed);
        }
        Ok(world)
    }

    /// Builds a world from files already read, or from records of another origin
    /// ([`Reading::of`]). Only the read options and the receptor kinds with a file are taken
    /// from `inputs`.
    ///
    /// ```
    /// use tamarisk::earth::Position;
    /// use tamarisk::model::Site;
    /// use tamarisk::run::{Inputs, World};
    /// use tamarisk::sources::Reading;
    ///
    /// let pits = [("a", 66.9, 30.2), ("b", 66.6, 25.4)];
    /// let sites: Vec<Site> = pits
    ///     .iter()
    ///     .filter_map(|&(id, lon, lat)| Some(Site::at(id, id, Position::from_degrees(lon, lat)?, None)))
    ///     .collect();
    /// let world = World::of(&Inputs::default(), vec![Reading::of("pits", sites, false)], vec![], vec![]);
    /// assert_eq!(world.sites.list.len(), 2);
    /// ```
    pub fn of(
        inputs: &Inputs,
        mut sites: Vec<Reading<Site>>,
        incidents: Vec<Reading<Incident>>,
        mut receptors: Vec<Reading<Receptor>>,
    ) -> Self {
        sources::unique_across(&mut sites);
        sources::unique_across(&mut receptors);
        let mut world = Self { read: inputs.read.clone(), ..Self::default() };
        let pages =
            receptors.iter().filter_map(|reading| Some((reading, reading.partial.as_ref()?)));
        for (Reading { items, file, .. }, why) in pages {
            for receptor in items {
                world.partial.entry(receptor.kind).or_insert_with(|| format!("{file} {why}"));
            }
        }
        world.sites = Sites::link(world.take("sites", sites));
        world.add_incidents(inputs, incidents);
        let mut receptors = world.take("receptors", receptors);
        world.kinds = inputs.receptors.iter().filter_map(|(kind, _)| *kind).collect();
        world.kinds.extend(receptors.iter().map(|receptor| receptor.kind));
        receptors.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.id.cmp(&b.id)));
        world.receptors = Arc::new(receptors);
        for (input, (_, kind, source)) in world.inputs.iter_mut().zip(inputs.sources()) {
            input.kind = kind;
            input.layer = source.layer().map(Arc::from);
        }
        world
    }

    /// Reads incidents for a world without any: with its receptors, whose trees are shared, and its rasters.
    ///
    /// # Errors
    /// A file that cannot be read; the world already has sites or incidents.
    pub fn with_incidents(&self, inputs: &Inputs) -> Result<Self> {
        if self.inputs.iter().any(|input| matches!(input.role, "sites" | "incidents")) {
            let there = "there are sites or incidents already";
            return Err(Error::usage(Code::SettingsConflict, there));
        }
        let incidents = incidents_of(inputs, || Ok(()))?;
        self.indexed_receptors();
        let mut world = self.shared();
        world.add_incidents(inputs, incidents);
        for (input, source) in world.inputs.iter_mut().zip(&inputs.incidents) {
            input.layer = source.layer().map(Arc::from);
        }
        world.inputs.extend(self.inputs.iter().cloned());
        world.findings.append(self.findings.clone());
        Ok(world)
    }

    /// Reads other sites for the same world: files, counts and findings as if it had been read with them.
    ///
    /// # Errors
    /// A file that cannot be read; the world already has sites.
    pub(in crate::run) fn with_sites(&self, files: &[Source]) -> Result<Self> {
        if self.inputs.iter().any(|input| input.role == "sites") {
            return Err(Error::usage(Code::SettingsConflict, "there are sites already"));
        }
        let read = |source| sources::read_sites(source, &self.read);
        let mut sites: Vec<Reading<Site>> = files.iter().map(read).collect::<Result<_>>()?;
        sources::unique_across(&mut sites);
        let mut world = self.shared();
        world.sites = Sites::link(world.take("sites", sites));
        for (input, source) in world.inputs.iter_mut().zip(files) {
            input.layer = source.layer().map(Arc::from);
        }
        world.inputs.extend(self.inputs.iter().cloned());
        world.findings.append(self.findings.clone());
        Ok(world)
    }

    /// The records of this world but for sites, without its inputs and findings.
    fn shared(&self) -> Self {
        Self {
            incidents: Arc::clone(&self.incidents),
            receptors: Arc::clone(&self.receptors),
            kinds: self.kinds.clone(),
            rasters: Arc::clone(&self.rasters),
            partial: self.partial.clone(),
            collected: self.collected.clone(),
            read: self.read.clone(),
            indexed: self.indexed.clone(),
            ..Self::default()
        }
    }

    /// Adds incidents, their files and findings, and when and where they were collected.
    fn add_incidents(&mut self, inputs: &Inputs, mut incidents: Vec<Reading<Incident>>) {
        sources::unique_across(&mut incidents);
        // Merged duplicates do not count, but their files did collect on their days.
        let since = inputs.read.rows.since;
        let collected = incidents.iter().flat_map(|reading| Collected::of(reading, since));
        self.collected = collected.collect();
        let before = self.inputs.len();
        let (merged, findings) = merge(&mut incidents, inputs.merge_sources);
        let mut incidents = self.take("incidents", incidents);
        for (input, merged) in self.inputs.iter_mut().skip(before).zip(merged) {
            input.merged = merged;
        }
        findings.into_iter().for_each(|finding| self.findings.push(finding));
        // No two have the same id. A stable sort would take a copy of all of them.
        incidents.par_sort_unstable_by(|a, b| a.id.cmp(&b.id));
        self.incidents = Arc::new(incidents);
    }

    /// Adds the input and findings of each file, and returns its items.
    fn take<T>(&mut self, role: &'static str, readings: Vec<Reading<T>>) -> Vec<T> {
        let mut items = Vec::new();
        for reading in readings {
            self.inputs.push(Input {
                role,
                file: reading.file,
                kind: None,
                raster: None,
                layer: None,
                layout: reading.layout,
                format: reading.format,
                hash: reading.hash,
                read: reading.read,
                set_aside: reading.set_aside,
                left_out: reading.left_out,
                merged: 0,
                unknown_types: reading.unknown_types,
            });
            self.findings.append(reading.findings);
            match items.is_empty() {
                // A single file needs no copying.
                true => items = reading.items,
                false => items.extend(reading.items),
            }
        }
        items
    }
}

/// Reads the files of incidents.
fn incidents_of(inputs: &Inputs, step: impl Fn() -> Result<()>) -> Result<Vec<Reading<Incident>>> {
    let mut incidents = Vec::new();
    for source in &inputs.incidents {
        incidents.push(sources::read_incidents(source, &inputs.read)?);
        step()?;
    }
    let count: usize = incidents.iter().map(|reading| reading.items.len()).sum();
    if count > inputs.read.incident_columns.most() {
        let items = incidents.iter_mut().flat_map(|reading| &mut reading.items);
        items.for_each(|incident| incident.own = Own::default());
    }
    Ok(incidents)
}
