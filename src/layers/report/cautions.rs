//! At how many sites a caution holds against the security score.

use crate::layers::{Context, Scored};
use serde::Serialize;
use std::collections::BTreeMap;

/// A caution, and the number of sites at which it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cautioned {
    /// The number of the caution, which rows name.
    pub number: usize,
    /// A few words: `one event`.
    pub label: String,
    /// The number of sites.
    pub sites: usize,
}

impl Cautioned {
    /// The cautions that hold at any of the sites, in their fixed order.
    pub fn of(context: Context<'_>, scored: &[Scored]) -> Vec<Self> {
        let mut all: BTreeMap<usize, Self> = BTreeMap::new();
        for caution in scored.iter().flat_map(|one| context.cautions(one)) {
            let number = caution.number();
            let new = || Self { number, label: caution.label(), sites: 0 };
            all.entry(number).or_insert_with(new).sites += 1;
        }
        all.into_values().collect()
    }
}
