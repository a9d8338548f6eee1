//! One run of wrk.

use crate::machine::folder;
use crate::settings::Settings;
use serde::Deserialize;
use std::path::PathBuf;
use std::process::Command;

/// Connections at a time.
pub const CONNECTIONS: usize = 16;

/// What came of a run.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Run {
    pub requests: usize,
    pub seconds: f64,
    pub bytes: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Answers with a status of 400 and more.
    pub refused: usize,
    /// Connections that could not be made or broke, and answers that did not come.
    pub broken: usize,
}

impl Run {
    /// Answers in a second; refusals are none.
    pub fn rate(&self) -> f64 {
        self.requests.saturating_sub(self.refused) as f64 / self.seconds
    }

    /// Two runs as one: all their requests, and the longer of their times.
    pub fn and(self, other: Self) -> Self {
        Self {
            requests: self.requests + other.requests,
            seconds: self.seconds + other.seconds,
            bytes: self.bytes + other.bytes,
            p50_ms: self.p50_ms.max(other.p50_ms),
            p99_ms: self.p99_ms.max(other.p99_ms),
            refused: self.refused + other.refused,
            broken: self.broken + other.broken,
        }
    }
}

/// The version of wrk; `None` if there is none.
pub fn version() -> Option<String> {
    let output = Command::new("wrk").arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(text.split_whitespace().nth(1).unwrap_or("of an unknown version").to_owned())
}

/// Asks addresses of a server for the time of the settings.
pub fn run(
    host: &str,
    addresses: &[String],
    headers: &[(String, String)],
    settings: &Settings,
) -> Run {
    let list = list(addresses);
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/serve/ask.lua");
    // wrk asks the address that it is given when the script has no more than one.
    let first = addresses.first().map_or("/", String::as_str);
    let mut wrk = Command::new("wrk");
    wrk.arg("-t1").arg(format!("-c{CONNECTIONS}")).arg(format!("-d{}s", settings.time.as_secs()));
    wrk.args(["--latency", "--timeout", "30s", "-s"]).arg(script);
    for (name, value) in headers {
        wrk.arg("-H").arg(format!("{name}: {value}"));
    }
    wrk.arg(format!("http://{host}{first}")).arg("--").arg(list);
    let output = wrk.output().expect("wrk can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    let told = text.lines().find(|line| line.starts_with('{'));
    let told = told.and_then(|line| serde_json::from_str(line).ok());
    told.unwrap_or_else(|| panic!("wrk: {text}{}", String::from_utf8_lossy(&output.stderr)))
}

/// Writes addresses for the script.
fn list(addresses: &[String]) -> PathBuf {
    let path = folder().join("serve/addresses.txt");
    std::fs::create_dir_all(folder().join("serve")).expect("target/bench can be written to");
    std::fs::write(&path, addresses.join("\n") + "\n").expect("target/bench can be written to");
    path
}
