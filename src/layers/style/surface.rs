//! What a surface of scores looks like: each cell in the color of its band.

use super::looks::{BANDS, band_label};
use super::{Color, NO_DATA, Theme};
use crate::scoring::{Band, Bands};

/// The cells that share a color.
#[derive(Debug, Clone, PartialEq)]
pub struct SurfaceClass {
    /// The highest value; past those of the classes before.
    pub to: f64,
    /// Its label in the legend.
    pub label: String,
    /// Their color.
    pub color: Color,
}

/// The classes of a surface from the lowest value to the highest, no data first: grey, where a score has
/// the color that a site of that score has.
pub fn surface_classes(bands: &Bands) -> Vec<SurfaceClass> {
    let class = |band: Band| SurfaceClass {
        to: highest(band, bands),
        label: band_label(band, bands),
        color: Theme::Security.color(band.number()).unwrap_or(NO_DATA.plain),
    };
    BANDS.into_iter().rev().map(class).collect()
}

/// The value up to which a cell belongs to a band. Scores have one decimal, and one on an edge belongs to the
/// upper band: the classes part midway between two tenths, where no rounding moves a score across.
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
                // A cell is a number of 32 bits.
                #[allow(clippy::cast_possible_truncation)]
                let cell = f64::from(score as f32);
                let class = classes.iter().find(|class| cell <= class.to).expect("a class");
                let due = bands.of(Some(score));
                assert_eq!(class.label, band_label(due, &bands), "{score} {edges:?}");
                assert_eq!(Some(class.color), Theme::Security.color(due.number()), "{score}");
            }
            assert_eq!(classes.first().map(|class| class.color), Some(NO_DATA.plain));
        }
    }
}
