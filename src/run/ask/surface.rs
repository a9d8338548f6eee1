//! The security score at every cell of a grid.

use crate::earth::{Bounds, Crs, Ecef, Grid, Length, Position, geodesic};
use crate::layers::{Reach, Surface};
use crate::measures::near_any;
use crate::run::{Cancel, Case, Watch};
use crate::scoring::security_score;
use crate::{Code, Error, Result};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The surface to draw.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SurfaceRequest {
    /// The side of a cell; by default the smallest of 1, 2, 5, 10 ... km with which the surface has at
    /// most one million cells.
    pub cell: Option<Length>,
    /// Its extent; by default everything within 100 km of a site or of an incident. If cells would be wider for it, incidents
    /// count only in the box around all sites plus 100 km.
    pub bbox: Option<Bounds>,
    /// The CRS of the grid; longitude and latitude by default.
    pub crs: Option<Crs>,
    /// Whether a run continues without a surface, with a note, if the case cannot have one.
    pub if_any: bool,
}

/// How far from sites and incidents the surface is drawn.
const AROUND: Length = Length::from_km(100.0);

/// The smallest and the largest side of a cell.
const SMALLEST: Length = Length::from_meters(1.0);
const LARGEST: Length = Length::from_km(1000.0);

/// Cells per row or column, at most.
const MOST_IN_A_ROW: f64 = 1_048_576.0;

/// The approximate length of a degree of latitude.
const DEGREE_KM: f64 = 111.2;

/// Most cells with the default cell size.
const FEW: f64 = 1e6;

/// Most cells of a surface.
const MOST: f64 = 5e7;

/// Draws a surface: each cell has the score that a site at its center would have, if its position had the
/// scheme's default accuracy. A cell is no data if such a site has no score.
///
/// # Errors
/// No incident to draw, a scheme without a security score, a grid with too many cells or in an
/// unsupported CRS.
pub fn surface(case: &Case, asked: &SurfaceRequest) -> Result<Surface> {
    if let Some(error) = obstacle(case) {
        return Err(error);
    }
    let reach = reach(case, asked);
    let (grid, cell) = grid(case, asked, reach)?;
    let spread_km = case.scheme.position.sigma_km(None);
    let mut intensities = case.security.surface(&grid, spread_km);
    for (_, ended) in case.ended.iter() {
        let there = ended.surface(&grid, spread_km);
        for (sum, there) in intensities.iter_mut().zip(there).filter(|(sum, _)| sum.is_nan()) {
            *sum = there;
        }
    }
    let around = asked.bbox.is_none().then(|| near_any(seeds(case, reach), AROUND, &grid));
    let is_drawn = |cell: usize| around.as_ref().is_none_or(|near| near.get(cell) == Some(&true));
    let score = |(cell, intensity): (usize, f64)| {
        let drawn = !intensity.is_nan() && is_drawn(cell);
        if drawn { written(security_score(&case.scheme, intensity)) } else { f32::NAN }
    };
    let scores = intensities.into_par_iter().enumerate().map(score).collect();
    Ok(Surface { scores, grid, reach, cell })
}

/// Why a case has no surface on any grid.
fn obstacle(case: &Case) -> Option<Error> {
    if !case.scheme.security.enabled {
        return Some(Error::usage(
            Code::SurfaceEmpty,
            "the scheme has no security score, so there is no surface of it",
        ));
    }
    case.collection.why_nothing().map(|why| {
        Error::data(Code::SurfaceEmpty, format!("{why}, so there is no surface"))
            .with_hint("tamarisk check shows how each file was recognized")
    })
}

/// The surface that a run requests, or a note on why there is none if it is optional.
///
/// # Errors
/// Those of [`surface`].
pub(in crate::run) fn wanted(
    case: &Case,
    asked: Option<&SurfaceRequest>,
    watch: &dyn Watch,
    cancel: &Cancel,
    notes: &mut Vec<String>,
) -> Result<Option<Surface>> {
    let Some(asked) = asked else { return Ok(None) };
    if let Some(why) = obstacle(case).filter(|_| asked.if_any) {
        notes.push(why.to_string());
        return Ok(None);
    }
    if let Some(why) = too_coarse(case, asked).filter(|_| asked.if_any) {
        notes.push(why);
        return Ok(None);
    }
    watch.stage("drawing the surface", None);
    cancel.check()?;
    surface(case, asked).map(Some)
}

