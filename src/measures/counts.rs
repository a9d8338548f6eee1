//! Counts of incidents, and of deaths in them, within rings and time windows.
//!
//! A ring counts distance ≤ radius, exactly on the ellipsoid. The nodes of the packed tree store counts and deaths.
//! Sixteen neighboring sites walk the tree together. A node that lies between the same two radii for all of them is added
//! once for all. If a radius cuts a block, each site takes the whole block, none of it, or a part; for a part, chords
//! decide point by point, and Karney's algorithm where a chord leaves it open. A count and its deaths are the two halves
//! of one integer, so one addition updates both; integer sums are exact in any order.

#![expect(clippy::indexing_slicing, reason = "rows are made for the thresholds and sites asked")]

use super::pairs::{Pairs, whole};
use super::quantities::Count;
use super::weighed::{SiteProbe, WeighedIncident, WeighedIncidents};
use crate::earth::{ChordBracket, Length, Position, geodesic};
use crate::index::forest::{Below, Forest, Leaf, Totals};
use crate::index::levels::{FAN, FAR2};
use crate::index::packed::{BLOCK, Block, QueryGroup};
use crate::index::{Neighbors, Probe, to_index};
use crate::simd::{NullaryFnOnce, vectorized};
use rayon::prelude::*;

/// The rings and windows to count.
#[derive(Debug, Clone, PartialEq)]
pub struct CountPlan {
    /// Radii of the rings, which count incidents of all time.
    pub radii: Vec<Length>,
    /// Radius for the windows.
    pub window_radius: Length,
    /// Lengths of the windows in days: a window of N days counts ages from 0 to below N.
    pub windows: Vec<i64>,
    /// Length in days of the recent period, and of the period before it, whose counts give the trend.
    pub trend_days: i64,
}

/// The counts of one site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Counts for each radius.
    pub rings: Vec<Count>,
    /// Counts for each window.
    pub windows: Vec<Count>,
    /// Incidents in the recent period.
    pub recent: u32,
    /// Incidents in the period before it.
    pub prior: u32,
    /// Violent incidents in the recent period.
    pub violent: u32,
    /// Incidents of all time within the windows' radius whose deaths are not reported.
    pub deaths_unknown: u32,
}

/// A threshold: the radius of a ring or of the windows.
#[derive(Debug, Clone, Copy)]
struct Threshold {
    radius: Length,
    bracket: ChordBracket,
}

/// Incidents indexed for counting around any site.
#[derive(Debug)]
pub struct Counter {
    plan: CountPlan,
    /// All distinct radii, ascending.
    thresholds: Vec<Threshold>,
    /// Index of the windows' radius.
    window: usize,
    /// `None` if the deaths exceed the room in a pair; then incidents are counted one by one.
    pairs: Option<Pairs>,
    /// Columns of a tally: all time, each window, both trend periods as a pair, and another pair: violence in
    /// the recent one, and incidents of unknown deaths.
    width: usize,
    /// Tally of each node, column by column.
    nodes: Totals<u64>,
    /// Values of the points of each block, per column.
    points: Vec<[u64; BLOCK]>,
}

impl Counter {
    /// Builds the tallies for the rings and windows of a plan.
    pub fn new(incidents: &WeighedIncidents, plan: CountPlan) -> Self {
        let mut radii: Vec<Length> =
            plan.radii.iter().copied().chain([plan.window_radius]).collect();
        radii.sort_by(|a, b| a.meters().total_cmp(&b.meters()));
        radii.dedup();
        let window = radii.iter().position(|&radius| radius == plan.window_radius).unwrap_or(0);
        let thresholds = radii
            .into_iter()
            .map(|radius| Threshold { radius, bracket: ChordBracket::new(radius) })
            .collect();
        let width = 1 + plan.windows.len() + 2;
        let forest = incidents.tree().forest();
        let pairs = Pairs::new(incidents.list());
        let mut points = vec![[0; BLOCK]; forest.count() * width];
        if let Some(pairs) = pairs {
            points.par_chunks_mut(width).zip(forest.blocks()).for_each(|(columns, block)| {
                for (slot, index) in block {
                    let Some(incident) = incidents.list().get(index) else { continue };
                    columns[0][slot] = pairs.pair(1, incident.fatalities);
                    for (column, days) in columns[1..].iter_mut().zip(&plan.windows) {
                        if incident.age_days < *days {
                            column[slot] = pairs.pair(1, incident.fatalities);
                        }
                    }
                    let (recent, prior) = plan.periods(incident);
                    columns[width - 2][slot] = pairs.pair(u32::from(recent), u32::from(prior));
                    let violent = u32::from(recent && incident.violent);
                    columns[width - 1][slot] =
                        pairs.pair(violent, u32::from(incident.deaths_unknown));
                }
            });
        }
        let blocks: Vec<u64> = points.par_iter().map(|values| values.iter().sum()).collect();
        let nodes = forest.totals(width, &blocks);
        Self { thresholds, window, pairs, width, nodes, points, plan }
    }

