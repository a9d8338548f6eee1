//! An R-tree of bounding boxes, to find the country of a position.

use super::{Country, SHORTEST_DEGREE};
use crate::earth::{Length, Position};
use geo::BoundingRect;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// The bounding boxes of every polygon of a list of countries, in longitude and latitude.
#[derive(Debug)]
pub(super) struct Boxes {
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl Boxes {
    /// Indexes the polygons of countries; results are indices into the list.
    pub fn new(countries: &[Country]) -> Self {
        let polygons = countries
            .iter()
            .enumerate()
            .flat_map(|(index, country)| country.borders.iter().map(move |of| (index, of)));
        let boxes = polygons.filter_map(|(index, polygon)| {
            let bounds = polygon.bounding_rect()?;
            let corners = Rectangle::from_corners(bounds.min().into(), bounds.max().into());
            Some(GeomWithData::new(corners, index))
        });
        Self { tree: RTree::bulk_load(boxes.collect()) }
    }

    /// The first country, among those with a box around a position, that passes a test.
    pub fn first_at(&self, position: Position, test: impl Fn(usize) -> bool) -> Option<usize> {
        let mut first: Option<usize> = None;
        let at = [position.lon(), position.lat()];
        let _: ControlFlow<()> = self.tree.locate_all_at_point_int(at, |candidate| {
            if first.is_none_or(|first| candidate.data < first) && test(candidate.data) {
                first = Some(candidate.data);
            }
            ControlFlow::Continue(())
        });
        first
    }

    /// Every country that may be within a distance of a position, across the antimeridian too.
    pub fn near(&self, position: Position, within: Length) -> BTreeSet<usize> {
        let reach = within.km() / SHORTEST_DEGREE;
        let (lon, lat) = (position.lon(), position.lat());
        // Meridians converge toward the pole: a degree of longitude is shortest at the end nearest to
        // it.
        let end = libm::cos((lat.abs() + reach).min(89.9).to_radians());
        let wide = reach / end;
        let mut near = BTreeSet::new();
        for lon in [lon - 360.0, lon, lon + 360.0] {
            let around = AABB::from_corners([lon - wide, lat - reach], [lon + wide, lat + reach]);
            near.extend(self.tree.locate_in_envelope_intersecting(around).map(|found| found.data));
        }
        near
    }
}
