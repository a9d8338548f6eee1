//! Lines with fewer corners, as Douglas and Peucker make them. The parts that are left to do wait in a list, since a line
//! of any length and shape may be asked for.

use geo_types::Coord;

/// The corners of a line without those that lie no farther than a tolerance from the line without them. The first and the
/// last one stay.
pub fn simplified(line: &[Coord<f64>], tolerance: f64) -> Vec<Coord<f64>> {
    let mut stays = vec![false; line.len()];
    let mut parts = vec![(0, line.len().saturating_sub(1))];
    let mut mark = |at: usize| {
        if let Some(stays) = stays.get_mut(at) {
            *stays = true;
        }
    };
    mark(0);
    mark(line.len().saturating_sub(1));
    while let Some((first, last)) = parts.pop() {
        let Some([from, .., to]) = line.get(first..=last) else { continue };
        let inner = (first + 1..).zip(line.get(first + 1..last).unwrap_or_default());
        let far = inner.map(|(at, corner)| (at, squared_distance(*corner, *from, *to)));
        let farthest = far.max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((at, _)) = farthest.filter(|(_, far)| *far > tolerance * tolerance) {
            mark(at);
            parts.extend([(first, at), (at, last)]);
        }
    }
    line.iter().zip(stays).filter(|(_, stays)| *stays).map(|(at, _)| *at).collect()
}

/// The squared distance of a place from an edge.
fn squared_distance(at: Coord<f64>, from: Coord<f64>, to: Coord<f64>) -> f64 {
    let (edge, way) = (to - from, at - from);
    let length = edge.x * edge.x + edge.y * edge.y;
    let along = way.x * edge.x + way.y * edge.y;
    let share = if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 };
    let off = Coord { x: way.x - share * edge.x, y: way.y - share * edge.y };
    off.x * off.x + off.y * off.y
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Simplify;
    use geo_types::LineString;

    fn wave(corners: u32) -> Vec<Coord<f64>> {
        let at = |at: u32| {
            let at = f64::from(at);
            Coord { x: at * 0.7, y: libm::sin(at * 0.3) * at.sqrt() }
        };
        (0..corners).map(at).collect()
    }

    #[test]
    fn corners_are_those_that_the_library_keeps() {
        for tolerance in [0.1, 0.5, 3.0] {
            let line = wave(500);
            let due = LineString(line.clone()).simplify(tolerance).0;
            let found = simplified(&line, tolerance);
            assert_eq!(found, due, "{tolerance}");
            assert!(found.len() < line.len());
        }
    }

    #[test]
    fn a_ring_and_the_shortest_lines_are_simplified() {
        let at = |x, y| Coord { x, y };
        let ring = [at(0.0, 0.0), at(5.0, 0.1), at(10.0, 0.0), at(10.0, 9.0), at(0.0, 0.0)];
        assert_eq!(simplified(&ring, 0.5), [ring[0], ring[2], ring[3], ring[4]]);
        assert_eq!(simplified(&[], 0.5), []);
        assert_eq!(simplified(&ring[..1], 0.5), ring[..1]);
        assert_eq!(simplified(&ring[..2], 0.5), ring[..2]);
    }

    #[test]
    fn a_long_line_takes_no_stack() {
        // Each part has its farthest corner beside its end.
        let line: Vec<Coord<f64>> = (0..6_000)
            .map(|at| {
                let (at, way) = (f64::from(at), if at % 2 == 0 { 1.0 } else { -1.0 });
                Coord { x: at, y: way * (6_000.0 - at) }
            })
            .collect();
        let small = std::thread::Builder::new().stack_size(64 << 10);
        let found = small.spawn(move || simplified(&line, 0.5).len()).expect("a thread");
        assert!(found.join().expect("no overflow") > 5_900);
    }
}
