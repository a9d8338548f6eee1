//! Properties of arbitrary bytes. Driven by cargo-fuzz (`fuzz/fuzz_targets`) and, with any compiler, by the tests in
//! `fuzz`.

#![allow(dead_code, reason = "each target asks one of them")]

use std::path::Path;
use tamarisk::Error;
use tamarisk::model::{Cells, Findings};
use tamarisk::run::batch::Plan;
use tamarisk::scoring::Scheme;
use tamarisk::sources::{
    GeoTiff, Limits, ReadOptions, Reader, Reading, Source, read_incidents, read_receptors,
    read_sites,
};

/// How much is read of an input of at most a few hundred kilobytes.
const LIMITS: Limits =
    Limits { file: 8 << 20, stream: 8 << 20, held: 16 << 20, unpacked: 64 << 20, ratio: 250 };

fn options() -> ReadOptions {
    ReadOptions { limits: LIMITS, ..ReadOptions::default() }
}

/// A message is one line that begins with what it is about.
fn message(name: &str, error: &Error) {
    let text = error.to_string();
    assert!(text.starts_with(name), "{text:?} does not begin with {name}");
    assert!(!text.contains('\n'), "{text:?} is more than a line");
}

/// Every record is used, set aside with a finding, or not selected.
fn adds_up<T>(name: &str, read: Result<Reading<T>, Error>) {
    match read {
        Err(error) => message(name, &error),
        Ok(reading) => {
            let kept = u64::try_from(reading.items.len()).expect("a count");
            assert_eq!(
                reading.read,
                kept + reading.set_aside + reading.left_out,
                "records in and out"
            );
            if let Some(error) = reading.refused {
                message(name, &error);
            }
        }
    }
}

/// A file of any bytes is read in each role, or refused in one line that begins with its name.
pub fn file(name: &str, bytes: &[u8]) {
    let source = Source::bytes(name, bytes);
    adds_up(name, read_sites(&source, &options()));
    adds_up(name, read_incidents(&source, &options()));
    adds_up(name, read_receptors(&source, None, &options()));
}

/// The complete result of a file's records, as text.
fn records(source: &Source, options: &ReadOptions) -> Result<String, String> {
    let reader = Reader::open(source, options).map_err(|error| error.to_string())?;
    let mut findings = Findings::default();
    let mut out = String::new();
    let mut seen = 0;
    let count = reader
        .for_each(&mut findings, &mut |record, names, _| {
            seen += 1;
            out.push_str(&format!("{names:?} {record:?}\n"));
            Ok(())
        })
        .map_err(|error| error.to_string())?;
    assert!(seen <= count.read, "{seen} records of {count:?}");
    findings.iter().for_each(|finding| out.push_str(&format!("{finding}\n")));
    out.push_str(&format!(
        "{count:?} {} {} {}",
        reader.description(),
        reader.hash(),
        reader.size()
    ));
    Ok(out)
}

/// A text read in parts from its file gives the same result as one held in memory. `path` is a location for the file,
/// whose extension names the format.
pub fn windows(path: &Path, held: u64, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("a file");
    let source = Source::path(path);
    let limits = |held| ReadOptions { limits: Limits { held, ..LIMITS }, ..ReadOptions::default() };
    assert_eq!(
        records(&source, &limits(held)),
        records(&source, &limits(u64::MAX)),
        "at {held} bytes"
    );
}

/// Bytes are a raster whose cells can be read, or are refused in one line. What is read is a number or none.
pub fn raster(bytes: &[u8]) {
    let options = ReadOptions { usual_crs: Some("EPSG:4326".into()), ..options() };
    let raster = match GeoTiff::open(&Source::bytes("r.tif", bytes), &options, 1 << 16) {
        Ok(raster) => raster,
        Err(error) => return message("r.tif", &error),
    };
    let [width, height] = raster.grid().size();
    for (column, row) in [(0, 0), (width / 2, height / 2), (width.saturating_sub(9), height - 1)] {
        let mut values = [0.0; 20];
        match raster.read(column, row, &mut values) {
            Ok(()) => assert!(values.iter().all(|value| !value.is_infinite()), "{values:?}"),
            Err(error) => message("r.tif", &error),
        }
    }
    if let Some(position) = raster.grid().position(0.5, 0.5) {
        let found = raster.grid().cell_at(position);
        assert!(found.is_none_or(|[column, row]| column < width && row < height));
    }
}

/// A text is a scheme, which can be written and read back, or is refused with its place.
pub fn scheme(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Scheme::from_toml(text, "s.toml") {
        // A line for each number that is out of its range.
        Err(error) => assert!(error.to_string().starts_with("s.toml"), "{error}"),
        Ok(scheme) => {
            let again =
                Scheme::from_toml(&scheme.to_toml(), "again.toml").expect("what it says of itself");
            assert_eq!(again.hash(), scheme.hash(), "read back");
            scheme.check();
        }
    }
}

/// A text is a plan or is refused in one line. No folder that exists is searched.
pub fn plan(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Plan::from_toml(text, "p.toml", Path::new("/nonexistent")) {
        Err(error) => message("", &error),
        Ok(plan) => {
            assert!(!plan.regions.is_empty() && !plan.schemes.is_empty(), "a plan without a frame");
        }
    }
}
