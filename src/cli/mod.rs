//! The command line: what was typed is parsed, resolved into a request, handed to `run`, and the
//! answer printed. Results go to standard output, everything else to standard error.

mod args;
mod bare;
mod batch;
mod batch_log;
mod check;
mod convert;
mod corridor;
mod diff;
mod explain;
mod four_edges;
mod hindcast;
mod limits;
mod lines;
mod lost;
mod near;
mod progress;
mod rank;
mod raster;
mod remedy;
mod resolve;
mod scheme;
mod score;
mod sensitivity;
#[cfg(feature = "serve")]
mod serve;
mod shell;
mod signals;
mod surface;
mod table;
mod terminal;

pub use remedy::COMMAND_LINE;

use crate::run::Cancel;
use crate::simd;
use crate::{Code, Error};
use args::{Args, Command, Shown};
use clap::Parser;
use clap::error::ErrorKind;
use lines::Line;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use terminal::Terminal;

/// Raised by Ctrl-C and by a polite end; the run stops at the next batch and leaves nothing half
/// written.
static CANCEL: Cancel = Cancel::new();

/// Parses a command line, runs it and returns its exit code. `args` begin with the program's name.
///
/// 0 done; 1 done with findings (`check`), or past a limit or with a change that the user set; 2 usage or scheme; 3 data; 4 input or output; 5 a
/// batch of which some frames failed; 130 interrupted. A closed pipe is success.
///
/// It takes over Ctrl-C for the whole program, so that it is to be called once, by `main`.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    signals::outlive_file_limit();
    let typed = four_edges::joined(args);
    let args = match Args::try_parse_from(&typed) {
        Ok(args) => args,
        Err(fault) => return not_parsed(&fault, Shown::is_json_in(&typed)),
    };
    let terminal = Terminal::new(&args.global, args.command.prints_json(), args.command.face());
    signals::hear(args.command.writes());
    match threads(args.global.threads).and_then(|pool| run(args, &terminal, pool)) {
        Ok(code) => code,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            terminal.error(&error);
            ExitCode::from(code_of(&error))
        }
    }
}

/// Tells why arguments cannot be parsed, or what they ask to be told: help and version.
fn not_parsed(fault: &clap::Error, json: bool) -> ExitCode {
    if !fault.use_stderr() {
        // Nothing can be told where even this cannot be printed.
        let _ = fault.print();
        return ExitCode::SUCCESS;
    }
    if json {
        let code = match fault.kind() {
            ErrorKind::ArgumentConflict => Code::SettingsConflict,
            _ => Code::SettingInvalid,
        };
        Line::error(&worded(code, &fault.render().to_string()), COMMAND_LINE).print();
    } else {
        let _ = fault.print();
    }
    ExitCode::from(2)
}

/// The error that a parser words for people: a paragraph on what is wrong, and perhaps some with tips.
fn worded(code: Code, said: &str) -> Error {
    let mut paragraphs = said.split("\n\n").map(|text| text.split_whitespace().collect::<Vec<_>>());
    let wrong = paragraphs.next().unwrap_or_default().join(" ");
    let error = Error::usage(code, wrong.trim_start_matches("error: "));
    let tips: Vec<String> = paragraphs.map(|words| words.join(" ")).collect();
    let tips: Vec<&str> = tips.iter().filter_map(|text| text.strip_prefix("tip: ")).collect();
    if tips.is_empty() { error } else { error.with_hint(tips.join("; ")) }
}

/// Memory for the stack of each thread: as much as a program's first thread usually has.
const STACK: usize = 8 << 20;

/// Makes the thread pool of a question; by default one thread per core.
fn threads(asked: Option<NonZeroUsize>) -> crate::Result<ThreadPool> {
    let count = asked.map_or(0, NonZeroUsize::get);
    let pool = ThreadPoolBuilder::new().num_threads(count).stack_size(STACK).build();
    pool.map_err(|error| match asked {
        Some(count) => Error::usage(Code::SettingInvalid, format!("--threads {count}: {error}")),
        None => Error::output(Code::OutputFailed, format!("no threads can be started: {error}")),
    })
}

/// Runs a command on the threads of a pool. A server takes the pool, and leaves all its threads to the questions.
fn run(args: Args, terminal: &Terminal, pool: ThreadPool) -> crate::Result<ExitCode> {
    simd::keep_to(match args.global.registers {
        args::Registers::Baseline => simd::Width::Baseline,
        args::Registers::Avx2 => simd::Width::Avx2,
        args::Registers::Widest => simd::Width::Widest,
    });
    match args.command {
        #[cfg(feature = "serve")]
        Command::Serve(typed) => serve::serve(typed, terminal, pool),
        Command::Demo(demo) => pool.install(|| score::demo(demo, terminal)),
        Command::Score(score) => pool.install(|| score::score(*score, terminal)),
        Command::Surface(surface) => pool.install(|| surface::surface(surface, terminal)),
        Command::Batch(batch) => pool.install(|| batch::batch(batch, terminal)),
        Command::Hindcast(hindcast) => pool.install(|| hindcast::hindcast(hindcast, terminal)),
        Command::Near(near) => pool.install(|| near::near(near, terminal)),
        Command::Explain(explain) => pool.install(|| explain::explain(explain, terminal)),
        Command::Corridor(corridor) => pool.install(|| corridor::corridor(corridor, terminal)),
        Command::Rank(rank) => pool.install(|| rank::rank(rank, terminal)),
        Command::Diff(diff) => pool.install(|| diff::diff(diff, terminal)),
        Command::Risk(risk) => pool.install(|| explain::risk(risk, terminal)),
        Command::Check(check) => pool.install(|| check::check(check, terminal)),
        Command::Convert(convert) => pool.install(|| convert::convert(convert, terminal)),
        Command::Scheme(scheme) => pool.install(|| scheme::scheme(scheme, terminal)),
        Command::Completions { shell } => pool.install(|| shell::completions(shell, terminal)),
        Command::Man { command } => pool.install(|| shell::man(command.as_deref(), terminal)),
    }
}

/// The exit code of an error.
fn code_of(error: &Error) -> u8 {
    if error.is_usage() {
        2
    } else if error.is_data() {
        3
    } else if error.is_interrupted() {
        130
    } else {
        4
    }
}
