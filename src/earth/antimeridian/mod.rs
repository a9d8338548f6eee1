//! The antimeridian and the poles: shapes that cross them are cut there, so that every piece can be drawn and
//! measured in longitude and latitude.
//!
//! Two consecutive positions more than 180° of longitude apart are joined the short way, over the
//! antimeridian, and longitudes beyond ±180 are wrapped into range. Edges are straight in longitude and
//! latitude (RFC 7946, section 3.1.1), so an edge meets the antimeridian where the straight line between its
//! two ends does. A ring around a pole is closed along the antimeridian and the pole.
//!
//! Cutting follows the boundary of the map sheet: a ring is split into runs that begin and end on it, and
//! each run is joined to the next one counterclockwise along the boundary, as Weiler and Atherton (1977) clip
//! a polygon and Gadomski's `antimeridian` (2023) does at the antimeridian.

mod join;
mod sheet;

use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use sheet::{Run, Steps};

/// Which side of a ring is its inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Winding {
    /// The direction of rings is unreliable, as in most data: a ring encloses its inside as drawn on the map,
    /// and a ring around a pole the smaller of its two sides.
    #[default]
    Repair,
    /// The left side of an exterior ring is its inside, whatever its size, so that a clockwise ring covers
    /// the world except for what it encloses. Interior rings run the other way round.
    Trust,
}

/// Why a shape cannot be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A coordinate is not finite, a latitude beyond ±90 or a longitude more than two turns out.
    #[error("is not on the globe")]
    OffTheGlobe,
    /// A line without two distinct positions, or a ring without three.
    #[error("has too few distinct positions")]
    TooFew,
    /// The ring goes out to a position and straight back to where it was.
    #[error("turns back on itself")]
    TurnsBack,
    /// An interior ring lies in no part of the polygon.
    #[error("is a hole outside its polygon")]
    HoleOutside,
}

/// A shape that cannot be cut, and the place of the fault in it; all indices begin at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("part {part} ring {ring} position {position} {fault}")]
pub struct CutError {
    /// The index of the line or polygon in the shape.
    pub part: usize,
    /// The index of the ring in the polygon, 0 for the exterior; 0 in a line.
    pub ring: usize,
    /// The index of the position in the ring or line.
    pub position: usize,
    /// What is wrong.
    pub fault: Fault,
}

/// Cuts lines at the antimeridian. Lines that do not cross it are returned unchanged, except that longitudes
/// are wrapped into range and repeated positions are removed.
///
/// # Errors
/// A position is not on the globe, or a line has fewer than two distinct positions.
pub fn cut_lines(lines: &MultiLineString<f64>) -> Result<MultiLineString<f64>, CutError> {
    let mut pieces = Vec::with_capacity(lines.0.len());
    for (part, line) in lines.0.iter().enumerate() {
        let located = |(position, fault)| CutError { part, ring: 0, position, fault };
        let positions = sheet::tidy(&line.0).map_err(located)?;
        if positions.len() < 2 {
            return Err(located((0, Fault::TooFew)));
        }
        pieces.extend(sheet::runs_of_line(&positions).into_iter().map(LineString));
    }
    Ok(MultiLineString(pieces))
}

/// Cuts polygons at the antimeridian and closes them around the poles. The result is in range and
/// right-handed, each hole belongs to the piece that contains it, and pieces keep the order of their
/// polygons.
///
/// Equal to [`cut_polygons_wound`] with [`Winding::Repair`].
///
/// # Errors
/// As [`cut_polygons_wound`].
pub fn cut_polygons(polygons: &MultiPolygon<f64>) -> Result<MultiPolygon<f64>, CutError> {
    cut_polygons_wound(polygons, Winding::Repair)
}

/// Cuts polygons like [`cut_polygons`], but the caller states how far the direction of rings is reliable.
///
/// A ring with all positions on the antimeridian is a box as wide as the world and stays one. An edge along
/// the antimeridian or along a pole belongs to the side on which the rest of the ring lies. Rings that cross
/// themselves are cut like any other but stay invalid.
///
/// # Errors
/// A position is not on the globe, a ring has fewer than three distinct positions or turns straight back on
/// itself, or a hole lies outside its polygon.
pub fn cut_polygons_wound(
    polygons: &MultiPolygon<f64>,
    winding: Winding,
) -> Result<MultiPolygon<f64>, CutError> {
    let mut pieces = Vec::with_capacity(polygons.0.len());
    for (part, polygon) in polygons.0.iter().enumerate() {
        pieces.extend(
            cut_polygon(polygon, winding).map_err(|(ring, position, fault)| CutError {
                part,
                ring,
                position,
                fault,
            })?,
        );
    }
    Ok(MultiPolygon(pieces))
}

/// The indices of ring and position, and the fault.
type RingFault = (usize, usize, Fault);

fn cut_polygon(polygon: &Polygon<f64>, winding: Winding) -> Result<Vec<Polygon<f64>>, RingFault> {
    let mut runs: Vec<Run> = Vec::new();
    let mut exteriors: Vec<Run> = Vec::new();
    let mut holes: Vec<(usize, Run)> = Vec::new();
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    for (ring, line) in rings.enumerate() {
        let located = |(position, fault)| (ring, position, fault);
        let positions = sheet::tidy_ring(&line.0).map_err(located)?;
        let mut steps = Steps::of_ring(&positions);
        if winding == Winding::Repair && steps.encloses_the_wrong_side(ring > 0) {
            steps = Steps::of_ring(&positions.into_iter().rev().collect::<Vec<_>>());
        }
        let right_handed = steps.is_right_handed();
        match steps.into_runs() {
            sheet::Runs::Closed(run) if right_handed => exteriors.push(run),
            sheet::Runs::Closed(run) => holes.push((ring, run)),
            sheet::Runs::Open(cut) => runs.extend(cut),
        }
    }
    exteriors.extend(join::join_along_the_sheet(runs));
    if exteriors.is_empty() {
        exteriors.push(join::whole_sheet());
    }
    let mut pieces: Vec<Polygon<f64>> =
        exteriors.into_iter().map(|ring| Polygon::new(LineString(ring), Vec::new())).collect();
    for (ring, hole) in holes {
        let home = join::smallest_around(&pieces, &hole).ok_or((ring, 0, Fault::HoleOutside))?;
        if let Some(piece) = pieces.get_mut(home) {
            piece.interiors_push(LineString(hole));
        }
    }
    Ok(pieces)
}

/// Whether two coordinates agree to a tenth of a millimeter.
fn same(a: Coord<f64>, b: Coord<f64>) -> bool {
    (a.x - b.x).abs() <= sheet::CLOSE && (a.y - b.y).abs() <= sheet::CLOSE
}
