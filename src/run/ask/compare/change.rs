//! The report of a change: the runs, the sites, and each score with the parts of its change.

use super::folder::{self, Folder, Written};
use super::incidents::{BarChange, IncidentChange, IndicatorChange};
use super::walk::{Parts, Split};
use crate::scoring::written;
use serde::Serialize;

/// A smaller change of a score, below half of the written decimal, counts as none.
const LEAST: f64 = 0.05;

/// What changed between two runs.
#[derive(Debug, Clone, Serialize)]
pub struct Changes {
    /// The older run.
    pub old: Side,
    /// The newer one.
    pub new: Side,
    /// The steps at which something changed, in the order of the walk.
    pub steps: Vec<&'static str>,
    /// The number of scored incidents by change; `None` if unknown.
    pub incidents: Option<IncidentCounts>,
    /// The number of sites by change.
    pub counts: SiteCounts,
    /// Reasons why changes cannot be split, without duplicates.
    pub unknown: Vec<String>,
    /// Every site of both runs: those that changed bands first, then by descending change.
    pub sites: Vec<SiteChange>,
    /// Sites only in the newer run.
    pub came: Vec<Standing>,
    /// Sites only in the older run.
    pub gone: Vec<Standing>,
}

/// One of the two runs.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// The date at which ages were computed.
    pub as_of: Option<String>,
    /// The scheme in force.
    pub scheme: String,
    /// The origin of the records that were scored again: `files`, or the folder's own `layer`; `None` if they are
    /// unknown.
    pub records: Records,
}

/// The origin of the records of each role.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Records {
    /// Sites.
    pub sites: &'static str,
    /// Incidents.
    pub incidents: Option<&'static str>,
    /// Receptors.
    pub receptors: Option<&'static str>,
}

/// Incidents that count in either run.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct IncidentCounts {
    /// Unchanged incidents.
    pub same: usize,
    /// Incidents that count only in the newer run.
    pub new: usize,
    /// Incidents that count only in the older run.
    pub vanished: usize,
    /// Incidents whose records were corrected.
    pub corrected: usize,
}

/// Sites of either run.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct SiteCounts {
    /// Sites in both runs.
    pub compared: usize,
    /// Compared sites with a changed score.
    pub changed: usize,
    /// Compared sites with a changed band.
    pub in_another_band: usize,
    /// Compared sites without a changed score.
    pub unchanged: usize,
    /// Sites only in the newer run.
    pub came: usize,
    /// Sites only in the older run.
    pub gone: usize,
}

/// A site of only one run.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// 0 to 100.
    pub security: Option<f64>,
    /// Its band.
    pub security_band: String,
    /// 0 to 100.
    pub environment: Option<f64>,
    /// Its band.
    pub environment_band: String,
}

/// The changes of a site of both runs.
#[derive(Debug, Clone, Serialize)]
pub struct SiteChange {
    /// Its id.
    pub id: String,
    /// Its name, in the newer run.
    pub name: String,
    /// Degrees.
    pub lon: f64,
    /// Degrees.
    pub lat: f64,
    /// The distance that it moved, if it did.
    ///
    /// # Units
    /// Kilometers.
    pub moved_km: Option<f64>,
    /// Whether any of its scores changed by at least half of the written decimal, appeared or disappeared.
    pub changed: bool,
    /// Whether any band changed.
    pub in_another_band: bool,
    /// The security score.
    pub security: ScoreChange,
    /// The environment score.
    pub environment: ScoreChange,
    /// The overall score.
    pub overall: ScoreChange,
    /// The incidents with the largest effect on its security score.
    pub incidents: Vec<IncidentChange>,
    /// The number of other incidents with an effect.
    pub more_incidents: usize,
    /// The bars of the environment that changed, in their order.
    pub bars: Vec<BarChange>,
    /// The indicators of the environment that changed, in the order of the scheme.
    pub indicators: Vec<IndicatorChange>,
}

