//! The program as a server: how it ends, what its log tells and does not, its description and its pages.
//! What hostile clients send is in `src/serve/attacks`.

use crate::cli::Folder;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The program, serving on a port of its own.
pub struct Served {
    child: Child,
    address: String,
    log: Arc<Mutex<Vec<String>>>,
    /// Its working folder.
    _folder: Folder,
}

/// An answer.
pub struct Got {
    pub status: u16,
    /// In lower case.
    pub head: String,
    pub text: String,
}

impl Served {
    /// Serves the built-in case.
    pub fn demo(more: &[&str]) -> Self {
        Self::of(Folder::new(), &[&["--demo"][..], more].concat())
    }

    pub fn of(folder: Folder, args: &[&str]) -> Self {
        let args = [&["serve", "--listen", "127.0.0.1:0"][..], args].concat();
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

    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
        let length = body.len();
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
    fn log(&self, many: usize) -> Vec<String> {
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
    fn end(&mut self) -> (Option<i32>, Duration) {
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
    fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        // Not all bodies are text.
        let all = String::from_utf8_lossy(&bytes).into_owned();
        let (head, text) = all.split_once("\r\n\r\n").expect("a head");
        let status = head[9..12].parse().expect("a status");
        Self { status, head: head.to_lowercase(), text: text.to_owned() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// A route over 8 degrees, which takes a while in short steps.
pub const ROUTE: &str = r#"{"type": "Feature", "properties": {}, "geometry":
    {"type": "LineString", "coordinates": [[62.0, 28.0], [70.0, 30.0]]}}"#;

#[cfg(unix)]
#[test]
fn a_server_that_is_asked_to_end_finishes_what_is_under_way() {
    let mut served = Served::demo(&["--log", "json", "--timeout", "60s"]);
    let headers = "Content-Type: application/geo+json\r\n";
    let mut streams: Vec<TcpStream> = (0..3)
        .map(|_| served.send("POST", "/corridor?step=200m&within=50km", headers, ROUTE))
        .collect();
    // Under way, and not yet answered.
    let asked = || served.get("/metrics").text.contains("tamarisk_in_flight 4");
    assert!((0..500).any(|_| asked()), "the questions have begun");
    let (code, took) = served.end();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(12), "{took:?}");
    for stream in &mut streams {
        let got = Got::read(stream);
        assert_eq!(got.status, 200, "{}", got.text);
        assert!(got.json()["routes"].is_array(), "a whole answer");
    }
    assert!(TcpStream::connect(&served.address).is_err());
}

#[test]
fn the_log_has_no_coordinate_and_no_id() {
    let served = Served::demo(&["--log", "json"]);
    let site = "PK-S001";
    for path in [
        "/near?at=66.9123,30.2456&within=10km",
        "/risk?at=66.9123,30.2456&name=Secret%20Camp",
        "/explain/PK-S001?most=1",
        "/collections/sites/items/PK-S001",
        "/nothing/66.9123,30.2456",
        "/near?at=66.9123,30.2456,1",
        "/risk/?at=66.9123,30.2456&f=html",
    ] {
        served.get(path);
    }
    served.ask(
        "POST",
        "/near",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "at=66.9123,30.2456",
    );
    served.execute("risk", &json!({"at": [66.9123, 30.2456], "name": "Secret Camp"}));
    let places = "id,name,lon,lat\nhidden,Secret Camp,66.9123,30.2456\n";
    served.ask("POST", "/rank", "Content-Type: text/csv\r\n", places);
    served.ask("X66.9123", "/", "", "");
    let log = served.log(11);
    for line in &log {
        for secret in ["66.9123", "30.2456", "Secret", "hidden", site] {
            assert!(!line.contains(secret), "{line}");
        }
        let line: Value = serde_json::from_str(line).expect("a line of JSON");
        for member in ["time", "method", "path", "status", "bytes", "ms"] {
            assert!(line.get(member).is_some(), "{line}: {member}");
        }
    }
    let paths: Vec<String> = log
        .iter()
        .map(|line| {
            serde_json::from_str::<Value>(line).expect("JSON")["path"]
                .as_str()
                .expect("a path")
                .to_owned()
        })
        .collect();
    assert!(paths.contains(&"/explain/{site}".to_owned()), "{paths:?}");
    assert!(paths.contains(&"/collections/{collection}/items/{feature}".to_owned()), "{paths:?}");
    assert!(paths.contains(&"-".to_owned()), "{paths:?}");
    let metrics = served.get("/metrics").text;
    for secret in ["66.9123", "30.2456", "Secret", "hidden", site] {
        assert!(!metrics.contains(secret), "{metrics}");
    }
    assert!(
        metrics.contains("tamarisk_requests_total{route=\"risk\",status=\"2xx\"} 2"),
        "{metrics}"
    );
    assert!(metrics.ends_with("# EOF\n"));
}

#[test]
fn the_log_has_addresses_if_it_is_told_to() {
    let served = Served::demo(&["--log-queries"]);
    served.get("/near?at=66.9123,30.2456");
    let line = served.log(1).remove(0);
    assert!(line.contains(" GET /near?at=66.9123,30.2456 200 "), "{line}");
}

/// A server of three mines, one with markup for its name, which all tests of texts share.
fn hostile() -> Served {
    let folder = Folder::new();
    folder
        .write("sites.csv", "id,name,lon,lat\n\"a\"\"><script>\",<script>alert(1)</script>,66.9,30.2\nb,javascript:alert(1),66.1,30.1\n")
        .write("incidents.csv", "id,date,lon,lat,country,event_type,fatalities\n<img src=x onerror=alert(1)>,2024-05-01,66.8,30.1,Pakistan,Battles,3\n");
    Served::of(folder, &["--sites", "sites.csv", "--incidents", "incidents.csv"])
}

#[test]
fn markup_in_data_and_questions_is_shown_as_text() {
    let served = hostile();
    let script = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let mut pages = 0;
    for path in [
        "/collections/sites/items?f=html".to_owned(),
        "/collections/sites/items/a%22%3E%3Cscript%3E?f=html".to_owned(),
        "/collections/incidents/items?f=html".to_owned(),
        format!("/risk?at=66.9,30.2&name={script}&f=html"),
        format!("/{script}?f=html"),
        format!("/collections/{script}/items?f=html"),
        format!("/near?at={script}&f=html"),
        format!("/problems/{script}?f=html"),
        format!("/processes/{script}?f=html"),
        format!("/?{script}=1&f=html"),
    ] {
        let got = served.get(&path);
        assert!(
            got.head.contains("content-type: text/html; charset=utf-8"),
            "{path}: {}",
            got.head
        );
        assert!(got.head.contains("content-security-policy: default-src 'none'"), "{path}");
        let text = got.text.to_lowercase();
        for markup in ["<script", "<img", "javascript:alert(1)\"", "style=", "onerror=alert(1)>"] {
            assert!(!text.contains(markup), "{path}: {}", got.text);
        }
        pages += usize::from(text.contains("&lt;script&gt;"));
    }
    assert!(pages >= 7, "the texts are there, as texts: {pages}");
}

#[test]
fn every_page_of_an_address_is_a_whole_page() {
    let served = Served::demo(&[]);
    for (path, shows) in [
        ("/", "<h1>Mines of Pakistan</h1>"),
        ("/collections", "sites"),
        ("/collections/sites/items?limit=3", "<th scope=\"col\">"),
        ("/collections/sites/items/PK-S001", "<th scope=\"row\">"),
        ("/explain/PK-S001", "<th scope=\"row\">security</th>"),
        ("/near?at=66.9,30.2", "<ol>"),
        ("/api", "GET /collections/{collection}/items"),
        ("/processes", "corridor"),
        ("/processes/risk", "accuracy"),
        ("/problems", "The server is busy"),
        ("/problems/too-many", "Try again after a second."),
        ("/health", "version"),
        ("/nothing", "There is nothing at this path"),
    ] {
        let got =
            served.ask("GET", path, "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n", "");
        let text = &got.text;
        assert!(got.head.contains("content-type: text/html"), "{path}: {}", got.head);
        assert!(text.starts_with("<!doctype html>\n<html lang=\"en\">"), "{path}");
        assert!(text.ends_with("</html>\n") && text.contains(shows), "{path}: {text}");
        for once in ["<h1>", "<main>", "<title>"] {
            assert_eq!(text.matches(once).count(), 1, "{path}: {once}");
        }
        // Elements are closed in the order of their opening.
        let mut open = Vec::new();
        for tag in text.split('<').skip(2).filter_map(|rest| rest.split(['>', ' ', '\n']).next()) {
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name), "{path}"),
                None if ["meta", "link", "br"].contains(&tag) => {}
                None => open.push(tag),
            }
        }
        assert!(open.is_empty(), "{path}: {open:?}");
        assert!(!text.contains("<script") && !text.contains("style="), "{path}");
    }
    // Links lead somewhere.
    let page = served.get("/collections/sites/items?limit=2&f=html").text;
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let base = format!("http://{}", served.address);
    let mut count = 0;
    for link in links {
        let path = link.strip_prefix(&base).unwrap_or(link).replace("&amp;", "&");
        assert_eq!(served.get(&path).status, 200, "{link}");
        count += 1;
    }
    assert!(count >= 5, "{page}");
}

