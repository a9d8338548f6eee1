//! The workbook of a run: sites, what drives their scores, the portfolio, disclosures, findings, and the method with every
//! parameter, input and column.

use super::report::facts;
use super::wanted::{WORKBOOK, Wanted};
use crate::Face;
use crate::Result;
use crate::layers::columns::{ENVIRONMENT_BAND, ENVIRONMENT_SCORE, SECURITY_BAND, SECURITY_SCORE};
use crate::layers::disclosures::{Disclosure, Disclosures, HEADER};
use crate::layers::portfolio::{Portfolio, header};
use crate::layers::report::{Facts, Method};
use crate::layers::style::{Theme, aliases};
use crate::layers::{self, Column, ColumnKind, Digits, Geometry, Layer, Property, Scored};
use crate::model::Finding;
use crate::run::Case;
use crate::scoring::Scheme;
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
        let explained = explained(&sites);
        let mut sheets = vec![site_sheet(sites), super::drivers::sheet(context, tables.scored)];
        sheets.extend(portfolio_sheet(case, tables.portfolios));
        sheets.push(disclosure_sheet(case, tables.disclosures));
        sheets.push(findings_sheet(case.findings(), wanted.face));
        sheets.push(method_sheet(case));
        sheets.push(explained);
        left_out = workbook::write(&title, case.as_of, &case.scheme.bands, sheets, out)?;
        Ok(())
    })?;
    Ok(left_out.iter().map(note).collect())
}

/// The note on what did not fit.
fn note(LeftOut { sheet, rows, texts, whole }: &LeftOut) -> String {
    let rows = (*rows > 0).then(|| format!("{rows} rows do not fit"));
    let texts = (*texts > 0).then(|| format!("{texts} texts are cut"));
    let what: Vec<String> = rows.into_iter().chain(texts).collect();
    format!("{WORKBOOK}: in the sheet {sheet} {}; {whole} holds all of it", what.join(" and "))
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
    name: &'static str,
    columns: Vec<Column>,
    whole: &'static str,
    rows: impl Iterator<Item = Vec<Property>> + 'a,
) -> Sheet<'a> {
    let colored = vec![None; columns.len()];
    let labels = columns.iter().map(label).collect();
    Sheet { name, columns, labels, colored, frozen: 1, whole, rows: Box::new(rows) }
}

/// The name of a column in words, with its unit.
fn label(column: &Column) -> String {
    let words = column.name.replace('_', " ");
    let mut letters = words.chars();
    let capital: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    match column.unit {
        Some(unit) => format!("{capital}{} ({unit})", letters.as_str()),
        None => format!("{capital}{}", letters.as_str()),
    }
}

/// A sheet of texts.
fn of_texts<'a>(
    name: &'static str,
    heads: &[&str],
    whole: &'static str,
    rows: impl Iterator<Item = Vec<String>> + 'a,
) -> Sheet<'a> {
    let columns = heads.iter().map(|head| column(head, ColumnKind::Text, None)).collect();
    plain(name, columns, whole, rows.map(|row| row.into_iter().map(text).collect()))
}

