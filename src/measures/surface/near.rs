//! Which cells of a grid lie near any of some places.

use super::blocks::{Question, answers};
use crate::earth::{ChordBracket, Ecef, Grid, Length, Position};
use crate::index::PointTree;

/// Returns for each cell whether its center may lie within a distance of any of the places: by the chord, which leaves 2 cm
/// open at 100 km.
pub fn near_any(places: Vec<Position>, reach: Length, grid: &Grid) -> Vec<bool> {
    let places = PointTree::new(places);
    answers(grid, &NearAny { places, reach2: ChordBracket::new(reach).longer2 })
}

struct NearAny {
    places: PointTree,
    /// The square of the longest chord that counts as near.
    reach2: f64,
}

impl Question for NearAny {
    fn at(&self, position: Position) -> bool {
        self.places.least_chord2(Ecef::from(position), self.reach2).is_some()
    }

    fn around(&self, middle: Position, radius: Length) -> Option<bool> {
        let (reach, radius) = (self.reach2.sqrt(), radius.meters());
        // All answers are alike if the nearest place is nearer by the radius, or farther by it.
        let most = (reach + radius) * (reach + radius);
        match self.places.least_chord2(Ecef::from(middle), most) {
            None => Some(false),
            Some(least2) => (least2.sqrt() + radius <= reach).then_some(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::{Crs, geodesic};

    #[test]
    fn every_cell_is_near_if_its_center_is() {
        let at = |lon: f64, lat: f64| Position::from_degrees(lon, lat).expect("a position");
        let places = vec![at(179.9, 1.0), at(-179.0, 2.5), at(178.2, -1.0), at(178.2, -1.0)];
        let grid = Grid::new(Crs::wgs84(), [175.0, 6.0], [0.05, 0.05], [200, 200]).expect("a grid");
        let reach = Length::from_km(100.0);
        let found = near_any(places.clone(), reach, &grid);
        let cells = (0..200).flat_map(|row| (0..200).map(move |column| (column, row)));
        let mut near = 0;
        for ((column, row), found) in cells.zip(found) {
            let center = grid.position(column, row).expect("on Earth");
            let km = places.iter().map(|place| geodesic::distance(*place, center).km());
            let least = km.fold(f64::INFINITY, f64::min);
            assert!(
                (least - 100.0).abs() < 0.001 || found == (least < 100.0),
                "{center:?}: {least}"
            );
            near += usize::from(found);
        }
        assert!((2000..20_000).contains(&near), "{near}");
        assert!(near_any(Vec::new(), reach, &grid).iter().all(|near| !near));
    }
}
