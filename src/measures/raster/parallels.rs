//! The cells around a point in a raster whose rows are parallels.
//!
//! Along a parallel the squared chord from a point is `A + B sin²(Δλ/2)`, exactly on the ellipsoid, and the distance
//! grows with |Δλ|. So the cells of a row within the radius are neighbors, and only those at the two ends are measured.

use super::Seen;
use super::cover::{Cover, Run};
use crate::earth::{Parallels, Position, RADIUS_MIN, RasterGrid, meridian};
use crate::float;

/// Turns by which the raster's longitudes may differ from the point's.
const TURNS: [f64; 5] = [0.0, 360.0, -360.0, 720.0, -720.0];

/// A part of a column or a row: what rounding may put on the wrong side, and then is measured.
const ROUNDING: f64 = 1e-7;

/// Most rows within a radius: of cells of half a meter within 250 km.
const MOST_ROWS: i64 = 1_000_000;

/// Returns the cells within the radius of a point.
pub(super) fn cover(grid: &RasterGrid, on: &Parallels, at: Position, seen: &Seen<'_>) -> Cover {
    let mut cover = Cover::default();
    let [_, height] = grid.size();
    let width = grid.distinct_columns();
    // A degree of latitude is longest where the meridian is curved least, so this reaches far enough.
    let reach = (seen.radius.meters() / RADIUS_MIN).to_degrees();
    let row_of = |lat: f64| (lat - on.first) / on.dy - 0.5;
    let ends = [row_of(at.lat() - reach), row_of(at.lat() + reach)];
    let from = whole((ends[0].min(ends[1]) - ROUNDING).ceil());
    let to = whole((ends[0].max(ends[1]) + ROUNDING).floor());
    if to - from > MOST_ROWS {
        // So narrow rows are those of no raster: those around it are not worth counting.
        match from < i64::from(height) && to >= 0 {
            true => cover.cut(),
            false => cover.add_outside(1, 1.0),
        }
        return cover;
    }
    let mut rows = Vec::new();
    for row in from..=to {
        let top = float_of(row);
        let lat = on.first + on.dy * (top + 0.5);
        let Some(way) = Row::new(lat, at, seen) else { continue };
        let Some(area) = grid.area([0.0, top], [1.0, top + 1.0]) else { continue };
        rows.push((row, way, area));
    }
    let widest = rows.iter().map(|(_, way, _)| way.half).fold(0.0, f64::max);
    let turns = turns(on, at, width, widest);
    for (row, way, area) in rows {
        let on_raster = u32::try_from(row).ok().filter(|row| *row < height);
        let (mut all, mut inside) = (0_u64, 0_u64);
        for turn in &turns {
            let Some((first, last)) = way.columns(on, at.lon() + turn) else { continue };
            all = all.max(u64::try_from(last - first + 1).unwrap_or(0));
            let (first, last) = (first.max(0), last.min(i64::from(width) - 1));
            let columns = u32::try_from(first).ok().zip(u32::try_from(last + 1).ok());
            let Some((first, end)) = columns.filter(|(first, end)| first < end) else { continue };
            if let Some(row) = on_raster {
                inside += u64::from(end - first);
                cover.add(Run { row, columns: first..end, area });
            }
        }
        let outside = all.saturating_sub(inside);
        cover.add_outside(outside, float::of_whole(outside) * area);
    }
    cover
}

/// The turns in which a circle of half so many degrees meets the columns of the raster; if it meets them in none, the one
/// in which it comes nearest. Where columns do not divide the circle evenly, other turns would count one more or less.
fn turns(on: &Parallels, at: Position, width: u32, half: f64) -> Vec<f64> {
    let away = |turn: f64| {
        let column = (at.lon() + turn - on.west) / on.dx;
        (-column).max(column - f64::from(width)).max(0.0) * on.dx.abs()
    };
    let meets: Vec<f64> =
        TURNS.into_iter().filter(|turn| away(*turn) <= half + on.dx.abs()).collect();
    if meets.is_empty() {
        let nearest = TURNS.into_iter().min_by(|a, b| away(*a).total_cmp(&away(*b)));
        return nearest.into_iter().collect();
    }
    meets
}

/// A parallel, seen from a point.
struct Row<'s> {
    lat: f64,
    at: Position,
    seen: &'s Seen<'s>,
    /// Half the longitude within which centers may lie, in degrees; 180 for the whole parallel.
    half: f64,
}

impl<'s> Row<'s> {
    /// `None` if no place of the parallel is within the radius, or it lies past a pole.
    fn new(lat: f64, at: Position, seen: &'s Seen<'s>) -> Option<Self> {
        let is_past = lat.abs() > 90.0 + 1e-9;
        let lat = lat.clamp(-90.0, 90.0);
        let ((here, z), (there, w)) = (meridian(at.lat()), meridian(lat));
        let least = (here - there) * (here - there) + (z - w) * (z - w);
        let rest = seen.bracket.longer2 - least;
        if is_past || rest < 0.0 {
            return None;
        }
        let most = 4.0 * here * there;
        let half =
            if rest < most { 2.0 * libm::asin((rest / most).sqrt()).to_degrees() } else { 180.0 };
        Some(Self { lat, at, seen, half })
    }

    /// The first and the last column within the radius, around the point's longitude in one of its turns.
    fn columns(&self, on: &Parallels, lon: f64) -> Option<(i64, i64)> {
        let column_of = |lon: f64| (lon - on.west) / on.dx - 0.5;
        let (from, to) = (column_of(lon - self.half), column_of(lon + self.half));
        let (mut first, mut last) = if self.half < 180.0 {
            (whole((from - ROUNDING).ceil()), whole((to + ROUNDING).floor()))
        } else {
            // The meridian opposite the point belongs to one turn alone.
            (whole(from.ceil()), whole(to.ceil()) - 1)
        };
        while first <= last && !self.holds(on, first) {
            first += 1;
        }
        while first < last && !self.holds(on, last) {
            last -= 1;
        }
        (first <= last).then_some((first, last))
    }

    /// Whether the center of a column is within the radius.
    fn holds(&self, on: &Parallels, column: i64) -> bool {
        let lon = on.west + on.dx * (float_of(column) + 0.5);
        let turned = (lon - self.at.lon() + 540.0).rem_euclid(360.0) - 180.0 + self.at.lon();
        let wrapped = if turned > 180.0 {
            turned - 360.0
        } else if turned < -180.0 {
            turned + 360.0
        } else {
            turned
        };
        Position::from_degrees(wrapped, self.lat).is_some_and(|center| self.seen.holds(center))
    }
}

/// A whole number as an integer; the largest or smallest one if it is too large or small.
#[expect(clippy::cast_possible_truncation, reason = "the number is whole; a cast saturates")]
fn whole(number: f64) -> i64 {
    number.clamp(-1e15, 1e15) as i64
}

/// A column or a row as a float.
#[expect(clippy::cast_precision_loss, reason = "columns and rows are far below 2⁵³")]
fn float_of(number: i64) -> f64 {
    number as f64
}
