//! How sure the scores are: the interval of each, what moves it, and which sites are among the ten highest.

use super::{tenths, thousandths};
use crate::layers::{Context, Scored};
use crate::measures::MovedBy;
use crate::scoring::{IndicatorCode, Spread, Uncertainty};
use serde::Serialize;
use std::collections::HashMap;

/// In more than this share of the draws, a site is surely among the ten highest.
const SURE: f64 = 0.9;
/// From this share on, it is likely.
const LIKELY: f64 = 0.5;
/// From this share on, it is open.
const OPEN: f64 = 0.1;

/// Sites listed of each kind, at most.
const LISTED: usize = 50;

/// How sure the ranking of all sites is.
#[derive(Debug, Serialize)]
pub struct Sure<'a> {
    /// The number of draws.
    pub draws: usize,
    /// The lower edges of the bands above the lowest.
    pub edges: [f64; 4],
    /// The sites with the ten highest security scores.
    pub security: Highest<'a>,
    /// The sites with the ten highest environment scores.
    pub environment: Highest<'a>,
}

/// The sites that are among the ten highest by a score, by how often they are.
#[derive(Debug, Default, Serialize)]
pub struct Highest<'a> {
    /// The number of sites with this score.
    pub sites: usize,
    /// In more than 90 % of the draws.
    pub sure: Among<'a>,
    /// In 50 to 90 %.
    pub likely: Among<'a>,
    /// In 10 to 50 %.
    pub open: Among<'a>,
}

/// Sites by how often they are among the ten highest, the most often first.
#[derive(Debug, Default, Serialize)]
pub struct Among<'a> {
    /// The number of all of them.
    pub count: usize,
    /// The first of them: the row, if the site has one; the name; the share of the draws, 0 to 1.
    pub first: Vec<(Option<usize>, &'a str, f64)>,
}

/// How sure the scores of one site are.
#[derive(Debug, Serialize)]
pub struct SureDetail {
    /// The security score; `None` without it.
    pub security: Option<SureScore>,
    /// The environment score; `None` without it.
    pub environment: Option<SureScore>,
}

/// How sure a score is.
#[derive(Debug, Serialize)]
pub struct SureScore {
    /// 5 and 95 % of the draws lie below, as written.
    pub interval: [f64; 2],
    /// The share of the draws in the score's band, 0 to 1.
    pub band: f64,
    /// 5 and 95 % of the draws have at most these ranks.
    pub ranks: Option<[u32; 2]>,
    /// The share of the draws in which the site is among the ten highest, 0 to 1.
    pub top: Option<f64>,
    /// The number of effective incidents, for a security score.
    pub effective: Option<f64>,
    /// What moves the score, in words, with its share, 0 to 1, largest first.
    pub moved_by: Vec<(&'static str, f64)>,
}

impl<'a> Sure<'a> {
    /// How sure the ranking is; `None` without draws. `rows` are the sites with a row, in their order.
    pub fn of(context: Context<'a>, scored: &[Scored], rows: &[&Scored]) -> Option<Self> {
        let rows: HashMap<usize, usize> =
            rows.iter().enumerate().map(|(row, one)| (one.site, row)).collect();
        let highest = |of: fn(&Uncertainty) -> Option<Spread>| {
            Highest::of(context, scored, &rows, |one| of(one.uncertainty.as_deref()?))
        };
        Some(Self {
            draws: context.draws?,
            edges: context.scheme.bands.edges,
            security: highest(|of| Some(of.security.as_ref()?.spread)),
            environment: highest(|of| Some(of.environment.as_ref()?.spread)),
        })
    }
}

impl<'a> Highest<'a> {
    fn of(
        context: Context<'a>,
        scored: &[Scored],
        rows: &HashMap<usize, usize>,
        spread: impl Fn(&Scored) -> Option<Spread>,
    ) -> Self {
        let mut highest = Self::default();
        let mut all: Vec<(usize, f64)> = Vec::new();
        for one in scored {
            let Some(spread) = spread(one) else { continue };
            highest.sites += 1;
            all.extend(spread.standing.map(|standing| (one.site, standing.top)));
        }
        // The sort is stable: ties stay in the order of the sites.
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        for (site, share) in all {
            let Some(among) = highest.among(share) else { break };
            among.count += 1;
            if let Some(known) = context.sites.get(site).filter(|_| among.count <= LISTED) {
                among.first.push((rows.get(&site).copied(), &known.name, thousandths(share)));
            }
        }
        highest
    }

    /// The list of a share; `None` if it is too small for any.
    fn among(&mut self, share: f64) -> Option<&mut Among<'a>> {
        match share {
            share if share > SURE => Some(&mut self.sure),
            share if share >= LIKELY => Some(&mut self.likely),
            share if share >= OPEN => Some(&mut self.open),
            _ => None,
        }
    }
}

impl SureDetail {
    /// How sure the scores of a site are; `None` without draws.
    pub(super) fn of(scored: &Scored) -> Option<Self> {
        let Uncertainty { security, environment } = scored.uncertainty.as_deref()?;
        let security = security.as_ref().map(|of| {
            let moved_by = MovedBy::TOLD.into_iter().zip(of.moved_by.shares());
            let effective = Some(tenths(of.effective));
            SureScore { effective, ..SureScore::of(of.spread, moved_by) }
        });
        let environment = environment.as_ref().map(|of| {
            let label = |&(code, share): &(IndicatorCode, f64)| (code.label(), share);
            SureScore::of(of.spread, of.moved_by.iter().map(label))
        });
        Some(Self { security, environment })
    }
}

impl SureScore {
    fn of(spread: Spread, moved_by: impl Iterator<Item = (&'static str, f64)>) -> Self {
        let Spread { score, band, standing } = spread;
        let mut moved_by: Vec<(&str, f64)> = moved_by
            .map(|(what, share)| (what, thousandths(share)))
            .filter(|(_, share)| *share > 0.0)
            .collect();
        // The sort is stable: equal shares stay in their order.
        moved_by.sort_by(|a, b| b.1.total_cmp(&a.1));
        Self {
            interval: score.map(tenths),
            band: thousandths(band),
            ranks: standing.map(|standing| standing.ranks),
            top: standing.map(|standing| thousandths(standing.top)),
            effective: None,
            moved_by,
        }
    }
}
