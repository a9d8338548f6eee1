//! The files that ship with the program: each can be read, is described, and states its license.

use crate::suites::shared;
use std::path::{Path, PathBuf};
use tamarisk::model::{ReceptorKind, WaterStress};
use tamarisk::run::{self, Cancel, Case, Unwatched, World};
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
    let case = World::read(&run::demo().inputs, &Unwatched, &Cancel::new()).expect("the case");
    let linked: usize = case.sites.linked.iter().map(Vec::len).sum();
    let faulty = |role: &str| {
        case.inputs.iter().filter(|input| input.role == role).map(|i| i.set_aside).sum::<u64>()
    };
    assert_eq!((faulty("sites"), faulty("incidents")), (0, 0));
    assert!(case.sites.list.len() > 40 && linked > 0 && case.incidents.len() > 100);
    for site in case.sites.list.iter() {
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

/// The ratio of every site is that of its basin, and the ratio of the next basin is given if its boundary
/// lies within the accuracy of the position.
#[test]
fn water_stress_of_the_built_in_case_is_that_of_its_basins() {
    let table = |name: &str| -> Vec<Vec<String>> {
        let text = std::fs::read_to_string(root().join("data/derive").join(name)).expect("a table");
        let cells = |line: &str| line.split(',').map(str::to_owned).collect();
        // Names have no comma in them.
        text.lines().skip(1).map(cells).collect()
    };
    let number = |text: &str| -> f64 { text.parse().expect("a number") };
    let basins = table("basins.csv");
    let ratio = |basin: &str| {
        let row = basins.iter().find(|row| row[0] == basin).expect("a basin");
        number(&row[3]) / number(&row[4])
    };
    let located = table("site_basins.csv");
    let case = World::read(&run::demo().inputs, &Unwatched, &Cancel::new()).expect("the case");
    let mut between = Vec::new();
    for site in case.sites.list.iter() {
        let Some(row) = located.iter().find(|row| row[0] == site.id) else {
            assert_eq!(site.water_stress, None, "{}: the Indus's is no site's own", site.id);
            continue;
        };
        let Some(WaterStress::Ratio(own)) = site.water_stress else { panic!("{}", site.id) };
        assert!((own - ratio(&row[1])).abs() < 5e-4, "{}", site.id);
        let near = number(&row[3]) <= site.accuracy.expect("an accuracy").km();
        assert_eq!(site.water_stress_aside.next_basin.is_some(), near, "{}", site.id);
        if let Some(other) = site.water_stress_aside.next_basin {
            assert!((other - ratio(&row[2])).abs() < 5e-4, "{}", site.id);
            between.push(site.id.as_str());
        }
    }
    assert_eq!(between, ["PK-S001", "PK-S002", "PK-S007", "PK-S018", "PK-S020"]);
}

#[test]
fn the_central_site_of_the_built_in_case_has_both_scores() {
    let case = Case::open(&run::demo(), &Unwatched, &Cancel::new()).expect("the case");
    let scored = run::perform(&case, &Unwatched, &Cancel::new()).expect("scores");
    let known = scored.iter().filter(|one| one.risk.environment.score.is_some()).count();
    assert_eq!((known, scored.len()), (44, 45));
    let reko_diq = &scored[case.sites.called("Reko Diq").expect("the site")];
    let told = case.context().explanation(reko_diq);
    assert!(told.contains("water stress of ratio 0.52, ratio 1.11 in the next basin"), "{told}");
    assert_eq!(case.as_of.map(|date| date.to_string()).as_deref(), Some("2026-01-31"));
}

/// Positions and tolls of the built-in case are those of the compilation it was derived from.
#[test]
#[ignore = "reads ../shared: see tests/it/suites.rs"]
fn incidents_of_the_built_in_case_stand_in_the_compilation_they_come_from() {
    let folder = shared("data/pakistan-facts");
    let files = [folder.join("incidents.csv"), root().join("data/derive/added_incidents.csv")];
    let whole: Vec<_> = files
        .iter()
        .flat_map(|file| {
            let read = sources::read_incidents(&Source::path(file), &ReadOptions::default());
            read.expect("the compilation").items
        })
        .collect();
    let ours =
        World::read(&run::demo().inputs, &Unwatched, &Cancel::new()).expect("the case").incidents;
    let missing: Vec<&str> = ours
        .iter()
        .filter(|incident| !whole.iter().any(|known| known.id == incident.id))
        .map(|incident| incident.id.as_str())
        .collect();
    assert!(missing.is_empty(), "not in the compilation: {missing:?}");
}
