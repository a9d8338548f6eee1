//! Grid positions: references of the Military Grid Reference System (MGRS), and eastings and northings
//! with their zone of Universal Transverse Mercator (UTM) (NGA.STND.0037, 2014).

use super::digits::plain_digits;

/// A UTM zone as written in tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Zone {
    pub number: u8,
    /// The letter or word after the number.
    pub mark: Mark,
}

/// The mark after the number of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    None,
    /// A word; `true` for north, `false` for south.
    North(bool),
    /// A letter: a latitude band, or N or S for a hemisphere.
    Letter(char),
}

/// The latitude bands from 80 degrees south, 8 degrees each; the last has 12.
const BANDS: &str = "CDEFGHJKLMNPQRSTUVWX";

/// Parses a zone: `41R`, `Zone 36 S`, `UTM 19 South`, `35`, `WGS 84 / UTM zone 42N`.
pub(crate) fn read_zone(text: &str) -> Option<Zone> {
    let text = plain_digits(text.trim()).to_uppercase();
    let text = text.rsplit_once("ZONE").map_or(text.as_str(), |(_, rest)| rest);
    let text = text.rsplit_once("UTM").map_or(text, |(_, rest)| rest);
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    // Spreadsheets turn zones without a letter into numbers: 41.0.
    let rest = rest.strip_prefix(".0").unwrap_or(rest).trim_matches([' ', '-', '_', '/', '.', ',']);
    let number = digits.parse().ok().filter(|zone| (1..=60).contains(zone))?;
    let mut letters = rest.chars();
    let mark = match (letters.next(), letters.next()) {
        (None, _) => Mark::None,
        (Some(letter), None) if letter == 'N' || letter == 'S' || BANDS.contains(letter) => {
            Mark::Letter(letter)
        }
        _ => Mark::North(match super::angles::side_of(rest)? {
            super::angles::Side::North => true,
            super::angles::Side::South => false,
            _ => return None,
        }),
    };
    Some(Zone { number, mark })
}

/// The northing in meters beyond which a position cannot be in the north: that of 84 degrees north.
const NORTHMOST: f64 = 9_330_000.0;

/// The northings of band S, 32 to 40 degrees north, with a margin of half a degree.
const BAND_S: std::ops::RangeInclusive<f64> = 3_480_000.0..=4_490_000.0;

/// Zones that have land between 50 and 59 degrees south, whose southern northings are those of band S.
const LAND_IN_THE_SOUTH: [u8; 10] = [18, 19, 20, 21, 24, 25, 26, 43, 57, 58];

impl Zone {
    /// Whether a northing is in the northern hemisphere, by the mark of its zone; `None` if the mark is
    /// ambiguous.
    ///
    /// # Units
    /// Meters.
    pub fn is_north(self, northing: f64) -> Option<bool> {
        match self.mark {
            Mark::North(north) => Some(north),
            Mark::None => (northing > NORTHMOST).then_some(false),
            // 36S is band S, north of the equator, or the southern half of zone 36.
            Mark::Letter('S') if !BAND_S.contains(&northing) => Some(false),
            Mark::Letter('S') if LAND_IN_THE_SOUTH.contains(&self.number) => None,
            Mark::Letter(letter) => Some(letter >= 'N'),
        }
    }
}

/// The name of a zone's reference system.
pub(crate) fn system_name(zone: u8, north: bool) -> String {
    format!("EPSG:{}", if north { 32_600 } else { 32_700 } + u32::from(zone))
}

/// A grid position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Grid {
    pub zone: u8,
    pub north: bool,
    /// # Units
    /// Meters.
    pub east: f64,
    /// # Units
    /// Meters.
    pub north_m: f64,
    /// The width of the grid square; 0 for a point.
    ///
    /// # Units
    /// Meters.
    pub width: f64,
}

/// Whether a text begins like an MGRS reference: zone, band, two letters.
pub(crate) fn is_like_mgrs(text: &str) -> bool {
    parts(&squeezed(text)).is_some()
}