#[test]
fn the_description_has_every_path_and_what_the_standard_asks() {
    let served = Served::demo(&[]);
    let (older, newer) = (served.get("/api"), served.get("/api?f=3.1"));
    assert!(older.head.contains("content-type: application/vnd.oai.openapi+json;version=3.0"));
    assert!(newer.head.contains("content-type: application/vnd.oai.openapi+json;version=3.1"));
    let by_header =
        served.ask("GET", "/api", "Accept: application/vnd.oai.openapi+json;version=3.1\r\n", "");
    assert_eq!(by_header.text, newer.text);
    let (older, newer) = (older.json(), newer.json());
    assert_eq!((&older["openapi"], &newer["openapi"]), (&json!("3.0.3"), &json!("3.1.0")));
    assert_eq!(older["paths"], newer["paths"]);
    let items = &older["paths"]["/collections/{collectionId}/items"]["get"]["parameters"];
    let param = |name: &str| {
        let mut all = items.as_array().expect("a list").iter();
        all.find(|one| one["name"] == name).expect("a parameter")
    };
    // The length of pages is where QGIS looks for it, and has no maximum: more is capped, not refused.
    let limit = &older["components"]["parameters"]["limit"];
    assert_eq!(limit["schema"], json!({"type": "integer", "minimum": 1, "default": 1000}));
    assert_eq!(
        (&limit["in"], &limit["style"], &limit["explode"], &limit["required"]),
        (&json!("query"), &json!("form"), &json!(false), &json!(false))
    );
    let bbox = param("bbox");
    assert_eq!(
        bbox["schema"],
        json!({"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}})
    );
    assert_eq!((&bbox["style"], &bbox["explode"]), (&json!("form"), &json!(false)));
    // Every reference leads to something, every id is its own, every part of a path is described.
    let mut ids = Vec::new();
    for (path, operations) in older["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            ids.push(operation["operationId"].as_str().expect("an id").to_owned());
            let named = path.matches('{').count();
            let of_path = operation["parameters"]
                .as_array()
                .expect("a list")
                .iter()
                .filter(|one| one["in"] == "path");
            assert_eq!(of_path.count(), named, "{method} {path}");
            for (status, response) in operation["responses"].as_object().expect("responses") {
                let Some(to) = response["$ref"].as_str() else { continue };
                assert!(older.pointer(&to[1..]).is_some(), "{path} {status}: {to}");
            }
            // What the description knows, the server knows.
            assert_ne!(
                served.ask(&method.to_uppercase(), &path.replace(['{', '}'], ""), "", "").status,
                405,
                "{method} {path}"
            );
        }
    }
    let many = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), many, "{ids:?}");
    assert!(many > 15, "{ids:?}");
}
