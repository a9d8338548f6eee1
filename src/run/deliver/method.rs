//! The sheet of what the numbers are made of.

use super::report::facts;
use super::workbook::{column, plain, text};
use crate::layers::disclosures::Disclosure;
use crate::layers::report::{Facts, Method};
use crate::layers::{ColumnKind, Digits, Property};
use crate::run::Case;
use crate::scoring::Scheme;
use crate::sinks::workbook::Sheet;
use jiff::civil::Date;

/// What the numbers are made of: the run, the method in sentences, and every parameter with its source.
pub(super) fn sheet(case: &Case) -> Sheet<'_> {
    let mut rows = run_rows(case, &facts(case));
    let Method { description, security, environment, overall, reading, .. } =
        Method::of(&case.scheme, case.calibration.as_ref());
    let mut said = |section: &str, lines: Vec<String>| {
        rows.extend(
            lines.into_iter().map(|line| [section.to_owned(), String::new(), line, String::new()]),
        );
    };
    said("scheme", vec![description]);
    said("security score", security);
    said("environment score", environment);
    said("overall score", overall);
    said("reading the numbers", reading);
    rows.extend(Disclosure::ALL.map(|of| {
        ["disclosures".to_owned(), of.word().to_owned(), of.about().to_owned(), String::new()]
    }));
    let printed_rows = Some(rows.len());
    rows.extend(parameters(&case.scheme));
    let columns = ["section", "item", "value", "note"];
    let columns = columns.map(|name| column(name, ColumnKind::Text, None));
    let rows = rows.into_iter().map(|[section, item, value, note]| {
        vec![text(section), text(item), typed(value), text(note)]
    });
    let sheet = plain("method", columns.into(), "report.html", rows);
    // Parameters and their sources are for who looks one up.
    Sheet { frozen: 2, printed_rows, ..sheet }
}

/// A number or a day as such, any other text as a text.
fn typed(value: String) -> Property {
    if let Ok(number) =
        value.parse::<f64>().map_err(drop).and_then(|n| if n.is_finite() { Ok(n) } else { Err(()) })
    {
        return Property::Number(number, Digits::All);
    }
    match value.parse::<Date>() {
        Ok(day) if value.len() == 10 => Property::Date(day),
        _ => text(value.trim_matches('"')),
    }
}

fn run_rows(case: &Case, facts: &Facts) -> Vec<[String; 4]> {
    let row = |item: &str, value: String| ["run".to_owned(), item.to_owned(), value, String::new()];
    let day = case.as_of.map(|day| day.to_string());
    let complete = match facts.complete.as_slice() {
        [] => "none".to_owned(),
        kinds => kinds.join(", "),
    };
    let mut rows = vec![
        row("program", format!("Tamarisk {}", facts.version)),
        row("as of", day.unwrap_or_else(|| "no day".to_owned())),
        row("scheme", case.scheme.name.clone()),
        row("hash of its numbers", facts.scheme_hash.clone()),
        row("declared complete", complete),
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
