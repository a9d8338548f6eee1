//! Coverage: where incidents were collected at all. The absence of incidents is informative only
//! where data was collected. No country collects at sea, so the share of a buffer that countries cover is a share of its land.

use super::overlap::Cover;
use crate::earth::{Length, Position};
use crate::model::{Countries, CountryCode, covering};
use geo::Intersects;
use geo_types::{MultiPolygon, Point};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// The area in which incidents of one domain were collected.
#[derive(Debug)]
pub enum Coverage {
    /// Nothing was collected.
    Nowhere,
    /// Everywhere.
    Everywhere,
    /// In these countries.
    Countries {
        /// Their codes.
        codes: BTreeSet<CountryCode>,
        /// Their union.
        cover: Box<Cover>,
    },
    /// Within given polygons.
    Area {
        /// The polygons, cut at the antimeridian.
        polygons: MultiPolygon<f64>,
        /// Their union.
        cover: Box<Cover>,
    },
}

impl Coverage {
    /// Covers countries; [`Self::Nowhere`] if there are none.
    pub fn of_countries(codes: BTreeSet<CountryCode>) -> Self {
        if codes.is_empty() {
            return Self::Nowhere;
        }
        let countries = codes.iter().filter_map(|&code| Countries::built_in().find(code));
        let cover = Box::new(Cover::new(countries.map(|country| &country.borders)));
        Self::Countries { cover, codes }
    }

    /// Covers an area.
    pub fn of_area(polygons: MultiPolygon<f64>) -> Self {
        let cover = Box::new(Cover::new([&polygons]));
        Self::Area { polygons, cover }
    }

    /// Whether a site is covered: by its country or, for an area, by its position.
    pub fn covers(&self, position: Position, country: Option<CountryCode>) -> bool {
        match self {
            Self::Nowhere => false,
            Self::Everywhere => true,
            Self::Countries { codes, .. } => country.is_some_and(|own| {
                codes.contains(&own)
                    || covering(position, own).iter().any(|one| codes.contains(&one))
            }),
            Self::Area { polygons, .. } => polygons.intersects(&Point::from(position.coord())),
        }
    }

    /// Returns the covered share of a buffer around a position, 0 to 1: of its land, if countries are covered. In a buffer
    /// without land the site itself decides.
    pub fn share(&self, position: Position, country: Option<CountryCode>, radius: Length) -> f64 {
        match self {
            Self::Nowhere => 0.0,
            Self::Everywhere => 1.0,
            Self::Area { cover, .. } => cover.share(position, radius),
            Self::Countries { cover, .. } => match cover.share(position, radius) {
                whole if whole >= 1.0 => 1.0,
                covered => match land().share(position, radius) {
                    none if none < LEAST_LAND => {
                        f64::from(u8::from(self.covers(position, country)))
                    }
                    land => (covered / land).clamp(0.0, 1.0),
                },
            },
        }
    }
}

/// With less land than this share of it, a buffer has none: the areas of coasts are no more exact.
const LEAST_LAND: f64 = 1e-6;

/// All land, united once for all coverages: that of the countries. Antarctica is one of them.
fn land() -> &'static Cover {
    static LAND: OnceLock<Cover> = OnceLock::new();
    LAND.get_or_init(|| Cover::new(Countries::built_in().iter().map(|country| &country.borders)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(codes: &[&str]) -> Coverage {
        Coverage::of_countries(codes.iter().filter_map(|code| CountryCode::new(code)).collect())
    }

    fn share(codes: &[&str], [lon, lat]: [f64; 2], own: &str) -> f64 {
        let at = Position::from_degrees(lon, lat).expect("on Earth");
        of(codes).share(at, CountryCode::new(own), Length::from_km(100.0))
    }

    #[test]
    fn the_sea_around_a_coast_is_not_missing() {
        // Gebe Island between Halmahera and New Guinea; San Juan de Marcona on the coast of Peru.
        for (own, at) in [("IDN", [129.45, -0.1]), ("PER", [-75.1, -15.2])] {
            let whole = share(&[own], at, own);
            assert!((whole - 1.0).abs() < 1e-6, "{own}: {whole}");
        }
        assert_eq!(share(&["PNG"], [129.45, -0.1], "IDN"), 0.0);
    }

    #[test]
    fn what_lies_behind_a_border_is_missing() {
        // Half of what surrounds Kidira lies in Mali, and the whole is that of both, without Mauritania a little less.
        let kidira = [-12.21, 14.46];
        let [here, there] = ["SEN", "MLI"].map(|code| share(&[code], kidira, "SEN"));
        assert!(here > 0.2 && there > 0.2 && here + there < 1.0, "{here} {there}");
        let all = share(&["SEN", "MLI", "MRT", "GIN"], kidira, "SEN");
        assert!((all - 1.0).abs() < 1e-6, "{all}");
    }

    #[test]
    fn in_the_open_sea_the_site_decides() {
        let open = [-30.0, 30.0];
        assert_eq!([share(&["USA"], open, "USA"), share(&["USA"], open, "BRA")], [1.0, 0.0]);
    }
}
