//! The book in `docs`: its commands work as a reader would type them, what it shows is what they print, every page is
//! in its list of chapters, every link leads somewhere, and every picture is made by a script. `make bless` writes
//! anew what is shown.

use crate::cli::Folder;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages of a folder of the repository, by their paths from its root.
fn pages(folder: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join(folder)).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string());
    let names = names.map(|name| name.expect("UTF-8")).filter(|name| name.ends_with(".md"));
    names.map(|name| format!("{folder}/{name}")).collect()
}

fn text_of(page: &str) -> String {
    std::fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// A block of a page: what is said of it in a comment on the line before, its language, its lines.
struct Block<'a> {
    /// The number of its first line, counted from 0.
    line: usize,
    note: Option<(&'a str, &'a str)>,
    language: &'a str,
    lines: Vec<&'a str>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let Some(language) = line.strip_prefix("```") else {
            at += 1;
            continue;
        };
        let note = at.checked_sub(1).and_then(|before| lines[before].strip_prefix("<!-- "));
        let note = note.and_then(|note| note.strip_suffix(" -->")?.split_once(": "));
        let inside: Vec<&str> =
            lines[at + 1..].iter().take_while(|line| **line != "```").copied().collect();
        found.push(Block { line: at + 1, note, language, lines: inside });
        at += found.last().map_or(0, |block| block.lines.len()) + 2;
    }
    found
}

/// Works a page from its top in a folder of its own, which begins with the files of the folder of its name. Returns the
/// folder and the servers that a reader would start.
///
/// `<!-- file: NAME -->` before a block: it is written to that file, which the paragraph above names. `<!-- ends with: CODE -->`: the exit code of its
/// commands. `<!-- not run: WHY -->`: neither run nor compared.
fn worked(page: &str) -> (Folder, Vec<String>) {
    let folder = Folder::new();
    let beside = root().join(page).with_extension("");
    for entry in std::fs::read_dir(beside).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("UTF-8").to_owned();
        folder.write(&name, std::fs::read(path).expect("a file"));
    }
    let before = text_of(page);
    let mut now: Vec<String> = Vec::new();
    let (mut done, mut printed, mut servers) = (0, String::new(), Vec::new());
    let lines: Vec<&str> = before.lines().collect();
    for block in blocks(&before) {
        let shown = match (block.note, block.language) {
            (Some(("not run", _)), _) | (_, "python") => None,
            (Some(("file", name)), _) => {
                // The comment cannot be seen: the paragraph above has to name the file.
                let above = lines[..block.line - 2].iter().rev().skip_while(|line| line.is_empty());
                let mut above = above.take_while(|line| !line.is_empty());
                let named = format!("`{name}`");
                assert!(above.any(|line| line.contains(&named)), "{page}: who reads of {name}?");
                folder.write(name, block.lines.join("\n") + "\n");
                None
            }
            (note, "sh") => {
                let due = match note {
                    Some(("ends with", code)) => code.parse().expect("a code"),
                    _ => 0,
                };
                printed.clear();
                for command in block.lines.join("\n").replace("\\\n", "").lines() {
                    if let Some(server) = command.strip_prefix("tamarisk serve ") {
                        servers.push(server.to_owned());
                        continue;
                    }
                    let ended = folder.shell(command);
                    assert_eq!(ended.code, due, "{page}: {command}: {}", ended.err);
                    printed += &ended.out;
                }
                None
            }
            (_, "text") => Some(printed.trim_end()),
            (_, language) => panic!("{page}, line {}: no test reads `{language}`", block.line),
        };
        now.extend(lines[done..block.line].iter().map(|line| (*line).to_owned()));
        done = block.line + if shown.is_some() { block.lines.len() } else { 0 };
        now.extend(shown.into_iter().flat_map(str::lines).map(str::to_owned));
    }
    now.extend(lines[done..].iter().map(|line| (*line).to_owned()));
    let now = now.join("\n") + "\n";
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(root().join(page), now).expect("written");
    } else if let Some((line, (shown, prints))) =
        before.lines().zip(now.lines()).enumerate().find(|(_, (a, b))| a != b)
    {
        panic!(
            "{page}, line {}: is not what is printed\n  shown:   {shown}\n  printed: {prints}\nIf this is meant: make bless",
            line + 1
        );
    } else {
        assert_eq!(before.len(), now.len(), "{page}: its end is not what is printed: make bless");
    }
    (folder, servers)
}

