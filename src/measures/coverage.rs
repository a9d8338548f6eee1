//! Coverage: where incidents were collected at all. Absence of events says something only where
//! somebody counted.

use super::overlap::Cover;
use crate::earth::{Length, Position, Shape};
use crate::index::{Neighbors, Probe, ShapeTree};
use crate::model::{Countries, CountryCode};
use geo::Intersects;
use geo_types::{MultiPolygon, Point};
use std::collections::BTreeSet;

/// How far off the drawn coast a site may lie and still belong to the country: borders at 1:50m
/// leave out small islands and cut off capes.
pub(super) const OFF_COAST: Length = Length::from_km(20.0);

/// The country of a position by the built-in borders: the one it lies in, or where it lies in none,
/// the nearest within 20 km.
pub fn country_at(position: Position, borders: &Borders) -> Option<CountryCode> {
    let countries = Countries::built_in();
    countries.at(position).or_else(|| {
        let near = borders.tree.nearest(&Probe::point(position), 1);
        let found = near.first().filter(|found| found.distance <= OFF_COAST)?;
        borders.codes.get(found.index).copied()
    })
}

/// The borders of all countries in a tree, for positions that lie in none.
#[derive(Debug)]
pub struct Borders {
    codes: Vec<CountryCode>,
    tree: ShapeTree,
}

impl Borders {
    /// Indexes the built-in borders; takes a moment, so make it when it is first needed.
    pub fn built_in() -> Self {
        let shape = |borders: &MultiPolygon<f64>| Shape::Polygons(borders.clone());
        let (codes, shapes): (Vec<CountryCode>, Vec<Shape>) =
            Countries::built_in().iter().map(|c| (c.code, shape(&c.borders))).unzip();
        Self { codes, tree: ShapeTree::new(&shapes) }
    }

    /// Whether a country begins within a distance of a position.
    pub fn are_near(&self, country: CountryCode, position: Position, distance: Length) -> bool {
        let near = self.tree.within(&Probe::point(position), distance);
        near.iter().any(|found| self.codes.get(found.index) == Some(&country))
    }
}

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
            Self::Countries { codes, .. } => country.is_some_and(|code| codes.contains(&code)),
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
