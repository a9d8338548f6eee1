//! Checks a position against its record's country: inside the named country, near enough to its border, off
//! its coast, or in a territory that goes by its name.
//!
//! One tolerance is used everywhere: for findings about a file, for the country of a site, and for where
//! incidents count as collected.

use super::{Countries, Country, CountryCode};
use crate::earth::{Length, Position};
use std::sync::LazyLock;

/// How far outside a mapped border a position may lie and still count as in the country, since the border
/// itself may be off by as much.
///
/// Natural Earth 1:50m is generalized for page-sized maps. Of 144,563 places of GeoNames, 4,411 lie outside
/// the shape of their own country, and 4,136 of those within 30 km of it. Nearly all the others lie on
/// islands that the map leaves out or in areas that two countries claim.
pub const BORDER_TOLERANCE: Length = Length::from_km(30.0);

/// How far off a coast an incident at sea counts for the country: 200 nautical miles, the breadth of an
/// exclusive economic zone (UNCLOS, article 57).
pub const OFF_SHORE: Length = Length::from_km(370.4);

/// A position less accurate than this cannot contradict the named country.
const ANYWHERE: Length = Length::from_km(1000.0);

/// Two coasts closer to each other than this are one coast, drawn twice.
const SAME_COAST_KM: f64 = 0.001;

/// Most countries kept for a position.
const MOST: usize = 4;

/// A few countries; excess ones are dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Codes {
    list: [Option<CountryCode>; MOST],
}

impl Codes {
    fn push(&mut self, code: CountryCode) {
        if !self.contains(code)
            && let Some(free) = self.list.iter_mut().find(|slot| slot.is_none())
        {
            *free = Some(code);
        }
    }

    fn one(code: CountryCode) -> Self {
        let mut codes = Self::default();
        codes.push(code);
        codes
    }

    /// The countries in order.
    pub fn iter(&self) -> impl Iterator<Item = CountryCode> {
        self.list.into_iter().flatten()
    }

    /// Whether a country is included.
    pub fn contains(&self, code: CountryCode) -> bool {
        self.list.contains(&Some(code))
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.list.iter().all(Option::is_none)
    }
}

impl FromIterator<CountryCode> for Codes {
    fn from_iter<I: IntoIterator<Item = CountryCode>>(codes: I) -> Self {
        let mut all = Self::default();
        codes.into_iter().for_each(|code| all.push(code));
        all
    }
}

/// A position compared with the named countries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whereabouts {
    /// The country whose borders contain it; `None` at sea.
    pub lies_in: Option<CountryCode>,
    /// The named countries that agree with it, and a territory or disputed area that contains it; empty if it
    /// contradicts the names.
    pub agreed: Codes,
}

/// Why a map area may go by the name of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// The area belongs to the state and has a code of its own.
    Territory,
    /// The state claims the area, or the area left the state, and others disagree.
    Disputed,
    /// The area belonged to the state within the years that event data sets cover.
    Former,
}

/// Areas with a code of their own that go by the name of a state: area, state, reason.
static BELONGS: LazyLock<Vec<(CountryCode, CountryCode, How)>> = LazyLock::new(|| {
    let row = |line: &str| {
        let mut cells = line.split(',');
        let mut code = || CountryCode::new(cells.next()?);
        let (area, state) = (code()?, code()?);
        let how = match cells.next()? {
            "territory" => How::Territory,
            "disputed" => How::Disputed,
            _ => How::Former,
        };
        Some((area, state, how))
    };
    include_str!("../../data/borders/belongs.csv").lines().skip(1).filter_map(row).collect()
});

/// Why an area goes by the name of a state, if it does.
fn belongs(area: CountryCode, state: CountryCode) -> Option<How> {
    let row = BELONGS.iter().find(|(of, to, _)| *of == area && *to == state);
    row.map(|(_, _, how)| *how)
}

/// Compares a position with the countries that its record names; a name may stand for several. `accuracy` is
/// the radius that contains the true place.
pub fn whereabouts(position: Position, named: &[CountryCode], accuracy: Length) -> Whereabouts {
    let countries = Countries::built_in();
    // Fast path: nearly all records are correct.
    if let Some(&inside) = named.iter().find(|&&code| countries.holds(code, position)) {
        let mut agreed = Codes::one(inside);
        countries.area_at(position, inside).into_iter().for_each(|area| agreed.push(area));
        return Whereabouts { lies_in: Some(inside), agreed };
    }
    let tolerance = tolerance(accuracy);
    let Some(country) = countries.at(position) else {
        let agreed = off_coast(position, named, farther(tolerance, OFF_SHORE));
        return Whereabouts { lies_in: None, agreed };
    };
    let mut agreed: Codes =
        named.iter().copied().filter(|&code| begins_within(code, position, tolerance)).collect();
    let area = countries.area_at(position, country).unwrap_or(country);
    for &state in named {
        match belongs(area, state) {
            Some(How::Former) if agreed.contains(state) => {}
            Some(_) => {
                agreed.push(state);
                agreed.push(area);
            }
            None => {}
        }
    }
    Whereabouts { lies_in: Some(country), agreed }
}

