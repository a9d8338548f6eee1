//! What reporting standards ask of sites, answered from what the engine measures: one statement a row, each with its
//! unit, the layer it comes from, the day, and whether it is known. What is not known has a reason and no value.
//! docs/DISCLOSURES.md says which standard asks for which item, and where its text was read.

mod conflict;
mod mapped;
mod nature;
mod page;
mod reasons;
mod statement;
mod tailings;
mod totals;
mod water;

pub use page::{DisclosurePage, ItemColumn, SiteRow};
pub use statement::{Disclosure, Reason, Statement, Total};

use super::beside_rings::decimals;
use super::{Context, Property, Scored};
use crate::earth::Length;
use crate::measures::Along;
use crate::model::{ReceptorKind, Site, Value};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is measured around a site for disclosures alone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Around {
    /// The sensitive areas within the widest ring, nearest first; `None` if the run has no such layer.
    pub areas: Option<Vec<Along>>,
    /// The nearest sensitive area at any distance.
    pub nearest: Option<Along>,
    /// All sensitive areas that may lie within it if the positions are off by as much as they may be, nearest first; those
    /// with them whose centers are known too coarsely to count.
    pub possible: Vec<Along>,
    /// The area of the site's polygons, those of linked parts with it; `None` if it has none.
    ///
    /// # Units
    /// Square meters.
    pub land: Option<f64>,
    /// How much of that lies within sensitive areas given as polygons; `None` without either.
    ///
    /// # Units
    /// Square meters.
    pub overlap: Option<f64>,
}

/// Where the layers of a run come from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Origins {
    /// The files of each kind of receptor.
    pub receptors: BTreeMap<ReceptorKind, String>,
    /// The kinds that were declared complete.
    pub complete: BTreeSet<ReceptorKind>,
    /// The files of incidents.
    pub incidents: String,
    /// The file of each raster.
    pub rasters: BTreeMap<Arc<str>, String>,
}

/// The answers for all sites, and for all of them together.
#[derive(Debug, Clone, PartialEq)]
pub struct Disclosures {
    /// The statements on each site, in the order of the scored sites.
    pub sites: Vec<SiteStatements>,
    /// The statements on all sites together.
    pub all: Vec<Statement>,
    /// The day as of which they are made.
    pub as_of: Option<Date>,
}

/// The statements on one site.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteStatements {
    /// Index into the sites.
    pub site: usize,
    /// The statements, by disclosure.
    pub list: Vec<Statement>,
}

/// What takes the place of a site's id in the rows on all sites together.
pub const ALL_SITES: &str = "(all sites)";

/// The columns of the table, in this order.
pub const HEADER: [&str; 11] = [
    "site_id",
    "site_name",
    "disclosure",
    "item",
    "of",
    "value",
    "unit",
    "source_layer",
    "as_of",
    "known",
    "note",
];

impl Disclosures {
    /// The answers; `around` holds what was measured around each of the scored sites.
    pub fn of(
        context: Context<'_>,
        scored: &[Scored],
        around: &[Around],
        origins: &Origins,
    ) -> Self {
        let of_site = |(scored, around): (&Scored, &Around)| {
            let site = context.sites.get(scored.site)?;
            let asked = Asked { context, origins, site, scored, around };
            Some(SiteStatements { site: scored.site, list: asked.answers() })
        };
        let sites: Vec<SiteStatements> =
            scored.par_iter().zip(around).filter_map(of_site).collect();
        let all = totals::of(sites.iter().map(|one| one.list.as_slice()));
        Self { sites, all, as_of: context.as_of }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.all.len() + self.sites.iter().map(|one| one.list.len()).sum::<usize>()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows of the table, one for each statement: first those on all sites, then site by site.
    pub fn rows<'d>(
        &'d self,
        sites: &'d [Site],
    ) -> impl Iterator<Item = [Property; HEADER.len()]> + 'd {
        let all = self.all.iter().map(|one| self.row(ALL_SITES, "", one));
        let each = self.sites.iter().flat_map(move |of| {
            let named = sites.get(of.site).map(|site| (site.id.as_str(), site.name.as_str()));
            let (id, name) = named.unwrap_or_default();
            of.list.iter().map(move |one| self.row(id, name, one))
        });
        all.chain(each)
    }

    fn row(&self, id: &str, name: &str, one: &Statement) -> [Property; HEADER.len()] {
        let text = |text: &str| match text {
            "" => Property::Missing,
            text => Property::Text(text.to_owned()),
        };
        [
            text(id),
            text(name),
            text(one.disclosure.word()),
            text(&one.item),
            text(one.of.as_deref().unwrap_or("")),
            one.value.clone(),
            text(one.unit.unwrap_or("")),
            text(&one.layer),
            self.as_of.map_or(Property::Missing, Property::Date),
            text(if one.is_known() { "yes" } else { "no" }),
            text(one.note.as_deref().unwrap_or("")),
        ]
    }
}

