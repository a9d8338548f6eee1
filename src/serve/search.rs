//! Finds sites by what is typed of their name or id, without regard to accents and case.

use super::answer::Answer;
use super::collection::Collection;
use super::params::{Kind, Param};
use super::problem::Problem;
use super::routes::{Asked, Cost, Form, Route};
use crate::model::type_words;
use geo::BoundingRect;
use hyper::Method;
use serde::Serialize;

const Q: Param = Param::new(
    "q",
    Kind::Text(2),
    "What is typed of the name or the id of a site, at least two characters",
    "reko",
)
.needed();
const LIMIT: Param = Param::new(
    "limit",
    Kind::Integer { least: 1, most: 100, default: Some(10), capped: true },
    "Sites that are listed at most",
    "10",
);

/// The path of the search.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/search",
        id: "search",
        says: "Sites by a part of their name or id, the best first",
        forms: &[Form::Only],
        media: "application/json",
        params: &[&Q, &LIMIT],
        takes: None,
        cost: Cost::Work,
        open: false,
        tagged: true,
        answer: search,
    }]
}

/// What a search finds.
#[derive(Serialize)]
struct Found<'a> {
    /// What was searched for.
    q: &'a str,
    /// How many sites fit.
    matched: usize,
    /// The best of them, the best first.
    sites: Vec<Hit<'a>>,
}

/// A site that fits.
#[derive(Serialize)]
struct Hit<'a> {
    id: &'a str,
    name: &'a str,
    /// Its region, if there are several.
    #[serde(skip_serializing_if = "str::is_empty")]
    region: &'a str,
    country: Option<&'a str>,
    lon: Option<f64>,
    lat: Option<f64>,
    security_score: Option<f64>,
    security_band: Option<&'a str>,
    environment_score: Option<f64>,
    environment_band: Option<&'a str>,
}

fn search(asked: &Asked<'_>) -> Result<Answer, Problem> {
    let sets = &asked.snapshot.sets;
    // The sites of a region are the same under every scheme.
    let first = sets.first().map(|set| set.scheme.as_str());
    let of_first = sets.iter().filter(|set| Some(set.scheme.as_str()) == first);
    let named = of_first.filter_map(|set| Some((set.region.as_str(), set.sites.as_deref()?)));
    let named: Vec<(&str, &str)> = named.collect();
    let named = if named.is_empty() { vec![("", "sites")] } else { named };
    let q = asked.values.text("q").unwrap_or_default();
    let limit = asked.values.count("limit").unwrap_or(10);
    let (mut matched, mut hits) = (0, Vec::new());
    for (region, name) in named {
        let sites = asked.snapshot.collection(name)?;
        let found = sites.names().find(q);
        matched += found.len();
        hits.extend(found.iter().take(limit - hits.len()).map(|at| hit(sites, *at, region)));
    }
    let answer = Found { q, matched, sites: hits };
    let text = serde_json::to_string(&answer)
        .map_err(|error| Problem::new(super::problem::Kind::Internal, error.to_string()))?;
    Ok(Answer::text("application/json", text + "\n"))
}

fn hit<'a>(sites: &'a Collection, at: usize, region: &'a str) -> Hit<'a> {
    let text = |name: &str| {
        sites.column(name).and_then(|column| column.values.text(at)).map(|text| &**text)
    };
    let number = |name: &str| sites.column(name).and_then(|column| column.values.number(at));
    let id = sites.ids.get(at).map_or("", |id| &**id);
    let middle =
        sites.geometries.get(at).and_then(Option::as_ref).and_then(BoundingRect::bounding_rect);
    let middle = middle.map(|rect| rect.center());
    Hit {
        id,
        name: text("name").unwrap_or(id),
        region,
        country: text("country"),
        lon: middle.map(|at| at.x),
        lat: middle.map(|at| at.y),
        security_score: number("security_score"),
        security_band: text("security_band"),
        environment_score: number("environment_score"),
        environment_band: text("environment_band"),
    }
}

/// The names and ids of the features of a collection, folded.
#[derive(Debug)]
pub struct Names {
    of: Vec<[String; 2]>,
}

