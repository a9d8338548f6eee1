//! The square of Web Mercator and its tiles, as the tile matrix set WebMercatorQuad (OGC 17-083r4, D.1) has them.

use crate::serve::problem::{Kind, Problem};
use geo_types::Coord;

/// The last zoom.
pub const DEEPEST: u8 = 22;

/// The units along each side of a tile.
pub const EXTENT: i32 = 4096;

/// How many units of its neighbors a tile has on each side.
pub const BUFFER: i32 = 64;

/// The latitude at which the square ends in the north; in the south it is the same.
pub const NORTH: f64 = 85.051_128_779_806_6;

/// Past this latitude a place is in no tile and not in the buffer of one, wherever it is put.
const FARTHEST: f64 = 89.9;

/// A tile: its zoom, its column from the west and its row from the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// The zoom.
    pub z: u8,
    /// The column.
    pub x: u32,
    /// The row.
    pub y: u32,
}

/// Longitude and latitude in the square, whose sides are 1 and whose origin is in the north-west.
fn square(at: Coord<f64>) -> Coord<f64> {
    let tan = libm::tan(at.y.clamp(-FARTHEST, FARTHEST).to_radians());
    Coord { x: at.x / 360.0 + 0.5, y: 0.5 - libm::asinh(tan) / std::f64::consts::TAU }
}

/// The latitude of a place in the square.
fn latitude(y: f64) -> f64 {
    libm::atan(libm::sinh((0.5 - y) * std::f64::consts::TAU)).to_degrees()
}

impl Tile {
    /// The tile that a path names.
    ///
    /// # Errors
    /// The words are not the numbers of a tile.
    pub fn of(z: &str, x: &str, y: &str) -> Result<Self, Problem> {
        let number = |word: &str| {
            let digits = word.bytes().all(|byte| byte.is_ascii_digit());
            word.parse::<u32>().ok().filter(|_| digits)
        };
        let refuse = |what: &str, word: &str, last: u32| {
            let detail = format!("{what} {word:?} is none of the numbers 0 to {last}");
            Problem::new(Kind::NoSuchTile, detail)
        };
        let zoom = number(z).and_then(|z| u8::try_from(z).ok()).filter(|z| *z <= DEEPEST);
        let z = zoom.ok_or_else(|| refuse("zoom", z, DEEPEST.into()))?;
        let last = (1 << z) - 1;
        let along = |what, word| {
            number(word).filter(|at| *at <= last).ok_or_else(|| refuse(what, word, last))
        };
        Ok(Self { z, x: along("column", x)?, y: along("row", y)? })
    }

    /// The tiles along each side of the square.
    fn side(self) -> f64 {
        f64::from(1_u32 << self.z)
    }

    /// A place in units of the tile from its north-west corner, so many turns to the east of where it is.
    pub fn units(self, at: Coord<f64>, turns: i32) -> Coord<f64> {
        let (at, side) = (square(at), self.side());
        Coord {
            x: ((at.x + f64::from(turns)) * side - f64::from(self.x)) * f64::from(EXTENT),
            y: (at.y * side - f64::from(self.y)) * f64::from(EXTENT),
        }
    }

    /// The unit in which a point lies; `None` beyond the square. Each point of the square is in one unit of one tile.
    pub fn place(self, at: Coord<f64>, turns: i32) -> Option<Coord<i32>> {
        let is_on = (0.0..1.0).contains(&square(at).y);
        let units = self.units(at, turns);
        is_on.then(|| Coord { x: whole(units.x.floor()), y: whole(units.y.floor()) })
    }

    /// West, south, east and north of the tile with its buffer among the places that lie so many turns to the west of
    /// it; `None` if there are none.
    pub fn around(self, turns: i32) -> Option<[f64; 4]> {
        // One unit more than the buffer, since places are rounded.
        let (side, margin) = (self.side(), f64::from(BUFFER + 1) / f64::from(EXTENT));
        let longitude = |x: f64| (x / side - 0.5 - f64::from(turns)) * 360.0;
        let west = longitude(f64::from(self.x) - margin).max(-180.0);
        let east = longitude(f64::from(self.x + 1) + margin).min(180.0);
        let north = latitude((f64::from(self.y) - margin) / side);
        let south = latitude((f64::from(self.y + 1) + margin) / side);
        (west <= east).then_some([west, south, east, north])
    }
}

/// A coordinate in units as a whole number. What lies outside the buffer is cut off before, so it is never large.
#[expect(clippy::cast_possible_truncation, reason = "clamped to what an i32 has")]
pub fn whole(units: f64) -> i32 {
    units.clamp(-1e9, 1e9) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tile of a place by the formula of textbooks.
    fn slippy(z: u8, lon: f64, lat: f64) -> (f64, f64) {
        let side = 2_f64.powi(z.into());
        let (lat, pi) = (lat.to_radians(), std::f64::consts::PI);
        let y = (1.0 - libm::log(libm::tan(lat) + 1.0 / libm::cos(lat)) / pi) / 2.0 * side;
        ((lon + 180.0) / 360.0 * side, y)
    }

    #[test]
    fn places_lie_where_the_formula_says() {
        for z in [0, 3, 14, 22] {
            for (lon, lat) in [(67.1, 30.2), (-179.99, -17.5), (0.0, 0.0), (13.4, 85.0)] {
                let (x, y) = slippy(z, lon, lat);
                let number = |at: f64| u32::try_from(whole(at)).expect("a tile");
                let tile = Tile { z, x: number(x), y: number(y) };
                let at = tile.units(Coord { x: lon, y: lat }, 0);
                let due = ((x - x.floor()) * 4096.0, (y - y.floor()) * 4096.0);
                assert!((at.x - due.0).abs() < 1e-3 && (at.y - due.1).abs() < 1e-3, "{z} {at:?}");
                let [west, south, east, north] = tile.around(0).expect("a box");
                assert!(west < lon && lon < east && south < lat && lat < north);
            }
        }
    }

    #[test]
    fn only_tiles_at_the_seam_have_places_of_the_other_side() {
        let at = |z, x| Tile { z, x, y: 1 };
        assert_eq!([-1, 0, 1].map(|turns| at(2, 1).around(turns).is_some()), [false, true, false]);
        assert_eq!([-1, 0, 1].map(|turns| at(2, 0).around(turns).is_some()), [true, true, false]);
        assert_eq!([-1, 0, 1].map(|turns| at(2, 3).around(turns).is_some()), [false, true, true]);
        let [west, _, east, _] = at(2, 0).around(-1).expect("a box");
        assert!(west < 180.0 && west > 178.0 && east == 180.0, "{west} {east}");
        let whole = Tile { z: 0, x: 0, y: 0 };
        assert_eq!([-1, 0, 1].map(|turns| whole.around(turns).is_some()), [true; 3]);
    }

    #[test]
    fn words_that_name_no_tile_are_refused() {
        assert_eq!(Tile::of("2", "3", "0").expect("a tile"), Tile { z: 2, x: 3, y: 0 });
        for (z, x, y) in [
            ("23", "0", "0"),
            ("2", "4", "0"),
            ("2", "0", "4"),
            ("", "0", "0"),
            ("2", "+1", "0"),
            ("-1", "0", "0"),
            ("2", "1.0", "0"),
            ("2", "99999999999", "0"),
            ("258", "0", "0"),
        ] {
            let problem = Tile::of(z, x, y).expect_err("no tile");
            assert_eq!(problem.kind, Kind::NoSuchTile, "{z}/{x}/{y}");
        }
    }
}
