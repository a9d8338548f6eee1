//! A world with other incidents: what would be, had some not been reported or others been.

use super::World;
use crate::model::Incident;
use crate::{Code, Error, Result};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

impl World {
    /// The same world without the incidents of some ids and with others. All else is shared: sites, receptors and
    /// their trees; when and where incidents were collected stays as the files tell it.
    ///
    /// # Errors
    /// An id that no incident has, or that one to add has in common with another.
    pub fn changed(&self, without: &[String], with: Vec<Incident>) -> Result<Self> {
        let gone: BTreeSet<&str> = without.iter().map(String::as_str).collect();
        let known =
            |id: &str| self.incidents.binary_search_by(|one| one.id.as_str().cmp(id)).is_ok();
        if let Some(id) = gone.iter().find(|id| !known(id)) {
            return Err(Error::usage(
                Code::IncidentUnknown,
                format!("no incident has the id \"{}\"", id.escape_debug()),
            )
            .with_hint("ids stand in the layer of incidents and in what explain lists"));
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
            incidents: Arc::new(incidents),
            receptors: Arc::clone(&self.receptors),
            kinds: self.kinds.clone(),
            inputs: self.inputs.clone(),
            findings: self.findings.clone(),
            partial: self.partial.clone(),
            collected: self.collected.clone(),
            read: self.read.clone(),
            indexed: self.indexed.clone(),
            around: OnceLock::new(),
        })
    }
}
