//! Coverage: where incidents were collected at all. The absence of incidents is informative only
//! where data was collected. No country collects at sea, so the share of a buffer that countries cover is a share of its land.

use super::overlap::Cover;
use crate::earth::{Length, Position};
use crate::model::{Countries, Country, CountryCode, covering};
use geo::Intersects;
use geo_types::{MultiPolygon, Point};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, OnceLock};

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
            Self::Countries { codes, cover } => {
                let covered = cover.share(position, radius);
                let rest = if covered < 1.0 { elsewhere(codes, position, radius) } else { 0.0 };
                if covered + rest < LEAST_LAND {
                    f64::from(u8::from(self.covers(position, country)))
                } else {
                    covered / (covered + rest)
                }
            }
        }
    }
}

/// With less land than this share of it, a buffer has none: the areas of coasts are no more exact.
const LEAST_LAND: f64 = 1e-6;

/// The share of a buffer that other countries than the given ones cover. Countries do not overlap.
fn elsewhere(codes: &BTreeSet<CountryCode>, position: Position, radius: Length) -> f64 {
    let of = |country: &Country| {
        LANDS.get(&country.code).map_or(0.0, |land| {
            land.get_or_init(|| Cover::new([&country.borders])).share(position, radius)
        })
    };
    let countries = Countries::built_in();
    let others = countries.near(position, radius).filter(|one| !codes.contains(&one.code));
    let rest = others.map(|country| {
        // An area within its borders may be covered without it.
        let inside = countries.areas().filter(|area| area.within == Some(country.code));
        let covered: f64 = inside.filter(|area| codes.contains(&area.code)).map(of).sum();
        (of(country) - covered).max(0.0)
    });
    rest.sum()
}

/// The land of each country and area, prepared when it is first asked for: a run asks for few.
static LANDS: LazyLock<BTreeMap<CountryCode, OnceLock<Cover>>> = LazyLock::new(|| {
    let countries = Countries::built_in();
    countries.iter().chain(countries.areas()).map(|one| (one.code, OnceLock::new())).collect()
});

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
