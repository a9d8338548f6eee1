//! Damaged files of every format, schemes and plans, checked against the properties of arbitrary bytes
//! (`properties`). A few thousand, the same each time; with `FUZZ_SECONDS`, for that long and with another seed. An
//! input that breaks a property is reduced and kept in `tests/data/regressions`, which every run checks again.

use crate::cli::Dice;
use crate::properties;
use crate::vectors::{GPX, KML, data, ods, rows_of_ods, shapefile, zip};
use crate::workbooks::book_bytes;
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tamarisk::scoring::Scheme;

const REGRESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/regressions");

/// Checks a property, named by the first word of a name as in `tests/data/regressions`.
fn ask(name: &str, bytes: &[u8], dice: &mut Dice) {
    let property = name.split(['.', '-']).next().unwrap_or_default();
    let (_, ending) = name.split_once('.').unwrap_or_default();
    match property {
        "file" => properties::file(&format!("f.{ending}"), bytes),
        "windows" => {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join(format!("w.{ending}"));
            for held in [0, 64 + dice.below(400), 64 + dice.below(4000)] {
                properties::windows(&path, held, bytes);
            }
        }
        "scheme" => properties::scheme(bytes),
        "plan" => properties::plan(bytes),
        "raster" => properties::raster(bytes),
        _ => panic!("{name} names no property"),
    }
}

fn breaks(name: &str, bytes: &[u8]) -> bool {
    catch_unwind(AssertUnwindSafe(|| ask(name, bytes, &mut Dice::new(1)))).is_err()
}

/// Reduces bytes that break the property by removing ever smaller stretches.
fn smaller(name: &str, bytes: &[u8]) -> Vec<u8> {
    let (mut bytes, mut step) = (bytes.to_vec(), bytes.len() / 2);
    let until = Instant::now() + Duration::from_secs(20);
    while step > 0 && Instant::now() < until {
        let mut at = 0;
        while at < bytes.len() && Instant::now() < until {
            let end = (at + step).min(bytes.len());
            let less = [&bytes[..at], &bytes[end..]].concat();
            if breaks(name, &less) {
                bytes = less;
            } else {
                at = end;
            }
        }
        step /= 2;
    }
    bytes
}

/// Checks a property of bytes and keeps them if they break it.
fn hold(name: &str, bytes: &[u8], dice: &mut Dice) {
    let begun = Instant::now();
    if catch_unwind(AssertUnwindSafe(|| ask(name, bytes, dice))).is_err() {
        let small = smaller(name, bytes);
        let small = if breaks(name, &small) { small } else { bytes.to_vec() };
        let hash = blake3::hash(&small).to_hex();
        let kept = name.replacen('.', &format!("-{}.", &hash[..8]), 1);
        let path = Path::new(REGRESSIONS).join(kept);
        std::fs::write(&path, small).expect("a regression");
        panic!("{name} breaks; the input is kept in {}", path.display());
    }
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(60), "{name} of {} bytes took {took:?}", bytes.len());
}

fn unpacked(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let packed = std::fs::read(data(name)).expect("a file");
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut bytes).expect("packed");
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("packs");
    encoder.finish().expect("packs")
}

/// Whole files to damage, each with the property and the ending of its format.
fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let read = |path: PathBuf| std::fs::read(path).expect("a file");
    let mut all = vec![
        ("file.gpkg", unpacked("vector/v.gpkg.gz")),
        ("file.sqlite", unpacked("vector/v.sqlite.gz")),
        ("file.fgb", read(data("vector/v.fgb"))),
        ("file.parquet", read(data("vector/v.parquet"))),
        ("file.parquet", read(data("vector/polygon.parquet"))),
        ("file.feather", read(data("vector/v.feather"))),
        ("file.gml", read(data("areas.gml"))),
        ("file.kml", KML.as_bytes().to_vec()),
        ("file.gpx", GPX.as_bytes().to_vec()),
        ("file.kmz", zip(&[("doc.kml", KML.as_bytes())])),
        ("file.ods", ods(&rows_of_ods())),
        ("plan.toml", include_bytes!("../../examples/batch.toml").to_vec()),
    ];
    let parts = shapefile();
    let members: Vec<(String, &[u8])> =
        parts.iter().map(|(ending, bytes)| (format!("areas.{ending}"), &bytes[..])).collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    all.push(("file.zip", zip(&members)));
    let header: &[&str] = &["id", "name", "lat", "lon", "date", "fatalities"];
    let rows: &[(u32, &[&str])] = &[
        (1, &["Mines of the west"]),
        (3, header),
        (4, &["1", "Pit", "29.125", "62.125", "2024-03-09", "3"]),
        (5, &["2", "Camp", "28.5", "66.6", "45000", "d=1.5"]),
    ];
    all.push(("file.xlsx", book_bytes(&[("S", rows, &["A1:C1"]), ("T", rows, &[])])));
    for folder in ["published", "suites/csv-spectrum/csvs", "suites/antimeridian/input", "qgis"] {
        let folder = if folder == "qgis" { data("../qgis") } else { data(folder) };
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|e| e.expect("an entry").path())
            .collect();
        paths.sort();
        for path in paths {
            let text = read(path.clone());
            let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            let names: &[&'static str] = match ending {
                "csv" => &["file.csv", "windows.csv", "file.csv.gz"],
                "tsv" => &["file.tsv"],
                "json" | "geojson" => &["file.geojson", "windows.geojson"],
                _ => &[],
            };
            for name in names {
                let packed = name.ends_with(".gz");
                all.push((name, if packed { gzip(&text) } else { text.clone() }));
            }
        }
    }
    for name in Scheme::built_in_names() {
        let scheme = Scheme::built_in(name).expect("known").expect("a scheme");
        all.push(("scheme.toml", scheme.to_toml().into_bytes()));
    }
    all
}