/// The countries that agree with a position at sea: among the named countries and the areas that go by their
/// names, the one with the nearest coast, with the state whose name it goes by. A former area counts only if
/// the state and its other areas are out of reach.
fn off_coast(position: Position, named: &[CountryCode], reach: Length) -> Codes {
    if reach > ANYWHERE {
        return named.iter().copied().collect();
    }
    let theirs = |former: bool| {
        let rows = BELONGS.iter().filter(move |(.., how)| (*how == How::Former) == former);
        rows.filter(|(_, state, _)| named.contains(state)).map(|(area, ..)| *area)
    };
    let countries = Countries::built_in();
    let nearest = |codes: &mut dyn Iterator<Item = CountryCode>| {
        nearest_of(position, reach, codes.filter_map(|code| countries.find(code)))
    };
    let Some(there) = nearest(&mut named.iter().copied().chain(theirs(false)))
        .or_else(|| nearest(&mut theirs(true)))
    else {
        return Codes::default();
    };
    let states = named.iter().copied().filter(|&state| belongs(there, state).is_some());
    let states = states.filter(|_| !named.contains(&there));
    states.chain([there]).collect()
}

/// The countries for which an incident counts as collected: the named ones that agree with its position, and
/// the territory or disputed area that contains it or off whose coast it lies. If its position contradicts
/// the names, or there are none, the country of the position; at sea, that of the nearest coast.
pub fn collected_in(position: Position, named: &[CountryCode], accuracy: Length) -> Codes {
    let found = whereabouts(position, named, accuracy);
    if !found.agreed.is_empty() {
        return found.agreed;
    }
    let by_position = match found.lies_in {
        Some(country) => Countries::built_in().area_at(position, country).or(Some(country)),
        None => nearest_place(position, OFF_SHORE),
    };
    by_position.map(Codes::one).unwrap_or_default()
}

/// The country of a site: the one whose borders contain it, otherwise the nearest within the border
/// tolerance. If the site's record names another one within the tolerance and the accuracy of its position,
/// the record takes precedence.
pub fn country_of(
    position: Position,
    named: &[CountryCode],
    accuracy: Length,
) -> Option<CountryCode> {
    let countries = Countries::built_in();
    let inside = named.iter().find(|&&code| countries.holds(code, position));
    let near = || {
        let reach = tolerance(accuracy);
        named.iter().find(|&&code| begins_within(code, position, reach))
    };
    inside.or_else(near).copied().or_else(|| country_at(position))
}

/// The countries whose incidents cover a place that counts for a country: that country, and the territory or
/// disputed area of its name that contains the place or, outside any, off whose coast it lies within the
/// border tolerance.
pub fn covering(position: Position, own: CountryCode) -> Codes {
    let countries = Countries::built_in();
    let goes_by = |area, state| belongs(area, state).is_some_and(|how| how != How::Former);
    let lies_in = if countries.holds(own, position) { Some(own) } else { countries.at(position) };
    let place = match lies_in {
        Some(country) => countries.area_at(position, country).or(lies_in),
        None if BELONGS.iter().any(|(area, ..)| goes_by(*area, own)) => {
            nearest_place(position, BORDER_TOLERANCE)
        }
        None => None,
    };
    let area = place.filter(|&area| goes_by(area, own));
    [own].into_iter().chain(area).collect()
}

/// The nearest of some countries outside of which a position lies, with the distance to it, if it is so near that the
/// position may lie in it: within the border tolerance and the accuracy of the position.
pub fn bordering(
    position: Position,
    accuracy: Length,
    among: impl Fn(CountryCode) -> bool,
) -> Option<(CountryCode, Length)> {
    let reach = tolerance(accuracy);
    let near = Countries::built_in().near(position, reach).filter(|country| among(country.code));
    let near = near.filter_map(|country| Some((country.code, country.distance(position, reach)?)));
    near.reduce(|nearest, next| if next.1 < nearest.1 { next } else { nearest })
}

