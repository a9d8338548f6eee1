//! Runs that are interrupted, compete with others or lack resources: the output folder keeps its old
//! files, or has complete new ones.

#![cfg(unix)]

use crate::cli::{Ended, Folder};
use crate::cli_ends::signal;
use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

type Files = BTreeMap<String, Vec<u8>>;

const OLD: [&str; 5] = ["score", "--demo", "--as-of=2025-12-31", "-o", "out"];
const NEW: [&str; 6] = ["score", "--demo", "--as-of=2026-12-31", "--bbox=60,25,69,31", "-o", "out"];

/// A folder with the outputs of one run, and the outputs that another run would write there.
fn written() -> (Folder, Files, Files) {
    let folder = Folder::new();
    folder.done(&[&NEW[..5], &["other"]].concat());
    folder.done(&OLD);
    let (old, new) = (folder.files("out"), folder.files("other"));
    assert_eq!(old.keys().collect::<Vec<_>>(), new.keys().collect::<Vec<_>>());
    for (name, bytes) in &old {
        // What was found wrong does not depend on the date.
        assert!(bytes != &new[name] || name == "rejects.csv", "{name} tells old from new");
    }
    (folder, old, new)
}

/// Checks a folder after an interrupted write: each file is complete, old or new, and with a receipt
/// all of them are of one run.
fn whole(now: &Files, old: &Files, new: &Files, what: &str) {
    for (name, bytes) in now.iter().filter(|(name, _)| !name.starts_with(".tamarisk")) {
        assert!(
            old.get(name) == Some(bytes) || new.get(name) == Some(bytes),
            "{what}: {name} is of neither run"
        );
    }
    for name in old.keys().filter(|name| *name != "receipt.json") {
        assert!(now.contains_key(name), "{what}: {name} is gone");
    }
    if let Some(receipt) = now.get("receipt.json") {
        let of = if receipt == &old["receipt.json"] { old } else { new };
        for (name, bytes) in of {
            assert!(now.get(name) == Some(bytes), "{what}: {name} is not the receipt's");
        }
    }
}

fn no_leftovers(files: &Files, what: &str) {
    let left: Vec<&String> = files.keys().filter(|name| name.starts_with('.')).collect();
    assert!(left.is_empty(), "{what}: {left:?}");
}

/// How long a run takes here.
fn duration(folder: &Folder) -> Duration {
    let start = Instant::now();
    folder.done(&[&NEW[..5], &["timed"]].concat());
    start.elapsed()
}

#[test]
fn a_killed_run_leaves_every_file_whole() {
    let (folder, old, new) = written();
    let long = duration(&folder);
    let mut broken_off = 0;
    for moment in 0..24 {
        let mut child = folder.command(&NEW).spawn().expect("runs");
        std::thread::sleep(long * moment / 18);
        // It may have ended before.
        let _ = child.kill();
        let done = child.wait().expect("an end").success();
        broken_off += usize::from(!done);
        let now = folder.files("out");
        whole(&now, &old, &new, &format!("killed at {moment}/18"));
        if done {
            assert_eq!(now["receipt.json"], new["receipt.json"]);
        }
        // The next run works, and removes the leftovers.
        folder.done(&OLD);
        assert_eq!(folder.files("out"), old, "after {moment}/18");
    }
    assert!(broken_off > 5, "runs were broken off: {broken_off}");
}

#[test]
fn an_interrupted_run_leaves_the_folder_as_it_was() {
    let (folder, old, new) = written();
    let long = duration(&folder);
    for (name, moments) in [("INT", 12), ("TERM", 6)] {
        for moment in 0..moments {
            let mut child = folder.command(&NEW).spawn().expect("runs");
            std::thread::sleep(Duration::from_millis(5) + long * moment / moments);
            if child.try_wait().expect("a state").is_none() {
                signal(&child, name);
            }
            let ended = Ended::of(&child.wait_with_output().expect("an end"));
            let now = folder.files("out");
            whole(&now, &old, &new, name);
            match ended.code {
                0 => assert_eq!(now, new),
                130 => {
                    assert!(now == old, "{name} at {moment}: {}", ended.err);
                    assert!(ended.out.is_empty());
                }
                // Before the program could take the signal.
                -1 => assert!(now == old),
                code => panic!("{name}: {code}: {}", ended.err),
            }
            folder.done(&OLD);
        }
    }
}

