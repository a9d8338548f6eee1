//! Hatching: slanted lines within rings, as plain lines, so that pictures and pages of a PDF draw them alike.

use super::canvas::Canvas;
use super::legend::{Row, Sign};
use super::map::Map;
use crate::layers::Collected;
use crate::layers::style::GROUND;
use std::collections::BTreeMap;

/// The distance of lines where incidents were never collected.
const APART: f64 = 13.0;

/// The width of lines.
const WIDTH: f64 = 1.0;

/// Draws the land where incidents were not collected, no longer, or by an old record only.
pub(super) fn draw(canvas: &mut Canvas, map: &Map) {
    for (collected, rings) in &map.ground.uncollected {
        let lines = lines_of(*collected, &map.all_placed(rings), 1.0);
        canvas.lines(&lines, WIDTH, GROUND.lines, None);
    }
}

/// Draws the sign in a legend.
pub(super) fn sign(canvas: &mut Canvas, (x, y): (f64, f64), collected: Collected) {
    let [left, top, right, bottom] = [x - 14.0, y - 9.0, x + 14.0, y + 9.0];
    let ring = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    canvas.areas(std::slice::from_ref(&ring), GROUND.land);
    let lines = lines_of(collected, std::slice::from_ref(&ring), 0.5);
    canvas.lines(&lines, WIDTH, GROUND.lines, None);
    canvas.lines(&[ring], 0.8, GROUND.border, None);
}

/// The rows of a legend for what of it is seen on a map.
pub(super) fn legend(map: &Map) -> Vec<Row> {
    let seen = |rings: &[Vec<(f64, f64)>]| {
        let lines = within(&map.all_placed(rings), APART);
        lines.iter().flatten().any(|at| map.shows(*at))
    };
    let seen = map.ground.uncollected.iter().filter(|(_, rings)| seen(rings));
    seen.map(|(of, _)| (Sign::Uncollected(*of), of.label().to_owned(), None)).collect()
}

fn apart(collected: Collected) -> f64 {
    match collected {
        Collected::Yes | Collected::No => APART,
        Collected::Ended => 2.0 * APART,
        Collected::Old => 1.5 * APART,
    }
}

/// The lines for land within rings, at a scale: those of an old record fall, all others rise.
fn lines_of(collected: Collected, rings: &[Vec<(f64, f64)>], scale: f64) -> Vec<Vec<(f64, f64)>> {
    let apart = scale * apart(collected);
    match collected {
        Collected::Old => mirrored(&within(&mirrored(rings), apart)),
        _ => within(rings, apart),
    }
}

fn mirrored(lines: &[Vec<(f64, f64)>]) -> Vec<Vec<(f64, f64)>> {
    lines.iter().map(|line| line.iter().map(|(x, y)| (-x, *y)).collect()).collect()
}

/// Lines from the lower left to the upper right within rings, by the even-odd rule, so far apart. They are parts of the same
/// lines whatever the rings, so that those of neighbors meet.
fn within(rings: &[Vec<(f64, f64)>], apart: f64) -> Vec<Vec<(f64, f64)>> {
    // Across the lines in their distance, and along them in pixels.
    let step = apart * std::f64::consts::SQRT_2;
    let turned = |(x, y): &(f64, f64)| ((x + y) / step, x - y);
    let mut crossed: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for ring in rings {
        for ((s, t), (u, v)) in ring.iter().map(turned).zip(ring.iter().skip(1).map(turned)) {
            // An edge has its lower end and not its upper one: at a corner a line crosses one edge.
            let (first, last) = (whole(s.min(u).ceil()), whole(s.max(u).ceil()));
            for line in first..last {
                let part = (number(line) - s) / (u - s);
                crossed.entry(line).or_default().push(t + part * (v - t));
            }
        }
    }
    let mut lines = Vec::new();
    for (line, mut along) in crossed {
        along.sort_by(f64::total_cmp);
        let across = number(line) * step;
        let place = |t: &f64| (f64::midpoint(across, *t), f64::midpoint(across, -*t));
        let pairs = along.chunks_exact(2);
        lines.extend(pairs.map(|pair| pair.iter().map(place).collect::<Vec<_>>()));
    }
    lines
}

#[expect(clippy::cast_possible_truncation, reason = "lines on a sheet: some thousands")]
fn whole(number: f64) -> i64 {
    number as i64
}

#[expect(clippy::cast_precision_loss, reason = "lines on a sheet: some thousands")]
fn number(line: i64) -> f64 {
    line as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(low: f64, high: f64) -> Vec<(f64, f64)> {
        vec![(low, low), (high, low), (high, high), (low, high), (low, low)]
    }

    #[test]
    fn lines_lie_within_rings_and_not_in_their_holes() {
        let (outer, hole) = (square(0.0, 100.0), square(40.0, 60.0));
        let lines = within(&[outer, hole], 5.0);
        assert!(lines.len() > 20);
        let length = |line: &Vec<(f64, f64)>| match line.as_slice() {
            [(x, y), (u, v)] => libm::hypot(u - x, v - y),
            _ => panic!("a line has two ends"),
        };
        for line in &lines {
            for at in 0..=10 {
                let part = f64::from(at) / 10.0;
                let [(x, y), (u, v)] = line.as_slice() else { panic!("two ends") };
                let (x, y) = (x + part * (u - x), y + part * (v - y));
                let inside =
                    |low: f64, high: f64| (low..=high).contains(&x) && (low..=high).contains(&y);
                assert!(inside(-1e-6, 100.0 + 1e-6) && !inside(40.0 + 1e-6, 60.0 - 1e-6));
            }
        }
        // As much line as area over distance, nearly.
        let all: f64 = lines.iter().map(length).sum();
        assert!((all - 9600.0 / 5.0).abs() < 100.0, "{all}");
    }

    #[test]
    fn lines_of_neighbors_meet() {
        let left = vec![(0.0, 0.0), (50.0, 0.0), (50.0, 100.0), (0.0, 100.0), (0.0, 0.0)];
        let right = vec![(50.0, 0.0), (100.0, 0.0), (100.0, 100.0), (50.0, 100.0), (50.0, 0.0)];
        let ends = |rings: &[Vec<(f64, f64)>]| -> Vec<(f64, f64)> {
            let at_edge = |(x, _): &(f64, f64)| (x - 50.0).abs() < 1e-9;
            let mut ends: Vec<_> =
                within(rings, 7.0).into_iter().flatten().filter(at_edge).collect();
            ends.sort_by(|a, b| a.1.total_cmp(&b.1));
            ends
        };
        let (one, other) = (ends(&[left]), ends(&[right]));
        assert!(one.len() > 5 && one.len() == other.len());
        assert!(one.iter().zip(&other).all(|(a, b)| (a.1 - b.1).abs() < 1e-9));
    }
}
