//! Where, and until when, incidents of one domain were collected, evaluated at an as-of date.
//!
//! A source covers countries and a period. After the end of its period plus a grace period, the
//! absence of incidents carries no information.

use super::coverage::Coverage;
use crate::earth::Position;
use crate::model::{CountryCode, covering};
use geo::Intersects;
use geo_types::{MultiPolygon, Point};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The coverage of one source up to the as-of date.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceSpan {
    /// Name of the file.
    pub file: Arc<str>,
    /// Where it collected incidents.
    pub places: Places,
    /// First covered day.
    pub from: Date,
    /// Last covered day, at most the as-of date.
    pub until: Date,
    /// Whether it still covers the as-of date, that is, ends at most the grace period before it.
    pub current: bool,
    /// Whether the user declared the coverage, and the source does not just show it.
    pub declared: bool,
}

/// The area in which a source collected incidents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Places {
    /// Everywhere.
    Everywhere,
    /// Within user-supplied polygons.
    Area,
    /// In these countries.
    Countries(BTreeSet<CountryCode>),
}

/// Coverage of a place at the as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// No incidents were ever collected there.
    Never,
    /// Covered; holds the last day that any source covers.
    Current(Date),
    /// Covered until this day, which is more than the grace period before the as-of date.
    Ended(Date),
}

/// Where, and until when, incidents of one domain were collected.
#[derive(Debug, Clone, Default)]
pub struct Collection {
    sources: Vec<SourceSpan>,
    area: Option<MultiPolygon<f64>>,
    /// Last day covered everywhere, or in the area.
    whole: Option<Date>,
    /// Last day covered in each country.
    countries: BTreeMap<CountryCode, Date>,
    as_of: Option<Date>,
    grace_days: i64,
    newest: Option<Date>,
    /// The day of the newest incident up to then in each country, if the records show the coverage.
    newest_in: BTreeMap<CountryCode, Date>,
}

impl Collection {
    /// Combines the coverage of sources at `as_of`. `newest` is the day of the newest incident up to
    /// then; `area` holds the polygons of sources that cover an [area](Places::Area).
    pub fn new(
        sources: Vec<SourceSpan>,
        area: Option<MultiPolygon<f64>>,
        (as_of, grace_days): (Date, i64),
        newest: Option<Date>,
    ) -> Self {
        let mut whole: Option<Date> = None;
        let mut countries: BTreeMap<CountryCode, Date> = BTreeMap::new();
        for source in &sources {
            match &source.places {
                Places::Everywhere | Places::Area => whole = whole.max(Some(source.until)),
                Places::Countries(codes) => {
                    for &code in codes {
                        let until = countries.entry(code).or_insert(source.until);
                        *until = source.until.max(*until);
                    }
                }
            }
        }
        let (as_of, newest_in) = (Some(as_of), BTreeMap::new());
        Self { sources, area, whole, countries, as_of, grace_days, newest, newest_in }
    }

    /// Tells the day of the newest incident up to the as-of date in each country; for coverage that records show.
    #[must_use]
    pub fn with_newest_in(self, newest_in: BTreeMap<CountryCode, Date>) -> Self {
        Self { newest_in, ..self }
    }

    /// Returns the day of the newest incident up to the as-of date in the country of a place; `None` if the coverage is not
    /// shown by the records of countries.
    pub fn newest_in(&self, position: Position, country: Option<CountryCode>) -> Option<Date> {
        if self.whole.is_some() || self.newest_in.is_empty() {
            return None;
        }
        let codes = covering(position, country?);
        codes.iter().filter_map(|code| self.newest_in.get(&code).copied()).max()
    }

    /// Returns the day of the newest incident up to the as-of date in a country; `None` as for a place.
    pub fn newest_in_country(&self, country: CountryCode) -> Option<Date> {
        self.newest_in.get(&country).copied().filter(|_| self.whole.is_none())
    }

    /// Whether shares of a buffer that are covered are shares of its land: unless polygons tell where incidents are collected.
    pub fn is_by_land(&self) -> bool {
        let by_area = self.whole.is_some_and(|day| self.is_current(day)) && self.area.is_some();
        !by_area
    }

    /// Returns the as-of date.
    pub fn as_of(&self) -> Option<Date> {
        self.as_of
    }

    /// Returns the sources, in the given order.
    pub fn sources(&self) -> &[SourceSpan] {
        &self.sources
    }

    /// Returns the polygons of sources that cover an [area](Places::Area).
    pub fn area(&self) -> Option<&MultiPolygon<f64>> {
        self.area.as_ref()
    }

    /// Whether the coverage was declared by the user.
    pub fn is_declared(&self) -> bool {
        self.sources.iter().any(|source| source.declared)
    }