/// Why a surface that was not asked for by its name is not drawn: cells wider than half the narrowest scale of the kernel
/// tell little of a place, and put a site into a zone that contradicts its score.
fn too_coarse(case: &Case, asked: &SurfaceRequest) -> Option<String> {
    let (_, cell) = grid(case, asked, reach(case, asked)).ok()?;
    let narrowest = case.scheme.security.kernel.narrowest_km();
    (cell.km() > 0.5 * narrowest).then(|| {
        format!(
            "surface and contours not written: over so wide an area a cell would be {cell} wide, more than half of the {narrowest} km over which an incident's weight falls; ask for the surface by its name, or for a part with ⟦bbox=W,S,E,N⟧"
        )
    })
}

/// A score rounded to one decimal, as outputs write it.
#[expect(clippy::cast_possible_truncation, reason = "a score from 0 to 100 with one decimal")]
fn written(score: f64) -> f32 {
    ((score * 10.0).round() / 10.0) as f32
}

/// What of the map a surface fills: everything, unless cells would be wider for the incidents far from all sites.
fn reach(case: &Case, asked: &SurfaceRequest) -> Reach {
    if asked.bbox.is_some() {
        return Reach::Box;
    }
    let bounds = |reach| Bounds::around(around(case, reach)).map(|bounds| bounds.widened(AROUND));
    // Without sites, or with all incidents near them, there is no choice.
    if bounds(Reach::Everything) == bounds(Reach::NearSites) {
        return Reach::Everything;
    }
    let cell = |reach| {
        let bounds = bounds(reach)?;
        match asked.cell {
            // A side of the user's choice stays; there may be more of such cells only if they are few.
            Some(cell) => Some(cell).filter(|cell| {
                reach == Reach::NearSites
                    || cells_of(asked, bounds, *cell).is_some_and(|n| n <= FEW)
            }),
            None => Some(default_cell(asked, bounds)),
        }
    };
    match (cell(Reach::Everything), cell(Reach::NearSites)) {
        (Some(all), Some(near)) if all <= near => Reach::Everything,
        _ => Reach::NearSites,
    }
}

/// The sites and incidents around which a surface is drawn.
fn around(case: &Case, reach: Reach) -> impl Iterator<Item = Position> + '_ {
    let sites = case.sites.list.iter().map(|site| site.position);
    let near = Bounds::around(sites.clone()).map(|bounds| bounds.widened(AROUND));
    let near = near.filter(|_| reach != Reach::Everything);
    let incidents = case.security.positions();
    sites.chain(incidents.filter(move |at| near.as_ref().is_none_or(|near| near.contains(*at))))
}

/// The same, but of those within about 2 km of each other the first stands for all.
fn seeds(case: &Case, reach: Reach) -> Vec<Position> {
    const PER_DEGREE: f64 = 50.0;
    let mut known = BTreeSet::new();
    #[expect(clippy::cast_possible_truncation, reason = "at most 18,000")]
    let part = |degrees: f64| (degrees * PER_DEGREE).round() as i32;
    let is_new = |at: &Position| known.insert((part(at.lon()), part(at.lat())));
    around(case, reach).filter(is_new).collect()
}

/// A grid of cells of a side over bounds, before its size is checked.
fn sketch(asked: &SurfaceRequest, bounds: Bounds, cell: Length) -> Result<Sketch> {
    match &asked.crs {
        Some(crs) if !crs.is_wgs84() => projected(crs, bounds, cell),
        _ => Ok(regular(bounds, cell)),
    }
}

/// The number of its cells; `None` if there is no such grid.
fn cells_of(asked: &SurfaceRequest, bounds: Bounds, cell: Length) -> Option<f64> {
    sketch(asked, bounds, cell).ok().map(|sketch| sketch.cells())
}

/// The side of cells over bounds with which they are few.
fn default_cell(asked: &SurfaceRequest, bounds: Bounds) -> Length {
    let sizes = (0..5).flat_map(|power| [1.0, 2.0, 5.0].map(|n| n * 10_f64.powi(power)));
    let few = |cell: &Length| cells_of(asked, bounds, *cell).is_some_and(|cells| cells <= FEW);
    sizes.map(Length::from_km).find(few).unwrap_or(Length::from_km(1.0))
}

