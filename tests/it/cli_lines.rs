//! `--progress json`: every line on standard error is one JSON object, for programs that run this one.

use crate::cli::{Ended, Folder};
use serde_json::Value;
use std::time::Instant;

const SCORE: [&str; 7] = ["score", "-s", "sites.csv", "-i", "incidents.csv", "--progress", "json"];

/// The lines of a run, each of which must be an object.
fn lines(ended: &Ended) -> Vec<Value> {
    let parsed = ended.err.lines().map(|line| {
        let value: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert!(value.is_object(), "{line}");
        value
    });
    parsed.collect()
}

/// A stage with all that was told of it: steps done, and their number.
type Stage = (String, Vec<(u64, Option<u64>)>);

/// The stages of a run.
fn stages(lines: &[Value]) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for line in lines {
        let Some(stage) = line["stage"].as_str() else { continue };
        let keys: Vec<&String> = line.as_object().expect("an object").keys().collect();
        assert_eq!(keys.len(), 3, "{line}");
        let told = (line["done"].as_u64().expect("a number"), line["total"].as_u64());
        match stages.last_mut() {
            Some((name, all)) if name == stage && told.0 > 0 => all.push(told),
            _ => stages.push((stage.to_owned(), vec![told])),
        }
    }
    stages
}

#[test]
fn the_first_and_the_last_of_each_stage_are_told_and_few_between() {
    let folder = Folder::with_mines();
    let rows: String = (0..300_000)
        .map(|i| {
            let (lon, lat) = (61 + i % 9, 26 + i % 7);
            format!("s{i},{lon}.{:03},{lat}.{:03}\n", i % 1_000, i / 7 % 1_000)
        })
        .collect();
    folder.write("many.csv", format!("id,lon,lat\n{rows}"));
    let begun = Instant::now();
    let args = "score -s many.csv -i incidents.csv --layers sites --progress=json -o out";
    let ended = folder.run(&args.split(' ').collect::<Vec<_>>());
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(ended.code, 0, "{}", ended.err);
    let stages = stages(&lines(&ended));
    assert!(stages.iter().any(|(name, _)| name == "scoring"), "{stages:?}");
    let mut between = 0;
    for (name, told) in &stages {
        assert_eq!(told[0].0, 0, "{name} begins with nothing done");
        assert!(told.windows(2).all(|pair| pair[0].0 < pair[1].0), "{name}: {told:?}");
        let (done, total) = told[told.len() - 1];
        assert!(total.is_none_or(|total| total == done), "{name} ends with all done: {told:?}");
        between += told.len().saturating_sub(2);
    }
    assert!((between as f64) <= 10.0 * seconds, "{between} lines in {seconds} s");
}

#[test]
fn notes_and_results_are_those_of_a_run_without_it() {
    let folder = Folder::with_mines();
    let plain = folder.run(&[&SCORE[..5], &["-o", "plain"]].concat());
    let told = folder.run(&[&SCORE[..], &["-o", "told"]].concat());
    assert_eq!((plain.code, told.code), (0, 0), "{}", told.err);
    assert_eq!(plain.out.replace("plain", "told"), told.out);
    assert_eq!(folder.files("plain"), folder.files("told"));
    let lines = lines(&told);
    let notes: Vec<&str> = lines.iter().filter_map(|line| line["note"].as_str()).collect();
    assert!(!notes.is_empty());
    assert_eq!(notes.join("\n"), plain.err.trim_end());
    let quiet = folder.run(&[&SCORE[..], &["-q", "-o", "quiet"]].concat());
    assert_eq!((quiet.code, quiet.err.as_str()), (0, ""));
}

#[test]
fn a_limit_passed_is_a_fault_and_not_an_error() {
    let folder = Folder::with_mines();
    let ended = folder.run(&[&SCORE[..], &["--fail-on", "very-low", "-q", "-o", "out"]].concat());
    assert_eq!(ended.code, 1, "{}", ended.err);
    let lines = lines(&ended);
    assert_eq!(lines.len(), 1, "{}", ended.err);
    let fault = lines[0]["fault"].as_str().expect("a fault");
    assert!(fault.starts_with("--fail-on very-low: 3 of 3 sites"), "{fault}");
}

#[test]
fn every_error_is_an_object_with_its_exit_code() {
    let folder = Folder::with_mines();
    folder.write("odd.csv", "id,lattitude,longitud\na,1,2\n");
    for (line, code, kind) in [
        ("score -s odd.csv --progress json -o out", 3, "column-missing"),
        ("score -s gone.csv --progress json -o out", 4, "file-missing"),
        ("score -s sites.csv --progress json --as-of never -o out", 2, "setting-invalid"),
        // What cannot be parsed is told in JSON too.
        ("score --sits sites.csv --progress json", 2, "setting-invalid"),
        ("frobnicate --progress=json", 2, "setting-invalid"),
        ("score -s sites.csv --progress json --no-progress", 2, "settings-conflict"),
    ] {
        let ended = folder.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(ended.code, code, "{line}: {}", ended.err);
        let lines = lines(&ended);
        let last = lines.last().expect("an error");
        assert_eq!(last["error"]["code"], kind, "{line}: {last}");
        let message = last["error"]["message"].as_str().expect("a message");
        assert!(!message.is_empty() && !message.starts_with("error:"), "{line}: {message}");
        assert!(!message.contains('\n') && !message.contains("--help"), "{line}: {message}");
        let hint = last["error"]["hint"].as_str().unwrap_or_default();
        assert!(!line.contains("--sits") || hint.contains("'--sites'"), "{line}: {hint}");
        assert_eq!(lines.iter().filter(|line| line["error"].is_object()).count(), 1, "{line}");
    }
}
