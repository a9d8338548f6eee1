//! The first sheet of the workbook: what a reader is to know first, the bands of each score, and the sites with the highest
//! scores.

use super::report::facts;
use super::wanted::Wanted;
use super::workbook::name_and_code;
use crate::layers::report::security_why;
use crate::layers::style::Theme;
use crate::layers::{Context, Digits, Layer, Property, Scored, silent_words};
use crate::run::Case;
use crate::scoring::Band;
use crate::sinks::workbook::{Board, Small};

/// How many of the sites are named.
pub(super) const NAMED: usize = 10;

/// The columns of bands, each with its score.
const BANDS: [(&str, Theme); 3] = [
    ("security_band", Theme::Security),
    ("environment_band", Theme::Environment),
    ("overall_band", Theme::Overall),
];

/// The columns of the table of the highest scores, each with its label and the score that colors it.
const HIGHEST: [(&str, &str, Option<Theme>); 10] = [
    ("name", "Site", None),
    ("country", "Country", None),
    ("security_score", "Security (0 to 100)", Some(Theme::Security)),
    ("security_band", "Security band", Some(Theme::Security)),
    ("environment_score", "Environment (0 to 100)", Some(Theme::Environment)),
    ("environment_band", "Environment band", Some(Theme::Environment)),
    ("overall_score", "Overall (0 to 100)", Some(Theme::Overall)),
    ("overall_band", "Overall band", Some(Theme::Overall)),
    ("", "Main driver of the security score", None),
    ("", "What is not known", None),
];

/// The sheet; `order` has the rows of the layer of sites, the highest score first.
pub(super) fn board(
    case: &Case,
    scored: &[Scored],
    (sites, order): (&Layer<'_>, &[usize]),
    wanted: &Wanted,
) -> Board {
    let heading = &wanted.heading;
    let fact = |label: &str, text: String| (label.to_owned(), Property::Text(text));
    let mut known = Vec::new();
    known.extend(heading.subtitle.clone().map(|text| fact("", text)));
    known.push(match case.as_of {
        Some(day) => ("As of".to_owned(), Property::Date(day)),
        None => fact("As of", "no day".to_owned()),
    });
    let count = crate::float::of_count(sites.len());
    known.push(("Sites".to_owned(), Property::Number(count, Digits::Decimals(0))));
    known.push(fact("Scheme", case.scheme.name.clone()));
    let coverage = facts(case).coverage;
    known.extend(coverage.into_iter().map(|(of, told)| match of.as_str() {
        "security" => fact("Security incidents cover", told),
        "accident" => fact("Accidents cover", told),
        of => fact(&format!("Incidents ({of}) cover"), told),
    }));
    let silent = silent_words(&case.scheme, scored.iter());
    known.extend(silent.map(|told| fact("Sites without incidents", told)));
    known.push(fact(
        "Reading the scores",
        "An index from 0 to 100 of reported past events and mapped places: not a forecast, and no data is not low risk. The sheet method says how each is made, the sheet columns what each column tells.".to_owned(),
    ));
    Board {
        name: "summary",
        title: heading.title.clone().unwrap_or_else(|| "Risk around mines".to_owned()),
        facts: known,
        tables: vec![bands(sites), highest(case.context(), scored, sites, order)],
    }
}

/// How many sites are in each band of each score.
fn bands(sites: &Layer<'_>) -> Small {
    let count = |column: &str, band: Band| {
        let at = sites.column_names().position(|name| **name == *column);
        let is = |row: &usize| at.and_then(|at| sites.value(*row, at)) == word(band);
        Property::Number(
            crate::float::of_count((0..sites.len()).filter(is).count()),
            Digits::Decimals(0),
        )
    };
    let row = |band: Band| {
        let name = word(band).unwrap_or(Property::Missing);
        let counts = BANDS.map(|(column, _)| count(column, band));
        std::iter::once(name).chain(counts).collect()
    };
    Small {
        heading: "Sites in each band".to_owned(),
        labels: vec!["Band", "Security", "Environment", "Overall"],
        colored: vec![Some(Theme::Security), None, None, None],
        rows: Band::ALL.into_iter().rev().map(row).collect(),
    }
}

fn word(band: Band) -> Option<Property> {
    Some(Property::Text(band.word().to_owned()))
}

/// The sites with the highest scores.
fn highest(context: Context<'_>, scored: &[Scored], sites: &Layer<'_>, order: &[usize]) -> Small {
    let value = |row: usize, column: &str| {
        let at = sites.column_names().position(|name| **name == *column);
        at.and_then(|at| sites.value(row, at)).unwrap_or(Property::Missing)
    };
    let text = |row: usize, column: &str| match value(row, column) {
        Property::Text(text) => Some(text),
        Property::Date(day) => Some(day.to_string()),
        Property::Number(number, _) => Some(format!("{number:.1}")),
        Property::Missing | Property::Flag(_) => None,
    };
    // As the page tells it.
    let driver = |row: usize| {
        let one = scored.get(row).filter(|one| one.risk.security.score.is_some());
        one.and_then(|one| security_why(context, one)).map_or(Property::Missing, Property::Text)
    };
    let unknown = |row: usize| {
        let parts = [text(row, "security_caution"), text(row, "environment_missing")];
        joined(parts.into_iter().flatten(), "; ")
    };
    let cells = |row: &usize| {
        let mut cells: Vec<Property> =
            HIGHEST.iter().filter(|of| !of.0.is_empty()).map(|of| value(*row, of.0)).collect();
        if let Some(Property::Text(country)) = cells.get_mut(1) {
            *country = name_and_code(country);
        }
        cells.extend([driver(*row), unknown(*row)]);
        cells
    };
    let rows: Vec<Vec<Property>> = order.iter().take(NAMED).map(cells).collect();
    Small {
        heading: match rows.len() {
            NAMED => format!("The {NAMED} sites with the highest scores, of {}", sites.len()),
            _ => "The sites, the highest score first".to_owned(),
        },
        labels: HIGHEST.map(|of| of.1).into(),
        colored: HIGHEST.map(|of| of.2).into(),
        rows,
    }
}

fn joined(parts: impl Iterator<Item = String>, by: &str) -> Property {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { Property::Missing } else { Property::Text(parts.join(by)) }
}
