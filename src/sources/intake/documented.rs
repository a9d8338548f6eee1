//! docs/FORMATS.md lists every column that is read, its other names, every recognized layout and
//! every word for "unknown". These tests compare the lists with the code; `BLESS=1 cargo test
//! --release documented` updates them.

use super::columns::{Field as F, PLACE, Role, entries_of, word_of};
use super::own::REPORTED;
use crate::sources::layouts::{Dates, KNOWN, Layout};
use crate::sources::values::numbers::MISSING;
use std::fmt::Write;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/FORMATS.md");

/// Replaces the text between the two marks of a block, or compares it.
// The document is not an input of the program.
#[allow(clippy::disallowed_methods)]
fn hold(block: &str, renew: impl Fn(&str) -> String) {
    // The tests of one process write the same file.
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN.lock().expect("a turn");
    let document = std::fs::read_to_string(PATH).expect("docs/FORMATS.md");
    let begin = format!("<!-- {block} -->\n");
    let end = format!("<!-- end of {block} -->\n");
    let (before, rest) = document.split_once(&begin).expect(&begin);
    let (known, after) = rest.split_once(&end).expect(&end);
    let new = renew(known);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PATH, format!("{before}{begin}{new}{end}{after}")).expect("written");
    } else {
        assert_eq!(known, new, "docs/FORMATS.md is out of date; BLESS=1 updates it");
    }
}

/// Fills the last cell of each row of a table of columns: the other names of the column.
fn with_names(table: &str, known: &[(&str, &[&str])]) -> String {
    let mut rows: Vec<&str> = Vec::new();
    let mut text = String::new();
    for line in table.lines() {
        let Some(column) = line.strip_prefix("| `").and_then(|rest| rest.split('`').next()) else {
            text.push_str(line);
            text.push('\n');
            continue;
        };
        let (_, names) = known
            .iter()
            .find(|(word, _)| *word == column)
            .unwrap_or_else(|| panic!("{column} is documented and not read"));
        rows.push(column);
        let cells = line.trim_end().trim_end_matches('|');
        let (kept, _) = cells.rsplit_once('|').expect("cells");
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(text, "{kept}| {} |", names.join(", "));
    }
    let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
    assert_eq!(rows, words, "the columns that are read, in their order");
    text
}

#[test]
fn every_column_that_is_read_is_documented_with_its_other_names() {
    let names = |list: &'static [(F, &'static str, &'static [&'static str])]| {
        list.iter().map(|(_, word, names)| (*word, *names)).collect::<Vec<_>>()
    };
    hold("columns of every role", |table| with_names(table, &names(PLACE)));
    for role in [Role::Sites, Role::Incidents, Role::Receptors] {
        let block = format!("columns of {}", role.word());
        hold(&block, |table| with_names(table, &names(entries_of(role))));
    }
    hold("what sources say of incidents", |table| with_names(table, &names(REPORTED)));
}

#[test]
fn every_layout_that_is_recognized_is_documented() {
    hold("layouts", |_| {
        let mut text =
            String::from("\n| data set | read as | told by | its columns |\n|---|---|---|---|\n");
        for layout in KNOWN {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                layout.name,
                roles(layout),
                ticked(layout.signature.iter().copied()),
                columns(layout)
            );
        }
        text.push('\n');
        text
    });
}

#[test]
fn every_word_for_what_is_not_known_is_documented() {
    hold("words for what is not known", |_| {
        format!("\n{}\n\n", ticked(MISSING.into_iter().filter(|word| !word.is_empty())))
    });
}

fn ticked<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What a layout can be read as, and its kind or domain if it has only one.
fn roles(layout: &Layout) -> String {
    let words: Vec<String> = layout
        .roles
        .iter()
        .map(|role| match (role, layout.kind, layout.domain) {
            (Role::Receptors, Some(kind), _) => format!("receptors (`{}`)", kind.word()),
            (Role::Incidents, _, Some(domain)) => format!("incidents ({})", domain.word()),
            _ => role.word().to_owned(),
        })
        .collect();
    words.join(", ")
}

/// What each column of a layout is read as, and how its dates are written.
fn columns(layout: &Layout) -> String {
    let mut cells: Vec<String> = Vec::new();
    for (field, column) in layout.fields {
        cells.push(format!("`{column}` {}", meaning(layout, *field)));
    }
    match layout.dates {
        Dates::Plain => {}
        Dates::Format(format) => cells.push(format!("dates as `{format}`")),
        Dates::Milliseconds => cells.push("times also as milliseconds since 1970".into()),
        Dates::Historic => cells.push("years before Christ as negative numbers".into()),
    }
    let tags: Vec<String> =
        layout.kinds.iter().map(|tag| format!("`{}` {}", tag.column, tag.kind.word())).collect();
    cells.extend((!tags.is_empty()).then(|| format!("kind by {}", tags.join(", "))));
    for (status, _) in layout.aside {
        cells.push(format!("`{status}` set aside"));
    }
    cells.extend(layout.height.map(|name| format!("third number of a position as `{name}`")));
    cells.extend(layout.refused.map(|_| "refused: rows are counts".to_owned()));
    cells.extend(layout.lat_first.then(|| "latitude first where both are in one cell".to_owned()));
    cells.extend(layout.titled.then(|| "rows of titles above its header".to_owned()));
    let counts: Vec<String> = layout.headless.iter().map(|list| list.len().to_string()).collect();
    cells.extend(
        (!counts.is_empty())
            .then(|| format!("without a header as {} columns", counts.join(" or "))),
    );
    if let Some(encoding) = layout.encoding {
        cells.push(format!("published in {encoding}"));
    }
    let also = layout.also.iter().copied();
    cells.extend((!layout.also.is_empty()).then(|| format!("not read: {}", ticked(also))));
    cells.join("; ")
}

/// Tamarisk's word for the meaning of a column.
fn meaning(layout: &Layout, field: F) -> &'static str {
    let of_role = |role: &Role| Some(word_of(*role, field)).filter(|word| *word != "column");
    match field {
        F::WherePrecision | F::GeoPrecision => "accuracy by code",
        F::LocationAccuracy => "accuracy by word",
        F::AccuracyCode => "accuracy by code",
        F::Status => "whether it counts",
        F::PlaceNumber => "which place of the event",
        F::EventType | F::SubEventType if !layout.types.is_empty() => "type by code",
        F::ViolenceType => "type by number",
        F::RoughYear => "year or span of years",
        F::Id => "id",
        _ => layout
            .roles
            .iter()
            .chain(&[Role::Sites, Role::Incidents])
            .find_map(of_role)
            .unwrap_or("not used"),
    }
}
