//! The layer `sites_over_time`: the same sites at successive dates, for a GIS's time slider.

use super::columns::{
    ENVIRONMENT_AT_LEAST, ENVIRONMENT_BAND, ENVIRONMENT_COVERAGE, ENVIRONMENT_SCORE, NAME,
    SECURITY_BAND, SECURITY_SCORE,
};
use super::{Digits, Layer, Table};
use crate::earth::Position;
use jiff::civil::Date;
use std::collections::HashMap;

const SCORE: Digits = Digits::Decimals(1);

/// A site at a date.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The site's id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Its position.
    pub position: Position,
    /// Its security score and band.
    pub security: (Option<f64>, String),
    /// Its environment score and band.
    pub environment: (Option<f64>, String),
    /// The interval of the security score over draws of the data, if there are any.
    pub security_interval: Option<[f64; 2]>,
    /// The interval of the environment score.
    pub environment_interval: Option<[f64; 2]>,
    /// What is known alone gives at least this environment score.
    pub environment_at_least: Option<f64>,
    /// The share of the environment's weights that is known, 0 to 1.
    pub environment_coverage: Option<f64>,
    /// Security incidents around it over all time, if they are counted.
    pub incidents: Option<u32>,
}

impl State {
    /// The security score with its interval.
    pub fn sure_security(&self) -> Option<ScoreInterval> {
        Some(ScoreInterval { score: self.security.0?, interval: self.security_interval? })
    }

    /// The environment score with its interval.
    pub fn sure_environment(&self) -> Option<ScoreInterval> {
        Some(ScoreInterval { score: self.environment.0?, interval: self.environment_interval? })
    }
}

/// A score with its interval over draws of the data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreInterval {
    /// The score.
    pub score: f64,
    /// 5 and 95 % of the draws lie below.
    pub interval: [f64; 2],
}

impl ScoreInterval {
    /// Whether another score differs beyond what the data leave open: each lies outside the interval of the other. A score
    /// outside its own interval widens it.
    pub fn differs(self, other: Self) -> bool {
        let holds = |of: Self, score: f64| {
            let [low, high] = of.interval;
            (low.min(of.score)..=high.max(of.score)).contains(&score)
        };
        !holds(self, other.score) && !holds(other, self.score)
    }
}

/// The sites at a date.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// The date at which ages are computed.
    pub as_of: Date,
    /// The sites.
    pub states: Vec<State>,
}

#[derive(Clone, Copy)]
struct Row<'a> {
    state: &'a State,
    as_of: Date,
    until: Date,
    before: Option<&'a State>,
}

