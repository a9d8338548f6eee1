//! Geometries cut at the antimeridian, so that their parts lie on the map as they lie on the globe.

use crate::earth::antimeridian::{CutError, cut_lines, cut_polygons};
use geo_types::{
    Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
};

/// Cuts a geometry at the antimeridian. One that stays on the map, without an edge over more than 180° of longitude, is
/// returned as it is.
///
/// # Errors
/// A line or polygon that cannot be cut, as [`cut_lines`] and [`cut_polygons`] say.
pub fn cut(geometry: Geometry<f64>) -> Result<Geometry<f64>, CutError> {
    let lies = match &geometry {
        Geometry::Point(point) => point.x().abs() <= 180.0,
        Geometry::MultiPoint(points) => points.iter().all(|point| point.x().abs() <= 180.0),
        Geometry::LineString(line) => stays(line),
        Geometry::MultiLineString(lines) => lines.iter().all(stays),
        Geometry::Polygon(polygon) => stays(polygon.exterior()),
        Geometry::MultiPolygon(polygons) => {
            polygons.iter().all(|polygon| stays(polygon.exterior()))
        }
        Geometry::GeometryCollection(_) => false,
        _ => true,
    };
    if lies {
        return Ok(geometry);
    }
    Ok(match geometry {
        Geometry::Point(point) => wrapped(point).into(),
        Geometry::MultiPoint(points) => {
            MultiPoint(points.0.into_iter().map(wrapped).collect()).into()
        }
        Geometry::LineString(line) => one_or_more(cut_lines(&MultiLineString(vec![line]))?),
        Geometry::MultiLineString(lines) => cut_lines(&lines)?.into(),
        Geometry::Polygon(polygon) => cut_polygons(&MultiPolygon(vec![polygon]))?.into(),
        Geometry::MultiPolygon(polygons) => cut_polygons(&polygons)?.into(),
        Geometry::GeometryCollection(members) => {
            let cut = members.0.into_iter().map(cut).collect::<Result<_, _>>()?;
            Geometry::GeometryCollection(GeometryCollection(cut))
        }
        other => other,
    })
}

/// Whether a line is on the map and has no edge over more than 180° of longitude.
fn stays(line: &LineString<f64>) -> bool {
    line.0.iter().all(|at| at.x.abs() <= 180.0)
        && line.lines().all(|edge| (edge.end.x - edge.start.x).abs() <= 180.0)
}

fn wrapped(point: Point<f64>) -> Point<f64> {
    match point.x() {
        x if x > 180.0 => Point::new(x - 360.0, point.y()),
        x if x < -180.0 => Point::new(x + 360.0, point.y()),
        _ => point,
    }
}

fn one_or_more(lines: MultiLineString<f64>) -> Geometry<f64> {
    match <[LineString<f64>; 1]>::try_from(lines.0) {
        Ok([line]) => line.into(),
        Err(lines) => MultiLineString(lines).into(),
    }
}