/// Works a page and starts the server that it ends with.
fn works(page: &str) {
    let (folder, servers) = worked(page);
    assert!(servers.len() <= 1, "{page}: a test starts one server: {servers:?}");
    #[cfg(feature = "serve")]
    if let [command] = servers.as_slice() {
        let words = command.split('#').next().unwrap_or_default().split_whitespace();
        let served = crate::serve_guard::Served::of(folder, &words.collect::<Vec<_>>());
        for path in ["/map", "/collections", "/choices"] {
            assert_eq!(served.get(path).status, 200, "{page}: {command}: {path}");
        }
        return;
    }
    drop(folder);
}

#[test]
fn every_page_of_the_book_works_as_written() {
    let mut all = pages("docs/book");
    all.insert("docs/README.md".to_owned());
    assert!(all.len() >= 9, "{all:?}");
    std::thread::scope(|scope| {
        for page in &all {
            scope.spawn(move || works(page));
        }
    });
}

/// A link or picture: where it leads, without the title.
fn links(text: &str) -> Vec<String> {
    let mut outside = String::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if !fenced && !line.starts_with("    ") {
            outside += line;
            outside.push('\n');
        }
    }
    let targets = outside.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.map(|target| target.trim_matches(['<', '>']).to_owned()).collect()
}

/// The anchors of the headings of a page, as GitHub and mdBook make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let words = line.trim_start_matches('#').trim().to_lowercase();
            let kept = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
            words.chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

/// Where a relative link of a page leads, from the root of the repository.
fn target(page: &str, link: &str) -> PathBuf {
    let folder = Path::new(page).parent().expect("a parent");
    let mut path = PathBuf::new();
    for part in folder.join(link).components() {
        if part.as_os_str() == ".." {
            assert!(path.pop(), "{page}: {link} leads out of the repository");
        } else {
            path.push(part);
        }
    }
    path
}

#[test]
fn the_list_of_chapters_names_every_page_once() {
    let listed: Vec<String> = links(&text_of("docs/SUMMARY.md"))
        .iter()
        .map(|link| target("docs/SUMMARY.md", link).to_str().expect("UTF-8").replace('\\', "/"))
        .collect();
    let mut due = pages("docs");
    due.append(&mut pages("docs/book"));
    due.remove("docs/SUMMARY.md");
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), due);
    assert_eq!(listed.len(), due.len(), "a page is listed twice: {listed:?}");
}

#[test]
fn every_link_of_the_book_leads_somewhere() {
    let mut all = pages("docs");
    all.append(&mut pages("docs/book"));
    let mut followed = 0;
    for page in &all {
        for link in links(&text_of(page)) {
            if link.starts_with("http://") || link.starts_with("https://") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let found = if path.is_empty() { PathBuf::from(page) } else { target(page, path) };
            // The book holds this folder alone.
            assert!(found.starts_with("docs"), "{page}: {link} leaves docs");
            assert!(root().join(&found).exists(), "{page}: {link} leads nowhere");
            if !anchor.is_empty() {
                let text = text_of(found.to_str().expect("UTF-8"));
                assert!(anchors(&text).contains(anchor), "{page}: {link}: no such heading");
            }
            followed += 1;
        }
    }
    assert!(followed > 150, "only {followed} links");
}

#[test]
fn every_picture_is_small_and_made_by_the_script() {
    let script = text_of("scripts/pictures.sh");
    let mut pages_with_pictures = pages("docs/book");
    pages_with_pictures.append(&mut pages("docs"));
    pages_with_pictures.insert("README.md".to_owned());
    let mut seen = BTreeSet::new();
    for page in &pages_with_pictures {
        for link in links(&text_of(page)) {
            if link.ends_with(".png") {
                seen.insert(target(page, &link));
            }
        }
    }
    assert!(seen.len() >= 8, "{seen:?}");
    for picture in seen {
        let bytes = std::fs::read(root().join(&picture)).expect("a picture");
        let name = picture.file_name().and_then(|name| name.to_str()).expect("UTF-8");
        assert!(bytes.len() <= 200_000, "{name} has {} bytes", bytes.len());
        // The header of a PNG: the type of color is its byte 25, and 3 is a palette.
        assert_eq!(bytes.get(25), Some(&3), "{name} has no palette");
        assert!(script.contains(name), "scripts/pictures.sh does not make {name}");
    }
}
