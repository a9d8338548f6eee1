//! Loads `tamarisk serve` with questions over HTTP, beside a server that does nothing but answer the same bytes:
//! `make serve-bench`.
//!
//! `wrk` asks each question on 16 connections for `SECONDS=10`. `ONLY=items,near` selects questions, `SCALE=0.1` scales
//! the data down, `PEERS=1` asks other servers as well, and `BLESS=1` writes the tables into docs/PERFORMANCE.md. No
//! figure makes it fail.

#![allow(
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "a program that measures reads the clock and prints; it stops at what it did not expect"
)]

mod bare;
mod client;
mod data;
#[path = "../workloads/files.rs"]
#[allow(dead_code, reason = "not every file is served")]
mod files;
mod idle;
#[path = "../workloads/machine.rs"]
mod machine;
#[path = "../workloads/marks.rs"]
mod marks;
mod measure;
#[path = "../workloads/numbers.rs"]
mod numbers;
mod once;
mod peers;
mod program;
mod questions;
mod settings;
mod table;
#[path = "../workloads/world.rs"]
#[allow(dead_code, reason = "not every part of it is served")]
mod world;
mod wrk;

use bare::Bare;
use data::Data;
use program::Program;
use settings::Settings;
use table::Table;

fn main() {
    let settings = Settings::read();
    let Some(wrk) = wrk::version() else {
        eprintln!(
            "wrk is missing: `make serve-bench` installs Debian's package; elsewhere see its own page"
        );
        std::process::exit(1);
    };
    let mut table = Table::new(&settings, &wrk);
    println!("{}", table.head());
    let data = Data::make(&settings);
    let questions = questions::all(&data);
    let bare = Bare::new();
    for served in [data::Served::Layer, data::Served::Scored] {
        let of: Vec<_> = questions
            .iter()
            .filter(|question| question.served == served && settings.selects(question.key))
            .collect();
        if of.is_empty() {
            continue;
        }
        let program = Program::start(&data.arguments(served));
        let ready = (program.ready, program.memory());
        for question in of {
            table.add(measure::measured(question, &program, &bare, &data, &settings));
        }
        table.served(&data.says(served), ready, program.memory());
    }
    if settings.peers {
        peers::measured(&questions, &data, &settings, &mut table);
    }
    table.keep(&settings);
}
