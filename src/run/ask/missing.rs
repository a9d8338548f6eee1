//! One note on what most sites lack for their environment score, and on the inputs that would bring it.

use super::bring::Bring;
use crate::layers::Scored;
use crate::run::Case;
use crate::scoring::{Bar, EnvironmentRisk, IndicatorCode};

/// Indicators with a smaller share of the weights are not named, unless their bar is empty.
const WORTH_TELLING: f64 = 0.05;

/// The note for runs in which most sites have no environment score, or a bar of which nothing is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingEnvironment {
    /// What most sites lack, and its share of the weights.
    pub text: String,
    /// The settings that would bring it, marked up for [`Face::words`](crate::Face::words).
    pub hint: String,
}

impl MissingEnvironment {
    /// Text and hint as one note.
    pub fn note(&self) -> String {
        if self.hint.is_empty() {
            return self.text.clone();
        }
        format!("{}\n    hint: {}", self.text, self.hint)
    }
}

/// Statistics on the environment scores of sites, collected during scoring.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownEnvironment {
    scored: usize,
    /// The number of sites without a score.
    without: usize,
    /// The least and the greatest known share of the weights among those sites, in percent.
    known: Option<(u32, u32)>,
    /// For each bar, in the order of [`Bar::ALL`], the number of sites at which nothing is known of it.
    empty: [usize; Bar::ALL.len()],
    /// For each indicator, in the order of [`IndicatorCode::ALL`], the number of sites at which nothing is known of it.
    missing: [usize; IndicatorCode::ALL.len()],
}

impl KnownEnvironment {
    /// Adds sites.
    pub fn add(&mut self, scored: &[Scored]) {
        self.scored += scored.len();
        for one in scored {
            self.add_one(&one.risk.environment);
        }
    }

    fn add_one(&mut self, environment: &EnvironmentRisk) {
        if environment.score.is_none() {
            self.without += 1;
            let share = percent(environment.coverage);
            let (least, most) = self.known.unwrap_or((share, share));
            self.known = Some((least.min(share), most.max(share)));
        }
        for (count, bar) in self.empty.iter_mut().zip(&environment.bars) {
            *count += usize::from(bar.score.is_none());
        }
        for (count, one) in self.missing.iter_mut().zip(&environment.indicators) {
            *count += usize::from(one.value.is_none() && one.weight > 0.0);
        }
    }

    fn is_most(&self, sites: usize) -> bool {
        2 * sites > self.scored
    }
}

/// What most sites lack for their environment score; `None` if the scheme has none, or nothing much is missing.
pub fn missing_environment(case: &Case, scored: &[Scored]) -> Option<MissingEnvironment> {
    let mut known = KnownEnvironment::default();
    known.add(scored);
    of(case, &known)
}

/// Like [`missing_environment`], from collected statistics.
pub(super) fn of(case: &Case, environment: &KnownEnvironment) -> Option<MissingEnvironment> {
    let scheme = &case.scheme.environment;
    let KnownEnvironment { scored, without, .. } = *environment;
    // A bar without a weight in the scheme is always empty.
    let weighs = |bar: Bar| bar.indicators().any(|code| scheme.weight_in_bar(code) > 0.0);
    let empty: Vec<(Bar, usize)> = Bar::ALL
        .into_iter()
        .zip(environment.empty)
        .filter(|(bar, sites)| weighs(*bar) && environment.is_most(*sites))
        .collect();
    let no_score = environment.is_most(without);
    if !scheme.enabled || !no_score && empty.is_empty() {
        return None;
    }
    let mut said = Vec::new();
    if let Some((least, most)) = environment.known.filter(|_| no_score) {
        let known =
            if least == most { format!("{most} %") } else { format!("{least} to {most} %") };
        let needed = percent(scheme.minimum_coverage);
        said.push(format!(
            "no score at {without} of {scored} sites; {known} of the weights known, {needed} % needed"
        ));
    }
    if !empty.is_empty() {
        let bars = empty.iter().map(|(bar, sites)| {
            let share = match bar {
                Bar::Hazard => "beside the score".to_owned(),
                _ => format!("{} %", percent(scheme.weight_of_bar(*bar))),
            };
            let at = if *sites == scored { String::new() } else { format!(", at {sites} sites") };
            format!("{} ({share}{at})", bar.word())
        });
        said.push(format!("nothing known of {}", bars.collect::<Vec<_>>().join(", ")));
    }
    let codes = missing(case, environment, no_score, &empty);
    let named = codes.iter().map(|code| match percent(scheme.weight(*code)) {
        0 => code.label().to_owned(),
        share => format!("{} ({share} %)", code.label()),
    });
    said.push(format!("missing: {}", named.collect::<Vec<_>>().join(", ")));
    let mut bring = Bring::default();
    codes.iter().for_each(|code| bring.add(case, *code));
    Some(MissingEnvironment {
        text: format!("environment: {}", said.join("; ")),
        hint: bring.words(),
    })
}

/// The indicators to name, by descending weight: those missing at most sites that weigh enough if most sites have no
/// score, and the heaviest of each empty bar.
fn missing(
    case: &Case,
    environment: &KnownEnvironment,
    no_score: bool,
    empty: &[(Bar, usize)],
) -> Vec<IndicatorCode> {
    let scheme = &case.scheme.environment;
    let heaviest = |bar: Bar| {
        let weight = |code: &IndicatorCode| scheme.weight_in_bar(*code);
        bar.indicators()
            .reduce(|most, next| if weight(&next) > weight(&most) { next } else { most })
    };
    let heaviest: Vec<IndicatorCode> = empty.iter().filter_map(|(bar, _)| heaviest(*bar)).collect();
    let mut codes: Vec<IndicatorCode> = IndicatorCode::ALL
        .into_iter()
        .zip(environment.missing)
        .filter(|(code, sites)| {
            let weighs = no_score && scheme.weight(*code) >= WORTH_TELLING;
            environment.is_most(*sites) && (weighs || heaviest.contains(code))
        })
        .map(|(code, _)| code)
        .collect();
    // The sort is stable: equal weights stay in the scheme's order.
    codes.sort_by(|a, b| scheme.weight(*b).total_cmp(&scheme.weight(*a)));
    codes
}

/// A share in percent.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share from 0 to 1")]
fn percent(share: f64) -> u32 {
    (100.0 * share).round() as u32
}
