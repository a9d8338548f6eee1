//! New data while clients page: no answer fails, each walk over the pages is of one state, and a file that is broken
//! leaves the old data in place. `TAMARISK_RELOADS` is the number of times that the file changes.

use crate::serve_ogc::{follow, link, list};
use crate::served::Server;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tamarisk::run::Cancel;
use tamarisk::serve::{Log, Open, Opened, Settings, read_folder, watched_in};

const CLIENTS: usize = 8;
const ITEMS: &str = "/collections/places/items";

/// How many features a state has: another number than the states before and after.
fn many(state: usize) -> usize {
    150 + 10 * (state % 7)
}

/// A layer whose features all have the number of their state.
fn layer(state: usize) -> String {
    let feature = |index: usize| {
        json!({
            "type": "Feature",
            "id": format!("p{index}"),
            "geometry": {"type": "Point", "coordinates": [index % 90, index % 45]},
            "properties": {"state": state, "index": index},
        })
    };
    let features: Vec<Value> = (0..many(state)).map(feature).collect();
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

/// A server of a folder that looks at its files often, until the flag is raised. Something is done after each reading.
fn start(folder: &Path, after: impl Fn() + Send + Sync + 'static, stop: &'static Cancel) -> Server {
    let folder = folder.to_owned();
    let open: Open = Box::new(move |cancel| {
        let snapshot = read_folder(&folder, cancel)?;
        after();
        Ok(Opened { snapshot, watched: watched_in(&folder) })
    });
    let settings = Settings {
        watch: Some(Duration::from_millis(20)),
        log: Log::Errors,
        ..Settings::default()
    };
    Server::start(open, settings, stop)
}

/// The state of all features, page by page, in the way that a client goes; each page is of the same state.
fn walk(server: &Server, states: &Mutex<BTreeMap<String, usize>>) -> usize {
    let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
    let mut answer = server.get(&format!("{ITEMS}?limit=23"));
    loop {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let page = answer.json();
        for feature in list(&page, "features") {
            let of = |name: &str| {
                let number = feature["properties"][name].as_u64().expect("a number");
                usize::try_from(number).expect("small")
            };
            assert!(seen.insert(of("index")), "a feature is on two pages");
            found.insert(of("state"));
        }
        assert_eq!(found.len(), 1, "pages of several states: {found:?}");
        let state = found.first().copied().expect("a state");
        assert_eq!(page["numberMatched"], many(state));
        // The tag begins with the state of the data.
        let tag = answer.headers["etag"].trim_matches('"').to_owned();
        let rev = tag.split('-').next().expect("a rev").to_owned();
        let known = *states.lock().expect("a map").entry(rev).or_insert(state);
        assert_eq!(known, state, "one rev, two states");
        match link(&page, "next", None) {
            Some(next) => answer = follow(server, next),
            None => break,
        }
    }
    let state = found.first().copied().expect("a state");
    assert_eq!(seen.len(), many(state), "each feature once");
    state
}

/// Waits until something is so.
fn until(what: &str, is: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}: not within a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Writes a file whole and puts it in its place.
fn put(path: &Path, text: &str) {
    let beside: PathBuf = path.with_extension("new");
    std::fs::write(&beside, text).expect("written");
    std::fs::rename(&beside, path).expect("in place");
}

#[test]
fn clients_that_page_while_the_data_change_see_one_state_each() {
    let rounds = std::env::var("TAMARISK_RELOADS").map_or(20, |text| text.parse().expect("many"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("places.geojson");
    put(&path, &layer(0));
    let stop: &'static Cancel = Box::leak(Box::default());
    let server = Arc::new(start(folder.path(), || {}, stop));
    let states = Arc::new(Mutex::new(BTreeMap::new()));
    let over = Arc::new(AtomicBool::new(false));
    let walks: Arc<[AtomicUsize; CLIENTS]> = Arc::default();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (server, states) = (Arc::clone(&server), Arc::clone(&states));
            let (over, walks) = (Arc::clone(&over), Arc::clone(&walks));
            std::thread::spawn(move || {
                let mut last = 0;
                while !over.load(Ordering::SeqCst) {
                    let state = walk(&server, &states);
                    assert!(state >= last, "the data went back from {last} to {state}");
                    last = state;
                    walks[client].fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let health = || server.get("/health").json();
    // Two former states are held, so that a walk that was begun before a change can end after it.
    let all_walk = || {
        let before: Vec<usize> = walks.iter().map(|of| of.load(Ordering::SeqCst)).collect();
        until("every client walks", || {
            let alive = clients.iter().all(|client| !client.is_finished());
            assert!(alive, "a client failed");
            walks.iter().zip(&before).all(|(of, before)| of.load(Ordering::SeqCst) > *before + 1)
        });
    };
    let mut refusals = 0;
    for state in 1..=rounds {
        if state % 5 == 0 {
            let before = health();
            let whole = layer(state);
            put(&path, &whole[..whole.len() / 2]);
            until("a broken file is refused", || health()["refused"].is_string());
            let after = health();
            assert_eq!((&after["status"], &after["rev"]), (&json!("old data"), &before["rev"]));
            let why = after["refused"].as_str().expect("a reason");
            assert!(why.contains("places"), "the reason names the file: {why}");
            assert_eq!(walk(&server, &states), state - 1);
            all_walk();
            refusals += 1;
        }
        match state % 2 {
            0 => put(&path, &layer(state)),
            _ => std::fs::write(&path, layer(state)).expect("written"),
        }
        until("the new data are served", || walk(&server, &states) == state);
        assert_eq!((&health()["refused"], &health()["status"]), (&Value::Null, &json!("ok")));
        all_walk();
    }
    over.store(true, Ordering::SeqCst);
    for client in clients {
        client.join().expect("a client without a failed answer");
    }
    stop.raise();
    assert_eq!(refusals, rounds / 5);
    assert_eq!(states.lock().expect("a map").len(), rounds + 1, "a rev for each state");
    let all: usize = walks.iter().map(|of| of.load(Ordering::SeqCst)).sum();
    println!("{rounds} changes, {refusals} broken files, {all} walks of {CLIENTS} clients");
}

#[test]
fn a_file_that_changes_while_it_is_read_is_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("places.geojson");
    put(&path, &layer(0));
    let (readings, of_reading) = (AtomicUsize::new(0), path.clone());
    // The first reading and the second one are of a file that has changed at their end.
    let after = move || match readings.fetch_add(1, Ordering::SeqCst) {
        0 => put(&of_reading, &layer(1)),
        1 => std::fs::write(&of_reading, layer(2)).expect("written"),
        _ => {}
    };
    let stop: &'static Cancel = Box::leak(Box::default());
    let server = start(folder.path(), after, stop);
    let states = Mutex::default();
    until("the last state is served", || walk(&server, &states) == 2);
    stop.raise();
}
