//! Completion scripts and man pages, made from the same definitions as the help.

use super::args::Args;
use super::terminal::Terminal;
use crate::run::named;
use crate::{Code, Error, Result};
use clap::CommandFactory;
use std::process::ExitCode;

pub fn completions(shell: clap_complete::Shell, terminal: &Terminal) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "tamarisk", &mut script);
    terminal.result(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

pub fn man(command: Option<&str>, terminal: &Terminal) -> Result<ExitCode> {
    let mut all = Args::command();
    all.build();
    let described = match command {
        None => all,
        Some(name) => {
            let names: Vec<&str> = all.get_subcommands().map(clap::Command::get_name).collect();
            let found = all.find_subcommand(name).cloned();
            found.ok_or_else(|| named::unknown("man", name, "a command", &names))?
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(described).render(&mut page).map_err(|error| {
        Error::output(Code::OutputFailed, format!("the man page cannot be made: {error}"))
    })?;
    terminal.result(&String::from_utf8_lossy(&page))?;
    Ok(ExitCode::SUCCESS)
}