    /// Counts for a batch of sites, around each site itself, not around its linked parts.
    ///
    /// `incidents` must be those the counter was built from. Fastest if the sites are neighbors.
    pub fn counts(&self, probes: &[SiteProbe], incidents: &WeighedIncidents) -> Vec<Counts> {
        let mut counts: Vec<Option<Counts>> = Vec::new();
        counts.resize_with(probes.len(), || None);
        if let Some(pairs) = self.pairs {
            let asked = probes.iter().enumerate();
            let asked = asked.filter_map(|(at, site)| Some((at, position(site)?)));
            let (asked, positions): (Vec<usize>, Vec<Position>) = asked.unzip();
            let groups = QueryGroup::of(positions.as_slice());
            let together = groups.par_iter().flat_map_iter(|group| {
                let ask = |group: &QueryGroup| {
                    vectorized(GroupCount::new(self, incidents, &positions, group, pairs))
                };
                if incidents.tree().forest().meets_more(group, COMMON) {
                    return group.alone().flat_map(|alone| ask(&alone)).collect();
                }
                ask(group)
            });
            for (index, counted) in together.collect::<Vec<_>>() {
                counts[asked[index]] = Some(counted);
            }
        }
        let each = counts.into_par_iter().zip(probes).map(|(counted, site)| {
            counted.unwrap_or_else(|| {
                let part = site.parts.first();
                part.map_or_else(Counts::default, |part| self.one_by_one(&part.probe, incidents))
            })
        });
        each.collect()
    }

    /// Counts around any shape, from all incidents within the widest radius.
    fn one_by_one(&self, probe: &Probe, incidents: &WeighedIncidents) -> Counts {
        let plan = &self.plan;
        let widest = self.thresholds.last().map_or(Length::ZERO, |widest| widest.radius);
        let found: Vec<(Length, &WeighedIncident)> =
            (incidents.tree().within(probe, widest).into_iter())
                .filter_map(|found| Some((found.distance, incidents.list().get(found.index)?)))
                .collect();
        let count = |radius: Length, asked: &dyn Fn(&WeighedIncident) -> bool| {
            let near =
                found.iter().filter(|(distance, incident)| *distance <= radius && asked(incident));
            near.fold(Count::default(), |count, (_, incident)| Count {
                incidents: count.incidents + 1,
                fatalities: count.fatalities + u64::from(incident.fatalities),
            })
        };
        let window = plan.window_radius;
        Counts {
            rings: plan.radii.iter().map(|&radius| count(radius, &|_| true)).collect(),
            windows: (plan.windows.iter())
                .map(|&days| count(window, &|incident| incident.age_days < days))
                .collect(),
            recent: count(window, &|incident| plan.periods(incident).0).incidents,
            prior: count(window, &|incident| plan.periods(incident).1).incidents,
            violent: count(window, &|incident| incident.violent && plan.periods(incident).0)
                .incidents,
            deaths_unknown: count(window, &|incident| incident.deaths_unknown).incidents,
        }
    }
}

impl CountPlan {
    /// Whether an incident lies in the recent period, and whether in the one before it.
    fn periods(&self, incident: &WeighedIncident) -> (bool, bool) {
        let prior = self.trend_days..2 * self.trend_days;
        (incident.age_days < self.trend_days, prior.contains(&incident.age_days))
    }
}

/// Sites that walk together, with their sums so far.
///
/// Sums are stored in rows: for each threshold the column of all time, then the further columns of the
/// windows' threshold. Additions may wrap but never do: [`Pairs`] has room for all incidents.
struct GroupCount<'a> {
    counter: &'a Counter,
    pairs: Pairs,
    incidents: &'a WeighedIncidents,
    forest: &'a Forest,
    positions: &'a [Position],
    group: &'a QueryGroup,
    sites: usize,
    rows: usize,
    /// For each threshold, all columns of the nodes beyond it and within the next one, the same for every site.
    between: Vec<u64>,
    /// For each row and site, the sum over blocks of which the site takes the whole.
    whole: Vec<[u64; BLOCK]>,
    /// For each site and row, the sum over blocks of which the site takes a part, in lanes.
    part: Vec<[u64; LANES]>,
}

