//! A portfolio: the sites grouped by the values of one column or of several crossed, with the bands, the worst sites and
//! the distribution of both scores in each group; and what a column of numbers is exposed to.

mod exposure;

pub use exposure::{Exposed, Shares};

use super::{Context, Layer, Property, Scored};
use crate::scoring::{Band, written};
use exposure::number as weight_of;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many of the worst sites of a group are named.
const WORST: usize = 3;

/// What stands between the names of crossed columns, and between their values.
pub const CROSS: &str = " x ";

/// The group of all sites, where no column groups them.
pub const ALL: &str = "all sites";

/// How sites are grouped: by columns of the layer `sites`, crossed if there are several; all of them together without
/// any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grouping {
    /// The columns, by their indices.
    pub by: Vec<usize>,
}

impl Grouping {
    /// Its name in outputs.
    pub fn name(&self, layer: &Layer<'_>) -> String {
        let names = self.by.iter().filter_map(|at| layer.columns().get(*at));
        let names: Vec<&str> = names.map(|column| &*column.name).collect();
        if names.is_empty() { ALL.to_owned() } else { names.join(CROSS) }
    }

    /// The group of a site.
    pub fn group(&self, layer: &Layer<'_>, site: usize) -> String {
        let value = |column: &usize| layer.value(site, *column).and_then(|value| name_of(&value));
        let named = |column: &usize| value(column).unwrap_or_else(|| NONE.to_owned());
        let names: Vec<String> = self.by.iter().map(named).collect();
        if names.is_empty() { ALL.to_owned() } else { names.join(CROSS) }
    }
}

/// The group of the sites without a value.
pub const NONE: &str = "(none)";

/// The sites in groups.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Portfolio {
    /// The name of the column in outputs, or of the crossed columns.
    pub column: String,
    /// The column by whose numbers exposure is weighted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
    /// The groups, the one with the highest security score first; ties by the highest environment
    /// score, then by name.
    pub groups: Vec<Group>,
}

/// The sites that share a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// The value; [`NONE`] if it is missing.
    pub name: String,
    /// The number of sites.
    pub sites: usize,
    /// Their security scores.
    pub security: Spread,
    /// Their environment scores.
    pub environment: Spread,
    /// Their overall scores.
    pub overall: Spread,
    /// What their numbers are exposed to, if a column of numbers is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exposed: Option<Exposed>,
}

/// The distribution of the scores in a group.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Spread {
    /// The number of sites in each band, from no data to very high.
    pub bands: [usize; 6],
    /// The site with the highest score, as an index into the sites; the first of several.
    pub worst: Option<usize>,
    /// The sites with the highest scores, at most three, each with its score; ties in the order of the sites.
    #[serde(skip)]
    pub highest: Vec<(usize, f64)>,
    /// Minimum, first quartile, median, third quartile and maximum of the scores as written. `None`
    /// if no site has a score.
    pub quantiles: Option<[f64; 5]>,
}

/// The sites in groups; `layer` must be built from the same sites. `weight` is a column of numbers.
pub fn portfolio(
    context: Context<'_>,
    scored: &[Scored],
    layer: &Layer<'_>,
    grouping: &Grouping,
    weight: Option<usize>,
) -> Portfolio {
    let mut members: BTreeMap<String, Vec<(&Scored, Option<f64>)>> = BTreeMap::new();
    for (index, one) in scored.iter().enumerate() {
        let number = weight.and_then(|column| weight_of(layer, column, index));
        members.entry(grouping.group(layer, index)).or_default().push((one, number));
    }
    let of = |(name, members): (String, Vec<(&Scored, Option<f64>)>)| {
        let sites: Vec<&Scored> = members.iter().map(|(one, _)| *one).collect();
        let exposed = weight.map(|_| Exposed::of(context, &members));
        Group { exposed, ..group(context, name, &sites) }
    };
    let mut groups: Vec<Group> = members.into_iter().map(of).collect();
    let greatest = |spread: &Spread| spread.quantiles.map_or(-1.0, |[.., greatest]| greatest);
    groups.sort_by(|a, b| {
        greatest(&b.security)
            .total_cmp(&greatest(&a.security))
            .then_with(|| greatest(&b.environment).total_cmp(&greatest(&a.environment)))
            .then_with(|| a.name.cmp(&b.name))
    });
    let named = |column: usize| layer.columns().get(column).map(|column| column.name.to_string());
    Portfolio { column: grouping.name(layer), weight: weight.and_then(named), groups }
}

