//! Counts: how many incidents, and how many deaths in them, lie within rings and time windows.
//!
//! A ring counts distance ≤ radius, exactly on the ellipsoid. The packed tree carries counts and deaths
//! in its nodes, so that a node wholly inside a ring is added whole; within a block the chord decides,
//! and Karney's algorithm where the chord leaves it open. Sums are whole numbers held in floats, so
//! that they are exact in any order.

use super::events::{Events, Subject};
use super::quantities::Count;
use crate::earth::{ChordBracket, Ecef, Length, Position, geodesic};
use crate::index::Neighbors;
use crate::index::packed::{BLOCK, Block, FAN, FAR2, Node};
use crate::wide::widely;
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
    /// Values of a tally: count and deaths over all time, then in each window, then both periods.
    width: usize,
    nodes: Vec<Vec<f64>>,
    /// The same of each point, block by block and within a block value by value.
    points: Vec<[f64; BLOCK]>,
}

impl Counter {
    /// Adds up what the rings and windows of a plan ask for.
    pub fn new(events: &Events, plan: CountPlan) -> Self {
        let mut radii: Vec<Length> =
            plan.radii.iter().copied().chain([plan.window_radius]).collect();
        radii.sort_by(|a, b| a.meters().total_cmp(&b.meters()));
        radii.dedup();
        let thresholds = radii
            .into_iter()
            .map(|radius| Threshold { radius, bracket: ChordBracket::new(radius) })
            .collect();
        let width = 2 + 2 * plan.windows.len() + 2;
        let tree = events.tree().packed();
        let tally = |index: usize, values: &mut [f64]| tally(events, &plan, index, values);
        let nodes = tree.sums(width, tally);
        let mut points = Vec::new();
        let mut values = vec![0.0; width];
        for block in tree.blocks() {
            let mut columns = vec![[0.0; BLOCK]; width];
            for (slot, index) in block.slots() {
                tally(index, &mut values);
                for (column, value) in columns.iter_mut().zip(&values) {
                    if let Some(cell) = column.get_mut(slot) {
                        *cell = *value;
                    }
                }
            }
            points.extend(columns);
        }
        Self { thresholds, width, nodes, points, plan }
    }

    /// Counts for a batch of sites, around the site itself; linked parts are not counted around.
    ///
    /// `events` are those the counter was made of.
    pub fn counts(&self, subjects: &[Subject], events: &Events) -> Vec<Counts> {
        subjects.par_iter().map(|subject| widely(|| self.around(subject, events))).collect()
    }

    fn around(&self, subject: &Subject, events: &Events) -> Counts {
        let Some(probe) = subject.parts.first().map(|part| &part.probe) else {
            return Counts::default();
        };
        match probe.position() {
            Some(from) => self.counts_of(&self.walk(from, events)),
            None => {
                let widest = self.thresholds.last().map_or(Length::ZERO, |widest| widest.radius);
                let mut sums = vec![0.0; self.thresholds.len() * self.width];
                let mut values = vec![0.0; self.width];
                for found in events.tree().within(probe, widest) {
                    tally(events, &self.plan, found.index, &mut values);
                    for (threshold, sums) in self.thresholds.iter().zip(sums.chunks_mut(self.width))
                    {
                        if found.distance <= threshold.radius {
                            add(sums, &values);
                        }
                    }
                }
                self.counts_of(&sums)
            }
        }
    }

    /// The tally within each threshold around a position.
    fn walk(&self, from: Position, events: &Events) -> Vec<f64> {
        let center = Ecef::from(from).0;
        let tree = events.tree().packed();
        let many = self.thresholds.len();
        // Of what lies between a threshold and the one before it; summed up at the end.
        let mut between = vec![0.0; many * self.width];
        // Of the points of blocks that a threshold cuts, for each threshold that does.
        let mut within = vec![0.0; many * self.width];
        let mut open = vec![tree.roots()];
        while let Some(first) = open.pop() {
            let spans = tree.spans(first, center);
            for slot in 0..FAN {
                let (least, most) = (spans.least.get(slot), spans.most.get(slot));
                let (Some(&least), Some(&most)) = (least, most) else { continue };
                let out = self.thresholds.iter().filter(|t| t.bracket.longer2 < least).count();
                if out == many || least > FAR2 {
                    continue;
                }
                let cut = self.thresholds.iter().filter(|t| t.bracket.shorter2 <= most).count();
                let node = Node { number: first.number + slot, ..first };
                if out < cut {
                    if let Some(children) = tree.children(node) {
                        open.push(children);
                        continue;
                    }
                    self.cut(events, node.number, (from, center), out..cut, &mut within);
                }
                if let (Some(sums), Some(whole)) =
                    (row(&mut between, cut, self.width), self.node(node))
                {
                    add(sums, whole);
                }
            }
        }
        let mut running = vec![0.0; self.width];
        for (between, within) in between.chunks(self.width).zip(within.chunks_mut(self.width)) {
            add(&mut running, between);
            add(within, &running);
        }
        within
    }

