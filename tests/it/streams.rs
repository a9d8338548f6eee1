//! Sites that are not held in memory but read, scored and written in chunks: the bytes equal those of holding
//! them all, and a run that fails half way leaves the folder unchanged.

use crate::cli::Folder;
use std::collections::BTreeMap;
use std::fmt::Write;
use tamarisk::earth::{Bounds, Position};
use tamarisk::run::{
    Cancel, Case, Delivered, Format, Inputs, LayerName, Request, Unwatched, Wanted, Watch, claim,
    deliver, perform,
};
use tamarisk::sources::{ReadOptions, Source};

const INCIDENTS: &str = "id,date,lon,lat,country,event_type,fatalities\n\
                         i1,2024-05-01,66.95,30.25,Pakistan,attack,3\n\
                         i2,2024-03-20,67.10,30.10,Pakistan,explosion,1\n\
                         i3,2023-03-20,62.10,29.10,Pakistan,armed clash,0\n";

/// Sites as a table of several parts: with ids that come again, without ids, with columns that are numbers until
/// near the end or but for a row that is set aside, and with a broken record at the end.
fn table() -> String {
    let note = "n".repeat(120);
    let mut text = String::from("id,name,lon,lat,ore,depth,open,note,late,aside\n");
    for at in 0..3000 {
        let id = match at {
            1700 => "s12".to_owned(),
            _ if at % 9 == 4 => String::new(),
            _ => format!("s{at}"),
        };
        let (lon, lat) = (60.0 + f64::from(at % 700) / 100.0, 27.0 + f64::from(at / 7) / 100.0);
        let late = if at == 2990 { "deep" } else { "7" };
        let (place, aside) = if at == 2000 { (999.0, "text") } else { (lat, "8") };
        let _ = writeln!(
            text,
            "{id},Mine {},{lon},{place},ore {},{at}.5,{},{note},{late},{aside}",
            at / 2,
            at % 4,
            at % 3 == 0
        );
        if at == 1500 {
            // The same record again.
            let last = text.lines().last().unwrap_or_default().to_owned();
            let _ = writeln!(text, "{last}");
        }
    }
    text + "broken,No place,,,,,,,,\n"
}

