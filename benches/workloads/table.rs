//! Rows as lines on the terminal and as JSON in target/bench.

use crate::growth::{SERIES, Series};
use crate::machine::{folder, processor, version};
use crate::measure::Row;
use crate::plot::{self, Chart, Step};
use std::path::{Path, PathBuf};

/// Describes the machine and the versions used.
pub fn head(threads: &str, scale: f64) -> String {
    let peers =
        ["rstar", "kiddo", "geojson", "geo"].map(|name| format!("{name} {}", version(name)));
    let mut head = format!(
        "{}, {threads} threads; tamarisk {}; {}",
        processor(),
        env!("CARGO_PKG_VERSION"),
        peers.join(", ")
    );
    if scale != 1.0 {
        head.push_str(&format!("; at {scale} of the full size"));
    }
    head
}

/// Formats a row as a line, with its time relative to ours.
pub fn line(row: &Row, before: &[Row]) -> String {
    let ours = before.iter().find(|r| r.workload == row.workload && r.who == "tamarisk");
    let times = ours.map_or_else(String::new, |ours| format!("{:.1}x", row.seconds / ours.seconds));
    let mut line = format!(
        "{:<18} {:<10} {:>11.3} s {:>9} {:>8.0} MB  {}",
        row.workload, row.who, row.seconds, times, row.peak_mb, row.check
    );
    let indent = "\n                              ";
    if let Some(part) = &row.extrapolated_from {
        line.push_str(&format!("{indent}extrapolated from {part}"));
        let ours = row.check_of_tamarisk.as_ref();
        if ours == Some(&row.check) {
            line.push_str(", to which tamarisk gives the same answer");
        } else if let Some(ours) = ours {
            line.push_str(&format!(", to which tamarisk gives{indent}{ours}"));
        }
    }
    line
}

/// The main workloads; all others are parts of them, or end-to-end runs.
const SUMMARY: [&str; 7] = ["w1", "w1-scheme", "w2-k1", "w2-k10", "w3", "w4", "w5"];

/// The files that store rows.
const FILES: [&str; 3] = ["summary", "further", "growth"];

/// Returns the file that stores the rows of a workload; scaled-down runs have separate files.
fn file_of(workload: &str, scale: f64) -> PathBuf {
    let name = match workload {
        _ if SUMMARY.contains(&workload) => FILES[0],
        _ if workload.starts_with("growth") => FILES[2],
        _ => FILES[1],
    };
    path_of(name, scale)
}

fn path_of(name: &str, scale: f64) -> PathBuf {
    let scaled = if scale == 1.0 { String::new() } else { format!("-{scale}") };
    folder().join(format!("{name}{scaled}.json"))
}

fn read(file: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Stores a row in target/bench, replacing an older one of the same workload and program.
pub fn keep(row: &Row, scale: f64) {
    let file = file_of(&row.workload, scale);
    let mut all = read(&file);
    match all.iter_mut().find(|old| old.workload == row.workload && old.who == row.who) {
        Some(old) => *old = row.clone(),
        None => all.push(row.clone()),
    }
    let text = serde_json::to_string_pretty(&all).expect("rows are always JSON");
    std::fs::write(file, text + "\n").expect("target/bench can be written to");
}

/// Returns all stored rows of full size, those of the growth last.
pub fn kept() -> Vec<Row> {
    FILES.iter().flat_map(|name| read(&path_of(name, 1.0))).collect()
}

/// Draws docs/img/growth.svg.
pub fn draw_growth(rows: &[Row], head: &str) {
    let chart = |series: &Series| {
        let step = |count: &usize| {
            let name = format!("growth-{}-{count}", series.name);
            let row = rows.iter().find(|row| row.workload == name)?;
            let count = *count as f64;
            Some(Step { count, seconds: row.seconds, peak_mb: row.peak_mb })
        };
        let steps: Vec<Step> = series.counts.iter().filter_map(step).collect();
        let guide: (fn(f64) -> f64, _) = match series.name {
            "threads" => (|n| 1.0 / n, "1 / n"),
            _ => (|n| n * libm::log10(n), "n log n"),
        };
        (!steps.is_empty()).then(|| Chart { title: series.title.to_owned(), steps, guide })
    };
    let charts: Vec<Chart> = SERIES.iter().filter_map(chart).collect();
    let title = format!("tamarisk, from files to files. {head}");
    let title = title.split(';').next().unwrap_or(&title);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/img/growth.svg");
    std::fs::write(&path, plot::svg(&charts, title)).expect("docs/img can be written to");
    println!("drawn as {}", path.display());
}
