//! The program's descriptions of itself: help, the man page, completions, schemes. All come from one
//! set of definitions, fit a terminal, and name only what exists.

use crate::cli::Folder;
use serde_json::Value;
use std::process::{Command, Stdio};

const COMMANDS: [&str; 16] = [
    "batch",
    "surface",
    "demo",
    "score",
    "hindcast",
    "near",
    "explain",
    "corridor",
    "rank",
    "diff",
    "risk",
    "check",
    "convert",
    "scheme",
    "completions",
    "man",
];

#[test]
fn help_fits_a_terminal_and_names_every_command() {
    let folder = Folder::new();
    let top = folder.done(&["--help"]);
    assert!(COMMANDS.iter().all(|command| top.contains(&format!("\n  {command} "))), "{top}");
    assert_eq!(folder.done(&["help"]), top);
    let mut pages = vec![top];
    for command in COMMANDS {
        for help in ["-h", "--help"] {
            pages.push(folder.done(&[command, help]));
        }
    }
    for command in ["show", "schema", "check", "list"] {
        pages.push(folder.done(&["scheme", command, "--help"]));
    }
    for page in &pages {
        assert!(page.contains("Usage: tamarisk"), "{page}");
        for line in page.lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
    // Without a command, the same text is printed as an error.
    let bare = folder.run(&[]);
    assert_eq!((bare.code, bare.out.as_str()), (2, ""));
    assert!(bare.err.contains("Usage: tamarisk"));
    let version = folder.done(&["--version"]);
    assert_eq!(version.trim_end(), format!("tamarisk {}", env!("CARGO_PKG_VERSION")));
}

/// Every option named in help, documents and messages exists.
#[test]
fn options_in_the_documents_exist() {
    let folder = Folder::new();
    let help: String = COMMANDS.iter().map(|command| folder.done(&[command, "--help"])).collect();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for name in ["README.md", "docs/DESIGN.md", "docs/METHOD.md", "docs/FORMATS.md"] {
        let text = std::fs::read_to_string(root.join(name)).expect("a document");
        let lines = text.lines().filter(|line| {
            !["cargo ", "make ", "-features"].iter().any(|other| line.contains(other))
        });
        for word in
            lines.flat_map(|line| line.split(|c: char| c.is_whitespace() || "`(),;:=|".contains(c)))
        {
            let option = word.trim_end_matches('.');
            let plain = option
                .strip_prefix("--")
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
            if plain {
                seen += 1;
                assert!(
                    help.contains(&format!("{option} ")) || help.contains(&format!("{option}\n")),
                    "{name}: {option}"
                );
            }
        }
    }
    assert!(seen > 8, "options were found: {seen}");
}

/// Checks a script with its own shell.
fn parses(shell: &str, args: &[&str], script: &str) {
    let child = Command::new(shell)
        .args(args)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("left out: no {shell}");
        return;
    };
    let mut input = child.stdin.take().expect("piped");
    std::io::Write::write_all(&mut input, script.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn completions_are_scripts_that_know_the_commands() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = folder.done(&["completions", shell]);
        for word in COMMANDS.iter().chain(&["within", "as-of", "security-only"][..2]) {
            assert!(script.contains(word), "{shell}: {word}");
        }
        parses(shell, &["-n"], &script);
        // Hidden options are not offered.
        for line in script.lines().filter(|line| line.contains("opts=") || line.contains(" -l ")) {
            assert!(!line.contains("registers"), "{shell}: {line}");
        }
    }
    // Names of files are offered where a file belongs, and only there.
    let fish = folder.done(&["completions", "fish"]);
    for line in fish.lines().filter(|line| line.contains("subcommand score")) {
        if line.contains(" -l layers ") || line.contains(" -l as-of ") {
            assert!(line.ends_with("-r -f"), "{line}");
        }
        if line.contains(" -l sites ") {
            assert!(!line.ends_with("-f"), "{line}");
        }
    }
    // bash completes with it.
    folder.write("tamarisk.bash", folder.done(&["completions", "bash"]));
    let line = "bash -c '. ./tamarisk.bash; COMP_WORDS=(tamarisk sc); COMP_CWORD=1; \
                _tamarisk tamarisk sc tamarisk; echo \"${COMPREPLY[@]}\"'";
    let ended = folder.shell(line);
    if ended.code == 127 {
        eprintln!("left out: no bash");
    } else {
        assert_eq!(ended.out.trim(), "score scheme", "{}", ended.err);
    }
}

#[test]
fn the_man_page_has_its_parts() {
    let folder = Folder::new();
    let page = folder.done(&["man"]);
    for part in [".TH tamarisk 1", ".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", "tamarisk\\-score(1)"]
    {
        assert!(page.contains(part), "no {part} in\n{page}");
    }
    for command in COMMANDS {
        let page = folder.done(&["man", command]);
        assert!(page.contains(".SH NAME") && page.contains(command), "{page}");
    }
    let score = folder.done(&["man", "score"]);
    assert!(score.contains("\\-\\-bbox") && score.contains("\\-\\-coverage"));
}

#[test]
fn schemes_are_listed_shown_checked_and_described() {
    let folder = Folder::new();
    let list = folder.done(&["scheme", "list"]);
    let names: Vec<&str> =
        list.lines().filter_map(|line| line.split_once(": ")).map(|l| l.0).collect();
    assert_eq!(names, ["default", "security-only", "biodiversity"]);
    let schema: Value = serde_json::from_str(&folder.done(&["scheme", "schema"])).expect("JSON");
    assert!(schema["properties"]["security"].is_object(), "{schema}");
    for name in names {
        let shown = folder.done(&["scheme", "show", name]);
        let table: toml::Table = shown.parse().expect("TOML");
        for key in table.keys() {
            assert!(schema["properties"].get(key).is_some(), "{name}: {key} is in the schema");
        }
        folder.write("copy.toml", &shown);
        assert_eq!(folder.done(&["scheme", "show", "copy.toml"]), shown, "{name}: as it was");
        for given in [name, "copy.toml"] {
            let told = folder.done(&["scheme", "check", given]);
            assert!(told.contains(&format!("scheme \"{name}\" is in order")), "{told}");
        }
    }
    assert_eq!(folder.done(&["scheme", "show"]), folder.done(&["scheme", "show", "default"]));
    // A file may hold only the differences.
    folder.write("mine.toml", "name = \"mine\"\n\n[security.recency]\nhalf_life_days = 30.0\n");
    assert!(folder.done(&["scheme", "show", "mine.toml"]).contains("half_life_days = 30.0"));
    for (text, holds) in [
        ("[security.recency]\nhalf_life_days = 0.0\n", &["line 2", "half_life_days", "0"][..]),
        ("[security.recency]\nhalf_life = 30.0\n", &["line 2", "\"half_life\"", "half_life_days"]),
        ("[securty]\n", &["line 1", "\"securty\"", "security"]),
        ("name = 3\n", &["line 1", "`3`", "expected a text"]),
        ("name = \"a\"\nname = \"b\"\n", &["line 2", "duplicate"]),
        ("[buffers]\nrings_km = [10.0, 5.0]\n", &["line 2", "rings_km"]),
        ("[environment.seismic]\nweight = nan\n", &["line 2", "weight"]),
    ] {
        folder.write("bad.toml", text);
        let ended = folder.run(&["scheme", "check", "bad.toml"]);
        assert_eq!(ended.code, 2, "{text}: {}", ended.out);
        for part in [&["bad.toml"], holds].concat() {
            assert!(ended.err.contains(part), "{text}: no \"{part}\" in\n{}", ended.err);
        }
    }
}
