//! How the server listens, whom it answers and how long.

use std::net::SocketAddr;
use std::time::Duration;

/// The settings of a server.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Hosts that requests may name, besides those of the address itself.
    pub hosts: Vec<String>,
    /// The address under which clients reach it, without a slash at its end; by default the host that they name.
    pub public_url: Option<String>,
    /// What a client must show to see data.
    pub token: Option<String>,
    /// The number of features on a page that asks for no number.
    pub limit_default: usize,
    /// The largest number of features on a page.
    pub limit_most: usize,
    /// The number of requests that are answered at once.
    pub in_flight: usize,
    /// The number of connections that are open at once.
    pub connections: usize,
    /// How long an answer may take.
    pub deadline: Duration,
    /// How long the head of a request may take to arrive, after that its body, and how long a client may take none of
    /// its answer.
    pub arrival: Duration,
    /// How long requests under way have once the server is asked to stop.
    pub farewell: Duration,
    /// How often the inputs are looked at for changes; `None` for never.
    pub watch: Option<Duration>,
    /// The most bytes of the vector tiles that are held.
    pub tile_memory: usize,
    /// The form of the log.
    pub log: Log,
    /// Whether the log has the parameters of questions, which may hold coordinates.
    pub log_queries: bool,
}

/// The form of the log on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// A line of text for each request.
    Text,
    /// A line of JSON for each request.
    Json,
    /// Nothing but errors.
    Errors,
}

/// The largest body of a request in bytes.
pub const MOST_BODY: usize = 1 << 20;

/// The longest address in bytes.
pub const MOST_ADDRESS: usize = 8 << 10;

/// The most bytes of all headers of a request.
pub const MOST_HEADERS: usize = 16 << 10;

/// The most bytes of a request's head that are read: past the two limits above, so that who is over one is told which.
pub const MOST_HEAD: usize = 64 << 10;

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8765)),
            hosts: Vec::new(),
            public_url: None,
            token: None,
            limit_default: 1000,
            limit_most: 10_000,
            in_flight: 64,
            connections: 1024,
            deadline: Duration::from_secs(10),
            arrival: Duration::from_secs(10),
            farewell: Duration::from_secs(10),
            watch: Some(Duration::from_secs(2)),
            tile_memory: 64 << 20,
            log: Log::Text,
            log_queries: false,
        }
    }
}
