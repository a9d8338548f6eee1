//! Converts coordinates as written to a shape on the globe: in range, closed, simple, right-handed and cut
//! at the antimeridian. Repairable faults are repaired and noted. Other faults set the record aside, naming
//! the polygon, ring and position, or drop the faulty part if other parts are valid. No shape is returned
//! with a wrong area.

mod as_written;
mod polygons;
mod turns;
mod validity;

use crate::Code;
use crate::earth::{Crs, Lon, Position, Shape, antimeridian, units};
use crate::model::{Finding, Place, Value, Verdict};
use crate::sources::formats::record::{Geometry, RawGeometry};
use geo::{Covers, Intersects};
use geo_types::{LineString, MultiLineString};
use std::sync::Arc;
use turns::Path;

pub(crate) use as_written::as_written;

/// A note on a geometry: a finding that does not have its record yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The code of the finding.
    pub code: Code,
    /// The part of the geometry, or the column.
    pub field: Option<String>,
    /// The value found.
    pub value: Option<String>,
    /// The fault.
    pub why: String,
    /// The action taken.
    pub verdict: Verdict,
}

impl Note {
    fn new(verdict: Verdict, field: &str, why: impl Into<String>) -> Self {
        let (code, field) = (Code::GeometryDoubtful, Some(field.to_owned()));
        Self { code, field, value: None, why: why.into(), verdict }
    }

    /// Creates a note on a pair of coordinates.
    fn of_position(verdict: Verdict, why: String, value: String) -> Self {
        let code = Code::PositionDoubtful;
        Self { code, ..Self::new(verdict, "coordinates", why) }.with_value(value)
    }

    fn with_value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Converts the fault of a part to a note that the part is dropped and the rest used.
    fn left_out(self) -> Self {
        Self { why: format!("{}; left out", self.why), verdict: Verdict::Repaired, ..self }
    }

