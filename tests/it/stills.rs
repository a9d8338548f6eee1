//! Still maps, the atlas, and headings: which files there are, that texts of the atlas are text, that it is the same on
//! every run, and that title, subtitle and logo are wherever people read.

use crate::cli::Folder;
use crate::report::data;
use flate2::read::ZlibDecoder;
use std::collections::BTreeMap;
use std::io::Read;

const LOGO: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>\
                    <rect width='40' height='20' fill='#123456'/></svg>";

/// The streams of a PDF, unpacked; each with the dictionary before it.
fn streams(pdf: &[u8]) -> Vec<(String, Vec<u8>)> {
    let find = |from: usize, word: &[u8]| {
        pdf[from..].windows(word.len()).position(|part| part == word).map(|at| from + at)
    };
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(start) = find(at, b"stream\n") {
        let end = find(start, b"endstream").expect("its end");
        let head = String::from_utf8_lossy(&pdf[at..start]);
        let head = head.rsplit(" obj").next().expect("a dictionary").to_owned();
        let mut bytes = Vec::new();
        ZlibDecoder::new(&pdf[start + 7..end]).read_to_end(&mut bytes).expect("a packed stream");
        found.push((head, bytes));
        at = end + 9;
    }
    found
}

/// The letters of glyphs by their numbers, as the maps of the fonts in a PDF say; the Latin font comes first.
fn letters(pdf: &[u8]) -> BTreeMap<u16, String> {
    let of_text = |hex: &str| {
        let units: Vec<u16> = (0..hex.len() / 4)
            .map(|at| u16::from_str_radix(&hex[4 * at..4 * at + 4], 16).expect("hex"))
            .collect();
        String::from_utf16(&units).expect("UTF-16")
    };
    let map = streams(pdf).into_iter().find(|(_, bytes)| bytes.starts_with(b"%!PS"));
    let map = String::from_utf8(map.expect("a map of letters").1).expect("text");
    let pair = |line: &str| {
        let (glyph, text) = line.strip_prefix('<')?.strip_suffix('>')?.split_once("> <")?;
        let glyph = u16::from_str_radix(glyph, 16).ok().filter(|_| glyph.len() == 4)?;
        Some((glyph, of_text(text)))
    };
    map.lines().filter_map(pair).collect()
}

/// The texts of each page of a PDF, one after the other.
pub(crate) fn texts(pdf: &[u8]) -> Vec<String> {
    let letters = letters(pdf);
    let pages =
        streams(pdf).into_iter().filter(|(_, bytes)| bytes.windows(3).any(|w| w == b"BT\n"));
    let page = |(_, bytes): (String, Vec<u8>)| {
        let mut text = String::new();
        let mut glyphs: Vec<u8> = Vec::new();
        let mut rest = bytes.iter().copied().peekable();
        while let Some(byte) = rest.next() {
            match byte {
                b'(' => {
                    // A string: escaped letters, octal numbers, or the byte itself.
                    loop {
                        match rest.next().expect("the end of a string") {
                            b')' => break,
                            b'\\' => {
                                let next = rest.next().expect("an escaped byte");
                                glyphs.push(match next {
                                    b'0'..=b'7' => {
                                        let octal = |byte: u8| byte - b'0';
                                        let digits = [(); 2].map(|()| rest.next().map(octal));
                                        let [second, third] = digits.map(|of| of.expect("octal"));
                                        octal(next) * 64 + second * 8 + third
                                    }
                                    b'n' => b'\n',
                                    b'r' => b'\r',
                                    b't' => b'\t',
                                    b'b' => 8,
                                    b'f' => 12,
                                    other => other,
                                });
                            }
                            other => glyphs.push(other),
                        }
                    }
                }
                // A dictionary, which holds no shown text.
                b'<' if rest.peek() == Some(&b'<') => {
                    let mut last = b' ';
                    while let Some(next) = rest.next().filter(|next| (last, *next) != (b'>', b'>'))
                    {
                        last = next;
                    }
                }
                b'<' => {
                    let hex: Vec<u8> = rest.by_ref().take_while(|next| *next != b'>').collect();
                    let hex = String::from_utf8(hex).expect("hex");
                    let byte = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16);
                    glyphs.extend((0..hex.len() / 2).map(|at| byte(at).expect("hex")));
                }
                b'J' => {
                    for pair in glyphs.chunks(2) {
                        let glyph = u16::from_be_bytes([pair[0], pair[1]]);
                        text += letters.get(&glyph).map_or("?", String::as_str);
                    }
                    glyphs.clear();
                    text.push('\n');
                }
                _ => {}
            }
        }
        text
    };
    pages.map(page).collect()
}

