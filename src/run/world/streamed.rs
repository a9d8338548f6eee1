//! Streamed sites: a file with more sites than are held in memory. It is read once to check it and to find the
//! columns of its sites, and again for each use, in chunks.

use super::Sites;
use crate::layers::ColumnsMet;
use crate::model::Site;
use crate::run::Inputs;
use crate::sources::{self, ReadOptions, Reading, Source};
use crate::{Code, Error, Result};
use std::sync::{Arc, OnceLock};

/// Most sites in memory for a run that can stream. With their measurements they take about 4 kB each. With
/// fewer per chunk, scattered over a continent, neighbors would be too far apart to share tree walks.
pub const MOST_HELD: usize = 1 << 15;

/// A file of sites that is read again for each use.
#[derive(Debug, Clone)]
pub struct Streamed {
    source: Source,
    read: ReadOptions,
    /// The hash of the file at the first reading.
    hash: String,
    /// The number of sites.
    count: usize,
    /// The chunk size.
    most: usize,
    /// The columns of all sites.
    met: Arc<OnceLock<ColumnsMet>>,
}

impl Streamed {
    /// Reads a file of sites. If it is the only one, can be read again, and has more sites than [are
    /// held](Inputs::most_held), none of which is part of a group, the reading contains no sites and the result
    /// streams them.
    ///
    /// # Errors
    /// Those of [`sources::read_sites`].
    pub(super) fn read(source: &Source, inputs: &Inputs) -> Result<(Reading<Site>, Option<Self>)> {
        let read = &inputs.read;
        let single = inputs.sites.len() == 1 && source.is_lasting();
        let Some(most) = inputs.most_held.filter(|_| single) else {
            return Ok((sources::read_sites(source, read)?, None));
        };
        let most = most.max(1);
        let (mut grouped, mut count, mut met) = (false, 0, ColumnsMet::default());
        let reading = sources::read_sites_through(source, read, &mut |sites| {
            grouped |= sites.iter().any(|site| site.group.is_some());
            if !grouped && (count > 0 || sites.len() > most) {
                met.merge(&ColumnsMet::of(sites));
                count += sites.len();
                sites.clear();
            }
            Ok(())
        })?;
        match count {
            0 => Ok((reading, None)),
            // The parts of a group may be anywhere in the file.
            _ if grouped => Ok((sources::read_sites(source, read)?, None)),
            _ => {
                let (hash, met) = (reading.hash.clone(), Arc::new(OnceLock::from(met)));
                let (source, read) = (source.clone(), read.clone());
                Ok((reading, Some(Self { source, read, hash, count, most, met })))
            }
        }
    }

    /// The number of sites.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Reads the file again and passes its sites to `take` in order, in chunks.
    ///
    /// # Errors
    /// A file that has changed since it was first read, or can no longer be read; and those of `take`.
    pub fn each(&self, take: &mut dyn FnMut(Sites) -> Result<()>) -> Result<()> {
        let reading = sources::read_sites_through(&self.source, &self.read, &mut |sites| {
            while sites.len() >= self.most {
                let rest = sites.split_off(self.most);
                take(Sites::some(std::mem::replace(sites, rest), &self.met))?;
            }
            Ok(())
        })?;
        if reading.hash != self.hash {
            return Err(Error::data(
                Code::FileChanged,
                format!("{}: has changed while it was read", reading.file),
            )
            .with_hint("run again when nothing writes to it"));
        }
        if reading.items.is_empty() { Ok(()) } else { take(Sites::some(reading.items, &self.met)) }
    }

    /// An empty list of sites with the columns of all.
    pub(super) fn none(&self) -> Sites {
        Sites::some(Vec::new(), &self.met)
    }
}
