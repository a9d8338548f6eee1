//! Checks the levels of docs/DESIGN.md by parsing the `crate::` paths of each file: a module uses only lower levels,
//! and some not even all of those. Also limits the length of files.

use std::collections::BTreeSet;
use std::path::Path;

/// Levels from the ground up, as docs/DESIGN.md draws them.
const TOWER: [(&str, u8); 14] = [
    ("earth", 0),
    ("error", 0),
    ("float", 0),
    ("simd", 0),
    ("model", 1),
    ("index", 2),
    ("sources", 2),
    ("measures", 3),
    ("scoring", 4),
    ("layers", 5),
    ("sinks", 6),
    ("run", 7),
    ("cli", 8),
    ("serve", 8),
];

/// Exceptions within the allowed levels: `index` and `sources` do not use each other, `measures`, `scoring` and
/// `layers` do not use `sources`, `scoring` does not use `index`, and `serve` does not use the command line that starts it.
const NEVER: [(&str, &str); 7] = [
    ("serve", "cli"),
    ("index", "sources"),
    ("sources", "index"),
    ("measures", "sources"),
    ("scoring", "sources"),
    ("scoring", "index"),
    ("layers", "sources"),
];

/// The modules that code names directly below `crate`, including nested groups of `use`.
fn used(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let (mut depth, mut word) = (0_usize, String::new());
        // Whether the next word is the first of a path.
        let mut first = true;
        for c in rest.chars() {
            if c.is_alphanumeric() || c == '_' {
                if first {
                    word.push(c);
                }
                continue;
            }
            if !word.is_empty() {
                found.insert(std::mem::take(&mut word));
                first = false;
            }
            match c {
                '{' if first || depth > 0 => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ',' if depth == 1 => first = true,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        if !word.is_empty() {
            found.insert(word);
        }
    }
    found
}

#[test]
fn what_a_use_names_is_found_in_any_form() {
    let of = |code: &str| used(code).into_iter().collect::<Vec<_>>();
    assert_eq!(of("use crate::index::Tree;"), ["index"]);
    assert_eq!(of("use crate::{earth, model};"), ["earth", "model"]);
    assert_eq!(of("use crate::{earth::{Length, geodesic}, index};"), ["earth", "index"]);
    assert_eq!(of("use crate::{a::{b::{c, d}, e}, f::g, h::{i, j}};"), ["a", "f", "h"]);
    assert_eq!(of("let x = crate::run::demo(); crate::sinks::csv(y)"), ["run", "sinks"]);
    assert_eq!(of("use crate::{\n    a::{\n        b,\n    },\n    c,\n};\nuse d::e;"), ["a", "c"]);
}

/// The code of a file without comments and without the tests in it, which may look anywhere.
fn code(text: &str) -> String {
    let lines = text.split("#[cfg(test)]").next().unwrap_or_default().lines();
    lines
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |code, line| code + line + "\n")
}

/// The top-level module of a file.
fn module_of(name: &str) -> &str {
    let (_, inner) = name.rsplit_once("/src/").expect("below src");
    inner.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

#[test]
fn a_module_uses_only_lower_levels() {
    let level = |name: &str| TOWER.iter().find(|(known, _)| *known == name).map(|(_, level)| level);
    let files = files("src", &["rs"]);
    assert!(files.len() > 30, "the sources were not found");
    let (mut seen, mut wrong) = (0, Vec::new());
    for (path, text) in &files {
        let name = module_of(path);
        if name == "lib" || name == "main" {
            continue;
        }
        let own = level(name).unwrap_or_else(|| panic!("{name} is not in the tower"));
        for other in used(&code(text)).iter().filter(|other| other.as_str() != name) {
            let Some(theirs) = level(other) else { continue };
            seen += 1;
            if theirs > own || NEVER.contains(&(name, other)) {
                wrong.push(format!("{path} uses {other}"));
            }
        }
    }
    assert!(seen > 50, "the uses were not found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_is_longer_than_450_lines() {
    let mut long = Vec::new();
    for folder in ["src", "tests", "benches", "proj", "fuzz"] {
        for (path, text) in files(folder, &["rs"]) {
            let lines = text.lines().count();
            if lines > 450 {
                long.push(format!("{path} has {lines} lines"));
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

/// The files of a folder of the package with one of these endings: their names and their texts.
pub fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    fn walk(folder: &Path, endings: &[&str], into: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, endings, into);
            } else if path.extension().is_some_and(|of| endings.iter().any(|each| of == *each)) {
                let text = std::fs::read_to_string(&path).expect("a text");
                into.push((path.to_str().expect("UTF-8").replace('\\', "/"), text));
            }
        }
    }
    let mut all = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), endings, &mut all);
    all
}