fn squeezed(text: &str) -> String {
    plain_digits(text).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// Splits a reference into zone, band, the letters of its 100 km square, and the digits within it.
fn parts(text: &str) -> Option<(u8, char, char, char, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (digits, rest) = text.split_at_checked(end)?;
    let zone = digits.parse().ok().filter(|zone| (1..=60).contains(zone) && digits.len() <= 2)?;
    let mut letters = rest.chars();
    let (band, column, row) = (letters.next()?, letters.next()?, letters.next()?);
    let is_square = |c: char| c.is_ascii_uppercase() && !matches!(c, 'I' | 'O');
    let fits = BANDS.contains(band) && is_square(column) && is_square(row) && row <= 'V';
    let within = letters.as_str();
    let even =
        within.len() % 2 == 0 && within.len() <= 10 && within.bytes().all(|b| b.is_ascii_digit());
    (fits && even).then_some((zone, band, column, row, within))
}

/// Parses a reference such as `41RML1485722208`, `41R ML 14857 22208` to the middle of its square.
///
/// # Errors
/// The fault, as a phrase that follows the value.
pub(crate) fn read_mgrs(text: &str) -> Result<Grid, String> {
    const NONE: &str = "is not a reference of the Military Grid Reference System";
    const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    const ROWS: &str = "ABCDEFGHJKLMNPQRSTUV";
    let text = squeezed(text);
    let (zone, band, column, row, within) = parts(&text).ok_or(NONE)?;
    let place = |list: &str, letter: char| list.find(letter).ok_or_else(|| NONE.to_owned());
    let number = |at: usize| f64::from(u32::try_from(at).unwrap_or(u32::MAX));
    // Column letters repeat every three zones; rows begin at A in odd zones and at F in even ones.
    let first = usize::from((zone - 1) % 3) * 8;
    let column = place(LETTERS, column)?
        .checked_sub(first)
        .filter(|column| *column < 8)
        .ok_or("names a square that its zone does not have")?;
    let shift = if zone % 2 == 0 { 15 } else { 0 };
    let row = (place(ROWS, row)? + shift) % 20;
    let (east, north) = within.split_at_checked(within.len() / 2).ok_or(NONE)?;
    let width = 1e5 / 10_f64.powi(i32::try_from(east.len()).unwrap_or(0));
    let part = |digits: &str| if digits.is_empty() { Ok(0.0) } else { digits.parse::<f64>() };
    let (east, north) =
        (part(east).map_err(|_| NONE)? * width, part(north).map_err(|_| NONE)? * width);
    // The middle of a square larger than a meter; for a square of a meter its corner.
    let middle = if width > 1.0 { width / 2.0 } else { 0.0 };
    let east = number(column + 1) * 1e5 + east + middle;
    let within_cycle = number(row) * 1e5 + north + middle;
    let is_north = band >= 'N';
    let at = place(BANDS, band)?;
    // Row letters repeat every 2,000 km, more than twice the height of a band.
    let height = if band == 'X' { 12.0 } else { 8.0 };
    let center = northing_of(number(at) * 8.0 - 80.0 + height / 2.0);
    let northing = within_cycle + ((center - within_cycle) / 2e6).round() * 2e6;
    if (northing - center).abs() > height / 2.0 * 111_700.0 + 1e5 {
        return Err("names a square that its band does not have".to_owned());
    }
    Ok(Grid { zone, north: is_north, east, north_m: northing, width })
}

/// The northing of a latitude on the central meridian, accurate to some kilometers.
///
/// # Units
/// Degrees; meters.
fn northing_of(latitude: f64) -> f64 {
    let arc = 0.9996 * (111_133.0 * latitude - 16_038.5 * libm::sin((2.0 * latitude).to_radians()));
    if latitude < 0.0 { 1e7 + arc } else { arc }
}

/// Parses `41R 414857 3222208`, `41 N 414857mE 3222208mN`; `None` if the text has another form.
pub(crate) fn read_utm(text: &str) -> Option<Result<Grid, String>> {
    let text = plain_digits(text).to_uppercase().replace([',', ';'], " ");
    let text = text.trim_start_matches("UTM").trim_start_matches([' ', ':']);
    let words: Vec<&str> = text.split_whitespace().collect();
    let (zone, east, north) = match words.as_slice() {
        [zone, east, north] => ((*zone).to_owned(), east, north),
        [number, letter, east, north] if letter.chars().all(char::is_alphabetic) => {
            (format!("{number}{letter}"), east, north)
        }
        _ => return None,
    };
    let zone = read_zone(&zone).filter(|zone| zone.mark != Mark::None)?;
    let meters = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
        digits.parse::<f64>().ok().filter(|number| *number >= 1e5 || digits.len() >= 6)
    };
    let (east, north_m) = (meters(east)?, meters(north)?);
    let north = zone.is_north(north_m).ok_or_else(|| UNCLEAR_S.to_owned());
    Some(north.map(|north| Grid { zone: zone.number, north, east, north_m, width: 0.0 }))
}

/// The message for a zone with an ambiguous S.
pub(crate) const UNCLEAR_S: &str = "may be band S, in the north, or the south; name the system: ⟦map=SECTION.crs=EPSG:326zz⟧ or 327zz";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_the_grid_are_eastings_and_northings() {
        // Computed by hand from the standard's lettering; the reference of Washington is in many guides.
        for (text, zone, north, east, northing) in [
            ("41RML1485722208", 41, true, 414_857.0, 3_022_208.0),
            ("41R MN 14857 22208", 41, true, 414_857.0, 3_222_208.0),
            ("41rmn 148 222", 41, true, 414_850.0, 3_222_250.0),
            ("18SUJ2337106519", 18, true, 323_371.0, 4_306_519.0),
            ("4QFJ1234567890", 4, true, 612_345.0, 2_367_890.0),
            ("35JPM0000000000", 35, false, 600_000.0, 7_100_000.0),
            ("56HLH3436950948", 56, false, 334_369.0, 6_250_948.0),
            ("31NAA6602100000", 31, true, 166_021.0, 0.0),
        ] {
            let grid = read_mgrs(text).expect(text);
            assert_eq!((grid.zone, grid.north), (zone, north), "{text}");
            assert_eq!((grid.east, grid.north_m), (east, northing), "{text}");
        }
        for text in
            ["41RML148572220", "61RML1485722208", "41IML1485722208", "41RAL1485722208", "pit"]
        {
            assert!(read_mgrs(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_zone_tells_its_half_of_the_earth_where_that_is_plain() {
        for (text, northing, north) in [
            ("41R", 3.2e6, Some(true)),
            ("Zone 36 S", 7.1e6, Some(false)),
            ("36S", 3.6e6, Some(true)),
            ("19S", 4.0e6, None),
            ("19 South", 4.0e6, Some(false)),
            ("35K", 7.9e6, Some(false)),
            ("WGS 84 / UTM zone 42N", 3.2e6, Some(true)),
            ("35", 7.9e6, None),
            ("35.0", 9.9e6, Some(false)),
        ] {
            let zone = read_zone(text).expect(text);
            assert_eq!(zone.is_north(northing), north, "{text}");
        }
        for text in ["A", "North", "61", "0", "12QQ", ""] {
            assert_eq!(read_zone(text), None, "{text}");
        }
    }
}
