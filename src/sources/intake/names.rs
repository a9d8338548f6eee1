//! Column names in other languages, with units, or with a prefix from an export. They bind only fields that
//! Tamarisk's own and the common names leave unbound.

use super::angle_units::{axis_in_brackets, is_of_other_angle};
use super::columns::{Entry, Field as F, PLACE, Role, entries_of, fold};
use super::halves::is_described;
use super::hxl::tagged;
use super::languages::{FOREIGN, Language, Words};
use super::parts_of_place::{LAT, LON, Part, part_of};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};
use unicode_normalization::UnicodeNormalization;

use Language as L;

/// Words that mean something else in English or in any table's header. They count only beside a column that
/// is clearly in their language.
const SHARED: [&str; 3] = ["land", "data", "art"];

/// Normalizes a column name for comparison with foreign words: without text in brackets, without accents,
/// letters and digits only, in lower case.
pub(crate) fn plain(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut depth = 0_usize;
    for c in name.nfkd() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            // These are one letter each in Arabic, Persian and Urdu.
            'ي' | 'ى' if depth == 0 => text.push('ی'),
            'ك' if depth == 0 => text.push('ک'),
            '№' if depth == 0 => text.push_str("no"),
            c if depth == 0 && c.is_alphanumeric() => text.extend(c.to_lowercase()),
            _ => {}
        }
    }
    if text.is_empty() { fold(name) } else { text }
}

/// Returns the text in brackets in a name, in lower case.
pub(crate) fn bracketed(name: &str) -> Option<String> {
    let from = name.find(['(', '[', '（'])?;
    let rest = name.get(from..)?;
    Some(rest.trim_matches(['(', ')', '[', ']', '（', '）', ' ']).to_lowercase())
}

/// Whether the unit in a column name is the unit in which the field is read.
fn unit_fits(field: F, name: &str) -> bool {
    let Some(unit) = bracketed(name) else { return true };
    match field {
        F::Depth | F::Accuracy | F::AreaKm2 => unit.contains("km"),
        F::AreaHa => unit.starts_with("ha") || unit.contains("hectare"),
        F::Population | F::Fatalities => !["000", "thousand", "million", "%", "tsd", "mio", "per"]
            .iter()
            .any(|word| unit.contains(word)),
        F::Lat | F::Lon => !unit.starts_with("min") && !unit.starts_with("sec"),
        _ => true,
    }
}

/// Returns the columns that are named for fields in the file's own words: each field and its column.
pub(crate) fn more_names(
    columns: &[Arc<str>],
    role: Role,
    known: impl Iterator<Item = &'static Entry>,
) -> Vec<(F, usize)> {
    // Columns in another angular unit are not read.
    let usable = |name: &Arc<str>| if is_of_other_angle(name) { "".into() } else { name.clone() };
    let columns: &[Arc<str>] = &columns.iter().map(usable).collect::<Vec<_>>();
    let compared =
        |name: &Arc<str>| axis_in_brackets(name).map_or_else(|| plain(name), str::to_owned);
    let folded: Vec<String> = columns.iter().map(compared).collect();
    let place: HashMap<&str, usize> =
        folded.iter().enumerate().rev().map(|(at, name)| (name.as_str(), at)).collect();
    let column = |word: &str| place.get(plain(word).as_str()).copied();
    let mut found = Vec::new();
    let mut add = |field: F, at: Option<usize>| {
        if let Some(at) = at
            && columns.get(at).is_some_and(|name| unit_fits(field, name))
        {
            found.push((field, at));
        }
    };
    // Tamarisk's own words and the common ones, with a unit or an accent.
    for (field, word, others) in known {
        add(*field, std::iter::once(word).chain(*others).find_map(|word| column(word)));
    }
    let fits = |field: F| match role {
        Role::Sites => {
            !matches!(field, F::Date | F::DateEnd | F::EventType | F::Fatalities | F::Population)
        }
        Role::Incidents => !matches!(field, F::Name | F::Population),
        Role::Receptors => !matches!(field, F::EventType | F::Fatalities | F::Country | F::DateEnd),
    };
    for Foreign { field, plain, .. } in in_languages(&folded) {
        if fits(*field) {
            add(*field, place.get(plain.as_str()).copied());
        }
    }
    for (field, at) in tagged(columns) {
        if fits(field) {
            add(field, Some(at));
        }
    }
    // Next to minutes, an S stands for seconds.
    let in_parts = columns.iter().any(|name| matches!(part_of(name), Some((_, Part::Minutes))));
    // The sides of a bounding box have a column each.
    const FAR: [&str; 8] = ["south", "west", "sur", "oeste", "sul", "ouest", "sud", "süd"];
    if !folded.iter().any(|name| FAR.contains(&name.as_str())) {
        for (axis, words) in
            [(F::Lat, &["norte", "north"][..]), (F::Lon, &["este", "east", "leste"])]
        {
            add(axis, words.iter().find_map(|word| column(word)));
        }
    }
    // Names with the prefix of an export, `_location_latitude`, or split into parts, `latitude degrees`.
    for (axis, words) in [(F::Lat, LAT), (F::Lon, LON)] {
        let of_degrees = |name: &Arc<str>| part_of(name) == Some((axis, Part::Degrees));
        add(axis, columns.iter().position(of_degrees));
        add(axis, only(columns, |name| ends_with_word(name, words)));
        add(axis, only(columns, |name| is_described(name, axis, words, !in_parts)));
    }
    found
}

