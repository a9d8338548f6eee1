//! docs/PROMISES.md names a test for each promise, or says plainly that there is none yet. Every test
//! it names must be there, and be a test.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the tests of a file, those of proptest included.
fn tests_of(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("a source");
    let mut names = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if line == "#[test]" {
            is_test = true;
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
    let rows: Vec<&str> = document
        .lines()
        .filter(|line| line.starts_with("| ") && !line.contains("| shown by |"))
        .collect();
    assert!(rows.len() > 40, "only {} promises were found", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let promise = row.split('|').nth(1).unwrap_or_default().trim();
        let proof = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default().trim();
        let named: Vec<&str> = proof.split('`').skip(1).step_by(2).collect();
        if named.is_empty() && !proof.starts_with("not yet") {
            wrong.push(format!("{promise}: names no test and does not say \"not yet\""));
        }
        for name in named {
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
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
