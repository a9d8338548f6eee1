//! Geometries that are passed through as written: positions are converted to WGS84, rings are closed, and shapes
//! that cross the antimeridian are cut there, as required by RFC 7946 (section 3.1.9). Nothing else is checked.

use super::{FIELD, Judged, Note, on_globe, pair, refused, shape_of_raw};
use crate::earth::{Crs, Shape};
use crate::model::Verdict;
use crate::sources::formats::record::RawGeometry;
use geo_types::LineString;

/// Converts a geometry to WGS84.
///
/// # Errors
/// The note on the first position that is not on the globe.
pub(crate) fn as_written(raw: RawGeometry, crs: &Crs) -> Judged<RawGeometry> {
    let mut notes = Vec::new();
    match raw {
        RawGeometry::Points(mut points) => {
            project(&mut points, "point", crs)?;
            points.iter_mut().for_each(|[lon, _]| {
                if lon.abs() > 180.0 {
                    *lon -= 360.0_f64.copysign(*lon);
                }
            });
            Ok((RawGeometry::Points(points), notes))
        }
        RawGeometry::Lines(mut lines) => {
            for (at, line) in lines.iter_mut().enumerate() {
                project(line, &format!("line {at} position"), crs)?;
            }
            let crosses = lines.iter().any(|line| crosses(line));
            cut(RawGeometry::Lines(lines), crosses)
        }
        RawGeometry::Polygons(mut polygons) => {
            for (at, rings) in polygons.iter_mut().enumerate() {
                for (ring, path) in rings.iter_mut().enumerate() {
                    project(path, &format!("polygon {at} ring {ring} position"), crs)?;
                    if path.first() != path.last() {
                        path.extend(path.first().copied());
                        let note = Note::new(
                            Verdict::Repaired,
                            FIELD,
                            "has a ring that is not closed; closed",
                        );
                        notes.retain(|other| *other != note);
                        notes.push(note);
                    }
                }
            }
            let crosses = polygons.iter().flatten().any(|ring| crosses(ring));
            let (raw, more) = cut(RawGeometry::Polygons(polygons), crosses)?;
            notes.extend(more);
            Ok((raw, notes))
        }
        RawGeometry::Mixed(members) => {
            let mut all = Vec::with_capacity(members.len());
            for member in members {
                let (member, more) = as_written(member, crs)?;
                all.push(member);
                notes.extend(more);
            }
            Ok((RawGeometry::Mixed(all), notes))
        }
    }
}

/// Converts positions to WGS84.
fn project(positions: &mut [[f64; 2]], what: &str, crs: &Crs) -> Result<(), Note> {
    for (at, position) in positions.iter_mut().enumerate() {
        let [x, y] = *position;
        let (lon, lat) = on_globe(x, y, crs).map_err(|why| {
            Note::new(Verdict::SetAside, &format!("{what} {at}"), why).with_value(pair(x, y))
        })?;
        *position = [lon, lat];
    }
    Ok(())
}

/// Whether a path leaves the range of longitudes, or goes the short way over the antimeridian.
fn crosses(path: &[[f64; 2]]) -> bool {
    path.iter().any(|[lon, _]| lon.abs() > 180.0)
        || path.windows(2).any(|pair| matches!(pair, [[a, _], [b, _]] if (a - b).abs() > 180.0))
}

/// Returns the geometry, cut at the antimeridian if it crosses it.
fn cut(raw: RawGeometry, crosses: bool) -> Judged<RawGeometry> {
    if !crosses {
        return Ok((raw, Vec::new()));
    }
    let (shape, notes) = shape_of_raw(&raw, &Crs::wgs84())?;
    let path = |line: &LineString<f64>| line.0.iter().map(|at| [at.x, at.y]).collect::<Vec<_>>();
    let raw = match &shape {
        Shape::Points(_) => {
            return Err(refused("crosses the antimeridian and is not a line".to_owned()));
        }
        Shape::Lines(lines) => RawGeometry::Lines(lines.0.iter().map(path).collect()),
        Shape::Polygons(polygons) => {
            let rings = |polygon: &geo_types::Polygon<f64>| {
                std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(path).collect()
            };
            RawGeometry::Polygons(polygons.0.iter().map(rings).collect())
        }
    };
    Ok((raw, notes))
}