/// A run that has claimed its folder and waits for its sites.
fn waiting(folder: &Folder, out: &str) -> Child {
    let args = ["score", "-s", "-", "-i", "incidents.csv", "-o", out];
    let child = folder.command(&args).stdin(Stdio::piped()).spawn().expect("runs");
    let start = Instant::now();
    while !folder.at(out).join(".tamarisk.lock").exists() {
        assert!(start.elapsed() < Duration::from_secs(20), "no lock");
        std::thread::sleep(Duration::from_millis(5));
    }
    // The name is written right after the lock is taken.
    std::thread::sleep(Duration::from_millis(50));
    child
}

#[test]
fn two_runs_into_one_folder_are_one_too_many() {
    let folder = Folder::with_mines();
    let mut first = waiting(&folder, "out");
    let score = |out: &str| {
        folder.run(&["score", "-q", "-s", "sites.csv", "-i", "incidents.csv", "-o", out])
    };
    for out in ["out", "./out", "out/../out"] {
        let second = score(out);
        assert_eq!(second.code, 4, "{}", second.err);
        for part in ["another run", &format!("process {}", first.id()), "hint: "] {
            assert!(second.err.contains(part), "no \"{part}\" in {}", second.err);
        }
    }
    assert_eq!(score("elsewhere").code, 0);
    let mut input = first.stdin.take().expect("piped");
    std::io::Write::write_all(&mut input, crate::cli::SITES.as_bytes()).expect("it reads");
    drop(input);
    let first = Ended::of(&first.wait_with_output().expect("an end"));
    assert_eq!(first.code, 0, "{}", first.err);
    let files = folder.files("out");
    assert_eq!(files["sites.geojson"], folder.files("elsewhere")["sites.geojson"]);
    no_leftovers(&files, "after the first");
    assert_eq!(score("out").code, 0);
    // The lock of a dead process is not held.
    let mut killed = waiting(&folder, "out");
    killed.kill().expect("alive");
    killed.wait().expect("an end");
    assert_eq!(score("out").code, 0);
    no_leftovers(&folder.files("out"), "after a dead one");
}

#[test]
fn a_run_stopped_before_it_was_told_its_input_writes_nothing() {
    let folder = Folder::with_mines();
    let mut child = waiting(&folder, "out");
    signal(&child, "INT");
    std::thread::sleep(Duration::from_millis(50));
    let mut input = child.stdin.take().expect("piped");
    std::io::Write::write_all(&mut input, crate::cli::SITES.as_bytes()).expect("it reads");
    drop(input);
    let ended = Ended::of(&child.wait_with_output().expect("an end"));
    assert_eq!(ended.code, 130);
    assert_eq!(ended.err.trim_end(), "error: interrupted");
    assert!(folder.files("out").is_empty(), "{:?}", folder.files("out").keys());
}