/// A value as the name of a group, an integer without decimals: `2`, not `2.0`. `None` if it is
/// missing.
pub(super) fn name_of(value: &Property) -> Option<String> {
    match value {
        Property::Missing => None,
        Property::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Property::Number(number, _) => Some(number.to_string()),
        Property::Flag(flag) => Some(flag.to_string()),
        Property::Date(date) => Some(date.to_string()),
    }
}

fn group(context: Context<'_>, name: String, members: &[&Scored]) -> Group {
    let spread = |score: fn(&Scored) -> Option<f64>| {
        let scores = members.iter().map(|one| (one.site, score(one).map(written::score)));
        spread(context, scores)
    };
    Group {
        name,
        sites: members.len(),
        security: spread(|one| one.risk.security.score),
        environment: spread(|one| one.risk.environment.score),
        overall: spread(|one| one.risk.overall),
        exposed: None,
    }
}

fn spread(context: Context<'_>, members: impl Iterator<Item = (usize, Option<f64>)>) -> Spread {
    let mut spread = Spread::default();
    let mut known: Vec<(usize, f64)> = Vec::new();
    for (site, score) in members {
        let band = usize::from(context.scheme.bands.of(score).number());
        if let Some(count) = spread.bands.get_mut(band) {
            *count += 1;
        }
        known.extend(score.map(|score| (site, score)));
    }
    // Stable, and so the first of several.
    known.sort_by(|a, b| b.1.total_cmp(&a.1));
    spread.worst = known.first().map(|(site, _)| *site);
    spread.highest = known.iter().take(WORST).copied().collect();
    let ascending: Vec<f64> = known.iter().rev().map(|(_, score)| *score).collect();
    spread.quantiles = quantiles(&ascending);
    spread
}

/// Minimum, quartiles and maximum of ascending numbers. The quantile p of n numbers is at index
/// (n − 1) p, counted from 0, with linear interpolation between two numbers (Hyndman and Fan 1996,
/// definition 7; the default of R and NumPy). `None` if there are no numbers.
pub fn quantiles(ascending: &[f64]) -> Option<[f64; 5]> {
    let last = ascending.len().checked_sub(1)?;
    let at = |quarter: usize| {
        let (place, rest) = (last * quarter / 4, last * quarter % 4);
        let below = ascending.get(place).copied()?;
        let above = ascending.get(place + 1).copied().unwrap_or(below);
        let part = f64::from(u8::try_from(rest).ok()?) / 4.0;
        Some(below + part * (above - below))
    };
    Some([at(0)?, at(1)?, at(2)?, at(3)?, at(4)?])
}

/// The columns of a portfolio as a table, in this order; `weighted` is whether a column of numbers is given. Each has its
/// unit, `None` for a text.
pub fn header(weighted: bool) -> Vec<(String, Option<&'static str>)> {
    let text = |name: &str| (name.to_owned(), None);
    let number = |name: String, unit: &'static str| (name, Some(unit));
    let mut names = vec![text("column"), text("group"), number("sites".into(), "")];
    let bands = || Band::ALL.map(|band| band.word().replace(' ', "_"));
    let of_spread = |domain: &str| {
        let counts = bands().map(|band| number(format!("{domain}_{band}"), "sites"));
        let worst = ["worst_id", "worst_name"].map(|name| text(&format!("{domain}_{name}")));
        let rest = ["worst_score", "min", "q1", "median", "q3", "max"];
        let rest = rest.map(|name| number(format!("{domain}_{name}"), ""));
        counts.into_iter().chain(worst).chain(rest)
    };
    names.extend(["security", "environment"].into_iter().flat_map(of_spread));
    names.extend(["security", "environment"].map(|of| text(&format!("{of}_worst_sites"))));
    if weighted {
        names.push(text("weight_column"));
        names.push(number("weight_total".into(), ""));
        names.push(number("weight_missing".into(), "sites"));
        for domain in ["security", "environment"] {
            names.push(number(format!("{domain}_weighted_mean"), ""));
            names.extend(bands().map(|band| number(format!("{domain}_weight_{band}"), "")));
            names.extend(bands().map(|band| number(format!("{domain}_share_{band}"), "0 to 1")));
        }
    }
    names.extend(of_spread("overall"));
    names.push(text("overall_worst_sites"));
    names
}