/// The grid to draw on, and the side of its cells.
fn grid(case: &Case, asked: &SurfaceRequest, reach: Reach) -> Result<(Grid, Length)> {
    let around = || {
        let bounds = Bounds::around(around(case, reach));
        bounds.map(|bounds| bounds.widened(AROUND))
    };
    let bounds = asked
        .bbox
        .or_else(around)
        .ok_or_else(|| Error::data(Code::SurfaceEmpty, "there is nothing to draw"))?;
    let cell = asked.cell.unwrap_or_else(|| default_cell(asked, bounds));
    check_cell(cell)?;
    let sketch = sketch(asked, bounds, cell)?;
    let cells = sketch.cells();
    if asked.cell.is_some() {
        fits_in(cell, bounds)?;
    }
    if sketch.size.iter().any(|side| *side < 1.0) {
        return Err(Error::usage(
            Code::CellUnusable,
            format!("⟦~cell={cell}⟧: not one such cell fits the box to draw"),
        )
        .with_hint("a smaller ⟦cell⟧; or draw more with ⟦bbox=W,S,E,N⟧"));
    }
    if sketch.size.iter().any(|side| *side > MOST_IN_A_ROW) {
        let [width, height] = sketch.size;
        return Err(Error::usage(
            Code::CellUnusable,
            format!(
                "⟦~cell={cell}⟧: the surface would be {width:.0} by {height:.0} cells, more than \
             {MOST_IN_A_ROW:.0} in a row or column"
            ),
        )
        .with_hint("a larger ⟦cell⟧; or draw less with ⟦bbox=W,S,E,N⟧"));
    }
    if cells > MOST {
        let fits = cell.km() * (cells / MOST).sqrt() * 1.05;
        return Err(Error::usage(Code::CellUnusable, format!(
            "⟦~cell={cell}⟧: the surface would have {:.0} million cells, more than {:.0} million",
            cells / 1e6,
            MOST / 1e6
        ))
        .with_hint(format!("cells of {fits:.1}km fit; or draw less with ⟦bbox=W,S,E,N⟧")));
    }
    let grid = sketch.grid();
    let grid = grid.ok_or_else(|| {
        Error::usage(Code::CellUnusable, "a grid of these cells does not fit the Earth")
    })?;
    Ok((grid, cell))
}

/// Rejects an invalid cell size before anything is read.
///
/// # Errors
/// A cell of less than 1 m, or more than 1,000 km.
pub fn check_cell(cell: Length) -> Result<()> {
    if (SMALLEST..=LARGEST).contains(&cell) {
        return Ok(());
    }
    Err(Error::usage(
        Code::CellUnusable,
        format!("⟦~cell={cell}⟧: is not between {SMALLEST} and {LARGEST}"),
    )
    .with_hint("such as ⟦cell=1km⟧"))
}

/// Rejects a cell that is larger than the extent.
fn fits_in(cell: Length, bounds: Bounds) -> Result<()> {
    let [west, south, east, north] = bounds.degrees();
    let turn = if bounds.crosses_antimeridian() { 360.0 } else { 0.0 };
    let nearest_equator = south.max(0.0_f64.min(north));
    let degree_km = libm::cos(nearest_equator.to_radians()) * DEGREE_KM;
    let (width, height) = ((east - west + turn) * degree_km, (north - south) * DEGREE_KM);
    if cell.km() <= width.max(height) {
        return Ok(());
    }
    Err(Error::usage(
        Code::CellUnusable,
        format!(
            "⟦~cell={cell}⟧: is larger than the box to draw, which is {width:.3} by {height:.3} km"
        ),
    )
    .with_hint("a smaller ⟦cell⟧; or draw more with ⟦bbox=W,S,E,N⟧"))
}

/// A grid whose size has not been checked.
struct Sketch {
    crs: Crs,
    corner: [f64; 2],
    cell: [f64; 2],
    size: [f64; 2],
}

impl Sketch {
    fn cells(&self) -> f64 {
        self.size[0] * self.size[1]
    }

    fn grid(self) -> Option<Grid> {
        let count = |number: f64| {
            let mut count = 0_u32;
            // At most 2^20, found bit by bit.
            for bit in (0..=20).rev() {
                let more = count + (1 << bit);
                if f64::from(more) <= number {
                    count = more;
                }
            }
            count
        };
        let [width, height] = self.size;
        Grid::new(self.crs, self.corner, self.cell, [count(width), count(height)])
    }
}

