//! The page of a hindcast: everything on it is text and SVG, so that it is read without a script, on paper, too. Texts
//! that come from data are escaped.

mod charts;
mod tables;

use super::{STYLE, html, policy};
use crate::layers::report::{EventReport, HindcastReport};
use std::io::{self, Write};
use std::sync::LazyLock;

const TEMPLATE: &str = concat!(include_str!("../head.html"), include_str!("page.html"));

static OWN_STYLE: LazyLock<String> =
    LazyLock::new(|| format!("{}{}", *STYLE, include_str!("style.css")));

/// Writes the page of a hindcast.
///
/// # Errors
/// Those of the writer.
pub fn write(report: &HindcastReport, out: &mut dyn Write) -> io::Result<()> {
    let heading = "Does the score tell what came?";
    let policy = policy(None, &OWN_STYLE);
    let (under, sections) = (under(report), sections(report));
    let (main, footer) = (main(report), footer(report));
    super::fill(TEMPLATE, out, |name| match name {
        "title" | "heading" => heading,
        "policy" => &policy,
        "style" => &OWN_STYLE,
        "under" => &under,
        "sections" => &sections,
        "main" => &main,
        "footer" => &footer,
        _ => "",
    })
}

fn under(report: &HindcastReport) -> String {
    let days = match report.origins.as_slice() {
        [] => "no origin".to_owned(),
        [only] => format!("as of {only}"),
        [first, .., last] => format!("{} origins from {first} to {last}", report.origins.len()),
    };
    let scheme = report.schemes.first().map_or("", |(name, _)| name.as_str());
    html(&format!("{} sites · {days} · scheme {scheme}", report.sites))
}

fn sections(report: &HindcastReport) -> String {
    let mut links: Vec<(String, &str)> = Vec::new();
    for (number, event) in report.events.iter().enumerate() {
        links.push((format!("event-{number}"), &event.event));
    }
    if report.calibration.is_some() {
        links.push(("calibration".into(), "Calibration"));
    }
    if report.tuned.is_some() {
        links.push(("tuned".into(), "Other settings"));
    }
    links.extend([("method".to_owned(), "Method"), ("read".to_owned(), "What was read")]);
    let link =
        |(id, text): &(String, &str)| format!("<a href=\"#{id}\">{}</a>", html(&capital(text)));
    links.iter().map(link).collect::<Vec<_>>().join(" ")
}

fn main(report: &HindcastReport) -> String {
    let mut page = format!("<p class=\"verdict\">{}</p>\n", html(&report.verdict));
    for warning in &report.warnings {
        page.push_str(&format!("<p class=\"notice\">{}.</p>\n", html(&capital(warning))));
    }
    for (number, event) in report.events.iter().enumerate() {
        page.push_str(&section(&format!("event-{number}"), &capital(&event.event), &told(event)));
    }
    if let Some(calibration) = &report.calibration {
        page.push_str(&section("calibration", "Calibration", &tables::calibration(calibration)));
    }
    if let Some(tuned) = &report.tuned {
        page.push_str(&section("tuned", "Other settings", &tables::tuned(tuned)));
    }
    page.push_str(&section("method", "Method", &paragraphs(&report.method)));
    page.push_str(&section("read", "What was read", &tables::read(report)));
    page
}

/// How well an event was told.
fn told(event: &EventReport) -> String {
    let mut text = tables::counted(event);
    text.push_str(&tables::metrics(event));
    text.push_str("<div class=\"plots\">\n");
    text.push_str(&figure(
        "Where it happened",
        &charts::hits(event),
        "Of the sites that were followed by the event, how many were among the highest at their origin. The dotted \
         diagonal is chance.",
    ));
    text.push_str(&figure(
        "What each band came to",
        &charts::bands(&event.bands),
        "Share of the sites at origins in the band that were followed by the event, with Wilson's 90 % interval.",
    ));
    text.push_str(&figure(
        "Year by year",
        &charts::years(event),
        "Area under the ROC curve at each origin, and below it how many of the sites that count (gray) were followed by \
         the event (color).",
    ));
    text.push_str("</div>\n");
    text.push_str(&tables::years(event));
    text
}

fn section(id: &str, title: &str, inner: &str) -> String {
    format!(
        "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{}</h2>\n{inner}</section>\n",
        html(title)
    )
}

fn figure(title: &str, svg: &str, caption: &str) -> String {
    format!(
        "<figure><h3>{}</h3>\n{svg}<figcaption>{}</figcaption></figure>\n",
        html(title),
        html(caption)
    )
}

fn paragraphs(lines: &[String]) -> String {
    lines.iter().map(|line| format!("<p>{}</p>\n", html(line))).collect()
}

fn footer(report: &HindcastReport) -> String {
    html(&format!(
        "Made with Tamarisk {}. hindcast.csv has the measures, predictions.csv what was said of each site at each origin and \
         what came; receipt.json the hash of every file.",
        report.version
    ))
}

/// A sentence with a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first: String =
        letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    first + letters.as_str()
}
