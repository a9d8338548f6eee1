//! Makes polygons valid: closes rings, removes spikes, cuts at the antimeridian, and splits self-crossing polygons so
//! that their area is the one they enclose.

use super::turns::Path;
use super::validity::{Fault, fault_of, overlapping};
use super::{FIELD, Judged, Note, Parts, cut_note, path_of};
use crate::earth::{Crs, Shape, antimeridian, polygons_as_written};
use crate::model::Verdict;
use geo::orient::{Direction, Orient};
use geo::{Area, BooleanOps, MakeValid, MapCoordsInPlace, unary_union};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

/// Areas up to this size count as none: about a square decimeter at the equator.
///
/// # Units
/// Square degrees.
const FLAT: f64 = 1e-12;

/// Converts polygons as written to a shape.
pub(super) fn polygons_of(list: &[Vec<Vec<[f64; 2]>>], crs: &Crs) -> Judged<Shape> {
    let mut parts = Parts::default();
    let mut clockwise = false;
    for (index, rings) in list.iter().enumerate().filter(|(_, rings)| !is_empty(rings)) {
        parts.take(
            polygon_of(index, rings, crs, &mut clockwise),
            |all: &mut Vec<Polygon<f64>>, pieces| all.extend(pieces),
        );
    }
    let (pieces, mut notes) = parts.finish("has no ring of three distinct positions")?;
    if clockwise {
        // Readers may ignore the direction (RFC 7946, section 3.1.6), and old writers all used this one.
        notes.push(Note::new(Verdict::Noted, FIELD, "has rings in the wrong direction; reversed"));
    }
    let pieces = apart(pieces, &mut notes);
    Ok((Shape::Polygons(MultiPolygon(pieces)), notes))
}

fn is_empty(rings: &[Vec<[f64; 2]>]) -> bool {
    rings.first().is_none_or(Vec::is_empty)
}

/// Converts one polygon to its pieces.
fn polygon_of(
    index: usize,
    rings: &[Vec<[f64; 2]>],
    crs: &Crs,
    clockwise: &mut bool,
) -> Judged<Vec<Polygon<f64>>> {
    let mut notes = Vec::new();
    let (closed, names) = close(index, rings, crs, clockwise, &mut notes)?;
    // Self-crossings are resolved while the ring is unrolled across the antimeridian: after the cut, its inside can no
    // longer be distinguished from its outside.
    let (whole, flat) = match run_on(&closed) {
        RunOn::Flat(polygon) => (simple(&names, polygon, &mut notes)?, true),
        RunOn::AroundPole => (vec![closed], false),
        RunOn::TooWide => {
            let why = "is wider than the Earth's circumference";
            return Err(Note::new(Verdict::SetAside, &names.of(0), why));
        }
    };
    let pieces = cut(&names, whole, flat, &mut notes)?;
    if vanishes(&pieces) {
        let why = "encloses no area to the seventh decimal";
        return Err(Note::new(Verdict::SetAside, &names.of(0), why));
    }
    Ok((pieces, notes))
}

/// Whether polygons are so narrow that nothing of them is left once they are written.
fn vanishes(pieces: &[Polygon<f64>]) -> bool {
    let around = |polygon: &Polygon<f64>| -> f64 {
        let edges = polygon.exterior().lines();
        edges.map(|edge| edge.dx().abs() + edge.dy().abs()).sum()
    };
    let narrow = |polygon: &Polygon<f64>| polygon.unsigned_area() < 1e-6 * around(polygon);
    pieces.iter().all(narrow)
        && polygons_as_written(&MultiPolygon(pieces.to_vec())).is_some_and(|left| left.0.is_empty())
}

/// The names of a polygon's rings in messages, given that some may have been dropped.
struct Names {
    polygon: usize,
    rings: Vec<usize>,
}

impl Names {
    fn of(&self, ring: usize) -> String {
        format!("polygon {} ring {}", self.polygon, self.rings.get(ring).copied().unwrap_or(ring))
    }
}

