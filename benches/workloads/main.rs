//! Compares Tamarisk with other programs on the same work, in one run: `make bench`.
//!
//! Each program runs each workload in a separate process, so that its memory can be measured;
//! processes run one after the other. `ONLY=w1,w2-k1` selects workloads, `SCALE=0.1` scales everything
//! down, `PEERS=1` adds programs of Python, `BLESS=1` writes the contents of target/bench into
//! docs/PERFORMANCE.md. No time limit makes it fail.

#![allow(
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "a program that measures reads the clock and prints; it stops at what it did not expect"
)]

mod document;
mod files;
mod growth;
mod machine;
mod marks;
mod measure;
mod numbers;
mod peers;
mod plot;
mod table;
mod w1;
mod w1_draws;
mod w1_scheme;
mod w1_settings;
mod w2;
mod w3;
mod w4;
mod w5;
mod w6;
mod world;

use measure::{Row, Size};
use std::process::{Command, Stdio};

/// The programs that run each workload, in the order of the table.
const PLAN: [(&str, &[&str]); 19] = [
    ("w1", &["tamarisk", "rstar-3d", "rstar-2d", "exhaustive"]),
    ("w1-scheme", &["tamarisk", "exhaustive"]),
    ("w1-scheme-classes", &["tamarisk", "exhaustive"]),
    ("w1-draws", &["tamarisk"]),
    ("w1-settings", &["tamarisk"]),
    ("w2-k1", &["tamarisk", "kiddo", "rstar-3d", "exhaustive"]),
    ("w2-k10", &["tamarisk", "kiddo", "rstar-3d", "exhaustive"]),
    ("w3", &["tamarisk", "exhaustive"]),
    ("w3-gaussian", &["tamarisk", "exhaustive"]),
    ("w4", &["tamarisk", "exhaustive"]),
    ("w4-rivers", &["tamarisk", "rstar-3d"]),
    ("w4-overlap", &["tamarisk"]),
    ("w5", &["tamarisk", "geojson"]),
    ("w5-whole", &["geojson"]),
    ("w5-csv", &["tamarisk"]),
    ("w6", &["tamarisk"]),
    ("end-to-end-csv", &["tamarisk"]),
    ("end-to-end-geojson", &["tamarisk"]),
    ("end-to-end-demo", &["tamarisk"]),
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["child", workload, who] => child(workload, who),
        _ => all(),
    }
}

fn scale() -> f64 {
    std::env::var("SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(1.0)
}

/// Runs one workload and prints its row.
fn child(workload: &str, who: &str) {
    let size = Size::new(scale());
    let row = match workload {
        "w1" => w1::run(who, size),
        "w1-scheme" => w1_scheme::run(who, size, false),
        "w1-scheme-classes" => w1_scheme::run(who, size, true),
        "w1-draws" => w1_draws::run(who, size),
        "w1-settings" => w1_settings::run(who, size),
        "w2-k1" => w2::run(who, size, 1),
        "w2-k10" => w2::run(who, size, 10),
        "w3" => w3::run(who, size, false),
        "w3-gaussian" => w3::run(who, size, true),
        "w4" => w4::run(who, size, w4::Part::Both),
        "w4-rivers" => w4::run(who, size, w4::Part::Rivers),
        "w4-overlap" => w4::run(who, size, w4::Part::Overlap),
        "w6" => w6::run(who, size),
        "end-to-end-demo" => growth::demo(),
        _ if workload.starts_with("w5") => w5::run(who, size, workload),
        _ => match workload.rsplit_once('-') {
            Some(("end-to-end", format)) => growth::end_to_end(size, format),
            Some((series, count)) => {
                let series = series.strip_prefix("growth-");
                series.zip(count.parse().ok()).and_then(|(of, count)| growth::step(size, of, count))
            }
            _ => None,
        },
    };
    let Some(row) = row else {
        std::process::exit(NOT_DONE);
    };
    let row = Row { workload: workload.to_owned(), who: who.to_owned(), ..row };
    println!("{}", serde_json::to_string(&row).expect("a row is always JSON"));
}

/// Runs all selected workloads, each in a separate process.
fn all() {
    let only = std::env::var("ONLY").unwrap_or_default();
    let only: Vec<&str> = only.split(',').filter(|name| !name.is_empty()).collect();
    // Growth takes as long as all the others together, so it is measured and drawn only on request.
    let selected = |name: &str| match only.as_slice() {
        [] => !name.starts_with("growth"),
        only => only.iter().any(|only| name == *only || name.starts_with(&format!("{only}-"))),
    };
    let threads = std::env::var("RAYON_NUM_THREADS").unwrap_or_else(|_| "2".into());
    let head = table::head(&threads, scale());
    println!("{head}\n");
    let mut rows = Vec::new();
    let plan = PLAN.iter().map(|(name, peers)| ((*name).to_owned(), *peers));
    let plan = plan.chain(growth::names().map(|name| (name, &["tamarisk"][..])));
    for (workload, peers) in plan.filter(|(name, _)| selected(name)) {
        // Programs of Python do what those of Rust do, where they can.
        let more = peers::NAMES.iter().filter(|_| peers::wanted() && peers.len() > 2);
        for who in peers.iter().chain(more) {
            if let Some(row) = in_a_process(&workload, who, &threads) {
                println!("{}", table::line(&row, &rows));
                table::keep(&row, scale());
                rows.push(row);
            }
        }
    }
    let all = table::kept();
    if scale() == 1.0 && rows.iter().any(|row| row.workload.starts_with("growth")) {
        table::draw_growth(&all, &head);
    }
    if std::env::var("BLESS").is_ok_and(|bless| bless == "1") {
        document::bless(&all, &head);
    }
}

fn in_a_process(workload: &str, who: &str, threads: &str) -> Option<Row> {
    let program = std::env::current_exe().expect("a running program has a path");
    let output = Command::new(program)
        .args(["child", workload, who])
        .env("RAYON_NUM_THREADS", threads)
        .stderr(Stdio::inherit())
        .output()
        .expect("this program can be started");
    if output.status.code() == Some(NOT_DONE) {
        println!("{workload:<18} {who:<10} not done");
        return None;
    }
    assert!(output.status.success(), "{workload} by {who} failed");
    Some(serde_json::from_slice(&output.stdout).expect("a child prints its row"))
}

/// Exit code of a child that cannot run its workload.
const NOT_DONE: i32 = 3;
