//! `diff` of runs of other kinds: older receipts, frames of a batch, ids made of lines; and the forms it prints.

use crate::cli::Folder;
use crate::cli_diff::{
    ALL, STEPS, adds_up, append, case, change_all, diff, incident, number, score, site,
};

#[test]
fn a_receipt_of_an_earlier_version_is_read_with_what_it_has() {
    let folder = case();
    folder.write("mine.toml", "[security.recency]\nhalf_life_days = 600\n");
    score(&folder, "a", &[]);
    score(&folder, "c", &["--scheme", "mine.toml"]);
    append(&folder, "in/incidents.csv", &incident("X-1", "2026-01-10", 62.1, 29.15, 4));
    score(&folder, "b", &[]);
    for name in ["a", "b", "c"] {
        let mut receipt = folder.json(&format!("{name}/receipt.json"));
        receipt["scheme"].as_object_mut().expect("a scheme").remove("values");
        for input in receipt["inputs"].as_array_mut().expect("inputs") {
            input.as_object_mut().expect("an input").remove("kind");
        }
        folder.write(&format!("{name}/receipt.json"), receipt.to_string());
    }
    let changes = diff(&folder);
    let reko = site(&changes, "PK-S001");
    assert!(number(&reko["security"]["parts"]["new"]) > 0.5, "{reko}");
    let changes = folder.answer(&["diff", "a", "c", "--json"]);
    assert_eq!(
        changes["unknown"],
        serde_json::json!([
            "the newer run: its receipt, of an earlier version, does not hold the scheme mine"
        ])
    );
}

#[test]
fn frames_of_a_batch_are_compared() {
    let folder = Folder::new();
    folder.write(
        "plan.toml",
        "layers = [\"sites\"]\n[inputs]\ndemo = true\n[dates]\non = [2024-06-30, 2025-06-30]\n",
    );
    folder.done(&["batch", "plan.toml", "-o", "out", "-q"]);
    let frames = ["out/all/default/2024-06-30", "out/all/default/2025-06-30"];
    for [old, new] in [frames, [frames[1], frames[0]]] {
        let changes = folder.answer(&["diff", old, new, "--json"]);
        assert!(adds_up(&changes) > 100);
        let forth = old == frames[0];
        let [come, gone] = ["new", "vanished"].map(|what| number(&changes["incidents"][what]));
        assert_eq!((come > 0.0, gone > 0.0), (forth, !forth));
        // What happened between the dates is new, and does not hide in what was aged.
        let sites = changes["sites"].as_array().expect("sites");
        for site in sites.iter().filter(|site| !site["security"]["parts"].is_null()) {
            let aged = number(&site["security"]["parts"]["aged"]);
            assert!(if forth { aged <= 0.0 } else { aged >= 0.0 }, "{site}");
        }
    }
    let run = folder.run(&["diff", "out", frames[0]]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("is the receipt of a batch"), "{}", run.err);
}

#[test]
fn ids_made_of_lines_may_move() {
    let folder = Folder::with_mines();
    let bare = |skip: usize| -> String {
        let lines = crate::cli::INCIDENTS.lines().enumerate().filter(|(at, _)| *at != skip);
        lines.map(|(_, line)| format!("{}\n", line.split_once(',').expect("an id").1)).collect()
    };
    let run = |out: &str, text: String| {
        folder.write("incidents.csv", text);
        folder.done(&[
            "score",
            "-q",
            "-s",
            "sites.csv",
            "-i",
            "incidents.csv",
            "-o",
            out,
            "--as-of",
            "2024-07-01",
        ]);
    };
    run("a", bare(99));
    run("b", bare(1));
    let changes = folder.answer(&["diff", "a", "b", "--json"]);
    assert_eq!(
        changes["incidents"],
        serde_json::json!({"same": 4, "new": 0, "vanished": 1, "corrected": 0})
    );
    adds_up(&changes);
}

#[test]
fn what_is_printed_is_the_same_at_any_number_of_threads_and_fits_a_spreadsheet() {
    let folder = case();
    score(&folder, "a", &[]);
    change_all(&folder);
    score(&folder, "b", &ALL);
    for form in ["--json", "--csv", "--no-progress"] {
        let said = |threads: &str| {
            folder.done(&["diff", "a", "b", "--inputs", "in", form, "--threads", threads])
        };
        assert_eq!(said("1"), said("2"), "{form}");
    }
    let csv = folder.done(&["diff", "a", "b", "--inputs", "in", "--csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let head = reader.headers().expect("a head").clone();
    let column = |name: &str| head.iter().position(|one| one == name).expect("a column");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 46);
    let of = |what: &str| rows.iter().filter(|row| &row[column("what")] == what).count();
    assert_eq!((of("came"), of("gone")), (1, 1));
    let reko = rows.iter().find(|row| &row[0] == "PK-S001").expect("Reko Diq");
    let value = |name: &str| reko[column(name)].parse::<f64>().expect(name);
    let sum: f64 = STEPS.iter().map(|step| value(&format!("security_{step}"))).sum();
    assert!((sum - value("security_change")).abs() < 1e-9);
    // A row for each score that changed, up to so many sites.
    let text = folder.done(&["diff", "a", "b", "--inputs", "in", "-n", "3"]);
    assert!(text.contains("\n... and ") && text.contains("more; -n shows more of them"), "{text}");
    assert!(text.contains("\nnew:\nMade Mine (PK-S999): security "), "{text}");
}
