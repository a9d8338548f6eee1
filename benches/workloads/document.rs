//! Writes the tables of docs/PERFORMANCE.md from measurements: `BLESS=1 make bench` replaces them between
//! their marks.

use crate::marks::Performance;
use crate::measure::Row;

/// Replaces the rows between the marks of a table.
pub fn bless(rows: &[Row], head: &str) {
    let mut document = Performance::open();
    document.put("machine", &format!("{head}.\n"));
    for mark in ["w1", "w2", "w3", "w4", "w5", "end-to-end", "growth"] {
        document.put(mark, &table(rows.iter().filter(|row| belongs(&row.workload, mark))));
    }
    document.write();
}

fn belongs(workload: &str, mark: &str) -> bool {
    workload == mark || workload.starts_with(&format!("{mark}-"))
}

fn table<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let rows: Vec<&Row> = rows.collect();
    let mut text =
        String::from("| workload | who | seconds | | peak | answer |\n|---|---|--:|--:|--:|---|\n");
    for row in &rows {
        let ours = rows.iter().find(|r| r.workload == row.workload && r.who == "tamarisk");
        let times = match ours {
            Some(ours) if row.who != "tamarisk" => {
                format!("{}x", three(row.seconds / ours.seconds))
            }
            _ => String::new(),
        };
        let mut answer = row.check.clone();
        if let Some(part) = &row.extrapolated_from {
            answer.push_str(&format!("; extrapolated from {part}"));
            match &row.check_of_tamarisk {
                Some(ours) if *ours == row.check => answer.push_str(", tamarisk: the same"),
                Some(ours) => answer.push_str(&format!(", tamarisk: {ours}")),
                None => {}
            }
        }
        if let Some(note) = &row.note {
            answer.push_str(&format!("; {note}"));
        }
        let who = if row.who == "tamarisk" { "**tamarisk**" } else { &row.who };
        text.push_str(&format!(
            "| {} | {who} | {} | {times} | {:.0} MB | {answer} |\n",
            row.workload,
            three(row.seconds),
            row.peak_mb
        ));
    }
    text
}

/// Formats a number with three digits.
fn three(number: f64) -> String {
    match number {
        n if n >= 100.0 => format!("{n:.0}"),
        n if n >= 10.0 => format!("{n:.1}"),
        n if n >= 1.0 => format!("{n:.2}"),
        n => format!("{n:.3}"),
    }
}
