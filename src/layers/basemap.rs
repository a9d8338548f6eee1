//! The layers `provinces`, `rivers`, `lakes`, `towns` and `province_names`: the built-in base map besides land and
//! borders. Each thing has the zoom from which it is drawn, so that a map shows more of them as it is enlarged.

use super::base::touches;
use super::{Digits, Layer, Table};
use crate::earth::Position;
use crate::model::type_words::fold;
use crate::model::{Basemap, Mapped};
use geo_types::{MultiLineString, MultiPolygon};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What of the base map touches a box and is drawn from certain zooms on.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// The box: west, south, east, north; west may be greater than east.
    pub within: [f64; 4],
    /// The least zooms, those of maps on the web: past the first, and up to the second.
    pub zooms: [f64; 2],
}

impl Window {
    /// What is drawn in a box at a zoom.
    pub fn at(within: [f64; 4], zoom: f64) -> Self {
        Self { within, zooms: [-1.0, zoom] }
    }

    /// The part of a list that it shows.
    pub fn of<'m>(&self, all: &'m [Mapped]) -> impl Iterator<Item = &'m Mapped> + use<'m> {
        let Self { within, zooms: [past, most] } = *self;
        let from = all.partition_point(|one| one.least_zoom <= past);
        let drawn = all.iter().skip(from).take_while(move |one| one.least_zoom <= most);
        drawn.filter(move |one| touches(within, one.bounds()))
    }

    /// All layers, from the top of a map to the bottom.
    pub fn layers<'a>(&self) -> [Layer<'a>; 5] {
        let map = Basemap::built_in();
        [
            self.points("towns", table("A town"), &map.towns),
            self.points("province_names", names(), &map.names),
            self.lines("provinces", &map.provinces),
            self.lines("rivers", &map.rivers),
            self.areas("lakes", &map.lakes),
        ]
    }

    fn points<'a>(
        &self,
        name: &'static str,
        table: Table<'a, &'static Mapped>,
        all: &'static [Mapped],
    ) -> Layer<'a> {
        let found: Vec<_> = self.of(all).filter_map(|one| Some((one, one.place()?))).collect();
        Layer::points(name, table, found.len(), move |at| {
            let (one, place) = *found.get(at)?;
            Some((number(at), place, one))
        })
    }

    fn lines<'a>(&self, name: &'static str, all: &'static [Mapped]) -> Layer<'a> {
        let found: Vec<_> = self.of(all).collect();
        Layer::lines(name, table("A line"), found.len(), move |at| {
            let one = *found.get(at)?;
            Some((number(at), Cow::Owned(MultiLineString(one.lines().to_vec())), one))
        })
    }

    fn areas<'a>(&self, name: &'static str, all: &'static [Mapped]) -> Layer<'a> {
        let found: Vec<_> = self.of(all).collect();
        Layer::polygons(name, table("An area"), found.len(), move |at| {
            let one = *found.get(at)?;
            Some((number(at), Cow::Owned(MultiPolygon(vec![one.area()])), one))
        })
    }
}

/// The zoom at which a box fits a map of a usual size, 1,200 pixels wide.
pub fn fitting_zoom([west, south, east, north]: [f64; 4]) -> f64 {
    const PIXELS: f64 = 1200.0;
    let width = if west <= east { east - west } else { east - west + 360.0 };
    let degrees = width.max(1.5 * (north - south)).max(0.01);
    libm::log2(360.0 / degrees * PIXELS / 256.0)
}

fn number(at: usize) -> String {
    (at + 1).to_string()
}

fn table<'a>(what: &str) -> Table<'a, &'static Mapped> {
    Table::new()
        .text("name", &format!("{what}'s name, as Natural Earth has it"), |one: &&Mapped| {
            Some(one.name.as_str())
        })
        .number(
            "least_zoom",
            Digits::Decimals(1),
            None,
            "The zoom of a map on the web, with tiles of 256 pixels, from which it is drawn",
            |one: &&Mapped| Some(one.least_zoom),
        )
}

