//! Connections that stay open and ask nothing.

use crate::client::Client;
use std::time::Duration;

/// How many.
pub const IDLE: usize = 1000;

/// The open files that they take in this process at most, with those of the server that does nothing.
const FILES: usize = 2 * IDLE + 100;

/// Why they cannot be held; `None` if they can.
pub fn refused() -> Option<String> {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let soft: usize = line.split_whitespace().next()?.parse().ok()?;
    (soft < FILES)
        .then(|| format!("{soft} files may be open, {FILES} are needed: `ulimit -n {FILES}`"))
}

/// Connections that have each been answered once.
pub fn open(host: &str) -> std::io::Result<Vec<Client>> {
    let one = |_| {
        let mut client = Client::connect(host)?;
        client.ask("/health", &[])?;
        Ok(client)
    };
    (0..IDLE).map(one).collect()
}

/// How many of them the server has left open.
pub fn left(clients: &[Client]) -> usize {
    // What was closed has to arrive.
    std::thread::sleep(Duration::from_millis(20));
    clients.iter().filter(|client| client.is_open()).count()
}