/// One site, and all that is known of it.
struct Asked<'a> {
    context: Context<'a>,
    origins: &'a Origins,
    site: &'a Site,
    scored: &'a Scored,
    around: &'a Around,
}

impl<'a> Asked<'a> {
    fn answers(&self) -> Vec<Statement> {
        let mut all = Vec::new();
        nature::add(self, &mut all);
        water::add(self, &mut all);
        tailings::add(self, &mut all);
        conflict::add(self, &mut all);
        // Stable: within a disclosure the statements stay in their order.
        all.sort_by_key(|one: &Statement| one.disclosure);
        all
    }

    /// The files of a kind of receptor.
    fn files(&self, kind: ReceptorKind) -> &'a str {
        self.origins.receptors.get(&kind).map_or("", String::as_str)
    }

    /// Puts the distance to something into a statement: no finer than the positions of both are known, and on its side of
    /// every ring. `accuracy` is that of what lies there, if it is given.
    fn distance(&self, statement: Statement, found: Option<(Length, Option<Length>)>) -> Statement {
        let position = &self.context.scheme.position;
        let rings = &self.context.scheme.buffers.overlap_km;
        let rings: Vec<f64> = std::iter::once(0.0).chain(rings.iter().copied()).collect();
        let own = position.radius(self.site.accuracy);
        let decimals = found.map_or(0, |(distance, accuracy)| {
            let other = accuracy.unwrap_or(Length::ZERO);
            decimals(distance.km(), if other > own { other } else { own }, &rings)
        });
        let told = format!("the site's position is {}", position.told(self.site.accuracy));
        let km = found.map(|(distance, _)| distance.km());
        statement.number(km, decimals, "km").with(Some(told))
    }

    /// A quantity that the site's own record states in a column of this name; case and the signs between words do not
    /// matter. Numbers below zero are no quantities.
    fn stated(&self, column: &str) -> Option<f64> {
        let named = self.site.columns.iter().filter(|(name, _)| plain(name) == column);
        let number = |value: &Value| match value {
            Value::Number(number) => Some(*number),
            Value::Text(text) | Value::Exact(text) => text.trim().parse().ok(),
            Value::Missing | Value::Bool(_) => None,
        };
        let number = named.filter_map(|(_, value)| number(value)).next();
        number.filter(|number: &f64| number.is_finite() && *number >= 0.0)
    }
}

/// A column's name in small letters, with one `_` for all that is no letter or digit.
fn plain(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

/// True if any is true, false if all are false, and else not known.
fn any(parts: &[Option<bool>]) -> Option<bool> {
    if parts.contains(&Some(true)) {
        return Some(true);
    }
    parts.iter().all(Option::is_some).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_true_criterion_is_enough_and_one_unknown_leaves_the_rest_open() {
        for (parts, answer) in [
            (&[Some(true), None, Some(false)][..], Some(true)),
            (&[Some(false), None], None),
            (&[Some(false), Some(false)], Some(false)),
        ] {
            assert_eq!(any(parts), answer, "{parts:?}");
        }
    }

    #[test]
    fn columns_are_found_however_they_are_spelled() {
        for name in ["water_withdrawal_ml", "Water withdrawal (ML)", " WATER-WITHDRAWAL ml"] {
            assert_eq!(plain(name), "water_withdrawal_ml");
        }
        assert_eq!(plain("Área (km²)"), "área_km²");
    }
}