/// Closes the rings of a polygon. A hole that is not a ring is dropped.
fn close(
    index: usize,
    rings: &[Vec<[f64; 2]>],
    crs: &Crs,
    clockwise: &mut bool,
    notes: &mut Vec<Note>,
) -> Result<(Polygon<f64>, Names), Note> {
    let mut closed = Vec::with_capacity(rings.len());
    let mut names = Names { polygon: index, rings: Vec::with_capacity(rings.len()) };
    for (at, ring) in rings.iter().enumerate() {
        let name = format!("polygon {index} ring {at}");
        match close_ring(ring, &name, crs, notes) {
            Ok(path) => {
                let path: Vec<Coord<f64>> =
                    if at == 0 { path } else { path.into_iter().rev().collect() };
                *clockwise |= is_clockwise(&path);
                closed.push(LineString(path));
                names.rings.push(at);
            }
            Err(note) if at == 0 => return Err(note),
            Err(note) => notes.push(note.left_out()),
        }
    }
    let mut closed = closed.into_iter();
    let exterior = closed.next().unwrap_or_else(|| LineString(Vec::new()));
    Ok((Polygon::new(exterior, closed.collect()), names))
}

fn close_ring(
    ring: &[[f64; 2]],
    name: &str,
    crs: &Crs,
    notes: &mut Vec<Note>,
) -> Result<Vec<Coord<f64>>, Note> {
    let mut path = path_of(ring, name, crs, Path::Ring, notes)?;
    if path.len() > 1 && path.first() == path.last() {
        path.pop();
    } else if path.len() > 2 {
        notes.push(Note::new(Verdict::Repaired, name, "was not closed"));
    }
    if take_spikes_off(&mut path) {
        notes.push(Note::new(Verdict::Repaired, name, "turned back on itself; cut off there"));
    }
    if path.len() < 3 {
        let why = "has fewer than three distinct positions";
        return Err(Note::new(Verdict::SetAside, name, why));
    }
    path.extend(path.first().copied());
    Ok(path)
}

/// Removes spikes, which go out to a position and straight back and enclose nothing.
fn take_spikes_off(ring: &mut Vec<Coord<f64>>) -> bool {
    let mut taken = false;
    let mut kept: Vec<Coord<f64>> = Vec::with_capacity(ring.len());
    for coord in ring.iter() {
        match kept.as_slice() {
            [.., before, _] if before == coord => {
                kept.pop();
                taken = true;
            }
            _ => kept.push(*coord),
        }
    }
    // Removes spikes at the start of the ring.
    while kept.len() >= 3 {
        let (first, last) = (kept.first().copied(), kept.last().copied());
        let (second, one_before) = (kept.get(1).copied(), kept.iter().rev().nth(1).copied());
        if one_before == first {
            kept.pop();
        } else if last == second {
            kept.remove(0);
        } else {
            break;
        }
        taken = true;
    }
    while kept.len() > 1 && kept.first() == kept.last() {
        kept.pop();
    }
    if taken {
        *ring = kept;
    }
    taken
}

/// Returns the difference from one longitude to the next: as written, or the short way over the antimeridian if it is
/// more than half a turn.
pub(super) fn step(from: f64, to: f64) -> f64 {
    let step = to - from;
    if step.abs() <= 180.0 { step } else { step - 360.0 * (step / 360.0).round() }
}

/// Unrolls a closed ring so that longitudes continue across the antimeridian; returns it with its number of whole
/// turns, which is not zero around a pole.
fn unroll(ring: &[Coord<f64>]) -> (Vec<Coord<f64>>, f64) {
    let mut unrolled: Vec<Coord<f64>> = Vec::with_capacity(ring.len());
    let mut previous = None;
    let mut lon = 0.0;
    for coord in ring {
        lon = previous.map_or(coord.x, |previous| lon + step(previous, coord.x));
        previous = Some(coord.x);
        unrolled.push(Coord { x: lon, y: coord.y });
    }
    let begun = unrolled.first().map_or(0.0, |first| first.x);
    let turns = ((lon - begun) / 360.0).round();
    if let (Some(first), Some(last), true) =
        (unrolled.first().copied(), unrolled.last_mut(), turns == 0.0)
    {
        *last = first;
    }
    (unrolled, turns)
}

/// Whether a closed ring runs clockwise on the map; a ring around a pole has no such direction.
fn is_clockwise(ring: &[Coord<f64>]) -> bool {
    let (unrolled, turns) = unroll(ring);
    let doubled: f64 = unrolled
        .windows(2)
        .map(|edge| match edge {
            [a, b] => a.x * b.y - b.x * a.y,
            _ => 0.0,
        })
        .sum();
    turns == 0.0 && doubled < 0.0
}

/// A polygon unrolled into the plane.
enum RunOn {
    /// The unrolled polygon; its longitudes exceed 180 where it crosses the antimeridian.
    Flat(Polygon<f64>),
    /// The polygon cannot be unrolled: it goes around a pole, or along the antimeridian on both sides.
    AroundPole,
    TooWide,
}

