//! Distances beside rings: one that is rounded onto a ring would contradict the counts within it.

use crate::earth::Length;

/// The rings that pages draw around a site beside its environment score.
pub(super) const RINGS: [f64; 3] = [1.0, 10.0, 50.0];

/// How near a ring a distance has at least one decimal, in km.
const NEAR: f64 = 1.0;

/// A distance in km with so many decimals, or with as many as show on which side of a ring it lies.
pub(super) fn beside_rings(km: f64, decimals: usize, rings: &[f64]) -> String {
    let Some(ring) = rings.iter().find(|ring| km != **ring && (km - **ring).abs() < NEAR) else {
        return format!("{km:.decimals$}");
    };
    let sided = |digits: &usize| {
        let told: f64 = format!("{km:.digits$}").parse().unwrap_or(km);
        (told < *ring) == (km < *ring) && told != *ring
    };
    // A distance as near to a ring as a meter is as far as it.
    let digits = (decimals.max(1)..4).find(sided).unwrap_or(3);
    format!("{km:.digits$}")
}

/// A distance to a receptor in km to 100 m, or to as many decimals as show on which side of a ring of the environment it lies.
pub(super) fn receptor_km(distance: Length) -> f64 {
    let km = distance.km();
    beside_rings(km, 1, &RINGS).parse().unwrap_or(km)
}

/// The decimals with which a distance in km is written that is known to an accuracy: none where that is a kilometer or more, up
/// to three where it is meters; as many more as show on which side of a ring it lies.
pub(super) fn decimals(km: f64, accuracy: Length, rings: &[f64]) -> u8 {
    let known = match accuracy.km() {
        known if known < 0.01 => 3,
        known if known < 0.1 => 2,
        known if known >= 1.0 => 0,
        _ => 1,
    };
    let told = beside_rings(km, known, rings);
    let after_point = told.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    u8::try_from(after_point).unwrap_or(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_not_rounded_onto_a_ring() {
        let rings = [5.0, 50.0];
        let told = |km| beside_rings(km, 0, &rings);
        assert_eq!(told(50.3), "50.3");
        assert_eq!(told(49.98), "49.98");
        assert_eq!(told(50.04), "50.04");
        assert_eq!(told(49.4), "49.4");
        assert_eq!(told(48.9), "49");
        assert_eq!(told(50.0), "50");
        assert_eq!(beside_rings(12.34, 1, &rings), "12.3");
        let receptor = |km| receptor_km(Length::from_km(km));
        assert_eq!([10.02, 9.98, 10.0, 27.492].map(receptor), [10.02, 9.98, 10.0, 27.5]);
    }

    #[test]
    fn a_distance_has_no_more_decimals_than_its_place_is_known_by() {
        let of =
            |km: f64, accuracy: f64| decimals(km, Length::from_km(accuracy), &[0.0, 1.0, 10.0]);
        assert_eq!(
            [of(27.492, 5.0), of(27.492, 0.5), of(27.492, 0.05), of(27.492, 0.001)],
            [0, 1, 2, 3]
        );
        assert_eq!(of(10.02, 5.0), 2, "on its side of the ring");
        assert_eq!(of(0.3, 5.0), 1, "not at the site");
        assert_eq!(of(0.0, 5.0), 0);
    }
}
