//! The sheets of the sites in groups, one for each way of grouping: each group, and below them all sites together.

use super::workbook::{Tables, column, name_and_code, ordered, plain, text};
use crate::layers::portfolio::{ALL, CROSS, Grouping, Portfolio, header, portfolio};
use crate::layers::style::Theme;
use crate::layers::{Column, ColumnKind, Digits, Layer, Property};
use crate::run::Case;
use crate::sinks::workbook::Sheet;
use std::collections::BTreeSet;

/// The most letters of the name of a sheet.
const MOST_LETTERS: usize = 31;

/// The letters that the name of a sheet must not have.
const NOT_IN_NAMES: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// How the columns of scores end.
const SCORES: [&str; 7] =
    ["_worst_score", "_min", "_q1", "_median", "_q3", "_max", "_weighted_mean"];

/// The columns that come first and are printed.
const FIRST: [&str; 19] = [
    "column",
    "group",
    "sites",
    "security_worst_name",
    "security_worst_score",
    "security_median",
    "security_very_high",
    "security_high",
    "security_no_data",
    "environment_worst_name",
    "environment_worst_score",
    "environment_median",
    "environment_very_high",
    "environment_high",
    "environment_no_data",
    "overall_worst_name",
    "overall_worst_score",
    "overall_median",
    "overall_high",
];

/// The sheets; none if the sites are not grouped. `layer` is that of the scored sites.
pub(super) fn sheets<'a>(case: &'a Case, tables: &Tables<'a>, layer: &Layer<'_>) -> Vec<Sheet<'a>> {
    let grouped: Vec<&Portfolio> =
        tables.portfolios.iter().filter(|portfolio| portfolio.column != ALL).collect();
    let Some(first) = tables.portfolios.first() else { return Vec::new() };
    let weight = first.weight.as_ref();
    let weight = weight.and_then(|name| layer.column_names().position(|of| **of == **name));
    let all = portfolio(case.context(), tables.scored, layer, &Grouping::default(), weight);
    let all: Vec<Vec<String>> = all.rows(case.context()).collect();
    let mut taken = BTreeSet::new();
    if grouped.is_empty() {
        let rows = all.into_iter();
        return vec![sheet(name(ALL, &mut taken), weight.is_some(), rows, Vec::new())];
    }
    let one = |portfolio: &&'a Portfolio| {
        let name = name(&portfolio.column, &mut taken);
        sheet(name, weight.is_some(), portfolio.rows(case.context()), all.clone())
    };
    grouped.iter().map(one).collect()
}

/// The columns by which sites are grouped, as their source calls them.
fn called(column: &str) -> String {
    let names = column.split(CROSS).map(|name| name.strip_prefix("site_").unwrap_or(name));
    names.collect::<Vec<_>>().join(CROSS)
}

/// The name of a sheet, unlike the others.
fn name(column: &str, taken: &mut BTreeSet<String>) -> String {
    let whole = if column == ALL { ALL.to_owned() } else { format!("by {}", called(column)) };
    let fitting = |most: usize| -> String {
        let letters = whole.chars().filter(|letter| !NOT_IN_NAMES.contains(letter));
        letters.take(most).collect::<String>().trim_matches([' ', '\'']).to_owned()
    };
    let numbered = (2..).map(|number| format!("{} {number}", fitting(MOST_LETTERS / 2)));
    // Half the letters fit, whatever letters they are.
    let short = if whole.is_ascii() { fitting(MOST_LETTERS) } else { fitting(MOST_LETTERS / 2) };
    let mut names = std::iter::once(short).chain(numbered);
    let free = names.find(|name| taken.insert(name.to_lowercase()));
    free.unwrap_or_default()
}

fn sheet<'a>(
    name: String,
    weighted: bool,
    rows: impl Iterator<Item = Vec<String>> + 'a,
    totals: Vec<Vec<String>>,
) -> Sheet<'a> {
    let heads = header(weighted);
    let is_score = |name: &str| SCORES.iter().any(|end| name.ends_with(end));
    let columns = heads.iter().map(|(name, unit)| match unit {
        None => column(name, ColumnKind::Text, None),
        Some(_) if is_score(name) => {
            column(name, ColumnKind::Number(Digits::Decimals(1)), Some("0 to 100"))
        }
        Some("sites") => column(name, ColumnKind::Number(Digits::Decimals(0)), Some("sites")),
        Some("0 to 1") => column(name, ColumnKind::Number(Digits::Decimals(3)), Some("0 to 1")),
        Some(unit) => {
            let unit = Some(*unit).filter(|unit| !unit.is_empty());
            column(name, ColumnKind::Number(Digits::All), unit)
        }
    });
    let columns: Vec<Column> = columns.collect();
    let theme = |column: &Column| match is_score(&column.name) {
        false => None,
        true if column.name.starts_with("security") => Some(Theme::Security),
        true if column.name.starts_with("overall") => Some(Theme::Overall),
        true => Some(Theme::Environment),
    };
    let names: Vec<String> = columns.iter().map(|column| column.name.to_string()).collect();
    let (mut order, rest) = ordered(&names, &FIRST);
    let printed = u16::try_from(order.len()).ok();
    order.extend(rest);
    let in_order: Vec<Column> = order.iter().filter_map(|at| columns.get(*at).cloned()).collect();
    let colored: Vec<Option<Theme>> = in_order.iter().map(theme).collect();
    let kinds: Vec<ColumnKind> = columns.iter().map(|column| column.kind).collect();
    let cells = move |row: Vec<String>| -> Vec<Property> {
        let by_country = row.first().is_some_and(|column| column == "country");
        let cells = row.into_iter().zip(&kinds).enumerate().map(|(at, (cell, kind))| match kind {
            ColumnKind::Number(digits) => {
                cell.parse().map_or_else(|_| text(cell), |number| Property::Number(number, *digits))
            }
            _ if at == 0 => text(called(&cell)),
            _ if at == 1 && by_country => text(name_and_code(&cell)),
            _ => text(cell),
        });
        let cells: Vec<Property> = cells.collect();
        order.iter().filter_map(|at| cells.get(*at).cloned()).collect()
    };
    let totals = totals.into_iter().map(&cells).collect();
    let sheet = plain(name, in_order, "portfolio.csv", rows.map(cells));
    Sheet { frozen: 2, colored, printed, totals, ..sheet }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_that_a_workbook_takes() {
        let mut taken = BTreeSet::new();
        assert_eq!(name("site_Operator x site_Region", &mut taken), "by Operator x Region");
        assert_eq!(name("site_operator x region", &mut taken), "by operator x r 2");
        let long = name("site_What the operator calls [its] division", &mut taken);
        assert_eq!(long, "by What the operator calls its");
        assert!(name("site_\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}\u{1F5FA}", &mut taken).encode_utf16().count() <= 31);
    }
}
