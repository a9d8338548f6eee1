//! The table: printed, kept as target/bench/serve.md, and put into docs/PERFORMANCE.md.

use crate::data::grouped;
use crate::machine::{folder, processor, version};
use crate::marks::Performance;
use crate::measure::Measured;
use crate::program::Memory;
use crate::questions::Goal;
use crate::settings::Settings;
use crate::wrk::{CONNECTIONS, Run};
use std::time::Duration;

/// What was measured so far.
pub struct Table {
    head: String,
    load: String,
    servers: Vec<String>,
    rows: Vec<String>,
    notes: Vec<String>,
    peers: Vec<String>,
    /// The name of each question with our rate, and the number of features that our first answer has found.
    ours: Vec<(String, f64, Option<u64>)>,
}

const COLUMNS: &str = "\
| question | data | answer | requests/s | p50 | p99 | bare requests/s | share | goal | errors |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|";

const PEER_COLUMNS: &str = "\
| question | program | requests/s | p50 | p99 | tamarisk | matched | errors |
|---|---|--:|--:|--:|--:|--:|--:|";

impl Table {
    pub fn new(settings: &Settings, wrk: &str) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut head = format!(
            "{}, {threads} threads; tamarisk {}, hyper {}, tokio {}; wrk {wrk} -t1 -c{CONNECTIONS} -d{}s, each \
             question twice",
            processor(),
            env!("CARGO_PKG_VERSION"),
            version("hyper"),
            version("tokio"),
            settings.time.as_secs()
        );
        if settings.scale != 1.0 {
            head.push_str(&format!("; at {} of the full size", settings.scale));
        }
        Self {
            head,
            load: load(),
            servers: Vec::new(),
            rows: Vec::new(),
            notes: Vec::new(),
            peers: Vec::new(),
            ours: Vec::new(),
        }
    }

    /// What it was measured on, and with.
    pub fn head(&self) -> String {
        format!("{}; load average {} at the start", self.head, self.load)
    }

    /// Adds a question.
    pub fn add(&mut self, measured: Measured) {
        let Measured { name, data, goal, matched, runs, note } = measured;
        let row = match &runs {
            Ok((ours, bare)) => {
                let share = 100.0 * ours.rate() / bare.rate();
                format!(
                    "| {name} | {data} | {:.1} kB | {} | {} | {} | {} | {share:.0} % | {} | {} |",
                    ours.bytes / ours.requests.max(1) as f64 / 1e3,
                    rate(ours),
                    milliseconds(ours.p50_ms),
                    milliseconds(ours.p99_ms),
                    rate(bare),
                    goal.map_or_else(|| "-".to_owned(), |goal| reached(goal, ours)),
                    match errors(bare).as_str() {
                        "0" => errors(ours),
                        of_bare => format!("{}; bare: {of_bare}", errors(ours)),
                    }
                )
            }
            Err(why) => format!("| {name} | {data} | not measured: {why} | | | | | | | |"),
        };
        println!("{row}");
        self.rows.push(row);
        self.notes.extend(note.map(|note| format!("{name}: {note}.")));
        self.ours.extend(runs.ok().map(|(ours, _)| (name, ours.rate(), matched)));
    }

    /// Adds what a server needed: the time and the memory after its start, and the memory after all questions.
    pub fn served(&mut self, name: &str, (ready, start): (Duration, Memory), end: Memory) {
        let line = format!(
            "- {name}: ready after {:.2} s with {:.0} MB (peak {:.0} MB); {:.0} MB after the load (peak {:.0} MB)",
            ready.as_secs_f64(),
            start.now,
            start.peak,
            end.now,
            end.peak
        );
        println!("{line}");
        self.servers.push(line);
    }

    /// Adds a question that another program was asked.
    pub fn add_peer(&mut self, name: &str, who: &str, asked: &Result<(Run, Option<u64>), String>) {
        let row = match asked {
            Ok((run, matched)) => {
                let ours = self.ours.iter().find(|(known, _, _)| known == name);
                let times = ours.map(|(_, ours, _)| format!("{:.0}x", ours / run.rate()));
                let found = ours.and_then(|(_, _, ours)| ours.zip(*matched));
                let answer = match found {
                    Some((ours, theirs)) if ours == theirs => format!("the same {ours}"),
                    Some((ours, theirs)) => format!("{theirs}, tamarisk: {ours}"),
                    None => "-".to_owned(),
                };
                format!(
                    "| {name} | {who} | {} | {} | {} | {} | {answer} | {} |",
                    rate(run),
                    milliseconds(run.p50_ms),
                    milliseconds(run.p99_ms),
                    times.as_deref().unwrap_or("-"),
                    errors(run)
                )
            }
            Err(why) => format!("| {name} | {who} | not measured: {why} | | | | | |"),
        };
        println!("{row}");
        self.peers.push(row);
    }

    /// Writes it where it is kept.
    pub fn keep(&self, settings: &Settings) {
        let text = self.text();
        let path = folder().join("serve.md");
        std::fs::write(&path, &text).expect("target/bench can be written to");
        println!("\n{text}\nwritten to {}", path.display());
        match (settings.bless, settings.is_whole()) {
            (false, _) => {}
            (true, true) => {
                let mut document = Performance::open();
                document.put("serve", &text);
                document.write();
            }
            (true, false) => println!("docs/PERFORMANCE.md gets only all questions at full size"),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{}, {} at the end.\n\n", self.head(), load());
        let mut part = |lines: &[String], head: &str| {
            if !lines.is_empty() {
                text.push_str(&format!("{head}{}\n\n", lines.join("\n")));
            }
        };
        part(&self.servers, "");
        part(&self.rows, &format!("{COLUMNS}\n"));
        part(&self.notes, "");
        part(&self.peers, &format!("{PEER_COLUMNS}\n"));
        format!("{}\n", text.trim_end())
    }
}

/// The load average of the last minute.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("?").to_owned()
}

/// A goal, and whether it was reached.
fn reached(goal: Goal, run: &Run) -> String {
    let Goal { rate, p99_ms } = goal;
    let mut text = grouped(rate as usize);
    if let Some(most) = p99_ms {
        text.push_str(&format!(", p99 {most:.0} ms"));
    }
    let is_reached = run.rate() >= rate && p99_ms.is_none_or(|most| run.p99_ms <= most);
    text + if is_reached { ": reached" } else { ": missed" }
}

fn rate(run: &Run) -> String {
    match run.rate() {
        rate if rate < 100.0 => format!("{rate:.1}"),
        rate => grouped(rate.round() as usize),
    }
}

fn milliseconds(ms: f64) -> String {
    match ms {
        ms if ms < 10.0 => format!("{ms:.2} ms"),
        ms => format!("{ms:.0} ms"),
    }
}

fn errors(run: &Run) -> String {
    match (run.refused, run.broken) {
        (0, 0) => "0".to_owned(),
        (refused, broken) => format!("{refused} refused, {broken} broken"),
    }
}
