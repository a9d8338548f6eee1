//! Runs the program as a user would: in a temporary folder, with files and arguments, and checks
//! its output, its exit code and the files it leaves.

use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The program.
pub const TAMARISK: &str = env!("CARGO_BIN_EXE_tamarisk");

/// A temporary folder to run in, removed after the test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A folder with three sites and five incidents in Balochistan.
    pub fn with_mines() -> Self {
        let folder = Self::new();
        folder.write("sites.csv", SITES).write("incidents.csv", INCIDENTS);
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.at(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, content).expect("a file");
        self
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.at(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Every file of a folder inside, hidden ones too.
    pub fn files(&self, inside: &str) -> BTreeMap<String, Vec<u8>> {
        let Ok(entries) = std::fs::read_dir(self.at(inside)) else { return BTreeMap::new() };
        entries
            .map(|entry| {
                let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
                let bytes = self.bytes(&format!("{inside}/{name}"));
                (name, bytes)
            })
            .collect()
    }

    /// Runs the program here.
    pub fn run(&self, args: &[&str]) -> Ended {
        Ended::of(&self.command(args).output().expect("the program runs"))
    }

    /// Runs the program here with something on standard input.
    pub fn run_fed(&self, args: &[&str], input: &[u8]) -> Ended {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().expect("the program runs");
        // A program that refuses its input may be gone before it has been given all of it.
        let _ = child.stdin.take().expect("piped").write_all(input);
        Ended::of(&child.wait_with_output().expect("the program ends"))
    }

    /// Runs the program here, which must succeed.
    pub fn done(&self, args: &[&str]) -> String {
        let ended = self.run(args);
        assert_eq!(ended.code, 0, "{args:?}: {}", ended.err);
        ended.out
    }

    /// What `--json` prints.
    pub fn answer(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.done(args)).expect("JSON")
    }

    /// The program with its arguments, not yet running.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(TAMARISK);
        command
            .args(args)
            .current_dir(self.path())
            .env_remove("NO_COLOR")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// A line of shell in which `tamarisk` is the program.
    pub fn shell(&self, line: &str) -> Ended {
        let folder = Path::new(TAMARISK).parent().expect("a folder").to_owned();
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(folder).chain(std::env::split_paths(&paths));
        let output = Command::new("sh")
            .args(["-c", line])
            .current_dir(self.path())
            .env("PATH", std::env::join_paths(paths).expect("a path"))
            .env_remove("NO_COLOR")
            .stdin(Stdio::null())
            .output()
            .expect("a shell");
        Ended::of(&output)
    }
}

/// The result of a run.
#[derive(Debug)]
pub struct Ended {
    /// The exit code, -1 for a signal.
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    pub fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout.clone()).expect("UTF-8"),
            err: String::from_utf8(output.stderr.clone()).expect("UTF-8"),
        }
    }
}

/// The features of a layer by their id.
pub fn features(layer: &Value) -> BTreeMap<String, Value> {
    let list = layer["features"].as_array().expect("features");
    let of = |feature: &Value| {
        let id = feature["id"].as_str().expect("a text id");
        (id.to_owned(), feature.clone())
    };
    list.iter().map(of).collect()
}

/// A property of every feature by its id.
pub fn column(layer: &Value, name: &str) -> BTreeMap<String, Value> {
    features(layer)
        .into_iter()
        .map(|(id, feature)| {
            let value = feature["properties"].get(name);
            (id, value.unwrap_or_else(|| panic!("no property {name}")).clone())
        })
        .collect()
}

pub const SITES: &str = "\
id,name,lon,lat
dome,Dome,66.512,29.613
ridge,Ridge,67.104,29.951
far,Far Valley,64.251,28.402
";

pub const INCIDENTS: &str = "\
id,date,lon,lat,country,event_type,fatalities,position_accuracy_km
i-1,2024-05-01,66.523,29.601,Pakistan,Battles,3,2
i-2,2024-06-30,67.251,29.802,Pakistan,Explosions/Remote violence,5,5
i-3,2023-01-15,66.954,30.203,Pakistan,Riots,0,2
i-4,2022-11-11,64.301,28.512,Pakistan,Violence against civilians,1,10
i-5,2024-02-02,67.003,29.901,Pakistan,Battles,,2
";

/// A deterministic sequence of pseudorandom numbers.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A whole number below a limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        // Knuth's constants for a linear congruential generator (TAOCP, volume 2).
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
