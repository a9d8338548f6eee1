//! The human-readable outputs of a run: the report, the still map and the portfolio.

use super::wanted::Wanted;
use crate::layers::disclosures::Disclosures;
use crate::layers::portfolio::{Grouping, Portfolio, column_called, grouping_called, portfolio};
use crate::layers::report::{Facts, Found, InputFacts, Page};
use crate::layers::{Layer, Scored, sites};
use crate::measures::{Collection, Places, SourceSpan};
use crate::model::{Countries, Domain, Site, Value};
use crate::run::Case;
use crate::scoring::{Calibration, Exposures, MOST_NAMED, country_list, country_name, thousands};
use crate::{Code, Error, Result};

/// The portfolios that a user asks for, by the columns that they name: how sites are grouped, and the numbers by which
/// exposure is weighted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Groupings {
    /// Each way of grouping.
    pub list: Vec<Grouping>,
    /// The column of numbers.
    pub weight: Option<usize>,
}

/// The sites grouped as a user asks; with numbers to weigh by, first all sites together.
pub fn portfolios(case: &Case, scored: &[Scored], groupings: &Groupings) -> Vec<Portfolio> {
    let layer = sites(case.context(), scored);
    let of = |by: &Grouping| portfolio(case.context(), scored, &layer, by, groupings.weight);
    let whole = groupings.weight.map(|_| Grouping::default());
    whole.iter().chain(&groupings.list).map(of).collect()
}

/// The columns of the layer `sites` that a user names. Without any, sites of several countries are grouped by country.
///
/// # Errors
/// An unknown or ambiguous column name; a column to weigh by that has no number.
pub fn groupings(case: &Case, wanted: &Wanted) -> Result<Groupings> {
    let layer = sites(case.context(), &[]);
    let mut list = Vec::new();
    for called in &wanted.group_by {
        let by = grouping_called(&layer, called)
            .map_err(|(name, names)| unknown("⟦~group_by⟧", &name, &names))?;
        if !list.contains(&by) {
            list.push(by);
        }
    }
    if list.is_empty() && wanted.groups_unasked() && in_several_countries(case) {
        list.extend(grouping_called(&layer, "country").ok());
    }
    let weight = wanted.weight_by.as_deref().map(|called| weight(case, &layer, called));
    Ok(Groupings { list, weight: weight.transpose()? })
}

/// Whether the sites lie in more than one country, as their file or the built-in borders have it.
fn in_several_countries(case: &Case) -> bool {
    let lies_in = |site: &Site| site.country.or_else(|| Countries::built_in().at(site.position));
    let mut countries = case.sites.list.iter().filter_map(lies_in);
    let first = countries.next();
    countries.any(|country| Some(country) != first)
}

/// The column of numbers that a user names.
fn weight(case: &Case, layer: &Layer<'_>, called: &str) -> Result<usize> {
    let column =
        column_called(layer, called).map_err(|names| unknown("⟦~weight_by⟧", called, &names))?;
    // What the sites themselves state is known before they are scored.
    let name = layer.columns().get(column).map_or("", |column| &column.name);
    let own = name.strip_prefix("site_").unwrap_or_default();
    let values: Vec<String> =
        case.sites.list.iter().filter_map(|site| own_value(site, own)).collect();
    let is_number = |text: &String| text.trim().parse::<f64>().is_ok_and(f64::is_finite);
    if !values.is_empty() && !values.iter().any(is_number) {
        return Err(Error::usage(
            Code::ColumnMissing,
            format!(
                "⟦~weight_by⟧: no site has a number in the column \"{}\"",
                called.escape_debug()
            ),
        )
        .with_hint("numbers have no signs between thousands and no unit: 1200000"));
    }
    Ok(column)
}

/// The value of a site's own column.
fn own_value(site: &Site, column: &str) -> Option<String> {
    let same = |name: &str| name.trim().eq_ignore_ascii_case(column);
    site.columns.iter().find(|(name, _)| same(name)).and_then(|(_, value)| Value::text(value))
}

