//! Counts: how many incidents, and how many deaths in them, lie within rings and time windows.
//!
//! A ring counts distance ≤ radius, exactly on the ellipsoid: the chord decides, and Karney's
//! algorithm where the chord leaves it open.

use super::events::{Events, Subject};
use super::quantities::Count;
use crate::earth::{ChordBracket, Ecef, Length, geodesic};
use crate::index::Neighbors;
use rayon::prelude::*;

/// Which rings and windows to count.
#[derive(Debug, Clone, PartialEq)]
pub struct CountPlan {
    /// Radii of the rings, over all time.
    pub radii: Vec<Length>,
    /// Radius within which windows are counted.
    pub window_radius: Length,
    /// Lengths of the windows in days: a window of N days counts ages from 0 to below N.
    pub windows: Vec<i64>,
    /// Length in days of the recent period, and of the one before it, whose counts make the trend.
    pub trend_days: i64,
}

/// The counts of one site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// For each radius.
    pub rings: Vec<Count>,
    /// For each window.
    pub windows: Vec<Count>,
    /// Incidents in the recent period.
    pub recent: u32,
    /// Incidents in the period before it.
    pub prior: u32,
}

/// Counts for a batch of sites, around the site itself; linked parts are not counted around.
pub fn counts(subjects: &[Subject], events: &Events, plan: &CountPlan) -> Vec<Counts> {
    let brackets: Vec<ChordBracket> = plan.radii.iter().copied().map(ChordBracket::new).collect();
    let window = ChordBracket::new(plan.window_radius);
    let widest =
        plan.radii.iter().copied().fold(plan.window_radius, |a, b| if b > a { b } else { a });
    subjects
        .par_iter()
        .map(|subject| {
            let mut counts = Counts {
                rings: vec![Count::default(); plan.radii.len()],
                windows: vec![Count::default(); plan.windows.len()],
                ..Counts::default()
            };
            let Some(probe) = subject.parts.first().map(|part| &part.probe) else { return counts };
            let mut tally = |index: usize, within: &dyn Fn(Length, &ChordBracket) -> bool| {
                let Some(event) = events.list().get(index) else { return };
                for ((radius, bracket), count) in
                    plan.radii.iter().zip(&brackets).zip(&mut counts.rings)
                {
                    if within(*radius, bracket) {
                        count.add(event.fatalities);
                    }
                }
                if within(plan.window_radius, &window) {
                    for (days, count) in plan.windows.iter().zip(&mut counts.windows) {
                        if event.age_days < *days {
                            count.add(event.fatalities);
                        }
                    }
                    counts.recent += u32::from(event.age_days < plan.trend_days);
                    counts.prior +=
                        u32::from((plan.trend_days..2 * plan.trend_days).contains(&event.age_days));
                }
            };
            match probe.position() {
                Some(from) => {
                    for (index, chord2) in events.tree().candidates(Ecef::from(from), widest) {
                        let Some(event) = events.list().get(index) else { continue };
                        tally(index, &|radius, bracket| {
                            chord2 < bracket.shorter2
                                || chord2 <= bracket.longer2
                                    && geodesic::distance(from, event.position) <= radius
                        });
                    }
                }
                None => {
                    for found in events.tree().within(probe, widest) {
                        tally(found.index, &|radius, _| found.distance <= radius);
                    }
                }
            }
            counts
        })
        .collect()
}

impl Count {
    fn add(&mut self, fatalities: u32) {
        self.incidents += 1;
        self.fatalities += u64::from(fatalities);
    }
}