/// Lanes of a sum over the slots of a block, added up at the end.
const LANES: usize = 8;

/// A group whose box intersects more blocks than this has sites too far apart; they walk alone.
const COMMON: usize = 64;

impl NullaryFnOnce for GroupCount<'_> {
    /// Returns the counts of each site, with its index.
    type Output = Vec<(usize, Counts)>;

    #[inline(always)]
    fn call(mut self) -> Self::Output {
        self.down();
        self.group.block.slots().map(|(slot, index)| (index, self.sums(slot))).collect()
    }
}

impl<'a> GroupCount<'a> {
    fn new(
        counter: &'a Counter,
        incidents: &'a WeighedIncidents,
        positions: &'a [Position],
        group: &'a QueryGroup,
        pairs: Pairs,
    ) -> Self {
        let rows = counter.thresholds.len() + counter.width - 1;
        let sites = group.block.slots().count();
        let between = vec![0; (counter.thresholds.len() + 1) * counter.width];
        let (whole, part) = (vec![[0; BLOCK]; rows], vec![[0; LANES]; rows * sites]);
        let forest = incidents.tree().forest();
        Self {
            counter,
            pairs,
            incidents,
            forest,
            positions,
            group,
            sites,
            rows,
            between,
            whole,
            part,
        }
    }

    /// Walks the tree for all sites at once.
    #[inline(always)]
    fn down(&mut self) {
        let (counter, forest) = (self.counter, self.forest);
        let many = counter.thresholds.len();
        let mut open = vec![forest.roots()];
        while let Some(siblings) = open.pop() {
            let spans = forest.spans_of_group(siblings, self.group);
            // Number of thresholds that exclude a node for all sites, and number that do not contain it
            // entirely.
            let (mut out, mut cut) = ([0_u64; FAN], [0_u64; FAN]);
            for threshold in &counter.thresholds {
                let ChordBracket { shorter2, longer2 } = threshold.bracket;
                for slot in 0..FAN {
                    out[slot] = out[slot].wrapping_add(u64::from(longer2 < spans.least[slot]));
                    cut[slot] = cut[slot].wrapping_add(u64::from(shorter2 <= spans.most[slot]));
                }
            }
            for slot in 0..FAN {
                let (out, cut) = (index(out[slot]), index(cut[slot]));
                if out == many || spans.least[slot] > FAR2 {
                    continue;
                }
                if out < cut {
                    match siblings.below(slot, forest) {
                        Below::Nodes(nodes) => {
                            open.push(nodes);
                            continue;
                        }
                        Below::Points(leaf) => self.cut(leaf, out..cut),
                    }
                }
                let sums = &mut self.between[cut * counter.width..(cut + 1) * counter.width];
                for (sum, more) in sums.iter_mut().zip(counter.nodes.of(siblings, slot)) {
                    *sum = sum.wrapping_add(*more);
                }
            }
        }
    }

    /// Adds a block to each threshold that cuts it for some of the sites.
    #[inline(always)]
    fn cut(&mut self, leaf: Leaf, thresholds: std::ops::Range<usize>) {
        let counter = self.counter;
        let Some(block) = self.forest.block(leaf) else { return };
        if self.sites == 1 {
            return thresholds.for_each(|at| self.part(block, leaf, 0, at));
        }
        let [least, most] = self.forest.spans_of_each(leaf, self.group);
        let sums = counter.nodes.of_block(leaf);
        for at in thresholds {
            let ChordBracket { shorter2, longer2 } = counter.thresholds[at].bracket;
            let mut inside = [0; BLOCK];
            let mut parts = 0_u32;
            for slot in 0..BLOCK {
                inside[slot] = if most[slot] < shorter2 { u64::MAX } else { 0 };
                let part = (most[slot] >= shorter2) & (least[slot] <= longer2);
                parts |= u32::from(part) << slot;
            }
            for (row, sum) in counter.rows(at).zip(sums) {
                let whole = &mut self.whole[row];
                for slot in 0..BLOCK {
                    whole[slot] = whole[slot].wrapping_add(inside[slot] & sum);
                }
            }
            while parts != 0 {
                let slot = index(u64::from(parts.trailing_zeros()));
                parts &= parts - 1;
                if slot < self.sites {
                    self.part(block, leaf, slot, at);
                }
            }
        }
    }

