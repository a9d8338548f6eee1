//! What a hostile or broken client may send, and what must become of the server: over real connections, against the
//! real accept loop, with a few routes of the test's own beside the real ones.

mod bodies;
mod busy;
mod heads;

use super::answer::Answer;
use super::problem::Problem;
use super::routes::{self, Asked, Cost, Form, Route, Takes};
use super::server::{Shared, now};
use super::settings::{Log, Settings};
use super::snapshot::Snapshot;
use crate::run::Cancel;
use hyper::Method;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server in this process.
struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Arc<Cancel>,
    thread: Option<JoinHandle<()>>,
}

/// Settings with limits that a test can wait for.
fn settings() -> Settings {
    Settings {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        arrival: Duration::from_millis(700),
        deadline: Duration::from_millis(500),
        farewell: Duration::from_secs(5),
        log: Log::Errors,
        ..Settings::default()
    }
}

impl Server {
    fn start(settings: Settings) -> Self {
        let snapshot = Snapshot {
            title: "<b>Test</b>".to_owned(),
            rev: "0123456789abcdef".to_owned(),
            as_of: None,
            scheme: None,
            collections: Vec::new(),
            sets: Vec::new(),
            notes: Vec::new(),
            grounds: None,
        };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        let listener = runtime.block_on(super::listen::bind(settings.listen)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let settings = Settings { listen: address, ..settings };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("threads");
        let mut all = routes::all();
        all.extend(own_routes());
        let shared = Arc::new(Shared::with_routes(settings, snapshot, pool, all));
        let stop = Arc::new(Cancel::new());
        let (of_thread, flag) = (Arc::clone(&shared), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            runtime.block_on(super::listen::accept(listener, of_thread, &flag));
        });
        Self { address, shared, stop, thread: Some(thread) }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        stream
    }

    /// Sends bytes on a connection of their own.
    fn sent(&self, bytes: impl AsRef<[u8]>) -> TcpStream {
        let mut stream = self.connect();
        // A server that refuses the first bytes may be gone before the last.
        let _ = stream.write_all(bytes.as_ref());
        stream
    }

    /// The answer to bytes.
    fn answer(&self, bytes: impl AsRef<[u8]>) -> Got {
        Got::read(&mut self.sent(bytes))
    }

    /// The answer to a GET with further headers, each with its line break.
    fn get(&self, path: &str, headers: &str) -> Got {
        self.answer(self.request("GET", path, headers))
    }

    fn request(&self, method: &str, path: &str, headers: &str) -> String {
        format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.address)
    }

    /// Asks until the answer has a status.
    fn comes_to(&self, path: &str, status: u16) -> bool {
        (0..400).any(|_| {
            let same = self.get(path, "").status == status;
            if !same {
                std::thread::sleep(Duration::from_millis(25));
            }
            same
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.raise();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// An answer as it came.
#[derive(Debug)]
struct Got {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Got {
    /// Reads one answer: to the length that it names, or to the end of the connection.
    fn read(stream: &mut TcpStream) -> Self {
        Self::read_of(stream, false)
    }

    fn read_of(stream: &mut TcpStream, is_head: bool) -> Self {
        let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
        loop {
            if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&bytes[..at + 2]).into_owned();
                let status = head.get(9..12).and_then(|code| code.parse().ok()).expect("a status");
                let length = match is_head || status == 304 {
                    true => Some(0),
                    false => {
                        value(&head, "content-length").map(|text| text.parse().expect("a number"))
                    }
                };
                if length.is_some_and(|length: usize| bytes.len() >= at + 4 + length) {
                    return Self { status, head, body: bytes.split_off(at + 4) };
                }
            }
            match stream.read(&mut buffer).expect("an answer") {
                0 => panic!("the connection ended after {:?}", String::from_utf8_lossy(&bytes)),
                read => bytes.extend_from_slice(&buffer[..read]),
            }
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        value(&self.head, name)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    /// The code of a problem, which must come as one.
    fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let body = self.json();
        assert_eq!(body["status"], self.status, "{body}");
        body["type"]
            .as_str()
            .and_then(|text| text.strip_prefix("/problems/"))
            .expect("a type")
            .to_owned()
    }
}

fn value<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// How many questions were asked to stop.
static STOPPED: AtomicUsize = AtomicUsize::new(0);

/// How many slow questions have begun.
static BEGUN: AtomicUsize = AtomicUsize::new(0);

/// Routes that no server has: one that panics, one that never ends by itself, one that takes a body.
fn own_routes() -> Vec<Route> {
    let get = |path, cost, answer| Route {
        method: Method::GET,
        path,
        id: "own",
        says: "A route of a test",
        forms: &[Form::Only],
        media: "text/plain",
        params: &[],
        takes: None,
        cost,
        open: false,
        tagged: false,
        answer,
    };
    const TEXT: Takes = Takes { media: &["text/plain"], says: "Any text" };
    vec![
        get("/own/panic", Cost::Work, |_| panic!("at 62.05,29.12 in /secret/file")),
        get("/own/panic-free", Cost::Free, |_| panic!("at 62.05,29.12 in /secret/file")),
        get("/own/endless", Cost::Work, endless),
        get("/own/large", Cost::Free, |_| Ok(Answer::text("text/plain", vec![b'x'; 32 << 20]))),
        Route {
            method: Method::POST,
            takes: Some(TEXT),
            ..get("/own/length", Cost::Work, |asked| {
                Ok(Answer::text("text/plain", asked.body.len().to_string()))
            })
        },
    ]
}

fn endless(asked: &Asked<'_>) -> Result<Answer, Problem> {
    BEGUN.fetch_add(1, Ordering::SeqCst);
    while !asked.cancel.is_raised() {
        std::thread::sleep(Duration::from_millis(5));
    }
    STOPPED.fetch_add(1, Ordering::SeqCst);
    Ok(Answer::text("text/plain", "stopped"))
}
