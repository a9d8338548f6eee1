//! The tower of the design, held up by reading the `use crate::` lines: a module uses only lower
//! levels, and the two on level 2 never see each other.

use std::collections::BTreeMap;
use std::path::Path;

/// Levels from the ground up, as docs/DESIGN.md draws them.
const TOWER: [(&str, u8); 13] = [
    ("earth", 0),
    ("error", 0),
    ("float", 0),
    ("wide", 0),
    ("model", 1),
    ("index", 2),
    ("sources", 2),
    ("measures", 3),
    ("scoring", 4),
    ("layers", 5),
    ("sinks", 6),
    ("run", 7),
    ("cli", 8),
];

/// Every Rust file under a folder, by its path from there.
fn rust_files(folder: &Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn a_module_uses_only_lower_levels() {
    let levels: BTreeMap<&str, u8> = TOWER.into_iter().collect();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 30, "the sources were not found");
    let mut seen = 0;
    let mut wrong = Vec::new();
    for path in files {
        let inner = path.strip_prefix(&src).expect("under src");
        let name =
            inner.iter().next().and_then(|n| n.to_str()).expect("a name").trim_end_matches(".rs");
        if name == "lib" || name == "main" {
            continue;
        }
        let level = levels.get(name).unwrap_or_else(|| panic!("{name} is not in the tower"));
        let text = std::fs::read_to_string(&path).expect("a text");
        // Tests in the module may look anywhere.
        let code: String = text
            .split("#[cfg(test)]")
            .next()
            .unwrap_or("")
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        for used in code.split("crate::").skip(1) {
            let of: Vec<&str> = if let Some(group) = used.strip_prefix('{') {
                group.split('}').next().unwrap_or("").split(',').map(str::trim).collect()
            } else {
                vec![used]
            };
            for module in of {
                let module: String =
                    module.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let Some(other) = levels.get(module.as_str()) else { continue };
                seen += 1;
                let itself = module == name;
                if !itself && (other > level || other == level && *level == 2) {
                    wrong.push(format!("{} uses {module}", inner.display()));
                }
            }
        }
    }
    assert!(seen > 50, "the uses were not found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_is_longer_than_700_lines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    rust_files(&root.join("src"), &mut files);
    for path in files {
        let lines = std::fs::read_to_string(&path).expect("a text").lines().count();
        assert!(lines <= 700, "{} has {lines} lines", path.display());
    }
}

/// The files of a folder of the package with one of these endings: their names from the package, and their texts.
pub fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    fn walk(folder: &Path, endings: &[&str], into: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, endings, into);
            } else if path.extension().is_some_and(|of| endings.iter().any(|each| of == *each)) {
                let text = std::fs::read_to_string(&path).expect("a text");
                into.push((path.to_str().expect("UTF-8").to_owned(), text));
            }
        }
    }
    let mut all = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), endings, &mut all);
    all
}
