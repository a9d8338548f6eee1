//! Changes as a table with a row for each site.

use super::change::{Changes, ScoreChange, SiteChange, Standing};
use super::walk::Step;

/// The scores, in the order of their columns.
const SCORES: [&str; 3] = ["security", "environment", "overall"];

/// The header of the table and its rows: the sites of both runs in their order, then those only in the newer and
/// those only in the older run. Numbers are not rounded.
pub fn change_rows(changes: &Changes) -> (Vec<String>, Vec<Vec<String>>) {
    let mut head: Vec<String> =
        ["id", "name", "what", "in_another_band", "moved_km"].map(str::to_owned).into();
    for score in SCORES {
        let ends = ["before", "after", "change", "band_before", "band_after"];
        head.extend(ends.map(|column| format!("{score}_{column}")));
        head.extend(Step::ALL.map(|step| format!("{score}_{}", step.word())));
        head.push(format!("{score}_turned_with"));
        head.push(format!("{score}_unknown"));
    }
    let sites = changes.sites.iter().map(row);
    let came = changes.came.iter().map(|site| of_one(site, "came"));
    let gone = changes.gone.iter().map(|site| of_one(site, "gone"));
    (head, sites.chain(came).chain(gone).collect())
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn row(site: &SiteChange) -> Vec<String> {
    let what = if site.changed { "changed" } else { "unchanged" };
    let mut row = vec![
        site.id.clone(),
        site.name.clone(),
        what.to_owned(),
        site.in_another_band.to_string(),
        number(site.moved_km),
    ];
    for score in [&site.security, &site.environment, &site.overall] {
        let ScoreChange {
            before,
            after,
            band_before,
            band_after,
            change,
            parts,
            turned_with,
            unknown,
        } = score;
        row.extend([*before, *after, *change].map(number));
        row.extend([band_before.clone(), band_after.clone()]);
        row.extend(Step::ALL.map(|step| number(parts.map(|parts| parts.of(step)))));
        row.push(turned_with.unwrap_or_default().to_owned());
        row.push(unknown.clone().unwrap_or_default());
    }
    row
}

/// The row of a site of only one run, with its scores in that run's columns.
fn of_one(site: &Standing, what: &str) -> Vec<String> {
    let mut row =
        vec![site.id.clone(), site.name.clone(), what.to_owned(), String::new(), String::new()];
    let scores = [
        (site.security, site.security_band.clone()),
        (site.environment, site.environment_band.clone()),
        (None, String::new()),
    ];
    for (score, band) in scores {
        let none = String::new;
        let ends = match what {
            "came" => [none(), number(score), none(), none(), band],
            _ => [number(score), none(), none(), band, none()],
        };
        row.extend(ends);
        row.extend(Step::ALL.map(|_| none()));
        row.extend([none(), none()]);
    }
    row
}
