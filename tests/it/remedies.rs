//! Errors and findings have a code for their kind, and remedies as data; each front end words them for its users.

use crate::cli::Folder;
use crate::layering::files;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use tamarisk::run::batch::PLAN;
use tamarisk::sources::{ReadOptions, Source, read_sites};
use tamarisk::{Act, Code, Parameter, Remedy};

/// The code of the library, without tests within modules, comments and the command line: path and line by line.
fn library() -> Vec<(String, Vec<String>)> {
    let of_cli = |path: &str| path.contains("/src/cli") || path.ends_with("/src/main.rs");
    let code = |text: &str| {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        code.lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .map(str::to_owned)
            .collect()
    };
    let all = files("src", &["rs"]);
    let all = all.into_iter().filter(|(path, _)| !of_cli(path));
    all.map(|(path, text)| (path, code(&text))).collect()
}

#[test]
fn no_option_is_named_below_the_command_line() {
    let all = library();
    assert!(all.len() > 200, "the sources were not found");
    let option = |line: &str| {
        let long = line.match_indices("--").any(|(at, dashes)| {
            line[at + dashes.len()..].starts_with(|c: char| c.is_ascii_lowercase())
                && !line[..at].ends_with('-')
        });
        long || line.contains("with -o") || line.contains(" -o,")
    };
    let named: Vec<String> = all
        .iter()
        .flat_map(|(path, lines)| lines.iter().map(move |line| (path, line)))
        .filter(|(_, line)| option(line))
        .map(|(path, line)| format!("{path}: {line}"))
        .collect();
    assert!(named.is_empty(), "{named:#?}");
}

#[test]
fn what_stands_between_marks_names_a_parameter() {
    let words: BTreeSet<&str> = Parameter::ALL.iter().map(|parameter| parameter.word()).collect();
    let mut seen = BTreeSet::new();
    for (path, lines) in library() {
        if path.ends_with("error/setting.rs") {
            continue;
        }
        for inner in lines.iter().flat_map(|line| line.split('⟦').skip(1)) {
            let word = inner.trim_start_matches(['-', '~']);
            let word = word.split(['=', '⟧']).next().expect("a word");
            assert!(words.contains(word), "{path}: {word}");
            seen.insert(word.to_owned());
        }
    }
    let unused: Vec<&&str> = words.iter().filter(|word| !seen.contains(**word)).collect();
    assert!(unused.is_empty(), "no text names {unused:?}");
}

#[test]
fn the_library_takes_over_no_signal_and_reads_no_argument_or_environment() {
    let taken = ["std::env::", "process::exit", "ctrlc::", "signal_hook::", "build_global"];
    // Where the system keeps files for a while is asked of the system; bytes to bless are asked by a test. Folders
    // of tests are not in the library.
    let fair = |path: &str, line: &str| {
        let is_of_tests = path.rsplit_once("/src/").is_some_and(|(_, of)| of.contains("/tests/"));
        line.contains("std::env::temp_dir()")
            || path.ends_with("intake/documented.rs")
            || is_of_tests
    };
    for (path, lines) in library() {
        for line in lines.iter().filter(|line| !fair(&path, line)) {
            assert!(!taken.iter().any(|word| line.contains(word)), "{path}: {line}");
        }
    }
}

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/FORMATS.md");

/// Compares a table of the document with its expected content, or regenerates it.
fn hold(name: &str, due: &str) {
    let begin = format!("<!-- {name}, written by `BLESS=1 cargo test --release remedies` -->\n");
    let end = format!("<!-- end of {name} -->\n");
    let document = std::fs::read_to_string(PATH).expect("docs/FORMATS.md");
    let (before, rest) = document.split_once(&begin).expect("the beginning of the table");
    let (known, after) = rest.split_once(&end).expect("the end of the table");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PATH, format!("{before}{begin}{due}{end}{after}")).expect("written");
    } else {
        assert_eq!(known, due, "docs/FORMATS.md is out of date; write it anew with BLESS=1");
    }
}

