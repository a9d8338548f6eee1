//! The position of a record: from its geometry, from longitude and latitude columns, or from a column that
//! holds all of it; and the accuracy of the position.

use super::angles::{Packed, unpacked};
use super::axes::coordinate;
use super::cells::{Cell, read_cell};
use super::geometry::{self, Judged, Note};
use super::grid::Grid;
use super::numbers::is_missing;
use super::systems::{crs_of_zone, system_of};
use crate::Code;
use crate::earth::{Crs, Length, Position, Shape, geodesic};
use crate::model::Verdict;
use crate::sources::formats::record::{Geometry, RawGeometry};
use crate::sources::intake::columns::Field as F;
use crate::sources::intake::map::RoleMap;
use crate::sources::intake::row::{Fault, Row};
use crate::sources::intake::table_crs::first_of;
use crate::sources::layouts::{Accuracy, Layout, acled, gem, ucdp};
use geo::InteriorPoint;
use geo_types::{Coord, LineString};
use std::borrow::Cow;

/// The position of a record as stated.
enum Stated<'a> {
    /// A checked point whose coordinates are in columns.
    Point(Shape),
    /// A geometry in a reference system.
    Geometry(Cow<'a, Geometry>, Cow<'a, Crs>),
}

/// Returns the shape of a record.
///
/// # Errors
/// The reason why the record has no position on Earth.
pub(crate) fn shape_of(row: &mut Row<'_>) -> Result<Shape, Fault> {
    let shape = match said(row)? {
        Stated::Point(shape) => shape,
        Stated::Geometry(geometry, crs) => {
            let shape = judged(row, geometry::shape(&geometry, &crs))?;
            note_astray(row, &shape, &crs);
            shape
        }
    };
    if let Some(position) = shape.as_point()
        && position.lon() == 0.0
        && position.lat() == 0.0
    {
        row.note_record(
            Verdict::Noted,
            "lies at 0,0, the usual sign of coordinates that were never set",
        );
    }
    Ok(shape)
}

/// Returns the geometry of a record on WGS84, neither checked nor repaired; `None` if the record states that it
/// has none.
///
/// # Errors
/// The reason why the record has no position on Earth.
pub(crate) fn geometry_of(row: &mut Row<'_>) -> Result<Option<RawGeometry>, Fault> {
    if matches!(row.record.geometry, Geometry::None) {
        return Ok(None);
    }
    match said(row)? {
        Stated::Point(shape) => {
            let position = shape.as_point();
            Ok(position.map(|at| RawGeometry::Points(vec![[at.lon(), at.lat()]])))
        }
        Stated::Geometry(geometry, crs) => match geometry.into_owned() {
            Geometry::Raw(raw) => judged(row, geometry::as_written(raw, &crs)).map(Some),
            // Reports the fault of a geometry that could not be decoded.
            other => judged(row, geometry::shape(&other, &crs)).map(|_| None),
        },
    }
}

/// Reads the position of a record: from columns, from a cell, or from its geometry.
fn said<'a>(row: &mut Row<'a>) -> Result<Stated<'a>, Fault> {
    let mapped = [F::Lon, F::Lat].iter().all(|field| row.rules.map.columns.contains_key(field));
    let record = row.record;
    match &record.geometry {
        _ if mapped => point_of_columns(row).map(Stated::Point),
        Geometry::InColumns if row.binding.has(F::Lon) && row.binding.has(F::Lat) => {
            point_of_columns(row).map(Stated::Point)
        }
        Geometry::InColumns => said_in_cell(row),
        geometry => {
            let turns = row.rules.map.turns();
            let geometry = match turns {
                true => Cow::Owned(turned(geometry, &row.rules.map)),
                false => Cow::Borrowed(geometry),
            };
            let crs = system_of(row, first(&geometry), None)?;
            Ok(Stated::Geometry(geometry, crs))
        }
    }
}

