//! The built-in base map: provinces, rivers, lakes and towns of the world, as Natural Earth has them at 1:10m, for the
//! background of maps. No score depends on it. `data/derive/world.py` makes its file and describes the format.

use crate::earth::Position;
use flate2::read::ZlibDecoder;
use geo::BoundingRect;
use geo_types::{Coord, LineString, MultiLineString, Polygon, Rect};
use std::io::Read;
use std::sync::LazyLock;

/// The parts of the base map. In each, what is drawn from the least zoom comes first.
#[derive(Debug, Default, PartialEq)]
pub struct Basemap {
    /// The borders of provinces, of which none lies in or along an area of more than one claim.
    pub provinces: Vec<Mapped>,
    /// Rivers.
    pub rivers: Vec<Mapped>,
    /// Lakes, each with its shore and those of its islands.
    pub lakes: Vec<Mapped>,
    /// Towns.
    pub towns: Vec<Mapped>,
    /// The names of provinces, each in its middle.
    pub names: Vec<Mapped>,
}

/// A thing on the base map.
#[derive(Debug, PartialEq)]
pub struct Mapped {
    /// The zoom of a map on the web (tiles of 256 pixels) from which it is drawn.
    pub least_zoom: f64,
    /// Its name; empty if it has none.
    pub name: String,
    /// Its lines; of a place one line with one position.
    lines: Vec<LineString<f64>>,
    bounds: Rect<f64>,
}

impl Mapped {
    /// Its lines, in longitude and latitude.
    pub fn lines(&self) -> &[LineString<f64>] {
        &self.lines
    }

    /// Its first position.
    pub fn place(&self) -> Option<Position> {
        let at = self.lines.first()?.0.first()?;
        Position::from_degrees(at.x, at.y)
    }

    /// Its lines as an area: the first one around it, the others around its holes.
    pub fn area(&self) -> Polygon<f64> {
        let mut rings = self.lines.iter().cloned();
        let shore = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Polygon::new(shore, rings.collect())
    }

    /// The box around it.
    pub fn bounds(&self) -> Rect<f64> {
        self.bounds
    }
}

static BUILT_IN: LazyLock<Basemap> = LazyLock::new(|| {
    let packed: &[u8] = include_bytes!("../../data/basemap/world.bin");
    let mut bytes = Vec::new();
    // A test checks that the file is whole.
    match ZlibDecoder::new(packed).read_to_end(&mut bytes) {
        Ok(_) => Bytes(&bytes).basemap().unwrap_or_default(),
        Err(_) => Basemap::default(),
    }
});

impl Basemap {
    /// The base map that the program carries, unpacked on first use.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }
}

/// The steps of a degree in which places are written.
const STEPS: f64 = 1000.0;

