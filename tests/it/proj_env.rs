//! PROJ uses only its embedded data: not the databases that the environment names, nor those in standard
//! folders, and it writes nothing to the terminal.

use crate::cli::{Ended, Folder, TAMARISK};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const SITES: &str = "id,name,x,y\na,A,311205,3219984\n";

/// The files of a run.
type Files = BTreeMap<String, Vec<u8>>;

/// Runs the program in a folder, with variables set, and returns what it wrote.
fn scored(folder: &Folder, program: &Path, variables: &[(&str, &Path)]) -> (Ended, Files) {
    let out = folder.at("out");
    if out.exists() {
        std::fs::remove_dir_all(out).expect("removed");
    }
    let mut command = Command::new(program);
    command.args(["score", "-s", "sites.csv", "--crs", "EPSG:32642", "-o", "out", "-q"]);
    for (name, value) in variables {
        command.env(name, value);
    }
    let output = command.current_dir(folder.path()).output().expect("the program runs");
    (Ended::of(&output), folder.files("out"))
}

/// The database that PROJ was built with, with another central meridian for UTM 42.
fn altered(to: &Path) {
    let build = Path::new(TAMARISK).parent().expect("a folder").join("build");
    let built = std::fs::read_dir(build)
        .expect("what was built")
        .map(|entry| entry.expect("an entry").path().join("out/share/proj/proj.db"))
        .find(|path| path.exists())
        .expect("the database of the PROJ that was built");
    std::fs::copy(built, to).expect("a copy");
    let database = rusqlite::Connection::open(to).expect("a database");
    database
        .execute_batch("DROP TRIGGER IF EXISTS conversion_table_update_trigger")
        .expect("dropped");
    let changed = database
        .execute(
            "UPDATE conversion_table SET param2_value = 75 WHERE auth_name = 'EPSG' AND code = 16042",
            [],
        )
        .expect("altered");
    assert_eq!(changed, 1);
}

/// Lays a database at a place in a folder, and returns the folder it lies in.
fn lay(folder: &Folder, database: &Path, place: &str) -> PathBuf {
    let at = folder.at(place);
    std::fs::create_dir_all(&at).expect("a folder");
    std::fs::copy(database, at.join("proj.db")).expect("a copy");
    at
}

#[test]
fn no_database_but_that_of_the_program_is_read() {
    let folder = Folder::new();
    folder.write("sites.csv", SITES).write("fake.db", "no database");
    altered(&folder.at("altered.db"));
    let program = PathBuf::from(TAMARISK);
    let (ended, wanted) = scored(&folder, &program, &[]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let layer: serde_json::Value =
        serde_json::from_slice(&wanted["sites.geojson"]).expect("GeoJSON");
    let at = &layer["features"][0]["geometry"]["coordinates"];
    assert_eq!((at[0].as_f64(), at[1].as_f64()), (Some(67.060_085_6), Some(29.094_265_7)));

    for name in ["fake", "altered"] {
        let database = folder.at(&format!("{name}.db"));
        let data = lay(&folder, &database, &format!("{name}/data"));
        let home = folder.at(&format!("{name}/home"));
        lay(&folder, &database, &format!("{name}/home/.local/share/proj"));
        let xdg = home.join(".local/share");
        for variables in [
            vec![("PROJ_DATA", data.as_path())],
            vec![("PROJ_LIB", data.as_path())],
            vec![("HOME", home.as_path())],
            vec![("XDG_DATA_HOME", xdg.as_path())],
            vec![("PROJ_USER_WRITABLE_DIRECTORY", data.as_path())],
            vec![("HOME", home.as_path()), ("PROJ_DATA", data.as_path())],
        ] {
            let (ended, files) = scored(&folder, &program, &variables);
            assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{name} {variables:?}");
            assert_eq!(files, wanted, "{name} {variables:?}");
        }
        // Beside the program, and in the folder it runs in.
        lay(&folder, &database, &format!("{name}/share/proj"));
        std::fs::create_dir_all(folder.at(&format!("{name}/bin"))).expect("a folder");
        let copy = folder.at(&format!("{name}/bin/tamarisk"));
        std::fs::copy(TAMARISK, &copy).expect("a copy of the program");
        std::fs::copy(&database, folder.at("proj.db")).expect("a copy");
        let (ended, files) = scored(&folder, &copy, &[]);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{name} beside the program");
        assert_eq!(files, wanted, "{name} beside the program");
    }
}

#[test]
fn settings_of_the_environment_change_nothing_or_are_refused() {
    let folder = Folder::new();
    folder.write("sites.csv", SITES);
    let program = PathBuf::from(TAMARISK);
    let (_, wanted) = scored(&folder, &program, &[]);
    for (name, value) in [
        ("PROJ_NETWORK", "ON"),
        ("PROJ_NETWORK_ENDPOINT", "https://example.invalid"),
        ("PROJ_IGNORE_CELESTIAL_BODY", "YES"),
        ("PROJ_ONLY_BEST_DEFAULT", "ON"),
        ("PROJ_DEBUG", "3"),
        ("PROJ_DEBUG", "ON"),
        ("PROJ_SKIP_READ_USER_WRITABLE_DIRECTORY", "1"),
    ] {
        let (ended, files) = scored(&folder, &program, &[(name, Path::new(value))]);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{name}={value}");
        assert_eq!(files, wanted, "{name}={value}");
    }
    for (name, value) in [
        ("PROJ_AUX_DB", "other.db"),
        ("PROJ_FORCE_SEARCH_PIVOT", "1"),
        ("PROJ_USE_PROJ4_INIT_RULES", "YES"),
        ("PROJ_LOG_SQLITE3", "1"),
        ("PROJ_DEBUG", "loud"),
    ] {
        let (ended, files) = scored(&folder, &program, &[(name, Path::new(value))]);
        assert_eq!(ended.code, 2, "{name}={value}");
        assert!(ended.err.starts_with(&format!("error: the environment sets {name}")), "{name}");
        assert!(ended.err.contains("hint: unset it"), "{}", ended.err);
        assert!(files.is_empty(), "{name}={value}");
    }
}

#[test]
fn what_proj_says_of_a_mistake_comes_in_our_message_alone() {
    let folder = Folder::new();
    folder.write("sites.csv", SITES);
    for crs in ["EPSG:1", "nonsense", "+proj=nonsense", "PROJCS[", "EPSG:32642+1"] {
        let ended = folder.run(&["score", "-s", "sites.csv", "--crs", crs, "-o", "out"]);
        assert_eq!(ended.code, 2, "{crs}");
        assert!(ended.err.starts_with(&format!("error: \"{crs}\"")), "{crs}: {}", ended.err);
    }
}