/// The change of a score.
#[derive(Debug, Clone, Serialize)]
pub struct ScoreChange {
    /// The score before; rounded to the written decimal if the change cannot be split.
    pub before: Option<f64>,
    /// The score after.
    pub after: Option<f64>,
    /// The band before.
    pub band_before: String,
    /// The band after.
    pub band_after: String,
    /// The increase; `None` unless both scores exist.
    pub change: Option<f64>,
    /// The parts of the change by cause.
    pub parts: Option<Parts>,
    /// The step at which the score appeared or disappeared; `None` if it did neither, or the step is unknown.
    pub turned_with: Option<&'static str>,
    /// Why the parts of a change are unknown.
    pub unknown: Option<String>,
}

impl ScoreChange {
    /// Whether it changed by at least half of the written decimal, appeared, disappeared, or changed bands.
    pub fn is_change(&self) -> bool {
        self.before.is_some() != self.after.is_some()
            || self.change.is_some_and(|change| change.abs() >= LEAST)
            || self.is_in_another_band()
    }

    /// Whether the band changed.
    pub fn is_in_another_band(&self) -> bool {
        self.band_before != self.band_after
    }

    /// From the written scores, and from the recomputed ones, which must agree with them after rounding.
    pub(super) fn of(
        [old, new]: [&(Option<f64>, String); 2],
        again: Result<([Option<f64>; 2], Split), String>,
    ) -> Self {
        let (band_before, band_after) = (old.1.clone(), new.1.clone());
        let told = |before: Option<f64>, after: Option<f64>| Self {
            change: before.zip(after).map(|(before, after)| after - before),
            before,
            after,
            band_before: band_before.clone(),
            band_after: band_after.clone(),
            parts: None,
            turned_with: None,
            unknown: None,
        };
        let again = again.and_then(|([before, after], split)| {
            fits(old.0, before, "before")?;
            fits(new.0, after, "now")?;
            Ok((before, after, split))
        });
        match again {
            Ok((before, after, Split { parts, turn })) => {
                let told = told(before, after);
                let turns = before.is_some() != after.is_some();
                let turned_with = turn.filter(|_| turns).map(|step| step.word());
                Self { parts: told.change.map(|_| parts), turned_with, ..told }
            }
            Err(why) => {
                let written = told(old.0, new.0);
                // The difference of two numbers with one decimal.
                let change = written.change.map(written::score);
                let unknown = (change != Some(0.0) && written.is_change()).then_some(why);
                Self { change, unknown, ..written }
            }
        }
    }
}

/// Checks that a recomputed score equals the written one.
fn fits(written: Option<f64>, again: Option<f64>, when: &str) -> Result<(), String> {
    let told = |score: Option<f64>| score.map_or_else(|| "none".to_owned(), |s| format!("{s:.1}"));
    let same = match (written, again) {
        (Some(written), Some(again)) => (written - again).abs() <= 0.0501,
        (None, None) => true,
        _ => false,
    };
    if same {
        return Ok(());
    }
    Err(format!(
        "scored again from the records at hand it {} {}, not {} as written",
        if when == "now" { "is" } else { "was" },
        told(again),
        told(written)
    ))
}

impl SiteChange {
    /// The larger change of security and environment; infinite if a score appeared or disappeared.
    pub(super) fn size(&self) -> f64 {
        let size = |score: &ScoreChange| match score.change {
            Some(change) => change.abs(),
            None if score.is_change() => f64::INFINITY,
            None => 0.0,
        };
        size(&self.security).max(size(&self.environment))
    }
}

impl Side {
    pub(super) fn of(folder: &Folder) -> Self {
        let from = |records: &folder::Records| records.as_ref().ok().map(|(_, from)| from.word());
        Self {
            as_of: folder.receipt.as_of.map(|day| day.to_string()),
            scheme: folder.receipt.scheme_name().to_owned(),
            records: Records {
                sites: folder.sites.1.word(),
                incidents: from(&folder.incidents),
                receptors: from(&folder.receptors),
            },
        }
    }
}

impl Standing {
    pub(super) fn of(site: &Written) -> Self {
        let [security, environment, _] = &site.scores;
        Self {
            id: site.id.clone(),
            name: site.name.clone(),
            security: security.0,
            security_band: security.1.clone(),
            environment: environment.0,
            environment_band: environment.1.clone(),
        }
    }
}
