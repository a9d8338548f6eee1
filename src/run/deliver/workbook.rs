//! The workbook of a run: a summary, sites, what drives their scores, the sites in groups, disclosures, findings, and the
//! method with every parameter, input and column.

use super::wanted::{DISCLOSURES, WORKBOOK, Wanted};
use super::{drivers, grouped, method, summary};
use crate::Face;
use crate::Result;
use crate::layers::columns::{ENVIRONMENT_BAND, ENVIRONMENT_SCORE, SECURITY_BAND, SECURITY_SCORE};
use crate::layers::disclosures::{Disclosures, HEADER};
use crate::layers::portfolio::Portfolio;
use crate::layers::style::{Theme, aliases};
use crate::layers::{self, Column, ColumnKind, Digits, Geometry, Layer, Property, Scored};
use crate::model::{Countries, CountryCode, Finding};
use crate::run::Case;
use crate::scoring::written;
use crate::sinks::place::OutputFolder;
use crate::sinks::workbook::{self, LeftOut, Sheet};
use jiff::civil::Date;

/// The tables of a run.
pub(super) struct Tables<'a> {
    pub scored: &'a [Scored],
    pub portfolios: &'a [Portfolio],
    pub disclosures: &'a Disclosures,
}

/// Writes the workbook, and returns notes on what did not fit.
pub(super) fn write(
    case: &Case,
    tables: &Tables<'_>,
    wanted: &Wanted,
    output: &mut OutputFolder<'_>,
) -> Result<Vec<String>> {
    let context = case.context();
    let title = match case.as_of {
        Some(day) => format!("Risk of {} sites, as of {day}", tables.scored.len()),
        None => format!("Risk of {} sites", tables.scored.len()),
    };
    let mut left_out = Vec::new();
    output.stage(WORKBOOK, |out| {
        let sites = layers::sites(context, tables.scored);
        let order = order(tables.scored);
        let board = summary::board(case, tables.scored, (&sites, &order), wanted);
        let explained = explained(&sites);
        let mut sheets = grouped::sheets(case, tables, &sites);
        sheets.insert(0, drivers::sheet(context, tables.scored, order.clone()));
        sheets.insert(0, site_sheet(sites, order));
        sheets.push(disclosure_sheet(case, tables.disclosures));
        sheets.push(findings_sheet(case.findings(), wanted.face));
        sheets.push(method::sheet(case));
        sheets.push(explained);
        let bands = &case.scheme.bands;
        left_out = workbook::write(&title, case.as_of, bands, &board, sheets, out)?;
        Ok(())
    })?;
    Ok(left_out.iter().map(note).collect())
}

/// The rows of the sites, the highest security score first, and of several or of none by the environment score.
fn order(scored: &[Scored]) -> Vec<usize> {
    let key = |row: &usize| {
        let risk = scored.get(*row).map(|one| &one.risk);
        let of = |score: Option<f64>| score.map_or(-1.0, written::score);
        [
            of(risk.and_then(|risk| risk.security.score)),
            of(risk.and_then(|risk| risk.environment.score)),
        ]
    };
    let mut order: Vec<usize> = (0..scored.len()).collect();
    order.sort_by(|a, b| {
        let ([a, a2], [b, b2]) = (key(a), key(b));
        b.total_cmp(&a).then(b2.total_cmp(&a2))
    });
    order
}

/// The note on what did not fit.
fn note(LeftOut { sheet, rows, texts, whole }: &LeftOut) -> String {
    let rows = (*rows > 0).then(|| format!("{rows} rows do not fit"));
    let texts = (*texts > 0).then(|| format!("{texts} texts are cut"));
    let what: Vec<String> = rows.into_iter().chain(texts).collect();
    format!("{WORKBOOK}: in the sheet {sheet} {}; {whole} holds all of it", what.join(" and "))
}

/// A country's name with its code: `Mali (MLI)`; the code alone if the borders have no name for it.
pub(super) fn name_and_code(code: &str) -> String {
    let country = CountryCode::new(code).and_then(|code| Countries::built_in().find(code));
    country.map_or_else(|| code.to_owned(), |country| format!("{} ({code})", country.name))
}

/// A column of texts, or of numbers with a unit.
pub(super) fn column(name: &str, kind: ColumnKind, unit: Option<&'static str>) -> Column {
    Column { name: name.into(), kind, unit, about: "".into() }
}

/// A text, or nothing if it is empty.
pub(super) fn text(text: impl Into<String>) -> Property {
    let text = text.into();
    if text.is_empty() { Property::Missing } else { Property::Text(text) }
}

