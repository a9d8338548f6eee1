//! What the values of a raster are around a site: at its position, and over the cells within a geodesic radius, weighted
//! by their true areas.
//!
//! A cell counts if the geodesic from the site to its center is no longer than the radius; the site may be a line or a
//! polygon. If no center lies so near, the cell of the position stands for all.

mod blocks;
mod cover;
mod parallels;

use super::weighed::SiteProbe;
use crate::earth::{ChordBracket, Ecef, Length, Position, geodesic};
use crate::float;
use crate::index::Probe;
use crate::model::Raster;
use crate::{Code, Error, Result};
use blocks::Blocks;
use cover::{Cover, Run};
use std::sync::{Arc, OnceLock};

/// Most cells that are read around a site.
const MOST_CELLS: u64 = 50_000_000;

/// What is measured of a raster.
#[derive(Debug, Clone, PartialEq)]
pub struct RasterPlan {
    /// The name of the raster.
    pub name: Arc<str>,
    /// The radius around a site.
    pub radius: Length,
    /// The threshold for the share of the area above it.
    pub threshold: Option<f64>,
    /// How values weigh less with distance, for a sum of them.
    pub decay: Option<RasterDecay>,
}

/// A weight that falls with distance: `exp(-rate d / length)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RasterDecay {
    /// The rate.
    pub rate: f64,
    /// The length.
    pub length: Length,
}

/// The values of a raster around a site, in the raster's own unit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RasterSample {
    /// The value at the position; `None` without one there.
    pub point: Option<f64>,
    /// The mean over the known area.
    pub mean: Option<f64>,
    /// The largest value.
    pub max: Option<f64>,
    /// The share of the known area with a value above the threshold; `None` without a threshold.
    ///
    /// # Units
    /// 0 to 1.
    pub share_over: Option<f64>,
    /// The sum of the values of the cells, whatever their areas: of counts, such as of people.
    pub total: Option<f64>,
    /// The sum of the values, each times the weight of its distance; `None` without a decay.
    pub weighted_total: Option<f64>,
    /// The share of the area of the circle's cells that has a value. Cells that would lie past the edge of the raster
    /// are cells without a value.
    ///
    /// # Units
    /// 0 to 1.
    pub known: f64,
}

/// A raster prepared for questions under a plan. Clones share what was prepared.
#[derive(Debug, Clone)]
pub struct Sampler {
    raster: Raster,
    plan: RasterPlan,
    /// The blocks of the raster, made for the first site that needs them.
    blocks: Arc<OnceLock<Blocks>>,
}

impl Sampler {
    /// Prepares a raster.
    pub fn new(raster: Raster, plan: RasterPlan) -> Self {
        Self { raster, plan, blocks: Arc::default() }
    }

    /// The raster.
    pub fn raster(&self) -> &Raster {
        &self.raster
    }

    /// What is measured.
    pub fn plan(&self) -> &RasterPlan {
        &self.plan
    }

