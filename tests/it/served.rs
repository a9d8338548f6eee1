//! A server for tests, on a port of its own, and the little of HTTP that asks it.

use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{OnceLock, mpsc};
use tamarisk::run::{self, Cancel, Ground, Unwatched};
use tamarisk::serve::{Log, Open, Opened, Settings, Snapshot, serve};

/// A server that answers.
pub struct Server {
    pub address: SocketAddr,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Server {
    /// The server of the built-in case, one for all tests.
    pub fn demo() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(|| {
            let open: Open = Box::new(|cancel| {
                let ground = Ground::open(run::demo(), &Unwatched, cancel)?;
                let snapshot = Snapshot::live("Demo".to_owned(), ground, &Unwatched, cancel)?;
                Ok(Opened { snapshot, watched: Vec::new() })
            });
            Self::start(
                open,
                Settings { watch: None, ..Settings::default() },
                Box::leak(Box::default()),
            )
        })
    }

    /// Starts a server that ends when the flag is raised.
    pub fn start(open: Open, settings: Settings, stop: &'static Cancel) -> Self {
        let (tell, told) = mpsc::channel();
        let settings = Settings {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            log: Log::Errors,
            ..settings
        };
        std::thread::spawn(move || {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("threads");
            let started = move |address| tell.send(address).expect("a test that waits");
            serve(open, settings, pool, started, stop).expect("a server");
        });
        Self { address: told.recv().expect("an address") }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, media: &str, body: &str) -> Answer {
        self.ask("POST", path, &[("Content-Type", media)], body.as_bytes())
    }

    /// Asks on a connection of its own.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        stream.write_all(body).expect("sent");
        let mut all = Vec::new();
        stream.read_to_end(&mut all).expect("an answer");
        parsed(&all)
    }
}

/// The parts of an answer whose body is not in chunks.
pub fn parsed(all: &[u8]) -> Answer {
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8(all[..end].to_vec()).expect("UTF-8");
    assert!(head.starts_with("HTTP/1.1 "), "{head}");
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
    let headers = lines.filter_map(|line| line.split_once(": "));
    Answer {
        status: status.parse().expect("a number"),
        headers: headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(),
        body: all[end + 4..].to_vec(),
    }
}
