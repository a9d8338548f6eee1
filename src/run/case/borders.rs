//! Sites without a score beside a border: a position that is a little off decides between a score and none.

use crate::Code;
use crate::measures::Until;
use crate::model::{Finding, Site, Verdict};
use crate::run::{Case, Sites};
use crate::scoring::country_name;
use rayon::prelude::*;
use std::sync::Arc;

/// A finding for each site that lies where no incidents were collected, so near a country in which they were that it may lie
/// in that one.
pub(in crate::run) fn beside_covered(case: &Case, sites: &Sites) -> Vec<Finding> {
    sites.list.par_iter().filter_map(|site| beside(case, sites, site)).collect()
}

fn beside(case: &Case, sites: &Sites, site: &Site) -> Option<Finding> {
    let country = case.country_of(site);
    let until = case.collection.at(site.position, country);
    let context = case.context_of(sites);
    let (near, distance) =
        Some(site).filter(|_| until == Until::Never).and_then(|site| context.near_covered(site))?;
    let near = country_name(near);
    let lies = country
        .map_or_else(|| "in no country".to_owned(), |own| format!("in {}", country_name(own)));
    Some(Finding {
        code: Code::CountryDoubtful,
        file: Arc::clone(&site.file),
        place: site.place.clone(),
        id: Some(site.id.clone()),
        field: Some("country".into()),
        value: None,
        why: format!(
            "is not given, and the position lies {lies}, where no incidents were collected: there is no security score; {near}, where they were, begins within {:.0} km",
            distance.km().ceil()
        ),
        verdict: Verdict::Noted,
    })
}