/// The table of names of provinces.
fn names<'a>() -> Table<'a, &'static Mapped> {
    table("The middle of a province").number(
        "town_zoom",
        Digits::Decimals(1),
        None,
        "The zoom from which a town of the same name is drawn near it, so that the name would stand twice; empty if there is none",
        |one: &&Mapped| town_zoom(one),
    )
}

/// The least zoom of a town of the name of a province, within a few degrees of its middle.
fn town_zoom(province: &Mapped) -> Option<f64> {
    const NEAR: f64 = 4.0;
    static TOWNS: LazyLock<HashMap<String, Vec<&Mapped>>> = LazyLock::new(|| {
        let mut towns: HashMap<String, Vec<&Mapped>> = HashMap::new();
        for town in &Basemap::built_in().towns {
            towns.entry(fold(&town.name)).or_default().push(town);
        }
        towns
    });
    let middle = province.place()?;
    let near = |town: &&&Mapped| {
        let apart = |at: Position| {
            let aside = (at.lon() - middle.lon() + 540.0).rem_euclid(360.0) - 180.0;
            aside.abs().max((at.lat() - middle.lat()).abs())
        };
        town.place().is_some_and(|at| apart(at) < NEAR)
    };
    let same = TOWNS.get(&fold(&province.name))?.iter().filter(near);
    same.map(|town| town.least_zoom).min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::Property;

    fn names(layer: &Layer<'_>) -> Vec<String> {
        let name = |at| match layer.value(at, 0) {
            Some(Property::Text(name)) => Some(name),
            _ => None,
        };
        (0..layer.len()).filter_map(name).collect()
    }

    #[test]
    fn a_window_shows_more_when_it_is_nearer() {
        let within = [60.0, 26.0, 70.0, 33.0];
        let towns = |zoom| names(&Window::at(within, zoom).layers()[0]);
        let (far, near) = (towns(5.3), towns(9.0));
        assert!(far.contains(&"Quetta".to_owned()) && !far.contains(&"Nushki".to_owned()));
        assert!(near.len() > 2 * far.len() && far.iter().all(|name| near.contains(name)));
        let [_, provinces, borders, rivers, _] = Window::at(within, 7.0).layers();
        assert!(names(&provinces).contains(&"Balochistan".to_owned()), "{:?}", names(&provinces));
        assert!(!borders.is_empty());
        assert!(names(&rivers).contains(&"Indus".to_owned()), "{:?}", names(&rivers));
    }

    #[test]
    fn a_window_over_the_antimeridian_has_both_sides_and_nothing_else() {
        let towns = Window::at([176.0, -20.0, -178.0, -14.0], 9.0);
        let found = names(&towns.layers()[0]);
        assert!(found.contains(&"Suva".to_owned()), "{found:?}");
        let around = Window::at([170.0, -25.0, -170.0, -10.0], 9.0);
        for one in around.of(&Basemap::built_in().towns) {
            let place = one.place().expect("a place");
            assert!(place.lon().abs() >= 170.0 && (-25.0..=-10.0).contains(&place.lat()));
        }
        let poles = Window::at([-180.0, 89.0, 180.0, 90.0], 9.0);
        assert!(poles.layers().iter().all(Layer::is_empty));
    }

    #[test]
    fn a_province_knows_the_town_of_its_name() {
        let mali = Window::at([-12.0, 10.0, 4.0, 25.0], 9.0);
        let zoom = |name: &str| {
            let named = |one: &&&Mapped| fold(&one.name) == name;
            mali.of(&Basemap::built_in().names)
                .collect::<Vec<_>>()
                .iter()
                .find(named)
                .map(|of| town_zoom(of))
        };
        let (both, alone) = (zoom("mopti"), zoom("hodh ech chargui"));
        assert!(both.flatten().is_some_and(|zoom| zoom < 8.0), "{both:?}");
        assert_eq!(alone, Some(None));
    }

    #[test]
    fn a_wider_box_fits_at_a_lesser_zoom() {
        let world = fitting_zoom([-180.0, -60.0, 180.0, 75.0]);
        assert!((2.0..2.4).contains(&world), "{world}");
        let fiji = fitting_zoom([177.0, -19.0, -179.0, -16.0]);
        assert!((8.0..9.2).contains(&fiji), "{fiji}");
    }
}