/// Every site at every date: `as_of` is the date, `until` the next one, when the next row takes over.
///
/// Moments must be in ascending order of dates. With `intervals`, it also has the intervals of the scores, and whether each
/// score differs from the one before beyond what the data leave open.
pub fn sites_over_time(moments: &[Moment], intervals: bool) -> Layer<'_> {
    let dates: Vec<Date> = moments.iter().map(|moment| moment.as_of).collect();
    let mut rows: Vec<(String, Row<'_>)> = Vec::new();
    let mut before: HashMap<&str, &State> = HashMap::new();
    for (at, moment) in moments.iter().enumerate() {
        let until = until(&dates, at);
        for state in &moment.states {
            let before = before.get(state.id.as_str()).copied();
            let id = format!("{}@{}", state.id, moment.as_of);
            rows.push((id, Row { state, as_of: moment.as_of, until, before }));
        }
        before = moment.states.iter().map(|state| (state.id.as_str(), state)).collect();
    }
    let change =
        |row: &Row<'_>, of: fn(&State) -> Option<f64>| Some(of(row.state)? - of(row.before?)?);
    let table = Table::new()
        .text("site_id", "The site", |row: &Row| Some(row.state.id.as_str()))
        .text(NAME, "Display name", |row: &Row| Some(row.state.name.as_str()))
        .date("as_of", "The date from which ages are counted", |row: &Row| Some(row.as_of))
        .date("until", "Next date, when the next row takes over", |row: &Row| Some(row.until))
        .number(SECURITY_SCORE, SCORE, None, "Security risk, 0 to 100", |row: &Row| {
            row.state.security.0
        })
        .text(SECURITY_BAND, "Its class", |row: &Row| Some(row.state.security.1.as_str()))
        .number(
            "security_change",
            SCORE,
            None,
            "Increase of security_score since the previous date",
            move |row: &Row| change(row, |state| state.security.0),
        )
        .number(ENVIRONMENT_SCORE, SCORE, None, "Environmental risk, 0 to 100", |row: &Row| {
            row.state.environment.0
        })
        .text(ENVIRONMENT_BAND, "Its class", |row: &Row| Some(row.state.environment.1.as_str()))
        .number(
            "environment_change",
            SCORE,
            None,
            "Increase of environment_score since the previous date",
            move |row: &Row| change(row, |state| state.environment.0),
        )
        .number(
            ENVIRONMENT_AT_LEAST,
            SCORE,
            None,
            "Environmental risk by what is known alone, 0 to 100",
            |row: &Row| row.state.environment_at_least,
        )
        .number(
            ENVIRONMENT_COVERAGE,
            Digits::Decimals(3),
            None,
            "Share of the weights of the environment that is known, 0 to 1",
            |row: &Row| row.state.environment_coverage,
        );
    let table = if intervals { table.and(sure()) } else { table };
    let len = rows.len();
    Layer::points("sites_over_time", table, len, move |index| {
        let (id, row) = rows.get(index)?;
        Some((id.clone(), row.state.position, *row))
    })
}

/// The intervals of both scores, and whether each score changed.
fn sure<'a>() -> Table<'a, Row<'a>> {
    type Of = fn(&State) -> Option<ScoreInterval>;
    let scores: [(&str, Of); 2] =
        [("security", State::sure_security), ("environment", State::sure_environment)];
    let mut table = Table::new();
    for (word, of) in scores {
        for (at, percent) in [(0, "5"), (1, "95")] {
            table = table.number(
                &format!("{word}_score_p{percent:0>2}"),
                SCORE,
                None,
                &format!("{percent} % of the draws of the data give a lower {word}_score"),
                move |row: &Row| of(row.state)?.interval.get(at).copied(),
            );
        }
        table = table.flag(
            &format!("{word}_changed"),
            &format!("Whether {word}_score differs from that of the previous date beyond what the data leave open: each lies outside the interval of the other"),
            move |row: &Row| Some(of(row.state)?.differs(of(row.before?)?)),
        );
    }
    table
}

/// The date of the next moment; the last moment lasts as long as the one before it.
fn until(dates: &[Date], at: usize) -> Date {
    let Some(&date) = dates.get(at) else { return Date::MAX };
    let next = dates.get(at + 1).copied().or_else(|| {
        let before = *dates.get(at.checked_sub(1)?)?;
        date.checked_add(date.since(before).ok()?).ok()
    });
    next.or_else(|| date.tomorrow().ok()).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_differs_only_outside_both_intervals() {
        let of = |score, low, high| ScoreInterval { score, interval: [low, high] };
        for (one, other, differs) in [
            (of(60.0, 50.0, 70.0), of(40.0, 30.0, 45.0), true),
            (of(60.0, 50.0, 70.0), of(50.0, 45.0, 55.0), false),
            (of(60.0, 58.0, 62.0), of(50.0, 30.0, 65.0), false),
            (of(60.0, 60.0, 60.0), of(60.1, 60.1, 60.1), true),
            (of(60.0, 60.0, 60.0), of(60.0, 60.0, 60.0), false),
            // Above its interval, where positions are taken as published.
            (of(46.9, 30.0, 40.0), of(47.0, 30.0, 40.0), false),
            (of(46.9, 30.0, 40.0), of(46.9, 30.0, 40.0), false),
        ] {
            assert_eq!(one.differs(other), differs, "{one:?} {other:?}");
            assert_eq!(other.differs(one), differs, "{other:?} {one:?}");
        }
    }
}
