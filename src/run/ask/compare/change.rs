//! What is told of a change: the runs, the sites, and each score with the parts of its change.

use super::folder::{self, Folder, Written};
use super::incidents::{IncidentChange, IndicatorChange};
use super::walk::{Parts, Split};
use crate::scoring::written;
use serde::Serialize;

/// A score that changes by less than half of the decimal that is written is taken for unchanged.
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
    /// How many incidents that count changed; `None` where that is not known.
    pub incidents: Option<IncidentCounts>,
    /// How many sites did.
    pub counts: SiteCounts,
    /// Why changes cannot be split, each once.
    pub unknown: Vec<String>,
    /// Every site of both runs: those in another class first, then those that changed most.
    pub sites: Vec<SiteChange>,
    /// Sites of the newer run alone.
    pub came: Vec<Standing>,
    /// Sites of the older run alone.
    pub gone: Vec<Standing>,
}

/// What one run was.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// The date from which ages were counted.
    pub as_of: Option<String>,
    /// The scheme in force.
    pub scheme: String,
    /// Where the records come from that were scored again: `files`, or the folder's own `layer`; `None` where they
    /// are not known.
    pub records: Records,
}

/// Where the records of each role come from.
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
    /// Those that stayed as they were.
    pub same: usize,
    /// Those that count anew.
    pub new: usize,
    /// Those that do not count any more.
    pub vanished: usize,
    /// Those that are told otherwise.
    pub corrected: usize,
}

/// Sites of either run.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct SiteCounts {
    /// Sites of both.
    pub compared: usize,
    /// Of those, the ones of which a score changed.
    pub changed: usize,
    /// Of those, the ones of which a score is in another class.
    pub in_another_band: usize,
    /// Of those compared, the ones of which none did.
    pub unchanged: usize,
    /// Sites of the newer run alone.
    pub came: usize,
    /// Sites of the older run alone.
    pub gone: usize,
}

/// A site of one run alone.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// 0 to 100.
    pub security: Option<f64>,
    /// Its class.
    pub security_band: String,
    /// 0 to 100.
    pub environment: Option<f64>,
    /// Its class.
    pub environment_band: String,
}

/// What changed of a site of both runs.
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
    /// How far it moved, where it did.
    ///
    /// # Units
    /// Kilometers.
    pub moved_km: Option<f64>,
    /// Whether any of its scores changed by half of the decimal that is written, came or went.
    pub changed: bool,
    /// Whether any of them is in another class.
    pub in_another_band: bool,
    /// The security score.
    pub security: ScoreChange,
    /// The environment score.
    pub environment: ScoreChange,
    /// Both together.
    pub overall: ScoreChange,
    /// The incidents that moved its security score most.
    pub incidents: Vec<IncidentChange>,
    /// How many more moved it.
    pub more_incidents: usize,
    /// The indicators whose points changed, the most first.
    pub indicators: Vec<IndicatorChange>,
}

/// What changed of a score.
#[derive(Debug, Clone, Serialize)]
pub struct ScoreChange {
    /// As it was; with the one decimal that is written where the change cannot be split.
    pub before: Option<f64>,
    /// As it is.
    pub after: Option<f64>,
    /// Its class as it was.
    pub band_before: String,
    /// Its class as it is.
    pub band_after: String,
    /// How much higher it is; `None` unless there are two scores.
    pub change: Option<f64>,
    /// What has which part in it.
    pub parts: Option<Parts>,
    /// With which step of the walk the score came, or went; `None` where it did neither, or that is not known.
    pub turned_with: Option<&'static str>,
    /// Why the parts are not known, where there is a change.
    pub unknown: Option<String>,
}

impl ScoreChange {
    /// Whether it changed by half of the decimal that is written, came, went, or is in another class.
    pub fn is_change(&self) -> bool {
        self.before.is_some() != self.after.is_some()
            || self.change.is_some_and(|change| change.abs() >= LEAST)
            || self.is_in_another_band()
    }

    /// Whether it is in another class.
    pub fn is_in_another_band(&self) -> bool {
        self.band_before != self.band_after
    }

    /// From what is written, and from what scoring again comes to, which must be the same but for its decimals.
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
                // Of two numbers with one decimal.
                let change = written.change.map(written::score);
                let unknown = (change != Some(0.0) && written.is_change()).then_some(why);
                Self { change, unknown, ..written }
            }
        }
    }
}

/// Whether a score that was computed again is the one that is written.
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
    /// How much its scores changed: the most of security and environment. One that came or went outdoes all.
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
