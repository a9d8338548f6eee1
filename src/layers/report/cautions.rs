//! At how many sites a caution holds against the security score.

use crate::layers::{Context, Scored};
use crate::scoring::Band;
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

/// The sites of a high or very high security score that would be below these bands without their strongest incident.
pub fn held_by_one(context: Context<'_>, scored: &[Scored]) -> usize {
    let scheme = context.scheme;
    let falls = |one: &&Scored| {
        let risk = &one.risk.security;
        let band = scheme.bands.of(risk.score);
        let without = risk.drivers.first().and_then(|driver| risk.without(scheme, driver));
        band >= Band::High && without.is_some_and(|score| scheme.bands.of(Some(score)) < Band::High)
    };
    scored.iter().filter(falls).count()
}

/// The sites of a high or very high environment score that what is known of them alone would put in a lower band.
pub fn held_by_references(context: Context<'_>, scored: &[Scored]) -> usize {
    let bands = &context.scheme.bands;
    let falls = |one: &&Scored| {
        let risk = &one.risk.environment;
        bands.of(risk.score) >= Band::High && bands.of(risk.at_least) < Band::High
    };
    scored.iter().filter(falls).count()
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
