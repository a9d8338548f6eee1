//! From coordinates as they were written to a shape on the globe: in range, closed, simple,
//! right-handed and cut at the seam. What can be mended is mended and said; what cannot is set
//! aside with the polygon, ring and position at fault. No shape comes out with a wrong area.

mod polygons;
mod validity;

use super::record::{Geometry, RawGeometry};
use crate::earth::{Crs, Lon, Position, Shape, seam};
use crate::model::{Finding, Place, Value, Verdict};
use geo_types::{LineString, MultiLineString};
use std::sync::Arc;

/// What was found out about a place: a finding that does not know its record yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The part of the geometry, or the column.
    pub field: Option<String>,
    /// What stood there.
    pub value: Option<String>,
    /// What is wrong with it.
    pub why: String,
    /// What was done.
    pub verdict: Verdict,
}

impl Note {
    fn new(verdict: Verdict, field: &str, why: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), value: None, why: why.into(), verdict }
    }

    fn with_value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Whether it says the same, of whatever value.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.field == other.field && self.why == other.why && self.verdict == other.verdict
    }

    /// The finding of a record.
    pub fn of(self, file: &Arc<str>, place: &Place, id: Option<&Value>) -> Finding {
        Finding {
            file: file.clone(),
            place: place.clone(),
            id: id.and_then(Value::text),
            field: self.field,
            value: self.value,
            why: self.why,
            verdict: self.verdict,
        }
    }
}

/// A value that was made in spite of what the notes say.
pub type Judged<T> = Result<(T, Vec<Note>), Note>;

/// The field that notes on a record's own geometry name.
const FIELD: &str = "geometry";

/// The most positions a shape may have; more would be a mistake, or meant to do harm.
const MOST_POSITIONS: usize = 50_000_000;

/// The position of a pair of coordinates, x first.
///
/// # Units
/// Those of the CRS; of WGS84 degrees.
///
/// # Errors
/// The note that sets the record aside: not finite, out of range, outside the CRS's area of use.
pub fn position(x: f64, y: f64, crs: &Crs) -> Judged<Position> {
    let refuse =
        |why: String| Note::new(Verdict::SetAside, "coordinates", why).with_value(pair(x, y));
    let (lon, lat) = on_globe(x, y, crs).map_err(refuse)?;
    let wrapped = Lon::wrapped(lon).map(Lon::degrees).unwrap_or(lon);
    let position = Position::from_degrees(wrapped, lat)
        .ok_or_else(|| refuse("is not on the globe".to_owned()))?;
    let mut notes = Vec::new();
    if lon.abs() > 180.0 {
        let why = format!("has a longitude beyond 180; read as {wrapped}");
        notes.push(Note::new(Verdict::Repaired, "coordinates", why).with_value(pair(x, y)));
    }
    Ok((position, notes))
}

/// The shape of a record's geometry.
///
/// # Errors
/// The note that sets the record aside: no geometry, one that could not be decoded or that is no
/// shape on the globe.
pub fn shape(geometry: &Geometry, crs: &Crs) -> Judged<Shape> {
    match geometry {
        Geometry::Raw(raw) => shape_of_raw(raw, crs),
        Geometry::None => Err(Note::new(Verdict::SetAside, FIELD, "is null or empty; no place")),
        Geometry::InColumns => {
            Err(Note::new(Verdict::SetAside, FIELD, "is not there; the place is in the columns"))
        }
        Geometry::Broken { part, value, why } => Err(Note {
            field: Some(part.clone()),
            value: value.clone(),
            why: why.clone(),
            verdict: Verdict::SetAside,
        }),
    }
}

fn shape_of_raw(raw: &RawGeometry, crs: &Crs) -> Judged<Shape> {
    if count(raw) > MOST_POSITIONS {
        return Err(refused(format!("has more than {MOST_POSITIONS} positions")));
    }
    match raw {
        RawGeometry::Points(points) => points_of(points, crs),
        RawGeometry::Lines(lines) => lines_of(lines, crs),
        RawGeometry::Polygons(list) => polygons::polygons_of(list, crs),
        RawGeometry::Mixed(_) => {
            Err(refused("mixes points, lines and polygons in one record".to_owned()))
        }
    }
}

fn count(raw: &RawGeometry) -> usize {
    match raw {
        RawGeometry::Points(points) => points.len(),
        RawGeometry::Lines(lines) => lines.iter().map(Vec::len).sum(),
        RawGeometry::Polygons(list) => list.iter().flatten().map(Vec::len).sum(),
        RawGeometry::Mixed(list) => list.iter().map(count).sum(),
    }
}

