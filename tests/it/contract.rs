//! The properties of the layers are a contract: docs/FORMATS.md lists every one with its type, its unit
//! and what it tells, and a test holds the list against the layers. `BLESS=1 cargo test` writes it anew.

use tamarisk::layers::{Column, ColumnKind};
use tamarisk::run::{self, Cancel, Case, LayerName, Unwatched};

const BEGIN: &str =
    "<!-- the layers' columns, written by `BLESS=1 cargo test --release contract` -->\n";
const END: &str = "<!-- end of the layers' columns -->\n";

fn row(column: &Column) -> String {
    let kind = match column.kind {
        ColumnKind::Text => "text",
        ColumnKind::Number(_) => "number",
        ColumnKind::Flag => "true or false",
        ColumnKind::Date => "date",
    };
    format!("| `{}` | {kind} | {} | {} |\n", column.name, column.unit.unwrap_or(""), column.about)
}

/// The lists of columns of every layer, for the built-in case under the default scheme.
fn listed() -> String {
    let case = Case::open(&run::demo(), &Unwatched, &Cancel::new()).expect("the case");
    let scored = run::perform(&case, &Unwatched, &Cancel::new()).expect("scores");
    let mut text = String::new();
    for name in LayerName::ALL {
        run::with_layers(&case, &scored, name, |layer| {
            text.push_str(&format!("\n### `{}.geojson`\n\n", layer.name()));
            text.push_str("| property | type | unit | what it tells |\n|---|---|---|---|\n");
            for column in layer
                .columns()
                .iter()
                .filter(|column| !column.name.starts_with("site_") || &*column.name == "site_id")
            {
                text.push_str(&row(column));
            }
        })
        .expect("layers");
    }
    text.push('\n');
    text
}

#[test]
fn the_documented_properties_are_those_of_the_layers() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/FORMATS.md");
    let document = std::fs::read_to_string(path).expect("docs/FORMATS.md");
    let (before, rest) = document.split_once(BEGIN).expect("the beginning of the list");
    let (known, after) = rest.split_once(END).expect("the end of the list");
    let listed = listed();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{listed}{END}{after}")).expect("written");
    } else {
        assert_eq!(
            known, listed,
            "docs/FORMATS.md is out of date; write it anew with BLESS=1 cargo test"
        );
    }
}
