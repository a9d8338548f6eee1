//! Coverage: where incidents were collected at all. Absence of incidents says something only where
//! somebody counted.

use super::overlap::Cover;
use crate::earth::{Length, Position};
use crate::model::{Countries, CountryCode, covering};
use geo::Intersects;
use geo_types::{MultiPolygon, Point};
use std::collections::BTreeSet;

/// Where the incidents of one domain were collected.
#[derive(Debug)]
pub enum Coverage {
    /// Nothing was collected.
    Nowhere,
    /// Everywhere.
    Everywhere,
    /// In these countries.
    Countries {
        /// Which ones.
        codes: BTreeSet<CountryCode>,
        /// Their union.
        cover: Box<Cover>,
    },
    /// Within stated polygons.
    Area {
        /// Cut at the seam.
        polygons: MultiPolygon<f64>,
        /// Their union.
        cover: Box<Cover>,
    },
}

impl Coverage {
    /// Coverage of countries; nowhere where there are none.
    pub fn of_countries(codes: BTreeSet<CountryCode>) -> Self {
        if codes.is_empty() {
            return Self::Nowhere;
        }
        let countries = codes.iter().filter_map(|&code| Countries::built_in().find(code));
        let cover = Box::new(Cover::new(countries.map(|country| &country.borders)));
        Self::Countries { cover, codes }
    }

    /// Coverage of an area.
    pub fn of_area(polygons: MultiPolygon<f64>) -> Self {
        let cover = Box::new(Cover::new([&polygons]));
        Self::Area { polygons, cover }
    }

    /// Whether a site is covered: by its country, or by its position for an area.
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

    /// The share of a buffer around a position that is covered, 0 to 1; sea outside the borders is
    /// not.
    pub fn share(&self, position: Position, radius: Length) -> f64 {
        match self {
            Self::Nowhere => 0.0,
            Self::Everywhere => 1.0,
            Self::Countries { cover, .. } | Self::Area { cover, .. } => {
                cover.share(position, radius)
            }
        }
    }
}