/// Tokens that tend to break parsers.
const WORDS: &[&[u8]] = &[
    b"\"",
    b"'",
    b",",
    b";",
    b"\t",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xf0\x9f\xa6\x80",
    b"-",
    b"-1",
    b"0",
    b"1e999",
    b"NaN",
    b"inf",
    b"180",
    b"-90.0000001",
    b"99999999999999999999",
    b"1e-320",
    b"9223372036854775808",
    b"2147483648",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"null",
    b"<",
    b"/>",
    b"&#0;",
    b"&lol;",
    b"<![CDATA[",
    b"POINT(",
    b"POLYGON EMPTY",
    b"2024-02-30",
    b"0000-00-00",
    b"-9999-01-01",
    b"EPSG:4326",
    b"EPSG:99999",
    b"id",
    b"lat",
    b"lon",
    b"geometry",
    b"29\xc2\xb030'",
    b"\xd9\xa1\xd9\xa2",
    b"=\n",
    b"[[regions]]",
    b"every = \"day\"",
    b"from = 0001-01-01",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
];

fn at(dice: &mut Dice, length: usize) -> usize {
    dice.below(length as u64 + 1) as usize
}

/// Bytes with some damage, with pieces of other bytes.
fn damaged(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(5) {
        let (from, room) = (at(dice, bytes.len()), at(dice, 64));
        let to = (from + room).min(bytes.len());
        match dice.below(9) {
            0 if from < bytes.len() => bytes[from] ^= 1 << dice.below(8),
            1 if from < bytes.len() => bytes[from] = dice.below(256) as u8,
            2 => drop(bytes.drain(from..to)),
            3 => {
                let piece = bytes[from..to].to_vec();
                let place = at(dice, bytes.len());
                bytes.splice(place..place, piece);
            }
            4 | 5 => {
                let word = WORDS[dice.below(WORDS.len() as u64) as usize];
                let over =
                    if dice.below(2) == 0 { from } else { (from + word.len()).min(bytes.len()) };
                bytes.splice(from..over, word.iter().copied());
            }
            6 => {
                let begin = at(dice, other.len());
                let piece = other[begin..(begin + room).min(other.len())].to_vec();
                bytes.splice(from..to, piece);
            }
            7 => bytes[from..to].fill(if dice.below(2) == 0 { 0 } else { 0xff }),
            8 if dice.below(8) == 0 => bytes.truncate(from),
            _ => {}
        }
    }
    bytes
}

/// An archive with one damaged member and correct checksums.
fn repacked(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let mut archive = ::zip::ZipArchive::new(std::io::Cursor::new(bytes)).ok()?;
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).ok()?;
        let (name, mut content) = (member.name().ok()?.into_owned(), Vec::new());
        member.read_to_end(&mut content).ok()?;
        members.push((name, content));
    }
    let which = dice.below(members.len() as u64) as usize;
    members[which].1 = damaged(&members[which].1, other, dice);
    let members: Vec<(&str, &[u8])> = members.iter().map(|(n, b)| (n.as_str(), &b[..])).collect();
    Some(zip(&members))
}

/// The most memory that this process has held.
///
/// # Units
/// Bytes; `None` if the system does not report it.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[test]
fn damaged_files_of_every_format_are_read_or_refused() {
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|s| s.parse::<u64>().ok());
    let seed = match seconds {
        None => 1,
        Some(_) => std::time::UNIX_EPOCH.elapsed().expect("a clock").as_secs(),
    };
    let until = Instant::now() + Duration::from_secs(seconds.unwrap_or(0));
    let (mut dice, seeds, mut asked) = (Dice::new(seed), seeds(), 0_u64);
    println!("dice thrown from {seed}");
    let rounds = if seconds.is_some() { usize::MAX } else { 12 };
    for _ in 0..rounds {
        for (name, bytes) in &seeds {
            let other = &seeds[dice.below(seeds.len() as u64) as usize].1;
            let archived = bytes.starts_with(b"PK") && dice.below(3) > 0;
            let bytes = archived
                .then(|| repacked(bytes, other, &mut dice))
                .flatten()
                .unwrap_or_else(|| damaged(bytes, other, &mut dice));
            hold(name, &bytes, &mut dice);
            asked += 1;
        }
        if seconds.is_some() && Instant::now() > until {
            break;
        }
    }
    println!("{asked} files were asked");
    // Alone in the process, which it is only when it runs for long.
    if let (Some(_), Some(most)) = (seconds, most_memory()) {
        println!("at most {} MiB were held", most >> 20);
        assert!(
            most < 1 << 30,
            "{most} bytes were held for files of at most a few hundred kilobytes"
        );
    }
}

#[test]
fn what_once_broke_a_property_no_longer_does() {
    for entry in std::fs::read_dir(REGRESSIONS).expect("tests/data/regressions") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name != "README.md" {
            ask(&name, &std::fs::read(&path).expect("a file"), &mut Dice::new(1));
        }
    }
}

/// Every supported format is covered by the properties.
#[test]
fn every_kind_of_file_is_damaged() {
    let seeds = seeds();
    for ending in [
        "csv", "tsv", "geojson", "xlsx", "ods", "gpkg", "sqlite", "fgb", "zip", "kml", "kmz",
        "gml", "gpx", "parquet", "feather",
    ] {
        let name = format!("file.{ending}");
        assert!(seeds.iter().any(|(seed, _)| *seed == name), "{name}");
    }
}