#[test]
fn the_documented_codes_and_parameters_are_those_of_the_library() {
    let kebab =
        |word: &str| word.split('-').all(|part| part.chars().all(|c| c.is_ascii_lowercase()));
    let words: BTreeSet<&str> = Code::ALL.iter().map(|code| code.word()).collect();
    assert_eq!(words.len(), Code::ALL.len(), "a code for each kind");
    assert!(words.iter().all(|word| kebab(word)), "{words:?}");
    let codes = Code::ALL.iter().map(|code| format!("| `{}` | {} |\n", code.word(), code.says()));
    let parameters =
        Parameter::ALL.iter().map(|of| format!("| `{}` | {} |\n", of.word(), of.says()));
    let codes: String = codes.collect();
    let parameters: String = parameters.collect();
    hold(
        "codes and parameters",
        &format!(
            "\n| code | what it says |\n|---|---|\n{codes}\n| parameter | what it is |\n|---|---|\n{parameters}\n"
        ),
    );
}

#[test]
fn every_code_is_given_somewhere() {
    let all: String = library().into_iter().flat_map(|(_, lines)| lines).collect();
    let cli: String = files("src/cli", &["rs"]).into_iter().map(|(_, text)| text).collect();
    for code in Code::ALL {
        let name = format!("Code::{code:?}");
        let given = |text: &str| {
            text.match_indices(&name).any(|(at, found)| {
                !text[at + found.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
            })
        };
        assert!(given(&all) || given(&cli), "{name}");
    }
}

#[test]
fn an_error_has_its_remedy_as_data_and_each_face_words_it() {
    let source = Source::bytes("sites.csv", &b"id,lattitude,longitud\na,1,2\n"[..]);
    let error = read_sites(&source, &ReadOptions::default()).expect_err("no place");
    assert_eq!(error.code(), Code::ColumnMissing);
    let remedy = Remedy {
        act: Act::Set,
        parameter: Parameter::Map,
        value: Some("sites.lat=lattitude".to_owned()),
    };
    assert_eq!(error.remedies(), [remedy]);
    let hint = error.hint_for(PLAN).expect("a hint");
    assert_eq!(hint, "nearest names: map = [\"sites.lat=lattitude\"]");
    let folder = Folder::new();
    folder.write("sites.csv", "id,lattitude,longitud\na,1,2\n");
    let ended = folder.run(&["score", "-s", "sites.csv", "-o", "out"]);
    assert!(ended.err.contains("hint: nearest names: --map sites.lat=lattitude"), "{}", ended.err);
    folder.write("plan.toml", "[inputs]\nsites = [\"sites.csv\"]\n");
    let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
    let said = "hint: nearest names: map = [\"sites.lat=lattitude\"]";
    assert!(ended.code == 3 && ended.err.contains(said), "{}", ended.err);
}

#[test]
fn a_plan_that_is_at_fault_is_told_of_in_its_own_words() {
    let folder = Folder::with_mines();
    let inputs = "sites = [\"sites.csv\"]\nincidents = [\"incidents.csv\"]\n";
    for (more, said) in [
        ("complete = [\"rivers\"]\n", "name one with receptors = [\"rivers=FILE\"]"),
        ("[inputs.read]\nmap = [\"\"]\n", "such as map = [\"sites.lat=Y,sites.lon=X\"]"),
        (
            "[inputs.read]\nwhere = [\"admin1\"]\n",
            "where = [\"incidents.admin1 in Balochistan,Sindh\"]",
        ),
        ("[inputs.read]\nsince = \"yesterday\"\n", "since: \"yesterday\" is not a date"),
    ] {
        folder.write("plan.toml", format!("[inputs]\n{inputs}{more}"));
        let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
        assert!(ended.code == 2 && ended.err.contains(said), "{more}: {}", ended.err);
        assert!(!ended.err.contains("--"), "{}", ended.err);
    }
    // What no plan says is an option of the command.
    folder.write("plan.toml", format!("[inputs]\n{inputs}")).write("out/frames.csv", "mine\n");
    let ended = folder.run(&["batch", "plan.toml", "-o", "out"]);
    assert!(
        ended.code == 4 && ended.err.contains("with -o, or overwrite it with --replace"),
        "{}",
        ended.err
    );
}

#[test]
fn where_answers_are_json_errors_are_too() {
    let folder = Folder::with_mines();
    folder.write("odd.csv", "id,lattitude,longitud\na,1,2\n");
    let known = ["--incidents", "incidents.csv", "--json"];
    for (args, code, kind, parameter) in [
        (vec!["explain", "Reko Diq", "--sites", "odd.csv"], 3, "column-missing", Some("map")),
        (vec!["explain", "nowhere", "--sites", "sites.csv"], 2, "site-unknown", None),
        (vec!["near", "--site", "a", "--sites", "gone.csv"], 4, "file-missing", None),
        (
            vec!["risk", "--at", "66,29", "--complete", "rivers"],
            2,
            "input-missing",
            Some("receptors"),
        ),
    ] {
        let ended = folder.run(&[&args[..], &known[..]].concat());
        assert_eq!(ended.code, code, "{}", ended.err);
        assert!(ended.out.is_empty(), "{}", ended.out);
        let answer: Value = serde_json::from_str(&ended.err).expect("one JSON object");
        let error = &answer["error"];
        assert_eq!(error["code"], kind, "{}", ended.err);
        assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{}", ended.err);
        assert_eq!(error["remedies"][0]["parameter"].as_str(), parameter, "{}", ended.err);
        if parameter.is_some() {
            let hint = error["hint"].as_str().expect("a hint");
            assert!(hint.contains("--"), "{hint}");
        }
    }
}

#[test]
fn findings_carry_codes_and_remedies_wherever_they_are_written() {
    let folder = Folder::with_mines();
    folder.write(
        "i.csv",
        "id,date,lat,lon,country,event_type,fatalities\n\
         a,2024-03-09,29.15,62.3,Pakistan,attack,1\n\
         b,03/04/2024,29.15,62.3,Pakistan,attack,1\n\
         c,2024-03-10,95,62.3,Pakistan,attack,1\n",
    );
    let ended = folder.run(&["check", "i.csv", "--json"]);
    let answer: Value = serde_json::from_str(&ended.out).expect("JSON");
    let findings = answer[0]["findings"].as_array().expect("a list");
    let of = |id: &str| findings.iter().find(|one| one["id"] == id).expect("its finding");
    assert_eq!(
        (&of("b")["code"], &of("c")["code"]),
        (&"date-doubtful".into(), &"position-doubtful".into())
    );
    let remedy = &of("b")["remedies"][0];
    assert_eq!((&remedy["act"], &remedy["parameter"]), (&"set".into(), &"map".into()));
    assert_eq!(remedy["value"], "incidents.date_format=%d/%m/%Y");
    folder.done(&["score", "-q", "-s", "sites.csv", "-i", "i.csv", "-o", "out"]);
    let rejects = String::from_utf8(folder.bytes("out/rejects.csv")).expect("UTF-8");
    let row = rejects.lines().find(|row| row.contains(",b,")).expect("its row");
    assert!(
        row.contains("--map incidents.date_format=%d/%m/%Y") && row.ends_with(",date-doubtful"),
        "{row}"
    );
    let counts = &folder.json("out/receipt.json")["counts"];
    assert_eq!(counts["findings_by_code"]["date-doubtful"], 1, "{counts}");
    let sum = |member: &str| -> u64 {
        counts[member].as_object().expect("counts").values().filter_map(Value::as_u64).sum()
    };
    assert_eq!(sum("findings"), sum("findings_by_code"));
    assert!(Path::new(PATH).exists());
}
