//! Reports as self-contained HTML pages: no network, no fonts, no other file. Everything that comes from data is in
//! one block of JSON, which the page's script renders as text and never as markup. The content security policy allows
//! only this script and this style, by their hashes. The page of a hindcast is short enough to be written out; it has no
//! script at all.

mod escape;
mod ground;
mod hindcast;
mod paths;

pub use escape::{html, json};
pub use hindcast::write as write_hindcast;

use crate::layers::report::{BatchReport, Heading, Page, Report, base64};
use crate::layers::style::{Color, GROUND, INCIDENT_CLASSES, NO_DATA, Theme, receptor_color};
use crate::model::ReceptorKind;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use std::sync::LazyLock;

/// The style sheet of all pages. Placeholders are replaced by the colors of the bands as `--security-1` to
/// `--environment-5`, of no data as `--unknown`, `--unknown-ground` and `--unknown-line`, of the classes of incidents, of
/// the kinds of receptors, and of the base map.
static STYLE: LazyLock<String> = LazyLock::new(|| {
    let tone = |name: &str, color: Color| format!("--{name}: {}; ", color.hex());
    let bands = Theme::ALL.into_iter().chain([Theme::Overall]).flat_map(|theme| {
        let named = move |(band, color)| tone(&format!("{}-{band}", theme.word()), color);
        (1..).zip(theme.ramp()).map(named)
    });
    let unknown = [
        tone("unknown", NO_DATA.plain),
        tone("unknown-ground", NO_DATA.ground),
        tone("unknown-line", NO_DATA.lines),
    ];
    let tones: String = bands.chain(unknown).collect();
    let ground = [
        ("SEA", GROUND.sea),
        ("LAND", GROUND.land),
        ("COAST", GROUND.coast),
        ("BORDER", GROUND.border),
        ("NAME", GROUND.name),
        ("PROVINCE", GROUND.province),
        ("RIVER", GROUND.river),
        ("TOWN", GROUND.town),
    ];
    let ground = ground.map(|(name, color)| (name.to_owned(), color));
    let kinds = INCIDENT_CLASSES.iter().enumerate();
    let kinds = kinds.map(|(at, class)| (format!("KIND_{at}"), class.color));
    let receptors =
        ReceptorKind::ALL.map(|kind| (format!("OF_{}", kind.word()), receptor_color(kind)));
    let style = ground.into_iter().chain(kinds).chain(receptors).fold(
        concat!(include_str!("style.css"), include_str!("ground.css")).to_owned(),
        |style, (name, color)| style.replace(&format!(": {name};"), &format!(": {};", color.hex())),
    );
    format!(":root {{ {tones}}}\n{style}")
});

/// The style sheet of all pages with its colors.
pub fn style() -> &'static str {
    &STYLE
}

/// What the style sheet has besides in a page that tells how sure scores are.
const SURE_STYLE: &str = include_str!("sure.css");

/// How a line of a script ends that is only in pages that tell how sure scores are.
const SURE: &str = "// sure";

/// A kind of page.
struct Kind {
    template: &'static str,
    /// What the style sheet has besides.
    style: &'static str,
    /// The concatenated script files share one scope.
    script: &'static str,
    /// What the script has besides in a page that tells how sure scores are; lines that end in [`SURE`] use it.
    sure: &'static str,
    /// The end of the script, which draws the page.
    start: &'static str,
}

/// The report of a run.
const RUN: Kind = Kind {
    template: concat!(
        include_str!("head.html"),
        include_str!("controls.html"),
        include_str!("run/body.html"),
        include_str!("foot.html")
    ),
    style: include_str!("run/style.css"),
    script: concat!(
        "\"use strict\";\n(() => {\n",
        include_str!("data.js"),
        include_str!("words.js"),
        include_str!("table.js"),
        include_str!("run/cautions.js"),
        include_str!("run/sites.js"),
        include_str!("run/map.js"),
        include_str!("run/ground.js"),
        include_str!("run/switches.js"),
        include_str!("run/surface.js"),
        include_str!("run/incidents.js"),
        include_str!("run/time.js"),
        include_str!("run/filtered.js"),
        include_str!("run/receptors.js"),
        include_str!("run/thinned.js"),
        include_str!("run/links.js"),
        include_str!("run/area_names.js"),
        include_str!("run/room.js"),
        include_str!("run/marks.js"),
        include_str!("run/gathered.js"),
        include_str!("run/move.js"),
        include_str!("run/print.js"),
        include_str!("run/panel.js"),
        include_str!("run/sections.js"),
        include_str!("run/search.js"),
        include_str!("run/picture.js"),
        include_str!("run/downloads.js"),
        include_str!("run/address.js"),
        include_str!("run/fold.js"),
        include_str!("run/disclosures.js"),
    ),
    sure: include_str!("run/sure.js"),
    start: concat!(include_str!("run/start.js"), "})();\n"),
};

/// The report of a batch.
const BATCH: Kind = Kind {
    template: concat!(
        include_str!("head.html"),
        include_str!("controls.html"),
        include_str!("batch/body.html"),
        include_str!("foot.html")
    ),
    style: include_str!("batch/style.css"),
    script: concat!(
        "\"use strict\";\n(() => {\n",
        include_str!("data.js"),
        include_str!("words.js"),
        include_str!("table.js"),
        include_str!("batch/series.js"),
        include_str!("batch/chart.js"),
        include_str!("batch/panel.js"),
        include_str!("batch/sections.js"),
        include_str!("batch/crossings.js"),
        include_str!("batch/map.js"),
    ),
    sure: include_str!("batch/sure.js"),
    start: concat!(include_str!("batch/start.js"), "})();\n"),
};

