//! The program under load.

use crate::machine::memory_mb;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running `tamarisk serve`, ended when dropped.
pub struct Program {
    child: Child,
    /// Its address and port.
    pub host: String,
    /// The time from its start until it answers.
    pub ready: Duration,
}

/// The memory of a process in MB.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    pub now: f64,
    pub peak: f64,
}

/// How many lines of its log are shown; it could have one for each request.
const SHOWN: usize = 5;

impl Program {
    /// Starts it and waits until it says that it listens.
    pub fn start(served: &[OsString]) -> Self {
        let start = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_tamarisk"))
            .arg("serve")
            .args(served)
            .args(["--listen", "127.0.0.1:0", "--log", "errors"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let mut lines = BufReader::new(child.stderr.take().expect("it has an output")).lines();
        let host = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let host = line.trim().strip_prefix("serving on http://").map(str::to_owned);
            if host.is_none() && !line.trim().is_empty() {
                eprintln!("{line}");
            }
            host
        });
        let ready = start.elapsed();
        let Some(host) = host else {
            let _ = child.wait();
            panic!("`tamarisk serve` ended before it listened");
        };
        std::thread::spawn(move || {
            for (index, line) in lines.map_while(Result::ok).enumerate() {
                if index < SHOWN {
                    eprintln!("{line}");
                }
            }
        });
        Self { child, host, ready }
    }

    pub fn memory(&self) -> Memory {
        let of = |name| memory_mb(&self.child.id().to_string(), name).unwrap_or(0.0);
        Memory { now: of("VmRSS"), peak: of("VmHWM") }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
