//! W1 under the default scheme: everything that the security score and its columns need, from
//! 1,000,000 incidents for 100,000 sites, in batches as in a run.

use crate::measure::{Row, Size, repeat, row, timed};
use crate::w1::{event, subject};
use crate::world::{self, Incident};
use rayon::prelude::*;
use tamarisk::earth::{Length, Position};
use tamarisk::index::neighbors_together;
use tamarisk::layers::DRIVER_COLUMNS;
use tamarisk::measures::{
    Coverage, Intensity, KernelSum, Security, SiteProbe, WeighedIncidents, decay,
};
use tamarisk::model::SecurityType;
use tamarisk::scoring::{Scheme, security_score};

/// Sites per batch, as in a run.
const BATCH: usize = 512;

/// Number of sites whose scores are compared with direct sums over all incidents.
const SAMPLE: usize = 200;

/// Steepest slope of the score, in points per unit of relative change of its sum.
const STEEPEST: f64 = 12.5;

/// Position accuracies: the scheme's default for all, or one of these in km.
const CLASSES_KM: [f64; 5] = [0.5, 1.0, 5.0, 10.0, 25.0];

pub fn run(who: &str, size: Size, many_classes: bool) -> Option<Row> {
    let scheme = Scheme::built_in("default")?.ok()?;
    let (sites, incidents) = (world::sites(size.of(100_000)), world::incidents(size.of(1_000_000)));
    let sample = &sites[..sites.len().min(SAMPLE)];
    match who {
        "tamarisk" => {
            let (spent, sums) = repeat(|| tamarisk(&scheme, &sites, &incidents, many_classes));
            let mut row = row(&spent, (1, 1), "", String::new());
            let exact = exhaustive(&scheme, sample, &incidents, many_classes).1;
            let both = || exact.iter().zip(&sums);
            let score = |sum: &f64| security_score(&scheme, *sum);
            let worst = both().map(|(a, b)| (score(a) - score(b)).abs()).fold(0.0, f64::max);
            let share = both().map(|(a, b)| ((a - b) / a).abs()).fold(0.0, f64::max);
            row.check = format!(
                "{}; off by at most {worst:.5} points on {} sites, {:.5} were they where the curve is steepest",
                text(&scheme, &sums),
                exact.len(),
                share * STEEPEST,
            );
            Some(row)
        }
        "exhaustive" => {
            let (spent, sums) = repeat(|| exhaustive(&scheme, sample, &incidents, many_classes));
            let check = text(&scheme, &sums);
            let mut row = row(&spent, (sample.len(), sites.len()), "sites", check);
            let ours = tamarisk(&scheme, sample, &incidents, many_classes).1;
            row.check_of_tamarisk = Some(text(&scheme, &ours));
            row.note = Some("the kernel sums alone".into());
            Some(row)
        }
        _ => None,
    }
}

/// Returns the sums at the sites.
pub type Timed = (crate::measure::Spent, Vec<f64>);

fn text(scheme: &Scheme, sums: &[f64]) -> String {
    let scores: f64 = sums.iter().map(|sum| security_score(scheme, *sum)).sum();
    format!("scores add up to {scores:.1}")
}

pub fn events(scheme: &Scheme, incidents: &[Incident], many_classes: bool) -> WeighedIncidents {
    let half_life = scheme.security.recency.half_life_days;
    let make = |(number, incident): (usize, &Incident)| {
        let accuracy = many_classes.then(|| CLASSES_KM[number % CLASSES_KM.len()]);
        let spread_km = scheme.position.sigma_km(accuracy.map(Length::from_km));
        let severity = &scheme.security.severity;
        let deaths = libm::log10(1.0 + f64::from(incident.severity));
        let weight = severity.of_type(SecurityType::Unknown)
            * (1.0 + severity.fatality_factor * deaths)
            * decay(incident.age_days, half_life);
        event(number, incident, weight, spread_km)
    };
    WeighedIncidents::new(incidents.iter().enumerate().map(make).collect())
}

pub fn subjects(scheme: &Scheme, sites: &[Position]) -> Vec<SiteProbe> {
    let spread_km = scheme.position.sigma_km(None);
    sites.par_iter().map(|&position| subject(position, spread_km)).collect()
}

fn tamarisk(
    scheme: &Scheme,
    sites: &[Position],
    incidents: &[Incident],
    many_classes: bool,
) -> Timed {
    let (spent, measured) = timed(
        || security(scheme, events(scheme, incidents, many_classes)),
        |security| score_all(scheme, &security, sites),
    );
    (spent, measured)
}

/// Prepares incidents for measurement.
pub fn security(scheme: &Scheme, events: WeighedIncidents) -> Security {
    // As many of the strongest incidents as a run keeps.
    let links = usize::try_from(scheme.security.drivers.links).unwrap_or(0);
    Security::new(events, Coverage::Everywhere, scheme.security_plan(links.max(DRIVER_COLUMNS)))
}

/// Measures everything that scores need around sites, and returns the sums.
pub fn score_all(scheme: &Scheme, security: &Security, sites: &[Position]) -> Vec<f64> {
    let order = neighbors_together(sites);
    let measured = |batch: &[usize]| {
        let sites: Vec<Position> = batch.iter().map(|&site| sites[site]).collect();
        let subjects = subjects(scheme, &sites);
        security.measure(&subjects, &vec![None; subjects.len()])
    };
    let batches: Vec<_> = order.par_chunks(BATCH).map(measured).collect();
    let mut sums = vec![0.0; sites.len()];
    for (site, of) in order.into_iter().zip(batches.iter().flatten()) {
        sums[site] = of.intensity.total;
    }
    sums
}

fn exhaustive(
    scheme: &Scheme,
    sites: &[Position],
    incidents: &[Incident],
    many_classes: bool,
) -> Timed {
    let (spent, sums): (_, Vec<Intensity>) = timed(
        || {
            (
                events(scheme, incidents, many_classes),
                KernelSum::exhaustive(scheme.security_kernel()),
            )
        },
        |(events, kernel_sum)| kernel_sum.intensities(&subjects(scheme, sites), &events, 5),
    );
    (spent, sums.iter().map(|of| of.total).collect())
}