#[test]
fn the_atlas_has_a_page_for_each_site_whose_texts_are_text() {
    let folder = Folder::new();
    folder.done(&["score", "--demo", "--pdf", "-o", "a", "--threads", "1"]);
    folder.done(&["score", "--demo", "--pdf", "-o", "b", "--threads", "2"]);
    let atlas = folder.bytes("a/atlas.pdf");
    assert!(atlas == folder.bytes("b/atlas.pdf"), "the same on every run");
    assert!(atlas.starts_with(b"%PDF-") && atlas.trim_ascii_end().ends_with(b"%%EOF"));
    let has = |word: &[u8]| atlas.windows(word.len()).any(|part| part == word);
    assert!(!has(b"CreationDate") && !has(b"/Encrypt"));
    // A4, lying.
    assert!(has(b"/MediaBox [0 0 841."), "its paper");
    let sites = crate::cli::features(&folder.json("a/sites.geojson"));
    let pages = texts(&atlas);
    // A site has one page, or two where there is more to say than has room.
    assert!(pages.len() > sites.len() && pages.len() <= 1 + 2 * sites.len(), "{}", pages.len());
    for site in sites.values() {
        let name = site["properties"]["name"].as_str().expect("a name");
        let of = pages
            .iter()
            .skip(1)
            .filter(|page| page.lines().next() == Some(name) || page.contains(name));
        assert!(of.count() > 0, "{name} has no page");
    }
    let as_of = folder.json("a/receipt.json")["as_of"].as_str().expect("a date").to_owned();
    for (number, page) in pages.iter().enumerate() {
        assert!(page.contains(&as_of), "page {number}: the date");
        assert!(page.contains(&format!("{} / {}", number + 1, pages.len())), "page {number}");
        assert!(page.contains("Natural Earth"), "page {number}: its source");
    }
    let told = pages.iter().filter(|page| page.contains("What is not known")).count();
    assert_eq!(told, sites.len(), "what is not known stands once for each site");
    // Of all sites it is said once.
    assert!(pages[0].contains("not known at any of these sites"), "{}", pages[0]);
}

#[test]
fn the_atlas_ranks_and_measures_as_the_page_does() {
    let folder = Folder::new();
    folder.done(&["score", "--demo", "--pdf", "--report"]);
    let page = String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8");
    let said = data(&page);
    let pages = texts(&folder.bytes("out/atlas.pdf"));
    let sites = said["sites"].as_u64().expect("a number");
    let mut ranked = 0;
    let details = said["details"].as_array().expect("details");
    // A page has its place by the security score; those without it come last.
    let score = |row: &usize| said["rows"]["security"][*row].as_f64().unwrap_or(-1.0);
    let mut order: Vec<usize> = (0..details.len()).collect();
    order.sort_by(|a, b| score(b).total_cmp(&score(a)));
    // A page without scores goes on with the site before it.
    let mut leaves: Vec<String> = Vec::new();
    for page in pages.iter().skip(1) {
        match leaves.last_mut().filter(|_| !page.contains("On the map")) {
            Some(leaf) => leaf.push_str(page),
            None => leaves.push(page.clone()),
        }
    }
    assert_eq!(leaves.len(), details.len());
    for (detail, leaf) in order.iter().map(|row| &details[*row]).zip(&leaves) {
        for (number, score) in ["security", "environment"].into_iter().enumerate() {
            let Some(rank) = detail[format!("{score}_rank")].as_u64() else { continue };
            let unscored = said["bands"][number][0].as_u64().expect("a number");
            let words = format!("rank {rank} of {}", sites - unscored);
            assert!(leaf.contains(&words), "{words}: {leaf}");
            ranked += 1;
        }
        for driver in detail["drivers"].as_array().expect("drivers").iter().take(6) {
            let km = driver["km"].as_f64().expect("a distance");
            let coarse = driver["accuracy_km"].as_f64().is_some_and(|known| known >= 1.0);
            let km = if coarse { format!("{km:.0} km ") } else { format!("{km:.1} km ") };
            assert!(leaf.contains(&km), "{km}: {leaf}");
        }
        let assumed = detail["environment_points"][1].as_f64().filter(|points| *points > 0.0);
        if let Some(points) = assumed {
            assert!(leaf.contains(&format!("{points:.1} points are reference")), "{leaf}");
        }
    }
    assert!(ranked > 40, "{ranked}");
}

