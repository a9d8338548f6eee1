//! `convert`: a table or layer in another format.

use super::CANCEL;
use super::args;
use super::check::findings_of;
use super::resolve;
use super::terminal::{Terminal, cell};
use crate::run::{self, Conversion, Converted, named};
use crate::sinks::records::Format;
use crate::sources::Source;
use crate::{Code, Error, Result};
use std::path::Path;
use std::process::ExitCode;

pub fn convert(typed: args::Convert, terminal: &Terminal) -> Result<ExitCode> {
    let args::Convert { input, output, format, role: said, replace, reading } = typed;
    if reading.since.is_some() {
        return Err(Error::usage(
            Code::SettingsConflict,
            "--since is for incidents that are scored",
        )
        .with_hint("--where \"date >= 2020-01-01\" converts the records from a day on"));
    }
    let read = resolve::reading(&reading)?;
    let said = said.as_deref().map(|word| named::role("--as", word)).transpose()?;
    let of_map = || read.map.only_role().map(|role| (role, None));
    let asked = Conversion {
        source: Source::from_arg(&input),
        role: said.or_else(of_map),
        format: format_of(format.as_deref(), &output)?,
        output: (output != Path::new("-")).then_some(output),
        replace,
        read,
    };
    let progress = terminal.progress();
    let converted = run::convert(&asked, &progress, &CANCEL)?;
    progress.finish();
    terminal.say(told(&input, &asked, &converted, terminal.verbose).trim_end());
    Ok(ExitCode::SUCCESS)
}

/// The format that is named, or that the ending of the output says.
fn format_of(named: Option<&str>, output: &Path) -> Result<Format> {
    let words: Vec<&str> = Format::ALL.iter().map(|format| format.word()).collect();
    let words = words.join(", ");
    if let Some(word) = named {
        return Format::from_word(word.trim()).ok_or_else(|| {
            let word = word.escape_debug();
            Error::usage(
                Code::SettingInvalid,
                format!("--format: \"{word}\" is no format; expected one of {words}"),
            )
        });
    }
    Format::of_path(output).ok_or_else(|| {
        let text = match output.to_str() {
            Some("-") => "the format of standard output is not named".to_owned(),
            _ => format!("{}: no format has this ending", output.display()),
        };
        Error::usage(Code::FormatUnsupported, text)
            .with_hint(format!("name one with --format: {words}"))
    })
}

fn told(input: &Path, asked: &Conversion, converted: &Converted, all: bool) -> String {
    let Converted { description, counts, findings, written } = converted;
    let mut text = format!("{}: {}\n", cell(&input.to_string_lossy()), cell(description));
    text.push_str(&findings_of(findings, all));
    let records = |count: u64| format!("{count} record{}", if count == 1 { "" } else { "s" });
    text.push_str(&format!("{} read, {} written", records(counts.read), counts.taken()));
    if counts.without > 0 {
        text.push_str(&format!(" ({} without a geometry)", counts.without));
    }
    text.push_str(&format!(", {} set aside", counts.set_aside));
    if counts.left_out > 0 {
        text.push_str(&format!(", {} left out as not asked for", counts.left_out));
    }
    if let (Some(path), Some(file)) = (&asked.output, written) {
        let path = path.to_string_lossy();
        text.push_str(&format!("\n{}, {} kB\n", cell(&path), file.bytes.div_ceil(1000)));
    }
    text
}
