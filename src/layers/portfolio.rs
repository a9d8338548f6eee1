//! A portfolio: the sites grouped by the values of one column, with the bands, the worst site and the
//! distribution of both scores in each group.

use super::{Context, Layer, Property, Scored};
use crate::scoring::{Band, written};
use serde::Serialize;
use std::collections::BTreeMap;

/// The group of the sites without a value.
pub const NONE: &str = "(none)";

/// The sites grouped by one column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Portfolio {
    /// The column's name in outputs.
    pub column: String,
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
}

/// The distribution of the scores in a group.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Spread {
    /// The number of sites in each band, from no data to very high.
    pub bands: [usize; 6],
    /// The site with the highest score, as an index into the sites; the first of several.
    pub worst: Option<usize>,
    /// Minimum, first quartile, median, third quartile and maximum of the scores as written. `None`
    /// if no site has a score.
    pub quantiles: Option<[f64; 5]>,
}

/// The sites grouped by a column of the layer `sites`; `layer` must be built from the same sites.
pub fn portfolio(
    context: Context<'_>,
    scored: &[Scored],
    layer: &Layer<'_>,
    column: usize,
) -> Portfolio {
    let mut members: BTreeMap<String, Vec<&Scored>> = BTreeMap::new();
    for (index, one) in scored.iter().enumerate() {
        let name = layer.value(index, column).and_then(|value| name_of(&value));
        members.entry(name.unwrap_or_else(|| NONE.to_owned())).or_default().push(one);
    }
    let mut groups: Vec<Group> =
        members.into_iter().map(|(name, members)| group(context, name, &members)).collect();
    let greatest = |spread: &Spread| spread.quantiles.map_or(-1.0, |[.., greatest]| greatest);
    groups.sort_by(|a, b| {
        greatest(&b.security)
            .total_cmp(&greatest(&a.security))
            .then_with(|| greatest(&b.environment).total_cmp(&greatest(&a.environment)))
            .then_with(|| a.name.cmp(&b.name))
    });
    let name = layer.columns().get(column).map_or_else(String::new, |c| c.name.to_string());
    Portfolio { column: name, groups }
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
    }
}

fn spread(context: Context<'_>, members: impl Iterator<Item = (usize, Option<f64>)>) -> Spread {
    let mut spread = Spread::default();
    let mut known: Vec<f64> = Vec::new();
    let mut worst: Option<(usize, f64)> = None;
    for (site, score) in members {
        let band = usize::from(context.scheme.bands.of(score).number());
        if let Some(count) = spread.bands.get_mut(band) {
            *count += 1;
        }
        let Some(score) = score else { continue };
        known.push(score);
        if worst.is_none_or(|(_, highest)| score > highest) {
            worst = Some((site, score));
        }
    }
    spread.worst = worst.map(|(site, _)| site);
    known.sort_by(f64::total_cmp);
    spread.quantiles = quantiles(&known);
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

/// The columns of a portfolio as a table, in this order.
pub fn header() -> Vec<String> {
    let mut names: Vec<String> = ["column", "group", "sites"].map(str::to_owned).into();
    for domain in ["security", "environment"] {
        names.extend(Band::ALL.map(|band| format!("{domain}_{}", band.word().replace(' ', "_"))));
        let rest = ["worst_id", "worst_name", "worst_score", "min", "q1", "median", "q3", "max"];
        names.extend(rest.map(|name| format!("{domain}_{name}")));
    }
    names
}

impl Portfolio {
    /// The rows of the table, one per group.
    pub fn rows<'p>(&'p self, context: Context<'p>) -> impl Iterator<Item = Vec<String>> + 'p {
        self.groups.iter().map(move |group| {
            let mut cells = vec![self.column.clone(), group.name.clone(), group.sites.to_string()];
            for spread in [&group.security, &group.environment] {
                cells.extend(spread.bands.map(|count| count.to_string()));
                let worst = spread.worst.and_then(|site| context.sites.get(site));
                cells.push(worst.map(|site| site.id.clone()).unwrap_or_default());
                cells.push(worst.map(|site| site.name.clone()).unwrap_or_default());
                let number = |of: Option<f64>| of.map(decimal).unwrap_or_default();
                cells.push(number(spread.quantiles.map(|[.., greatest]| greatest)));
                cells.extend(
                    (0..5).map(|at| number(spread.quantiles.and_then(|q| q.get(at).copied()))),
                );
            }
            cells
        })
    }
}

/// A score or a quantile of scores: quarters of tenths have at most three decimals.
fn decimal(number: f64) -> String {
    let text = format!("{number:.3}");
    let short = text.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
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
