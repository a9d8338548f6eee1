//! Files are written completely or not at all: under kill -9, on a full disk, with two writers at
//! once.

use crate::sinks::{many, never};
use serde_json::{Value as Json, json};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tamarisk::sinks::place::{InputFiles, OutputFolder, Written, write_file, write_stdout};
use tamarisk::sinks::{geojson, json};
fn temporaries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("folder");
    entries
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.')))
        .collect()
}

/// Writes a generation of two layers and their receipt.
fn write_generation(folder: &Path, generation: u32) -> tamarisk::Result<()> {
    let mut out = OutputFolder::open(folder, InputFiles::default(), &never)?;
    let large = many(20_000, generation);
    let small = many(10, generation);
    out.stage("large.geojson", |w| geojson::write(&large, w))?;
    out.stage("small.geojson", |w| geojson::write(&small, w))?;
    out.commit("receipt.json", |outputs, w| {
        let listed = |file: &Written| {
            json!({"file": file.name, "bytes": file.bytes, "blake3": file.hash.to_hex().as_str()})
        };
        let outputs: Vec<Json> = outputs.written.iter().map(listed).collect();
        json::write(&json!({"generation": generation, "outputs": outputs}), w)
    })?;
    Ok(())
}

/// The generation of a whole file; panics where the file is not whole.
fn generation_of(path: &Path) -> Option<u32> {
    let bytes = std::fs::read(path).ok()?;
    let file: Json = serde_json::from_slice(&bytes).expect("a whole file");
    let features = file["features"].as_array().expect("features");
    let of = |feature: &Json| feature["properties"]["generation"].as_f64().expect("number") as u32;
    let generation = of(&features[0]);
    assert!(features.iter().all(|feature| of(feature) == generation), "a mixture");
    Some(generation)
}

/// Where there is a receipt the files are those that it names.
fn check_folder(folder: &Path) {
    let large = generation_of(&folder.join("large.geojson"));
    let small = generation_of(&folder.join("small.geojson"));
    let Ok(receipt) = std::fs::read(folder.join("receipt.json")) else { return };
    let receipt: Json = serde_json::from_slice(&receipt).expect("a whole receipt");
    for output in receipt["outputs"].as_array().expect("outputs") {
        let name = output["file"].as_str().expect("a name");
        let bytes = std::fs::read(folder.join(name)).expect("an output");
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), output["blake3"], "{name}");
    }
    let generation = receipt["generation"].as_u64().map(|g| g as u32);
    assert_eq!((large, small), (generation, generation));
}

/// Starts this test program as a child for the task that a variable names.
fn child(task: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--exact", "place::as_a_child_it_does_what_it_is_told", "--nocapture"])
        .env("TAMARISK_CHILD", task)
        .env("TAMARISK_FOLDER", folder);
    command
}

/// Not a test: the tests below start it as another process.
#[test]
fn as_a_child_it_does_what_it_is_told() {
    let Ok(task) = std::env::var("TAMARISK_CHILD") else { return };
    let folder = PathBuf::from(std::env::var_os("TAMARISK_FOLDER").expect("folder"));
    match task.as_str() {
        "write forever" => {
            for generation in 1.. {
                write_generation(&folder, generation).expect("written");
            }
        }
        "hold" => {
            let _held = OutputFolder::open(&folder, InputFiles::default(), &never).expect("open");
            println!("held");
            let _ = std::io::stdin().read(&mut [0]);
        }
        "full disk" => {
            let error = write_generation(&folder, 99).expect_err("full");
            eprintln!("{error}");
            std::process::exit(if error.is_io() { 4 } else { 1 });
        }
        "full disk of its own" => {
            let mut out = OutputFolder::open(&folder, InputFiles::default(), &never).expect("open");
            out.stage("small.geojson", |w| geojson::write(&many(10, 1), w)).expect("staged");
            out.commit("receipt.json", |_, w| w.write_all(b"{\"outputs\":[]}")).expect("small");
            let error = write_generation(&folder, 2).expect_err("full");
            assert_eq!(generation_of(&folder.join("small.geojson")), Some(1));
            assert_eq!(temporaries(&folder), Vec::<PathBuf>::new());
            assert!(folder.join("receipt.json").exists());
            std::process::exit(if error.is_io() { 4 } else { 1 });
        }
        "to stdout" => {
            let done = write_stdout(|w| geojson::write(&many(100_000, 1), w));
            std::process::exit(if done.is_ok() { 0 } else { 1 });
        }
        other => panic!("{other}"),
    }
}

#[test]
fn killed_at_any_moment_an_old_whole_file_or_a_new_whole_file_is_left() {
    let folder = tempfile::tempdir().expect("folder");
    write_generation(folder.path(), 0).expect("written");
    check_folder(folder.path());
    let mut left_behind = 0;
    for round in 0..40u64 {
        let mut writer =
            child("write forever", folder.path()).stdout(Stdio::null()).spawn().expect("child");
        std::thread::sleep(std::time::Duration::from_micros(5_000 + round * 1_700));
        writer.kill().expect("killed");
        writer.wait().expect("ended");
        check_folder(folder.path());
        left_behind += temporaries(folder.path()).len();
    }
    assert!(left_behind > 0, "no kill came while a file was written");
    write_generation(folder.path(), 7).expect("written");
    check_folder(folder.path());
    assert!(folder.path().join("receipt.json").exists());
    assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new(), "swept");
}

