//! The log on standard error. Coordinates of questions are secrets of those who ask: without being told to, it has the
//! path of a route in place of the address, and so neither parameters nor ids.

use super::settings::{Log as Form, Settings};
use hyper::Method;
use hyper::http::request::Parts;
use jiff::Timestamp;
use serde_json::json;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Lines that wait to be written at most. A reader of the log that stalls must not stall the server.
const WAITING: usize = 4096;

/// The log of a server. When it is dropped, what was said is written.
pub struct Log {
    form: Form,
    queries: bool,
    lines: Option<SyncSender<String>>,
    lost: AtomicU64,
    faults: AtomicU64,
    writer: Option<JoinHandle<()>>,
}

/// What was answered.
pub struct Entry<'a> {
    /// The method of the request.
    pub method: &'static str,
    /// The route's path; `-` if no route has the path.
    pub path: &'a str,
    /// The status; `None` if the client left before it.
    pub status: Option<u16>,
    /// The bytes of the body.
    pub bytes: u64,
    /// How long it took.
    pub took: Duration,
}

impl Log {
    /// A log as the settings say.
    pub fn new(settings: &Settings) -> Self {
        let (lines, waiting) = sync_channel(WAITING);
        let writer = std::thread::Builder::new().name("log".into()).spawn(move || write(&waiting));
        Self {
            form: settings.log,
            queries: settings.log_queries,
            lines: Some(lines),
            lost: AtomicU64::new(0),
            faults: AtomicU64::new(0),
            writer: writer.ok(),
        }
    }

    /// The address of a request as the log may have it; empty if it may not.
    pub fn address(&self, parts: &Parts) -> String {
        let whole = parts.uri.path_and_query().filter(|_| self.queries);
        whole.map_or_else(String::new, |whole| plain(whole.as_str()))
    }

    /// Writes a line for an answer.
    pub fn answered(&self, entry: &Entry<'_>) {
        let failed = entry.status.is_some_and(|status| status >= 500);
        let ms = entry.took.as_secs_f64() * 1e3;
        let Entry { method, path, status, bytes, .. } = entry;
        match self.form {
            Form::Errors if !failed => {}
            Form::Json => self.put(
                json!({
                    "time": time(), "method": method, "path": path, "status": status,
                    "bytes": bytes, "ms": (ms * 1e3).round() / 1e3,
                })
                .to_string(),
            ),
            Form::Text | Form::Errors => {
                let status = status.map_or_else(|| "left".to_owned(), |code| code.to_string());
                self.put(format!("{} {method} {path} {status} {bytes} {ms:.3}", time()));
            }
        }
    }

    /// Writes a line about the server itself.
    pub fn line(&self, text: &str) {
        self.put(self.said(text));
    }

    fn said(&self, text: &str) -> String {
        match self.form {
            Form::Json => json!({"time": time(), "message": text}).to_string(),
            Form::Text | Form::Errors => format!("{} {}", time(), plain(text)),
        }
    }

    /// Writes the cause of a fault of the program and returns the id under which it stands.
    pub fn fault(&self, cause: &str) -> String {
        let count = self.faults.fetch_add(1, Ordering::Relaxed);
        let id = format!("{:x}-{count}", std::process::id());
        self.line(&format!("fault {id}: {cause}"));
        id
    }

    fn put(&self, line: String) {
        let Some(lines) = &self.lines else { return };
        let lost = self.lost.swap(0, Ordering::Relaxed);
        let line = match lost {
            0 => line,
            _ => format!("{}\n{line}", self.said(&format!("{lost} lines were left out"))),
        };
        if let Err(TrySendError::Full(_)) = lines.try_send(line) {
            self.lost.fetch_add(lost + 1, Ordering::Relaxed);
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        drop(self.lines.take());
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// Writes lines until nobody has any more; those that wait go in one piece.
fn write(waiting: &Receiver<String>) {
    while let Ok(mut text) = waiting.recv() {
        text.push('\n');
        while text.len() < 1 << 16
            && let Ok(line) = waiting.try_recv()
        {
            text += &line;
            text.push('\n');
        }
        // Nothing can be done where even that fails.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

/// The methods that HTTP names; a client may make up others.
pub fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        Method::TRACE => "TRACE",
        Method::CONNECT => "CONNECT",
        _ => "-",
    }
}

/// A text on one line.
fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// The moment of a line, in UTC.
#[expect(clippy::disallowed_methods, reason = "no output depends on it")]
fn time() -> String {
    format!("{:.3}", Timestamp::now())
}
