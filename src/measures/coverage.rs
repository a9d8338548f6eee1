//! Coverage: where incidents were collected at all. The absence of incidents is informative only
//! where data was collected.

use super::overlap::Cover;
use crate::earth::{Length, Position};
use crate::model::{Countries, CountryCode, covering};
use geo::Intersects;
use geo_types::{MultiPolygon, Point};
use std::collections::BTreeSet;

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

    /// Returns the covered share of a buffer around a position, 0 to 1. Sea outside the borders is
    /// not covered.
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
