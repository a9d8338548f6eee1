//! The properties of the layers are a contract: docs/FORMATS.md lists each with its type, its unit and
//! its meaning, and a test compares the list with the layers. `BLESS=1 cargo test` regenerates it.

use tamarisk::earth::Length;
use tamarisk::layers::{self, Column, ColumnKind};
use tamarisk::run::{self, Cancel, Case, LayerName, SurfaceRequest, Unwatched};

const BEGIN: &str =
    "<!-- the layers' columns, written by `BLESS=1 cargo test --release contract` -->\n";
const END: &str = "<!-- end of the layers' columns -->\n";

fn row(column: &Column) -> String {
    let kind = match column.kind {
        ColumnKind::Text => "text",
        kind if kind.is_whole() => "whole number",
        ColumnKind::Number(_) => "number",
        ColumnKind::Flag => "true or false",
        ColumnKind::Date => "date",
    };
    format!("| `{}` | {kind} | {} | {} |\n", column.name, column.unit.unwrap_or(""), column.about)
}

/// The lists of columns of every layer, for the built-in case under the default scheme.
fn listed() -> String {
    let case = Case::open(&run::demo(), &Unwatched, &Cancel::new()).expect("the case");
    let scored = run::perform_exposed(&case, &Unwatched, &Cancel::new()).expect("scores");
    let mut text = String::new();
    for name in LayerName::ALL {
        run::with_layers(&case, &scored, name, |layer| {
            text.push_str(&format!("\n### `{}.geojson`\n\n", layer.name()));
            text.push_str("| property | type | unit | what it tells |\n|---|---|---|---|\n");
            for column in layer
                .columns()
                .iter()
                .filter(|column| !column.name.starts_with("site_") || &*column.name == "site_id")
                .filter(|column| !column.name.starts_with("incident_"))
            {
                text.push_str(&row(column));
            }
        })
        .expect("layers");
    }
    text.push('\n');
    text
}

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/FORMATS.md");

#[test]
fn the_documented_properties_are_those_of_the_layers() {
    let document = std::fs::read_to_string(PATH).expect("docs/FORMATS.md");
    let (before, rest) = document.split_once(BEGIN).expect("the beginning of the list");
    let (known, after) = rest.split_once(END).expect("the end of the list");
    let listed = listed();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PATH, format!("{before}{BEGIN}{listed}{END}{after}")).expect("written");
    } else {
        assert_eq!(
            known, listed,
            "docs/FORMATS.md is out of date; write it anew with BLESS=1 cargo test"
        );
    }
}

/// The layers that do not depend on a scheme are listed by hand.
#[test]
fn the_other_layers_have_the_properties_that_are_listed() {
    let document = std::fs::read_to_string(PATH).expect("docs/FORMATS.md");
    let case = Case::open(&run::demo(), &Unwatched, &Cancel::new()).expect("the case");
    let cell = Some(Length::from_km(50.0));
    let asked = SurfaceRequest { cell, ..SurfaceRequest::default() };
    let surface = run::surface(&case, &asked).expect("a surface");
    let within = [60.0, 20.0, 70.0, 30.0];
    for layer in [
        layers::contours(&surface, &case.scheme.bands),
        layers::sites_over_time(&[], false),
        layers::borders(within),
        layers::land(within, Some(&case.collection)),
    ] {
        let head = format!("### `{}.geojson`\n", layer.name());
        let due: String = layer.columns().iter().map(row).collect();
        assert_eq!(rows_below(&document, &head), due, "{head}");
    }
}

/// The rows of the first table below a heading.
fn rows_below(document: &str, head: &str) -> String {
    let (_, after) = document.split_once(head).unwrap_or_else(|| panic!("no {head}"));
    let rows = after.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    rows.take_while(|line| line.starts_with('|')).map(|line| format!("{line}\n")).collect()
}

/// The columns that only runs with draws have are listed by hand.
#[test]
fn the_columns_over_draws_are_those_that_are_listed() {
    let document = std::fs::read_to_string(PATH).expect("docs/FORMATS.md");
    let columns = |draws: bool| -> Vec<Column> {
        let mut request = run::demo();
        request.rules.uncertainty = draws.then(|| run::draws(100));
        let case = Case::open(&request, &Unwatched, &Cancel::new()).expect("the case");
        let scored = run::perform_exposed(&case, &Unwatched, &Cancel::new()).expect("scores");
        let mut columns = Vec::new();
        let mut keep = |layer: &layers::Layer<'_>| columns = layer.columns().to_vec();
        run::with_layers(&case, &scored, LayerName::Sites, &mut keep).expect("the layer");
        columns
    };
    let over_time = |draws: bool| layers::sites_over_time(&[], draws).columns().to_vec();
    for (name, without, with) in [
        ("sites", columns(false), columns(true)),
        ("sites_over_time", over_time(false), over_time(true)),
    ] {
        let more: Vec<&Column> = with.iter().filter(|column| !without.contains(column)).collect();
        assert_eq!(with.len(), without.len() + more.len(), "{name}: none is left out");
        let due: String = more.into_iter().map(row).collect();
        let head = format!("### `{name}.geojson` with draws\n");
        assert_eq!(rows_below(&document, &head), due, "{head}");
    }
}