fn unknown(setting: &str, called: &str, names: &[String]) -> Error {
    let error = Error::usage(
        Code::ColumnMissing,
        format!("{setting}: the sites have no column \"{}\"", called.escape_debug()),
    );
    let own: Vec<&str> = names.iter().filter_map(|name| name.strip_prefix("site_")).collect();
    let likeness = |name: &str| strsim::jaro_winkler(&name.to_lowercase(), &called.to_lowercase());
    let nearest = own
        .iter()
        .copied()
        .chain(names.iter().map(String::as_str))
        .map(|name| (likeness(name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    error.with_hint(match nearest {
        Some((_, name)) => format!("did you mean {name}"),
        None if own.is_empty() => "a column of sites.geojson, such as country".into(),
        None => format!("one of {}, or a column of sites.geojson", own.join(", ")),
    })
}

/// The report of a run; `exposures` are the receptors in reach of its sites, `groupings` those that the user asks for.
pub fn page<'a>(
    case: &'a Case,
    scored: &'a [Scored],
    exposures: &Exposures,
    groupings: &Groupings,
    disclosures: Option<&Disclosures>,
) -> Page<'a> {
    let findings = case.findings();
    let asked = (groupings.list.as_slice(), groupings.weight);
    let found = Found { security: &case.security, exposures, disclosures };
    Page::of(case.context(), scored, found, findings, facts(case), asked)
}

/// The coverage of a source, in words: `Mali and Niger, 2019-01-02 to 2024-05-31 (acled.csv)`.
pub fn told(collection: &Collection, source: &SourceSpan) -> String {
    let SourceSpan { file, places, from, until, current, .. } = source;
    let places = match places {
        Places::Everywhere => "everywhere".to_owned(),
        Places::Area => "the area that was given".to_owned(),
        Places::Countries(codes) if codes.is_empty() => "no country that is known".to_owned(),
        Places::Countries(codes) => country_list(codes.iter().copied()),
    };
    let ended = match current {
        true => String::new(),
        false => {
            let days = thousands(collection.days_since(*until));
            format!("; ended {days} days before the as-of date")
        }
    };
    format!("{places}, {from} to {until} ({file}){ended}")
}

/// The countries of a source by name, if there are more than its words name.
fn all_countries(source: &SourceSpan) -> Vec<String> {
    match &source.places {
        Places::Countries(codes) if codes.len() > MOST_NAMED => {
            codes.iter().copied().map(country_name).collect()
        }
        _ => Vec::new(),
    }
}

pub(super) fn facts(case: &Case) -> Facts {
    let coverage =
        [(Domain::Security, &case.collection), (Domain::Accident, &case.accident_collection)];
    let sources = coverage.iter().flat_map(|(_, collection)| collection.sources());
    let countries = sources.map(all_countries).collect();
    let coverage = coverage.into_iter().flat_map(|(domain, collection)| {
        let told = move |source: &SourceSpan| (domain.word().to_owned(), told(collection, source));
        collection.sources().iter().map(told)
    });
    let not_scored = case.not_scored();
    let input = |input: &crate::run::Input| InputFacts {
        not_scored: not_scored.get(&(input.role, &*input.file)).copied().unwrap_or_default(),
        role: input.role.to_owned(),
        file: input.file.to_string(),
        layout: input.layout.clone(),
        format: input.format.clone(),
        hash: input.hash.clone(),
        read: input.read - input.left_out,
        set_aside: input.set_aside + input.merged,
    };
    let uses = case
        .tally()
        .into_iter()
        .map(|((domain, usage), count)| (domain.word().to_owned(), usage.word().to_owned(), count));
    Facts {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scheme_hash: case.scheme.hash(),
        calibration_hash: case.calibration.as_ref().map(Calibration::hash),
        coverage: coverage.collect(),
        countries,
        complete: case.complete.iter().map(|kind| kind.word().to_owned()).collect(),
        bbox: case.bbox.map(|bounds| bounds.degrees()),
        outside: case.outside,
        linked: case.sites.linked.iter().map(Vec::len).sum(),
        inputs: case.world.inputs.iter().map(input).collect(),
        files: Vec::new(),
        uses: uses.collect(),
    }
}
