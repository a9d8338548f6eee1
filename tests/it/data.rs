//! The files that ship: every one can be read, is described, and says what it is allowed to.

use crate::suites::shared;
use std::path::{Path, PathBuf};
use tamarisk::model::ReceptorKind;
use tamarisk::run::{self, Cancel, Unwatched};
use tamarisk::scoring::Scheme;
use tamarisk::sources::{self, ReadOptions, Source};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder of `data/`, by name.
fn files(folder: &str) -> Vec<PathBuf> {
    let folder = root().join("data").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

#[test]
fn every_scheme_file_is_built_in_under_its_name_and_reads_the_same() {
    let files = files("schemes");
    assert_eq!(files.len(), Scheme::built_in_names().count());
    for path in files {
        let text = std::fs::read_to_string(&path).expect("text");
        let read = Scheme::from_toml(&text, &name(&path)).unwrap_or_else(|e| panic!("{e}"));
        let called = path.file_stem().expect("a stem").to_string_lossy().into_owned();
        let built_in = Scheme::built_in(&called).expect("built in").expect("a scheme");
        assert_eq!(read.name, called);
        assert_eq!(read.hash(), built_in.hash(), "{called}");
    }
}

#[test]
fn every_file_of_the_built_in_case_is_read_and_described() {
    let described = std::fs::read_to_string(root().join("data/README.md")).expect("README");
    let licensed = std::fs::read_to_string(root().join("data/LICENSES.md")).expect("LICENSES");
    for path in files("balochistan") {
        let file = name(&path);
        assert!(described.contains(&file), "data/README.md says nothing of {file}");
        assert!(licensed.contains(&file), "data/LICENSES.md says nothing of {file}");
        let checked = sources::check(&Source::path(&path), &ReadOptions::default())
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(checked.read > 0, "{file} is empty");
        assert_eq!(checked.read, checked.kept + checked.set_aside, "{file}");
    }
}

#[test]
fn the_built_in_case_is_whole_and_keeps_what_it_promises() {
    let case = run::gather(&run::demo(), &Unwatched, &Cancel::new()).expect("the case");
    let linked: usize = case.linked.iter().map(Vec::len).sum();
    let faulty = |role: &str| {
        case.inputs.iter().filter(|input| input.role == role).map(|i| i.set_aside).sum::<u64>()
    };
    assert_eq!((faulty("sites"), faulty("incidents")), (0, 0));
    assert!(case.sites.len() > 40 && linked > 0 && case.incidents.len() > 100);
    for site in &case.sites {
        assert!(site.accuracy.is_some(), "{} has no position accuracy", site.id);
        let of = |column: &str| {
            let found = site.columns.iter().find(|(name, _)| &**name == column);
            found.and_then(|(_, value)| value.text()).unwrap_or_default().to_lowercase()
        };
        assert_ne!(of("confidence"), "low", "{}", site.id);
        for left_out in ["uranium", "oil", "gas", "hydrocarbon"] {
            let commodity = of("commodity");
            let words = commodity.split(|c: char| !c.is_alphanumeric());
            assert!(!words.into_iter().any(|word| word == left_out), "{}: {commodity}", site.id);
        }
    }
    for kind in [
        ReceptorKind::Rivers,
        ReceptorKind::WaterBodies,
        ReceptorKind::SensitiveAreas,
        ReceptorKind::Settlements,
    ] {
        assert!(case.receptors.iter().any(|receptor| receptor.kind == kind), "{}", kind.word());
    }
}

/// Positions and tolls of the built-in case are those of the compilation it was derived from.
#[test]
fn incidents_of_the_built_in_case_stand_in_the_compilation_they_come_from() {
    let Some(folder) = shared("data/pakistan-facts") else { return };
    let whole = sources::read_incidents(
        &Source::path(folder.join("incidents.csv")),
        &ReadOptions::default(),
    )
    .expect("the compilation");
    let ours = run::gather(&run::demo(), &Unwatched, &Cancel::new()).expect("the case").incidents;
    let missing: Vec<&str> = ours
        .iter()
        .filter(|incident| !whole.items.iter().any(|known| known.id == incident.id))
        .map(|incident| incident.id.as_str())
        .collect();
    assert!(missing.is_empty(), "not in the compilation: {missing:?}");
}
