//! Surfaces against direct sums over all incidents with Karney's geodesics, in difficult places: at the
//! antimeridian, around the poles, at high latitudes.

use crate::index::{Numbers, at};
use tamarisk::earth::{Crs, Grid, Length, Position, geodesic};
use tamarisk::measures::{Kernel, WeighedIncident, surface};

fn event(position: Position, weight: f64, spread_km: f64) -> WeighedIncident {
    WeighedIncident {
        index: 0,
        position,
        weight,
        spread_km,
        fatalities: 0,
        deaths_unknown: false,
        violent: true,
        age_days: 0,
    }
}

/// A cluster and some scattered incidents.
fn incidents(center: Position, count: usize, km: f64, n: &mut Numbers) -> Vec<WeighedIncident> {
    let spreads = [2.33, 11.65, 34.95];
    (0..count)
        .map(|i| {
            let far = if i % 3 == 0 { km } else { 0.1 * km };
            let position =
                geodesic::direct(center, n.between(0.0, 360.0), Length::from_km(far * n.next()));
            let weight = if i % 17 == 0 { 0.0 } else { n.between(0.1, 3.0) };
            event(position, weight, spreads[i % 3])
        })
        .collect()
}

fn lonlat(corner: [f64; 2], cell: [f64; 2], size: [u32; 2]) -> Grid {
    Grid::new(Crs::wgs84(), corner, cell, size).expect("a grid")
}

/// Grids in difficult places, and the center of each.
fn grids() -> Vec<(Grid, Position)> {
    vec![
        (lonlat([20.0, 1.0], [0.04, 0.03], [60, 60]), at(21.2, 0.1)),
        (lonlat([178.9, -16.0], [0.05, 0.05], [50, 40]), at(-179.9, -17.0)),
        (lonlat([-181.0, 64.0], [0.1, 0.04], [40, 50]), at(-179.0, 63.0)),
        (lonlat([10.0, 85.5], [0.4, 0.04], [70, 50]), at(24.0, 84.5)),
        (lonlat([-180.0, 90.0], [4.0, 0.05], [90, 40]), at(77.0, 89.6)),
        (lonlat([0.0, -88.0], [3.6, 0.05], [100, 40]), at(-10.0, -90.0)),
        (lonlat([-180.0, 90.0], [5.0, 5.0], [72, 36]), at(30.0, 40.0)),
    ]
}

fn brute(list: &[WeighedIncident], kernel: &Kernel, position: Position, spread_km: f64) -> f64 {
    list.iter()
        .map(|e| {
            let spread2 = e.spread_km * e.spread_km + spread_km * spread_km;
            e.weight * kernel.at(geodesic::distance(position, e.position).km(), spread2)
        })
        .sum()
}

/// Compares every `step`-th cell, given the sum by brute force and the largest of all; says whether
/// any was more than zero.
fn compare(
    list: &[WeighedIncident],
    kernel: &Kernel,
    grid: &Grid,
    step: usize,
    allowed: impl Fn(f64, f64) -> f64,
) -> bool {
    let sums = surface(list, kernel, grid, 2.33);
    assert_eq!(sums.len() as u64, u64::from(grid.width()) * u64::from(grid.height()));
    let most = sums.iter().copied().fold(0.0, f64::max);
    let mut seen = 0.0_f64;
    for cell in (0..sums.len()).step_by(step) {
        let (column, row) = (cell as u32 % grid.width(), cell as u32 / grid.width());
        let position = grid.position(column, row).expect("a position");
        let exact = brute(list, kernel, position, 2.33);
        let off = (sums[cell] - exact).abs();
        assert!(
            off <= allowed(exact, most),
            "{kernel:?} at {position}: {} instead of {exact}, at most {most}",
            sums[cell]
        );
        seen = seen.max(exact);
    }
    seen > 0.0
}

#[test]
fn the_quartic_kernel_is_exact_everywhere() {
    let mut n = Numbers(41);
    let mut seen = 0;
    for (grid, middle) in grids() {
        for (zone_km, allowed) in [(25.0, 1e-10), (100.0, 1e-9), (500.0, 1e-6)] {
            let list = incidents(middle, 200, 2.0 * zone_km, &mut n);
            let weights: f64 = list.iter().map(|e| e.weight).sum();
            let kernel = Kernel::Quartic { zone_km };
            seen += usize::from(compare(&list, &kernel, &grid, 13, |_, _| allowed * weights));
        }
    }
    assert!(seen >= 18, "{seen}");
}

