//! Rivers with a direction: courses equal those of the networks from which random lines are drawn.

use crate::index::{Numbers, at};
use crate::made;
use geo_types::{Coord, LineString, MultiLineString};
use std::sync::Arc;
use tamarisk::earth::antimeridian::cut_lines;
use tamarisk::earth::{Length, Position, Shape, geodesic};
use tamarisk::index::{Exhaustive, Neighbors, Probe};
use tamarisk::measures::{Course, FlowFault, Receptors};
use tamarisk::model::{Receptor, ReceptorKind};

/// A longitude in range.
fn wrapped(lon: f64) -> f64 {
    if lon > 180.0 { lon - 360.0 } else { lon }
}

fn place([lon, lat]: [f64; 2]) -> Position {
    at(wrapped(lon), lat)
}

pub fn line(positions: &[[f64; 2]]) -> Shape {
    let line = positions.iter().map(|&[x, y]| Coord { x, y }).collect();
    Shape::Lines(cut_lines(&MultiLineString(vec![LineString(line)])).expect("a line"))
}

pub fn river(id: &str, next: Option<&str>, positions: &[[f64; 2]]) -> Receptor {
    Receptor {
        id: id.into(),
        next_down: next.map(Into::into),
        shape: line(positions),
        ..made::point(ReceptorKind::Rivers)
    }
}

pub fn indexed(mut list: Vec<Receptor>) -> Receptors {
    list.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.id.cmp(&b.id)));
    Receptors::new(Arc::new(list), [])
}

pub fn course(receptors: &Receptors, from: Position, km: f64) -> Option<Course> {
    receptors.course(&Probe::point(from), Length::from_km(5.0), Length::from_km(km))
}

/// A reach as its network knows it: positions downstream, and where it goes.
struct Truth {
    positions: Vec<[f64; 2]>,
    next: Option<usize>,
}

/// A tree of reaches that grows upstream from a mouth. Reaches join at the start of a reach, or at any of its
/// positions.
fn grown(n: &mut Numbers, mouth: [f64; 2], count: usize) -> Vec<Truth> {
    let mut all: Vec<Truth> = Vec::new();
    while all.len() < count {
        let next = (!all.is_empty()).then(|| (n.next() * all.len() as f64) as usize);
        let mut here = match next {
            None => mouth,
            Some(next) => {
                let into = &all[next].positions;
                // The last position of a reach is the place at which that one joins another.
                let joins =
                    if n.next() < 0.7 { 0 } else { (n.next() * (into.len() - 1) as f64) as usize };
                into[joins]
            }
        };
        let mut heading = n.between(0.0, 6.3);
        let mut upstream = vec![here];
        for _ in 0..2 + (n.next() * 6.0) as usize {
            heading += n.between(-0.7, 0.7);
            let step = n.between(0.005, 0.06);
            here = [here[0] + step * heading.cos(), here[1] + step * heading.sin()];
            upstream.push(here);
        }
        upstream.reverse();
        all.push(Truth { positions: upstream, next });
    }
    all
}

/// The nearest place to a position on a line, by the line's edges one by one: the edge, and the place.
fn nearest_edge(positions: &[[f64; 2]], to: Position) -> (usize, Position, f64) {
    let edges = positions.windows(2).enumerate();
    let found = edges.map(|(edge, ends)| {
        let found = Exhaustive::new(&[line(ends)]).nearest(&Probe::point(to), 1)[0];
        (edge, found.to, found.distance.meters())
    });
    found.min_by(|a, b| a.2.total_cmp(&b.2)).expect("an edge")
}

/// The length of an edge that is straight in degrees, in meters: the sum of a hundred parts.
fn length([a, b]: [f64; 2], [c, d]: [f64; 2]) -> f64 {
    let at = |step: u32| {
        let share = f64::from(step) / 100.0;
        place([a + share * (c - a), b + share * (d - b)])
    };
    (0..100).map(|step| geodesic::distance(at(step), at(step + 1)).meters()).sum()
}

/// The course from a place, walked along the true positions: its corners, and its length in meters up to each.
fn walked(truth: &[Truth], reach: usize, from: Position, most: f64) -> Vec<(Position, f64)> {
    let mut corners = vec![(from, 0.0)];
    let mut passed = Vec::new();
    let (mut reach, mut here) = (Some(reach), from);
    while let Some(now) = reach.filter(|now| !passed.contains(now)) {
        passed.push(now);
        let (edge, foot, _) = nearest_edge(&truth[now].positions, here);
        assert!(geodesic::distance(here, foot).meters() < 0.01);
        // The corner before the first is the foot, in the same turn of longitude.
        let mut from = [foot.lon(), foot.lat()];
        for &next in &truth[now].positions[edge + 1..] {
            if next[0] - from[0] > 180.0 {
                from[0] += 360.0;
            }
            let (_, so_far) = *corners.last().expect("a corner");
            corners.push((place(next), so_far + length(from, next)));
            from = next;
        }
        here = corners.last().expect("a corner").0;
        reach = truth[now].next;
    }
    corners.retain(|(_, meters)| *meters < most);
    corners
}

