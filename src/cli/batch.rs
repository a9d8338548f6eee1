//! `batch`: performs a plan, and prints a table of its frames by region and scheme.

use super::batch_log::{Log, Logged};
use super::limits::{and_above, band};
use super::table::{Fit, Rows};
use super::terminal::{Terminal, cell, printable};
use super::{CANCEL, args, code_of};
use crate::run::batch::{self, Batch, Frame, Newest, Outcome, Plan, Preview, Reached};
use crate::scoring::Band;
use crate::{Error, Result};
use comfy_table::Cell;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Some frames failed, and others are complete.
const IN_PART: u8 = 5;

/// Returns 0 if every frame is complete at the end and within the limit; 1 if a site of a last date is past it;
/// [`IN_PART`] if some frames failed; the exit code of the first error if all did.
pub fn batch(typed: args::Batch, terminal: &Terminal) -> Result<ExitCode> {
    let least = typed.fail_on.as_deref().map(band).transpose()?;
    let plan = Plan::read(&typed.plan)?;
    if typed.dry_run {
        return preview(&plan, &typed.output, typed.over.replace, terminal);
    }
    let log = Log::open(typed.log.as_deref(), &plan)?;
    let ended = perform(&plan, &typed, least, &log, terminal);
    match &ended {
        Ok((_, words)) => log.add(&format!("ended: {words}")),
        Err(error) => log.add(&format!("ended: {}", error.message_for(terminal.face()))),
    }
    log.check(terminal);
    ended.map(|(code, _)| code)
}

/// Performs a plan; returns the exit code, and what it came to in a few words.
fn perform(
    plan: &Plan,
    typed: &args::Batch,
    least: Option<Band>,
    log: &Log,
    terminal: &Terminal,
) -> Result<(ExitCode, String)> {
    let (folder, replace) = (typed.output.as_path(), typed.over.replace);
    let progress = terminal.progress();
    let watch = Logged { watch: &progress, log };
    let done = batch::perform(plan, folder, replace, &watch, &CANCEL)?;
    progress.finish();
    let failed = done.frames.iter().filter_map(|(frame, outcome)| match outcome {
        Outcome::Failed(error) => Some((frame.folder.as_path(), error)),
        _ => None,
    });
    let over_time = done.faults.iter().map(|(folder, error)| (folder.as_path(), error));
    let whole = done.frames.iter().any(|(_, outcome)| !matches!(outcome, Outcome::Failed(_)));
    let fault = faults(failed.chain(over_time), whole, terminal);
    let past = match least {
        Some(least) => past(&batch::reached(folder, &done, least)?, least, terminal),
        None => false,
    };
    for note in notes(&done) {
        log.add(&note);
        terminal.say(&printable(&note));
    }
    if !terminal.quiet {
        terminal.result(&summary(plan, &done, folder, terminal))?;
    }
    let code = match fault {
        Some(code) => ExitCode::from(code),
        None if past => ExitCode::from(1),
        None => ExitCode::SUCCESS,
    };
    Ok((code, counted(&done)))
}

/// The notes of a batch, a line each.
fn notes(done: &Batch) -> Vec<String> {
    let newest = done.newest.iter().filter_map(|newest| newest.finding.as_ref());
    let newest = newest.map(|found| format!("note: {}", found.words(batch::PLAN)));
    let told = done.notes.iter().map(|told| {
        let folders = told.folders.iter().map(PathBuf::as_path).collect::<Vec<_>>();
        format!("note: {}: {}", named(&folders), told.note.text)
    });
    let empty = done.without_sites.iter();
    let empty = empty.map(|region| format!("note: region {region}: no sites inside its bbox"));
    newest.chain(told).chain(empty).collect()
}

/// Tells which sites of the last dates are past a limit; returns whether any is.
fn past(reached: &[Reached], least: Band, terminal: &Terminal) -> bool {
    for Reached { folder, over, sites } in reached {
        let word = if *sites == 1 { "site" } else { "sites" };
        let are = if *over == 1 { "is" } else { "are" };
        terminal.fault(&format!(
            "--fail-on {}: {folder}: {over} of {sites} {word} {are} {} in security or environment",
            least.word().replace(' ', "-"),
            and_above(least)
        ));
    }
    !reached.is_empty()
}

/// Prints the errors of folders, each message once; returns the exit code if there are any: [`IN_PART`] if a frame is whole,
/// else that of the first.
fn faults<'e>(
    failed: impl Iterator<Item = (&'e Path, &'e Error)>,
    whole: bool,
    terminal: &Terminal,
) -> Option<u8> {
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
    let first = reasons.first().map(|(error, _)| code_of(error));
    first.map(|first| if whole { IN_PART } else { first })
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
    let Preview { newest, frames } = batch::preview(plan, folder, replace, &CANCEL)?;
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
    text.push_str(&last_date(newest.as_ref()));
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
    let whole = frames.iter().any(|(_, whole)| whole.is_ok());
    Ok(faults(failed, whole, terminal).map_or(ExitCode::SUCCESS, ExitCode::from))
}

/// What the last date follows, on a line; nothing if it is given.
fn last_date(newest: Option<&Newest>) -> String {
    newest.map_or_else(String::new, |Newest { date, file, incident, .. }| {
        format!("last date {date}, of the newest incident: {} in {}\n", cell(incident), cell(file))
    })
}

/// How many frames were written, unchanged and failed.
fn counted(done: &Batch) -> String {
    let count =
        |of: fn(&Outcome) -> bool| done.frames.iter().filter(|(_, outcome)| of(outcome)).count();
    let [written, unchanged, failed] = [
        count(|outcome| matches!(outcome, Outcome::Written)),
        count(|outcome| matches!(outcome, Outcome::Unchanged)),
        count(|outcome| matches!(outcome, Outcome::Failed(_))),
    ];
    format!("{written} written, {unchanged} unchanged, {failed} failed")
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
    text.push('\n');
    text.push_str(&last_date(done.newest.as_ref()));
    if let Some(first) = done.removed.first() {
        let many = done.removed.len();
        let word = if many == 1 { "frame" } else { "frames" };
        text.push_str(&printable(&format!(
            "{many} {word} of dates that the plan does not keep removed, the first {}\n",
            first.display()
        )));
    }
    text.push_str(&printable(&if done.wrote || failed {
        format!("{}: {frames} frames in {place}; {place}/report.html shows them, {place}/frames.csv sums them up, {place}/changes.csv lists sites in another band\n", plan.name)
    } else {
        format!("{}: nothing to do, all {frames} frames in {place} are up to date\n", plan.name)
    }));
    text
}
