//! Distances beside rings: one that is rounded onto a ring would contradict the counts within it.

/// The rings that the page draws around a site beside its environment score.
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
    }
}
