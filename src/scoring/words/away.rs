//! Distances in words, told no finer than the positions are known.

use crate::earth::Length;

/// A distance: `8.2 km away`, `17 km away`, or `at the site` within 50 meters.
pub(in crate::scoring) fn away(distance: Length) -> String {
    Away { distance, accuracy: None, from: None }.words()
}

/// How far something lies from a site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Away<'a> {
    /// The distance between the reported positions.
    pub distance: Length,
    /// The radius that contains the true place with 90 % probability; `None` if the source gives none.
    pub accuracy: Option<Length>,
    /// The part of the site from which it is measured, such as `camp`; `None` for the site itself.
    pub from: Option<&'a str>,
}

impl Away<'_> {
    /// `8.2 km away`, `8.2 km from its camp`, `about 26 km away`, `2 km from its road (place known to 5 km)`,
    /// `at the site`.
    pub(super) fn words(self) -> String {
        let (km, coarse) = (self.distance.km(), self.accuracy.filter(|of| is_coarse(*of)));
        let digits = match km {
            km if coarse.is_none() && km < 9.95 => format!("{km:.1}"),
            km => format!("{km:.0}"),
        };
        match (coarse, self.from) {
            // The true place may lie anywhere within the radius, the site included.
            (Some(radius), from) if km <= radius.km() => {
                let place = match (from, km < 0.5) {
                    (None, true) => "at the site".into(),
                    (None, false) => format!("{km:.0} km away"),
                    (Some(part), true) => format!("at its {part}"),
                    (Some(part), false) => format!("{km:.0} km from its {part}"),
                };
                format!("{place} (place known to {:.0} km)", radius.km())
            }
            (None, None) if km < 0.05 => "at the site".into(),
            (None, Some(part)) if km < 0.05 => format!("at its {part}"),
            (coarse, from) => {
                let about = if coarse.is_some() { "about " } else { "" };
                let origin = from.map_or_else(|| "away".into(), |part| format!("from its {part}"));
                format!("{about}{digits} km {origin}")
            }
        }
    }
}

/// Whether a position is known to no better than a kilometer.
fn is_coarse(accuracy: Length) -> bool {
    accuracy.km() >= 1.0
}

/// A distance in kilometers, to the digits that its place bears: to meters where that is known to a few of them, to
/// 100 m where nothing is known of its accuracy, to a kilometer where it is coarse.
pub fn km_as_known(distance_km: f64, accuracy_km: Option<f64>) -> String {
    let decimals = match accuracy_km {
        Some(accuracy) if accuracy < 0.01 => 3,
        Some(accuracy) if accuracy < 0.1 => 2,
        Some(accuracy) if accuracy >= 1.0 => 0,
        _ => 1,
    };
    format!("{distance_km:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::{Away, away, km_as_known};
    use crate::earth::Length;

    fn told(km: f64, accuracy: Option<f64>, from: Option<&str>) -> String {
        let accuracy = accuracy.map(Length::from_km);
        Away { distance: Length::from_km(km), accuracy, from }.words()
    }

    #[test]
    fn a_distance_is_told_no_finer_than_its_place_is_known() {
        for (km, accuracy, from, words) in [
            (8.24, None, None, "8.2 km away"),
            (16.6, None, None, "17 km away"),
            (8.24, Some(0.5), Some("camp"), "8.2 km from its camp"),
            (25.5, Some(5.0), None, "about 26 km away"),
            (0.1, Some(5.0), Some("road"), "at its road (place known to 5 km)"),
            (4.9, Some(25.0), None, "5 km away (place known to 25 km)"),
            (0.04, None, None, "at the site"),
            (0.04, None, Some("outline"), "at its outline"),
        ] {
            assert_eq!(told(km, accuracy, from), words);
        }
        assert_eq!(away(Length::from_km(0.1)), "0.1 km away");
    }

    #[test]
    fn digits_follow_the_accuracy() {
        for (accuracy, digits) in [
            (Some(0.001), "25.512"),
            (Some(0.05), "25.51"),
            (Some(0.5), "25.5"),
            (None, "25.5"),
            (Some(5.0), "26"),
        ] {
            assert_eq!(km_as_known(25.512, accuracy), digits);
        }
    }
}