#[test]
fn sums_of_gaussians_are_as_precise_as_is_said() {
    let mut n = Numbers(43);
    let mut seen = 0;
    let default = crate::made::scheme().security_kernel();
    let alone = Kernel::Gaussian { scales: vec![(1.0, 10.0)], cutoff: 1e-6 };
    for (grid, middle) in grids() {
        for kernel in [&default, &alone] {
            for (count, km) in [(1, 0.0), (200, 300.0), (300, 900.0)] {
                let list = incidents(middle, count, km, &mut n);
                let list = if count == 1 { vec![event(middle, 2.0, 2.33)] } else { list };
                let weights: f64 = list.iter().map(|e| e.weight).sum();
                let allowed = |exact: f64, most: f64| 1e-4 * exact + 1e-6 * most.max(weights);
                seen += usize::from(compare(&list, kernel, &grid, 37, allowed));
            }
        }
    }
    assert!(seen >= 36, "{seen}");
}

#[test]
fn other_kernels_take_incidents_one_by_one() {
    let mut n = Numbers(47);
    let mut seen = 0;
    let zone_km = 60.0;
    for (grid, middle) in grids() {
        let list = incidents(middle, 100, 150.0, &mut n);
        for kernel in [
            Kernel::Exponential { zone_km, rate: 2.99, cutoff: 1e-6 },
            Kernel::Linear { zone_km },
            Kernel::Step { zone_km },
        ] {
            let allowed = |exact: f64, _| 1e-7 * exact.max(1.0);
            seen += usize::from(compare(&list, &kernel, &grid, 41, allowed));
        }
    }
    assert!(seen >= 18, "{seen}");
}

#[test]
fn a_surface_of_nothing_is_zero() {
    let kernels = [
        Kernel::Gaussian { scales: vec![(1.0, 20.0)], cutoff: 1e-6 },
        Kernel::Quartic { zone_km: 50.0 },
        Kernel::Linear { zone_km: 50.0 },
    ];
    let over = lonlat([0.0, 90.04], [1.0, 0.1], [3, 3]);
    for kernel in &kernels {
        for list in [vec![], vec![event(at(1.0, 89.9), 0.0, 2.0)]] {
            let sums = surface(&list, kernel, &over, 2.33);
            assert!(sums.iter().all(|sum| *sum == 0.0), "{kernel:?}");
        }
        let list = vec![event(at(1.0, 89.9), 1.0, 2.0)];
        let none = lonlat([0.0, 0.0], [1.0, 1.0], [0, 5]);
        assert!(surface(&list, kernel, &none, 2.33).is_empty());
    }
}

#[test]
fn far_from_all_incidents_the_sum_is_exactly_zero() {
    let grid = lonlat([0.0, 10.0], [0.05, 0.05], [200, 200]);
    let list = vec![event(at(2.0, 8.0), 5.0, 2.33), event(at(2.01, 8.0), 1.0, 2.33)];
    for (kernel, zone_km) in [
        (Kernel::Quartic { zone_km: 50.0 }, 50.0),
        (Kernel::Gaussian { scales: vec![(1.0, 20.0)], cutoff: 1e-6 }, 180.0),
    ] {
        let sums = surface(&list, &kernel, &grid, 2.33);
        let far = sums.iter().enumerate().filter(|(cell, _)| {
            let position = grid.position(*cell as u32 % 200, *cell as u32 / 200).expect("a place");
            list.iter().all(|e| geodesic::distance(position, e.position).km() > zone_km)
        });
        assert!(far.clone().count() > 10_000);
        assert!(far.map(|(_, sum)| *sum).all(|sum| sum == 0.0), "{kernel:?}");
    }
}

#[test]
fn the_bits_do_not_depend_on_threads() {
    let mut n = Numbers(53);
    let (grid, middle) = grids().swap_remove(0);
    let events = incidents(middle, 3_000, 300.0, &mut n);
    for kernel in [
        Kernel::Quartic { zone_km: 25.0 },
        crate::made::scheme().security_kernel(),
        Kernel::Linear { zone_km: 25.0 },
    ] {
        let with = |threads| {
            let pool =
                rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            let sums = pool.install(|| surface(&events, &kernel, &grid, 2.33));
            sums.into_iter().map(f64::to_bits).collect::<Vec<_>>()
        };
        assert_eq!(with(1), with(3), "{kernel:?}");
    }
}

#[cfg(feature = "proj")]
#[test]
fn a_projected_grid_has_the_same_sums_at_the_same_places() {
    let mut n = Numbers(59);
    let crs = Crs::new("EPSG:32642").expect("UTM 42N");
    let grid = Grid::new(crs, [300_000.0, 3_400_000.0], [4_000.0, 3_000.0], [60, 50]).expect("in");
    let list = incidents(at(68.0, 30.2), 200, 200.0, &mut n);
    let gaussian = crate::made::scheme().security_kernel();
    assert!(compare(&list, &gaussian, &grid, 17, |exact, most| 1e-4 * exact + 1e-6 * most));
    let quartic = Kernel::Quartic { zone_km: 25.0 };
    assert!(compare(&list, &quartic, &grid, 17, |exact, _| 1e-8 * exact.max(1.0)));
}
