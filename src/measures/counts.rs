//! Counts: how many incidents, and how many deaths in them, lie within rings and time windows.
//!
//! A ring counts distance ≤ radius, exactly on the ellipsoid. The packed tree carries counts and deaths
//! in its nodes. Sixteen neighboring sites walk it together: a node that lies between the same two
//! radii for all of them is added once to all; of a block that a radius cuts, each site is asked whether
//! it has the whole of it, none of it, or a part; of a part the chord decides point by point, and
//! Karney's algorithm where the chord leaves it open. A count and its deaths are the two halves of one
//! integer, so that one addition makes both; sums of integers are exact in any order.

#![expect(clippy::indexing_slicing, reason = "rows are made for the thresholds and sites asked")]

use super::quantities::Count;
use super::weighed::{SiteProbe, WeighedIncident, WeighedIncidents};
use crate::earth::{ChordBracket, Length, Position, geodesic};
use crate::index::forest::{Below, Forest, Leaf, Totals};
use crate::index::levels::{FAN, FAR2};
use crate::index::packed::{BLOCK, Block, QueryGroup};
use crate::index::{Neighbors, Probe, to_index};
use crate::simd::{NullaryFnOnce, vectorized};
use rayon::prelude::*;

/// Which rings and windows to count.
#[derive(Debug, Clone, PartialEq)]
pub struct CountPlan {
    /// Radii of the rings, over all time.
    pub radii: Vec<Length>,
    /// Radius within which windows are counted.
    pub window_radius: Length,
    /// Lengths of the windows in days: a window of N days counts ages from 0 to below N.
    pub windows: Vec<i64>,
    /// Length in days of the recent period, and of the one before it, whose counts make the trend.
    pub trend_days: i64,
}

/// The counts of one site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// For each radius.
    pub rings: Vec<Count>,
    /// For each window.
    pub windows: Vec<Count>,
    /// Incidents in the recent period.
    pub recent: u32,
    /// Incidents in the period before it.
    pub prior: u32,
}

/// A threshold: the radius of a ring or of the windows.
#[derive(Debug, Clone, Copy)]
struct Threshold {
    radius: Length,
    bracket: ChordBracket,
}

/// Incidents ready to be counted around any site.
#[derive(Debug)]
pub struct Counter {
    plan: CountPlan,
    /// Every radius once, ascending.
    thresholds: Vec<Threshold>,
    /// Which of them is that of the windows.
    window: usize,
    /// `None` where pairs cannot hold the deaths; then every incident is counted one by one.
    pairs: Option<Pairs>,
    /// Columns of a tally: all time, then each window, then both trend periods as a pair.
    width: usize,
    /// Of each node the tally, column by column.
    nodes: Totals<u64>,
    /// Of each block and column the values of its points.
    points: Vec<[u64; BLOCK]>,
}

/// How two sums share one integer: incidents in the lower bits, deaths in those above.
#[derive(Debug, Clone, Copy)]
struct Pairs {
    /// Bits of the count.
    bits: u32,
}

impl Pairs {
    /// Room for all of some incidents; `None` where there is none, which takes tens of thousands of
    /// incidents of billions of deaths.
    fn new(incidents: &[WeighedIncident]) -> Option<Self> {
        let many = u64::try_from(incidents.len()).ok()?;
        let bits = u64::BITS - many.leading_zeros();
        // The upper half holds deaths, or incidents of the earlier trend period.
        let deaths: u128 = incidents.iter().map(|incident| u128::from(incident.fatalities)).sum();
        let room = u128::from(u64::MAX >> bits);
        (deaths.max(u128::from(many)) <= room).then_some(Self { bits })
    }

    fn pair(self, lower: u32, upper: u32) -> u64 {
        u64::from(upper) << self.bits | u64::from(lower)
    }

    fn count(self, pair: u64) -> Count {
        let incidents = pair & ((1 << self.bits) - 1);
        Count { incidents: whole(incidents), fatalities: pair >> self.bits }
    }
}

impl Counter {
    /// Adds up what the rings and windows of a plan ask for.
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
        let width = 1 + plan.windows.len() + 1;
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
                    columns[width - 1][slot] = pairs.pair(u32::from(recent), u32::from(prior));
                }
            });
        }
        let blocks: Vec<u64> = points.par_iter().map(|values| values.iter().sum()).collect();
        let nodes = forest.totals(width, &blocks);
        Self { thresholds, window, pairs, width, nodes, points, plan }
    }

    /// Counts for a batch of sites, around the site itself; linked parts are not counted around.
    ///
    /// `incidents` are those the counter was made of. Quickest where the batch is of neighbors.
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

    /// Counts around any shape, of everything that is found within the widest radius.
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

/// Sites that walk together, and what they have gathered so far.
///
/// Gathered sums lie in rows: for each threshold its column of all time, then the further columns of the
/// windows' threshold. Additions wrap, which they never need to: [`Pairs`] has room for all incidents.
struct GroupCount<'a> {
    counter: &'a Counter,
    pairs: Pairs,
    incidents: &'a WeighedIncidents,
    forest: &'a Forest,
    positions: &'a [Position],
    group: &'a QueryGroup,
    sites: usize,
    rows: usize,
    /// For each threshold what lies past it and within the next one, for every site; all columns.
    between: Vec<u64>,
    /// For each row and site what lies in blocks that a site has the whole of.
    whole: Vec<[u64; BLOCK]>,
    /// For each site and row what lies in blocks that a site has a part of, in lanes.
    part: Vec<[u64; LANES]>,
}

/// Lanes in which sums over the slots of a block run, to be added up at the end.
const LANES: usize = 8;

/// Sites of a group whose box meets more blocks than this have little in common and walk alone.
const COMMON: usize = 64;

impl NullaryFnOnce for GroupCount<'_> {
    /// The counts of each site, with its index.
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
            // How many thresholds leave a node out for all sites, and how many do not hold it whole.
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

    /// Adds a block to each of the thresholds that cut it for some of the sites.
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

    /// Adds to a site what of a block lies within a threshold that cuts it.
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

    /// Decides by Karney's algorithm what the chord leaves open.
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

    /// What a site has gathered.
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
        Counts { rings, windows, recent: trend.incidents, prior: whole(trend.fatalities) }
    }
}

impl Counter {
    /// The rows that a threshold adds to, in the order of the columns: all of them only for the windows.
    #[inline(always)]
    fn rows(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let many = self.thresholds.len();
        let further = if at == self.window { self.width - 1 } else { 0 };
        std::iter::once(at).chain(many..many + further)
    }
}

/// A small number as an index.
#[inline(always)]
fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A count of incidents, of which there are fewer than 2^32.
fn whole(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The position of a site that is a point.
fn position(site: &SiteProbe) -> Option<Position> {
    site.parts.first()?.probe.position()
}
