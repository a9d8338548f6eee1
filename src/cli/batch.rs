//! `batch`: performs a plan, and prints a table of its frames by region and scheme.

use super::table::{Fit, Rows};
use super::terminal::{Terminal, cell, printable};
use super::{CANCEL, args, code_of};
use crate::run::batch::{self, Batch, Frame, Outcome, Plan};
use crate::{Error, Result};
use comfy_table::Cell;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Returns 0 if every frame is complete at the end, else the exit code of the first error.
pub fn batch(typed: args::Batch, terminal: &Terminal) -> Result<ExitCode> {
    let plan = Plan::read(&typed.plan)?;
    if typed.dry_run {
        return preview(&plan, &typed.output, typed.over.replace, terminal);
    }
    let progress = terminal.progress();
    let done = batch::perform(&plan, &typed.output, typed.over.replace, &progress, &CANCEL)?;
    progress.finish();
    let failed = done.frames.iter().filter_map(|(frame, outcome)| match outcome {
        Outcome::Failed(error) => Some((frame.folder.as_path(), error)),
        _ => None,
    });
    let over_time = done.faults.iter().map(|(folder, error)| (folder.as_path(), error));
    let fault = faults(failed.chain(over_time), terminal);
    for told in &done.notes {
        let folders = told.folders.iter().map(PathBuf::as_path).collect::<Vec<_>>();
        terminal.say(&printable(&format!("note: {}: {}", named(&folders), told.note.text)));
    }
    for region in &done.without_sites {
        terminal.say(&printable(&format!("note: region {region}: no sites inside its bbox")));
    }
    if !terminal.quiet {
        terminal.result(&summary(&plan, &done, &typed.output, terminal))?;
    }
    Ok(fault)
}

/// Prints the errors of folders, each message once; returns the exit code of the first.
fn faults<'e>(
    failed: impl Iterator<Item = (&'e Path, &'e Error)>,
    terminal: &Terminal,
) -> ExitCode {
    let mut reasons: Vec<(&Error, Vec<&Path>)> = Vec::new();
    for (folder, error) in failed {
        let same =
            |other: &Error| (other.to_string(), other.hint()) == (error.to_string(), error.hint());
        match reasons.iter_mut().find(|(other, _)| same(other)) {
            Some((_, folders)) => folders.push(folder),
            None => reasons.push((error, vec![folder])),
        }
    }
    for (error, folders) in &reasons {
        let message = error.message_for(terminal.face());
        terminal.fault(&format!("error: {}: {message}", named(folders)));
        if let Some(hint) = error.hint_for(terminal.face()) {
            terminal.fault(&format!("    hint: {hint}"));
        }
    }
    reasons.first().map_or(ExitCode::SUCCESS, |(error, _)| ExitCode::from(code_of(error)))
}

/// The first of some folders, and how many more there are.
fn named(folders: &[&Path]) -> String {
    let first = folders.first().map(|folder| folder.display().to_string()).unwrap_or_default();
    match folders.len() {
        0 | 1 => first,
        many => format!("{first} and {} more", many - 1),
    }
}

/// What would be done.
fn preview(plan: &Plan, folder: &Path, replace: bool, terminal: &Terminal) -> Result<ExitCode> {
    let frames = batch::preview(plan, folder, replace);
    let mut text = String::new();
    for (frame, whole) in &frames {
        let what = match whole {
            Ok(true) => "unchanged".to_owned(),
            Ok(false) => "to do".to_owned(),
            Err(error) => format!("fails: {}", error.message_for(terminal.face())),
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
    let failed = frames.iter().filter_map(|(frame, whole)| {
        whole.as_ref().err().map(|error| (frame.folder.as_path(), error))
    });
    Ok(faults(failed, terminal))
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
    let failed = !done.faults.is_empty()
        || done.frames.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)));
    text.push_str(&printable(&if done.wrote || failed {
        format!("\n{}: {frames} frames in {place}; {place}/report.html shows them, {place}/frames.csv sums them up\n", plan.name)
    } else {
        format!("\n{}: nothing to do, all {frames} frames in {place} are up to date\n", plan.name)
    }));
    text
}