/// The layer of sites: the id, the name, the position, and all other columns.
fn site_sheet(layer: Layer<'_>) -> Sheet<'_> {
    let degrees = ColumnKind::Number(Digits::Decimals(7));
    let own = |name: &str| name.starts_with("site_");
    let days: Vec<bool> = layer.column_names().map(|name| own(name)).collect();
    let mut columns = vec![column("id", ColumnKind::Text, None)];
    columns.extend(layer.columns().first().cloned());
    columns.push(column("longitude", degrees, Some("degrees")));
    columns.push(column("latitude", degrees, Some("degrees")));
    columns.extend(layer.columns().iter().skip(1).cloned());
    let theme = |column: &Column| match &*column.name {
        SECURITY_SCORE | SECURITY_BAND => Some(Theme::Security),
        ENVIRONMENT_SCORE | ENVIRONMENT_BAND => Some(Theme::Environment),
        _ => None,
    };
    let colored = columns.iter().map(theme).collect();
    let rows = (0..layer.len()).map_while(move |at| {
        let feature = layer.feature(at)?;
        let degree = |degree: f64| Property::Number(degree, Digits::Decimals(7));
        let place = match &feature.geometry {
            Geometry::Point(at) => [degree(at.lon()), degree(at.lat())],
            Geometry::Lines(_) | Geometry::Polygons(_) => [Property::Missing, Property::Missing],
        };
        let values = feature.properties.into_iter().zip(&days);
        let mut values = values.map(|(value, own)| if *own { as_day(value) } else { value });
        let mut row = vec![Property::Text(feature.id)];
        row.extend(values.next());
        row.extend(place);
        row.extend(values);
        Some(row)
    });
    let rows = Box::new(rows);
    let labels = aliases(&columns);
    Sheet { name: "sites", columns, labels, colored, frozen: 2, whole: "sites.csv", rows }
}

/// A text that is a day as a day.
fn as_day(value: Property) -> Property {
    match &value {
        Property::Text(text) if text.len() == 10 => {
            text.parse::<Date>().map_or(value, Property::Date)
        }
        _ => value,
    }
}

/// The portfolio; none if the sites are not grouped.
fn portfolio_sheet<'a>(case: &'a Case, portfolios: &'a [Portfolio]) -> Option<Sheet<'a>> {
    let weighted = portfolios.first()?.weight.is_some();
    let heads = header(weighted);
    let units: Vec<bool> = heads.iter().map(|(_, unit)| unit.is_some()).collect();
    let columns = heads.iter().map(|(name, unit)| match unit {
        None => column(name, ColumnKind::Text, None),
        Some(unit) => {
            let unit = Some(*unit).filter(|unit| !unit.is_empty());
            column(name, ColumnKind::Number(Digits::All), unit)
        }
    });
    let columns: Vec<Column> = columns.collect();
    let rows = portfolios.iter().flat_map(move |portfolio| portfolio.rows(case.context()));
    let rows = rows.map(move |row| {
        let cells = row.into_iter().zip(&units).map(|(cell, is_number)| {
            let number = cell.parse::<f64>().ok().filter(|_| *is_number);
            number.map_or_else(|| text(cell), |number| Property::Number(number, Digits::All))
        });
        cells.collect()
    });
    let sheet = plain("portfolio", columns, "portfolio.csv", rows);
    Some(Sheet { frozen: 2, ..sheet })
}

fn disclosure_sheet<'a>(case: &'a Case, disclosures: &'a Disclosures) -> Sheet<'a> {
    let columns = HEADER.map(|name| match name {
        "as_of" => column(name, ColumnKind::Date, None),
        _ => column(name, ColumnKind::Text, None),
    });
    let rows = disclosures.rows(&case.sites.list).map(Vec::from);
    let sheet = plain("disclosures", columns.into(), "disclosures.csv", rows);
    Sheet { frozen: 4, ..sheet }
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
    of_texts("findings", &heads, "rejects.csv", rows)
}

/// What the numbers are made of: the run, the method in sentences, and every parameter with its source.
fn method_sheet(case: &Case) -> Sheet<'_> {
    let mut rows = run_rows(case, &facts(case));
    let Method { description, security, environment, reading, .. } =
        Method::of(&case.scheme, case.calibration.as_ref());
    let mut said = |section: &str, lines: Vec<String>| {
        rows.extend(
            lines.into_iter().map(|line| [section.to_owned(), String::new(), line, String::new()]),
        );
    };
    said("scheme", vec![description]);
    said("security score", security);
    said("environment score", environment);
    said("reading the numbers", reading);
    rows.extend(Disclosure::ALL.map(|of| {
        ["disclosures".to_owned(), of.word().to_owned(), of.about().to_owned(), String::new()]
    }));
    rows.extend(parameters(&case.scheme));
    let heads = ["section", "item", "value", "note"];
    let rows = rows.into_iter().map(Vec::from);
    let sheet = of_texts("method", &heads, "report.html", rows);
    Sheet { frozen: 2, ..sheet }
}

