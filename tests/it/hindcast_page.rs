//! The page of a hindcast: read without a script, with every number of the tables, and nothing in it but text.

use crate::cli::Folder;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A page of the built-in case, calibrated and tuned, under a scheme with a hostile name.
fn page() -> (Folder, String) {
    let folder = Folder::new();
    folder.write("own.toml", "name = \"<script>alert(1)</script> {{main}} & \\\"x\\\"\"\n");
    folder.done(&[
        "hindcast",
        "--demo",
        "--scheme",
        "own.toml",
        "--calibrate",
        "--tune",
        "h,H",
        "-o",
        "out",
    ]);
    let text = String::from_utf8(folder.bytes("out/hindcast.html")).expect("UTF-8");
    (folder, text)
}

#[test]
fn the_page_has_no_script_and_nothing_from_elsewhere() {
    let (_, text) = page();
    assert!(!text.contains("<script"), "a script");
    // The name of the scheme is text, also where it looks like markup or like a placeholder of the template.
    let name = "scheme:&lt;script&gt;alert(1)&lt;/script&gt; {{main}} &amp; &quot;x&quot;";
    assert!(text.contains(name), "the name");
    for from in ["http:", "https:", "src=", "@import", "url(h", "javascript"] {
        assert!(!text.contains(from), "{from}");
    }
    let style = text
        .split_once("<style>")
        .and_then(|(_, rest)| rest.split_once("</style>"))
        .expect("a style")
        .0;
    let hash = base64(&Sha256::digest(style.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    );
    assert!(text.contains(&policy), "{policy}");
    // No element has a style of its own, which the policy would not apply.
    assert!(!text.contains("style=\""));
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3)
            .fold(0_u32, |bits, at| bits << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]);
            text.push(if at > group.len() { '=' } else { digit });
        }
    }
    text
}

/// Every element is closed: apart from the void ones of HTML the page is XML.
#[test]
fn the_page_is_well_formed() {
    let (_, text) = page();
    let body = text.split_once("</head>").expect("a head").1.trim_end().trim_end_matches("</html>");
    let mut reader = Reader::from_str(body);
    let mut open: Vec<String> = Vec::new();
    let mut images = 0;
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => {
                images += usize::from(start.name().0 == "svg");
                for attribute in start.attributes() {
                    attribute.expect("an attribute");
                }
                open.push(start.name().0.to_owned());
            }
            Event::End(end) => {
                assert_eq!(open.pop().as_deref(), Some(end.name().0));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open, Vec::<String>::new());
    // Three plots for each of two events, and one of the calibration.
    assert_eq!(images, 7);
}

#[test]
fn the_page_says_what_the_tables_say() {
    let (folder, text) = page();
    let receipt = folder.json("out/receipt.json");
    let said = |value: &Value| {
        let text = value.as_str().expect("a text");
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    for sentence in [
        &receipt["hindcast"]["conclusions"][0],
        &receipt["hindcast"]["tuned"],
        &receipt["hindcast"]["labels"][0]["counted"],
    ] {
        let sentence = if sentence.is_string() { said(sentence) } else { sentence.to_string() };
        assert!(text.contains(&sentence), "{sentence}");
    }
    for warning in receipt["hindcast"]["warnings"].as_array().expect("warnings") {
        let warning = said(warning);
        assert!(text.contains(warning.split_at(1).1), "{warning}");
    }
    // Every pooled value of every model and event is in a table, to three decimals.
    let table = String::from_utf8(folder.bytes("out/hindcast.csv")).expect("UTF-8");
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let head = rows.headers().expect("a header").clone();
    let at = |name: &str| head.iter().position(|of| of == name).expect("a column");
    let (origin, value, model) = (at("origin"), at("value"), at("model"));
    let mut seen = 0;
    for row in rows.records().map(|row| row.expect("a row")).filter(|row| &row[origin] == "pooled")
    {
        let name = row[model]
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;");
        assert!(text.contains(&format!("<th scope=\"row\">{name}")), "{name}");
        if let Ok(number) = row[value].parse::<f64>() {
            let short = format!("{number:.3}").replace('-', "−");
            assert!(text.contains(&format!("<td class=\"r\">{short}")), "{short}");
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
    // Ties are marked as such.
    assert!(text.contains("tie\">= "), "a tie");
}
