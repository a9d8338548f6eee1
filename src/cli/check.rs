//! `check`: what a file was taken for, how many records it has, and what is wrong with them.

use super::args;
use super::raster;
use super::remedy::COMMAND_LINE;
use super::resolve;
use super::terminal::{Terminal, cell};
use crate::Result;
use crate::model::{Finding, Findings, Place};
use crate::run::{self, CheckReport, named};
use crate::sources::{self, Checked, Role, Source};
use std::path::Path;
use std::process::ExitCode;

/// Findings printed for each file where not all are asked for; JSON has them all.
const MOST_FINDINGS: usize = 20;

/// The exit code of a file that is unreadable, or that a run refuses.
const REFUSED: u8 = 3;

/// 0 where every record can be used, 1 where some are set aside, 3 where a file is unreadable or a run
/// would refuse it.
pub fn check(typed: args::Check, terminal: &Terminal) -> Result<ExitCode> {
    let options = resolve::reading(&typed.reading)?;
    let said = typed.role.as_deref().map(|word| named::role("--as", word)).transpose()?;
    // A map of one role alone says what its files are.
    let role = said.or_else(|| options.map.only_role().map(|role| (role, None)));
    let mut worst = 0;
    let (mut faulty, mut refused) = (Vec::new(), Vec::new());
    let mut reports = Vec::new();
    for file in &typed.files {
        let source = Source::from_arg(file);
        if sources::is_raster(&source, &options).unwrap_or(false) {
            match sources::summarize(&source, &options) {
                Ok(raster) if typed.json => reports.push(CheckReport::of_raster(&raster)),
                Ok(raster) => terminal.result(&raster::text(file, &raster))?,
                Err(error) => {
                    worst = REFUSED;
                    terminal.error(&error);
                }
            }
            continue;
        }
        match sources::check_as(&source, role, &options) {
            Ok(checked) => {
                let code = if checked.refused { REFUSED } else { 0 };
                worst = worst.max(code).max(u8::from(checked.set_aside > 0));
                if checked.set_aside > 0 {
                    let Checked { set_aside, read, .. } = &checked;
                    faulty.push(format!("{set_aside} of {read} in {}", file.display()));
                }
                if checked.refused {
                    refused.push(file.display().to_string());
                }
                if typed.json {
                    reports.push(CheckReport::of(&checked, COMMAND_LINE));
                } else {
                    terminal.result(&text(file, &checked, terminal.verbose))?;
                }
            }
            Err(error) if error.is_usage() || error.is_closed_pipe() => return Err(error),
            Err(error) => {
                worst = REFUSED;
                terminal.error(&error);
            }
        }
    }
    if typed.json {
        terminal.result(&run::json(&reports)?)?;
    }
    if !faulty.is_empty() {
        terminal.fault(&format!("records that cannot be used: {}", faulty.join(", ")));
    }
    if !refused.is_empty() {
        terminal.fault(&format!("files that a run refuses: {}", refused.join(", ")));
    }
    Ok(ExitCode::from(worst))
}

fn text(file: &Path, checked: &Checked, all: bool) -> String {
    let mut text = format!("{}\n  {}\n", cell(&file.to_string_lossy()), cell(&checked.format));
    if !checked.layers.is_empty() {
        let (all, name) = (checked.layers.len(), cell(&file.to_string_lossy()));
        text.push_str(&format!(
            "  {all} layers, of which one is read; {name}:LAYER names another\n"
        ));
        for look in &checked.layers {
            text.push_str(&format!("    {}\n", cell(&look.words(": "))));
        }
    }
    let kind = checked.kind.map(|kind| format!(" ({})", kind.word())).unwrap_or_default();
    let likely = if checked.guessed { "likely " } else { "" };
    text.push_str(&format!("  {likely}{}{kind}, {}\n", checked.role.word(), cell(&checked.layout)));
    if checked.guessed {
        let name = cell(&file.to_string_lossy());
        text.push_str(&format!("  to use it as such: {}\n", option(checked, &name)));
    }
    text.push_str(&format!(
        "  {} read, {} usable, {} set aside{}\n",
        checked.read,
        checked.kept,
        checked.set_aside,
        match checked.left_out {
            0 => String::new(),
            count => format!(", {count} left out as not asked for"),
        }
    ));
    let sorts: Vec<String> =
        checked.sorts.iter().map(|(sort, count)| format!("{count} {sort}")).collect();
    if !sorts.is_empty() {
        text.push_str(&format!("  {}\n", sorts.join(", ")));
    }
    if let Some(words) = unknown_types(&checked.unknown_types) {
        text.push_str(&format!("  {words}\n"));
    }
    text.push_str(&findings_of(&checked.findings, all));
    text
}

/// The option that states the role of a file.
fn option(checked: &Checked, name: &str) -> String {
    match (checked.role, checked.kind) {
        (Role::Sites, _) => format!("--sites {name}"),
        (Role::Incidents, _) => format!("--incidents {name}"),
        (Role::Receptors, Some(kind)) => format!("--receptors {}={name}", kind.word()),
        (Role::Receptors, None) => format!("--receptors {name}"),
    }
}

/// The findings of a file, a line each: all of them or the first, those of the whole file before those of records.
pub fn findings_of(findings: &Findings, all: bool) -> String {
    let mut text = String::new();
    // What is said of a whole file stands for many records, so it comes first.
    let (of_file, of_records): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().partition(|finding| finding.place == Place::File);
    let most = if all { usize::MAX } else { MOST_FINDINGS };
    for finding in of_file.iter().chain(&of_records).take(most) {
        let finding_text = finding.words(COMMAND_LINE);
        // The file stands above.
        let said = finding_text.strip_prefix(&format!("{}: ", finding.file));
        let said = cell(said.unwrap_or(&finding_text));
        text.push_str(&format!("  {}: {said}\n", finding.verdict.word()));
    }
    let more = findings.len().saturating_sub(most);
    if more > 0 {
        text.push_str(&format!("  and {more} more; -v lists all\n"));
    }
    text
}

/// Most unknown event types that are listed.
const MOST_WORDS: usize = 20;

/// The words of types that are not known, with how many records have each.
pub fn unknown_types(words: &[(String, u64)]) -> Option<String> {
    words.first()?;
    let of = |(word, count): &(String, u64)| format!("\"{}\" ({count})", cell(word));
    let listed: Vec<String> = words.iter().take(MOST_WORDS).map(of).collect();
    let more = match words.len().saturating_sub(MOST_WORDS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("unknown types: {}{more}; --types FILE says what they mean", listed.join(", ")))
}
