//! The human-readable outputs of a run: the report, the still map and the portfolio.

use crate::layers::portfolio::{Portfolio, column_called, portfolio};
use crate::layers::report::{Facts, InputFacts, Page};
use crate::layers::{Scored, sites};
use crate::measures::{Collection, Places, SourceSpan};
use crate::model::Domain;
use crate::run::Case;
use crate::scoring::{Calibration, Exposures, country_list, thousands};
use crate::{Code, Error, Result};

/// The sites grouped by the columns that a user names.
///
/// # Errors
/// An unknown column name.
pub fn portfolios(case: &Case, scored: &[Scored], called: &[String]) -> Result<Vec<Portfolio>> {
    let columns = columns(case, called)?;
    let layer = sites(case.context(), scored);
    let of = |column: &usize| portfolio(case.context(), scored, &layer, *column);
    Ok(columns.iter().map(of).collect())
}

/// The columns of the layer `sites` that a user names.
///
/// # Errors
/// An unknown or ambiguous column name.
pub fn columns(case: &Case, called: &[String]) -> Result<Vec<usize>> {
    let layer = sites(case.context(), &[]);
    let mut columns = Vec::new();
    for name in called {
        let at = column_called(&layer, name).map_err(|names| unknown(name, &names))?;
        if !columns.contains(&at) {
            columns.push(at);
        }
    }
    Ok(columns)
}

fn unknown(called: &str, names: &[String]) -> Error {
    let error = Error::usage(
        Code::ColumnMissing,
        format!("⟦~group_by⟧: the sites have no column \"{}\"", called.escape_debug()),
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

/// The report of a run; `exposures` are the receptors in reach of its sites, `called` are the columns by which the user groups the sites.
///
/// # Errors
/// An unknown column name.
pub fn page<'a>(
    case: &'a Case,
    scored: &'a [Scored],
    exposures: &Exposures,
    called: &[String],
) -> Result<Page<'a>> {
    let grouped = columns(case, called)?;
    let findings = case.findings();
    Ok(Page::of(case.context(), scored, &case.security, exposures, findings, facts(case), &grouped))
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

fn facts(case: &Case) -> Facts {
    let coverage =
        [(Domain::Security, &case.collection), (Domain::Accident, &case.accident_collection)];
    let coverage = coverage.into_iter().flat_map(|(domain, collection)| {
        let told = move |source: &SourceSpan| (domain.word().to_owned(), told(collection, source));
        collection.sources().iter().map(told)
    });
    let input = |input: &crate::run::Input| InputFacts {
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
        complete: case.complete.iter().map(|kind| kind.word().to_owned()).collect(),
        bbox: case.bbox.map(|bounds| bounds.degrees()),
        outside: case.outside,
        linked: case.sites.linked.iter().map(Vec::len).sum(),
        inputs: case.world.inputs.iter().map(input).collect(),
        uses: uses.collect(),
    }
}