#[test]
fn a_run_broken_off_while_files_are_named_does_not_lock_its_folder() {
    let folder = tempfile::tempdir().expect("folder");
    let write = |text: &str, fails: bool| {
        let mut out = OutputFolder::open(folder.path(), InputFiles::default(), &never)?;
        out.stage("a.csv", |w| w.write_all(text.as_bytes()))?;
        out.stage("b.csv", |w| w.write_all(text.as_bytes()))?;
        if fails {
            // What cannot be replaced when the time has come.
            let _ = std::fs::remove_file(folder.path().join("b.csv"));
            std::fs::create_dir_all(folder.path().join("b.csv/inside")).expect("folder");
        }
        out.commit("receipt.json", |outputs, w| {
            let listed = |f: &Written| json!({"file": f.name, "bytes": f.bytes, "blake3": f.hash.to_hex().as_str()});
            json::write(&json!({"outputs": outputs.written.iter().map(listed).collect::<Vec<_>>()}), w)
        })
    };
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect(name);
    for old in [false, true] {
        if old {
            write("old", false).expect("written");
        }
        write("broken off", true).expect_err("named halfway");
        std::fs::remove_dir_all(folder.path().join("b.csv")).expect("removed");
        assert_eq!(read("a.csv"), "broken off");
        assert!(!folder.path().join("receipt.json").exists());
        // What it had named is known, and so is what somebody wrote into it since.
        std::fs::write(folder.path().join("a.csv"), "edited").expect("written");
        let error = write("new", false).expect_err("edited");
        assert!(error.to_string().contains("a.csv: would be overwritten"), "{error}");
        assert_eq!(read("a.csv"), "edited");
        std::fs::write(folder.path().join("a.csv"), "broken off").expect("written");
        write("new", false).expect("its folder");
        assert_eq!((read("a.csv"), read("b.csv")), ("new".into(), "new".into()));
        assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new());
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_files_and_nothing_else() {
    let folder = tempfile::tempdir().expect("folder");
    write_generation(folder.path(), 5).expect("written");
    // No file of more than 64 blocks can be written; the signal for it is ignored, so that the
    // error comes back from the write as that of a full disk does.
    let command = child("full disk", folder.path());
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"]).arg(command.get_program());
    shell.args(command.get_args());
    shell.envs(command.get_envs().filter_map(|(k, v)| Some((k, v?))));
    let output = shell.output().expect("shell");
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(4), "{message}");
    assert!(message.contains("large.geojson: file too large"), "{message}");
    assert_eq!(generation_of(&folder.path().join("large.geojson")), Some(5));
    check_folder(folder.path());
    assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_file_system_leaves_the_old_files_and_nothing_else() {
    let folder = tempfile::tempdir().expect("folder");
    let command = child("full disk of its own", folder.path());
    let mut shell = Command::new("unshare");
    let mount = "mount -t tmpfs -o size=512k tmpfs \"$TAMARISK_FOLDER\" || exit 99; exec \"$@\"";
    shell.args(["--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]);
    shell.arg(command.get_program()).args(command.get_args());
    shell.envs(command.get_envs().filter_map(|(k, v)| Some((k, v?))));
    match shell.output() {
        Ok(output) if output.status.code() == Some(4) => {}
        Ok(output) => {
            let message = String::from_utf8_lossy(&output.stderr);
            let refused = ["Operation not permitted", "No space left", "permission denied"];
            let refused = output.status.code() == Some(99)
                || message.contains("unshare") && refused.iter().any(|r| message.contains(r));
            assert!(refused, "{} {message}", output.status);
            eprintln!("left out: no file system of our own can be mounted here");
        }
        Err(error) => eprintln!("left out: unshare {error}"),
    }
    let full = Path::new("/dev/full");
    if full.exists() {
        let error = write_file(full, &InputFiles::default(), &never, |w| w.write_all(b"text"))
            .expect_err("full");
        assert!(error.is_io() && error.to_string().contains("no space left"), "{error}");
    }
}

#[test]
fn the_second_of_two_runs_is_told_who_writes() {
    let folder = tempfile::tempdir().expect("folder");
    let mut holder = child("hold", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("child");
    let mut said = String::new();
    let mut stdout = holder.stdout.take().expect("stdout");
    while !said.contains("held\n") {
        let mut some = [0; 64];
        let count = stdout.read(&mut some).expect("said");
        assert!(count > 0, "{said}");
        said.push_str(&String::from_utf8_lossy(&some[..count]));
    }
    let error = write_generation(folder.path(), 1).expect_err("held");
    assert!(error.is_io());
    assert!(error.to_string().contains(&format!("process {}", holder.id())), "{error}");
    assert!(error.hint().is_some());
    // The lock of a dead process is not held.
    holder.kill().expect("killed");
    holder.wait().expect("ended");
    write_generation(folder.path(), 2).expect("written");
    check_folder(folder.path());
    assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn of_two_writers_of_one_file_the_last_whole_one_wins() {
    let folder = tempfile::tempdir().expect("folder");
    let target = folder.path().join("one.geojson");
    let write = |generation: u32| {
        let layer = many(2_000, generation);
        write_file(&target, &InputFiles::default(), &never, |w| geojson::write(&layer, w))
            .expect("written")
    };
    std::thread::scope(|scope| {
        for writer in 1..=4 {
            scope.spawn(move || (0..15).for_each(|_| drop(write(writer))));
        }
        for _ in 0..50 {
            generation_of(&target);
        }
    });
    assert!(generation_of(&target).is_some());
    assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn an_output_never_takes_the_place_of_an_input() {
    let folder = tempfile::tempdir().expect("folder");
    let input = folder.path().join("sites.geojson");
    std::fs::write(&input, "{}").expect("input");
    let elsewhere = tempfile::tempdir().expect("folder");
    let linked = elsewhere.path().join("sites.geojson");
    std::fs::hard_link(&input, &linked).expect("link");

    for target in [&input, &linked] {
        let inputs = InputFiles::new([&input]);
        let error = write_file(target, &inputs, &never, |w| w.write_all(b"x")).expect_err("input");
        assert!(error.is_io() && error.hint().is_some(), "{error}");
    }
    let mut out =
        OutputFolder::open(folder.path(), InputFiles::new([&input]), &never).expect("open");
    assert!(out.check(["rings.geojson", "sites.geojson"]).is_err());
    assert!(out.check(["rings.geojson"]).is_ok());
    assert!(out.stage("sites.geojson", |w| w.write_all(b"x")).is_err());
    drop(out);
    assert_eq!(std::fs::read(&input).expect("input"), b"{}");
    assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn what_cannot_be_written_is_refused_with_its_place() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "x").expect("file");
    std::fs::create_dir(folder.path().join("taken")).expect("folder");
    let open = |path: &Path| OutputFolder::open(path, InputFiles::default(), &never).map(drop);

    assert!(open(&file).expect_err("a file").to_string().contains("is a file"));
    assert!(open(&file.join("inner")).expect_err("under a file").is_io());
    if Path::new("/proc/self").is_dir() {
        assert!(open(Path::new("/proc/tamarisk")).expect_err("no such place").is_io());
    }
    let mut out = OutputFolder::open(folder.path(), InputFiles::default(), &never).expect("open");
    assert!(out.stage("taken", |w| w.write_all(b"x")).expect_err("a folder").is_io());
    for name in ["", "..", "a/b", "/etc/x"] {
        assert!(out.stage(name, |w| w.write_all(b"x")).is_err(), "{name}");
    }
    drop(out);

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let closed = folder.path().join("closed");
        std::fs::create_dir(&closed).expect("folder");
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).expect("rights");
        if std::fs::write(closed.join("probe"), "x").is_ok() {
            eprintln!("left out: this user may write to read-only folders");
        } else {
            let error = open(&closed).expect_err("read-only");
            assert!(error.is_io() && error.to_string().contains("permission denied"), "{error}");
        }
    }
}

#[test]
fn a_stopped_run_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().expect("folder");
    write_generation(folder.path(), 3).expect("written");
    let asked = std::sync::atomic::AtomicU32::new(0);
    let stop = || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= 2;
    let mut out = OutputFolder::open(folder.path(), InputFiles::default(), &stop).expect("open");
    let error =
        out.stage("large.geojson", |w| geojson::write(&many(20_000, 4), w)).expect_err("stopped");
    assert!(error.is_interrupted(), "{error}");
    drop(out);
    assert_eq!(generation_of(&folder.path().join("large.geojson")), Some(3));
    check_folder(folder.path());
    assert_eq!(temporaries(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn what_is_written_is_hashed_and_two_runs_write_the_same() {
    let (first, second) =
        (tempfile::tempdir().expect("folder"), tempfile::tempdir().expect("folder"));
    for folder in [&first, &second] {
        write_generation(folder.path(), 1).expect("written");
        check_folder(folder.path());
    }
    for name in ["large.geojson", "small.geojson", "receipt.json"] {
        let read =
            |folder: &tempfile::TempDir| std::fs::read(folder.path().join(name)).expect("file");
        assert!(read(&first) == read(&second), "{name}");
    }
    let target = first.path().join("one");
    let written =
        write_file(&target, &InputFiles::default(), &never, |w| w.write_all(b"abc")).expect("one");
    assert_eq!((written.name.as_str(), written.bytes), ("one", 3));
    assert_eq!(written.hash, blake3::hash(b"abc"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut writer =
        child("to stdout", Path::new(".")).stdout(Stdio::piped()).spawn().expect("child");
    let mut stdout = writer.stdout.take().expect("stdout");
    let mut some = [0; 4096];
    let mut read = 0;
    while read < 8192 {
        read += stdout.read(&mut some).expect("some");
    }
    drop(stdout);
    assert_eq!(writer.wait().expect("ended").code(), Some(0));
}
