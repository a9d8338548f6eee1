//! The style of a surface of scores: each cell in the color of its band.

use super::looks::{BANDS, band_label};
use super::{Color, GROUND, Theme};
use crate::scoring::{Band, Bands};

/// What a place without a color is.
const BLANK: &str = "Blank: no score (not covered, or far away)";

/// The cells that share a color.
#[derive(Debug, Clone, PartialEq)]
pub struct SurfaceClass {
    /// The highest value; the lowest is above the previous class.
    pub to: f64,
    /// Its label in the legend.
    pub label: String,
    /// The color.
    pub color: Color,
}

/// The classes of a surface by ascending value, no data first (the color of the land, which shows there). A score has the same color as a site
/// with that score.
pub fn surface_classes(bands: &Bands) -> Vec<SurfaceClass> {
    let class = |band: Band| SurfaceClass {
        to: highest(band, bands),
        label: match band {
            Band::NoData => BLANK.into(),
            band => band_label(band, bands),
        },
        color: Theme::Security.color(band.number()).unwrap_or(GROUND.land),
    };
    BANDS.into_iter().rev().map(class).collect()
}

/// The highest value of a band. Scores have one decimal, and one on an edge belongs to the upper band, so
/// classes are split midway between two tenths, where rounding cannot move a score across.
fn highest(band: Band, bands: &Bands) -> f64 {
    let Some(at) = usize::from(band.number()).checked_sub(1) else { return -1.0 };
    let Some(edge) = bands.edges.get(at) else { return f64::INFINITY };
    let near = (edge * 10.0).round();
    let first = if near / 10.0 >= *edge { near } else { near + 1.0 };
    (first - 0.5) / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_score_as_written_is_in_the_class_of_its_band() {
        for edges in [[20.0, 40.0, 60.0, 80.0], [1.1, 10.05, 33.333, 99.9], [0.1, 0.2, 0.3, 100.0]]
        {
            let bands = Bands { edges };
            let classes = surface_classes(&bands);
            for tenths in 0_u16..=1000 {
                let score = f64::from(tenths) / 10.0;
                // A cell is an `f32`.
                #[allow(clippy::cast_possible_truncation)]
                let cell = f64::from(score as f32);
                let class = classes.iter().find(|class| cell <= class.to).expect("a class");
                let due = bands.of(Some(score));
                assert_eq!(class.label, band_label(due, &bands), "{score} {edges:?}");
                assert_eq!(Some(class.color), Theme::Security.color(due.number()), "{score}");
            }
            assert_eq!(classes.first().map(|class| class.color), Some(GROUND.land));
        }
    }
}
