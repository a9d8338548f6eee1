//! docs/PROMISES.md names a test for each promise, or says plainly that there is none yet. Every test it names must
//! exist, be a test, and run in a fresh clone: those of Rust by `make test`, those of Python, named by their file, by
//! `make test-python`, `make test-postgis`, `make test-spark` or `make test-qgis`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the tests of a file, including those of proptest and excluding ignored ones.
fn tests_of(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("a source");
    let mut names = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if line == "#[test]" {
            is_test = true;
        } else if line.starts_with("#[ignore") {
            is_test = false;
        } else if let Some(rest) = line.strip_prefix("fn ").filter(|_| is_test) {
            names.extend(rest.split('(').next().map(str::to_owned));
            is_test = false;
        }
    }
    names
}

/// Where the module of a test is written: a file of `tests/it`, or a module of the library.
fn file_of(module: &[&str]) -> Option<PathBuf> {
    let path = module.join("/");
    [format!("tests/it/{path}.rs"), format!("src/{path}.rs"), format!("src/{path}/mod.rs")]
        .into_iter()
        .map(|name| root().join(name))
        .find(|path| path.exists())
}

#[test]
fn every_test_that_a_promise_names_exists() {
    let document =
        std::fs::read_to_string(root().join("docs/PROMISES.md")).expect("docs/PROMISES.md");
    let mut lines = document.lines();
    let (mut wrong, mut promises, mut seen) = (Vec::new(), BTreeSet::new(), 0);
    // A table ends with a line that is none of its rows.
    while let Some(head) = lines.by_ref().find(|line| line.starts_with('|')) {
        let width = cells(head).len();
        assert_eq!(cells(head).last(), Some(&"shown by"), "{head}");
        assert_eq!(lines.next(), Some("|---".repeat(width) + "|").as_deref(), "below {head}");
        for row in lines.by_ref().take_while(|line| line.starts_with('|')) {
            seen += 1;
            wrong.extend(faults_of(row, width));
            if !promises.insert(cells(row)[0].to_lowercase()) {
                wrong.push(format!("{row}: is promised twice"));
            }
        }
    }
    assert!(seen > 200, "only {seen} promises were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The cells of a row of a table.
fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split(" | ").map(str::trim).collect()
}

/// The faults of a row of a table with so many columns.
fn faults_of(row: &str, width: usize) -> Vec<String> {
    let mut wrong = Vec::new();
    let cells = cells(row);
    if cells.len() != width || cells.iter().any(|cell| cell.is_empty()) {
        wrong.push(format!("{row}: {} cells under {width} columns", cells.len()));
    }
    let (promise, proof) = (cells[0], cells[cells.len() - 1]);
    // Words between the names do not count: "not yet" states that there is no test.
    let besides: String = proof.split('`').step_by(2).collect();
    let named: Vec<&str> = proof.split('`').skip(1).step_by(2).collect();
    let plain = besides.chars().all(|c| ", ".contains(c));
    if named.is_empty() != proof.starts_with("not yet") || !named.is_empty() && !plain {
        wrong.push(format!("{promise}: names no test and does not say \"not yet\": {proof}"));
    }
    for name in named {
        if let Some((file, test)) = name.split_once(".py::") {
            let defines = |folder: &str| {
                let path = root().join(folder).join(format!("{file}.py"));
                let text = std::fs::read_to_string(path).unwrap_or_default();
                text.lines().any(|line| line.trim_start().starts_with(&format!("def {test}(")))
            };
            if !["python/tests", "python/tests_spark", "qgis/tests"].iter().any(|of| defines(of)) {
                wrong.push(format!("{promise}: no test {test} in {file}.py"));
            }
            continue;
        }
        let parts: Vec<&str> = name.split("::").collect();
        let (test, module) = parts.split_last().expect("a name");
        match file_of(module) {
            None => wrong.push(format!("{promise}: no module {}", module.join("::"))),
            Some(path) if !tests_of(&path).iter().any(|known| known == test) => {
                wrong.push(format!("{promise}: no test {test} in {}", path.display()));
            }
            Some(_) => {}
        }
    }
    wrong
}
