//! The zones of the risk surface on a map: shapes to shade below everything that is a symbol.

use super::ground::{Rings, cut};
use super::view::View;
use crate::layers::Zones;

/// How far a drawn edge may depart from the edge of a zone, in units: more cannot be seen.
const TOLERANCE: f64 = 0.3;

/// The zones of a surface on a map, from that of all places with a score to that of the highest band; each lies within the
/// one before.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shading {
    /// The number of the band, 1 to 5, and the rings of the places in it or above, to fill by the even-odd rule.
    pub zones: Vec<(u8, Rings)>,
}

impl Shading {
    /// Zones on a view, and past it by a margin in views on each side.
    pub fn of(zones: &Zones, view: &View, margin: f64) -> Self {
        let extent = view.around(margin);
        let drawn = zones
            .list
            .iter()
            .map(|zone| (zone.band.number(), cut(view, extent, zone.rings.iter(), TOLERANCE)));
        Self { zones: drawn.filter(|(_, rings)| !rings.is_empty()).collect() }
    }

    /// The places of each band alone: number of the band, and rings to fill by the even-odd rule.
    pub fn bands(&self) -> impl Iterator<Item = (u8, Rings)> {
        let above = self.zones.iter().skip(1).map(|(_, rings)| rings.as_slice()).chain([&[][..]]);
        self.zones.iter().zip(above).map(|((band, rings), above)| (*band, [rings, above].concat()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::Position;
    use crate::layers::Zone;
    use crate::scoring::Band;
    use geo_types::LineString;

    fn square(from: f64, half: f64) -> LineString<f64> {
        let (west, east) = (from - half, from + half);
        LineString::from(vec![
            (west, -half),
            (east, -half),
            (east, half),
            (west, half),
            (west, -half),
        ])
    }

    #[test]
    fn zones_beside_the_map_are_left_out_and_those_over_the_antimeridian_are_whole() {
        let places = [(179.0, -1.0), (-179.0, 1.0)];
        let places = places.iter().filter_map(|(lon, lat)| Position::from_degrees(*lon, *lat));
        let view = View::of(places, 1200.0, 800.0);
        let zone = |band, at| Zone { band, rings: vec![square(at, 0.5)] };
        let zones = Zones { list: vec![zone(Band::VeryLow, 180.0), zone(Band::High, 20.0)] };
        let shading = Shading::of(&zones, &view, 0.0);
        let [(1, rings)] = shading.zones.as_slice() else { panic!("{shading:?}") };
        let xs: Vec<f64> = rings.iter().flatten().map(|at| at.0).collect();
        let (least, most) =
            xs.iter().fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
        assert!((least - (600.0 - 0.5 * view.per_lon)).abs() < 1e-6);
        assert!((most - (600.0 + 0.5 * view.per_lon)).abs() < 1e-6);
    }

    #[test]
    fn a_band_ends_where_the_next_begins() {
        let ring = |half: f64| vec![square(0.0, half).coords().map(|at| at.x_y()).collect()];
        let shading = Shading { zones: vec![(1, ring(4.0)), (3, ring(2.0))] };
        let bands: Vec<_> = shading.bands().map(|(band, rings)| (band, rings.len())).collect();
        assert_eq!(bands, [(1, 2), (3, 1)]);
    }
}
