//! The crossings of a batch: sites whose band is another than at the date before, with what caused it.

use super::batch::number;
use crate::layers::State;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// A site whose band of one score is another than at the date before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Crossing {
    /// The site's id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// `security` or `environment`.
    pub score: &'static str,
    /// How it crossed.
    pub what: Turn,
    /// The two frames, as indices into those of the series.
    pub frames: [usize; 2],
    /// The score at both dates.
    pub scores: [Option<f64>; 2],
    /// The band at both dates, 0 to 5; `None` where the site is not there.
    pub bands: [Option<u8>; 2],
    /// Whether the scores differ by no more than the data leave open; `None` if the frames do not tell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// What caused it.
    pub cause: Cause,
}

/// How a site crossed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Turn {
    /// To a higher band.
    Up,
    /// To a lower band.
    Down,
    /// From no data to a band.
    Gained,
    /// From a band to no data.
    Lost,
    /// The site is only in the later frame.
    Came,
    /// The site is only in the earlier frame.
    Gone,
}

impl Turn {
    /// The word used in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Gained => "gained",
            Self::Lost => "lost",
            Self::Came => "came",
            Self::Gone => "gone",
        }
    }
}

/// What caused a crossing.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Cause {
    /// The step of the comparison with the largest part of the change, or with which the score appeared or disappeared;
    /// `None` if the site came or went, or it is unknown.
    pub main: Option<&'static str>,
    /// The points of each step, in the order of the comparison.
    #[serde(skip)]
    pub parts: Option<[f64; 8]>,
    /// In words, or why it is unknown.
    pub why: String,
}

impl Crossing {
    /// The crossings between two frames, in the order of the later one, then those of sites that went. Causes are open.
    pub fn between(frames: [usize; 2], before: &[State], after: &[State]) -> Vec<Self> {
        let known: HashMap<&str, &State> = before.iter().map(|state| (&*state.id, state)).collect();
        let still: HashSet<&str> = after.iter().map(|state| &*state.id).collect();
        let was = |state: &State| known.get(&*state.id).copied();
        let mut all = Vec::new();
        for state in after {
            all.extend(SCORES.iter().filter_map(|of| of.crossing(frames, was(state), Some(state))));
        }
        for state in before.iter().filter(|state| !still.contains(&*state.id)) {
            all.extend(SCORES.iter().filter_map(|of| of.crossing(frames, Some(state), None)));
        }
        all
    }
}

/// One of the scores of a site.
struct Score {
    word: &'static str,
    of: fn(&State) -> &(Option<f64>, String),
    differs: fn(&State, &State) -> Option<bool>,
}

const SCORES: [Score; 2] = [
    Score {
        word: "security",
        of: |state| &state.security,
        differs: |a, b| Some(b.sure_security()?.differs(a.sure_security()?)),
    },
    Score {
        word: "environment",
        of: |state| &state.environment,
        differs: |a, b| Some(b.sure_environment()?.differs(a.sure_environment()?)),
    },
];

impl Score {
    fn crossing(
        &self,
        frames: [usize; 2],
        before: Option<&State>,
        after: Option<&State>,
    ) -> Option<Crossing> {
        let ends = [before, after];
        let state = after.or(before)?;
        let bands = ends.map(|state| number(&(self.of)(state?).1));
        let what = match bands {
            [None, None] => return None,
            [None, Some(_)] => Turn::Came,
            [Some(_), None] => Turn::Gone,
            [Some(was), Some(is)] if was == is => return None,
            [Some(0), Some(_)] => Turn::Gained,
            [Some(_), Some(0)] => Turn::Lost,
            [Some(was), Some(is)] if is > was => Turn::Up,
            _ => Turn::Down,
        };
        let open = before.zip(after).and_then(|(before, after)| (self.differs)(before, after));
        Some(Crossing {
            id: state.id.clone(),
            name: state.name.clone(),
            score: self.word,
            what,
            frames,
            scores: ends.map(|state| (self.of)(state?).0),
            bands,
            open: open.map(|differs| !differs),
            cause: Cause::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::Position;

    fn state(id: &str, security: Option<f64>, band: &str, within: Option<[f64; 2]>) -> State {
        State {
            id: id.to_owned(),
            name: id.to_uppercase(),
            position: Position::from_degrees(66.0, 30.0).expect("on Earth"),
            security: (security, band.to_owned()),
            environment: (None, "no data".to_owned()),
            security_interval: within,
            environment_interval: None,
            environment_at_least: None,
            environment_coverage: None,
            incidents: None,
        }
    }

    #[test]
    fn each_way_to_cross_is_told_and_what_stays_is_not() {
        let before = [
            state("a", Some(39.0), "low", None),
            state("b", Some(61.0), "high", None),
            state("c", None, "no data", None),
            state("d", Some(10.0), "very low", None),
            state("e", Some(50.0), "medium", None),
            state("f", Some(50.0), "medium", None),
        ];
        let after = [
            state("g", Some(5.0), "very low", None),
            state("a", Some(41.0), "medium", None),
            state("b", Some(59.0), "medium", None),
            state("c", Some(20.0), "low", None),
            state("d", None, "no data", None),
            state("e", Some(55.0), "medium", None),
        ];
        let all = Crossing::between([3, 4], &before, &after);
        let told: Vec<(&str, &str, &str)> =
            all.iter().map(|one| (&*one.id, one.score, one.what.word())).collect();
        assert_eq!(
            told,
            [
                ("g", "security", "came"),
                ("g", "environment", "came"),
                ("a", "security", "up"),
                ("b", "security", "down"),
                ("c", "security", "gained"),
                ("d", "security", "lost"),
                ("f", "security", "gone"),
                ("f", "environment", "gone"),
            ]
        );
        let up = all.iter().find(|one| one.what == Turn::Up).expect("one");
        assert_eq!((up.scores, up.bands), ([Some(39.0), Some(41.0)], [Some(2), Some(3)]));
        assert_eq!((up.frames, up.open, &*up.name), ([3, 4], None, "A"));
    }

    #[test]
    fn a_crossing_within_what_the_data_leave_open_says_so() {
        let of = |score, band, low, high| [state("a", Some(score), band, Some([low, high]))];
        let open = |after: &[State]| {
            let before = of(39.0, "low", 30.0, 45.0);
            Crossing::between([0, 1], &before, after).first().and_then(|one| one.open)
        };
        assert_eq!(open(&of(41.0, "medium", 35.0, 48.0)), Some(true));
        assert_eq!(open(&of(60.0, "high", 50.0, 65.0)), Some(false));
    }
}