    /// Adds to a site the part of a block within a threshold that cuts it.
    #[inline(always)]
    fn part(&mut self, block: &Block, leaf: Leaf, site: usize, at: usize) {
        let counter = self.counter;
        let ChordBracket { shorter2, longer2 } = counter.thresholds[at].bracket;
        let chords2 = block.chords2(self.group.block.point(site));
        let mut inside = [0; BLOCK];
        let mut open = 0;
        for slot in 0..BLOCK {
            inside[slot] = if chords2[slot] < shorter2 { u64::MAX } else { 0 };
            let unsure = (chords2[slot] >= shorter2) & (chords2[slot] <= longer2);
            open |= u64::from(unsure);
        }
        if open != 0 {
            self.measure(leaf, &chords2, site, at, &mut inside);
        }
        let first = self.forest.number(leaf) * counter.width;
        let columns = &counter.points[first..first + counter.width];
        for (row, values) in counter.rows(at).zip(columns) {
            let lanes = &mut self.part[site * self.rows + row];
            for slot in 0..LANES {
                let low = inside[slot] & values[slot];
                let high = inside[slot + LANES] & values[slot + LANES];
                lanes[slot] = lanes[slot].wrapping_add(low).wrapping_add(high);
            }
        }
    }

    /// Decides with Karney's algorithm the points that chords leave open.
    #[cold]
    fn measure(
        &self,
        leaf: Leaf,
        chords2: &[f64; BLOCK],
        site: usize,
        at: usize,
        inside: &mut [u64; BLOCK],
    ) {
        let Threshold { radius, bracket: ChordBracket { shorter2, longer2 } } =
            self.counter.thresholds[at];
        let asked = to_index(self.group.block.indices[site]);
        let Some(&from) = self.positions.get(asked) else { return };
        for (slot, index) in self.forest.points(leaf) {
            let Some(incident) = self.incidents.list().get(index) else { continue };
            if (shorter2..=longer2).contains(&chords2[slot]) {
                let near = geodesic::distance(from, incident.position) <= radius;
                inside[slot] = if near { u64::MAX } else { 0 };
            }
        }
    }

    /// Returns the totals of a site.
    fn sums(&self, site: usize) -> Counts {
        let (counter, pairs) = (self.counter, self.pairs);
        let own = |row: usize| {
            let lanes = self.part[site * self.rows + row].iter();
            lanes.fold(self.whole[row][site], |sum, lane| sum.wrapping_add(*lane))
        };
        let shared = |at: usize, column: usize| {
            let rows = self.between.chunks(counter.width).take(at + 1);
            rows.fold(0_u64, |sum, row| sum.wrapping_add(row[column]))
        };
        let mut window = counter.rows(counter.window).enumerate().map(|(column, row)| {
            pairs.count(own(row).wrapping_add(shared(counter.window, column)))
        });
        let ring = |radius: &Length| {
            let at = counter.thresholds.iter().position(|threshold| threshold.radius == *radius);
            let at = at.unwrap_or(0);
            pairs.count(own(at).wrapping_add(shared(at, 0)))
        };
        let rings = counter.plan.radii.iter().map(ring).collect();
        window.next();
        let windows = window.by_ref().take(counter.plan.windows.len()).collect();
        let trend = window.next().unwrap_or_default();
        let last = window.next().unwrap_or_default();
        Counts {
            rings,
            windows,
            recent: trend.incidents,
            prior: whole(trend.fatalities),
            violent: last.incidents,
            deaths_unknown: whole(last.fatalities),
        }
    }
}

impl Counter {
    /// Returns the rows that a threshold adds to, in the order of the columns: all columns only for the
    /// windows.
    #[inline(always)]
    fn rows(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let many = self.thresholds.len();
        let further = if at == self.window { self.width - 1 } else { 0 };
        std::iter::once(at).chain(many..many + further)
    }
}

/// Converts a small number to an index.
#[inline(always)]
fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Returns the position of a site that is a point.
fn position(site: &SiteProbe) -> Option<Position> {
    site.parts.first()?.probe.position()
}
