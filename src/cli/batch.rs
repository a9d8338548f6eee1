//! `batch`: many maps by one plan, and a short table of what became of them.

use super::table::{Fit, Rows};
use super::terminal::{Terminal, cell, printable};
use super::{CANCEL, args, code_of};
use crate::Result;
use crate::run::batch::{self, Batch, Frame, Outcome, Plan};
use crate::sources::Source;
use comfy_table::Cell;
use std::path::Path;
use std::process::ExitCode;

/// 0 where every frame stands whole at the end; else the code of the first fault.
pub fn batch(typed: args::Batch, terminal: &Terminal) -> Result<ExitCode> {
    let source = Source::from_arg(&typed.plan);
    let text = source.read_text()?;
    let folder = typed.plan.parent().unwrap_or(Path::new(""));
    let plan = Plan::from_toml(&text, source.name(), folder)?;
    if typed.dry_run {
        return preview(&plan, &typed.output, terminal);
    }
    let progress = terminal.progress();
    let done = batch::perform(&plan, &typed.output, &progress, &CANCEL)?;
    progress.finish();
    for (frame, outcome) in &done.frames {
        if let Outcome::Failed(error) = outcome {
            terminal.say(&printable(&format!("{}: {error}", frame.folder.display())));
            if let Some(hint) = error.hint() {
                terminal.say(&printable(&format!("    hint: {hint}")));
            }
        }
    }
    for region in &done.without_sites {
        terminal
            .say(&printable(&format!("note: region {region}: no site was scored; see its bbox")));
    }
    for without in &done.without_incidents {
        let batch::WithoutIncidents { region, frames, empty, ended, until } = without;
        if *empty > 0 {
            terminal.say(&printable(&format!(
                "note: region {region}: {empty} of {frames} frames have no security incident that can be used, so no security score"
            )));
        }
        if let Some(until) = until {
            terminal.say(&printable(&format!(
                "note: region {region}: {ended} of {frames} frames lie past the end of the security incidents, {until}; the sites they cover have no data or the score of then"
            )));
        }
    }
    if !terminal.quiet {
        terminal.result(&summary(&plan, &done, &typed.output, terminal))?;
    }
    let fault = done.frames.iter().find_map(|(_, outcome)| match outcome {
        Outcome::Failed(error) => Some(code_of(error)),
        _ => None,
    });
    Ok(fault.map_or(ExitCode::SUCCESS, ExitCode::from))
}

/// What would be done.
fn preview(plan: &Plan, folder: &Path, terminal: &Terminal) -> Result<ExitCode> {
    let frames = batch::preview(plan, folder);
    let mut text = String::new();
    for (frame, whole) in &frames {
        let what = match whole {
            Ok(true) => "unchanged".to_owned(),
            Ok(false) => "to do".to_owned(),
            Err(error) => format!("fails: {error}"),
        };
        text.push_str(&format!("{}: {what}\n", cell(&frame.folder.display().to_string())));
    }
    let todo = frames.iter().filter(|(_, whole)| matches!(whole, Ok(false))).count();
    text.push_str(&printable(&format!(
        "{}: {} of {} frames to do in {}; nothing was written\n",
        plan.name,
        todo,
        frames.len(),
        folder.display()
    )));
    terminal.result(&text)?;
    let fault = frames.iter().find_map(|(_, whole)| whole.as_ref().err());
    Ok(fault.map_or(ExitCode::SUCCESS, |error| ExitCode::from(code_of(error))))
}

/// A row for each region and scheme, and where it all is.
fn summary(plan: &Plan, done: &Batch, folder: &Path, terminal: &Terminal) -> String {
    let columns = [
        ("region", Fit::Text),
        ("scheme", Fit::Text),
        ("frames", Fit::Number),
        ("written", Fit::Number),
        ("unchanged", Fit::Number),
        ("failed", Fit::Number),
    ];
    let mut table = Rows::new(terminal, true, &columns);
    let mut rest = done.frames.as_slice();
    while let Some((first, _)) = rest.first() {
        let same = |other: &Frame| other.region == first.region && other.scheme == first.scheme;
        let many = rest.iter().take_while(|(frame, _)| same(frame)).count();
        let (series, after) = rest.split_at(many);
        let count = |of: fn(&Outcome) -> bool| {
            series.iter().filter(|(_, outcome)| of(outcome)).count().to_string()
        };
        table.add([
            Cell::new(cell(&first.region)),
            Cell::new(cell(&first.scheme)),
            Cell::new(series.len()),
            Cell::new(count(|outcome| matches!(outcome, Outcome::Written))),
            Cell::new(count(|outcome| matches!(outcome, Outcome::Unchanged))),
            Cell::new(count(|outcome| matches!(outcome, Outcome::Failed(_)))),
        ]);
        rest = after;
    }
    let mut text = table.text();
    let place = folder.display();
    let frames = done.frames.len();
    let failed = done.frames.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)));
    text.push_str(&printable(&if done.wrote || failed {
        format!("\n{}: {frames} frames in {place}; {place}/report.html shows them, {place}/frames.csv sums them up\n", plan.name)
    } else {
        format!("\n{}: nothing to do, all {frames} frames in {place} are up to date\n", plan.name)
    }));
    text
}
