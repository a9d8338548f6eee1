//! The command line: what was typed is parsed, resolved into a request, handed to `run`, and the
//! answer printed. Results go to standard output, everything else to standard error.

mod args;
mod batch;
mod check;
mod convert;
mod corridor;
mod diff;
mod explain;
mod limits;
mod near;
mod progress;
mod rank;
mod resolve;
mod scheme;
mod score;
mod shell;
mod surface;
mod table;
mod terminal;

use crate::Error;
use crate::run::Cancel;
use crate::simd;
use args::{Args, Command};
use clap::Parser;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use terminal::Terminal;

/// Raised by Ctrl-C and by a polite end; the run stops at the next batch and leaves nothing half
/// written.
static CANCEL: Cancel = Cancel::new();

/// Whether this run writes files.
static WRITES: AtomicBool = AtomicBool::new(false);

/// Parses the command line, runs it and tells how it ended.
///
/// 0 done; 1 done with findings (`check`), or past a limit or with a change that the user set; 2 usage or scheme; 3 data; 4 input or output; 130
/// interrupted. A closed pipe is success.
pub fn main() -> ExitCode {
    outlive_file_limit();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // Nothing can be told where even this cannot be printed.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let terminal = Terminal::new(&args.global);
    // Known before the handler is: a run that writes is never ended without tidying up.
    WRITES.store(args.command.writes(), Ordering::SeqCst);
    // Without a handler Ctrl-C still ends the program, and stale files are swept by the next run.
    let _ = ctrlc::set_handler(stop);
    match run(args, &terminal) {
        Ok(code) => code,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            terminal.error(&error);
            ExitCode::from(code_of(&error))
        }
    }
}

/// Lets a write past the limit of file sizes (`ulimit -f`) fail as one on a full disk does. The signal
/// that the system sends with it would end the program at once and leave half a file behind; a handler
/// that only raises a flag lets the write come back with its error.
fn outlive_file_limit() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(SIGXFSZ, std::sync::Arc::new(AtomicBool::new(false)));
}

/// The signal of a file past its limit, as POSIX names it; the same number on Linux, macOS and BSD.
#[cfg(unix)]
const SIGXFSZ: std::ffi::c_int = 25;

/// Ends the program where nothing is being written, even while it waits for standard input. A run that
/// writes is asked to stop, and ends at once when it is told a second time.
fn stop() {
    if CANCEL.is_raised() || !WRITES.load(Ordering::SeqCst) {
        std::process::exit(130);
    }
    CANCEL.raise();
}

fn run(args: Args, terminal: &Terminal) -> crate::Result<ExitCode> {
    if let Some(threads) = args.global.threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads.get())
            .build_global()
            .map_err(|error| Error::usage(format!("--threads {threads}: {error}")))?;
    }
    simd::keep_to(match args.global.registers {
        args::Registers::Baseline => simd::Width::Baseline,
        args::Registers::Avx2 => simd::Width::Avx2,
        args::Registers::Widest => simd::Width::Widest,
    });
    match args.command {
        Command::Demo(demo) => score::demo(demo, terminal),
        Command::Score(score) => score::score(score, terminal),
        Command::Surface(surface) => surface::surface(surface, terminal),
        Command::Batch(batch) => batch::batch(batch, terminal),
        Command::Near(near) => near::near(near, terminal),
        Command::Explain(explain) => explain::explain(explain, terminal),
        Command::Corridor(corridor) => corridor::corridor(corridor, terminal),
        Command::Rank(rank) => rank::rank(rank, terminal),
        Command::Diff(diff) => diff::diff(diff, terminal),
        Command::Risk(risk) => explain::risk(risk, terminal),
        Command::Check(check) => check::check(check, terminal),
        Command::Convert(convert) => convert::convert(convert, terminal),
        Command::Scheme(scheme) => scheme::scheme(scheme, terminal),
        Command::Completions { shell } => shell::completions(shell, terminal),
        Command::Man { command } => shell::man(command.as_deref(), terminal),
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
