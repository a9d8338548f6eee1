//! The sites under other settings of the scheme, as a table.

use super::Context;
use crate::scoring::sensitivity::{Index, ScoreName, Sensitivity, SiteSensitivity};

/// The columns of the table, in this order.
pub fn header() -> Vec<String> {
    let mut names = vec!["site_id".to_owned(), "site_name".to_owned()];
    for score in ScoreName::ALL {
        let word = score.word();
        names.extend(["rank", "rank_p05", "rank_p95", "p_top10"].map(|of| format!("{word}_{of}")));
        for group in score.groups() {
            let of = ["first", "first_se", "total", "total_se"];
            names.extend(of.map(|of| format!("{word}_{}_{of}", group.word())));
        }
    }
    names
}

/// The rows of the table, one for each site.
pub fn rows<'s>(
    context: Context<'s>,
    sensitivity: &'s Sensitivity,
) -> impl Iterator<Item = Vec<String>> + 's {
    sensitivity.sites.iter().map(move |site| row(context, site))
}

fn row(context: Context<'_>, site: &SiteSensitivity) -> Vec<String> {
    let known = context.sites.get(site.site);
    let text = |of: Option<&String>| of.cloned().unwrap_or_default();
    let mut cells = vec![text(known.map(|site| &site.id)), text(known.map(|site| &site.name))];
    for score in ScoreName::ALL {
        let Some(of) = site.of(score) else {
            cells.resize(cells.len() + 4 * (1 + score.groups().len()), String::new());
            continue;
        };
        let [low, high] = of.standing.ranks;
        cells.extend([of.rank, low, high].map(|rank| rank.to_string()));
        cells.push(thousandths(of.standing.top));
        for Index { first, first_error, total, total_error } in &of.indices {
            cells.extend([first, first_error, total, total_error].map(|of| thousandths(*of)));
        }
    }
    cells
}

/// A number with three decimals; never minus zero.
fn thousandths(number: f64) -> String {
    let text = format!("{number:.3}");
    if text == "-0.000" { "0.000".to_owned() } else { text }
}
