//! What the map of the report shows on its ground as it is enlarged: borders of provinces, rivers and lakes, in map units,
//! and the names of towns and provinces. A coarse level covers the whole map; a fine one, for the enlarged map, covers the
//! first view. Both hold what is drawn first, as much as a page can carry.

use super::ground::{MARGIN, around_the_earth, clip, frame, plain, runs, turns};
use super::view::View;
use crate::layers::Window;
use crate::model::{Basemap, Mapped};
use geo::Simplify;
use geo_types::LineString;
use serde::Serialize;
use std::collections::BTreeMap;

/// A line in map units.
type Line = Vec<(f64, f64)>;

/// What is drawn on the ground by zoom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Background {
    /// The levels, the coarse one first.
    pub levels: Vec<Level>,
}

/// Lines for a range of enlargements. An enlargement is the logarithm to base two of pixels for a map unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// The enlargement from which it is drawn.
    pub from: f64,
    /// The enlargement from which the next level is drawn.
    pub until: f64,
    /// Its lines by the enlargement from which they are drawn.
    pub steps: Vec<Step>,
}

/// What is drawn from an enlargement on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Step {
    /// The enlargement.
    pub from: f64,
    /// Borders of provinces.
    pub provinces: Vec<Line>,
    /// Rivers.
    pub rivers: Vec<Line>,
    /// Rings of lakes and of islands in them, to fill by the even-odd rule.
    pub lakes: Vec<Line>,
}

/// The names on the ground.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Places {
    /// Towns, the largest first.
    pub towns: Vec<PlaceName>,
    /// Provinces.
    pub provinces: Vec<PlaceName>,
}

/// A name: the text, its position in map units, and the enlargement from which it is drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceName(pub String, pub f64, pub f64, pub f64);

/// The enlargement at which the fine level takes over.
const FINE: f64 = 1.5;

/// How a level is made.
struct Making {
    from: f64,
    until: f64,
    /// How far past the first view it extends, in views.
    margin: f64,
    /// How far it may depart from the data, in units.
    tolerance: f64,
    /// The greatest enlargement for which it has lines.
    deepest: f64,
    /// The most positions.
    most: usize,
}

const LEVELS: [Making; 2] = [
    Making {
        from: f64::NEG_INFINITY,
        until: FINE,
        margin: MARGIN,
        tolerance: 0.2,
        deepest: FINE + 0.5,
        most: 24_000,
    },
    Making {
        from: FINE,
        until: f64::INFINITY,
        margin: 0.1,
        tolerance: 0.04,
        deepest: 7.0,
        most: 36_000,
    },
];

/// That of a still map.
const STILL: Making = Making {
    from: f64::NEG_INFINITY,
    until: f64::INFINITY,
    margin: 0.02,
    tolerance: 0.2,
    deepest: 0.0,
    most: 100_000,
};

impl Background {
    /// That of a view.
    pub fn of(view: &View) -> Self {
        Self { levels: LEVELS.iter().map(|making| Level::of(view, making)).collect() }
    }
}

impl Level {
    /// That of a still map, whose units are pixels.
    pub fn still(view: &View) -> Self {
        Self::of(view, &STILL)
    }

    /// As much as its limit allows, by the order in which things are drawn.
    fn of(view: &View, making: &Making) -> Self {
        let zoom = zoom(view);
        let mut deepest = making.deepest;
        loop {
            let steps = steps(view, making, deepest);
            let count: usize = steps.values().map(Step::positions).sum();
            if count <= making.most || deepest < -3.0 {
                let Making { from, until, .. } = *making;
                return Self { from, until, steps: steps.into_values().collect() };
            }
            // Far beyond the limit, a larger step saves drawing most of it again.
            deepest = deepest.min(9.0 - zoom) - if count > 3 * making.most { 1.0 } else { 0.4 };
        }
    }
}

impl Step {
    fn positions(&self) -> usize {
        [&self.provinces, &self.rivers, &self.lakes].into_iter().flatten().map(Vec::len).sum()
    }
}

/// The lines of a level by half steps of enlargement.
fn steps(view: &View, making: &Making, deepest: f64) -> BTreeMap<i32, Step> {
    let (map, zoom) = (Basemap::built_in(), zoom(view));
    let extent = view.around(making.margin);
    let window = Window::at(around_the_earth(view, extent), zoom + deepest);
    let edges = frame(view, extent);
    let mut steps: BTreeMap<i32, Step> = BTreeMap::new();
    let mut add = |all: &'static [Mapped], of: fn(&mut Step) -> &mut Vec<Line>, is_area: bool| {
        for one in window.of(all) {
            let half = half_steps(one.least_zoom - zoom);
            let step = steps
                .entry(half)
                .or_insert_with(|| Step { from: f64::from(half) / 2.0, ..Step::default() });
            for turned in one.lines().iter().flat_map(|line| turns(view, extent, line)) {
                let simple = |line: LineString<f64>| line.simplify(making.tolerance);
                if is_area {
                    let ring = simple(clip(&turned, edges));
                    of(step).extend((ring.0.len() > 3).then(|| plain(&ring)));
                } else {
                    let runs = runs(view, extent, &turned).into_iter();
                    of(step).extend(runs.map(|run| plain(&simple(run))));
                }
            }
        }
    };
    add(&map.provinces, |step| &mut step.provinces, false);
    add(&map.rivers, |step| &mut step.rivers, false);
    add(&map.lakes, |step| &mut step.lakes, true);
    steps
}

