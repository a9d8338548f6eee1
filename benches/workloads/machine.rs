//! Where results are kept, and what they were measured on.

use std::path::PathBuf;

/// Folder of results and generated data.
pub fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    std::fs::create_dir_all(&folder).expect("target/bench can be made");
    folder
}

/// Returns the name of the processor.
pub fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    name.unwrap_or("processor not told").to_owned()
}

/// Returns the version of a dependency in Cargo.lock.
pub fn version(name: &str) -> String {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"));
    let lock = lock.unwrap_or_default();
    let after = |name: &str| lock.rfind(&format!("name = \"{name}\"\n")).map(|at| &lock[at..]);
    let line = after(name).and_then(|text| text.lines().nth(1));
    line.and_then(|line| line.split('"').nth(1)).unwrap_or("?").to_owned()
}

/// Returns a line of the status of a process in MB, such as `VmHWM`, as long as it runs.
pub fn memory_mb(process: &str, name: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kb: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some((kb / 102.4).round() / 10.0)
}