impl Names {
    /// Those of features with ids and, where they have one, names.
    pub fn new<'a>(features: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Self {
        Self { of: features.map(|(id, name)| [fold(name.unwrap_or(id)), fold(id)]).collect() }
    }

    /// The features that fit what is typed, the best first. If none does, those with a name that is nearly the same.
    pub fn find(&self, typed: &str) -> Vec<usize> {
        let typed = fold(typed);
        if typed.is_empty() {
            return Vec::new();
        }
        let words: Vec<&str> = typed.split(' ').collect();
        let mut found = self.best(|texts| fit(texts, &typed, &words));
        if found.is_empty() {
            found = self.best(|texts| alike(texts, &typed));
        }
        found
    }

    /// The features that have a place, in the order of the places; equal ones by the length and letters of their names.
    fn best<P: Ord>(&self, place: impl Fn(&[String; 2]) -> Option<P>) -> Vec<usize> {
        let placed = self.of.iter().enumerate().filter_map(|(at, texts)| Some((place(texts)?, at)));
        let mut placed: Vec<(P, usize)> = placed.collect();
        let name = |at: usize| self.of.get(at).map_or("", |[name, _]| name.as_str());
        placed.sort_by(|(a, at), (b, other)| {
            let (name, of_other) = (name(*at), name(*other));
            a.cmp(b)
                .then(name.len().cmp(&of_other.len()))
                .then_with(|| name.cmp(of_other))
                .then(at.cmp(other))
        });
        placed.into_iter().map(|(_, at)| at).collect()
    }
}

/// How well a site fits, 0 the best; `None` if it does not.
fn fit([name, id]: &[String; 2], typed: &str, words: &[&str]) -> Option<u8> {
    if name == typed || id == typed {
        return Some(0);
    }
    if name.starts_with(typed) {
        return Some(1);
    }
    if words.iter().all(|word| name.split(' ').any(|one| one.starts_with(word))) {
        return Some(2);
    }
    if id.starts_with(typed) {
        return Some(3);
    }
    if name.contains(typed) {
        return Some(4);
    }
    if words.iter().all(|word| name.contains(word) || id.contains(word)) { Some(5) } else { None }
}

/// How unlike a name and what is typed are, in thousandths; `None` if they are too unlike for a mistake in typing.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a thousand at most")]
fn alike([name, _]: &[String; 2], typed: &str) -> Option<u16> {
    let of_words = name.split(' ').map(|word| strsim::jaro_winkler(word, typed));
    let likeness = of_words.fold(strsim::jaro_winkler(name, typed), f64::max);
    (likeness >= 0.88).then_some(((1.0 - likeness) * 1000.0) as u16)
}

/// A text without accents and case, and with the Latin letters that have no accent to lose in plain letters.
fn fold(text: &str) -> String {
    let folded = type_words::fold(text);
    if folded.is_ascii() {
        return folded;
    }
    let mut plain = String::with_capacity(folded.len());
    for letter in folded.chars() {
        match letter {
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'ħ' => plain.push('h'),
            'ı' => plain.push('i'),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str], typed: &str) -> Vec<String> {
        let ids: Vec<String> = (1..=names.len()).map(|at| format!("M-{at:03}")).collect();
        let all = Names::new(ids.iter().zip(names).map(|(id, name)| (id.as_str(), Some(*name))));
        all.find(typed).into_iter().map(|at| names[at].to_owned()).collect()
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        let names =
            ["Río Turbio", "Łódź", "Garpenberg", "Þeistareykir", "Ødegård", "ریکوڈک", "Straße"];
        for (typed, name) in [
            ("rio TURBIO", "Río Turbio"),
            ("RÍO", "Río Turbio"),
            ("lodz", "Łódź"),
            ("theist", "Þeistareykir"),
            ("odegard", "Ødegård"),
            ("ريکو", "ریکوڈک"),
            ("STRASSE", "Straße"),
            ("m-003", "Garpenberg"),
            ("Gårpen", "Garpenberg"),
        ] {
            assert_eq!(found(&names, typed), [name], "{typed}");
        }
    }

    #[test]
    fn the_best_come_first() {
        let names =
            ["New Saindak camp", "Saindak", "Old mine at Saindak", "Saindak West", "Bosaindakan"];
        assert_eq!(
            found(&names, "saindak"),
            ["Saindak", "Saindak West", "New Saindak camp", "Old mine at Saindak", "Bosaindakan"]
        );
        assert_eq!(found(&names, "camp sain"), ["New Saindak camp"]);
        assert_eq!(found(&names, "M-004"), ["Saindak West"]);
    }

    #[test]
    fn a_name_with_a_mistake_is_found_where_nothing_else_fits() {
        let names = ["Reko Diq", "Saindak", "Duddar"];
        assert_eq!(found(&names, "saindek"), ["Saindak"]);
        assert_eq!(found(&names, "reco diq"), ["Reko Diq"]);
        assert!(found(&names, "xyzzy").is_empty());
        assert!(found(&names, "--").is_empty());
    }
}
