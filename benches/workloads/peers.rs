//! Programs of Python on the same work: `make bench PEERS=1`. `peers/run.py` runs one of them on the positions in files of
//! doubles, in an environment that `scripts/bench_peers.sh` makes.

use crate::files::made;
use crate::machine::folder;
use crate::measure::Spent;
use crate::world::Incident;
use serde::Deserialize;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tamarisk::earth::Position;

/// The programs, in the order of the table.
pub const NAMES: [&str; 4] = ["balltree", "geopandas", "duckdb", "sedonadb"];

/// Whether they are asked for.
pub fn wanted() -> bool {
    std::env::var("PEERS").is_ok_and(|peers| peers == "1")
}

/// What a program did.
#[derive(Debug, Deserialize)]
struct Told {
    /// Seconds for what is done once and for what is done for the sites, of each run.
    spent: Vec<[f64; 2]>,
    answer: String,
    peak_mb: f64,
    version: String,
}

/// The runs of a program.
pub struct Peer {
    pub spent: Vec<Spent>,
    pub answer: String,
    pub peak_mb: f64,
    pub version: String,
}

/// Runs a program; `None` if it is not one of these, or does not do this work.
pub fn run(who: &str, workload: &str, sites: &[Position], incidents: &[Incident]) -> Option<Peer> {
    if !NAMES.contains(&who) {
        return None;
    }
    let sites = doubles("sites", sites.len(), sites.iter().flat_map(|at| [at.lon(), at.lat()]));
    let numbers = incidents.iter().flat_map(|incident| {
        let at = incident.position;
        [at.lon(), at.lat(), f64::from(incident.severity)]
    });
    let incidents = doubles("incidents", incidents.len(), numbers);
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(here.join("target/venv-bench-peers/bin/python"))
        .arg(here.join("benches/workloads/peers/run.py"))
        .args([who, workload])
        .args([&sites, &incidents])
        .arg(rayon::current_num_threads().to_string())
        .stderr(Stdio::inherit())
        .output()
        .expect("scripts/bench_peers.sh makes the environment");
    if !output.status.success() {
        return None;
    }
    let told: Told = serde_json::from_slice(&output.stdout).expect("a program tells its runs");
    let spent = told.spent.iter().map(|[once, each]| Spent { once: *once, each: *each }).collect();
    Some(Peer { spent, answer: told.answer, peak_mb: told.peak_mb, version: told.version })
}

/// A file of little-endian doubles.
fn doubles(name: &str, count: usize, numbers: impl Iterator<Item = f64>) -> PathBuf {
    let _ = folder();
    made(&format!("{name}-{count}.f64"), |out| {
        let mut numbers = numbers;
        numbers.try_for_each(|number| out.write_all(&number.to_le_bytes()))
    })
}