#[test]
fn capitals_and_large_towns_are_named_once_on_the_map_of_all_sites() {
    let folder = Folder::new();
    folder.done(&["score", "--demo", "--pdf"]);
    let first = texts(&folder.bytes("out/atlas.pdf")).remove(0);
    let named = |name: &str| first.lines().filter(|line| *line == name).count();
    for name in ["Kabul", "Islamabad", "Karachi", "Lahore", "Peshawar"] {
        assert_eq!(named(name), 1, "{name}: {first}");
    }
    let lines: Vec<&str> = first.lines().filter(|line| line.len() > 4).collect();
    for line in &lines {
        let times = lines.iter().filter(|other| *other == line).count();
        assert!(times == 1 || line.contains("km"), "{line}: {times} times");
    }
    for row in ["Town", "River", "Border of a province"] {
        assert_eq!(named(row), 1, "{row} in the legend: {first}");
    }
}

#[test]
fn pictures_are_the_same_at_any_number_of_threads_and_have_no_opacity() {
    let folder = Folder::new();
    folder.done(&["score", "--demo", "--png", "-o", "a", "--threads", "1"]);
    folder.done(&["score", "--demo", "--png", "-o", "b", "--threads", "2"]);
    for file in ["map.png", "map_environment.png", "map_overall.png"] {
        let bytes = folder.bytes(&format!("a/{file}"));
        assert!(bytes == folder.bytes(&format!("b/{file}")), "{file}");
        // The type of its colors (third edition, section 11.2.1).
        assert_eq!(bytes[25], 2, "{file}");
    }
}

/// Width and height in the header of a PNG (third edition, section 11.2.1).
fn size(folder: &Folder, file: &str) -> (u32, u32) {
    let bytes = folder.bytes(file);
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}

#[test]
fn maps_are_drawn_for_the_scores_and_the_paper_that_are_asked_for() {
    let folder = Folder::new();
    let drawn = |inside: &str, more: &[&str]| {
        folder.done(&[&["score", "--demo", "-o", inside], more].concat());
        let files = folder.files(inside);
        files.into_keys().filter(|name| name.ends_with(".png")).collect::<Vec<_>>()
    };
    let sites = |inside: &str, score: &str| {
        folder.done(&["score", "--demo", "-o", inside]);
        let sites = crate::cli::features(&folder.json(&format!("{inside}/sites.geojson")));
        sites.values().any(|site| !site["properties"][score].is_null())
    };
    let mut due = vec!["map.png"];
    due.extend(sites("scores", "environment_score").then_some("map_environment.png"));
    due.extend(sites("scores", "overall_score").then_some("map_overall.png"));
    assert_eq!(drawn("all", &["--png"]), due);
    assert_eq!(drawn("one", &["--png", "security", "--paper", "16:9"]), ["map.png"]);
    assert_eq!(size(&folder, "one/map.png"), (1600, 900));
    drawn("print", &["--png", "security", "--paper", "a4-portrait"]);
    // Twice the pixels of the drawing.
    assert_eq!(size(&folder, "print/map.png"), (2262, 3200));
    for wrong in [["--png", "safety"], ["--paper", "a5"]] {
        let said = folder.run(&[&["score", "--demo"], &wrong[..]].concat());
        assert_eq!(said.code, 2, "{wrong:?}: {}", said.err);
    }
}