/// The rest of the unpacked file.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    /// The whole file; `None` if it is not one.
    fn basemap(mut self) -> Option<Basemap> {
        let map = Basemap {
            provinces: self.section()?,
            rivers: self.section()?,
            lakes: self.section()?,
            towns: self.section()?,
            names: self.section()?,
        };
        self.0.is_empty().then_some(map)
    }

    fn section(&mut self) -> Option<Vec<Mapped>> {
        let mut before = (0, 0);
        (0..self.count()?).map(|_| self.mapped(&mut before)).collect()
    }

    /// A thing, whose places are told by their differences to the one before.
    fn mapped(&mut self, before: &mut (i64, i64)) -> Option<Mapped> {
        let least_zoom = f64::from(self.byte()?) / 10.0;
        let length = self.count()?;
        let (name, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let name = String::from_utf8(name.to_vec()).ok()?;
        let lines: Vec<_> = (0..self.count()?).map(|_| self.line(before)).collect::<Option<_>>()?;
        let bounds = MultiLineString(lines.clone()).bounding_rect()?;
        Some(Mapped { least_zoom, name, lines, bounds })
    }

    fn line(&mut self, before: &mut (i64, i64)) -> Option<LineString<f64>> {
        let count = self.count()?;
        let place = |_| {
            *before = (before.0 + self.difference()?, before.1 + self.difference()?);
            Some(Coord { x: degrees(before.0), y: degrees(before.1) })
        };
        (0..count).map(place).collect()
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A number in LEB128.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    /// A number that may be negative, in zigzag.
    fn difference(&mut self) -> Option<i64> {
        let number = self.number()?;
        let size = i64::try_from(number >> 1).ok()?;
        Some(if number & 1 == 0 { size } else { -size - 1 })
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most 180,000 steps")]
fn degrees(steps: i64) -> f64 {
    steps as f64 / STEPS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn town(name: &str) -> &'static Mapped {
        let mut towns = Basemap::built_in().towns.iter();
        towns.find(|town| town.name == name).unwrap_or_else(|| panic!("{name}"))
    }

    #[test]
    fn the_file_is_whole_and_every_part_lies_on_the_earth() {
        let Basemap { provinces, rivers, lakes, towns, names } = Basemap::built_in();
        for (part, least) in
            [(provinces, 5000), (rivers, 1500), (lakes, 1000), (towns, 7000), (names, 3000)]
        {
            assert!(part.len() > least, "{}", part.len());
            assert!(part.is_sorted_by(|a, b| a.least_zoom <= b.least_zoom));
            for one in part {
                let (low, high) = (one.bounds.min(), one.bounds.max());
                assert!(low.x >= -180.0 && high.x <= 180.0, "{}", one.name);
                assert!(low.y >= -90.0 && high.y <= 90.0, "{}", one.name);
                assert!((0.0..=9.0).contains(&one.least_zoom), "{}", one.name);
            }
        }
        assert!(lakes.iter().all(|lake| lake.lines.iter().all(LineString::is_closed)));
        assert!(towns.iter().chain(names).all(|place| !place.name.is_empty()));
    }

    #[test]
    fn towns_lie_where_they_are_and_large_ones_come_first() {
        for (name, lon, lat) in [
            ("Quetta", 67.02, 30.22),
            ("Bamako", -8.0, 12.65),
            ("Suva", 178.44, -18.13),
            ("Antofagasta", -70.4, -23.65),
        ] {
            let place = town(name).place().expect("a place");
            let off = (place.lon() - lon).abs().max((place.lat() - lat).abs());
            assert!(off < 0.1, "{name}: {off}");
        }
        assert!(town("Bamako").least_zoom < town("Kita").least_zoom);
        // Of a rank capitals come first, then the larger ones.
        let order = |name: &str| Basemap::built_in().towns.iter().position(|one| one.name == name);
        for (first, then) in [("Islamabad", "Peshawar"), ("Karachi", "Lahore"), ("Quetta", "Gao")] {
            assert_eq!(town(first).least_zoom, town(then).least_zoom);
            assert!(order(first) < order(then), "{first} and {then}");
        }
    }

    #[test]
    fn a_lake_is_an_area_with_its_islands() {
        let lakes = || Basemap::built_in().lakes.iter();
        let victoria = lakes().find(|lake| lake.name == "Lake Victoria").expect("the lake");
        assert!(!victoria.area().interiors().is_empty());
        let named = |name: &str| lakes().any(|lake| lake.name.contains(name));
        assert!(named("Chad") && named("Titicaca"));
    }

    #[test]
    fn no_border_of_a_province_lies_in_an_area_of_more_than_one_claim() {
        let apart = [[72.6, 32.3, 80.4, 37.0], [-17.1, 20.8, -8.7, 27.6], [33.1, 22.0, 37.2, 23.2]];
        for one in Basemap::built_in().provinces.iter().chain(&Basemap::built_in().names) {
            for at in one.lines.iter().flat_map(LineString::coords) {
                let inside = |[west, south, east, north]: &[f64; 4]| {
                    (*west..=*east).contains(&at.x) && (*south..=*north).contains(&at.y)
                };
                assert!(!apart.iter().any(inside), "{at:?} {}", one.name);
            }
        }
    }

    #[test]
    fn what_is_no_file_is_no_map() {
        let cut: &[u8] = &[1, 30, 200];
        assert_eq!(Bytes(cut).basemap(), None);
        assert_eq!(Bytes(&[0, 0, 0, 0, 0]).basemap(), Some(Basemap::default()));
        assert_eq!(Bytes(&[0, 0, 0, 0, 0, 1]).basemap(), None);
    }
}
