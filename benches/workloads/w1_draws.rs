//! W1 with draws of the data: the scores of `w1-scheme`, and for each site the interval of its score and rank over 1,000
//! draws.

use crate::measure::{Row, Size, repeat, row, timed};
use crate::w1_scheme::{events, score_all, security, subjects};
use crate::world;
use tamarisk::measures::{Doubt, DrawPlan, Vary};
use tamarisk::scoring::ranks::{Codes, Standing, intensity_code};
use tamarisk::scoring::{CodedScores, Scheme, Spread, security_score};

const PLAN: DrawPlan = DrawPlan { draws: 1000, seed: 0, vary: Vary::ALL };

pub fn run(who: &str, size: Size) -> Option<Row> {
    let scheme = Scheme::built_in("default")?.ok()?;
    let (sites, incidents) = (world::sites(size.of(100_000)), world::incidents(size.of(1_000_000)));
    if who != "tamarisk" {
        return None;
    }
    let (spent, drawn) = repeat(|| {
        timed(
            || security(&scheme, events(&scheme, &incidents, true)),
            |security| {
                let sums = score_all(&scheme, &security, &sites);
                let subjects = subjects(&scheme, &sites);
                let doubts: Vec<Doubt> = security
                    .incidents()
                    .iter()
                    .zip(0..)
                    .map(|(_, key)| Doubt { key, deaths: [0.8, 1.3] })
                    .collect();
                let draws = security.draws(&doubts, PLAN);
                let coded = CodedScores::of_intensities(&scheme);
                let (codes, spreads) = Codes::with(sites.len(), PLAN.draws, |site, codes| {
                    let key = u64::try_from(site).unwrap_or(0);
                    let drawn = draws.at(&subjects[site], &[key]);
                    for (code, intensity) in codes.iter_mut().zip(drawn.intensities) {
                        *code = intensity_code(intensity);
                    }
                    let score = security_score(&scheme, sums[site]);
                    coded.spread(codes, score, scheme.bands.of(Some(score)))
                });
                (spreads, codes.standings())
            },
        )
    });
    Some(row(&spent, (1, 1), "", told(&drawn)))
}

fn told((spreads, standings): &(Vec<Spread>, Vec<Standing>)) -> String {
    let count = spreads.len() as f64;
    let width: f64 = spreads.iter().map(|one| one.score[1] - one.score[0]).sum();
    let ranks: f64 = standings.iter().map(|one| f64::from(one.ranks[1] - one.ranks[0])).sum();
    format!(
        "1,000 draws; intervals of {:.2} points and {:.0} ranks on average",
        width / count,
        ranks / count
    )
}