/// A sheet without colors.
pub(super) fn plain<'a>(
    name: impl Into<String>,
    columns: Vec<Column>,
    whole: &'static str,
    rows: impl Iterator<Item = Vec<Property>> + 'a,
) -> Sheet<'a> {
    let colored = vec![None; columns.len()];
    let labels = columns.iter().map(label).collect();
    let rows = Box::new(rows);
    Sheet {
        name: name.into(),
        columns,
        labels,
        colored,
        frozen: 1,
        printed: None,
        printed_rows: None,
        totals: Vec::new(),
        whole,
        rows,
    }
}

/// The name of a column in words, with its unit.
fn label(column: &Column) -> String {
    let bare = column.unit.and_then(|unit| column.name.strip_suffix(&format!("_{unit}")));
    let words = bare.unwrap_or(&column.name).replace('_', " ");
    let mut letters = words.chars();
    let capital: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    match column.unit {
        Some(unit) => format!("{capital}{} ({unit})", letters.as_str()),
        None => format!("{capital}{}", letters.as_str()),
    }
}

/// A sheet of texts.
pub(super) fn of_texts<'a>(
    name: &'static str,
    heads: &[&str],
    whole: &'static str,
    rows: impl Iterator<Item = Vec<String>> + 'a,
) -> Sheet<'a> {
    let columns = heads.iter().map(|head| column(head, ColumnKind::Text, None)).collect();
    plain(name, columns, whole, rows.map(|row| row.into_iter().map(text).collect()))
}

/// The columns of the layer of sites that come first and are printed, after the id.
const FIRST: [&str; 12] = [
    "name",
    "country",
    "security_score",
    "security_band",
    "environment_score",
    "environment_band",
    "environment_coverage",
    "overall_score",
    "overall_band",
    "driver_1_type",
    "driver_1_date",
    "driver_1_km",
];