    /// Adds the points of a block to each of the thresholds that cut it.
    fn cut(
        &self,
        events: &Events,
        number: usize,
        (from, center): (Position, [f64; 3]),
        thresholds: std::ops::Range<usize>,
        within: &mut [f64],
    ) {
        let Some(block) = events.tree().packed().block(number) else { return };
        let chords2 = block.chords2(center);
        let columns =
            self.points.get(number * self.width..(number + 1) * self.width).unwrap_or_default();
        for at in thresholds {
            let (Some(threshold), Some(sums)) =
                (self.thresholds.get(at), row(within, at, self.width))
            else {
                continue;
            };
            let inside = inside(events, block, &chords2, from, threshold);
            // Windows are asked of their own radius alone.
            let asked = if threshold.radius == self.plan.window_radius { self.width } else { 2 };
            for (sum, column) in sums.iter_mut().zip(columns).take(asked) {
                *sum +=
                    column.iter().zip(&inside).map(|(value, inside)| value * inside).sum::<f64>();
            }
        }
    }

    fn node(&self, node: Node) -> Option<&[f64]> {
        let level = self.nodes.get(node.level)?;
        level.get(node.number * self.width..(node.number + 1) * self.width)
    }

    /// What the tallies within the thresholds come to.
    fn counts_of(&self, sums: &[f64]) -> Counts {
        let of = |radius: Length| {
            let at = self.thresholds.iter().position(|threshold| threshold.radius == radius);
            at.and_then(|at| sums.get(at * self.width..(at + 1) * self.width)).unwrap_or_default()
        };
        let pair = |pair: &[f64]| match pair {
            [incidents, fatalities] => {
                Count { incidents: whole(*incidents), fatalities: u64::from(whole(*fatalities)) }
            }
            _ => Count::default(),
        };
        let window = of(self.plan.window_radius);
        let (windows, periods) = match window.get(2..) {
            Some(rest) => rest.split_at(2 * self.plan.windows.len()),
            None => (&[][..], &[][..]),
        };
        let period = |at: usize| periods.get(at).copied().map_or(0, whole);
        Counts {
            rings: self
                .plan
                .radii
                .iter()
                .map(|&radius| pair(of(radius).get(..2).unwrap_or_default()))
                .collect(),
            windows: windows.chunks(2).map(pair).collect(),
            recent: period(0),
            prior: period(1),
        }
    }
}

/// 1 for each point of a block that lies within a threshold, 0 for the others.
#[inline(always)]
fn inside(
    events: &Events,
    block: &Block,
    chords2: &[f64; BLOCK],
    from: Position,
    threshold: &Threshold,
) -> [f64; BLOCK] {
    let ChordBracket { shorter2, longer2 } = threshold.bracket;
    let mut inside = [0.0; BLOCK];
    let mut open = 0_u32;
    for (inside, &chord2) in inside.iter_mut().zip(chords2) {
        *inside = f64::from(u8::from(chord2 < shorter2));
        open += u32::from(chord2 >= shorter2) & u32::from(chord2 <= longer2);
    }
    if open > 0 {
        for (slot, index) in block.slots() {
            let (Some(&chord2), Some(event)) = (chords2.get(slot), events.list().get(index)) else {
                continue;
            };
            if (shorter2..=longer2).contains(&chord2) {
                let near = geodesic::distance(from, event.position) <= threshold.radius;
                if let Some(inside) = inside.get_mut(slot) {
                    *inside = f64::from(u8::from(near));
                }
            }
        }
    }
    inside
}

/// What one event adds to a tally.
fn tally(events: &Events, plan: &CountPlan, index: usize, values: &mut [f64]) {
    values.fill(0.0);
    let Some(event) = events.list().get(index) else { return };
    let deaths = f64::from(event.fatalities);
    let recent = event.age_days < plan.trend_days;
    let prior = (plan.trend_days..2 * plan.trend_days).contains(&event.age_days);
    let windows = plan.windows.iter().flat_map(|days| {
        let within = f64::from(u8::from(event.age_days < *days));
        [within, within * deaths]
    });
    let periods = [recent, prior].map(|within| f64::from(u8::from(within)));
    for (value, of) in
        values.iter_mut().zip([1.0, deaths].into_iter().chain(windows).chain(periods))
    {
        *value = of;
    }
}

fn add(sums: &mut [f64], more: &[f64]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

fn row(table: &mut [f64], at: usize, width: usize) -> Option<&mut [f64]> {
    table.get_mut(at * width..(at + 1) * width)
}

/// A sum of whole numbers as one; sums stay far below what a float holds exactly.
fn whole(sum: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, in range")]
    let whole = sum.clamp(0.0, f64::from(u32::MAX)) as u32;
    whole
}
