#![allow(missing_docs, clippy::print_stdout)]
//! Scores the sites of one file against the incidents of another and prints them, strongest first.
//!
//!     cargo run --release --example score -- data/balochistan/sites.csv data/balochistan/incidents.csv

use tamarisk::run::{self, Cancel, Case, Inputs, Request, Unwatched};
use tamarisk::sources::Source;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = std::env::args().skip(1);
    let (Some(sites), Some(incidents)) = (files.next(), files.next()) else {
        return Err("two files are needed: sites and incidents".into());
    };
    let inputs = Inputs {
        sites: vec![Source::path(sites)],
        incidents: vec![Source::path(incidents)],
        ..Inputs::default()
    };
    let request = Request { inputs, ..Request::default() };
    let case = Case::open(&request, &Unwatched, &Cancel::new())?;
    let mut scored = run::perform(&case, &Unwatched, &Cancel::new())?;
    scored.sort_by(|a, b| {
        b.risk
            .security
            .score
            .partial_cmp(&a.risk.security.score)
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let context = case.context();
    for one in &scored {
        if let Some(site) = context.sites.get(one.site) {
            println!("{}: {}", site.name, context.explanation(one));
        }
    }
    Ok(())
}