impl Places {
    /// Those of a view and some surroundings.
    pub fn of(view: &View) -> Self {
        let map = Basemap::built_in();
        Self { towns: names(view, &map.towns, 1_500), provinces: names(view, &map.names, 400) }
    }
}

/// The first names of a list in a view and some surroundings.
fn names(view: &View, all: &[Mapped], most: usize) -> Vec<PlaceName> {
    const AROUND: f64 = 0.3;
    let zoom = zoom(view);
    let extent = view.around(AROUND);
    let [left, top, right, bottom] = frame(view, extent);
    let seen = Window::at(around_the_earth(view, extent), zoom + 8.0);
    let named = seen.of(all).filter_map(|one| {
        let place = one.place()?;
        let (x, y) = view.place(place.lon(), place.lat());
        let is_in = (left..=right).contains(&x) && (top..=bottom).contains(&y);
        let tenths = |units: f64| (units * 10.0).round() / 10.0;
        is_in.then(|| {
            PlaceName(one.name.clone(), tenths(x), tenths(y), tenths(one.least_zoom - zoom))
        })
    });
    named.take(most).collect()
}

/// The zoom of maps on the web at which a map unit is a pixel.
fn zoom(view: &View) -> f64 {
    // A tile of 256 pixels holds the equator at zoom 0; a degree of latitude is as long as one of the equator.
    libm::log2(view.per_lat * 360.0 / 256.0)
}

#[expect(clippy::cast_possible_truncation, reason = "zooms are below 30")]
fn half_steps(enlargement: f64) -> i32 {
    (2.0 * enlargement).ceil() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::Position;

    fn view(places: &[(f64, f64)]) -> View {
        let positions = places.iter().filter_map(|(lon, lat)| Position::from_degrees(*lon, *lat));
        View::of(positions, 1200.0, 800.0)
    }

    fn named(places: &Places) -> Vec<&str> {
        places.towns.iter().map(|PlaceName(name, ..)| name.as_str()).collect()
    }

    #[test]
    fn a_country_has_more_of_its_own_than_the_world() {
        let (mali, world) = (view(&[(-11.5, 11.0), (4.0, 22.0)]), view(&[]));
        let (of_mali, of_world) = (Places::of(&mali), Places::of(&world));
        assert!(named(&of_mali).contains(&"Kita") && named(&of_mali).contains(&"Bamako"));
        assert!(named(&of_world).contains(&"Bamako") && !named(&of_world).contains(&"Kita"));
        assert!(of_mali.provinces.iter().any(|PlaceName(name, ..)| name == "Kayes"));
        for view in [mali, world] {
            for (level, making) in Background::of(&view).levels.iter().zip(&LEVELS) {
                let positions: usize = level.steps.iter().map(Step::positions).sum();
                assert!((1_000..=making.most).contains(&positions), "{positions}");
            }
        }
    }

    #[test]
    fn nothing_lies_outside_its_level() {
        for places in [vec![(62.0, 29.0), (70.0, 33.0)], vec![(178.0, -17.8), (-179.9, -16.8)]] {
            let view = view(&places);
            for (level, making) in Background::of(&view).levels.iter().zip(&LEVELS) {
                let [left, top, right, bottom] = frame(&view, view.around(making.margin));
                for ring in level.steps.iter().flat_map(|step| &step.lakes) {
                    for (x, y) in ring {
                        assert!((left - 1e-6..=right + 1e-6).contains(x), "{x}");
                        assert!((top - 1e-6..=bottom + 1e-6).contains(y), "{y}");
                    }
                }
            }
        }
    }

    #[test]
    fn towns_lie_on_both_sides_of_the_antimeridian() {
        let view = view(&[(177.5, -18.5), (-178.5, -16.0)]);
        let middle = view.place(180.0, 0.0).0;
        let places = Places::of(&view);
        assert!(named(&places).contains(&"Suva"));
        assert!(places.towns.iter().all(|PlaceName(_, x, ..)| (*x - middle).abs() < 1200.0));
        let poles = Places::of(&super::View::of(
            [Position::from_degrees(0.0, 90.0)].into_iter().flatten(),
            1200.0,
            800.0,
        ));
        assert_eq!(poles, Places::default());
    }
}