/// A limit on file size in blocks of 512 bytes: it has the effect of a full disk, for any user.
#[test]
fn where_files_cannot_grow_the_old_ones_stay() {
    let (folder, old, new) = written();
    let mut refused = 0;
    for blocks in [0, 1, 8, 20, 60, 100, 200, 300, 500, 700, 3000] {
        // The signal that goes with it would end a program that does not see to it.
        let line = format!("ulimit -f {blocks}; exec tamarisk {}", NEW.join(" "));
        let ended = folder.shell(&format!("{line} 2>&1 | cat; "));
        let now = folder.files("out");
        whole(&now, &old, &new, &format!("{blocks} blocks"));
        no_leftovers(&now, &format!("{blocks} blocks"));
        if now == new {
            folder.done(&OLD);
            continue;
        }
        refused += 1;
        assert_eq!(now, old, "{blocks} blocks");
        assert!(ended.out.contains("file too large"), "{blocks} blocks: {}", ended.out);
        let ended = folder.shell(&line);
        assert_eq!(ended.code, 4, "{blocks} blocks: {}", ended.err);
    }
    assert!(refused > 4, "files over the limit: {refused}");
}

/// A disk that is actually full, if this user may mount one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_files() {
    let folder = Folder::new();
    folder.write("disk/mark", "");
    let disk = folder.at("disk");
    let disk = disk.to_str().expect("UTF-8");
    let mount = |size: &str, how: &str| {
        let options = format!("{how}size={size}");
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs", disk])
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    };
    if !mount("20m", "") {
        eprintln!("left out: no file system can be mounted here");
        return;
    }
    let result = std::panic::catch_unwind(|| {
        folder.done(&[&OLD[..4], &["disk/out"]].concat());
        let old = folder.files("disk/out");
        let bytes: usize = old.values().map(Vec::len).sum();
        folder.done(&[&NEW[..5], &["new"]].concat());
        let need: usize = folder.files("new").values().map(Vec::len).sum();
        // Room for the old files and some of the new ones.
        for more in [0, need / 10, need / 3, need / 2, need * 3 / 4] {
            let size = (bytes + more + 20_000).to_string();
            assert!(mount(&size, "remount,"), "smaller");
            let ended = folder.run(&[&NEW[..5], &["disk/out"]].concat());
            assert_eq!(ended.code, 4, "{more} more bytes: {}", ended.err);
            assert!(ended.err.contains("no space left"), "{}", ended.err);
            let now = folder.files("disk/out");
            assert!(now == old, "{more} more bytes: {:?}", now.keys());
        }
        assert!(mount("20m", "remount,"), "larger");
        folder.done(&[&NEW[..5], &["disk/out"]].concat());
        assert!(folder.files("disk/out") != old);
    });
    let unmounted = Command::new("umount").arg(disk).status();
    assert!(unmounted.is_ok_and(|status| status.success()), "the disk is taken away");
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
}

/// Too little memory ends a run in some way; the files stay complete.
#[cfg(target_os = "linux")]
#[test]
fn a_run_without_memory_leaves_every_file_whole() {
    let (folder, old, new) = written();
    let mut starved = 0;
    for kilobytes in [20_000, 40_000, 60_000, 100_000, 150_000, 250_000, 1_000_000] {
        let line = format!(
            "ulimit -c 0; ulimit -v {kilobytes}; exec tamarisk {} --threads 1",
            NEW.join(" ")
        );
        let ended = folder.shell(&line);
        starved += usize::from(ended.code != 0);
        whole(&folder.files("out"), &old, &new, &format!("{kilobytes} kB"));
        assert!(ended.code != 0 || folder.files("out") == new);
        folder.done(&OLD);
    }
    assert!(starved > 0, "the least of it is too little");
}

#[test]
fn a_folder_that_is_a_link_is_written_through() {
    let folder = Folder::with_mines();
    folder.write("real/keep.txt", "kept");
    std::os::unix::fs::symlink(folder.at("real"), folder.at("out")).expect("a link");
    folder.done(&["score", "-q", "-s", "sites.csv", "-i", "incidents.csv", "-o", "out"]);
    let files = folder.files("real");
    assert!(files.contains_key("sites.geojson") && files["keep.txt"] == b"kept");
    // A missing folder is made with all above it.
    folder.done(&["score", "-q", "-s", "sites.csv", "-o", "a/b/c d/é"]);
    assert!(folder.files("a/b/c d/é").contains_key("receipt.json"));
}