fn run_on(polygon: &Polygon<f64>) -> RunOn {
    let (exterior, turns) = unroll(&polygon.exterior().0);
    // A box as wide as the world has all corners on the antimeridian.
    if turns != 0.0 || exterior.iter().all(|coord| coord.x.abs() == 180.0) {
        return RunOn::AroundPole;
    }
    let span = |ring: &[Coord<f64>]| {
        ring.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(west, east), coord| {
            (west.min(coord.x), east.max(coord.x))
        })
    };
    let (west, east) = span(&exterior);
    if east - west > 360.0 {
        return RunOn::TooWide;
    }
    let mut holes = Vec::with_capacity(polygon.interiors().len());
    for hole in polygon.interiors() {
        let (mut ring, turns) = unroll(&hole.0);
        if turns != 0.0 {
            return RunOn::AroundPole;
        }
        // The hole is shifted to the turn of the exterior around it.
        let (from, to) = span(&ring);
        let shift = 360.0 * (((west + east) - (from + to)) / 720.0).round();
        let inside = |shift: f64| from + shift >= west && to + shift <= east;
        let shift = [0.0, shift, shift - 360.0, shift + 360.0]
            .into_iter()
            .find(|shift| inside(*shift))
            .unwrap_or(shift);
        for coord in &mut ring {
            coord.x += shift;
        }
        holes.push(LineString(ring));
    }
    RunOn::Flat(Polygon::new(LineString(exterior), holes))
}

/// Cuts polygons at the antimeridian. Unrolled ones keep their area on the map, which is checked; a hole that cannot be
/// cut, or lies outside, is dropped.
fn cut(
    names: &Names,
    whole: Vec<Polygon<f64>>,
    flat: bool,
    notes: &mut Vec<Note>,
) -> Result<Vec<Polygon<f64>>, Note> {
    let mut whole = MultiPolygon(whole);
    let cut = loop {
        let error = match antimeridian::cut_polygons(&whole) {
            Ok(cut) => break cut,
            Err(error) => error,
        };
        let why = match error.fault {
            antimeridian::Fault::HoleOutside => error.fault.to_string(),
            fault => format!("position {} {fault}", error.position),
        };
        let note = Note::new(Verdict::SetAside, &names.of(error.ring), why);
        let hole = error.ring.checked_sub(1);
        let polygon = whole.0.get_mut(error.part);
        let (Some(hole), Some(polygon)) = (hole, polygon) else { return Err(note) };
        let rest = (0..).zip(polygon.interiors()).filter(|(at, _)| *at != hole);
        let rest = rest.map(|(_, ring)| ring.clone()).collect();
        *polygon = Polygon::new(polygon.exterior().clone(), rest);
        notes.push(note.left_out());
    };
    if cut.0.len() > whole.0.len() {
        notes.push(cut_note());
    }
    let mut pieces = Vec::with_capacity(cut.0.len());
    for piece in cut.0 {
        match fault_of(&piece) {
            None => pieces.push(piece),
            // A ring that touches the antimeridian from one side is cut into pieces that touch there.
            Some(fault) => match valid(on_sheet(enclosed(&piece))).filter(|_| flat) {
                Some(mended) => pieces.extend(mended.orient(Direction::Default)),
                None => {
                    return Err(Note::new(Verdict::SetAside, &names.of(fault.ring), fault.why));
                }
            },
        }
    }
    let pieces = MultiPolygon(pieces);
    let (before, after) = (whole.unsigned_area(), pieces.unsigned_area());
    if flat && (before - after).abs() > 1e-6 * before.max(1e-3) {
        let why = "cannot be cut at the antimeridian without changing its area";
        return Err(Note::new(Verdict::SetAside, &names.of(0), why));
    }
    Ok(pieces.0)
}

/// Splits a polygon into one or more that do not cross themselves.
fn simple(
    names: &Names,
    polygon: Polygon<f64>,
    notes: &mut Vec<Note>,
) -> Result<Vec<Polygon<f64>>, Note> {
    let Some(Fault { ring, why }) = fault_of(&polygon) else {
        return without_flat_rings(names, polygon, notes).map(|polygon| vec![polygon]);
    };
    let name = names.of(ring);
    match valid(enclosed(&polygon)) {
        Some(mended) if mended.unsigned_area() > FLAT => {
            let parts = mended.0.len();
            let why = match parts {
                1 => format!("{why}; mended"),
                _ => format!("{why}; split into {parts} polygons"),
            };
            notes.push(Note::new(Verdict::Repaired, &name, why));
            Ok(mended.0)
        }
        None if !polygon.interiors().is_empty() => {
            let (exterior, holes) = polygon.into_inner();
            let why =
                format!("{why} and cannot be repaired; all {} holes are left out", holes.len());
            notes.push(Note::new(Verdict::Repaired, &name, why));
            simple(names, Polygon::new(exterior, Vec::new()), notes)
        }
        None => Err(Note::new(Verdict::SetAside, &name, format!("{why} and cannot be repaired"))),
        _ => Err(Note::new(Verdict::SetAside, &name, format!("{why} and encloses no area"))),
    }
}

