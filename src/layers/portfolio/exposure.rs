//! What a user's own numbers, such as value, production or workforce, are exposed to: the share of them in each band,
//! and the scores weighted by them.

use super::name_of;
use crate::layers::{Context, Layer, Property, Scored};
use crate::scoring::written;
use serde::Serialize;

/// What the numbers of a group of sites are exposed to.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Exposed {
    /// The sum of the numbers.
    pub total: f64,
    /// The number of sites without a number, which count in nothing here.
    pub missing: usize,
    /// By the security score.
    pub security: Shares,
    /// By the environment score.
    pub environment: Shares,
}

/// A total over the bands of one score.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Shares {
    /// The sum of the numbers in each band, from no data to very high.
    pub bands: [f64; 6],
    /// The mean score, weighted by the numbers, over the sites that have both; `None` if there are none.
    pub mean: Option<f64>,
}

impl Exposed {
    /// The share of the total in each band of one score; `None` if the total is 0.
    pub fn shares(&self, of: &Shares) -> Option<[f64; 6]> {
        (self.total > 0.0).then(|| of.bands.map(|sum| sum / self.total))
    }

    /// The exposure of some sites, each with its number if it has one.
    pub(super) fn of(context: Context<'_>, members: &[(&Scored, Option<f64>)]) -> Self {
        let known = || members.iter().filter_map(|(one, number)| Some((*one, (*number)?)));
        let shares = |score: fn(&Scored) -> Option<f64>| {
            let mut shares = Shares::default();
            let (mut weighted, mut weights) = (0.0, 0.0);
            for (one, number) in known() {
                let score = score(one).map(written::score);
                let band = usize::from(context.scheme.bands.of(score).number());
                if let Some(sum) = shares.bands.get_mut(band) {
                    *sum += number;
                }
                if let Some(score) = score {
                    weighted += number * score;
                    weights += number;
                }
            }
            shares.mean = (weights > 0.0).then(|| weighted / weights);
            shares
        };
        Self {
            total: 0.0 + known().map(|(_, number)| number).sum::<f64>(),
            missing: members.len() - known().count(),
            security: shares(|one| one.risk.security.score),
            environment: shares(|one| one.risk.environment.score),
        }
    }
}

/// The number of a site in a column; `None` if it is missing, no number or below zero.
pub(super) fn number(layer: &Layer<'_>, column: usize, site: usize) -> Option<f64> {
    let value = layer.value(site, column)?;
    let number = match &value {
        Property::Number(number, _) => Some(*number),
        Property::Text(_) => name_of(&value).and_then(|text| text.parse().ok()),
        Property::Missing | Property::Flag(_) | Property::Date(_) => None,
    };
    number.filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

/// Whether any site has a number in a column.
pub fn has_numbers(layer: &Layer<'_>, column: usize) -> bool {
    (0..layer.len()).any(|site| number(layer, column, site).is_some())
}