/// Sites as features: points, areas and lines, with a property that only the last of them have.
fn features() -> String {
    let feature = |at: usize| {
        let (x, y) = (60.0 + (at % 70) as f64 / 10.0, 28.0 + (at % 31) as f64 / 10.0);
        let geometry = match at % 5 {
            0 => format!(
                r#"{{"type":"Polygon","coordinates":[[[{x},{y}],[{},{y}],[{x},{}],[{x},{y}]]]}}"#,
                x + 0.1,
                y + 0.1
            ),
            1 => format!(r#"{{"type":"LineString","coordinates":[[{x},{y}],[{},{y}]]}}"#, x + 0.2),
            _ => format!(r#"{{"type":"Point","coordinates":[{x},{y}]}}"#),
        };
        let late = if at > 380 { format!(r#","late_{}":{at}"#, at % 2) } else { String::new() };
        format!(
            r#"{{"type":"Feature","properties":{{"id":"f{at}","ore":"{}"{late}}},"geometry":{geometry}}}"#,
            at % 3
        )
    };
    let all: Vec<String> = (0..400).map(feature).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, all.join(",\n"))
}

fn request(name: &str, sites: &str, most_held: Option<usize>) -> Request {
    let inputs = Inputs {
        sites: vec![Source::bytes(name, sites.as_bytes())],
        incidents: vec![Source::bytes("incidents.csv", INCIDENTS.as_bytes())],
        most_held,
        ..Inputs::default()
    };
    Request { inputs, ..Request::default() }
}

/// Runs a request into a folder.
fn run(
    request: &Request,
    wanted: &Wanted,
    folder: &Folder,
    watch: &dyn Watch,
    cancel: &Cancel,
) -> tamarisk::Result<(Case, Delivered)> {
    let stop = || cancel.is_raised();
    let output = claim(request, wanted, &folder.at("out"), false, &stop)?;
    let case = Case::open(request, watch, cancel)?;
    let delivered = deliver(request, &case, wanted, output, watch, cancel)?;
    Ok((case, delivered))
}

/// The complete result of a run as text: its files, its notes, and its summary.
fn told(request: &Request, wanted: &Wanted) -> (Case, BTreeMap<String, Vec<u8>>, String) {
    let folder = Folder::new();
    let (case, Delivered { written, overview }) =
        run(request, wanted, &folder, &Unwatched, &Cancel::new()).expect("a run");
    let worst: Vec<&str> = overview.worst.iter().map(|one| one.site.id.as_str()).collect();
    let missing = overview.missing_environment(&case);
    let names: Vec<&str> = written.files.iter().map(|file| file.name.as_str()).collect();
    let words = format!("{names:?} {:?} {worst:?} {} {missing:?}", written.notes, overview.scored);
    (case, folder.files("out"), words)
}

fn layers(names: &[LayerName]) -> Wanted {
    Wanted { layers: Some(names.iter().copied().collect()), ..Wanted::default() }
}

#[test]
fn the_bytes_are_the_same_however_many_sites_are_held() {
    let some = [LayerName::Sites, LayerName::Links, LayerName::Footprints, LayerName::Incidents];
    let (table, features) = (table(), features());
    for (name, sites) in [("sites.csv", &table), ("sites.geojson", &features)] {
        for wanted in [layers(&some), layers(&[LayerName::Sites])] {
            let (held, files, words) = told(&request(name, sites, None), &wanted);
            assert!(held.world.streamed.is_none());
            for most in [1, 7, 1000, 1 << 16] {
                let (case, now, said) = told(&request(name, sites, Some(most)), &wanted);
                let count = held.sites.list.len();
                let streamed = case.world.streamed.as_ref().map(|of| of.count());
                assert_eq!(streamed, (most < count).then_some(count), "{name}, {most} held");
                assert_eq!(said, words, "{name}, {most} held");
                for (file, bytes) in &files {
                    assert!(now.get(file) == Some(bytes), "{file} of {name}, {most} held");
                }
                assert_eq!(now.len(), files.len());
            }
        }
    }
    // What is not asked for but written anyway: rings of so many sites are not.
    let many: String = (0..10_001).map(|at| format!("m{at},66.9,{}\n", at % 80)).collect();
    let many = format!("id,lon,lat\n{many}");
    let all = Wanted::default();
    let (_, files, words) = told(&request("many.csv", &many, None), &all);
    let (case, now, said) = told(&request("many.csv", &many, Some(4000)), &all);
    assert!(case.world.streamed.is_some() && words.contains("rings not written"), "{words}");
    assert!(said == words && now == files, "{said}");
}

#[test]
fn the_parts_of_a_group_are_put_together_wherever_they_stand() {
    let mut sites = String::from("id,name,lon,lat,group,part,note\n");
    let note = "n".repeat(300);
    for at in 0..3000 {
        let (group, part) = match at {
            5 => ("g", "camp"),
            2950 => ("g", "mine"),
            _ => ("", ""),
        };
        let _ = writeln!(sites, "s{at},S {at},66.9,{},{group},{part},{note}", at % 80);
    }
    let late = sites.replace("s5,S 5,66.9,5,g,camp", "s5,S 5,66.9,5,,");
    let wanted = layers(&[LayerName::Sites]);
    for (sites, parts) in [(&sites, 1), (&late, 0)] {
        let (_, files, words) = told(&request("sites.csv", sites, None), &wanted);
        let (case, now, said) = told(&request("sites.csv", sites, Some(7)), &wanted);
        assert!(case.world.streamed.is_none(), "all are held");
        assert_eq!(case.sites.linked.iter().map(Vec::len).sum::<usize>(), parts);
        assert!(now == files && said == words);
    }
}

#[test]
fn what_needs_all_sites_holds_them_or_is_refused() {
    let table = table();
    // Several files, whose ids must be distinct, and inputs that can be read only once.
    let mut two = request("sites.csv", &table, Some(7));
    two.inputs.sites.push(Source::bytes("more.csv", &b"id,lon,lat\ns1,66.9,30.2\n"[..]));
    let case = Case::open(&two, &Unwatched, &Cancel::new()).expect("a case");
    assert!(case.world.streamed.is_none() && case.sites.list.len() > 2900);
    // A world without its sites says so wherever somebody asks for them.
    let mut boxed = request("sites.csv", &table, Some(7));
    let case = Case::open(&boxed, &Unwatched, &Cancel::new()).expect("a case");
    let error = perform(&case, &Unwatched, &Cancel::new()).expect_err("nobody holds them");
    assert!(error.to_string().contains("more sites than are held"), "{error}");
    boxed.rules.bbox = Bounds::around(
        [(60.0, 27.0), (70.0, 31.0)].into_iter().filter_map(|(x, y)| Position::from_degrees(x, y)),
    );
    let error = Case::open(&boxed, &Unwatched, &Cancel::new()).expect_err("a box");
    assert!(error.to_string().contains("box"), "{error}");
    let project = Wanted { project: true, ..layers(&[LayerName::Sites]) };
    let flat = Wanted { formats: [Format::FlatGeobuf].into(), ..Wanted::default() };
    for wanted in [project, flat, layers(&[LayerName::Rings])] {
        assert!(!wanted.streams());
        let folder = Folder::new();
        let request = request("sites.csv", &table, Some(7));
        let refused = run(&request, &wanted, &folder, &Unwatched, &Cancel::new());
        let error = refused.expect_err("it needs all sites");
        assert!(error.to_string().contains("need all sites in memory"), "{error}");
        assert!(folder.files("out").keys().all(|name| !name.ends_with("json")));
    }
}

/// A folder with the files of a run of few sites, and a file of many sites beside it.
fn folder_with(sites: &str) -> (Folder, BTreeMap<String, Vec<u8>>) {
    let folder = Folder::new();
    let old = request("sites.csv", "id,lon,lat\na,66.9,30.2\n", None);
    run(&old, &layers(&[LayerName::Sites]), &folder, &Unwatched, &Cancel::new()).expect("a run");
    let files = named(&folder);
    folder.write("sites.csv", sites);
    (folder, files)
}

/// The files of the output, but for the lock; none is a leftover.
fn named(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let files = folder.files("out");
    assert!(files.keys().all(|name| !name.ends_with(".part")), "{:?}", files.keys());
    files.into_iter().filter(|(name, _)| !name.starts_with('.')).collect()
}

fn on_disk(folder: &Folder) -> Request {
    let mut request = request("", "", Some(500));
    request.inputs.sites = vec![Source::path(folder.at("sites.csv"))];
    // The text stays in the file, so that it is read from there twice.
    request.inputs.read = ReadOptions::default();
    request.inputs.read.limits.held = 1 << 12;
    request
}

#[test]
fn a_file_that_is_damaged_at_its_end_leaves_the_folder_as_it_was() {
    let wanted = layers(&[LayerName::Sites]);
    let mut sites = table().into_bytes();
    sites.extend_from_slice(b"s9999,Caf\xe9,66.9,30.2,,,,,,\n");
    let (folder, old) = folder_with("");
    folder.write("sites.csv", &sites);
    let error = run(&on_disk(&folder), &wanted, &folder, &Unwatched, &Cancel::new())
        .expect_err("a byte that is not UTF-8");
    assert!(error.to_string().contains("sites.csv"), "{error}");
    assert!(error.to_string().contains("byte"), "{error}");
    assert!(named(&folder) == old, "the old files stand");
}

#[test]
fn a_file_that_changes_between_its_two_readings_is_refused() {
    let wanted = layers(&[LayerName::Sites]);
    let (folder, old) = folder_with(&table());
    let (request, cancel) = (on_disk(&folder), Cancel::new());
    let stop = || false;
    let output = claim(&request, &wanted, &folder.at("out"), false, &stop).expect("a folder");
    let case = Case::open(&request, &Unwatched, &cancel).expect("a case");
    assert!(case.world.streamed.is_some());
    folder.write("sites.csv", table().replace("ore 1", "ore 9"));
    let error =
        deliver(&request, &case, &wanted, output, &Unwatched, &cancel).expect_err("another file");
    assert!(error.to_string().contains("sites.csv: has changed"), "{error}");
    assert!(named(&folder) == old, "the old files stand");
}

/// Asks the run to stop once so many sites have been scored.
struct Stopping<'c>(&'c Cancel, std::sync::atomic::AtomicU64);

impl Watch for Stopping<'_> {
    fn stage(&self, what: &str, _: Option<u64>) {
        // Files that were read are steps of another stage.
        if what == "scoring" {
            self.1.store(1500, std::sync::atomic::Ordering::SeqCst);
        }
    }
    fn advance(&self, steps: u64) {
        let left = self.1.load(std::sync::atomic::Ordering::SeqCst);
        let next = if left == u64::MAX { left } else { left.saturating_sub(steps) };
        self.1.store(next, std::sync::atomic::Ordering::SeqCst);
        if next == 0 {
            self.0.raise();
        }
    }
}

#[test]
fn a_run_that_is_stopped_half_way_leaves_the_folder_as_it_was() {
    let wanted = layers(&[LayerName::Sites, LayerName::Links]);
    let (folder, old) = folder_with(&table());
    let cancel = Cancel::new();
    let watch = Stopping(&cancel, u64::MAX.into());
    let error = run(&on_disk(&folder), &wanted, &folder, &watch, &cancel).expect_err("stopped");
    assert_eq!(error.to_string(), "interrupted");
    assert!(named(&folder) == old, "the old files stand");
}

#[test]
fn the_program_streams_many_sites_and_a_disk_that_fills_up_leaves_the_old_files() {
    let folder = Folder::new();
    let sites: String = (0..66_000).map(|at| format!("m{at},66.9,{}\n", at % 80)).collect();
    folder
        .write("many.csv", format!("id,lon,lat\n{sites}"))
        .write("few.csv", "id,lon,lat\na,1,2\n");
    folder.write("incidents.csv", INCIDENTS);
    let line = "tamarisk score --incidents incidents.csv --layers sites -q --sites";
    let end = folder.shell(&format!("{line} few.csv -o out"));
    assert_eq!(end.code, 0, "{}", end.err);
    let old = named(&folder);
    let end = folder.shell(&format!("ulimit -f 40000; {line} many.csv -o out"));
    assert_eq!(end.code, 4, "{}", end.err);
    assert!(end.err.contains("sites.geojson"), "{}", end.err);
    assert!(named(&folder) == old, "the old files stand");
    // FlatGeobuf has an index, for which all sites are held.
    let end = folder
        .shell(&format!("{line} many.csv -o out && {line} many.csv --format geojson,fgb -o held"));
    assert_eq!(end.code, 0, "{}", end.err);
    assert!(folder.bytes("out/sites.geojson") == folder.bytes("held/sites.geojson"));
}
