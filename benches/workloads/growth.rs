//! End-to-end runs: starts and monitors the program itself, with growing numbers of incidents and on
//! a typical workload.

use crate::files;
use crate::machine::{folder, memory_mb};
use crate::measure::{Row, Size, median, milli};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Number of sites scored at each step.
pub const SITES: usize = 10_000;

/// Path of the program, if it was built along with this one.
fn program() -> Option<PathBuf> {
    option_env!("CARGO_BIN_EXE_tamarisk").map(PathBuf::from)
}

/// Scores 10,000 sites against a number of incidents, both from CSV.
pub fn step(size: Size, incidents: usize) -> Option<Row> {
    let (sites, incidents) = (size.of(SITES), size.of(incidents));
    let inputs = (files::sites_csv(sites), files::incidents_csv(incidents));
    let runs = if incidents > 2_000_000 { 1 } else { 3 };
    let mut row = scored(&inputs.0, &inputs.1, "sites,links", runs)?;
    row.check = format!("{sites} sites, {incidents} incidents; {}", row.check);
    Some(row)
}

/// Scores a number of sites against 1,000,000 incidents, both from CSV.
pub fn of_sites(size: Size, sites: usize) -> Option<Row> {
    let (sites, incidents) = (size.of(sites), size.of(1_000_000));
    let inputs = (files::sites_csv(sites), files::incidents_csv(incidents));
    let mut row = scored(&inputs.0, &inputs.1, "sites", 1)?;
    row.check = format!("{sites} sites, {incidents} incidents; {}", row.check);
    Some(row)
}

/// Scores the sites and incidents of W1.
pub fn end_to_end(size: Size, format: &str) -> Option<Row> {
    let (sites, incidents) = (size.of(100_000), size.of(1_000_000));
    let inputs = match format {
        "csv" => (files::sites_csv(sites), files::incidents_csv(incidents)),
        _ => (files::sites_geojson(sites), files::incidents_geojson(incidents)),
    };
    scored(&inputs.0, &inputs.1, "sites,links", 2)
}

/// Scores the built-in case.
pub fn demo() -> Option<Row> {
    watched(3, |program, output| {
        let mut command = Command::new(program);
        command.arg("demo").arg("-o").arg(output);
        command
    })
}

fn scored(sites: &Path, incidents: &Path, layers: &str, runs: usize) -> Option<Row> {
    watched(runs, |program, output| {
        let mut command = Command::new(program);
        command.arg("score").arg("--sites").arg(sites).arg("--incidents").arg(incidents);
        command.args(["--layers", layers, "-o"]).arg(output);
        command
    })
}

/// Runs the program several times and returns a row with its time and memory.
fn watched(runs: usize, command: impl Fn(&Path, &Path) -> Command) -> Option<Row> {
    let program = program()?;
    let output = folder().join(format!("out-{}", std::process::id()));
    let mut seconds = Vec::new();
    let mut peak: f64 = 0.0;
    for _ in 0..runs {
        let start = Instant::now();
        let mut child = command(&program, &output)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program can be started");
        let process = child.id().to_string();
        // The value is a high-water mark, so only growth after the last sample is missed.
        let status = loop {
            peak = peak.max(memory_mb(&process, "VmHWM").unwrap_or(0.0));
            if let Some(status) = child.try_wait().expect("a child of ours can be waited for") {
                break status;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        seconds.push(milli(start.elapsed().as_secs_f64()));
        assert!(status.success(), "tamarisk ended with {status}");
    }
    let check = digest(&output);
    std::fs::remove_dir_all(&output).expect("a folder of ours can be removed");
    Some(Row {
        threads: rayon::current_num_threads(),
        seconds: median(&seconds),
        peak_mb: peak,
        check,
        runs: seconds,
        ..Row::default()
    })
}

/// Returns the number of files and bytes written, and a hash of the layers; the receipt is excluded
/// because it names files by their paths.
fn digest(output: &Path) -> String {
    let mut files: Vec<PathBuf> = std::fs::read_dir(output)
        .expect("the program made the folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    let mut hash = blake3::Hasher::new();
    let mut bytes = 0;
    for file in &files {
        bytes += std::fs::metadata(file).map_or(0, |of| of.len());
        if file.extension().is_some_and(|extension| extension == "geojson") {
            let file = std::fs::File::open(file).expect("the program wrote it");
            hash.update_reader(file).expect("the program wrote it");
        }
    }
    format!("{} files of {bytes} bytes, {}", files.len(), &hash.finalize().to_hex()[..12])
}
