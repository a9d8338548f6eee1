//! The output of two cases is unchanged. For a small case, every file is in `tests/data/golden/small`; for the
//! built-in case, `tests/data/golden/demo.txt` has a digest of every line. `make bless` accepts an intended change,
//! and the diff then shows it in the commit.

use crate::cli::Folder;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/golden").join(name)
}

fn blessing() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// The first difference between two texts: the line, the column and both contents.
fn first_difference(before: &str, now: &str) -> String {
    let (mut old, mut new) = (before.lines(), now.lines());
    for line in 1..=before.lines().count().max(now.lines().count()) {
        let (a, b) = (old.next(), new.next());
        if a == b {
            continue;
        }
        let same = a.unwrap_or_default().chars().zip(b.unwrap_or_default().chars());
        let column = same.take_while(|(x, y)| x == y).count();
        let around = |text: Option<&str>| match text {
            None => "the text has ended".to_owned(),
            Some(text) => {
                text.chars().skip(column.saturating_sub(40)).take(100).collect::<String>()
            }
        };
        let at = format!("line {line}, column {}", column + 1);
        return format!("{at}\n  before: {}\n  now:    {}", around(a), around(b));
    }
    "only the ends of lines differ".to_owned()
}

#[test]
fn the_first_difference_of_two_texts_is_told_with_its_place() {
    let told = first_difference("a\n{\"x\":1.25}\n", "a\n{\"x\":1.26}\n");
    assert_eq!(told, "line 2, column 9\n  before: {\"x\":1.25}\n  now:    {\"x\":1.26}");
    assert!(
        first_difference("a\nb\n", "a\n").contains("line 2, column 1\n  before: b\n  now:    the")
    );
}

/// Compares texts with the golden ones of a folder, or writes them there.
fn hold(folder: &str, now: &BTreeMap<String, String>) {
    let place = golden(folder);
    if blessing() {
        std::fs::create_dir_all(&place).expect("a folder");
        for entry in std::fs::read_dir(&place).expect("a folder") {
            std::fs::remove_file(entry.expect("an entry").path()).expect("an old file");
        }
        for (name, text) in now {
            std::fs::write(place.join(name), text).expect("a file");
        }
        return;
    }
    let mut known: BTreeMap<String, String> = std::fs::read_dir(&place)
        .expect("golden files; make bless writes them")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).expect("a text"))
        })
        .collect();
    let mut wrong = String::new();
    for (name, text) in now {
        match known.remove(name) {
            Some(before) if before == *text => {}
            Some(before) => {
                writeln!(wrong, "{folder}/{name}: {}", first_difference(&before, text))
                    .expect("room");
            }
            None => writeln!(wrong, "{folder}/{name}: was not written before").expect("room"),
        }
    }
    for name in known.keys() {
        writeln!(wrong, "{folder}/{name}: is not written any more").expect("room");
    }
    assert!(wrong.is_empty(), "{wrong}If this is meant: make bless");
}

/// Three mines, five incidents, towns, a river, a protected area and earthquakes, with linked parts and across a
/// border.
fn small() -> Folder {
    let folder = Folder::with_mines();
    let sites = "id,name,lon,lat,group,part,position_accuracy_km,water_stress_ratio,tailings_class\n\
        dome,Dome,66.512,29.613,D,mine,1,0.7,high\n\
        camp,Dome camp,66.581,29.655,D,camp,1,,\n\
        ridge,Ridge,67.104,29.951,,mine,5,,\n\
        far,Far Valley,64.251,28.402,,mine,,,\n\
        over,Over the Border,61.4,29.9,,mine,1,,\n";
    let towns =
        "id,name,lon,lat,population\nt1,Upper Town,66.55,29.7,12000\nt2,Lower Town,67.3,29.9,800\n";
    let quakes = "id,date,lon,lat,magnitude,depth_km\nq1,2010-02-03,66.9,29.8,6.1,12\nq2,1935-05-31,66.4,28.9,7.7,17\n";
    let river = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"r","properties":{"name":"River"},
        "geometry":{"type":"LineString","coordinates":[[66.1,29.2],[66.6,29.58],[67.2,30.1]]}}]}"#;
    let area = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"p",
        "properties":{"name":"Park","iucn_category":"II"},"geometry":{"type":"Polygon","coordinates":
        [[[66.4,29.5],[66.6,29.5],[66.6,29.7],[66.4,29.7],[66.4,29.5]]]}}]}"#;
    folder
        .write("sites.csv", sites)
        .write("towns.csv", towns)
        .write("quakes.csv", quakes)
        .write("river.geojson", river)
        .write("park.geojson", area);
    folder
}

