//! The use of each incident at an as-of date.

use super::world::World;
use crate::model::{Domain, Incident, Receptor};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The use of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// It counts in its domain.
    Used,
    /// It happened after the as-of date.
    AfterAsOf,
    /// Its place is known only to a country or a sea.
    Vague,
    /// No score uses its domain.
    Unscored,
}

impl Use {
    /// The word used in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::AfterAsOf => "after the as-of date",
            Self::Vague => "place too vague",
            Self::Unscored => "unscored",
        }
    }

    fn of(incident: &Incident, as_of: Option<Date>) -> Self {
        let after =
            incident.date.is_some_and(|date| as_of.is_some_and(|as_of| date.last() > as_of));
        if incident.domain == Domain::Other {
            Self::Unscored
        } else if after {
            Self::AfterAsOf
        } else if incident.vague {
            Self::Vague
        } else {
            Self::Used
        }
    }

    /// The use of each incident of a list.
    pub(super) fn of_each(incidents: &[Incident], as_of: Option<Date>) -> Vec<Self> {
        incidents.par_iter().map(|incident| Self::of(incident, as_of)).collect()
    }
}

/// The records of each file, by its role and name, that could be read and count toward no score.
pub(super) fn not_scored<'w>(
    world: &'w World,
    uses: &[Use],
    as_of: Option<Date>,
) -> BTreeMap<(&'static str, &'w str), u64> {
    let incidents = world.incidents.iter().zip(uses).filter(|(_, usage)| **usage != Use::Used);
    let incidents = incidents.map(|(incident, _)| ("incidents", &*incident.file));
    let receptors = world.receptors.iter().filter(|one| is_after(one, as_of));
    let receptors = receptors.map(|receptor| ("receptors", &*receptor.file));
    let mut counts = BTreeMap::new();
    incidents.chain(receptors).for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

/// Whether a receptor with a date, such as an earthquake, is of a day after the as-of date.
pub(super) fn is_after(receptor: &Receptor, as_of: Option<Date>) -> bool {
    receptor.date.is_some_and(|date| as_of.is_some_and(|as_of| date.last() > as_of))
}

/// The number of incidents by domain and use.
pub(super) fn tally(incidents: &[Incident], uses: &[Use]) -> BTreeMap<(Domain, Use), usize> {
    type Tally = BTreeMap<(Domain, Use), usize>;
    let add = |mut tally: Tally, (key, count)| {
        *tally.entry(key).or_insert(0) += count;
        tally
    };
    incidents
        .par_iter()
        .zip(uses)
        .map(|(incident, usage)| ((incident.domain, *usage), 1))
        .fold(Tally::new, add)
        .reduce(Tally::new, |tally, other| other.into_iter().fold(tally, add))
}
