//! `scheme`: the numbers behind the scores, shown, described and checked.

use super::args::{self, SchemeCommand};
use super::resolve;
use super::terminal::{Terminal, printable};
use crate::Result;
use crate::run;
use crate::scoring::Scheme;
use std::process::ExitCode;

pub fn scheme(typed: args::Scheme, terminal: &Terminal) -> Result<ExitCode> {
    match typed.command {
        SchemeCommand::Show { scheme } => {
            terminal.result(&resolve::scheme(&scheme)?.to_toml())?;
        }
        SchemeCommand::Schema => terminal.result(&run::json(&Scheme::json_schema())?)?,
        SchemeCommand::Check { scheme: given } => {
            let scheme = resolve::scheme(&given)?;
            for note in scheme.check() {
                terminal.result(&printable(&format!("note: {note}")))?;
            }
            let done = format!("{given}: scheme \"{}\" is in order", scheme.name);
            terminal.result(&printable(&done))?;
        }
        SchemeCommand::List => {
            for name in Scheme::built_in_names() {
                let described = Scheme::built_in(name).transpose()?.map(|s| s.description);
                terminal.result(&format!("{name}: {}", described.unwrap_or_default()))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