/// The only matching column, if there is exactly one.
fn only(columns: &[Arc<str>], test: impl Fn(&str) -> bool) -> Option<usize> {
    let mut found = columns.iter().enumerate().filter(|(_, name)| test(name)).map(|(at, _)| at);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Whether the last word of a name is one of some words, and another word comes before it.
fn ends_with_word(name: &str, words: &[&str]) -> bool {
    let outside = name.split(['(', '[']).next().unwrap_or_default();
    let mut parts = outside.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let is = |word: &str, words: &[&str]| words.contains(&word.to_lowercase().as_str());
    // "Lat/Long" names both axes.
    parts.next_back().is_some_and(|last| is(last, words))
        && !parts.any(|part| is(part, LAT) || is(part, LON))
}

/// A foreign word for a field.
struct Foreign {
    language: Language,
    field: F,
    /// The word as it is compared.
    plain: String,
    /// Whether it is one of [`SHARED`].
    shared: bool,
}

/// All foreign words, language by language, prepared once.
fn foreign() -> &'static [Foreign] {
    static WORDS: OnceLock<Vec<Foreign>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let of_language = |(language, fields): Words| {
            let words =
                fields.iter().flat_map(|(field, words)| words.iter().map(|word| (*field, *word)));
            words.map(move |(field, word)| {
                let plain = plain(word);
                let shared = SHARED.contains(&plain.as_str());
                Foreign { language, field, plain, shared }
            })
        };
        FOREIGN.into_iter().flat_map(of_language).collect()
    })
}

/// The words of the languages in which columns are clearly named.
fn in_languages(names: &[String]) -> Vec<&'static Foreign> {
    let there: HashSet<&str> = names.iter().map(String::as_str).collect();
    let words: Vec<&Foreign> =
        foreign().iter().filter(|word| there.contains(word.plain.as_str())).collect();
    let plainly = |language| words.iter().any(|word| word.language == language && !word.shared);
    words.iter().copied().filter(|word| !word.shared || plainly(word.language)).collect()
}

/// Whether O stands for west in the language of the column names; `None` if that is unclear.
pub(crate) fn o_is_west(columns: &[Arc<str>]) -> Option<bool> {
    let folded: Vec<String> = columns.iter().map(|name| plain(name)).collect();
    let named = in_languages(&folded);
    let of = |languages: &[Language]| named.iter().any(|word| languages.contains(&word.language));
    match (of(&[L::French, L::Spanish, L::Portuguese, L::Italian]), of(&[L::German])) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// Whether a text may be the name of a column.
pub(crate) fn is_name(text: &str) -> bool {
    static KNOWN: OnceLock<HashSet<String>> = OnceLock::new();
    // A column name is not as long as a sentence.
    if text.len() > 120 {
        return false;
    }
    let known = KNOWN.get_or_init(known_names);
    let (folded, plain_text) = (fold(text), plain(text));
    !plain_text.is_empty()
        && (known.contains(&folded)
            || known.contains(&plain_text)
            || part_of(text).is_some()
            || ends_with_word(text, LAT)
            || ends_with_word(text, LON))
}

/// All normalized names that bind a column.
fn known_names() -> HashSet<String> {
    let roles = [Role::Sites, Role::Incidents, Role::Receptors];
    let ours = PLACE.iter().chain(roles.into_iter().flat_map(entries_of));
    let ours = ours.flat_map(|(_, word, others)| std::iter::once(word).chain(*others));
    let foreign = foreign().iter().map(|word| word.plain.clone());
    ours.map(|word| fold(word)).chain(foreign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_other_languages_and_with_units_are_names() {
        for name in [
            "Breitengrad",
            "Längengrad",
            "LÄNGE",
            "Laenge",
            "широта",
            "Долгота",
            "纬度",
            "خط العرض",
            "طول جغرافيايي",
            "Latitude (°N)",
            "Longitude [deg]",
            "País",
            "pais",
            "Población",
            "_location_latitude",
            "Site Latitude",
            "fecha",
            "lat_min",
            "№",
        ] {
            assert!(is_name(name), "{name}");
        }
        for name in ["Mines of the western belt", "29.125", "Pit A", "", "Compiled by the desk"] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn words_that_mean_something_else_in_english_count_beside_their_language_alone() {
        let found = |names: &[&str]| {
            let columns: Vec<Arc<str>> = names.iter().map(|name| Arc::from(*name)).collect();
            more_names(&columns, Role::Sites, [].iter())
                .iter()
                .any(|(field, _)| *field == F::Country)
        };
        assert!(!found(&["name", "lat", "lon", "land"]));
        assert!(found(&["Bezeichnung", "Breite", "Länge", "Land"]));
    }

    #[test]
    fn another_unit_is_not_read_as_ours() {
        assert!(unit_fits(F::Depth, "Depth [km]") && !unit_fits(F::Depth, "Depth [m]"));
        assert!(unit_fits(F::Lat, "Latitude (°N)") && !unit_fits(F::Lat, "Latitude (min)"));
        assert!(!unit_fits(F::Population, "Population (thousands)"));
    }
}
