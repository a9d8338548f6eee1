//! Reading everything a run was given, so that what is read is either used or set aside with a
//! reason: sites with their linked parts, incidents and receptors in the order of their ids.

use super::collected::Collected;
use super::merge::merge;
use super::request::Request;
use super::{Cancel, Watch};
use crate::earth::Bounds;
use crate::model::{Findings, Incident, Own, Part, Receptor, ReceptorKind, Site};
use crate::sources::{self, Reading};
use crate::{Error, Result};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One input file, and what became of its records.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// What it was given as: `sites`, `incidents`, `receptors`.
    pub role: &'static str,
    /// Its name.
    pub file: Arc<str>,
    /// What its columns were recognized as.
    pub layout: String,
    /// What its bytes were taken for.
    pub format: String,
    /// BLAKE3 of its bytes.
    pub hash: String,
    /// Records in it.
    pub read: u64,
    /// Those set aside while reading.
    pub set_aside: u64,
    /// Those that were not asked for.
    pub left_out: u64,
    /// Those set aside as reports of an event that another file reports too.
    pub merged: u64,
    /// Words of types that are not known, with how many records have each.
    pub unknown_types: Vec<(String, u64)>,
}

/// Everything a run was given.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    /// Sites to score, in the order of the files.
    pub sites: Vec<Site>,
    /// For each site, the parts linked to it.
    pub linked: Vec<Vec<Site>>,
    /// Incidents in the order of their ids.
    pub incidents: Vec<Incident>,
    /// Receptors in the order of their kinds and ids.
    pub receptors: Vec<Receptor>,
    /// Kinds of which a file was given, though it may hold none.
    pub kinds: BTreeSet<ReceptorKind>,
    /// Kinds of which a file is one page of many, with why.
    pub(super) partial: BTreeMap<ReceptorKind, String>,
    /// Sites left out because they lie outside the box asked for.
    pub outside: usize,
    /// For each file of incidents, when and where it collected.
    pub(super) collected: Vec<Collected>,
    /// The files.
    pub inputs: Vec<Input>,
    /// What was found wrong.
    pub findings: Findings,
}

/// Reads all inputs of a request, and keeps the sites of its box.
///
/// # Errors
/// The first file that cannot be read or is in no known layout.
pub fn gather(request: &Request, watch: &dyn Watch, cancel: &Cancel) -> Result<Gathered> {
    let mut all = read(request, watch, cancel)?;
    all.choose(request.bbox);
    Ok(all)
}

/// Reads all inputs of a request, whatever its box: the sites and their parts still stand side by side,
/// until a box is [chosen](Gathered::choose).
///
/// # Errors
/// The first file that cannot be read or is in no known layout.
pub(super) fn read(request: &Request, watch: &dyn Watch, cancel: &Cancel) -> Result<Gathered> {
    let files = request.sites.len() + request.incidents.len() + request.receptors.len();
    watch.stage("reading", u64::try_from(files).ok());
    let step = || {
        watch.advance(1);
        cancel.check()
    };
    let mut sites = Vec::new();
    for source in &request.sites {
        sites.push(sources::read_sites(source, &request.read)?);
        step()?;
    }
    let mut incidents = Vec::new();
    for source in &request.incidents {
        incidents.push(sources::read_incidents(source, &request.read)?);
        step()?;
    }
    let count: usize = incidents.iter().map(|reading| reading.items.len()).sum();
    if count > request.read.incident_columns.most() {
        let items = incidents.iter_mut().flat_map(|reading| &mut reading.items);
        items.for_each(|incident| incident.own = Own::default());
    }
    let mut receptors = Vec::new();
    for (kind, source) in &request.receptors {
        receptors.push(sources::read_receptors(source, *kind, &request.read)?);
        step()?;
    }
    sources::unique_across(&mut sites);
    sources::unique_across(&mut incidents);
    sources::unique_across(&mut receptors);

    let mut all = Gathered::default();
    let pages = receptors.iter().filter_map(|reading| Some((reading, reading.partial.as_ref()?)));
    for (Reading { items, file, .. }, why) in pages {
        for receptor in items {
            all.partial.entry(receptor.kind).or_insert_with(|| format!("{file} {why}"));
        }
    }
    all.sites = all.take("sites", sites);
    // Merged reports are out of the counts, but their files did collect on their days.
    let since = request.read.rows.since;
    all.collected = incidents.iter().flat_map(|reading| Collected::of(reading, since)).collect();
    let before = all.inputs.len();
    let (merged, findings) = merge(&mut incidents, request.merge_sources);
    all.incidents = all.take("incidents", incidents);
    for (input, merged) in all.inputs.iter_mut().skip(before).zip(merged) {
        input.merged = merged;
    }
    findings.into_iter().for_each(|finding| all.findings.push(finding));
    all.receptors = all.take("receptors", receptors);
    all.kinds = request.receptors.iter().filter_map(|(kind, _)| *kind).collect();
    all.kinds.extend(all.receptors.iter().map(|receptor| receptor.kind));
    all.incidents.par_sort_by(|a, b| a.id.cmp(&b.id));
    all.receptors.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.id.cmp(&b.id)));
    Ok(all)
}