const INPUTS: [&str; 14] = [
    "-s",
    "sites.csv",
    "-i",
    "incidents.csv",
    "-r",
    "settlements=towns.csv",
    "-r",
    "rivers=river.geojson",
    "-r",
    "sensitive_areas=park.geojson",
    "-r",
    "earthquakes=quakes.csv",
    "--complete",
    "rivers,sensitive_areas,settlements",
];

#[test]
fn a_small_case_is_written_as_before_on_any_number_of_threads() {
    let folder = small();
    for threads in ["1", "2", "7"] {
        let to = ["--layers", "sites,rings,links,footprints,incidents", "--replace", "-o", "out"];
        folder.done(&[&["score", "-q", "--threads", threads][..], &INPUTS, &to].concat());
        let mut texts: BTreeMap<String, String> = folder
            .files("out")
            .into_iter()
            .filter(|(name, _)| name.ends_with(".geojson") || name == "rejects.csv")
            .map(|(name, bytes)| (name, String::from_utf8(bytes).expect("UTF-8")))
            .collect();
        let explain = ["explain", "dome", "--threads", threads];
        texts.insert("explain.txt".into(), folder.done(&[&explain[..], &INPUTS].concat()));
        texts.insert(
            "explain.json".into(),
            folder.done(&[&explain[..], &["--json"], &INPUTS].concat()),
        );
        hold("small", &texts);
    }
}

/// A digest of each line, eight hexadecimal digits, eight lines in one: where the first differs tells the line of the
/// file.
fn digests(name: &str, bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let mut out = format!("{name} {} bytes\n", bytes.len());
    let lines: Vec<&str> = text.lines().collect();
    for (eight, lines) in lines.chunks(8).enumerate() {
        write!(out, "{:>6}", eight * 8 + 1).expect("room");
        for line in lines {
            let hex = blake3::hash(line.as_bytes()).to_hex();
            write!(out, " {}", &hex[..8]).expect("room");
        }
        out.push('\n');
    }
    out
}

#[test]
fn the_built_in_case_is_written_as_before() {
    let folder = Folder::new();
    let layers = "sites,rings,links,footprints,incidents";
    folder.done(&["score", "--demo", "-q", "--surface", "--layers", layers, "-o", "out"]);
    let mut now = String::new();
    let mut files = folder.files("out");
    files.retain(|name, _| name.ends_with(".geojson") || name.ends_with(".csv"));
    for (name, bytes) in &files {
        now.push_str(&digests(name, bytes));
    }
    let place = golden("demo.txt");
    if blessing() {
        std::fs::write(place, now).expect("a file");
        return;
    }
    let before = std::fs::read_to_string(place).expect("golden digests; make bless writes them");
    if before == now {
        return;
    }
    // Of which file and which line the first digest that differs is.
    let (mut file, mut found) = ("", None);
    for (old, new) in before.lines().zip(now.lines()) {
        if !new.starts_with(' ') {
            file = new.split(' ').next().unwrap_or_default();
        }
        if old != new && new.starts_with(' ') {
            let same = old.split_whitespace().zip(new.split_whitespace());
            let at = same.skip(1).take_while(|(a, b)| a == b).count();
            let first: usize =
                new.split_whitespace().next().and_then(|n| n.parse().ok()).expect("n");
            found = Some(first + at);
            break;
        }
        if old != new && old.split(' ').next() != new.split(' ').next() {
            break;
        }
    }
    let text = files.get(file).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
    let line = found.and_then(|line| text.lines().nth(line - 1)).unwrap_or("is another file");
    let line: String = line.chars().take(400).collect();
    let at = found.map_or_else(String::new, |line| format!(", line {line}"));
    panic!("{file}{at}: is not as before; now {line}\nIf this is meant: make bless");
}