    /// Whether no source covers any day up to the as-of date.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Returns why nothing is covered by the as-of date; `None` if something is.
    pub fn why_nothing(&self) -> Option<&'static str> {
        self.is_empty().then_some(match self.newest {
            Some(_) => "no file of incidents covers a day up to the as-of date",
            None => "no security incident in the files can be used",
        })
    }

    /// Returns the day of the newest incident up to the as-of date.
    pub fn newest(&self) -> Option<Date> {
        self.newest
    }

    /// Returns the number of days from `day` to the as-of date.
    pub fn days_since(&self, day: Date) -> i64 {
        self.as_of.map_or(0, |as_of| days_between(day, as_of))
    }

    /// Returns the coverage of a place, given the country it lies in.
    pub fn at(&self, position: Position, country: Option<CountryCode>) -> Until {
        let whole = self.whole.filter(|_| {
            let within = |area: &MultiPolygon<f64>| area.intersects(&Point::from(position.coord()));
            self.area.as_ref().is_none_or(within)
        });
        let covering = country.map(|own| covering(position, own)).unwrap_or_default();
        let of_country =
            covering.iter().filter_map(|code| self.countries.get(&code).copied()).max();
        match whole.max(of_country) {
            None => Until::Never,
            Some(day) if self.is_current(day) => Until::Current(day),
            Some(day) => Until::Ended(day),
        }
    }

    /// Returns the first day that any source covers at a place, given the country it lies in; `None` if none ever did.
    pub fn since(&self, position: Position, country: Option<CountryCode>) -> Option<Date> {
        let within = |area: &MultiPolygon<f64>| area.intersects(&Point::from(position.coord()));
        let covering = country.map(|own| covering(position, own)).unwrap_or_default();
        let covers = |source: &&SourceSpan| match &source.places {
            Places::Everywhere => true,
            Places::Area => self.area.as_ref().is_some_and(within),
            Places::Countries(codes) => covering.iter().any(|code| codes.contains(&code)),
        };
        self.sources.iter().filter(covers).map(|source| source.from).min()
    }

    /// Returns the countries ever covered, with the last covered day of each; `None` if sources cover
    /// everywhere or an area.
    pub fn countries(&self) -> Option<&BTreeMap<CountryCode, Date>> {
        self.whole.is_none().then_some(&self.countries)
    }

    /// Returns the coverage by sources that still cover the as-of date.
    pub fn coverage(&self) -> Coverage {
        self.of(|day| self.is_current(day))
    }

    /// Returns the coverage by ended sources, grouped by the last covered day, latest first.
    pub fn ended(&self) -> Vec<(Date, Coverage)> {
        let days: BTreeSet<Date> = self.countries.values().copied().chain(self.whole).collect();
        let ended = days.into_iter().rev().filter(|day| !self.is_current(*day));
        ended.map(|ended| (ended, self.of(|day| day == ended))).collect()
    }

    fn is_current(&self, day: Date) -> bool {
        self.days_since(day) <= self.grace_days
    }

    /// Returns the coverage restricted to places whose last covered day satisfies a condition.
    fn of(&self, asked: impl Fn(Date) -> bool) -> Coverage {
        match (&self.area, self.whole) {
            (Some(area), Some(day)) if asked(day) => Coverage::of_area(area.clone()),
            (None, Some(day)) if asked(day) => Coverage::Everywhere,
            _ => {
                let days = self.countries.iter().filter(|(_, day)| asked(**day));
                Coverage::of_countries(days.map(|(code, _)| *code).collect())
            }
        }
    }
}

/// Returns the number of days from one day to another; negative if the second is earlier.
pub fn days_between(first: Date, second: Date) -> i64 {
    // Both dates are within jiff's range, so the difference in days always exists.
    first.until(second).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn codes(codes: &[&str]) -> BTreeSet<CountryCode> {
        codes.iter().filter_map(|code| CountryCode::new(code)).collect()
    }

    fn span(places: Places, until: Date) -> SourceSpan {
        let (file, from) = ("a.csv".into(), date(2001, 1, 1));
        SourceSpan { file, places, from, until, current: false, declared: false }
    }

    #[test]
    fn a_place_is_covered_while_any_source_of_its_country_is_current() {
        let as_of = date(2024, 12, 31);
        let collection = Collection::new(
            vec![
                span(Places::Countries(codes(&["PAK", "IRN"])), date(2021, 12, 31)),
                span(Places::Countries(codes(&["PAK", "AFG"])), date(2024, 9, 30)),
            ],
            None,
            (as_of, 92),
            None,
        );
        let here = Position::from_degrees(66.0, 30.0).expect("on Earth");
        let at = |code| collection.at(here, CountryCode::new(code));
        assert_eq!(at("PAK"), Until::Current(date(2024, 9, 30)), "92 days are within the grace");
        assert_eq!(at("IRN"), Until::Ended(date(2021, 12, 31)));
        assert_eq!(at("IND"), Until::Never);
        assert_eq!(collection.at(here, None), Until::Never);
        let ended = collection.ended();
        assert_eq!(ended.iter().map(|(day, _)| *day).collect::<Vec<_>>(), [date(2021, 12, 31)]);
        let covers = |coverage: &Coverage, code| coverage.covers(here, CountryCode::new(code));
        assert!(covers(&ended[0].1, "IRN") && !covers(&ended[0].1, "PAK"));
        assert!(covers(&collection.coverage(), "AFG") && !covers(&collection.coverage(), "IRN"));
    }

    #[test]
    fn a_source_of_everywhere_that_has_ended_covers_nothing() {
        let whole = |until| {
            Collection::new(
                vec![span(Places::Everywhere, until)],
                None,
                (date(2024, 12, 31), 92),
                None,
            )
        };
        let here = Position::from_degrees(66.0, 30.0).expect("on Earth");
        assert!(matches!(whole(date(2024, 9, 30)).coverage(), Coverage::Everywhere));
        let ended = whole(date(2024, 9, 29));
        assert!(matches!(ended.coverage(), Coverage::Nowhere), "93 days are past the grace");
        assert_eq!(ended.at(here, None), Until::Ended(date(2024, 9, 29)));
        assert!(matches!(ended.ended().as_slice(), [(_, Coverage::Everywhere)]));
    }
}
