//! Texts on why a place has no security score, or a score as of an earlier day. They never suggest calm.

use crate::measures::{Collection, Until};
use crate::model::CountryCode;
use crate::scoring::{CoverageWords, country_list, country_name, thousands};

/// How the coverage affects the security score of a place in a country. The words name the country and
/// the covered ones.
pub fn coverage_words(
    collection: &Collection,
    until: Until,
    country: Option<CountryCode>,
    has_score: bool,
) -> CoverageWords {
    let country = country.map(country_name);
    match until {
        Until::Current(_) => CoverageWords::Covered,
        Until::Never => CoverageWords::Uncovered(why_never(collection, country)),
        Until::Ended(day) => {
            // The country is named only if coverage is by country.
            let by_country = collection.countries().is_some();
            let of = country.filter(|_| by_country).map(|name| format!(" for {name}"));
            let of = of.unwrap_or_default();
            let days = thousands(collection.days_since(day));
            if has_score {
                CoverageWords::Ended(format!(
                    "as of {day}, when the incidents{of} end, {days} days before the as-of date"
                ))
            } else {
                CoverageWords::Uncovered(format!(
                    "the incidents{of} end on {day}, {days} days before the as-of date"
                ))
            }
        }
    }
}

/// Why nothing was ever collected at a place.
fn why_never(collection: &Collection, country: Option<String>) -> String {
    if let Some(why) = collection.why_nothing() {
        return why.into();
    }
    let covered = match collection.countries() {
        None => return "the place lies outside the area that the incidents cover".into(),
        Some(codes) if codes.is_empty() => "no country that is known".into(),
        Some(codes) => country_list(codes.keys().copied()),
    };
    match country {
        Some(lies) => format!(
            "the position lies in {lies}, where no incidents were collected (they were in {covered})"
        ),
        None => format!(
            "the position lies in no country by the built-in borders, and incidents were collected in {covered}"
        ),
    }
}
