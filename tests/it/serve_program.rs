//! The program as a server, for tests: it is asked over real connections, and what it logs is kept.

use crate::cli::Folder;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The program, serving on a port of its own.
pub struct Served {
    pub child: Child,
    pub address: String,
    pub log: Arc<Mutex<Vec<String>>>,
    /// Its working folder.
    _folder: Folder,
}

pub struct Got {
    pub status: u16,
    pub head: String,
    pub text: String,
}

impl Served {
    /// Serves the built-in case.
    pub fn demo(more: &[&str]) -> Self {
        Self::of(Folder::new(), &[&["--demo"], more].concat())
    }

    pub fn of(folder: Folder, args: &[&str]) -> Self {
        let args = [&["serve", "--listen", "127.0.0.1:0"], args].concat();
        let mut command = folder.command(&args);
        let mut child = command.stdout(Stdio::null()).spawn().expect("the program runs");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let address = loop {
            let line = lines.next().expect("it serves").expect("UTF-8");
            if let Some(address) = line.strip_prefix("serving on http://") {
                break address.to_owned();
            }
        };
        let log = Arc::new(Mutex::new(Vec::new()));
        let of_thread = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                of_thread.lock().expect("a log").push(line);
            }
        });
        Self { child, address, log, _folder: folder }
    }

    pub fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
        let length = if body.is_empty() { 0 } else { body.len() };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n",
            self.address
        );
        stream.write_all(format!("{head}{body}").as_bytes()).expect("sent");
        stream
    }

    pub fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Got {
        Got::read(&mut self.send(method, path, headers, body))
    }

    pub fn get(&self, path: &str) -> Got {
        self.ask("GET", path, "", "")
    }

    pub fn execute(&self, process: &str, inputs: &Value) -> Got {
        let body = json!({"inputs": inputs}).to_string();
        let path = format!("/processes/{process}/execution");
        self.ask("POST", &path, "Content-Type: application/json\r\n", &body)
    }

    /// The lines of the log once there are so many.
    pub fn log(&self, many: usize) -> Vec<String> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let lines = self.log.lock().expect("a log").clone();
            if lines.len() >= many {
                return lines;
            }
            assert!(Instant::now() < until, "{lines:#?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Asks it to end and tells its exit code and how long that took.
    pub fn end(&mut self) -> (Option<i32>, Duration) {
        let begun = Instant::now();
        let id = self.child.id().to_string();
        let sent = std::process::Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.expect("kill").success());
        let code = self.child.wait().expect("an end").code();
        (code, begun.elapsed())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Got {
    pub fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        let all = String::from_utf8(bytes).expect("UTF-8");
        let (head, text) = all.split_once("\r\n\r\n").expect("a head");
        let status = head[9..12].parse().expect("a status");
        Self { status, head: head.to_lowercase(), text: text.to_owned() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// A route over 20 degrees, which takes a while in steps of 100 m.
const ROUTE: &str = r#"{"type": "Feature", "properties": {}, "geometry":
    {"type": "LineString", "coordinates": [[62.0, 28.0], [70.0, 30.0]]}}"#;
