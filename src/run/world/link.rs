//! Sites with their linked parts, and their selection by a box.

use crate::earth::Bounds;
use crate::layers::ColumnsMet;
use crate::model::{Part, Site};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Sites, each with the parts that are scored with it.
#[derive(Debug, Clone, Default)]
pub struct Sites {
    /// The sites, in the order of the files.
    pub list: Arc<Vec<Site>>,
    /// For each of them, the parts linked to it.
    pub linked: Arc<Vec<Vec<Site>>>,
    /// Their own columns, computed on first use.
    pub(in crate::run) met: Arc<OnceLock<ColumnsMet>>,
}

impl Sites {
    /// Links the parts of each group to its site: the group's first mine, or its first part if it has none.
    pub fn link(sites: Vec<Site>) -> Self {
        let mut kept: Vec<Site> = Vec::new();
        let mut linked: Vec<Vec<Site>> = Vec::new();
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
                        place_of.insert(index, kept.len());
                    }
                    kept.push(site);
                    linked.push(Vec::new());
                }
            }
        }
        for (head, part) in rest {
            if let Some(parts) = place_of.get(&head).and_then(|&at| linked.get_mut(at)) {
                parts.push(part);
            }
        }
        Self::new(kept, linked)
    }

    /// Sites, each with the parts that are linked to it.
    pub(in crate::run) fn new(list: Vec<Site>, linked: Vec<Vec<Site>>) -> Self {
        Self { list: Arc::new(list), linked: Arc::new(linked), met: Arc::default() }
    }

    /// A chunk of streamed sites, which have no parts, with the columns of all.
    pub(super) fn some(list: Vec<Site>, met: &Arc<OnceLock<ColumnsMet>>) -> Self {
        let linked = vec![Vec::new(); list.len()];
        Self { met: Arc::clone(met), ..Self::new(list, linked) }
    }

    /// The sites that are in a box, or have a part in it, and the number of sites and parts that leaves out.
    /// Without a box all sites are returned, and nothing is copied.
    pub fn within(&self, bounds: Option<Bounds>) -> (Self, usize) {
        let Some(bounds) = bounds else { return (self.clone(), 0) };
        let all = || self.list.iter().zip(self.linked.iter());
        // A part outside the box stays with the site inside it, and vice versa.
        let inside = |(site, parts): &(&Site, &Vec<Site>)| {
            std::iter::once(*site).chain(parts.iter()).any(|one| bounds.contains(one.position))
        };
        let left_out = all().filter(|one| !inside(one)).map(|(_, parts)| 1 + parts.len()).sum();
        let (list, linked) =
            all().filter(inside).map(|(site, parts)| (site.clone(), parts.clone())).unzip();
        (Self::new(list, linked), left_out)
    }
}
