//! The shape of a feature: points, lines or polygons whose positions are all on the globe.
//!
//! A shape is cut at the antimeridian and its polygons are closed, simple and right-handed; `sources`
//! ensures that when it reads. Edges are straight in longitude and latitude (RFC 7946, section 3.1.1).

use super::{Ecef, Length, Position, geodesic};
use geo_types::{Line, LineString, MultiLineString, MultiPolygon};

/// Points, lines or polygons.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// One or more points; never empty.
    Points(Vec<Position>),
    /// One or more lines of two or more positions each.
    Lines(MultiLineString<f64>),
    /// One or more polygons.
    Polygons(MultiPolygon<f64>),
}

/// The geometry type of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeometryKind {
    /// Point or MultiPoint.
    Point,
    /// LineString or MultiLineString.
    Line,
    /// Polygon or MultiPolygon.
    Polygon,
}

impl Shape {
    /// Creates a single point.
    pub fn point(position: Position) -> Self {
        Self::Points(vec![position])
    }

    /// The geometry type.
    pub fn kind(&self) -> GeometryKind {
        match self {
            Self::Points(_) => GeometryKind::Point,
            Self::Lines(_) => GeometryKind::Line,
            Self::Polygons(_) => GeometryKind::Polygon,
        }
    }

    /// The position of a shape that is a single point; `None` for any other.
    pub fn as_point(&self) -> Option<Position> {
        match self {
            Self::Points(points) => match points.as_slice() {
                [only] => Some(*only),
                _ => None,
            },
            _ => None,
        }
    }

    /// The points, or places along the lines or rings: their corners, and more between them, so that neither longitude
    /// nor latitude changes by more than a degree from one to the next.
    pub fn places(&self) -> impl Iterator<Item = Position> {
        let points = match self {
            Self::Points(points) => points.as_slice(),
            _ => &[],
        };
        let along = |line: Line<f64>| {
            let steps = line.dx().abs().max(line.dy().abs()).ceil().max(1.0);
            let shares = std::iter::successors(Some(0.0), |share| Some(share + 1.0));
            let shares =
                shares.take_while(move |step| *step <= steps).map(move |step| step / steps);
            shares.map(move |share| line.start + line.delta() * share)
        };
        let lines = self.paths().into_iter().flat_map(LineString::lines);
        points.iter().copied().chain(lines.flat_map(along).filter_map(Position::from_coord))
    }

    /// A lower bound of the largest distance between corners: the longest geodesic between the corners
    /// that are outermost along the axes of space. A single point has width zero.
    pub fn width(&self) -> Length {
        let mut outermost: [Option<(f64, Position)>; 6] = [None; 6];
        let mut take = |position: Position| {
            let Ecef([x, y, z]) = Ecef::from(position);
            for (at, along) in outermost.iter_mut().zip([x, -x, y, -y, z, -z]) {
                if at.is_none_or(|(known, _)| along > known) {
                    *at = Some((along, position));
                }
            }
        };
        match self {
            Self::Points(points) if points.len() > 1 => points.iter().copied().for_each(take),
            Self::Points(_) => {}
            _ => self
                .paths()
                .into_iter()
                .flat_map(|path| &path.0)
                .filter_map(|corner| Position::from_coord(*corner))
                .for_each(&mut take),
        }
        let ends = || outermost.iter().flatten().map(|(_, position)| *position);
        let ways = ends().flat_map(|a| ends().map(move |b| geodesic::distance(a, b)));
        ways.fold(Length::ZERO, |most, way| if way > most { way } else { most })
    }

    /// The lines that draw the shape: the lines themselves, or the rings of its polygons.
    pub fn paths(&self) -> Vec<&LineString<f64>> {
        match self {
            Self::Points(_) => Vec::new(),
            Self::Lines(lines) => lines.0.iter().collect(),
            Self::Polygons(polygons) => polygons
                .0
                .iter()
                .flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()))
                .collect(),
        }
    }
}