impl Portfolio {
    /// The rows of the table, one per group.
    pub fn rows<'p>(&'p self, context: Context<'p>) -> impl Iterator<Item = Vec<String>> + 'p {
        self.groups.iter().map(move |group| {
            let mut cells = vec![self.column.clone(), group.name.clone(), group.sites.to_string()];
            let spreads = [&group.security, &group.environment];
            cells.extend(spreads.iter().flat_map(|spread| spread_cells(context, spread)));
            cells.extend(spreads.map(|spread| worst_sites(context, spread)));
            if let Some((exposed, weight)) = group.exposed.as_ref().zip(self.weight.as_ref()) {
                cells.push(weight.clone());
                cells.push(number(exposed.total));
                cells.push(exposed.missing.to_string());
                for shares in [&exposed.security, &exposed.environment] {
                    cells.push(number(shares.mean));
                    let sums = exposed.total.map(|_| shares.bands);
                    let at = |at: usize| sums.and_then(|sums| sums.get(at).copied());
                    cells.extend((0..6).map(|band| number(at(band))));
                    let of = exposed.shares(shares);
                    cells.extend((0..6).map(|at| number(of.and_then(|of| of.get(at).copied()))));
                }
            }
            cells.extend(spread_cells(context, &group.overall));
            cells.push(worst_sites(context, &group.overall));
            cells
        })
    }
}

fn number(of: Option<f64>) -> String {
    of.map(decimal).unwrap_or_default()
}

/// The cells of a spread: the bands, the site with the highest score and its score, and the quantiles.
fn spread_cells(context: Context<'_>, spread: &Spread) -> Vec<String> {
    let mut cells: Vec<String> = spread.bands.iter().map(usize::to_string).collect();
    let worst = spread.worst.and_then(|site| context.sites.get(site));
    cells.push(worst.map(|site| site.id.clone()).unwrap_or_default());
    cells.push(worst.map(|site| site.name.clone()).unwrap_or_default());
    cells.push(number(spread.quantiles.map(|[.., greatest]| greatest)));
    cells.extend((0..5).map(|at| number(spread.quantiles.and_then(|q| q.get(at).copied()))));
    cells
}

/// The worst sites of a group in a text: `North pit (81.2); South pit (60.1)`.
fn worst_sites(context: Context<'_>, spread: &Spread) -> String {
    let named = spread.highest.iter().filter_map(|(site, score)| {
        Some(format!("{} ({score:.1})", context.sites.get(*site)?.name))
    });
    named.collect::<Vec<_>>().join("; ")
}

/// A number with at most three decimals: quantiles of scores, quarters of tenths, have no more.
fn decimal(number: f64) -> String {
    let text = format!("{number:.3}");
    let short = text.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
}

/// The columns of the layer `sites` that a user names: one column, or several crossed, as in `operator x country`. A
/// column whose own name has such a cross in it goes before.
///
/// # Errors
/// The name that is no column, with the names of the candidates.
pub fn grouping_called(layer: &Layer<'_>, called: &str) -> Result<Grouping, (String, Vec<String>)> {
    let one = |name: &str| column_called(layer, name).map_err(|names| (name.to_owned(), names));
    let whole = one(called);
    let crossed = called.replace(" × ", CROSS).replace(" X ", CROSS);
    match whole {
        Ok(column) => Ok(Grouping { by: vec![column] }),
        Err(_) if crossed.contains(CROSS) => {
            let by: Result<Vec<usize>, _> = crossed.split(CROSS).map(one).collect();
            by.map(|by| Grouping { by })
        }
        Err(unknown) => Err(unknown),
    }
}

/// The column of the layer `sites` that a user names: by its name in outputs, by its name in the
/// sites' own file, or by a prefix that is unique; case does not matter.
///
/// # Errors
/// The candidate column names, if none or several match.
pub fn column_called(layer: &Layer<'_>, called: &str) -> Result<usize, Vec<String>> {
    let wanted = called.trim().to_lowercase();
    let names: Vec<String> = layer.column_names().map(|name| name.to_lowercase()).collect();
    let own = format!("site_{wanted}");
    if let Some(at) = [&wanted, &own].iter().find_map(|n| names.iter().position(|name| name == *n))
    {
        return Ok(at);
    }
    let begin = |(_, name): &(usize, &String)| name.starts_with(&own);
    let mut beginning = names.iter().enumerate().filter(begin);
    match (beginning.next(), beginning.next()) {
        (Some((at, _)), None) if !wanted.is_empty() => Ok(at),
        _ => Err(layer.column_names().map(ToString::to_string).collect()),
    }
}
