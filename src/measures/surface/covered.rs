//! Which cells of a grid lie where incidents were collected.

use super::blocks::{Question, answers};
use crate::earth::{Grid, Length, Position};
use crate::measures::coverage::Coverage;
use crate::measures::overlap::Cover;
use crate::model::{BORDER_TOLERANCE, Countries, Country, CountryCode, country_at};

/// Returns for each cell whether a site at its center would be covered.
pub(in crate::measures) fn covered(coverage: &Coverage, grid: &Grid) -> Vec<bool> {
    let all = |answer: bool| {
        let size = |count: u32| usize::try_from(count).unwrap_or(0);
        vec![answer; size(grid.width()) * size(grid.height())]
    };
    match coverage {
        Coverage::Nowhere => all(false),
        Coverage::Everywhere => all(true),
        Coverage::Countries { cover, .. } => answers(grid, &InCountries { coverage, cover }),
        Coverage::Area { cover, .. } => answers(grid, &InArea { coverage, cover }),
    }
}

/// Coverage by an area.
struct InArea<'a> {
    coverage: &'a Coverage,
    cover: &'a Cover,
}

impl Question for InArea<'_> {
    fn at(&self, position: Position) -> bool {
        self.coverage.covers(position, None)
    }

    fn around(&self, middle: Position, radius: Length) -> Option<bool> {
        (!ends_near(self.cover, middle, radius)).then(|| self.at(middle))
    }
}

/// Coverage by country: of a cell at sea the nearest coast within the border tolerance decides.
struct InCountries<'a> {
    coverage: &'a Coverage,
    /// The union of the covered countries and areas.
    cover: &'a Cover,
}

impl Question for InCountries<'_> {
    fn at(&self, position: Position) -> bool {
        self.coverage.covers(position, country_at(position))
    }

    fn around(&self, middle: Position, radius: Length) -> Option<bool> {
        let country = Countries::built_in().at(middle);
        let covers = |country: Option<CountryCode>| self.coverage.covers(middle, country);
        if !ends_near(self.cover, middle, radius) {
            // Within the union all is covered; within another country nothing is.
            if covers(country) || country.is_some_and(|own| is_inland(own, middle, radius)) {
                return Some(covers(country));
            }
            // At sea nothing is covered if no covered coast is within the tolerance.
            let wide = Length::from_km(radius.km() + BORDER_TOLERANCE.km());
            if !ends_near(self.cover, middle, wide) {
                return Some(covers(country_at(middle)));
            }
        }
        None
    }
}

/// Whether the boundary of the covered area may come within a radius of a position.
fn ends_near(cover: &Cover, at: Position, radius: Length) -> bool {
    radius.km() > 1000.0 || cover.may_end_within(at, radius)
}

/// Whether the borders of the country that contains a position are surely farther away than a radius.
fn is_inland(country: CountryCode, at: Position, radius: Length) -> bool {
    // Distances to borders are too long by less than 1 % at 400 km.
    let wide = Length::from_km(1.05 * radius.km());
    let borders = Countries::built_in().find(country).map(|own: &Country| own.distance(at, wide));
    radius.km() < 400.0 && borders == Some(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::Crs;

    /// Compares each cell of a grid with the answer at its center; returns how many are covered.
    fn compared(coverage: &Coverage, corner: [f64; 2], cell: f64, size: [u32; 2]) -> usize {
        let grid = Grid::new(Crs::wgs84(), corner, [cell, cell], size).expect("a grid");
        let found = covered(coverage, &grid);
        let by_country = matches!(coverage, Coverage::Countries { .. });
        let cells = (0..size[1]).flat_map(|row| (0..size[0]).map(move |column| (column, row)));
        for ((column, row), found) in cells.zip(&found) {
            let at = grid.position(column, row).expect("on Earth");
            let country = by_country.then(|| country_at(at)).flatten();
            assert_eq!(*found, coverage.covers(at, country), "{at:?}");
        }
        found.into_iter().filter(|covered| *covered).count()
    }

    #[test]
    fn every_cell_is_covered_as_a_site_at_its_center_would_be() {
        let of = |codes: &[&str]| {
            let codes = codes.iter().filter_map(|code| CountryCode::new(code));
            Coverage::of_countries(codes.collect())
        };
        // Pakistan with its neighbors and the sea; islands; a disputed area; the antimeridian.
        let wide = compared(&of(&["PAK"]), [58.0, 38.0], 0.11, [190, 160]);
        assert!((5_000..10_000).contains(&wide), "{wide}");
        assert!(compared(&of(&["PHL", "IDN"]), [112.0, 14.0], 0.2, [110, 90]) > 1000);
        assert!(compared(&of(&["UKR"]), [28.0, 50.0], 0.1, [110, 70]) > 1000);
        assert!(compared(&of(&["RUS", "USA"]), [170.0, 70.0], 0.4, [100, 50]) > 1000);
        let ring = vec![[66.0, 28.0], [68.0, 28.2], [67.0, 30.0], [66.0, 28.0]];
        let ring = geo_types::LineString::from(ring);
        let area = geo_types::Polygon::new(ring, Vec::new());
        let area = Coverage::of_area(geo_types::MultiPolygon(vec![area]));
        assert!(compared(&area, [65.0, 31.0], 0.02, [200, 200]) > 1000);
    }
}