impl Gathered {
    /// Keeps the sites within a box, all of them where there is none, and puts parts with the site they
    /// belong to.
    pub(super) fn choose(&mut self, bounds: Option<Bounds>) {
        let mut sites = std::mem::take(&mut self.sites);
        if let Some(bounds) = bounds {
            let before = sites.len();
            let grouped: BTreeSet<String> = sites
                .iter()
                .filter(|site| bounds.contains(site.position))
                .filter_map(|site| site.group.clone())
                .collect();
            // A part outside the box stays with the site inside it.
            sites.retain(|site| {
                bounds.contains(site.position)
                    || site.group.as_ref().is_some_and(|g| grouped.contains(g))
            });
            self.outside = before - sites.len();
        }
        self.link(sites);
    }

    /// Takes over what was read, file by file.
    fn take<T>(&mut self, role: &'static str, readings: Vec<Reading<T>>) -> Vec<T> {
        let mut items = Vec::new();
        for reading in readings {
            self.inputs.push(Input {
                role,
                file: reading.file,
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
                // Of a single file nothing needs to be moved.
                true => items = reading.items,
                false => items.extend(reading.items),
            }
        }
        items
    }

    /// Puts the parts of each group with the site they belong to: the group's first mine, or its
    /// first part where it has none.
    fn link(&mut self, sites: Vec<Site>) {
        let mut heads: BTreeMap<String, usize> = BTreeMap::new();
        for (index, site) in sites.iter().enumerate() {
            let Some(group) = &site.group else { continue };
            heads
                .entry(group.clone())
                .and_modify(|head| {
                    let better = site.part == Part::Mine
                        && sites.get(*head).is_some_and(|known| known.part != Part::Mine);
                    if better {
                        *head = index;
                    }
                })
                .or_insert(index);
        }
        let mut place_of: BTreeMap<usize, usize> = BTreeMap::new();
        let mut rest = Vec::new();
        for (index, site) in sites.into_iter().enumerate() {
            match site.group.as_ref().and_then(|group| heads.get(group)) {
                Some(&head) if head != index => rest.push((head, site)),
                head => {
                    if head.is_some() {
                        place_of.insert(index, self.sites.len());
                    }
                    self.sites.push(site);
                    self.linked.push(Vec::new());
                }
            }
        }
        for (head, part) in rest {
            if let Some(parts) = place_of.get(&head).and_then(|&at| self.linked.get_mut(at)) {
                parts.push(part);
            }
        }
    }

    /// The position in [`sites`](Self::sites) of the site that a user calls by id or by name.
    ///
    /// # Errors
    /// No such site, or several of that name; the hint names the nearest ones.
    pub fn site_called(&self, called: &str) -> Result<usize> {
        if let Some(at) = self.sites.iter().position(|site| site.id == called) {
            return Ok(at);
        }
        let wanted = called.trim().to_lowercase();
        let named: Vec<usize> = (0..self.sites.len())
            .filter(|&at| {
                self.sites.get(at).is_some_and(|site| {
                    site.name.to_lowercase() == wanted || site.id.to_lowercase() == wanted
                })
            })
            .collect();
        match named.as_slice() {
            [only] => Ok(*only),
            [] => {
                let error = Error::usage(format!("no site has the id or name \"{called}\""));
                let mut near: Vec<(f64, &Site)> = self
                    .sites
                    .iter()
                    .map(|site| {
                        let by = |text: &str| strsim::jaro_winkler(&text.to_lowercase(), &wanted);
                        (by(&site.name).max(by(&site.id)), site)
                    })
                    .filter(|(likeness, _)| *likeness > 0.75)
                    .collect();
                near.sort_by(|a, b| b.0.total_cmp(&a.0));
                let names: Vec<String> = near
                    .iter()
                    .take(3)
                    .map(|(_, site)| format!("{} ({})", site.name, site.id))
                    .collect();
                Err(if names.is_empty() {
                    error.with_hint(
                        "ids and names stand in sites.geojson, in the features' id and name",
                    )
                } else {
                    error.with_hint(format!("did you mean {}", names.join(", ")))
                })
            }
            several => {
                let ids: Vec<&str> = several
                    .iter()
                    .filter_map(|&at| self.sites.get(at).map(|site| site.id.as_str()))
                    .take(5)
                    .collect();
                Err(Error::usage(format!("{} sites are called \"{called}\"", several.len()))
                    .with_hint(format!("ask by id: {}", ids.join(", "))))
            }
        }
    }
}
