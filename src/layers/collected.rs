//! Where on land security incidents were collected: a country, or the parts of one that an area of coverage cuts.

use crate::earth::polygons_as_written;
use crate::measures::{Collection, Places};
use crate::model::Country;
use crate::scoring::OldRecord;
use geo::BooleanOps;
use geo_types::MultiPolygon;
use std::borrow::Cow;

/// Whether security incidents were collected on land.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Collected {
    /// Up to the as-of date, or little less.
    Yes,
    /// By the records, but the newest in the country is so old that it is not known whether any are still collected.
    Old,
    /// Up to an earlier day only.
    Ended,
    /// Never: that a map shows none there says nothing.
    No,
}

impl Collected {
    /// Every value.
    pub const ALL: [Self; 4] = [Self::Yes, Self::Old, Self::Ended, Self::No];

    /// The word in columns.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Old => "old",
            Self::Ended => "ended",
            Self::No => "no",
        }
    }

    /// What legends call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Yes => "Incidents collected",
            Self::Old => "Newest incident 5 years old or older",
            Self::Ended => "Incidents no longer collected",
            Self::No => "No incidents collected",
        }
    }
}

/// The parts of a country by whether incidents were collected there; one unless an area of coverage cuts it.
pub(super) fn parts(
    country: &'static Country,
    collection: &Collection,
) -> Vec<(Collected, Cow<'static, MultiPolygon<f64>>)> {
    let mut rest = Cow::Borrowed(&country.borders);
    let mut parts = Vec::new();
    for (current, collected) in [(true, Collected::Yes), (false, Collected::Ended)] {
        let of = || collection.sources().iter().filter(|source| source.current == current);
        let whole = of().any(|source| match &source.places {
            Places::Everywhere => true,
            Places::Countries(codes) => codes.contains(&country.code),
            Places::Area => false,
        });
        if whole {
            let is_old = current && is_old(country, collection);
            parts.push((if is_old { Collected::Old } else { collected }, rest));
            return parts;
        }
        let area = collection.area().filter(|_| of().any(|source| source.places == Places::Area));
        let Some(area) = area else { continue };
        let inside = written(rest.intersection(area));
        if inside.0.is_empty() {
            continue;
        }
        rest = Cow::Owned(written(rest.difference(area)));
        parts.push((collected, Cow::Owned(inside)));
        if rest.0.is_empty() {
            return parts;
        }
    }
    parts.push((Collected::No, rest));
    parts
}

/// Whether the newest incident in a country is old on the as-of date.
fn is_old(country: &Country, collection: &Collection) -> bool {
    let newest = collection.newest_in_country(country.code).zip(collection.as_of());
    newest.is_some_and(|(newest, as_of)| OldRecord::years(newest, as_of).is_some())
}

/// Polygons that stay valid with the decimals of a file.
fn written(polygons: MultiPolygon<f64>) -> MultiPolygon<f64> {
    polygons_as_written(&polygons).unwrap_or(polygons)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::SourceSpan;
    use crate::model::{Countries, CountryCode};
    use geo::Area;
    use geo_types::{Polygon, Rect};
    use jiff::civil::date;

    fn country(code: &str) -> &'static Country {
        let code = CountryCode::new(code).expect("a code");
        Countries::built_in().find(code).expect("a country")
    }

    fn collection(spans: &[(Places, bool)], area: Option<MultiPolygon<f64>>) -> Collection {
        let day = date(2024, 1, 1);
        let spans = spans.iter().map(|(places, current)| SourceSpan {
            file: "a.csv".into(),
            places: places.clone(),
            from: day,
            until: day,
            current: *current,
            declared: false,
        });
        Collection::new(spans.collect(), area, (day, 92), None)
    }

    fn told(code: &str, collection: &Collection) -> Vec<Collected> {
        parts(country(code), collection).into_iter().map(|(collected, _)| collected).collect()
    }

    #[test]
    fn a_country_is_told_by_the_files_that_cover_it() {
        let of = |code: &str| Places::Countries(CountryCode::new(code).into_iter().collect());
        let some = collection(&[(of("MLI"), true), (of("NER"), false)], None);
        assert_eq!(told("MLI", &some), [Collected::Yes]);
        assert_eq!(told("NER", &some), [Collected::Ended]);
        assert_eq!(told("GIN", &some), [Collected::No]);
        assert_eq!(told("GIN", &collection(&[(Places::Everywhere, true)], None)), [Collected::Yes]);
    }

    #[test]
    fn a_country_with_one_incident_long_ago_has_an_old_record() {
        let of = |code: &str| CountryCode::new(code).expect("a code");
        let both = Places::Countries([of("PER"), of("MEX")].into());
        let newest = [(of("PER"), date(1990, 5, 1)), (of("MEX"), date(2023, 12, 1))].into();
        let some = collection(&[(both, true)], None).with_newest_in(newest);
        assert_eq!(told("PER", &some), [Collected::Old]);
        assert_eq!(told("MEX", &some), [Collected::Yes]);
        // A file that covers everywhere says nothing of single countries.
        let newest = [(of("PER"), date(1990, 5, 1))].into();
        let all = collection(&[(Places::Everywhere, true)], None).with_newest_in(newest);
        assert_eq!(told("PER", &all), [Collected::Yes]);
    }

    #[test]
    fn an_area_of_coverage_cuts_a_country() {
        let west = Rect::new((-20.0, 5.0), (-8.0, 30.0));
        let area = MultiPolygon(vec![Polygon::from(west)]);
        let some = collection(&[(Places::Area, true)], Some(area));
        let found = parts(country("MLI"), &some);
        let all = country("MLI").borders.unsigned_area();
        let [(Collected::Yes, inside), (Collected::No, outside)] = found.as_slice() else {
            panic!("two parts: {found:?}");
        };
        let [inside, outside] = [inside, outside].map(|part| part.unsigned_area());
        assert!(inside > 0.1 * all && outside > 0.5 * all);
        assert!((inside + outside - all).abs() < 1e-3 * all);
        assert_eq!(told("NER", &some), [Collected::No]);
    }
}
