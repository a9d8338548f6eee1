//! Completion scripts and man pages, made from the same definitions as the help.

use super::args::Args;
use super::terminal::Terminal;
use crate::run::named;
use crate::{Code, Error, Result};
use clap::CommandFactory;
use std::process::ExitCode;

pub fn completions(shell: clap_complete::Shell, terminal: &Terminal) -> Result<ExitCode> {
    let mut command = offered(Args::command());
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "tamarisk", &mut script);
    terminal.result(&without_hidden(&command, &String::from_utf8_lossy(&script)))?;
    Ok(ExitCode::SUCCESS)
}

/// A script that offers no hidden option.
fn without_hidden(command: &clap::Command, script: &str) -> String {
    let mut hidden = command.get_arguments().filter(|arg| arg.is_hide_set());
    let Some(name) = hidden.find_map(clap::Arg::get_long) else { return script.to_owned() };
    let line = |line: &str| {
        let is_list = line.trim_start().starts_with("opts=");
        let told = [format!("-l {name} "), format!("'--{name}"), format!("&'--{name}")];
        match (is_list, told.iter().any(|text| line.contains(text))) {
            (true, _) => Some(line.replace(&format!(" --{name}"), "")),
            (false, true) => None,
            (false, false) => Some(line.to_owned()),
        }
    };
    let lines: Vec<String> = script.lines().filter_map(line).collect();
    lines.join("\n")
}

/// Words in the names of values that are files.
const FILES: [&str; 10] =
    ["FILE", "DIR", "PLAN", "PATH", "OUT", "IN", "MAP", "SCHEME", "WHERE", "URL"];

/// A command as completions offer it: with names of files only where a file belongs.
fn offered(command: clap::Command) -> clap::Command {
    let is_file = |arg: &clap::Arg| {
        let names = arg.get_value_names().unwrap_or_default();
        names.iter().any(|name| FILES.iter().any(|file| name.contains(file)))
    };
    let command = command.mut_args(move |arg| {
        if is_file(&arg) || !arg.get_action().takes_values() {
            arg
        } else {
            arg.value_hint(clap::ValueHint::Other)
        }
    });
    command.mut_subcommands(offered)
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