fn points_of(points: &[[f64; 2]], crs: &Crs) -> Judged<Shape> {
    let mut notes = Vec::new();
    let mut positions = Vec::with_capacity(points.len());
    for (at, [x, y]) in points.iter().enumerate() {
        let (position, found) = position(*x, *y, crs).map_err(|note| Note {
            field: Some(if points.len() == 1 { FIELD.into() } else { format!("point {at}") }),
            ..note
        })?;
        positions.push(position);
        notes.extend(found);
    }
    if positions.is_empty() {
        return Err(refused("has no points".to_owned()));
    }
    Ok((Shape::Points(positions), notes))
}

fn lines_of(lines: &[Vec<[f64; 2]>], crs: &Crs) -> Judged<Shape> {
    let mut notes = Vec::new();
    let mut whole = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let part = format!("line {at}");
        let path = path_of(line, &part, crs, &mut notes)?;
        if path.len() >= 2 {
            whole.push(LineString(path));
        } else if lines.len() > 1 {
            notes.push(Note::new(
                Verdict::Repaired,
                &part,
                "has fewer than two distinct positions; left out",
            ));
        }
    }
    if whole.is_empty() {
        return Err(refused("has no line of two distinct positions".to_owned()));
    }
    let whole = MultiLineString(whole);
    let cut = seam::cut_lines(&whole).map_err(|error| {
        Note::new(Verdict::SetAside, &format!("line {}", error.part), {
            format!("position {} {}", error.position, error.fault)
        })
    })?;
    if cut.0.len() > whole.0.len() {
        notes.push(cut_note());
    }
    Ok((Shape::Lines(cut), notes))
}

fn cut_note() -> Note {
    Note::new(Verdict::Noted, FIELD, "crosses the seam at 180; cut there")
}

/// The distinct positions of a line or ring in a row, in degrees. Longitudes may go past 180 where
/// the writer let a shape run on over the seam.
fn path_of(
    line: &[[f64; 2]],
    part: &str,
    crs: &Crs,
    notes: &mut Vec<Note>,
) -> Result<Vec<geo_types::Coord<f64>>, Note> {
    let mut path: Vec<geo_types::Coord<f64>> = Vec::with_capacity(line.len());
    let mut beyond = None;
    for (at, [x, y]) in line.iter().enumerate() {
        let (lon, lat) = on_globe(*x, *y, crs).map_err(|why| {
            Note::new(Verdict::SetAside, &format!("{part} position {at}"), why)
                .with_value(pair(*x, *y))
        })?;
        if lon.abs() > 180.0 {
            beyond.get_or_insert((at, lon));
        }
        let coord = geo_types::Coord { x: lon, y: lat };
        if path.last() != Some(&coord) {
            path.push(coord);
        }
    }
    if let Some((at, lon)) = beyond {
        let why = "is a longitude beyond 180; brought into range";
        let note = Note::new(Verdict::Repaired, &format!("{part} position {at}"), why);
        notes.push(note.with_value(lon.to_string()));
    }
    Ok(path)
}

/// Longitude and latitude of a pair, the latitude in range and the longitude at most a turn out.
fn on_globe(x: f64, y: f64, crs: &Crs) -> Result<(f64, f64), String> {
    if !(x.is_finite() && y.is_finite()) {
        return Err("is not made of finite numbers".to_owned());
    }
    let [lon, lat] = crs.to_wgs84(x, y).map_err(|fault| fault.to_string())?;
    if lat.abs() > 90.0 {
        return Err(if lon.abs() > 1000.0 || lat.abs() > 1000.0 {
            "is no longitude and latitude; it may be in another CRS, which --crs names".to_owned()
        } else if lon.abs() <= 90.0 && lat.abs() <= 180.0 {
            "has a latitude beyond 90; longitude and latitude may be swapped".to_owned()
        } else {
            "has a latitude beyond 90; --crs names the system where it is not WGS84".to_owned()
        });
    }
    if lon.abs() > 360.0 {
        return Err("has a longitude more than a turn out".to_owned());
    }
    Ok((lon, lat))
}

fn refused(why: String) -> Note {
    Note::new(Verdict::SetAside, FIELD, why)
}

fn pair(x: f64, y: f64) -> String {
    format!("{x},{y}")
}
