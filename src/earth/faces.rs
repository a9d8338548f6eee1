//! Turns the edges around a region into polygons that are valid under OGC Simple Features: each polygon
//! is connected, and no ring passes a corner twice.
//!
//! Every edge has the region on its left. At a corner where several edges begin, the walk takes the one
//! that comes first clockwise from the incoming edge, which keeps to the same part of the region; so a
//! walk goes around a connected part. Where it passes a corner twice it is cut into rings.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A corner in integer coordinates.
pub(super) type Corner = (i32, i32);

/// The corners of a ring, the first not repeated.
pub(super) type Ring = Vec<Corner>;

/// Returns the polygons of a region, each a counterclockwise exterior and its clockwise holes.
pub(super) fn faces(mut edges: Vec<[Corner; 2]>) -> Vec<Vec<Ring>> {
    edges.sort_unstable();
    let mut walked = vec![false; edges.len()];
    let mut faces: Vec<Vec<Ring>> = Vec::new();
    let mut holes: Vec<Ring> = Vec::new();
    for start in 0..edges.len() {
        let mut walk = Walk::default();
        let mut at = start;
        while walked.get(at) == Some(&false) {
            let (Some(flag), Some([from, to])) = (walked.get_mut(at), edges.get(at)) else { break };
            *flag = true;
            let first = edges.partition_point(|[begin, _]| begin < to);
            let here = edges.get(first..).unwrap_or_default();
            let many = here.iter().take_while(|[begin, _]| begin == to).count();
            walk.push(*from);
            walk.forked = many > 1;
            let next = here.iter().take(many).enumerate().min_by(|(_, [_, a]), (_, [_, b])| {
                clockwise(way(*to, *from), way(*to, *a), way(*to, *b))
            });
            let Some((next, _)) = next else { break };
            at = first + next;
        }
        let (exteriors, inner) = walk.finish();
        let mut exteriors = exteriors.into_iter();
        match exteriors.next() {
            Some(exterior) => faces.push(std::iter::once(exterior).chain(inner).collect()),
            None => holes.extend(inner),
        }
        faces.extend(exteriors.map(|exterior| vec![exterior]));
    }
    put_in(&mut faces, holes);
    faces
}

/// A walk along edges: the corners passed, and the rings cut off so far.
#[derive(Default)]
struct Walk {
    path: Ring,
    /// Whether the next corner has several edges and may be passed again.
    forked: bool,
    /// The corners on the path with several edges, and their indices in it.
    forks: BTreeMap<Corner, usize>,
    rings: Vec<Ring>,
}

impl Walk {
    fn push(&mut self, corner: Corner) {
        // The first corner is not yet known to be a fork, and closing the walk there does not count as a
        // second passing.
        if self.forked {
            self.cut_at(corner);
            self.forks.insert(corner, self.path.len());
        }
        self.path.push(corner);
    }

    /// Cuts off the ring that closes at a corner.
    fn cut_at(&mut self, corner: Corner) {
        if let Some(&from) = self.forks.get(&corner) {
            let ring = self.path.split_off(from);
            for corner in &ring {
                self.forks.remove(corner);
            }
            self.rings.push(ring);
        }
    }

    /// Returns the exteriors and the holes.
    fn finish(mut self) -> (Vec<Ring>, Vec<Ring>) {
        // The first corner may be a fork that the walk passed in between.
        if let Some(first) = self.path.first().copied()
            && let Some(again) = self.path.iter().skip(1).position(|corner| *corner == first)
        {
            let ring = self.path.split_off(again + 1);
            self.rings.push(ring);
        }
        self.rings.push(self.path);
        self.rings
            .into_iter()
            .filter(|ring| ring.len() > 2)
            .partition(|ring| doubled_area(ring) > 0)
    }
}

/// Twice the signed area of a ring; positive if it runs counterclockwise.
pub(super) fn doubled_area(ring: &[Corner]) -> i128 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| cross(wide(*a), wide(*b))).sum()
}

/// Assigns holes that touch no exterior to the smallest polygon around them.
fn put_in(faces: &mut [Vec<Ring>], holes: Vec<Ring>) {
    let exteriors: Vec<(i128, [i32; 4], usize)> = (faces.iter().enumerate())
        .filter_map(|(at, face)| {
            let exterior = face.first()?;
            Some((doubled_area(exterior), bounds(exterior), at))
        })
        .collect();
    for hole in holes {
        let Some(&corner) = hole.first() else { continue };
        let around = |(_, [west, south, east, north], at): &&(i128, [i32; 4], usize)| {
            let within =
                *west < corner.0 && corner.0 < *east && *south < corner.1 && corner.1 < *north;
            within && faces.get(*at).and_then(|face| face.first()).is_some_and(|e| holds(e, corner))
        };
        let home =
            exteriors.iter().filter(around).min_by_key(|(area, ..)| *area).map(|(.., at)| *at);
        if let Some(face) = home.and_then(|at| faces.get_mut(at)) {
            face.push(hole);
        }
    }
}

fn bounds(ring: &[Corner]) -> [i32; 4] {
    let start = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
    ring.iter().fold(start, |[w, s, e, n], (x, y)| [w.min(*x), s.min(*y), e.max(*x), n.max(*y)])
}

/// Whether a ring encloses a corner that does not lie on it.
fn holds(ring: &[Corner], corner: Corner) -> bool {
    let mut inside = false;
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let side = cross(way(*a, *b), way(*a, corner));
        let (low, high) = (a.1.min(b.1), a.1.max(b.1));
        let beside = low <= corner.1 && corner.1 <= high;
        if side == 0 && beside && a.0.min(b.0) <= corner.0 && corner.0 <= a.0.max(b.0) {
            return false;
        }
        if (a.1 > corner.1) != (b.1 > corner.1) && (side > 0) == (b.1 > a.1) {
            inside = !inside;
        }
    }
    inside
}

/// Orders two directions clockwise from a third.
fn clockwise(from: Way, a: Way, b: Way) -> Ordering {
    let half = |to: Way| match cross(from, to).cmp(&0) {
        Ordering::Less => 0,
        Ordering::Equal if dot(from, to) < 0 => 1,
        Ordering::Greater => 2,
        Ordering::Equal => 3,
    };
    half(a).cmp(&half(b)).then_with(|| cross(a, b).cmp(&0))
}

type Way = (i128, i128);

fn wide((x, y): Corner) -> Way {
    (i128::from(x), i128::from(y))
}

fn way(from: Corner, to: Corner) -> Way {
    let (from, to) = (wide(from), wide(to));
    (to.0 - from.0, to.1 - from.1)
}

fn cross(a: Way, b: Way) -> i128 {
    a.0 * b.1 - a.1 * b.0
}

fn dot(a: Way, b: Way) -> i128 {
    a.0 * b.0 + a.1 * b.1
}