/// Cells in degrees that are square in the middle latitude of a box.
fn regular(bounds: Bounds, cell: Length) -> Sketch {
    let [west, south, east, north] = bounds.degrees();
    let span = if bounds.crosses_antimeridian() { east - west + 360.0 } else { east - west };
    let middle = (0.5 * (south + north)).clamp(-89.0, 89.0);
    let at = |lat: f64| Position::from_degrees(0.0, lat);
    let degree = at(middle - 0.5).zip(at(middle + 0.5));
    let up = degree.map_or(111_195.0, |(a, b)| geodesic::distance(a, b).meters());
    let around = at(middle).map_or(0.0, |at| Ecef::from(at).0[0]).to_radians();
    let (dx, dy) = (cell.meters() / around, cell.meters() / up);
    // A partial cell at the edge becomes a whole one, unless it would wrap around or pass a pole.
    let width = (span / dx - 1e-9).ceil().max(1.0).min((360.0 / dx).floor());
    let height =
        ((north - south) / dy - 1e-9).ceil().max(1.0).min(((north + 90.0) / dy + 0.5).floor());
    Sketch { crs: Crs::wgs84(), corner: [west, north], cell: [dx, dy], size: [width, height] }
}

/// Cells of a projected CRS over a box, at whole multiples of their size.
fn projected(crs: &Crs, bounds: Bounds, cell: Length) -> Result<Sketch> {
    let name = crs.name();
    if crs.epsg().is_none() {
        return Err(Error::usage(
            Code::CrsUnusable,
            format!("⟦~grid_crs={name}⟧: has no EPSG code"),
        )
        .with_hint("name the grid's system by its code, such as EPSG:32642"));
    }
    let [west, south, east, north] = bounds.degrees();
    let span = if bounds.crosses_antimeridian() { east - west + 360.0 } else { east - west };
    let parts = || (0..=32).map(|part| f64::from(part) / 32.0);
    let mut edges = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for (u, v) in parts().flat_map(|u| parts().map(move |v| (u, v))) {
        let lon = west + u * span;
        let lon = if lon > 180.0 { lon - 360.0 } else { lon };
        let outside = || {
            Error::usage(Code::CrsUnusable, format!(
                "⟦~grid_crs={name}⟧: the box of the surface reaches outside its area"
            ))
            .with_hint(match crs.area() {
                Some([w, s, e, n]) => format!(
                    "draw less with ⟦bbox⟧, name a system of a wider area or leave out ⟦-grid_crs⟧; this one is meant for {w},{s},{e},{n}"
                ),
                None => "draw less with ⟦bbox=W,S,E,N⟧, or leave out ⟦-grid_crs⟧".into(),
            })
        };
        let [x, y] = crs.project(lon, south + v * (north - south)).ok_or_else(outside)?;
        edges = [edges[0].min(x), edges[1].min(y), edges[2].max(x), edges[3].max(y)];
    }
    let [left, bottom, right, top] = edges;
    // The length of a CRS unit in the middle of the box.
    let middle = [0.5 * (left + right), 0.5 * (bottom + top)];
    let on_earth = |x: f64| {
        let [lon, lat] = crs.to_wgs84(x, middle[1]).ok()?;
        Position::from_degrees(lon, lat)
    };
    let kilometer = on_earth(middle[0]).zip(on_earth(middle[0] + 1000.0));
    let unit = kilometer.map_or(0.0, |(a, b)| geodesic::distance(a, b).meters() / 1000.0);
    if !(0.5..=2.0).contains(&unit) {
        return Err(Error::usage(
            Code::CrsUnusable,
            format!("⟦~grid_crs={name}⟧: its unit is not the meter"),
        )
        .with_hint("a projected system in meters, such as EPSG:32642"));
    }
    let cell = cell.meters();
    let (left, top) = ((left / cell).floor() * cell, (top / cell).ceil() * cell);
    let size = [((right - left) / cell).ceil().max(1.0), ((top - bottom) / cell).ceil().max(1.0)];
    Ok(Sketch { crs: crs.clone(), corner: [left, top], cell: [cell; 2], size })
}
