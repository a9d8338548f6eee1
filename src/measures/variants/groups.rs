//! Groups of incidents: the nodes of a cube's tree, each with its center, the covariance of its incidents about it, and
//! their weights at every half-life of the grid.

use super::{Row, Single};
use crate::index::forest::{Forest, Tree};
use crate::index::levels::FAN;
use crate::index::packed::Block;
use crate::index::to_index;
use crate::measures::fast_gauss::Plane;

/// Incidents of a group whose variances differ by less than this part are taken together, at their mean.
const SAME_SPREAD: f64 = 0.05;

/// Variances are compared beside this one, in km²: that of a narrow kernel.
const NARROW2: f64 = 100.0;

/// The groups of a cube, level by level from the blocks up.
#[derive(Debug)]
pub(super) struct CubeGroups {
    /// Number of incidents, and the sum of their weights.
    pub count: usize,
    pub total: f64,
    /// The largest position variance, in km².
    pub widest2: f64,
    pub levels: Vec<Vec<Option<Group>>>,
}

/// Incidents that may be summed as one.
#[derive(Debug)]
pub(super) struct Group {
    pub plane: Plane,
    /// Distance of the farthest incident from the center, along the ground.
    pub radius_km: f64,
    /// Covariance of the places about the center, in km²: east, both, north.
    pub covariance: [f64; 3],
    pub classes: Vec<Class>,
}

/// The incidents of a group with about the same position error.
#[derive(Debug)]
pub(super) struct Class {
    /// Their mean variance, in km².
    pub spread2: f64,
    /// Their weight under the settings in force.
    pub total: f64,
    /// For each column their weights at the half-lives of the grid.
    pub rows: Vec<Row>,
}

impl CubeGroups {
    /// The groups of a tree's incidents.
    pub fn of(forest: &Forest, tree: &Tree, singles: &[Single], columns: usize) -> Self {
        let members = forest.members(tree);
        let single = |stands: usize| singles.get(to_index(*members.get(stands)?));
        let packed = tree.packed.as_ref();
        let places_of = |block: &Block| -> Vec<([f64; 3], Single)> {
            let of = |(slot, stands)| Some((block.point(slot), *single(stands)?));
            block.slots().filter_map(of).filter(|(_, one)| one.weight > 0.0).collect()
        };
        let blocks: Vec<Vec<([f64; 3], Single)>> = packed.blocks().map(places_of).collect();
        let level = |level: usize| -> Vec<Option<Group>> {
            let span = FAN.pow(u32::try_from(level).unwrap_or(0));
            blocks.chunks(span).map(|blocks| Group::of(&blocks.concat(), columns)).collect()
        };
        let all = || blocks.iter().flatten();
        Self {
            count: members.len(),
            total: all().map(|(_, one)| one.weight).sum(),
            widest2: all().map(|(_, one)| one.spread2).fold(0.0, f64::max),
            levels: (0..=packed.top()).map(level).collect(),
        }
    }
}

impl Group {
    /// The group of some incidents; `None` if there are none.
    fn of(members: &[([f64; 3], Single)], columns: usize) -> Option<Self> {
        let total: f64 = members.iter().map(|(_, one)| one.weight).sum();
        if total <= 0.0 {
            return None;
        }
        let mut centroid = [0.0; 3];
        for (place, one) in members {
            for (sum, along) in centroid.iter_mut().zip(place) {
                *sum += one.weight * along / total;
            }
        }
        let plane = Plane::below(centroid, total);
        let (mut covariance, mut farthest2) = ([0.0; 3], 0.0_f64);
        let mut classes: Vec<(u64, f64, Class)> = Vec::new();
        for (place, one) in members {
            let [east, north, distance2] = plane.place(*place);
            let share = one.weight / total;
            for (sum, product) in
                covariance.iter_mut().zip([east * east, east * north, north * north])
            {
                *sum += share * product;
            }
            farthest2 = farthest2.max(distance2);
            let step = step(one.spread2);
            let found = classes.iter().position(|class| class.0 == step);
            let at = found.unwrap_or_else(|| {
                let rows = vec![Row::default(); columns];
                classes.push((step, 0.0, Class { spread2: 0.0, total: 0.0, rows }));
                classes.len() - 1
            });
            let Some((_, spreads, class)) = classes.get_mut(at) else { continue };
            *spreads += one.weight * one.spread2;
            class.total += one.weight;
            for (row, factor) in class.rows.iter_mut().skip(2 * one.kind).zip([1.0, one.deaths]) {
                for (sum, decay) in row.iter_mut().zip(one.decays) {
                    *sum += factor * decay;
                }
            }
        }
        classes.sort_by_key(|class| class.0);
        let class = |(_, spreads, class): (u64, f64, Class)| Class {
            spread2: spreads / class.total,
            ..class
        };
        Some(Self {
            plane,
            radius_km: farthest2.sqrt(),
            covariance,
            classes: classes.into_iter().map(class).collect(),
        })
    }
}

/// The step of a variance in a scale of equal ratios; larger for larger ones.
fn step(spread2: f64) -> u64 {
    // The bits of floats that are not negative are in the order of their values.
    (libm::log1p(spread2 / NARROW2) / SAME_SPREAD).floor().to_bits()
}
