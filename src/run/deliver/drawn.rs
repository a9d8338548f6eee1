//! The still maps and the atlas of a run.

use super::wanted::Wanted;
use crate::Result;
use crate::layers::report::{PAGES, Page, Paper, Surroundings};
use crate::run::Case;
use crate::sinks::place::OutputFolder;
use crate::sinks::still;

/// Writes the still maps and the atlas that are wanted.
pub(super) fn write(
    case: &Case,
    page: &Page<'_>,
    wanted: &Wanted,
    output: &mut OutputFolder<'_>,
    notes: &mut Vec<String>,
) -> Result<()> {
    let has = |theme| still::has(page, theme);
    let paper = wanted.paper.unwrap_or(Paper::FourThree);
    let (files, themes): (Vec<_>, Vec<_>) =
        wanted.maps.drawn(still::main_theme(page), has).into_iter().unzip();
    for (file, picture) in files.into_iter().zip(still::pictures(page, &themes, paper)) {
        output.stage(file, |out| out.write_all(&picture?))?;
    }
    notes.extend(wanted.maps.missing(has));
    notes.extend(still::undrawn(page, wanted.pdf));
    if !wanted.pdf {
        return Ok(());
    }
    let (context, rows) = (case.context(), &page.report.rows.site);
    let around = |row: usize| {
        let site = *rows.get(row)?;
        Some((row, Surroundings::of(context, &case.security, &case.receptors, site)?))
    };
    let order = still::atlas_order(page, PAGES);
    let around: Vec<(usize, Surroundings<'_>)> = order.into_iter().filter_map(around).collect();
    let paper = wanted.paper.unwrap_or(Paper::A4);
    output.stage("atlas.pdf", |out| still::write_atlas(page, &around, paper, out))?;
    let sites = page.report.sites;
    if sites > around.len() {
        let pages = around.len();
        notes.push(format!(
            "atlas.pdf has pages for the {pages} sites with the highest scores, of {sites}"
        ));
    }
    Ok(())
}
