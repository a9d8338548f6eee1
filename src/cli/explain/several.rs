//! Several sites side by side: their scores in a table, and what each is made of in sentences.

use super::scored;
use crate::cli::args;
use crate::cli::table::{Fit, Rows};
use crate::cli::terminal::{Terminal, cell};
use crate::run::{self, Case, Explanation};
use crate::{Code, Error, Result};
use std::num::NonZeroUsize;
use std::process::ExitCode;

/// Prints the explanations of several sites; as JSON a list of what is printed of one.
pub(super) fn explain(typed: &args::Explain, case: &Case, terminal: &Terminal) -> Result<ExitCode> {
    // The table tells one incident of each.
    let listed = if typed.json { typed.most } else { Some(NonZeroUsize::MIN) };
    let most = listed.map(NonZeroUsize::get);
    let one = |called: &String| {
        let site = case.sites.called(called)?;
        run::explain(case, site, most)
            .ok_or_else(|| Error::usage(Code::SiteUnknown, format!("no site \"{called}\"")))
    };
    let all = typed.site.iter().map(one).collect::<Result<Vec<_>>>()?;
    let text = if typed.json { run::json(&all)? } else { table(&all, terminal) };
    terminal.result(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn table(all: &[Explanation], terminal: &Terminal) -> String {
    let columns = [
        ("site", Fit::Text),
        ("security", Fit::Word),
        ("without its main incident", Fit::Number),
        ("environment", Fit::Word),
        ("overall", Fit::Word),
    ];
    let mut table = Rows::new(terminal, true, &columns);
    for one in all {
        let first = one.security.contributions.first();
        table.add([
            cell(&one.name),
            scored(one.security.score, one.security.band),
            first.map(|first| format!("{:.1}", first.score_without)).unwrap_or_default(),
            scored(one.environment.score, one.environment.band),
            scored(one.overall.score, one.overall.band),
        ]);
    }
    let as_of = all.first().and_then(|one| one.as_of.as_deref()).unwrap_or("-");
    let scheme = all.first().map(|one| cell(&one.scheme)).unwrap_or_default();
    let mut text = format!("as of {as_of}, scheme {scheme}\n{}", table.text());
    for one in all {
        let told = format!("{}: {}", cell(&one.name), cell(&one.explanation));
        text.push_str(&format!("\n{}\n", terminal.wrap(&told)));
    }
    text
}
