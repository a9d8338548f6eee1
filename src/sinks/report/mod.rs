//! The report as one page that needs nothing else: no network, no fonts, no other file. Everything that
//! comes from data stands in one block of JSON, which the page's script writes as text and never as
//! markup; its policy allows this script and this style by their hashes and nothing besides.

mod escape;
mod paths;

pub use escape::{html, json};

use crate::layers::report::{Ground, Page};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

const TEMPLATE: &str = include_str!("template.html");
const STYLE: &str = include_str!("style.css");

/// The page's script; its files share one scope, in this order.
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("page.js"),
    include_str!("table.js"),
    include_str!("map.js"),
    include_str!("marks.js"),
    include_str!("move.js"),
    include_str!("panel.js"),
    include_str!("sections.js"),
    include_str!("start.js"),
    "})();\n"
);

/// Writes the page.
///
/// # Errors
/// What the writer gives.
pub fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = &page.report;
    let title = match &report.as_of {
        Some(date) => format!("Risk of {} sites, {date}", report.sites),
        None => format!("Risk of {} sites", report.sites),
    };
    let data = json(&serde_json::to_string(report)?);
    let (title, policy, ground) = (html(&title), policy(), ground(&page.ground));
    // What is put in is never looked through again: a name may well read {{data}}.
    let mut rest = TEMPLATE;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        out.write_all(before.as_bytes())?;
        let part = match name {
            "title" => &*title,
            "policy" => &*policy,
            "style" => STYLE,
            "script" => SCRIPT,
            "ground" => &*ground,
            "data" => &*data,
            _ => "",
        };
        out.write_all(part.as_bytes())?;
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

/// The page's content security policy: this script and this style, and nothing from anywhere.
fn policy() -> String {
    let hash = |text: &str| base64(&Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// The ground as paths of an SVG.
fn ground(ground: &Ground) -> String {
    let path = |class: &str, lines: &[Vec<(f64, f64)>], closed: bool| {
        format!("<path class=\"{class}\" d=\"{}\"/>\n", paths::data(lines, closed))
    };
    [
        path("land", &ground.land, true),
        path("coast", &ground.coasts, false),
        path("border", &ground.borders, false),
        path("disputed", &ground.disputed, false),
    ]
    .concat()
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |bits: u32| DIGITS.get((bits & 63) as usize).map_or('=', |d| char::from(*d));
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digits = [digit(bits >> 18), digit(bits >> 12), digit(bits >> 6), digit(bits)];
        text.extend(digits.iter().take(group.len() + 1));
        text.extend(std::iter::repeat_n('=', 3 - group.len()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648, section 10.
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn the_template_asks_for_every_part_once() {
        for part in ["title", "policy", "style", "script", "ground", "data"] {
            assert_eq!(TEMPLATE.matches(&format!("{{{{{part}}}}}")).count(), 1, "{part}");
        }
        assert_eq!(TEMPLATE.matches("{{").count(), 6);
    }

    #[test]
    fn nothing_ends_the_script_or_the_style_early() {
        for text in [SCRIPT, STYLE] {
            let text = text.to_lowercase();
            assert!(!text.contains("</") && !text.contains("<!--"));
        }
    }
}