fn run_rows(case: &Case, facts: &Facts) -> Vec<[String; 4]> {
    let row = |item: &str, value: String| ["run".to_owned(), item.to_owned(), value, String::new()];
    let day = case.as_of.map(|day| day.to_string());
    let mut rows = vec![
        row("program", format!("Tamarisk {}", facts.version)),
        row("as of", day.unwrap_or_else(|| "no day".to_owned())),
        row("scheme", case.scheme.name.clone()),
        row("hash of its numbers", facts.scheme_hash.clone()),
        row("declared complete", facts.complete.join(", ")),
    ];
    let places = facts.coverage.iter();
    rows.extend(
        places.map(|(domain, told)| row(&format!("{domain} incidents cover"), told.clone())),
    );
    rows.extend(facts.inputs.iter().map(|input| {
        let scored = input.read.saturating_sub(input.set_aside + input.not_scored);
        let not_scored = match input.not_scored {
            0 => String::new(),
            many => format!(", {many} of no score"),
        };
        let value = format!(
            "{}: {} records, {scored} used, {} set aside{not_scored}",
            input.file, input.read, input.set_aside
        );
        let note = format!("{}; {}; BLAKE3 {}", input.layout, input.format, input.hash);
        ["run".to_owned(), input.role.clone(), value, note]
    }));
    rows
}

/// The parameters of a scheme: the section, the name, the value, and the comment with its reason or source.
fn parameters(scheme: &Scheme) -> Vec<[String; 4]> {
    let (mut rows, mut section, mut comment) = (Vec::new(), "scheme".to_owned(), Vec::new());
    let text = scheme.to_toml();
    let mut open: Option<[String; 4]> = None;
    for line in text.lines().map(str::trim) {
        if let Some(mut row) = open.take() {
            // A list goes on over several lines.
            row[2].push_str(line);
            if line.starts_with(']') { rows.push(row) } else { open = Some(row) }
        } else if line.is_empty() {
            comment.clear();
        } else if let Some(words) = line.strip_prefix('#') {
            comment.push(words.trim().to_owned());
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = format!("parameters: {}", name.trim_matches(['[', ']']));
            comment.clear();
        } else if let Some((name, value)) = line.split_once('=') {
            let (value, default) = value.split_once("  # ").unwrap_or((value, ""));
            let note = comment.iter().map(String::as_str).chain([default]);
            let note: Vec<&str> = note.filter(|words| !words.is_empty()).collect();
            let row =
                [section.clone(), name.trim().to_owned(), value.trim().to_owned(), note.join(" ")];
            if value.trim_end().ends_with('[') { open = Some(row) } else { rows.push(row) }
        }
    }
    rows
}

/// Every column of the sheet of sites, explained.
fn explained(layer: &Layer<'_>) -> Sheet<'static> {
    let rows: Vec<Vec<String>> = layer
        .columns()
        .iter()
        .map(|column| {
            let kind = match column.kind {
                ColumnKind::Text => "text",
                ColumnKind::Number(_) => "number",
                ColumnKind::Flag => "true or false",
                ColumnKind::Date => "date",
            };
            let unit = column.unit.unwrap_or("").to_owned();
            vec![column.name.to_string(), kind.to_owned(), unit, column.about.to_string()]
        })
        .collect();
    of_texts(
        "columns",
        &["column", "type", "unit", "what_it_tells"],
        "docs/FORMATS.md",
        rows.into_iter(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_of_a_scheme_is_told_with_its_comment() {
        let scheme = Scheme::default();
        let rows = parameters(&scheme);
        let found = |section: &str, name: &str| {
            let mut all = rows.iter().filter(|row| row[0] == section && row[1] == name);
            all.next().unwrap_or_else(|| panic!("{section} {name}"))
        };
        let decay = found("parameters: environment.sensitive_areas", "decay_km");
        assert_eq!(decay[2..], ["50.0".to_owned(), "The buffer IBAT uses for mining.".to_owned()]);
        let numbers = serde_json::to_value(&scheme).expect("JSON");
        fn leaves(value: &serde_json::Value) -> usize {
            match value {
                serde_json::Value::Object(members) => members.values().map(leaves).sum(),
                _ => 1,
            }
        }
        assert_eq!(rows.len(), leaves(&numbers), "one row for each value of the scheme");
    }
}