/// Reads a point from longitude and latitude columns.
fn point_of_columns(row: &mut Row<'_>) -> Result<Shape, Fault> {
    let (x, y) = (number_of(row, F::Lon)?, number_of(row, F::Lat)?);
    let [x, y] = row.rules.map.turned([x, y]);
    let crs = system_of(row, Some([x, y]), None)?;
    if crs.is_wgs84() {
        // These messages name the column, which the fault of a pair cannot.
        if y.abs() > 90.0 {
            let hint = if x.abs() <= 90.0 && y.abs() <= 180.0 {
                "; latitude and longitude may be swapped"
            } else if let Some(hint) = packed_hint(x, y) {
                hint
            } else if y.abs() > 1000.0 {
                "; ⟦crs⟧ names the system of coordinates that are not in degrees"
            } else {
                ""
            };
            return Err(row.fault(F::Lat, format!("is a latitude beyond 90{hint}")));
        }
        if x > 180.0 && x <= 360.0 {
            row.note(
                Verdict::Repaired,
                F::Lon,
                "is a longitude beyond 180; a whole turn is subtracted",
            );
            return judged(row, silent(geometry::position(x - 360.0, y, &crs)));
        }
        if x.abs() > 180.0 {
            return Err(row.fault(F::Lon, "is a longitude out of range"));
        }
    }
    let shape = judged(row, silent(geometry::position(x, y, &crs)))?;
    note_astray(row, &shape, &crs);
    Ok(shape)
}

/// Notes that a shape lies beside its UTM zone.
fn note_astray(row: &mut Row<'_>, shape: &Shape, crs: &Crs) {
    if crs.utm_zone().is_none() {
        return;
    }
    let astray = standing_for(shape).and_then(|place| crs.strays(place.lon(), place.lat()));
    if let Some(degrees) = astray {
        let why = format!("lies {degrees:.0} degrees beside the zone of {}; used", crs.name());
        row.note_record(Verdict::Noted, &why);
    }
}

/// Returns a hint for numbers that may be degrees and minutes written together, such as 2907.5 and 6206.
fn packed_hint(x: f64, y: f64) -> Option<&'static str> {
    let fits = |packed| {
        let within = |number, most: f64| unpacked(number, packed).is_ok_and(|n| n.abs() <= most);
        within(x, 180.0) && within(y, 90.0)
    };
    if x.abs() < 90.0 {
        None
    } else if fits(Packed::Minutes) {
        Some(
            "; degrees and minutes written together (DDMM.m) are declared by angles=ddmm in the column map",
        )
    } else if fits(Packed::Seconds) {
        Some(
            "; degrees, minutes and seconds written together (DDMMSS) are declared by angles=ddmmss in the column map",
        )
    } else {
        None
    }
}

/// Converts a position to a point, without notes.
fn silent(position: Judged<Position>) -> Judged<Shape> {
    position.map(|(position, notes)| (Shape::point(position), notes))
}

/// Reads the coordinate of an axis.
fn number_of(row: &mut Row<'_>, axis: F) -> Result<f64, Fault> {
    match coordinate(row.record, row.binding, &row.rules.map, axis) {
        Ok(read) => {
            if let Some((field, repair)) = read.mended {
                row.note(Verdict::Repaired, field, repair);
            }
            Ok(read.value)
        }
        Err(wrong) => {
            let why = wrong.why.replace("SECTION", row.rules.section());
            Err(row.fault(wrong.field, why))
        }
    }
}

/// Reads a position from one column, in any notation.
fn said_in_cell<'a>(row: &mut Row<'a>) -> Result<Stated<'a>, Fault> {
    let value = row.value(F::Geometry);
    if is_missing(value) {
        return Err(row.fault(F::Geometry, "is missing; the record has no place"));
    }
    let text = value.text().unwrap_or_default();
    let map = &row.rules.map;
    let (geometry, srid) = match read_cell(&text, map.spelling) {
        Ok(Some(Cell::Geometry(raw, srid))) => (Geometry::Raw(raw), srid),
        Ok(Some(Cell::Pair(pair))) => (Geometry::Raw(RawGeometry::Points(vec![pair])), None),
        Ok(Some(Cell::Grid(grid))) => return point_of_grid(row, grid).map(Stated::Point),
        Ok(None) => return Err(row.fault(F::Geometry, "is empty; the record has no place")),
        Err(why) => {
            let why = why.replace("SECTION", row.rules.section());
            return Err(row.fault(F::Geometry, why));
        }
    };
    let geometry = if map.turns() { turned(&geometry, map) } else { geometry };
    let crs = system_of(row, first(&geometry), srid.as_deref())?;
    Ok(Stated::Geometry(Cow::Owned(geometry), crs))
}

