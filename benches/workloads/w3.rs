//! W3: the kernel sum of 1,000,000 weighted incidents at each of 2000 × 2000 cells, for a quartic kernel
//! of 25 km and for the default scheme's two Gaussians.

use crate::measure::{Row, Size, Spent, repeat, row, timed};
use crate::numbers::Numbers;
use crate::w1::event;
use crate::world::{self, Incident};
use rayon::prelude::*;
use tamarisk::earth::{Crs, Ecef, Grid};
use tamarisk::measures::{Kernel, WeighedIncident, surface};
use tamarisk::scoring::Scheme;

/// Number of cells that are also summed directly.
const SAMPLE: usize = 100;

pub fn run(who: &str, size: Size, gaussian: bool) -> Option<Row> {
    let scheme = Scheme::built_in("default")?.ok()?;
    let spread_km = if gaussian { scheme.position.sigma_km(None) } else { 0.0 };
    let kernel =
        if gaussian { scheme.security_kernel() } else { Kernel::Quartic { zone_km: 25.0 } };
    let task = Task { incidents: world::incidents(size.of(1_000_000)), kernel, spread_km };
    let side = size.of(2000) as u32;
    let step = 27.2 / f64::from(side);
    let grid = Grid::new(Crs::wgs84(), [23.0 - 13.6, 2.0 + 13.6], [step, step], [side, side])?;
    let mut numbers = Numbers::new(6);
    let mut number = || numbers.below(side as usize) as u32;
    let cells: Vec<(u32, u32)> = (0..SAMPLE).map(|_| (number(), number())).collect();
    let all = (side * side) as usize;
    let sampled = |sums: &[f64]| -> Vec<f64> {
        cells.iter().map(|&(column, line)| sums[(line * side + column) as usize]).collect()
    };
    match who {
        "tamarisk" => {
            let (spent, sums) = repeat(|| task.by_tamarisk(&grid));
            let mut row = row(&spent, (all, all), "cells", String::new());
            let most = sums.iter().copied().fold(0.0, f64::max);
            let exact = task.one_by_one(&grid, &cells).1;
            let off = exact.iter().zip(sampled(&sums)).map(|(a, b)| (a - b).abs());
            row.check = format!(
                "cells add up to {:.0}, at most {most:.0}; off by at most {:.1e} of that on {SAMPLE} cells",
                sums.iter().sum::<f64>(),
                off.fold(0.0, f64::max) / most
            );
            Some(row)
        }
        "exhaustive" => {
            let (spent, sums) = repeat(|| task.one_by_one(&grid, &cells));
            let text = |sums: &[f64]| format!("cells add up to {:.2}", sums.iter().sum::<f64>());
            let mut row = row(&spent, (SAMPLE, all), "cells", text(&sums));
            row.check_of_tamarisk = Some(text(&sampled(&task.by_tamarisk(&grid).1)));
            Some(row)
        }
        _ => None,
    }
}

struct Task {
    incidents: Vec<Incident>,
    kernel: Kernel,
    spread_km: f64,
}

impl Task {
    fn events(&self) -> Vec<WeighedIncident> {
        let make = |(number, incident): (usize, &Incident)| {
            event(number, incident, f64::from(incident.severity), self.spread_km)
        };
        self.incidents.par_iter().enumerate().map(make).collect()
    }

    fn by_tamarisk(&self, grid: &Grid) -> (Spent, Vec<f64>) {
        timed(|| self.events(), |events| surface(&events, &self.kernel, grid, self.spread_km))
    }

    /// Sums all incidents for each requested cell.
    fn one_by_one(&self, grid: &Grid, cells: &[(u32, u32)]) -> (Spent, Vec<f64>) {
        let spread2 = 2.0 * self.spread_km * self.spread_km;
        timed(
            || -> Vec<(Ecef, f64)> {
                let place = |i: &Incident| (Ecef::from(i.position), f64::from(i.severity));
                self.incidents.par_iter().map(place).collect()
            },
            |places| {
                let sum = |&(column, line): &(u32, u32)| {
                    let center = grid.position(column, line).expect("all cells are on Earth");
                    let center = Ecef::from(center);
                    let value = |(place, weight): &(Ecef, f64)| {
                        weight * self.kernel.at(center.ground_length(*place).km(), spread2)
                    };
                    places.iter().map(value).sum()
                };
                cells.par_iter().map(sum).collect()
            },
        )
    }
}
