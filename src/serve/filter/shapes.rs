//! The spatial functions.
//!
//! Geometries lie on the map of longitude and latitude with straight edges, cut at the antimeridian. An edge over more
//! than 180° of longitude goes the short way, as in all data; a box may be as wide as it says. For S_INTERSECTS and
//! S_DISJOINT the meridians 180 and -180 are one, and so is a pole at any longitude. The other functions are those of
//! the nine intersections (OGC 06-103r4) on the map.

use super::evaluate::Asked;
use super::fault;
use super::tree::Is;
use super::truth::Truth;
use crate::serve::collection::{Collection, cut};
use crate::serve::problem::Problem;
use geo::coords_iter::CoordsIter;
use geo::{BoundingRect, Intersects, MapCoords, Relate};
use geo_types::{
    Coord, Geometry, GeometryCollection, Line, LineString, MultiPolygon, Point, Polygon, Rect,
    coord,
};

/// A spatial function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Intersects,
    Disjoint,
    Equals,
    Touches,
    Crosses,
    Within,
    Contains,
    Overlaps,
}

impl Relation {
    /// The function with its operands exchanged.
    fn turned(self) -> Self {
        match self {
            Self::Within => Self::Contains,
            Self::Contains => Self::Within,
            _ => self,
        }
    }

    /// Whether it holds for a geometry and itself.
    fn of_itself(self) -> bool {
        matches!(self, Self::Intersects | Self::Equals | Self::Within | Self::Contains)
    }
}

/// An operand of a spatial function.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// The geometry of the feature.
    Feature,
    /// A geometry of the filter.
    Given(Given),
}

/// A geometry of a filter.
#[derive(Debug, Clone)]
pub(super) struct Given {
    /// Itself, cut at the antimeridian.
    shape: Geometry<f64>,
    /// Its parts, and what is the same place on the globe at the other side of the map: along the antimeridian and at a
    /// pole.
    parts: Vec<Geometry<f64>>,
}

/// A geometry as it was written.
///
/// # Errors
/// A position that is not on the globe; a line or a ring with too few positions.
pub(super) fn given(at: usize, shape: &Geometry<f64>) -> Result<Given, Problem> {
    for Coord { x, y } in shape.coords_iter() {
        if !(-360.0..=360.0).contains(&x) || !(-90.0..=90.0).contains(&y) {
            return Err(fault(
                at,
                format!("the position {x} {y} is not on the globe; longitude comes first"),
            ));
        }
    }
    check(at, shape)?;
    let shape = cut(shape.clone()).map_err(|why| fault(at, format!("the geometry: {why}")))?;
    let mut parts = vec![shape.clone()];
    let far = |x: f64| x.abs() == 180.0;
    let other = |c: Coord<f64>| coord! { x: -c.x, y: c.y };
    parts.extend(shape.coords_iter().filter(|c| far(c.x)).map(|c| Point(other(c)).into()));
    parts.extend(
        edges(&shape)
            .into_iter()
            .filter(|e| far(e.start.x) && e.start.x == e.end.x)
            .map(|edge| Geometry::Line(Line::new(other(edge.start), other(edge.end)))),
    );
    for pole in [-90.0, 90.0] {
        if shape.coords_iter().any(|c| c.y == pole) {
            let (start, end) = (coord! { x: -180.0, y: pole }, coord! { x: 180.0, y: pole });
            parts.push(Line::new(start, end).into());
        }
    }
    Ok(Given { shape, parts })
}

/// A box: one whose west is greater than its east runs over the antimeridian.
///
/// # Errors
/// A corner that is not on the globe; south above north.
pub(super) fn boxed(at: usize, corners: [f64; 4]) -> Result<Given, Problem> {
    let [west, south, east, north] = corners;
    for (name, degrees, most) in [
        ("west", west, 180.0),
        ("south", south, 90.0),
        ("east", east, 180.0),
        ("north", north, 90.0),
    ] {
        if !(-most..=most).contains(&degrees) {
            let detail = format!("{name} is {degrees}, which is not from -{most} to {most}");
            return Err(fault(at, detail));
        }
    }
    if south > north {
        return Err(fault(at, format!("south {south} lies north of north {north}")));
    }
    let halves = match west <= east {
        true => vec![[west, south, east, north]],
        false => vec![[west, south, 180.0, north], [-180.0, south, east, north]],
    };
    let mut parts: Vec<Geometry<f64>> = halves.iter().map(|half| rectangle(*half)).collect();
    let shape = match parts.as_slice() {
        [Geometry::Rect(one)] => one.to_polygon().into(),
        [one] => one.clone(),
        _ => together(&parts),
    };
    if west <= east {
        let sides = [(west == -180.0, 180.0), (east == 180.0, -180.0)];
        let sides = sides.into_iter().filter(|(lies, _)| *lies);
        parts.extend(sides.map(|(_, x)| rectangle([x, south, x, north])));
    }
    let poles = [-90.0, 90.0].into_iter().filter(|pole| *pole == south || *pole == north);
    parts.extend(poles.map(|pole| rectangle([-180.0, pole, 180.0, pole])));
    Ok(Given { shape, parts })
}

