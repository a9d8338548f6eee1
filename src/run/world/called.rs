//! Finds a site by the id or name that a user gives.

use super::Sites;
use crate::model::Site;
use crate::{Code, Error, Result};

impl Sites {
    /// The index of the site with an id or a name.
    ///
    /// # Errors
    /// An unknown or ambiguous name; the hint lists the nearest ones.
    pub fn called(&self, called: &str) -> Result<usize> {
        let sites: &[Site] = &self.list;
        if let Some(at) = sites.iter().position(|site| site.id == called) {
            return Ok(at);
        }
        let wanted = called.trim().to_lowercase();
        let named: Vec<usize> = (0..sites.len())
            .filter(|&at| {
                sites.get(at).is_some_and(|site| {
                    site.name.to_lowercase() == wanted || site.id.to_lowercase() == wanted
                })
            })
            .collect();
        match named.as_slice() {
            [only] => Ok(*only),
            [] => {
                if let Some((head, part)) = self.part_called(&wanted) {
                    let (id, kind) = (&part.id, part.part.word());
                    return Err(Error::usage(
                        Code::SiteUnknown,
                        format!("{id} is a part ({kind}) of the site {}, not a site", head.id),
                    )
                    .with_hint(format!("ask for {}", head.id)));
                }
                let error = Error::usage(
                    Code::SiteUnknown,
                    format!("no site has the id or name \"{called}\""),
                );
                let mut near: Vec<(f64, &Site)> = sites
                    .iter()
                    .map(|site| {
                        let by = |text: &str| strsim::jaro_winkler(&text.to_lowercase(), &wanted);
                        (by(&site.name).max(by(&site.id)), site)
                    })
                    .filter(|(likeness, _)| *likeness > 0.75)
                    .collect();
                near.sort_by(|a, b| b.0.total_cmp(&a.0));
                let names: Vec<String> = near
                    .iter()
                    .take(3)
                    .map(|(_, site)| format!("{} ({})", site.name, site.id))
                    .collect();
                Err(if names.is_empty() {
                    error.with_hint(
                        "ids and names are in sites.geojson, in the features' id and name",
                    )
                } else {
                    error.with_hint(format!("did you mean {}", names.join(", ")))
                })
            }
            several => {
                let ids: Vec<&str> = several
                    .iter()
                    .filter_map(|&at| sites.get(at).map(|site| site.id.as_str()))
                    .take(5)
                    .collect();
                Err(Error::usage(
                    Code::SiteAmbiguous,
                    format!("{} sites are called \"{called}\"", several.len()),
                )
                .with_hint(format!("ask by id: {}", ids.join(", "))))
            }
        }
    }

    /// The linked part with an id or name in lower case, and the site that it belongs to.
    fn part_called(&self, wanted: &str) -> Option<(&Site, &Site)> {
        let parts = self.list.iter().zip(self.linked.iter());
        let mut parts = parts.flat_map(|(head, parts)| parts.iter().map(move |part| (head, part)));
        parts.find(|(_, part)| {
            [&part.id, &part.name].iter().any(|text| text.to_lowercase() == wanted)
        })
    }
}
