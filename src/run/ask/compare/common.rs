//! The sites that two runs scored, in each run's version and in one order.

use super::folder::{Folder, Origin, Written};
use super::records::{had, is_same};
use crate::run::Sites;
use crate::scoring::Scheme;
use std::collections::BTreeMap;

/// The sites of both runs, in each run's version and in one order.
pub(super) struct Common {
    pub old: Sites,
    pub new: Sites,
    /// The index of each site, by its id.
    pub places: BTreeMap<String, usize>,
    /// Whether any site differs.
    pub any_changed: bool,
}

impl Common {
    pub fn of(folders: [&Folder; 2], both: &[[&Written; 2]], schemes: [&Scheme; 2]) -> Self {
        let index = folders.map(|folder| {
            let sites = folder.sites.0.sites.list.iter().enumerate();
            sites.map(|(at, site)| (site.id.as_str(), at)).collect::<BTreeMap<_, _>>()
        });
        let [old_index, new_index] = &index;
        let [old_folder, new_folder] = folders;
        let (mut old_sites, mut new_sites) = (Vec::new(), Vec::new());
        let mut places = BTreeMap::new();
        let mut any_changed = false;
        for [old, new] in both {
            let (old_world, old_from) = &old_folder.sites;
            let (new_world, new_from) = &new_folder.sites;
            let was = had(&old_world.sites, *old_from, old_index, &old.id, old.parts);
            let is = had(&new_world.sites, *new_from, new_index, &new.id, new.parts);
            let Some((was, is)) = was.zip(is) else { continue };
            let same = is_same(was, is, schemes);
            // Of two equal sites, one that was read from a file has its shape and its parts.
            let one = if is.from == Origin::Layer { was } else { is };
            let (was, is) = if same { (one, one) } else { (was, is) };
            any_changed |= !same;
            places.insert(new.id.clone(), places.len());
            old_sites.push((was.site.clone(), was.parts.to_vec()));
            new_sites.push((is.site.clone(), is.parts.to_vec()));
        }
        let sites = |all: Vec<_>| {
            let (list, linked) = all.into_iter().unzip();
            Sites::new(list, linked)
        };
        Self { old: sites(old_sites), new: sites(new_sites), places, any_changed }
    }
}
