//! Variants of a world: with other incidents, or assembled from records read at different times.

use super::{Sites, World};
use crate::model::{Incident, Receptor, ReceptorKind};
use crate::{Code, Error, Result};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

impl World {
    /// The same world without the incidents with some ids and with additional ones. Everything else is shared:
    /// sites, receptors and their trees; when and where incidents were collected stays the same.
    ///
    /// # Errors
    /// An unknown id to remove, or an added id that exists already.
    pub fn changed(&self, without: &[String], with: Vec<Incident>) -> Result<Self> {
        let gone: BTreeSet<&str> = without.iter().map(String::as_str).collect();
        let known =
            |id: &str| self.incidents.binary_search_by(|one| one.id.as_str().cmp(id)).is_ok();
        if let Some(id) = gone.iter().find(|id| !known(id)) {
            return Err(Error::usage(
                Code::IncidentUnknown,
                format!("no incident has the id \"{}\"", id.escape_debug()),
            )
            .with_hint("ids are in the layer of incidents and in the output of explain"));
        }
        if let Some(one) = with.iter().find(|one| known(&one.id) && !gone.contains(&*one.id)) {
            return Err(Error::usage(
                Code::IncidentRepeated,
                format!("an incident has the id \"{}\" already", one.id),
            ));
        }
        let stays = self.incidents.iter().filter(|one| !gone.contains(&*one.id));
        let mut incidents: Vec<Incident> = stays.cloned().chain(with).collect();
        incidents.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self {
            sites: self.sites.clone(),
            streamed: self.streamed.clone(),
            incidents: Arc::new(incidents),
            receptors: Arc::clone(&self.receptors),
            kinds: self.kinds.clone(),
            rasters: Arc::clone(&self.rasters),
            inputs: self.inputs.clone(),
            findings: self.findings.clone(),
            partial: self.partial.clone(),
            collected: self.collected.clone(),
            read: self.read.clone(),
            indexed: self.indexed.clone(),
            around: OnceLock::new(),
        })
    }

    /// Some sites and incidents with the receptors of this world, whose trees are shared. The result has no input
    /// files and no collection periods: a case of it needs [given ones](crate::run::Case::with_collections).
    pub(in crate::run) fn put_together(&self, sites: Sites, mut incidents: Vec<Incident>) -> Self {
        incidents.sort_by(|a, b| a.id.cmp(&b.id));
        self.indexed_receptors();
        Self {
            sites,
            incidents: Arc::new(incidents),
            receptors: Arc::clone(&self.receptors),
            kinds: self.kinds.clone(),
            rasters: Arc::clone(&self.rasters),
            indexed: self.indexed.clone(),
            ..Self::default()
        }
    }

    /// A world with only receptors, sorted by kind and id; `kinds` are those with a file.
    pub(in crate::run) fn of_receptors(
        receptors: Vec<Receptor>,
        kinds: BTreeSet<ReceptorKind>,
    ) -> Self {
        Self { receptors: Arc::new(receptors), kinds, ..Self::default() }
    }
}