/// The layer of sites in an order of its rows: the id, what is printed, the position, and all other columns.
fn site_sheet(layer: Layer<'_>, order: Vec<usize>) -> Sheet<'_> {
    let degrees = ColumnKind::Number(Digits::Decimals(7));
    let names: Vec<String> = layer.column_names().map(|name| name.to_string()).collect();
    let (first, rest) = ordered(&names, &FIRST);
    let of = |list: &[usize]| -> Vec<Column> {
        list.iter().filter_map(|at| layer.columns().get(*at).cloned()).collect()
    };
    let mut columns = vec![column("id", ColumnKind::Text, None)];
    columns.extend(of(&first));
    columns.push(column("longitude", degrees, Some("degrees")));
    columns.push(column("latitude", degrees, Some("degrees")));
    columns.extend(of(&rest));
    let theme = |column: &Column| match &*column.name {
        SECURITY_SCORE | SECURITY_BAND => Some(Theme::Security),
        ENVIRONMENT_SCORE | ENVIRONMENT_BAND => Some(Theme::Environment),
        "overall_score" | "overall_band" => Some(Theme::Overall),
        _ => None,
    };
    let colored = columns.iter().map(theme).collect();
    let labels = columns.iter().zip(aliases(&columns)).map(|(column, alias)| scaled(column, alias));
    let labels = labels.collect();
    let printed = u16::try_from(first.len() + 1).ok();
    let rows = order.into_iter().filter_map(move |at| {
        let feature = layer.feature(at)?;
        let degree = |degree: f64| Property::Number(degree, Digits::Decimals(7));
        let place = match &feature.geometry {
            Geometry::Point(at) => [degree(at.lon()), degree(at.lat())],
            Geometry::Lines(_) | Geometry::Polygons(_) => [Property::Missing, Property::Missing],
        };
        let value = |at: &usize| {
            let value = feature.properties.get(*at).cloned().unwrap_or(Property::Missing);
            match (names.get(*at).map(String::as_str), value) {
                (Some("country"), Property::Text(code)) => Property::Text(name_and_code(&code)),
                (Some(name), value) if name.starts_with("site_") => as_stated(value),
                (_, value) => value,
            }
        };
        let mut row = vec![Property::Text(feature.id.clone())];
        row.extend(first.iter().map(value));
        row.extend(place);
        row.extend(rest.iter().map(value));
        Some(row)
    });
    let rows = Box::new(rows);
    let whole = "sites.csv";
    let totals = Vec::new();
    Sheet {
        name: "sites".to_owned(),
        columns,
        labels,
        colored,
        frozen: 2,
        printed,
        printed_rows: Some(MOST_PRINTED),
        totals,
        whole,
        rows,
    }
}

/// The columns that come first, in their order, and all others.
pub(super) fn ordered(names: &[String], first: &[&str]) -> (Vec<usize>, Vec<usize>) {
    let found = first.iter().filter_map(|name| names.iter().position(|of| of == name));
    let found: Vec<usize> = found.collect();
    let rest = (0..names.len()).filter(|at| !found.contains(at)).collect();
    (found, rest)
}

/// A label with the scale of its numbers, where the column has no unit and says it.
fn scaled(column: &Column, alias: String) -> String {
    let scales = ["0 to 100", "0 to 1"];
    let is_number = matches!(column.kind, ColumnKind::Number(_)) && column.unit.is_none();
    let told = |scale: &&str| {
        column.about.contains(*scale) || (*scale == "0 to 100" && column.name.ends_with("_score"))
    };
    match scales.into_iter().find(|scale| is_number && told(scale) && !alias.ends_with("0 to 1)")) {
        Some(scale) => format!("{alias} ({scale})"),
        None => alias,
    }
}

/// A value of a source: a text that is a day as a day, and a number as it stands there, such as a year.
fn as_stated(value: Property) -> Property {
    match &value {
        Property::Number(number, _) => Property::Number(*number, Digits::All),
        Property::Text(text) if text.len() == 10 => {
            text.parse::<Date>().map_or(value, Property::Date)
        }
        _ => value,
    }
}

/// Rows of sites and of findings that are printed.
const MOST_PRINTED: usize = 200;

/// Above this number of sites the sheet of disclosures has those of all sites together only.
const MOST_DISCLOSED: usize = 500;

fn disclosure_sheet<'a>(case: &'a Case, disclosures: &'a Disclosures) -> Sheet<'a> {
    let columns = HEADER.map(|name| match name {
        "as_of" => column(name, ColumnKind::Date, None),
        _ => column(name, ColumnKind::Text, None),
    });
    let many = disclosures.sites.len() > MOST_DISCLOSED;
    let shown = if many { disclosures.all.len() } else { disclosures.len() };
    let rest = many.then(|| {
        let text = format!(
            "For all {} sites together; the answers of each site are in {DISCLOSURES}",
            disclosures.sites.len()
        );
        vec![Property::Text(text)]
    });
    let rows = disclosures.rows(&case.sites.list).take(shown).map(Vec::from).chain(rest);
    let sheet = plain("disclosures", columns.into(), DISCLOSURES, rows);
    // The answers on all sites together; those of each site fill a hundred pages.
    Sheet { frozen: 4, printed_rows: Some(disclosures.all.len()), ..sheet }
}

fn findings_sheet<'a>(findings: impl Iterator<Item = &'a Finding> + 'a, face: Face) -> Sheet<'a> {
    let heads = ["verdict", "file", "place", "id", "field", "value", "why", "code"];
    let rows = findings.map(move |finding| {
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![
            finding.verdict.word().to_owned(),
            finding.file.to_string(),
            finding.place.to_string(),
            optional(&finding.id),
            optional(&finding.field),
            optional(&finding.value),
            finding.why_for(face).into_owned(),
            finding.code.word().to_owned(),
        ]
    });
    let sheet = of_texts("findings", &heads, "rejects.csv", rows);
    Sheet { printed_rows: Some(MOST_PRINTED), ..sheet }
}

/// Every column of the sheet of sites, explained: first those that it prints, which are printed here, too.
fn explained(layer: &Layer<'_>) -> Sheet<'static> {
    let names: Vec<String> = layer.column_names().map(|name| name.to_string()).collect();
    let (first, rest) = ordered(&names, &FIRST);
    let in_order = first.iter().chain(&rest).filter_map(|at| layer.columns().get(*at));
    let rows: Vec<Vec<String>> = in_order
        .map(|column| {
            let kind = match column.kind {
                ColumnKind::Text => "text",
                kind if kind.is_whole() => "whole number",
                ColumnKind::Number(_) => "number",
                ColumnKind::Flag => "yes or no",
                ColumnKind::Date => "date",
            };
            let unit = column.unit.unwrap_or("").to_owned();
            vec![column.name.to_string(), kind.to_owned(), unit, column.about.to_string()]
        })
        .collect();
    let heads = ["column", "type", "unit", "what_it_tells"];
    let sheet = of_texts("columns", &heads, "docs/FORMATS.md", rows.into_iter());
    Sheet { printed_rows: Some(first.len()), ..sheet }
}
