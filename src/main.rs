//! The command line program: parse, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    tamarisk::cli::main(std::env::args_os())
}