/// A rectangle; a line or a point if it has no area.
fn rectangle([west, south, east, north]: [f64; 4]) -> Geometry<f64> {
    let (low, high) = (coord! { x: west, y: south }, coord! { x: east, y: north });
    if low == high {
        Point(low).into()
    } else if west == east || south == north {
        Line::new(low, high).into()
    } else {
        Rect::new(low, high).into()
    }
}

/// The halves of a box as one geometry; a half without area adds nothing to one with area.
fn together(parts: &[Geometry<f64>]) -> Geometry<f64> {
    let polygons = parts.iter().filter_map(|part| match part {
        Geometry::Rect(rect) => Some(rect.to_polygon()),
        _ => None,
    });
    match MultiPolygon(polygons.collect()) {
        none if none.0.is_empty() => {
            Geometry::GeometryCollection(GeometryCollection(parts.to_vec()))
        }
        polygons => polygons.into(),
    }
}

/// Refuses lines of less than two positions, and rings of less than three.
fn check(at: usize, shape: &Geometry<f64>) -> Result<(), Problem> {
    let line = |line: &LineString<f64>, least: usize| {
        let mut different = line.0.clone();
        different.dedup();
        let closed = different.len() > 1 && different.first() == different.last();
        let many = different.len() - usize::from(closed && least > 2);
        match many < least {
            true => Err(fault(
                at,
                format!("a line or ring has {many} different positions, not {least}"),
            )),
            false => Ok(()),
        }
    };
    let polygon = |polygon: &Polygon<f64>| {
        line(polygon.exterior(), 3)?;
        polygon.interiors().iter().try_for_each(|ring| line(ring, 3))
    };
    match shape {
        Geometry::LineString(one) => line(one, 2),
        Geometry::MultiLineString(all) if !all.0.is_empty() => {
            all.iter().try_for_each(|one| line(one, 2))
        }
        Geometry::Polygon(one) => polygon(one),
        Geometry::MultiPolygon(all) if !all.0.is_empty() => all.iter().try_for_each(polygon),
        Geometry::GeometryCollection(all) if !all.is_empty() => {
            all.iter().try_for_each(|one| check(at, one))
        }
        Geometry::MultiPoint(all) if !all.0.is_empty() => Ok(()),
        Geometry::Point(_) => Ok(()),
        _ => Err(fault(at, "the geometry is empty")),
    }
}

fn edges(shape: &Geometry<f64>) -> Vec<Line<f64>> {
    use geo::LinesIter;
    match shape {
        Geometry::LineString(one) => one.lines_iter().collect(),
        Geometry::MultiLineString(all) => all.lines_iter().collect(),
        Geometry::Polygon(one) => one.lines_iter().collect(),
        Geometry::MultiPolygon(all) => all.lines_iter().collect(),
        Geometry::GeometryCollection(all) => all.iter().flat_map(edges).collect(),
        _ => Vec::new(),
    }
}

/// A spatial function of the features.
#[derive(Debug)]
pub(super) struct Spatial<'a> {
    features: &'a [Option<Geometry<f64>>],
    relation: Relation,
    /// The other geometry; `None` if it is that of the feature, too.
    given: Option<Given>,
    /// The features whose boxes meet those of the other geometry, in their order.
    near: Vec<usize>,
}

/// A spatial function as a truth of all features, or of each.
pub(super) enum Decided<'a> {
    Always(bool),
    Each(Spatial<'a>),
}

/// A spatial function of two places.
pub(super) fn decide<'a>(
    relation: Relation,
    left: Place,
    right: Place,
    collection: &'a Collection,
) -> Decided<'a> {
    let features = &collection.geometries;
    let (relation, given) = match (left, right) {
        (Place::Given(left), Place::Given(right)) => {
            return Decided::Always(holds(relation, &left.shape, &right));
        }
        (Place::Feature, Place::Feature) => (relation, None),
        (Place::Feature, Place::Given(given)) => (relation, Some(given)),
        (Place::Given(given), Place::Feature) => (relation.turned(), Some(given)),
    };
    let mut near = Vec::new();
    for part in given.iter().flat_map(|given| &given.parts) {
        if let Some(rect) = part.bounding_rect() {
            let (low, high) = (rect.min(), rect.max());
            near.extend(collection.in_box([low.x, low.y, high.x, high.y]));
        }
    }
    near.sort_unstable();
    near.dedup();
    Decided::Each(Spatial { features, relation, given, near })
}

