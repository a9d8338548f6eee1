//! End-to-end runs: starts and monitors the program itself, with growing numbers of incidents and on
//! a typical workload.

use crate::files;
use crate::machine::{folder, memory_mb};
use crate::measure::{Row, Size, median, milli};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Something that grows while the rest of the work stays the same. Its workloads are `growth-<name>-<count>`.
pub struct Series {
    pub name: &'static str,
    /// What grows, with what stays the same.
    pub title: &'static str,
    pub counts: &'static [usize],
}

/// Everything whose growth is measured.
pub const SERIES: [Series; 7] = [
    Series {
        name: "incidents",
        title: "incidents; 10,000 sites",
        counts: &[10_000, 100_000, 1_000_000, 10_000_000],
    },
    Series {
        name: "sites",
        title: "sites; 1,000,000 incidents",
        counts: &[10_000, 100_000, 1_000_000],
    },
    Series {
        name: "areas",
        title: "areas of 50 to 500 vertices; 10,000 sites",
        counts: &[1_000, 5_000, 25_000],
    },
    Series {
        name: "rivers",
        title: "vertices of rivers; 10,000 sites",
        counts: &[10_000, 100_000, 1_000_000, 10_000_000],
    },
    Series {
        name: "cells",
        title: "cells of a surface; 100,000 incidents",
        counts: &[100_000, 1_000_000, 10_000_000],
    },
    Series {
        name: "draws",
        title: "draws of 1,000 sites; 100,000 incidents",
        counts: &[100, 1_000, 10_000],
    },
    Series {
        name: "threads",
        title: "threads; 10,000 sites, 1,000,000 incidents",
        counts: &[1, 2],
    },
];

/// The names of all steps.
pub fn names() -> impl Iterator<Item = String> {
    SERIES.iter().flat_map(|series| {
        series.counts.iter().map(|count| format!("growth-{}-{count}", series.name))
    })
}

/// Vertices of a river.
const OF_RIVER: usize = 500;

/// Path of the program, if it was built along with this one.
fn program() -> Option<PathBuf> {
    option_env!("CARGO_BIN_EXE_tamarisk").map(PathBuf::from)
}

/// Measures a step of a series.
pub fn step(size: Size, series: &str, count: usize) -> Option<Row> {
    let series = SERIES.iter().find(|known| known.name == series)?;
    // The last step takes longer than all others.
    let runs = if series.counts.last() == Some(&count) { 1 } else { 3 };
    let full = count;
    let count = size.of(count);
    let sites = |count| files::sites_csv(size.of(count));
    let incidents = |count| files::incidents_csv(size.of(count));
    let with = |more: &[&str]| more.iter().map(|&one| one.to_owned()).collect::<Vec<_>>();
    let receptors =
        |kind: &str, file: PathBuf| vec!["-r".to_owned(), format!("{kind}={}", file.display())];
    let mut row = match series.name {
        "incidents" => {
            let inputs = (sites(10_000), files::incidents_csv(count));
            scored(&inputs.0, &inputs.1, "sites,links", runs, &[])
        }
        "sites" => {
            let inputs = (files::sites_csv(count), incidents(1_000_000));
            scored(&inputs.0, &inputs.1, "sites", runs, &[])
        }
        "areas" => {
            let more = receptors("sensitive_areas", files::areas_geojson(count));
            scored(&sites(10_000), &incidents(10_000), "sites", runs, &more)
        }
        "rivers" => {
            let more = receptors("rivers", files::rivers_geojson(count.div_ceil(OF_RIVER)));
            scored(&sites(10_000), &incidents(10_000), "sites", runs, &more)
        }
        "cells" => surface(&incidents(100_000), count, runs),
        "draws" => {
            let more = with(&["--uncertainty", &full.to_string()]);
            scored(&sites(1_000), &incidents(100_000), "sites", runs, &more)
        }
        _ => {
            let more = with(&["--threads", &full.to_string()]);
            scored(&sites(10_000), &incidents(1_000_000), "sites,links", 3, &more)
        }
    }?;
    row.check = format!("{count} {}; {}", series.title, row.check);
    Some(row)
}

/// Draws a surface of about so many cells over the square of the world.
fn surface(incidents: &Path, cells: usize, runs: usize) -> Option<Row> {
    let side = format!("{:.0}m", 3.0e6 / (cells as f64).sqrt());
    watched(runs, |program, output| {
        std::fs::create_dir_all(output).expect("target/bench can be written to");
        let mut command = Command::new(program);
        command.arg("surface").arg("--incidents").arg(incidents).args(["--cell", &side]);
        command.args(["--bbox", "9.5,-11.5,36.5,15.5", "-o"]).arg(output.join("surface.tif"));
        command
    })
}

/// Scores the sites and incidents of W1.
pub fn end_to_end(size: Size, format: &str) -> Option<Row> {
    let (sites, incidents) = (size.of(100_000), size.of(1_000_000));
    let inputs = match format {
        "csv" => (files::sites_csv(sites), files::incidents_csv(incidents)),
        _ => (files::sites_geojson(sites), files::incidents_geojson(incidents)),
    };
    scored(&inputs.0, &inputs.1, "sites,links", 2, &[])
}

/// Scores the built-in case.
pub fn demo() -> Option<Row> {
    watched(3, |program, output| {
        let mut command = Command::new(program);
        command.arg("demo").arg("-o").arg(output);
        command
    })
}

fn scored(
    sites: &Path,
    incidents: &Path,
    layers: &str,
    runs: usize,
    more: &[String],
) -> Option<Row> {
    watched(runs, |program, output| {
        let mut command = Command::new(program);
        command.arg("score").arg("--sites").arg(sites).arg("--incidents").arg(incidents);
        command.args(more).args(["--layers", layers, "-o"]).arg(output);
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