/// Writes the report of a run.
///
/// # Errors
/// Those of the writer.
pub fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = &page.report;
    let title = match &report.as_of {
        Some(date) => format!("{}, {date}", named(report)),
        None => named(report),
    };
    let title = page.heading.title.clone().unwrap_or(title);
    let ground = ground::of_run(page);
    RUN.write(&title, report, &ground, Some(&page.heading), report.sure.is_some(), out)
}

/// The title of a report: what it is of, and where.
fn named(report: &Report<'_>) -> String {
    let sites = if report.sites == 1 { "site" } else { "sites" };
    let place = report.place.as_ref().map(|place| format!(" {place}")).unwrap_or_default();
    format!("Risk of {} {sites}{place}", report.sites)
}

/// Writes the report of a batch.
///
/// # Errors
/// Those of the writer.
pub fn write_batch(report: &BatchReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    BATCH.write(
        report.name,
        report,
        &ground::still(&report.map.ground, &report.map.level),
        None,
        report.sure,
        out,
    )
}

impl Kind {
    fn write(
        &self,
        title: &str,
        data: &impl Serialize,
        ground: &str,
        heading: Option<&Heading>,
        sure: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let data = json(&serde_json::to_string(data)?);
        let (script, style) = (self.script(sure), self.styled(sure));
        let (title, policy) = (html(title), policy(Some(&script), &style));
        // Only a logo is a picture.
        let policy = match heading.and_then(|heading| heading.logo.as_ref()) {
            Some(_) => format!("{policy}; img-src data:"),
            None => policy,
        };
        fill(self.template, out, |name| match name {
            "title" => &title,
            "policy" => &policy,
            "style" => &style,
            "script" => &script,
            "ground" => ground,
            "data" => &data,
            _ => "",
        })
    }

    /// The style sheet of a page that tells how sure scores are, or does not.
    fn styled(&self, sure: bool) -> String {
        let more = if sure { SURE_STYLE } else { "" };
        format!("{}{}{more}", *STYLE, self.style)
    }

    /// The script of a page that tells how sure scores are, or does not.
    fn script(&self, sure: bool) -> String {
        let Self { script, sure: more, start, .. } = self;
        if sure {
            return [*script, *more, *start].concat();
        }
        let lines = script.split_inclusive('\n').chain(start.split_inclusive('\n'));
        lines.filter(|line| !line.trim_end().ends_with(SURE)).collect()
    }
}

/// Writes a template with a part for each of its placeholders, `{{name}}`. Parts are not scanned for placeholders: a name
/// may well be {{data}}.
fn fill<'p>(template: &str, out: &mut dyn Write, part: impl Fn(&str) -> &'p str) -> io::Result<()> {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        out.write_all(before.as_bytes())?;
        out.write_all(part(name).as_bytes())?;
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

/// The content security policy of a page: only this style and this script, if there is one, and nothing external.
fn policy(script: Option<&str>, style: &str) -> String {
    let hash = |text: &str| base64(&Sha256::digest(text.as_bytes()));
    let script = script.map(|text| format!("script-src 'sha256-{}'; ", hash(text)));
    format!(
        "default-src 'none'; {}style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        script.unwrap_or_default(),
        hash(style)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_asks_for_every_part_once() {
        let parts = ["title", "policy", "style", "script", "data", "ground"];
        for kind in [RUN, BATCH] {
            for part in parts {
                let asked = kind.template.matches(&format!("{{{{{part}}}}}")).count();
                assert_eq!(asked, 1, "{part}");
            }
            assert_eq!(kind.template.matches("{{").count(), parts.len());
        }
    }

    #[test]
    fn incidents_and_receptors_have_the_colors_and_classes_of_every_map() {
        let style = style();
        assert!(!style.contains("KIND_") && !style.contains("OF_"));
        let classes = include_str!("run/incidents.js");
        let mut rows = Vec::new();
        for (at, class) in INCIDENT_CLASSES.iter().enumerate() {
            assert!(style.contains(&format!("--kind-{at}: {};", class.color.hex())));
            let mut words: Vec<_> =
                class.types.iter().map(|kind| format!("\"{}\"", kind.word())).collect();
            if words.is_empty() {
                words.push("\"accident\"".to_owned());
            }
            rows.push(format!("[{}]", words.join(", ")));
        }
        let rows = rows.join(", ");
        assert!(classes.contains(&format!("const KINDS = [{rows}]")), "{rows}");
    }

    #[test]
    fn nothing_ends_the_script_or_the_style_early() {
        for sure in [false, true] {
            for text in [RUN.script(sure), BATCH.script(sure), BATCH.styled(sure)] {
                let text = text.to_lowercase();
                assert!(!text.contains("</") && !text.contains("<!--"));
            }
        }
    }

    #[test]
    fn a_page_without_draws_has_nothing_of_those_with_them() {
        for kind in [RUN, BATCH] {
            let (without, with) = (kind.script(false), kind.script(true));
            assert!(!without.contains(SURE) && !without.contains("DATA.sure"));
            assert!(with.contains(kind.sure) && with.ends_with("})();\n"));
            let lines: Vec<&str> = with.lines().filter(|line| line.ends_with(SURE)).collect();
            assert!(lines.len() > 1 && without.lines().all(|line| !lines.contains(&line)));
        }
        assert!(RUN.styled(true).starts_with(&RUN.styled(false)));
    }
}