#[test]
fn courses_follow_random_networks_as_they_were_grown() {
    let mut n = Numbers(31);
    let (mut met, mut missed, mut long) = (0, 0, 0);
    for (round, mouth) in [[10.0, 5.0], [179.97, -16.0], [25.0, 69.0], [-65.0, -40.0]]
        .into_iter()
        .cycle()
        .take(24)
        .enumerate()
    {
        let mut truth = grown(&mut n, mouth, 40);
        // In every third network the mouth flows back into another reach, and in every third it leaves the map.
        let circle = round % 3 == 1;
        if circle {
            // Not into a reach that joins the mouth itself: with both ends at the next reach, either way is right.
            let mut draws = std::iter::repeat_with(|| 1 + (n.next() * 38.0) as usize);
            let back = draws.find(|&back| truth[back].next != Some(0)).expect("a reach");
            let mut end = truth[back].positions[0];
            end[0] += 1e-9;
            truth[0].positions.push(end);
            truth[0].next = Some(back);
        }
        let rivers = truth.iter().enumerate().map(|(reach, known)| {
            let mut drawn = known.positions.clone();
            let touched = truth
                .iter()
                .any(|other| other.next == Some(reach) && other.positions.last() == drawn.first());
            // The direction of a last reach is known by a reach above that touches it, and otherwise as drawn.
            if (known.next.is_some() || touched) && n.next() < 0.5 {
                drawn.reverse();
            }
            let next = match known.next {
                Some(next) => format!("{next:03}"),
                None if round % 3 == 2 => "777".into(),
                None => "0".into(),
            };
            river(&format!("{reach:03}"), Some(&next), &drawn)
        });
        let rivers: Vec<Receptor> = rivers.collect();
        let shapes: Vec<Shape> = rivers.iter().map(|river| river.shape.clone()).collect();
        let brute = Exhaustive::new(&shapes);
        let receptors = indexed(rivers);
        let faults: Vec<_> = receptors.flow_faults().collect();
        match round % 3 {
            0 => assert_eq!(faults, []),
            1 => assert!(matches!(faults.as_slice(), [(0, FlowFault::Circle(2..))]), "{faults:?}"),
            _ => assert_eq!(faults, [(0, FlowFault::NoSuchReach)]),
        }
        for _ in 0..30 {
            let from = place([mouth[0] + n.between(-0.3, 0.3), mouth[1] + n.between(-0.3, 0.3)]);
            let due = brute.within(&Probe::point(from), Length::from_km(5.0));
            let most = n.between(1.0, 60.0);
            let found = course(&receptors, from, most);
            let (Some(due), Some(found)) = (due.first(), &found) else {
                assert!(due.is_empty() && found.is_none(), "{due:?} {found:?}");
                missed += 1;
                continue;
            };
            met += 1;
            assert_eq!((found.river, found.snapped), (due.index, due.distance));
            let corners = walked(&truth, due.index, due.to, most * 1000.0);
            let (last, meters) = *corners.last().expect("a corner");
            let length = found.way.length().meters();
            // Beyond the last corner within the limit the way goes on to the limit or ends there.
            let ended = (length - meters).abs() < 0.01;
            assert!(ended || (length - most * 1000.0).abs() < 0.01, "{length} {meters} {most}");
            let ends: Vec<Position> = found.way.edges().map(|ends| ends[1]).collect();
            for (corner, meters) in corners.iter().skip(1).filter(|corner| corner.1 > 0.0) {
                let near = ends.iter().map(|end| geodesic::distance(*end, *corner).meters());
                assert!(near.fold(f64::INFINITY, f64::min) < 0.01, "{corner} at {meters}");
                long += 1;
            }
            assert!(
                !ended || geodesic::distance(*ends.last().expect("an edge"), last).meters() < 0.01
            );
        }
    }
    assert!(met > 300 && missed > 50 && long > 2_000, "{met} {missed} {long}");
}

#[test]
fn what_is_no_network_gives_no_course() {
    let west = [[10.0, 5.0], [10.1, 5.0]];
    let of = |rivers: Vec<Receptor>| {
        let receptors = indexed(rivers);
        let faults: Vec<_> = receptors.flow_faults().map(|(_, fault)| fault).collect();
        (course(&receptors, at(10.05, 5.01), 50.0).map(|course| course.way.length().km()), faults)
    };
    assert_eq!(of(vec![river("a", None, &west)]), (None, vec![]), "without next ids");
    assert_eq!(of(vec![river("a", Some("0"), &west)]), (None, vec![]), "all of which say none");
    let (length, faults) = of(vec![river("a", Some("a"), &west)]);
    assert!((length.expect("a course") - 5.545).abs() < 0.01, "{length:?}");
    assert_eq!(faults, [FlowFault::Circle(1)]);
    let lake = Receptor { id: "b".into(), ..made::point(ReceptorKind::Rivers) };
    assert_eq!(of(vec![river("a", Some("b"), &west), lake]).1, [FlowFault::NoLine]);
    // Whole numbers with and without a point; a gap of 3 km is crossed and counts, one of 11 km ends the course.
    let east = |lon: f64| [[lon, 5.0], [lon + 0.1, 5.0]];
    for (id, next, lon, km) in
        [("12", "12.0", 10.1, 16.63), ("7.0", "7", 10.127, 19.63), ("x", "x", 10.2, 5.545)]
    {
        let (length, faults) =
            of(vec![river("a", Some(next), &west), river(id, Some("-1"), &east(lon))]);
        assert_eq!(faults, []);
        assert!((length.expect("a course") - km).abs() < 0.02, "{id}: {length:?}");
    }
}