/// Drops holes whose positions all lie on one line.
fn without_flat_rings(
    names: &Names,
    polygon: Polygon<f64>,
    notes: &mut Vec<Note>,
) -> Result<Polygon<f64>, Note> {
    let is_flat =
        |ring: &LineString<f64>| Polygon::new(ring.clone(), Vec::new()).unsigned_area() <= FLAT;
    let why = "encloses no area";
    if is_flat(polygon.exterior()) {
        return Err(Note::new(Verdict::SetAside, &names.of(0), why));
    }
    let (exterior, holes) = polygon.into_inner();
    let mut kept = Vec::with_capacity(holes.len());
    for (hole, ring) in holes.into_iter().enumerate() {
        if is_flat(&ring) {
            let why = format!("{why}; left out");
            notes.push(Note::new(Verdict::Repaired, &names.of(hole + 1), why));
        } else {
            kept.push(ring);
        }
    }
    Ok(Polygon::new(exterior, kept))
}

/// The area of the exterior minus that of the holes, each by the even-odd rule. Applied to all rings together, the rule
/// would add the part of a hole that extends outside.
fn enclosed(polygon: &Polygon<f64>) -> MultiPolygon<f64> {
    let nothing = MultiPolygon(Vec::new());
    let filled = |ring: &LineString<f64>| {
        Polygon::new(ring.clone(), Vec::new()).union(&nothing).orient(Direction::Default)
    };
    let exterior = filled(polygon.exterior());
    let holes: Vec<MultiPolygon<f64>> = polygon.interiors().iter().map(filled).collect();
    match holes.as_slice() {
        [] => exterior,
        [hole] => exterior.difference(hole),
        holes => exterior.difference(&unary_union(holes)),
    }
}

/// Clamps the longitudes of polygons from an overlay, which works on a grid of a few centimeters and may round past
/// the antimeridian.
fn on_sheet(mut polygons: MultiPolygon<f64>) -> MultiPolygon<f64> {
    polygons.map_coords_in_place(|coord| Coord { x: coord.x.clamp(-180.0, 180.0), y: coord.y });
    polygons
}

/// Makes the polygons of an overlay valid; `None` if none of that area are found. The overlay works on a grid of a few
/// centimeters at most, which may round past a pole, and it lets a ring touch itself, which triangulation (Ledoux et
/// al. 2014) then splits.
fn valid(mut polygons: MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    polygons.map_coords_in_place(|coord| Coord { x: coord.x, y: coord.y.clamp(-90.0, 90.0) });
    polygons.0.retain(|polygon| polygon.unsigned_area() > FLAT);
    if are_valid(&polygons.0) {
        return Some(polygons);
    }
    let area = polygons.unsigned_area();
    let apart = polygons.make_valid().ok()?;
    ((apart.unsigned_area() - area).abs() <= 1e-6 * area && are_valid(&apart.0)).then_some(apart)
}

/// Merges polygons that overlap or share an edge, so that no area counts twice.
fn apart(pieces: Vec<Polygon<f64>>, notes: &mut Vec<Note>) -> Vec<Polygon<f64>> {
    if pieces.len() < 2 || overlapping(&pieces, true).is_none() {
        return pieces;
    }
    let overlap = overlapping(&pieces, false).is_some();
    let Some(joined) = valid(on_sheet(unary_union(&pieces))) else {
        if overlap {
            notes.push(Note::new(Verdict::Noted, FIELD, "has polygons that overlap"));
        }
        return pieces;
    };
    let why = match overlap {
        true => "has polygons that overlap; joined",
        false => "has polygons with an edge in common; joined",
    };
    notes.push(Note::new(Verdict::Repaired, FIELD, why));
    joined.orient(Direction::Default).0
}

fn are_valid(polygons: &[Polygon<f64>]) -> bool {
    polygons.iter().all(|polygon| fault_of(polygon).is_none())
        && overlapping(polygons, false).is_none()
}
