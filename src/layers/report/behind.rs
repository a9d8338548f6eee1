//! What adds most to environment scores, as shapes on a map.

use super::degrees;
use crate::earth::Shape;
use crate::layers::{Context, Scored};
use crate::model::ReceptorKind;
use crate::scoring::IndicatorCode;
use std::collections::BTreeMap;

/// A receptor or an accident that is behind an indicator of some site.
#[derive(Debug)]
pub struct Behind<'a> {
    /// The kind of receptor; `None` for an accident.
    pub kind: Option<ReceptorKind>,
    /// Its name, if it has one.
    pub name: Option<&'a str>,
    /// Its shape; a point at the nearest place for an accident.
    pub shape: Option<&'a Shape>,
    /// Its share in each site's score.
    pub lines: Vec<BehindLine>,
}

/// A line from a site to what is behind a part of its score. Places are longitude and latitude.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BehindLine {
    /// The site.
    pub from: (f64, f64),
    /// The nearest place of the receptor.
    pub to: (f64, f64),
    /// Points of the score.
    pub points: f64,
}

impl Behind<'_> {
    /// The points that it adds to all sites together.
    pub fn points(&self) -> f64 {
        self.lines.iter().map(|line| line.points).sum()
    }
}

/// What is behind the environment scores of some sites, by falling points.
pub(super) fn behind<'a>(context: Context<'a>, shown: &[&Scored]) -> Vec<Behind<'a>> {
    let mut all: BTreeMap<(bool, usize), Behind<'a>> = BTreeMap::new();
    for one in shown {
        let Some(site) = context.sites.get(one.site) else { continue };
        for indicator in &one.risk.environment.indicators {
            let Some((nearby, points)) = indicator.driver.zip(indicator.points) else { continue };
            if points <= 0.0 {
                continue;
            }
            let accident = indicator.code == IndicatorCode::Accidents;
            let entry = all.entry((accident, nearby.index)).or_insert_with(|| {
                let receptor = if accident { None } else { context.receptors.get(nearby.index) };
                Behind {
                    kind: receptor.map(|receptor| receptor.kind),
                    name: receptor.and_then(|receptor| receptor.name.as_deref()),
                    shape: receptor.map(|receptor| &receptor.shape),
                    lines: Vec::new(),
                }
            });
            let from = (degrees(site.position.lon()), degrees(site.position.lat()));
            let to = (degrees(nearby.to.lon()), degrees(nearby.to.lat()));
            // A receptor may be behind two indicators of a site: one line has the points of both.
            match entry.lines.iter_mut().find(|line| line.from == from && line.to == to) {
                Some(line) => line.points += points,
                None => entry.lines.push(BehindLine { from, to, points }),
            }
        }
    }
    let mut all: Vec<Behind<'a>> = all.into_values().collect();
    // The sort is stable: of equal points the first in the run's list comes first.
    all.sort_by(|a, b| b.points().total_cmp(&a.points()));
    all
}
