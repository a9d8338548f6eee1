//! Sites and incidents under a scheme, ready to be measured.

use crate::index::Probe;
use crate::layers::DRIVER_COLUMNS;
use crate::measures::{PartProbe, SiteProbe, WeighedIncident, decay};
use crate::model::{CountryCode, Domain, Site, country_of};
use crate::run::usage::Use;
use crate::run::world::{Sites, World};
use crate::scoring::{Scheme, severity};
use jiff::civil::Date;
use rayon::prelude::*;

/// A site and its parts under a scheme, ready to be measured.
pub(in crate::run) fn subject(scheme: &Scheme, sites: &Sites, site: usize) -> Option<SiteProbe> {
    let main = sites.list.get(site)?;
    let linked = sites.linked.get(site).map_or(&[][..], Vec::as_slice);
    let part = |part: &Site| PartProbe {
        probe: Probe::new(&part.shape),
        weight: scheme.security.parts.of(part.part),
        spread_km: scheme.position.sigma_km(part.accuracy),
        tailings: part.tailings,
    };
    let parts = std::iter::once(main).chain(linked).map(part).collect();
    Some(SiteProbe { position: main.position, parts })
}

/// The country of a site under a scheme: by its position, or the one in its record if that is near enough.
pub(in crate::run) fn country(scheme: &Scheme, site: &Site) -> Option<CountryCode> {
    let accuracy = scheme.position.radius(site.accuracy);
    country_of(site.position, site.country.as_slice(), accuracy)
}

/// How many of the strongest incidents are kept: enough for links and for driver columns.
pub(super) fn kept(scheme: &Scheme) -> usize {
    let links = usize::try_from(scheme.security.drivers.links);
    links.map_or(DRIVER_COLUMNS, |links| links.max(DRIVER_COLUMNS))
}

/// The used incidents of a domain, weighted by severity and age.
pub(in crate::run) fn events(
    world: &World,
    uses: &[Use],
    scheme: &Scheme,
    as_of: Option<Date>,
    domain: Domain,
    half_life_days: f64,
) -> Vec<WeighedIncident> {
    world
        .incidents
        .par_iter()
        .zip(uses)
        .enumerate()
        .filter(|(_, (incident, usage))| incident.domain == domain && **usage == Use::Used)
        .map(|(index, (incident, _))| {
            let age_days = match (incident.date, as_of) {
                (Some(date), Some(as_of)) => date.age_at(as_of),
                _ => 0,
            };
            WeighedIncident {
                index,
                position: incident.position,
                weight: severity(scheme, incident) * decay(age_days, half_life_days),
                spread_km: scheme.position.sigma_km(incident.accuracy),
                fatalities: incident.fatalities.unwrap_or(0),
                deaths_unknown: incident.fatalities.is_none(),
                violent: incident.is_violence(),
                age_days,
            }
        })
        .collect()
}