/// Converts a grid reference to a point.
fn point_of_grid(row: &mut Row<'_>, grid: Grid) -> Result<Shape, Fault> {
    let crs = crs_of_zone(row, grid.zone, grid.north).map_err(|why| row.fault(F::Geometry, why))?;
    if grid.width >= 1000.0 {
        let why = "names a square of a kilometer or more; its middle is taken";
        row.note(Verdict::Noted, F::Geometry, why);
    }
    judged(row, silent(geometry::position(grid.east, grid.north_m, &crs)))
}

/// The first pair of a geometry.
fn first(geometry: &Geometry) -> Option<[f64; 2]> {
    match geometry {
        Geometry::Raw(raw) => first_of(raw),
        _ => None,
    }
}

/// Returns the geometry with axes and signs as declared by the user.
fn turned(geometry: &Geometry, map: &RoleMap) -> Geometry {
    match geometry {
        Geometry::Raw(raw) => Geometry::Raw(turned_raw(raw, map)),
        other => other.clone(),
    }
}

fn turned_raw(raw: &RawGeometry, map: &RoleMap) -> RawGeometry {
    let line = |line: &[[f64; 2]]| line.iter().map(|pair| map.turned(*pair)).collect::<Vec<_>>();
    let lines = |lines: &[Vec<[f64; 2]>]| lines.iter().map(|l| line(l)).collect::<Vec<_>>();
    match raw {
        RawGeometry::Points(points) => RawGeometry::Points(line(points)),
        RawGeometry::Lines(list) => RawGeometry::Lines(lines(list)),
        RawGeometry::Polygons(list) => {
            RawGeometry::Polygons(list.iter().map(|rings| lines(rings)).collect())
        }
        RawGeometry::Mixed(list) => {
            RawGeometry::Mixed(list.iter().map(|raw| turned_raw(raw, map)).collect())
        }
    }
}

/// Adds the notes on a shape to the record, or sets the record aside.
fn judged<T>(row: &mut Row<'_>, judged: Judged<T>) -> Result<T, Fault> {
    let (shape, notes) = judged.map_err(|note| {
        let Note { code, field, value, why, .. } = note;
        Fault { code, field, value, why }
    })?;
    for note in notes {
        row.note_geometry(note);
    }
    Ok(shape)
}

/// Returns the position of an incident: its point, or a place in its line, polygon or points with the radius
/// that covers all of it, since the incident happened somewhere inside.
///
/// # Errors
/// The shape has no position.
pub(crate) fn stand_of(row: &mut Row<'_>, shape: &Shape) -> Result<(Position, Length), Fault> {
    if let Some(point) = shape.as_point() {
        return Ok((point, Length::ZERO));
    }
    let stand = standing_for(shape)
        .ok_or_else(|| Fault::whole(Code::GeometryDoubtful, "has a shape without a position"))?;
    let what = match shape {
        Shape::Points(_) => "has several points; placed at the first of them",
        Shape::Lines(_) => "is a line; placed in the middle of it",
        Shape::Polygons(_) => "is a polygon; placed at a point in it",
    };
    let why = format!("{what}, with the radius that covers all of it as its accuracy");
    row.note_geometry(Note {
        code: Code::GeometryDoubtful,
        field: Some("geometry".to_owned()),
        value: None,
        why,
        verdict: Verdict::Noted,
    });
    Ok((stand, radius_around(stand, shape)))
}

/// The distance from a position to the farthest place of a shape, rounded up to a meter.
fn radius_around(stand: Position, shape: &Shape) -> Length {
    let mut farthest: f64 = 0.0;
    let mut reach = |coord: Coord<f64>| {
        if let Some(position) = Position::from_coord(coord) {
            farthest = farthest.max(geodesic::distance(stand, position).meters());
        }
    };
    let mut along = |line: &LineString<f64>| {
        for edge in line.lines() {
            reach(edge.start);
            // A long edge, straight in longitude and latitude, deviates from a geodesic.
            let (dx, dy) = (edge.dx(), edge.dy());
            let steps = (dx.abs().max(dy.abs()) / LONG_EDGE).ceil().max(1.0);
            let mut step = 1.0;
            while step < steps {
                let part = step / steps;
                reach(Coord { x: edge.start.x + dx * part, y: edge.start.y + dy * part });
                step += 1.0;
            }
            reach(edge.end);
        }
    };
    match shape {
        Shape::Points(points) => points.iter().for_each(|point| reach(point.coord())),
        Shape::Lines(lines) => lines.0.iter().for_each(along),
        Shape::Polygons(polygons) => {
            polygons.0.iter().for_each(|polygon| along(polygon.exterior()));
        }
    }
    Length::from_meters(farthest.ceil())
}

