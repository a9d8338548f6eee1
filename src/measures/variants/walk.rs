//! The sums at one site at the nodes of the grid, from groups of incidents: a walk through the trees in reach, nearest
//! groups first.

#![expect(
    clippy::indexing_slicing,
    reason = "lanes, widths and columns are counted by their arrays"
)]
#![expect(clippy::needless_range_loop, reason = "loops over lanes are what compilers vectorize")]

use super::groups::{CubeGroups, Group};
use super::nodes::{Lanes, Sums, WIDTHS};
use super::{FEW, Row, Variants};
use crate::earth::Ecef;
use crate::index::forest::Tree;
use crate::index::levels::FAN;
use crate::index::{Cube, to_index};
use crate::measures::exponential::exp_of_negative;
use crate::measures::fast_gauss::ground2;
use crate::simd::{NullaryFnOnce, vectorized};

/// Allowed error of a group, relative to its own part.
const EACH: f64 = 0.01;

/// Allowed error of a group, relative to its share of the sum so far, by weight.
const SHARED: f64 = 0.01;

/// Past this ratio of the group's extent to the kernel's, nothing is known of the error but the part itself.
const WIDE: f64 = 2.0;

/// A cube in reach of a site.
struct InReach<'a> {
    cube: Cube,
    chord2: f64,
    tree: &'a Tree,
    groups: &'a CubeGroups,
    members: &'a [u32],
}

/// Returns the sums at a place with a position variance in km²; `None` if few incidents lie in the cubes in reach.
pub(super) fn sums(variants: &Variants<'_>, lanes: &Lanes, at: Ecef, own2: f64) -> Option<Sums> {
    if variants.groups.is_empty() {
        return None;
    }
    let forest = variants.incidents.tree().forest();
    let mut known: Vec<(f64, f64)> = Vec::new();
    let mut reach2 = |widest2: f64| {
        if let Some((_, reach2)) = known.iter().find(|(known, _)| *known == widest2) {
            return *reach2;
        }
        let reach_km = variants.widest.reach(own2 + widest2).km();
        known.push((widest2, reach_km * reach_km));
        reach_km * reach_km
    };
    let most2 = reach2(variants.incidents.widest2());
    let mut cubes: Vec<InReach<'_>> = Vec::new();
    // A distance along the ground is never shorter than its chord; a millionth covers rounding.
    forest.each_tree_within(at.0, 1.000_001e6 * most2, |number, chord2| {
        if let (Some(tree), Some(groups)) =
            (forest.trees().get(number), variants.groups.get(number))
            && ground2(chord2) <= reach2(groups.widest2)
        {
            let members = forest.members(tree);
            cubes.push(InReach { cube: tree.cube, chord2, tree, groups, members });
        }
    });
    if cubes.iter().map(|cube| cube.groups.count).sum::<usize>() < FEW {
        return None;
    }
    // The trees are visited in an order that depends on the whole forest.
    cubes.sort_by(|a, b| a.chord2.total_cmp(&b.chord2).then(a.cube.cmp(&b.cube)));
    let reach2 = cubes.iter().map(|cube| reach2(cube.groups.widest2)).fold(0.0, f64::max);
    Some(vectorized(Walk {
        cubes: &cubes,
        variants,
        lanes,
        site: at.0,
        own2,
        reach2,
        weight: cubes.iter().map(|cube| cube.groups.total).sum(),
        sums: Sums::new(8 * lanes.mass.len(), variants.columns()),
        totals: [0.0; WIDTHS],
        values: Vec::new(),
    }))
}

/// A walk in progress.
struct Walk<'a> {
    cubes: &'a [InReach<'a>],
    variants: &'a Variants<'a>,
    lanes: &'a Lanes,
    site: [f64; 3],
    own2: f64,
    reach2: f64,
    /// The total weight in reach.
    weight: f64,
    sums: Sums,
    /// The sums so far at each width, under the settings in force otherwise.
    totals: [f64; WIDTHS],
    /// The kernels of a group's classes at its center, class by class.
    values: Vec<[f64; 8]>,
}

impl NullaryFnOnce for Walk<'_> {
    type Output = Sums;

    #[inline(always)]
    fn call(mut self) -> Sums {
        let cubes = self.cubes;
        let mut open: Vec<(usize, usize)> = Vec::new();
        for cube in cubes {
            self.open_all(cube, cube.tree.packed.top(), 0, &mut open);
            while let Some((level, number)) = open.pop() {
                let Some(Some(group)) = cube.groups.levels[level].get(number) else { continue };
                if self.take(group) {
                    continue;
                }
                match level.checked_sub(1) {
                    Some(below) => self.open_all(cube, below, number * FAN, &mut open),
                    None => self.add_block(cube, number),
                }
            }
        }
        self.sums
    }
}

