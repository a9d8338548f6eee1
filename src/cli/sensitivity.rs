//! What other settings of the scheme do to ranks and scores, in a few lines.

use crate::scoring::sensitivity::{Index, ScoreName, ScoreSummary, Sensitivity, SettingGroup};
use crate::scoring::{percent, thousands};

/// How far ranks range and what the scores hang on; empty without scores.
pub fn words(found: &Sensitivity) -> String {
    let lines: String = ScoreName::ALL
        .into_iter()
        .filter_map(|score| Some(of_score(score, &found.summary(score)?)))
        .collect();
    if lines.is_empty() {
        return lines;
    }
    let settings = thousands(i64::try_from(found.settings).unwrap_or(i64::MAX));
    format!("under {settings} other settings of the scheme (sensitivity.csv):\n{lines}\n")
}

fn of_score(score: ScoreName, summary: &ScoreSummary) -> String {
    let ScoreSummary { sites, widths: [median, most], top: [top, stay], groups } = summary;
    let word = score.word();
    let places = if *median == 1 { "place" } else { "places" };
    let mut text = format!(
        "  {word}: a site's rank changes by {median} {places} (median of {sites}; at most {most})"
    );
    if *sites > *top {
        text.push_str(&format!("; {stay} of the top {top} stay there in 9 of 10 settings"));
    }
    text.push('\n');
    let share = |(group, index): &(SettingGroup, Index)| {
        format!("{} ({})", group.label(), percent(index.first.max(0.0)))
    };
    let shares: Vec<String> = groups.iter().map(share).collect();
    if !shares.is_empty() {
        text.push_str(&format!("    the score hangs on {}\n", shares.join(", ")));
    }
    text
}
