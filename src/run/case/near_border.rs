//! Sites outside the countries that incidents cover, but so near one of them that they may lie in it.

use crate::layers::near_covered;
use crate::measures::{Collection, Until};
use crate::model::{CountryCode, Finding, Place, Site, Verdict};
use crate::scoring::{Scheme, country_name, thousands};
use crate::{Code, earth::Length};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sites that a finding names.
const MOST_NAMED: usize = 3;

/// A finding for each file with such sites.
pub(super) fn findings(
    scheme: &Scheme,
    collection: &Collection,
    sites: &[Site],
    country: impl Fn(&Site) -> Option<CountryCode> + Sync,
) -> Vec<Finding> {
    let by_country = collection.countries().is_some_and(|all| !all.is_empty());
    if !by_country || !scheme.security.enabled {
        return Vec::new();
    }
    let near = |site: &Site| {
        let lies_in = country(site);
        let covered = collection.at(site.position, lies_in) != Until::Never;
        near_covered(scheme, collection, site).filter(|_| !covered)
    };
    let found: Vec<Option<(CountryCode, Length)>> = sites.par_iter().map(near).collect();
    let mut by_file: BTreeMap<&Arc<str>, Vec<String>> = BTreeMap::new();
    for (site, near) in sites.iter().zip(found) {
        let Some((code, distance)) = near else { continue };
        by_file.entry(&site.file).or_default().push(format!(
            "{} within {:.0} km of {}, its position {}",
            site.id,
            distance.km().ceil(),
            country_name(code),
            scheme.position.told(site.accuracy)
        ));
    }
    by_file.into_iter().map(|(file, told)| finding(file, &told)).collect()
}

fn finding(file: &Arc<str>, told: &[String]) -> Finding {
    let many = i64::try_from(told.len()).map_or_else(|_| "many".to_owned(), thousands);
    let named = told.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join("; ");
    let more = match told.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let (sites, lie) = if told.len() == 1 { ("site", "lies") } else { ("sites", "lie") };
    Finding {
        code: Code::CoverageDoubtful,
        file: Arc::clone(file),
        place: Place::File,
        id: None,
        field: Some("position".into()),
        value: None,
        why: format!(
            "{many} {sites} without a score {lie} by the built-in borders outside the countries that the incidents cover, but may lie in one: {named}{more}; a column country decides"
        ),
        verdict: Verdict::Noted,
    }
}