/// The interval at which distances along edges are measured.
///
/// # Units
/// Degrees.
const LONG_EDGE: f64 = 0.1;

/// Returns a representative position on a shape: the point itself, the middle vertex of the longest line or the
/// midpoint of its two middle vertices, a point inside the largest polygon.
///
/// Largest and longest are in degrees: the choice only has to be deterministic.
pub(crate) fn standing_for(shape: &Shape) -> Option<Position> {
    match shape {
        Shape::Points(points) => points.first().copied(),
        Shape::Lines(lines) => {
            let longest = lines.0.iter().rev().max_by_key(|line| line.0.len())?;
            let half = longest.0.len() / 2;
            let middle = *longest.0.get(half)?;
            let before = half.checked_sub(1).and_then(|at| longest.0.get(at));
            // An even number of vertices has two middle ones.
            let before = before.filter(|_| longest.0.len().is_multiple_of(2));
            let middle = before.map_or(middle, |before| Coord {
                x: (before.x + middle.x) / 2.0,
                y: (before.y + middle.y) / 2.0,
            });
            Position::from_coord(middle)
        }
        Shape::Polygons(polygons) => {
            let inside = polygons.interior_point().and_then(|p| Position::from_coord(p.0));
            inside.or_else(|| {
                let first = polygons.0.first()?.exterior().0.first()?;
                Position::from_coord(*first)
            })
        }
    }
}

/// The accuracy of a position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Known {
    pub accuracy: Option<Length>,
    /// Whether only the country or the sea is known.
    pub vague: bool,
}

/// The largest distance between two places on Earth, rounded up: no radius is larger.
///
/// # Units
/// Kilometers.
const FARTHEST_KM: f64 = 20_004.0;

/// The accuracy of a record's position: its stated radius, or the radius of its accuracy code.
pub(crate) fn accuracy_of(row: &mut Row<'_>) -> Known {
    let plainly = |accuracy| Known { accuracy, vague: false };
    let stated =
        row.number_within(F::Accuracy, 0.0, FARTHEST_KM, "is not a radius in km; read as missing");
    if let Some(km) = stated {
        return plainly(Some(Length::from_km(km)));
    }
    if let Some(layout) = row.rules.layout.filter(|layout| !layout.accuracy.is_empty()) {
        return by_code(row, layout);
    }
    let codes = [
        (F::WherePrecision, ucdp::WHERE_PRECISION, "is not a precision code from 1 to 7"),
        (F::GeoPrecision, acled::GEO_PRECISION, "is not a precision code from 1 to 3"),
    ];
    for (field, codes, unknown) in codes {
        if let Some(code) = row.count(field) {
            let found = codes.iter().find(|(known, _)| *known == code);
            if found.is_none() {
                row.note_word(field, unknown);
            }
            return known(found.map(|(_, accuracy)| *accuracy));
        }
    }
    let field = F::LocationAccuracy;
    let Some(word) = row.words(field) else { return plainly(None) };
    let known = gem::LOCATION_ACCURACY.iter().find(|(known, _)| word.eq_ignore_ascii_case(known));
    if known.is_none() {
        row.note_word(field, "is not a known word for accuracy");
    }
    plainly(known.map(|(_, km)| Length::from_km(*km)))
}

/// The accuracy of a code of the layout.
fn by_code(row: &mut Row<'_>, layout: &Layout) -> Known {
    let Some(code) = row.code(F::AccuracyCode) else { return known(None) };
    let found = layout.accuracy.iter().find(|(known, _)| *known == code);
    if found.is_none() {
        row.note_word(F::AccuracyCode, "is not a precision code of its codebook");
    }
    known(found.map(|(_, accuracy)| *accuracy))
}

/// Converts the accuracy of a code.
fn known(accuracy: Option<Accuracy>) -> Known {
    match accuracy {
        Some(Accuracy::Km(km)) => Known { accuracy: Some(Length::from_km(km)), vague: false },
        Some(Accuracy::CountryLevel) => Known { accuracy: None, vague: true },
        None => Known { accuracy: None, vague: false },
    }
}