#[test]
fn title_subtitle_and_logo_are_wherever_people_read() {
    let folder = Folder::new();
    folder.write("logo.svg", LOGO).write("bad.gif", "GIF89a");
    let heading =
        ["--title", "Mines & <people>", "--subtitle", "For the board", "--logo", "logo.svg"];
    let run = ["score", "--demo", "--report", "--pdf", "--project", "--png", "security"];
    folder.done(&[&run[..], &heading].concat());
    let page = String::from_utf8(folder.bytes("out/report.html")).expect("UTF-8");
    let said = data(&page);
    assert_eq!(said["heading"]["title"], "Mines & <people>");
    assert_eq!(said["heading"]["subtitle"], "For the board");
    let logo = said["heading"]["logo"].as_str().expect("a logo");
    assert!(logo.starts_with("data:image/svg+xml;base64,PHN2Zy"), "{logo}");
    assert!(page.contains("img-src data:") && !page.contains("<people>"));
    for page in texts(&folder.bytes("out/atlas.pdf")) {
        assert!(page.contains("Mines & <people>"), "{page}");
    }
    let pixels = resvg::tiny_skia::Pixmap::decode_png(&folder.bytes("out/map.png")).expect("a PNG");
    let blue =
        pixels.pixels().iter().filter(|p| (p.red(), p.green(), p.blue()) == (0x12, 0x34, 0x56));
    assert!(blue.count() > 1000, "the logo is on the map");
    let project = project(&folder, "out/risk.qgz");
    assert!(project.contains("labelText=\"Mines &amp; &lt;people&gt;\""));
    assert!(project.contains("For the board, as of ") && project.contains("file=\"base64:PHN2Zy"));
    folder.done(&["score", "--demo", "--report", "-o", "plain"]);
    let plain = String::from_utf8(folder.bytes("plain/report.html")).expect("UTF-8");
    assert!(!plain.contains("img-src") && data(&plain).get("heading").is_none());
    for (option, value) in [("--logo", "bad.gif"), ("--logo", "none.png"), ("--title", " ")] {
        let said = folder.run(&["score", "--demo", option, value]);
        assert!(said.code > 1, "{option} {value}: {}", said.err);
    }
}

/// The document of a project.
pub(crate) fn project(folder: &Folder, file: &str) -> String {
    let bytes = std::io::Cursor::new(folder.bytes(file));
    let mut zip = zip::ZipArchive::new(bytes).expect("a zip");
    let mut text = String::new();
    zip.by_index(0).expect("a document").read_to_string(&mut text).expect("UTF-8");
    text
}

#[test]
fn a_project_shows_classes_that_features_have_and_has_a_page_for_each_site() {
    let folder = Folder::new();
    folder.done(&["score", "--demo", "--project"]);
    let text = project(&folder, "out/risk.qgz");
    let (_, layer) = text.split_once("<id>tamarisk_incidents_incidents</id>").expect("incidents");
    let (layer, _) = layer.split_once("</maplayer>").expect("its end");
    let used = crate::cli::features(&folder.json("out/incidents.geojson"));
    let any = |domain: &str| {
        used.values().any(|incident| {
            let of = &incident["properties"];
            of["used"] == true && of["domain"] == domain
        })
    };
    for domain in ["security", "accident", "earthquake", "other"] {
        assert_eq!(layer.contains(&format!("value=\"{domain}\"")), any(domain), "{domain}");
    }
    let links =
        text.split("<layer-tree-layer ").find(|layer| layer.contains("tamarisk_links_links"));
    assert!(
        links.is_some_and(|layer| layer.contains("checked=\"Qt::Unchecked\"")),
        "links are hidden"
    );
    assert_eq!(text.matches("<Atlas ").count(), 1);
    assert!(text.contains("coverageLayer=\"tamarisk_sites_security\""));
    assert!(text.contains("pageNameExpression=\"&quot;name&quot;\""));
}

#[test]
fn a_batch_writes_its_reports_anew_under_another_title() {
    let folder = Folder::new();
    let plan = |title: &str| {
        folder.write(
            "plan.toml",
            format!("title = \"{title}\"\nreports = true\n[inputs]\ndemo = true\n"),
        );
        folder.done(&["batch", "plan.toml", "-o", "many"]);
        let files = crate::batch::tree(&folder.at("many"));
        let report =
            files.into_keys().find(|file| file.ends_with("/report.html")).expect("a report");
        let page = String::from_utf8(folder.bytes(&format!("many/{report}"))).expect("UTF-8");
        data(&page)["heading"]["title"].as_str().expect("a title").to_owned()
    };
    assert_eq!(plan("One"), "One");
    assert_eq!(plan("Two"), "Two");
}
