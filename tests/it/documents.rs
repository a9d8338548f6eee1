//! Compares docs/FORMATS.md with the program: the listed words are read as documented, the listed
//! members are those of the written JSON, and the limits are those in force.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use tamarisk::model::{
    Designation, Domain, Part, ReceptorKind, SecurityType, TailingsClass, WaterStress,
};
use tamarisk::sources::{self, ColumnMap, Limits, ReadOptions, Source};

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/FORMATS.md");
    std::fs::read_to_string(path).expect("docs/FORMATS.md")
}

/// The cells of the rows of the table under a heading cell.
fn table(document: &str, head: &str) -> Vec<Vec<String>> {
    let begin = format!("| {head} |");
    let lines = document.lines().skip_while(|line| !line.starts_with(&begin));
    let rows: Vec<Vec<String>> = lines
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
            inner
                .split(" | ")
                .map(|cell| cell.trim().trim_end_matches('|').trim().to_owned())
                .collect()
        })
        .collect();
    assert!(!rows.is_empty(), "no table {head}");
    rows
}

/// The words in a cell, each between backticks.
fn ticked(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Checks that every word of a table is read as its row says.
fn understood(head: &str, read: impl Fn(&str) -> Option<String>) {
    let document = document();
    for row in table(&document, head) {
        for word in ticked(&row[0]) {
            assert_eq!(read(word).as_deref(), Some(&*row[1]), "{head}: {word}");
        }
    }
}

#[test]
fn the_documented_words_are_understood_as_documented() {
    understood("words of `part`", |word| Part::from_word(word).map(|part| part.word().into()));
    understood("words of `tailings_class`", |word| {
        TailingsClass::from_word(word).map(|class| class.word().into())
    });
    understood("words of `water_stress_category`", |word| {
        WaterStress::from_category(word).map(|stress| match stress {
            WaterStress::Score(score) => format!("score {score}"),
            WaterStress::Ratio(ratio) => format!("ratio {ratio}"),
            WaterStress::Arid => "arid, the highest stress".into(),
        })
    });
    understood("words of `domain`", |word| Domain::from_word(word).map(|d| d.word().into()));
    understood("words of a type", |word| {
        SecurityType::from_words(word).map(|kind| kind.word().into())
    });
    understood("words of `receptor_type`", |word| {
        ReceptorKind::from_words(word, None, None).map(|kind| kind.word().into())
    });
    understood("`iucn_category` or words in `designation`", |word| {
        let by_category = Designation::from_words(Some(word), None);
        by_category.or_else(|| Designation::from_words(None, Some(word))).map(|designation| {
            match designation {
                Designation::Strict => "strict",
                Designation::Managed => "managed",
                Designation::Sustainable => "sustainable",
                Designation::Other => "other",
            }
            .into()
        })
    });
}

#[test]
fn every_word_that_stands_for_a_kind_has_its_row() {
    let document = document();
    let rows = |head: &str| -> BTreeSet<String> {
        table(&document, head).into_iter().map(|row| row[1].clone()).collect()
    };
    let kinds: BTreeSet<String> = ReceptorKind::ALL.map(|kind| kind.word().into()).into();
    assert_eq!(rows("words of `receptor_type`"), kinds);
    let mut types: BTreeSet<String> = SecurityType::ALL.map(|kind| kind.word().into()).into();
    types.remove("unknown");
    assert_eq!(rows("words of a type"), types);
}

#[test]
fn the_documented_dates_are_read_and_the_doubtful_ones_are_not() {
    let document = document();
    let kept = |date: &str| {
        let text = format!("id,date,lon,lat,country\nx,\"{date}\",66,30,Pakistan\n");
        let source = Source::embedded("i.csv", Vec::leak(text.into_bytes()));
        let reading = sources::read_incidents(&source, &ReadOptions::default()).expect("reads");
        reading.items.first().and_then(|incident| incident.date)
    };
    for row in table(&document, "written as | read as") {
        for written in ticked(&row[0]) {
            let span = kept(written).unwrap_or_else(|| panic!("{written} is not read"));
            let (first, last) = match row[1].split([',', ';']).next() {
                Some("the day") => ("2024-03-09", "2024-03-09"),
                Some("the month") => ("2024-03-01", "2024-03-31"),
                _ => ("2024-01-01", "2024-12-31"),
            };
            let read = (span.first().to_string(), span.last().to_string());
            assert_eq!(read, (first.into(), last.into()), "{written}");
        }
    }
    for doubtful in ["03/04/2024", "25/03/2024", "45000", "1700000000"] {
        assert!(kept(doubtful).is_none(), "{doubtful}");
    }
}

#[test]
fn the_documented_maps_are_maps() {
    let document = document();
    let block = |begin: &str| -> String {
        let lines = document.lines().skip_while(|line| !line.starts_with(begin));
        let lines = lines.take_while(|line| line.is_empty() || line.starts_with("    "));
        lines.map(|line| format!("{}\n", line.trim())).collect()
    };
    ColumnMap::from_toml(&block("    [sites]")).expect("the TOML of the document");
    let line = block("    --map ");
    let list = line.lines().next().and_then(|line| line.strip_prefix("--map ")).expect("a list");
    ColumnMap::parse(&list.replace('"', "")).expect("the list of the document");
    for row in table(&document, "key | value | what it says") {
        let key = ticked(&row[0])[0];
        let first = row[1].split(' ').next().expect("a word");
        let value = if matches!(first, "true" | "iso") { first } else { "%d/%m/%Y" };
        ColumnMap::parse(&format!("rivers.{key}={value}")).unwrap_or_else(|e| panic!("{e}"));
    }
}

#[test]
fn the_documented_limits_are_those_in_force() {
    let limits = Limits::default();
    let rows = table(&document(), "what | most");
    let most: Vec<&str> = rows.iter().take(3).map(|row| row[1].as_str()).collect();
    let gib = |bytes: u64| format!("{} GiB", bytes >> 30);
    assert_eq!(most[0], gib(limits.file));
    assert_eq!(most[1], gib(limits.stream));
    let unpacked = format!("{}, and {} times their own size", gib(limits.unpacked), limits.ratio);
    assert!(most[2].starts_with(&unpacked), "{}", most[2]);
}

/// Runs the program and returns its output.
fn tamarisk(args: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_tamarisk"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.code().is_some_and(|code| code < 2), "{args:?}: {said}");
    String::from_utf8(done.stdout).expect("text")
}

/// The members of a value by their paths: `inputs[].role`. Objects at `open` have members that differ
/// from run to run and are written `*`.
fn members(value: &Value, path: &str, open: &[&str], into: &mut BTreeSet<String>) {
    match value {
        Value::Object(inner) => {
            for (name, value) in inner {
                let name = if open.contains(&path) { "*" } else { name };
                let path = if path.is_empty() { name.into() } else { format!("{path}.{name}") };
                if open.contains(&path.trim_end_matches(".*")) && path.ends_with(".*") {
                    into.insert(path);
                } else {
                    members(value, &path, open, into);
                }
            }
        }
        Value::Array(list) if list.iter().all(Value::is_object) && !list.is_empty() => {
            list.iter().for_each(|value| members(value, &format!("{path}[]"), open, into));
        }
        Value::Array(_) if path != "bbox" => {
            into.insert(format!("{path}[]"));
        }
        _ => {
            into.insert(path.to_owned());
        }
    }
}

fn documented(block: &str) -> BTreeSet<String> {
    let document = document();
    let (_, rest) = document.split_once(&format!("<!-- {block} -->")).expect(block);
    let (block, _) = rest.split_once("<!-- end of").expect("an end");
    block
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_owned))
        .collect()
}