/// The country of a position by the borders: the one that contains it, otherwise the nearest within the
/// tolerance.
pub fn country_at(position: Position) -> Option<CountryCode> {
    Countries::built_in().at(position).or_else(|| nearest(position, BORDER_TOLERANCE))
}

/// How far away a country may be from a position of this accuracy and still be the one that contains it.
fn tolerance(accuracy: Length) -> Length {
    Length::from_km(BORDER_TOLERANCE.km() + accuracy.km())
}

fn farther(one: Length, other: Length) -> Length {
    if one < other { other } else { one }
}

fn begins_within(code: CountryCode, position: Position, reach: Length) -> bool {
    if reach > ANYWHERE {
        return true;
    }
    let country = Countries::built_in().find(code);
    country.is_some_and(|country| country.distance(position, reach).is_some())
}

/// The country nearest to a position at sea, within a distance.
fn nearest(position: Position, within: Length) -> Option<CountryCode> {
    nearest_of(position, within, Countries::built_in().near(position, within))
}

/// The country, or the area within the borders of one, nearest to a position at sea.
fn nearest_place(position: Position, within: Length) -> Option<CountryCode> {
    let countries = Countries::built_in();
    nearest_of(position, within, countries.near(position, within).chain(countries.areas()))
}

/// The nearest of several countries to a position at sea, within a distance. If an area shares the coast of
/// the country around it, the area is returned.
fn nearest_of<'a>(
    position: Position,
    within: Length,
    places: impl Iterator<Item = &'a Country>,
) -> Option<CountryCode> {
    let mut found: Option<(f64, CountryCode)> = None;
    for place in places {
        let reach = found.map_or(within, |(km, _)| Length::from_km(km + SAME_COAST_KM));
        let Some(distance) = place.distance(position, reach) else { continue };
        let ahead = if place.within.is_some() { SAME_COAST_KM } else { 0.0 };
        let km = distance.km() - ahead;
        if found.is_none_or(|(least, _)| km < least) {
            found = Some((km, place.code));
        }
    }
    found.map(|(_, code)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> Position {
        Position::from_degrees(lon, lat).expect("position")
    }

    fn codes(list: &str) -> Vec<CountryCode> {
        list.split_whitespace().map(|code| CountryCode::new(code).expect("code")).collect()
    }

    fn words(codes: Codes) -> String {
        codes.iter().map(|code| code.to_string()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn an_incident_counts_where_it_is_named_and_in_the_area_it_lies_in() {
        for (lon, lat, named, due) in [
            (66.7, 28.6, "PAK", "PAK"),
            (66.7, 28.6, "", "PAK"),
            // The position decides if the name contradicts it.
            (66.7, 28.6, "IRN", "PAK"),
            (8.89, 9.92, "NIC", "NGA"),
            // Near a border the name is right, and the neighbor does not count.
            (61.1, 29.4, "PAK", "PAK"),
            (-11.5, 12.6, "MLI", "MLI"),
            // A name of several countries: the one that contains the position, or those nearby.
            (18.4, 43.9, "SRB HRV BIH", "BIH"),
            // At sea: the named country, or the nearest coast.
            (43.0, 14.6, "YEM", "YEM"),
            (48.5, 12.4, "YEM", "YEM"),
            (48.5, 12.4, "PAK", "SOL"),
            // Of the areas of one name, only the nearest coast: Zhejiang and the strait, Agadir and Dakhla,
            // the Cape and Namibia.
            (121.389, 27.922, "CHN", "CHN"),
            (120.2, 24.2, "CHN", "CHN TWN"),
            (120.2, 24.2, "TWN", "TWN"),
            (-9.9, 30.6, "MAR", "MAR"),
            (-16.1, 23.7, "MAR", "MAR WSH"),
            (-16.1, 23.7, "ESH", "ESH WSH"),
            (-16.1, 23.7, "", "WSH"),
            (17.6, -31.5, "ZAF", "ZAF"),
            (14.2, -22.9, "ZAF", "ZAF NAM"),
            (35.4, 45.02, "UKR", "UKR CRM"),
            (35.4, 45.02, "RUS", "RUS CRM"),
            (35.4, 45.02, "", "CRM"),
            (31.0, 46.3, "UKR", "UKR"),
            // The nearest of all is Hispaniola, which is not named.
            (-68.1, 18.5, "USA", "USA PRI"),
            (63.9, 24.9, "", "PAK"),
            (0.0, -30.0, "PAK", ""),
            (-66.4, 18.8, "USA", "USA PRI"),
            // Territories and areas claimed by two countries.
            (-66.4, 18.2, "USA", "USA PRI"),
            (-52.6, 4.0, "FRA", "FRA"),
            (165.5, -21.5, "FRA", "FRA NCL"),
            (34.1, 45.2, "UKR", "UKR CRM"),
            (34.1, 45.2, "RUS", "RUS CRM"),
            (34.1, 45.2, "TUR", "CRM"),
            (21.1, 42.6, "SRB", "SRB XKX"),
            (21.1, 42.6, "XKX", "XKX"),
            (-12.8, 26.3, "ESH", "ESH WSH"),
            (-12.8, 26.3, "MAR", "MAR WSH"),
            (44.4, 10.38, "SOM", "SOM SOL"),
            (35.1, 31.53, "ISR", "ISR PSE"),
            (32.9, 35.13, "CYP", "CYP CYN"),
            // A former area counts for both only far from the border.
            (31.6, 4.85, "SDN", "SDN SSD"),
            (38.9, 15.3, "ETH", "ETH ERI"),
            (38.9, 14.6, "ETH", "ETH"),
        ] {
            let found = collected_in(at(lon, lat), &codes(named), Length::ZERO);
            assert_eq!(words(found), due, "{lon} {lat} {named}");
        }
    }

    #[test]
    fn a_site_is_in_the_country_it_names_as_far_as_the_map_may_be_off() {
        for (lon, lat, named, accuracy, country, covered) in [
            (66.7, 28.6, "", 1.0, "PAK", "PAK"),
            (-11.5, 12.6, "MLI", 1.0, "MLI", "MLI"),
            (-11.5, 12.6, "", 1.0, "SEN", "SEN"),
            (-14.5, 12.9, "MLI", 1.0, "SEN", "SEN"),
            // 90 km beyond the border: only if the position may be off by as much.
            (68.2, 34.5, "PAK", 1.0, "AFG", "AFG"),
            (68.2, 34.5, "PAK", 150.0, "PAK", "PAK"),
            // 22 km off the coast, and 60 km.
            (62.3, 24.9, "", 1.0, "PAK", "PAK"),
            (62.3, 24.5, "", 1.0, "", ""),
            (44.4, 10.38, "SOM", 1.0, "SOL", "SOL"),
            (36.35, 45.3, "UKR", 1.0, "RUS", "RUS CRM"),
            (-12.8, 26.3, "ESH", 1.0, "MAR", "MAR WSH"),
            (32.85, 35.12, "CYP", 1.0, "CYP", "CYP CYN"),
            (35.15, 31.55, "PSE", 1.0, "PSE", "PSE"),
            (-66.4, 18.2, "USA", 1.0, "PRI", "PRI"),
            // Off the coast of an area, and off another one.
            (35.4, 45.02, "", 5.0, "RUS", "RUS CRM"),
            (-15.93, 23.7, "", 5.0, "MAR", "MAR WSH"),
            (-9.7, 30.4, "", 5.0, "MAR", "MAR"),
        ] {
            let accuracy = Length::from_km(accuracy);
            let found = country_of(at(lon, lat), &codes(named), accuracy);
            let code = found.map(|code| code.to_string()).unwrap_or_default();
            assert_eq!(code, country, "{lon} {lat} {named}");
            let all = found.map(|own| covering(at(lon, lat), own)).unwrap_or_default();
            assert_eq!(words(all), covered, "{lon} {lat} {named}");
        }
    }

    #[test]
    fn every_area_that_goes_by_another_name_is_known() {
        let countries = Countries::built_in();
        let rows = include_str!("../../data/borders/belongs.csv").lines().count() - 1;
        assert_eq!(BELONGS.len(), rows);
        for (area, state, _) in BELONGS.iter() {
            assert!(countries.find(*area).is_some() && countries.find(*state).is_some(), "{area}");
        }
        for (code, within) in [("CRM", "RUS"), ("WSH", "MAR")] {
            let [area, within] = [code, within].map(|code| codes(code)[0]);
            let area = countries.find(area).expect("an area");
            assert_eq!(area.within, Some(within));
            // An area is inside its country, not a second shape beside it.
            assert!(countries.iter().all(|country| country.code != area.code));
            for polygon in &area.borders {
                for place in polygon.exterior() {
                    let place = Position::from_coord(*place).expect("position");
                    assert!(countries.holds(within, place), "{code} {place}");
                }
            }
        }
    }
}
