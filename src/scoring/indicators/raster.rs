//! E7, E8, E12 and E13: indicators read from a raster.

use super::Reading;
use crate::measures::RasterSample;
use crate::scoring::{RasterRule, Statistic};

/// The number that the scheme asks of the cells around the site, on a straight line from 0 to 1. The share of the
/// cells that have a value is the share that is known.
pub fn of_raster(rule: &RasterRule, name: &str, sample: Option<&RasterSample>) -> Reading {
    let Some(sample) = sample else {
        return Reading::missing(vec![format!("no raster called {name} was given")]);
    };
    match value(rule, sample) {
        Some((number, value)) => {
            let past = past(rule, number);
            let phrase = format!("{number:.2} in the raster of {name}{past}");
            let note = format!("{name} {number:.3}{past}");
            Reading::partly(value, sample.known, None, vec![note]).told(phrase)
        }
        None => Reading::missing(vec![format!("the raster of {name} has no value here")]),
    }
}

/// Says that a number lies outside of those that the scheme takes for 0 and 1: the raster may be in other units.
fn past(rule: &RasterRule, number: f64) -> String {
    let [zero, one] = rule.from;
    let on_line = (number - zero) / (one - zero);
    match (-1e-9..=1.0 + 1e-9).contains(&on_line) {
        true => String::new(),
        false => format!(", past the scheme's {zero} to {one}"),
    }
}

/// The number of the rule, and the value that it becomes; `None` without a cell.
pub(super) fn value(rule: &RasterRule, sample: &RasterSample) -> Option<(f64, f64)> {
    let number = match rule.statistic {
        Statistic::Point => sample.point,
        Statistic::Mean => sample.mean,
        Statistic::Max => sample.max,
        Statistic::Over => sample.share_over,
    }?;
    let [zero, one] = rule.from;
    Some((number, ((number - zero) / (one - zero)).clamp(0.0, 1.0)))
}