impl Walk<'_> {
    /// Lists up to eight siblings, the nearest last.
    #[inline(always)]
    fn open_all(
        &self,
        cube: &InReach<'_>,
        level: usize,
        first: usize,
        open: &mut Vec<(usize, usize)>,
    ) {
        let mut siblings = [(0.0, 0); FAN];
        let mut many = 0;
        let groups = &cube.groups.levels[level];
        for number in first..groups.len().min(first + FAN) {
            let Some(group) = &groups[number] else { continue };
            let mut chord2 = 0.0;
            for axis in 0..3 {
                let apart = self.site[axis] - group.plane.center[axis];
                chord2 += apart * apart;
            }
            let place = siblings[..many].iter().take_while(|(d2, _)| *d2 >= chord2).count();
            siblings.copy_within(place..many, place + 1);
            siblings[place] = (chord2, number);
            many += 1;
        }
        open.extend(siblings[..many].iter().map(|&(_, number)| (level, number)));
    }

    /// Adds a group as one incident, if that is precise enough or it is out of reach; returns whether it is done.
    #[inline(always)]
    fn take(&mut self, group: &Group) -> bool {
        let [east, north, distance2] = group.plane.place(self.site);
        let (distance, radius) = (distance2.sqrt(), group.radius_km);
        let least = if distance > radius { distance - radius } else { 0.0 };
        if least * least > self.reach2 {
            return true;
        }
        let [xx, xy, yy] = group.covariance;
        let (e2, en2, n2) = (east * east, 2.0 * east * north, north * north);
        let extent = (distance + radius) * radius;
        let (mut own, mut error) = ([0.0; WIDTHS], [0.0; WIDTHS]);
        self.values.clear();
        for class in &group.classes {
            let spread2 = self.own2 + class.spread2;
            for (eight, (mass, h2)) in self.lanes.mass.iter().zip(&self.lanes.h2).enumerate() {
                let mut value = [0.0; 8];
                let mut off = [0.0; 8];
                for lane in 0..8 {
                    let variance = h2[lane] + spread2;
                    let (x, y) = (variance + xx, variance + yy);
                    let det = x * y - xy * xy;
                    let inverse = 1.0 / det;
                    let q = (e2 * y - en2 * xy + n2 * x) * inverse;
                    value[lane] = mass[lane] * inverse.sqrt() * exp_of_negative(0.5 * q);
                    let ratio = extent / variance;
                    // The first moment that is not in the covariance is the third.
                    let part = value[lane] * ratio * ratio * ratio * (1.0 / 40.0);
                    let most =
                        mass[lane] / variance * exp_of_negative(0.5 * least * least / variance);
                    off[lane] = if ratio <= WIDE { part } else { most };
                }
                for lane in 0..8 {
                    let width = (8 * eight + lane) % WIDTHS;
                    own[width] += class.total * value[lane];
                    error[width] += class.total * off[lane];
                }
                self.values.push(value);
            }
        }
        let share = SHARED * group.plane.total / self.weight;
        for width in 0..WIDTHS {
            if error[width] > EACH * own[width] && error[width] > share * self.totals[width] {
                return false;
            }
        }
        for width in 0..WIDTHS {
            self.totals[width] += own[width];
        }
        let columns = self.sums.columns;
        let eights = self.lanes.mass.len();
        for (class, values) in group.classes.iter().zip(self.values.chunks(eights)) {
            for (lane, value) in values.iter().flatten().enumerate() {
                let rows = &mut self.sums.rows[lane * columns..][..columns];
                for (sums, row) in rows.iter_mut().zip(&class.rows) {
                    for at in 0..8 {
                        sums[at] += value * row[at];
                    }
                }
            }
        }
        true
    }

    /// Adds the incidents of a block one by one.
    #[inline(always)]
    fn add_block(&mut self, cube: &InReach<'_>, number: usize) {
        let Some(block) = cube.tree.packed.block(number) else { return };
        let chords2 = block.chords2(self.site);
        let columns = self.sums.columns;
        for (slot, stands) in block.slots() {
            let distance2 = ground2(chords2[slot]);
            let single = &self.variants.singles[to_index(cube.members[stands])];
            if distance2 > self.reach2 || single.weight <= 0.0 {
                continue;
            }
            let spread2 = self.own2 + single.spread2;
            let decays: Row = single.decays;
            for (eight, (mass, h2)) in self.lanes.mass.iter().zip(&self.lanes.h2).enumerate() {
                let mut value = [0.0; 8];
                for lane in 0..8 {
                    let inverse = 1.0 / (h2[lane] + spread2);
                    value[lane] = mass[lane] * inverse * exp_of_negative(0.5 * distance2 * inverse);
                }
                for lane in 0..8 {
                    self.totals[(8 * eight + lane) % WIDTHS] += single.weight * value[lane];
                    let first = (8 * eight + lane) * columns + 2 * single.kind;
                    let (base, deaths) = (value[lane], value[lane] * single.deaths);
                    for at in 0..8 {
                        self.sums.rows[first][at] += base * decays[at];
                    }
                    for at in 0..8 {
                        self.sums.rows[first + 1][at] += deaths * decays[at];
                    }
                }
            }
        }
    }
}