fn hold(block: &str, json: &str, open: &[&str]) {
    let value: Value = serde_json::from_str(json).expect("JSON");
    let mut written = BTreeSet::new();
    members(&value, "", open, &mut written);
    assert_eq!(written, documented(block), "{block}");
}

#[test]
fn the_documented_members_are_those_that_are_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_string_lossy().into_owned();
    tamarisk(&["demo", "-q", "-o", &out, "--layers", "sites"]);
    let receipt = std::fs::read_to_string(folder.path().join("receipt.json")).expect("a receipt");
    hold(
        "members of receipt.json",
        &receipt,
        &[
            "scheme.values",
            "coverage",
            "counts.incidents.scored_by_domain",
            "counts.incidents.set_aside_for",
            "counts.receptors.set_aside_for",
            "counts.findings",
            "counts.findings_by_code",
        ],
    );
    let rejects = std::fs::read_to_string(folder.path().join("rejects.csv")).expect("rejects");
    let head: BTreeSet<String> =
        rejects.lines().next().expect("a head").split(',').map(str::to_owned).collect();
    assert_eq!(head, documented("columns of rejects.csv"));

    hold("members of explain", &tamarisk(&["explain", "Reko Diq", "--demo", "--json"]), &[]);
    hold(
        "members of near",
        &tamarisk(&["near", "--site", "Reko Diq", "--within", "200km", "--demo", "--json"]),
        &["totals.kinds", "totals.incidents"],
    );
    let areas = "data/balochistan/protected_areas.csv";
    hold("members of check", &tamarisk(&["check", areas, "--json"]), &[]);
}

#[test]
fn the_documented_receipt_is_that_of_the_built_in_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_string_lossy().into_owned();
    tamarisk(&["demo", "-q", "-o", &out]);
    let text = std::fs::read_to_string(folder.path().join("receipt.json")).expect("a receipt");
    let receipt: Value = serde_json::from_str(&text).expect("JSON");
    let document = document();
    let mut compared = 0;
    for row in table(&document, "member | type | what it tells | in `tamarisk demo`") {
        let [path, example] = [&row[0], row.last().expect("cells")].map(|c| ticked(c));
        let ([path], [example]) = (path.as_slice(), example.as_slice()) else { continue };
        let example: Value = serde_json::from_str(example).expect("an example is JSON");
        let mut found = vec![&receipt];
        for name in path.replace("[]", ".[]").split('.') {
            found = found
                .into_iter()
                .flat_map(|value| match (name, value) {
                    ("*", Value::Object(inner)) => inner.values().collect(),
                    ("[]", Value::Array(list)) => list.iter().collect(),
                    (name, value) => value.get(name).into_iter().collect::<Vec<_>>(),
                })
                .collect();
        }
        assert!(found.contains(&&example), "{path}: {example} is not in {found:?}");
        compared += 1;
    }
    assert!(compared > 25, "only {compared} examples");
}

#[test]
fn every_kind_of_receptor_is_in_the_help_and_the_documents() {
    let help = Command::new(env!("CARGO_BIN_EXE_tamarisk")).args(["score", "--help"]).output();
    let help = String::from_utf8(help.expect("help").stdout).expect("UTF-8");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("README.md");
    let formats = document();
    for kind in ReceptorKind::ALL {
        assert!(help.contains(kind.word()), "{} is not in the help", kind.word());
        for (name, text) in [("README.md", &readme), ("docs/FORMATS.md", &formats)] {
            let ticked = format!("`{}`", kind.word());
            assert!(text.contains(&ticked), "{ticked} is not in {name}");
        }
        if let Some(column) = kind.column() {
            let column = format!("`nearest_{column}_km`");
            assert!(formats.contains(&column), "{column} is not in docs/FORMATS.md");
        }
    }
}