    /// Whether two notes agree in everything but the value.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.field == other.field && self.why == other.why && self.verdict == other.verdict
    }

    /// Creates the finding for a record.
    pub fn of(self, file: &Arc<str>, place: &Place, id: Option<&Value>) -> Finding {
        Finding {
            code: self.code,
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

/// A value with the notes on it, or the note that prevents the value.
pub type Judged<T> = Result<(T, Vec<Note>), Note>;

/// The field named by notes on a record's own geometry.
const FIELD: &str = "geometry";

/// The maximum number of positions of a shape; more are a mistake, or malicious.
const MOST_POSITIONS: usize = 50_000_000;

/// Converts a pair of coordinates, x first, to a position.
///
/// # Units
/// Those of the CRS; degrees for WGS84.
///
/// # Errors
/// The note that sets the record aside: not finite, out of range, outside the CRS's area of use.
pub fn position(x: f64, y: f64, crs: &Crs) -> Judged<Position> {
    let refuse = |why: String| Note::of_position(Verdict::SetAside, why, pair(x, y));
    let (lon, lat) = on_globe(x, y, crs).map_err(refuse)?;
    let wrapped = Lon::wrapped(lon).map(Lon::degrees).unwrap_or(lon);
    let position = Position::from_degrees(wrapped, lat)
        .ok_or_else(|| refuse("is not on the globe".to_owned()))?;
    let mut notes = Vec::new();
    if lon.abs() > 180.0 {
        let why = format!("has a longitude beyond 180; read as {wrapped}");
        notes.push(Note::of_position(Verdict::Repaired, why, pair(x, y)));
    }
    Ok((position, notes))
}

/// Converts a record's geometry to a shape.
///
/// # Errors
/// The note that sets the record aside: no geometry, one that could not be decoded, or one that is not a
/// shape on the globe.
pub fn shape(geometry: &Geometry, crs: &Crs) -> Judged<Shape> {
    match geometry {
        Geometry::Raw(raw) => shape_of_raw(raw, crs),
        Geometry::None => Err(Note::new(Verdict::SetAside, FIELD, "is null or empty; no place")),
        Geometry::InColumns => {
            Err(Note::new(Verdict::SetAside, FIELD, "is not there; the place is in the columns"))
        }
        Geometry::Broken { part, value, why } => Err(Note {
            code: Code::GeometryDoubtful,
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
        RawGeometry::Mixed(list) => mixed(list, crs),
    }
}

/// Returns the outline of a collection: its polygons, or its lines if it has no polygons. Points beside
/// them are labels or pins of the same feature and are dropped, and so are lines inside the polygons, which
/// are remnants of an overlay.
fn mixed(list: &[RawGeometry], crs: &Crs) -> Judged<Shape> {
    let mut members = Members::default();
    list.iter().for_each(|raw| members.add(raw));
    let Members { points, lines, polygons } = members;
    if polygons.is_empty() {
        let (shape, mut notes) = lines_of(&lines, crs)?;
        notes.push(Note::new(Verdict::Repaired, FIELD, "has points beside its lines; left out"));
        return Ok((shape, notes));
    }
    let (shape, mut notes) = polygons::polygons_of(&polygons, crs)?;
    let refusal = || refused("mixes polygons with lines outside them in one record".to_owned());
    let Shape::Polygons(area) = &shape else { return Err(refusal()) };
    if !lines.is_empty() {
        match lines_of(&lines, crs) {
            Ok((Shape::Lines(lines), _)) if lines.0.iter().all(|line| area.covers(line)) => {}
            _ => return Err(refusal()),
        }
    }
    let lies_in = |[x, y]: &[f64; 2]| {
        position(*x, *y, crs).is_ok_and(|(point, _)| area.intersects(&point.coord()))
    };
    let note = |why: &str| Note::new(Verdict::Repaired, FIELD, why);
    notes.push(match points.iter().find(|point| !lies_in(point)) {
        Some([x, y]) => note("has a point outside its polygons; left out").with_value(pair(*x, *y)),
        None => note("has points or lines within its polygons; left out"),
    });
    Ok((shape, notes))
}

/// The members of a collection by kind.
#[derive(Default)]
struct Members {
    points: Vec<[f64; 2]>,
    lines: Vec<Vec<[f64; 2]>>,
    polygons: Vec<Vec<Vec<[f64; 2]>>>,
}

impl Members {
    fn add(&mut self, raw: &RawGeometry) {
        match raw {
            RawGeometry::Points(points) => self.points.extend(points),
            RawGeometry::Lines(lines) => self.lines.extend(lines.iter().cloned()),
            RawGeometry::Polygons(list) => self.polygons.extend(list.iter().cloned()),
            RawGeometry::Mixed(list) => list.iter().for_each(|raw| self.add(raw)),
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
    let mut parts = Parts::default();
    for (at, [x, y]) in points.iter().enumerate() {
        let place = if points.len() == 1 { FIELD.into() } else { format!("point {at}") };
        parts.take(
            position(*x, *y, crs).map_err(|note| Note { field: Some(place), ..note }),
            |all: &mut Vec<Position>, position| all.push(position),
        );
    }
    let (positions, notes) = parts.finish("has no points")?;
    Ok((Shape::Points(positions), notes))
}

fn lines_of(lines: &[Vec<[f64; 2]>], crs: &Crs) -> Judged<Shape> {
    let mut parts = Parts::default();
    for (at, line) in lines.iter().enumerate() {
        parts.take(line_of(line, at, crs), |all: &mut Vec<LineString<f64>>, cut| all.extend(cut));
    }
    let (whole, notes) = parts.finish("has no line of two distinct positions")?;
    Ok((Shape::Lines(MultiLineString(whole)), notes))
}

/// Converts a line, and cuts it at the antimeridian.
fn line_of(line: &[[f64; 2]], at: usize, crs: &Crs) -> Judged<Vec<LineString<f64>>> {
    let part = format!("line {at}");
    let mut notes = Vec::new();
    let path = path_of(line, &part, crs, Path::Line, &mut notes)?;
    let places = |c: &geo_types::Coord<f64>| (units(c.x), units(c.y));
    if path.first().is_none_or(|first| path.iter().all(|c| places(c) == places(first))) {
        let why = "has no two distinct positions to the seventh decimal";
        return Err(Note::new(Verdict::SetAside, &part, why));
    }
    let cut =
        antimeridian::cut_lines(&MultiLineString(vec![LineString(path)])).map_err(|error| {
            Note::new(
                Verdict::SetAside,
                &part,
                format!("position {} {}", error.position, error.fault),
            )
        })?;
    if cut.0.len() > 1 {
        notes.push(cut_note());
    }
    Ok((cut.0, notes))
}

/// The parts of a shape so far. A faulty part does not affect the others.
#[derive(Default)]
struct Parts<T> {
    whole: T,
    any: bool,
    notes: Vec<Note>,
    faults: Vec<Note>,
}

impl<T> Parts<T> {
    fn take<P>(&mut self, part: Judged<P>, add: impl FnOnce(&mut T, P)) {
        match part {
            Ok((part, notes)) => {
                add(&mut self.whole, part);
                self.any = true;
                for note in notes {
                    // A cut is noted once for the whole shape.
                    if !(note.field.as_deref() == Some(FIELD) && self.notes.contains(&note)) {
                        self.notes.push(note);
                    }
                }
            }
            Err(fault) => self.faults.push(fault),
        }
    }

    /// Returns the whole with all notes; the first fault if there are no valid parts.
    fn finish(mut self, nothing: &str) -> Judged<T> {
        if !self.any {
            let mut faults = self.faults.into_iter();
            return Err(faults.next().unwrap_or_else(|| refused(nothing.to_owned())));
        }
        self.notes.extend(self.faults.into_iter().map(Note::left_out));
        Ok((self.whole, self.notes))
    }
}

fn cut_note() -> Note {
    Note::new(Verdict::Noted, FIELD, "crosses the antimeridian at 180; cut there")
}

/// Returns the positions of a line or ring without consecutive repetitions, in degrees. Longitudes may
/// exceed 180 if the writer continued a shape across the antimeridian, or counts from 0 to 360.
fn path_of(
    line: &[[f64; 2]],
    part: &str,
    crs: &Crs,
    kind: Path,
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
        if turns::as_written(&mut path, kind) {
            let why = "has longitudes beyond 180 and edges of more than half a turn, which are read \
                       as written";
            notes.push(Note::new(Verdict::Noted, part, why));
        }
    }
    Ok(path)
}

/// Returns longitude and latitude of a pair, the latitude in range and the longitude at most a turn out.
fn on_globe(x: f64, y: f64, crs: &Crs) -> Result<(f64, f64), String> {
    if !(x.is_finite() && y.is_finite()) {
        return Err("is not made of finite numbers".to_owned());
    }
    let [lon, lat] = crs.to_wgs84(x, y).map_err(|fault| fault.to_string())?;
    if lat.abs() > 90.0 {
        return Err(if lon.abs() > 1000.0 || lat.abs() > 1000.0 {
            "is not a longitude and latitude; it may be in another CRS, which ⟦crs⟧ names"
                .to_owned()
        } else if lon.abs() <= 90.0 && lat.abs() <= 180.0 {
            "has a latitude beyond 90; longitude and latitude may be swapped".to_owned()
        } else {
            "has a latitude beyond 90; ⟦crs⟧ names the system if it is not WGS84".to_owned()
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