    /// Returns the indices of some sites in an order in which neighbors read the same chunks: by rows of chunks, and
    /// along each row. Sites outside the raster come first.
    pub fn order(&self, sites: &[Position]) -> Vec<usize> {
        let cells = &self.raster.cells;
        let [wide, high] = cells.chunk().map(|side| side.max(1));
        let chunk = |site: &Position| {
            let [column, row] = cells.grid().cell_at(*site)?;
            Some((row / high, column / wide, row, column))
        };
        let mut order: Vec<_> = sites.iter().map(chunk).zip(0..).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, site)| site).collect()
    }

    /// Measures the raster around a site.
    ///
    /// # Errors
    /// The raster is damaged there, or more than 50 million cells lie within the radius.
    pub fn sample(&self, site: &SiteProbe) -> Result<RasterSample> {
        let point = self.point(site.position)?;
        let Some(part) = site.parts.first() else { return Ok(alone(point, &self.plan)) };
        let seen = Seen::new(&part.probe, self.plan.radius);
        let cells = &self.raster.cells;
        let cover = match (part.probe.position(), cells.grid().parallels()) {
            (Some(at), Some(parallels)) => parallels::cover(cells.grid(), &parallels, at, &seen),
            _ => self.blocks().cover(cells.grid(), &seen, MOST_CELLS),
        };
        if cover.cells() > MOST_CELLS || !cover.is_whole() {
            return Err(self.too_many(site.position, &cover));
        }
        if cover.is_empty() {
            return Ok(alone(point, &self.plan));
        }
        self.sum(&cover, &seen, point)
    }

    fn blocks(&self) -> &Blocks {
        self.blocks.get_or_init(|| Blocks::new(self.raster.cells.grid(), self.plan.radius))
    }

    /// The value of the cell that holds a position.
    fn point(&self, position: Position) -> Result<Option<f64>> {
        let cells = &self.raster.cells;
        let Some([column, row]) = cells.grid().cell_at(position) else { return Ok(None) };
        let mut value = [f64::NAN];
        cells.read(column, row, &mut value)?;
        Ok(value.first().copied().filter(|value| !value.is_nan()))
    }

    /// Reads the cells of a cover and sums them.
    fn sum(&self, cover: &Cover, seen: &Seen<'_>, point: Option<f64>) -> Result<RasterSample> {
        let (cells, plan) = (&self.raster.cells, &self.plan);
        let (mut covered, mut known, mut over) = (0.0, 0.0, 0.0);
        let (mut sum, mut total, mut weighted_total) = (0.0, 0.0, 0.0);
        let mut max: Option<f64> = None;
        let mut values = Vec::new();
        for Run { row, columns, area } in cover.runs() {
            values.clear();
            values.resize(columns.len(), f64::NAN);
            cells.read(columns.start, *row, &mut values)?;
            let (mut count, mut above, mut of_run) = (0_usize, 0_usize, 0.0);
            for value in values.iter().filter(|value| !value.is_nan()) {
                count += 1;
                above += usize::from(plan.threshold.is_some_and(|threshold| *value > threshold));
                of_run += value;
                if max.is_none_or(|max| *value > max) {
                    max = Some(*value);
                }
            }
            known += area * float::of_count(count);
            over += area * float::of_count(above);
            sum += area * of_run;
            total += of_run;
            if let Some(RasterDecay { rate, length }) = plan.decay {
                for (column, value) in columns.clone().zip(&values) {
                    let is_known = !value.is_nan() && *value != 0.0;
                    let center = is_known.then(|| center(cells.grid(), column, *row)).flatten();
                    if let Some(center) = center {
                        let distance = seen.distance(center) / length.meters();
                        weighted_total += value * libm::exp(-rate * distance);
                    }
                }
            }
            covered += area * float::of_count(columns.len());
        }
        let all = covered + cover.outside();
        let is_any = max.is_some();
        let mean = (known > 0.0).then(|| sum / known);
        Ok(RasterSample {
            point,
            // Rounding may carry a mean of equal values past them.
            mean: mean.map(|mean| max.map_or(mean, |max| mean.min(max))),
            max,
            share_over: plan.threshold.and((known > 0.0).then(|| over / known)),
            total: is_any.then_some(total),
            weighted_total: plan.decay.and(is_any.then_some(weighted_total)),
            known: if all > 0.0 { (known / all).min(1.0) } else { 0.0 },
        })
    }

    fn too_many(&self, position: Position, cover: &Cover) -> Error {
        let (name, radius) = (&self.raster.name, self.plan.radius);
        let many = if cover.is_whole() {
            format!("{} million cells", cover.cells() / 1_000_000)
        } else {
            "more than 50 million cells".to_owned()
        };
        Error::data(
            Code::FileTooLarge,
            format!(
                "{}: {many} of the raster {name} lie within {radius} of {position}; at most 50 million are read",
                self.raster.file
            ),
        )
        .with_hint("give it in larger cells: gdalwarp -tr 0.01 0.01 -r average IN.tif OUT.tif")
    }
}

/// The sample where the cell of the position stands for all.
fn alone(point: Option<f64>, plan: &RasterPlan) -> RasterSample {
    let over = |threshold| point.map(|value| if value > threshold { 1.0 } else { 0.0 });
    RasterSample {
        point,
        mean: point,
        max: point,
        share_over: plan.threshold.and_then(over),
        total: point,
        weighted_total: plan.decay.and(point),
        known: if point.is_some() { 1.0 } else { 0.0 },
    }
}

/// The center of a cell.
fn center(grid: &crate::earth::RasterGrid, column: u32, row: u32) -> Option<Position> {
    grid.position(f64::from(column) + 0.5, f64::from(row) + 0.5)
}

/// A site as cells see it: how far it is, and whether it is within the radius.
struct Seen<'p> {
    probe: &'p Probe,
    /// The position of a site that is a point, and its place in space.
    point: Option<(Position, Ecef)>,
    radius: Length,
    bracket: ChordBracket,
}

impl<'p> Seen<'p> {
    fn new(probe: &'p Probe, radius: Length) -> Self {
        let point = probe.position().map(|at| (at, Ecef::from(at)));
        Self { probe, point, radius, bracket: ChordBracket::new(radius) }
    }

    /// The distance of a position: to a point less than 1 mm off up to 100 km and less than 15 cm up to 500 km, else
    /// exact.
    ///
    /// # Units
    /// Meters.
    fn distance(&self, from: Position) -> f64 {
        match self.point {
            Some((_, place)) => place.ground_length(Ecef::from(from)).meters(),
            None => self.measured(from),
        }
    }

    /// Whether a position is within the radius, exactly.
    fn holds(&self, at: Position) -> bool {
        let Some((center, place)) = self.point else {
            return self.measured(at) <= self.radius.meters();
        };
        let chord2 = place.chord2(Ecef::from(at));
        chord2 < self.bracket.shorter2
            || chord2 <= self.bracket.longer2 && geodesic::distance(center, at) <= self.radius
    }

    fn measured(&self, from: Position) -> f64 {
        let found = self.probe.find(0, &Probe::point(from));
        found.map_or(f64::INFINITY, |found| found.distance.meters())
    }
}
