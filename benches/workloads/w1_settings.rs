//! W1 under 1,000 other settings of the default scheme: what `score --sensitivity` computes for the security score of
//! 100,000 sites and 1,000,000 incidents, ranks and indices included.

use crate::measure::{Row, Size, repeat, row, timed};
use crate::w1_scheme::{Timed, events, subjects};
use crate::world;
use rayon::prelude::*;
use tamarisk::measures::{Coverage, Security, SiteProbe, WeighedIncident};
use tamarisk::model::SecurityType;
use tamarisk::scoring::ranks::{Codes, score_code};
use tamarisk::scoring::sensitivity::{Design, Resamples, Responses, indices};
use tamarisk::scoring::{Scheme, security_score};

const SETTINGS: usize = 1_000;

/// Number of sites whose scores are compared with sums over all incidents, under fewer settings.
const SAMPLE: usize = 40;

pub fn run(who: &str, size: Size) -> Option<Row> {
    if who != "tamarisk" {
        return None;
    }
    let scheme = Scheme::built_in("default")?.ok()?;
    let (sites, incidents) = (world::sites(size.of(100_000)), world::incidents(size.of(1_000_000)));
    let probes = subjects(&scheme, &sites);
    let security = || {
        let events = events(&scheme, &incidents, false);
        Security::new(events, Coverage::Everywhere, scheme.security_plan(5))
    };
    let (spent, totals) = repeat(|| performed(&scheme, &security, &probes));
    let few = Design::new(&scheme, 10, 2).settings(&scheme);
    let security = security();
    let variants = security.variants(kind, &few);
    let apart = |site: &SiteProbe| {
        let both = variants.intensities(site).into_iter().zip(variants.exact(site));
        let score = |sum: f64| security_score(&scheme, sum);
        both.map(|(fast, exact)| (score(fast) - score(exact)).abs()).fold(0.0, f64::max)
    };
    let worst = probes.par_iter().take(SAMPLE).map(apart).reduce(|| 0.0, f64::max);
    let mean = totals.iter().sum::<f64>() / totals.len() as f64;
    let check = format!(
        "total index of the bandwidth {mean:.3}; off by at most {worst:.3} points on {} sites",
        probes.len().min(SAMPLE)
    );
    Some(row(&spent, (1, 1), "", check))
}

fn kind(incident: &WeighedIncident) -> usize {
    // Half of the incidents are battles.
    let of = match incident.index % 2 {
        0 => SecurityType::Battles,
        _ => SecurityType::Unknown,
    };
    SecurityType::ALL.iter().position(|one| *one == of).expect("a type")
}

/// Returns the total index of the bandwidth for each site.
fn performed(scheme: &Scheme, security: &dyn Fn() -> Security, probes: &[SiteProbe]) -> Timed {
    timed(security, |security| {
        let design = Design::new(scheme, SETTINGS, 1);
        let settings = design.settings(scheme);
        let variants = security.variants(kind, &settings);
        let resamples = Resamples::new(SETTINGS, 1);
        let mut codes = vec![0; probes.len() * SETTINGS];
        let of_site = |(site, row): (&SiteProbe, &mut [u16])| {
            let scores: Vec<f64> = variants
                .intensities(site)
                .into_iter()
                .map(|sum| security_score(scheme, sum))
                .collect();
            row.iter_mut().zip(&scores).for_each(|(code, score)| *code = score_code(*score));
            let samples: Vec<&[f64]> = scores.chunks(SETTINGS).collect();
            let of = Responses { a: samples[0], b: samples[1], mixed: &samples[2..] };
            indices(of, &resamples)[0].total
        };
        let rows = codes.par_chunks_mut(SETTINGS);
        let totals = probes.par_iter().zip(rows).map(of_site).collect();
        assert_eq!(Codes::from_rows(SETTINGS, codes).standings().len(), probes.len());
        totals
    })
}
