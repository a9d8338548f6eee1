//! The columns of sites for how sure their scores are; only if draws were asked for.

use super::columns::{ENVIRONMENT_SCORE, SECURITY_SCORE};
use super::{Context, Digits, Scored, Table};
use crate::scoring::{Spread, Uncertainty};

const SCORE: Digits = Digits::Decimals(1);
const SHARE: Digits = Digits::Decimals(3);
const WHOLE: Digits = Digits::Decimals(0);

/// The uncertainty of both scores.
pub(super) fn uncertainty<'a>(context: Context<'a>) -> Table<'a, &'a Scored> {
    if context.draws.is_none() {
        return Table::new();
    }
    let of = |row: &&'a Scored| row.uncertainty.as_deref();
    spread(SECURITY_SCORE, "security", move |row| Some(of(row)?.security.as_ref()?.spread))
        .number(
            "security_effective_incidents",
            SCORE,
            None,
            "Number of equally strong incidents that would vary as much as those behind security_score",
            move |row: &&'a Scored| Some(of(row)?.security.as_ref()?.effective),
        )
        .text(
            "security_moved_by",
            "What security_score depends on most: counts (how many incidents happen), deaths, places (their positions) or site (its own position)",
            move |row: &&'a Scored| of(row).and_then(Uncertainty::security_moved_by),
        )
        .and(spread(ENVIRONMENT_SCORE, "environment", move |row| {
            Some(of(row)?.environment.as_ref()?.spread)
        }))
        .text(
            "environment_moved_by",
            "Indicator whose unknown part or position moves environment_score most",
            move |row: &&'a Scored| of(row).and_then(Uncertainty::environment_moved_by),
        )
}

/// The interval of a score, of its rank, and how often it is among the first or in its band.
fn spread<'a>(
    score: &str,
    word: &str,
    of: impl Fn(&&'a Scored) -> Option<Spread> + Copy + Send + Sync + 'a,
) -> Table<'a, &'a Scored> {
    let standing = move |row: &&'a Scored| of(row)?.standing;
    let mut table = Table::new();
    for (at, percent) in [(0, "5"), (1, "95")] {
        table = table.number(
            &format!("{score}_p{percent:0>2}"),
            SCORE,
            None,
            &format!(
                "{percent} % of the draws of the data give a lower {score}; missing without it"
            ),
            move |row: &&'a Scored| of(row)?.score.get(at).copied(),
        );
    }
    for (at, percent) in [(0, "5"), (1, "95")] {
        table = table.number(
            &format!("{word}_rank_p{percent:0>2}"),
            WHOLE,
            None,
            &format!("{percent} % of the draws give a rank by {score} of at most this; 1 is the highest score"),
            move |row: &&'a Scored| standing(row)?.ranks.get(at).copied().map(f64::from),
        );
    }
    table
        .number(
            &format!("{word}_p_top10"),
            SHARE,
            None,
            &format!("Share of the draws in which {score} is among the ten highest, 0 to 1"),
            move |row: &&'a Scored| Some(standing(row)?.top),
        )
        .number(
            &format!("{word}_p_band"),
            SHARE,
            None,
            &format!("Share of the draws in which {score} is in {word}_band, 0 to 1"),
            move |row: &&'a Scored| Some(of(row)?.band),
        )
}