impl Spatial<'_> {
    /// Decides it for a run of features, of which only some count.
    pub(super) fn decide(&self, asked: &Asked<'_>, live: &[bool], out: &mut [Truth]) {
        let run = &asked.run;
        let far = match &self.given {
            Some(_) => self.relation == Relation::Disjoint,
            None => self.relation.of_itself(),
        };
        let features = self.features.get(run.clone()).unwrap_or_default();
        for (out, feature) in out.iter_mut().zip(features) {
            *out = feature.as_ref().map_or(Truth::Unknown, |_| far.into());
        }
        let Some(given) = &self.given else { return };
        let first = self.near.partition_point(|near| *near < run.start);
        let near = self.near.get(first..).unwrap_or_default();
        for at in near.iter().take_while(|at| **at < run.end).map(|at| at - run.start) {
            if let (Some(true), Some(Some(feature)), Some(out)) =
                (live.get(at), features.get(at), out.get_mut(at))
            {
                if asked.cancel.is_raised() {
                    return;
                }
                *out = holds(self.relation, feature, given).into();
            }
        }
    }
}

fn holds(relation: Relation, feature: &Geometry<f64>, given: &Given) -> bool {
    let meets = || given.parts.iter().any(|part| part.intersects(feature));
    let matrix = || feature.relate(&given.shape);
    match relation {
        Relation::Intersects => meets(),
        Relation::Disjoint => !meets(),
        Relation::Equals => matrix().is_equal_topo(),
        Relation::Touches => matrix().is_touches(),
        Relation::Crosses => matrix().is_crosses(),
        Relation::Within => matrix().is_within(),
        Relation::Contains => matrix().is_contains(),
        Relation::Overlaps => matrix().is_overlaps(),
    }
}

/// A geometry with its positions converted.
pub(super) fn moved(
    shape: &Geometry<f64>,
    convert: &impl Fn([f64; 2]) -> Option<[f64; 2]>,
    at: usize,
) -> Result<Geometry<f64>, Problem> {
    shape.try_map_coords(|Coord { x, y }| {
        let [lon, lat] = convert([x, y]).ok_or_else(|| {
            fault(at, format!("the position {x} {y} has no longitude and latitude"))
        })?;
        Ok(coord! { x: lon, y: lat })
    })
}

/// The pieces of an edge of a box that is no longer a box when it is converted.
const PIECES: u8 = 16;

/// A box with its corners converted; a polygon if its sides do not run along meridians and parallels any more.
pub(super) fn moved_box(
    [left, low, right, high]: [f64; 4],
    convert: &impl Fn([f64; 2]) -> Option<[f64; 2]>,
    at: usize,
) -> Result<Is, Problem> {
    let corner = |x, y| moved(&Point::new(x, y).into(), convert, at);
    let corners = [(left, low), (right, low), (right, high), (left, high)];
    let moved_corners: Vec<Coord<f64>> = corners
        .iter()
        .map(|(x, y)| corner(*x, *y))
        .collect::<Result<Vec<_>, _>>()?
        .iter()
        .flat_map(CoordsIter::coords_iter)
        .collect();
    if let [a, b, c, d] = *moved_corners.as_slice() {
        let along = |p: f64, q: f64| (p - q).abs() < 1e-12;
        // The same sides, or the sides of a box whose axes are exchanged.
        if along(a.y, b.y) && along(b.x, c.x) && along(c.y, d.y) && along(d.x, a.x)
            || along(a.x, b.x) && along(b.y, c.y) && along(c.x, d.x) && along(d.y, a.y)
        {
            return Ok(Is::Bbox([a.x, a.y, c.x, c.y]));
        }
    }
    let mut ring = Vec::new();
    for ((x1, y1), (x2, y2)) in corners.iter().zip(corners.iter().cycle().skip(1)) {
        for piece in 0..PIECES {
            let part = f64::from(piece) / f64::from(PIECES);
            ring.push(coord! { x: x1 + (x2 - x1) * part, y: y1 + (y2 - y1) * part });
        }
    }
    let polygon = Polygon::new(LineString(ring), Vec::new());
    Ok(Is::Shape(moved(&polygon.into(), convert, at)?))
}
