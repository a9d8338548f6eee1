//! The program's dependencies: only licenses that `deny.toml` allows, and no unused crate. `make deny` checks the
//! same with cargo-deny, and advisories, which requires a network and the tool.

use crate::layering::files;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn manifest(file: &str) -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    std::fs::read_to_string(path).expect("a manifest").parse().expect("TOML")
}

/// The licenses of `deny.toml`.
fn allowed() -> BTreeSet<String> {
    let list = manifest("deny.toml")["licenses"]["allow"].clone();
    list.try_into().expect("a list of words")
}

/// Whether an SPDX expression is satisfied by a list of licenses: `OR` needs one, `AND` needs all. Old manifests
/// write `/` for `OR`.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.trim();
    // The parts separated by a word outside brackets.
    let split = |word: &str| -> Vec<String> {
        let (mut depth, mut parts) = (0, vec![String::new()]);
        for piece in expression.replace('/', " OR ").split_inclusive([' ', '(', ')']) {
            depth += piece.matches('(').count();
            if depth == 0 && piece.trim() == word {
                parts.push(String::new());
            } else if let Some(last) = parts.last_mut() {
                last.push_str(piece);
            }
            depth -= piece.matches(')').count();
        }
        parts
    };
    for (word, all) in [("OR", false), ("AND", true)] {
        let parts = split(word);
        if parts.len() > 1 {
            let mut met = parts.iter().map(|part| is_met(part, allowed));
            return if all { met.all(|met| met) } else { met.any(|met| met) };
        }
    }
    match expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => is_met(inner, allowed),
        None => allowed.contains(expression),
    }
}

#[test]
fn an_expression_of_licences_is_met_as_spdx_says() {
    let allowed =
        ["MIT", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"].map(str::to_owned).into();
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT OR GPL-3.0-only", true),
        ("GPL-3.0-only/MIT", true),
        ("MIT AND GPL-3.0-only", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(MPL-2.0 OR Apache-2.0) AND Unicode-3.0", false),
        ("Apache-2.0 WITH LLVM-exception OR MPL-2.0", true),
        ("Unicode-3.0 AND (GPL-2.0 OR (MIT AND Unicode-3.0))", true),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}

#[test]
fn every_dependency_has_a_licence_that_is_allowed() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let told = |args: &[&str]| {
        let ended = Command::new(&cargo)
            .args(args)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo runs");
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        String::from_utf8(ended.stdout).expect("UTF-8")
    };
    let version = told(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let metadata = told(&[
        "metadata",
        "--format-version=1",
        "--locked",
        "--offline",
        "--all-features",
        "--filter-platform",
        host,
    ]);
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 100, "only {} packages", packages.len());
    let allowed = allowed();
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(|text| is_met(text, &allowed)))
        .map(|package| {
            format!("{} {}: {}", package["name"], package["version"], package["license"])
        })
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn every_dependency_is_used() {
    let manifest = manifest("Cargo.toml");
    let texts = |folders: &[&str]| -> String {
        folders.iter().flat_map(|folder| files(folder, &["rs"])).map(|(_, text)| text).collect()
    };
    let program = texts(&["src"]);
    let tests = texts(&["src", "tests", "benches", "examples"]);
    let mut unused = Vec::new();
    let mut look = |table: Option<&toml::Value>, text: &str| {
        for name in table.and_then(toml::Value::as_table).expect("dependencies").keys() {
            let path = format!("{}::", name.replace('-', "_"));
            // Not the end of another crate's name.
            let begins =
                |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if !text.match_indices(&path).any(|(at, _)| begins(at)) {
                unused.push(name.clone());
            }
        }
    };
    look(manifest.get("dependencies"), &program);
    look(manifest["target"]["cfg(unix)"].get("dependencies"), &program);
    look(manifest.get("dev-dependencies"), &tests);
    assert!(unused.is_empty(), "{unused:?}");
}
