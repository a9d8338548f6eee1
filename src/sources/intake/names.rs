//! Names of columns in other languages, with units, with what stands before them in an export. They bind what
//! our own names and the usual ones leave unbound.

use super::angle_units::{axis_in_brackets, is_of_other_angle};
use super::columns::{Entry, Field as F, PLACE, Role, entries_of, fold};
use super::halves::is_described;
use super::hxl::tagged;
use super::parts_of_place::{LAT, LON, Part, part_of};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};
use unicode_normalization::UnicodeNormalization;

/// The languages that columns are named in, English aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    German,
    French,
    Spanish,
    Portuguese,
    Italian,
    Russian,
    Chinese,
    Arabic,
    Persian,
    Urdu,
}

use Language as L;

/// A language, and its words for fields.
type Words = (Language, &'static [(F, &'static [&'static str])]);

/// Words in other languages for what every role has and for what incidents have.
pub(crate) const FOREIGN: [Words; 10] = [
    (
        L::German,
        &[
            (
                F::Lat,
                &[
                    "Hochwert",
                    "Nordwert",
                    "Breite",
                    "Breitengrad",
                    "geografische Breite",
                    "geographische Breite",
                ],
            ),
            (
                F::Lon,
                &[
                    "Rechtswert",
                    "Ostwert",
                    "Länge",
                    "Laenge",
                    "Längengrad",
                    "Laengengrad",
                    "geografische Länge",
                    "geographische Länge",
                ],
            ),
            (F::Id, &["Nr", "Nummer", "Kennung", "lfd. Nr."]),
            (F::Name, &["Bezeichnung", "Bergwerk", "Ortsname"]),
            (F::Date, &["Datum", "Ereignisdatum"]),
            (F::Country, &["Staat", "Land"]),
            (F::EventType, &["Ereignisart", "Vorfallart", "Ereignistyp", "Art"]),
            (F::Fatalities, &["Tote", "Todesopfer", "Getötete", "Anzahl Tote"]),
            (F::Population, &["Einwohner", "Einwohnerzahl", "Bevölkerung"]),
        ],
    ),
    (
        L::French,
        &[
            (F::Id, &["identifiant", "numéro"]),
            (F::Name, &["nom", "nom du site", "nom de la mine"]),
            (F::Date, &["date de l'événement", "date de l'incident"]),
            (F::Country, &["pays"]),
            (F::EventType, &["type d'événement", "type d'incident"]),
            (
                F::Fatalities,
                &[
                    "morts",
                    "décès",
                    "tués",
                    "nombre de morts",
                    "nb de morts",
                    "nombre de décès",
                    "nombre de tués",
                ],
            ),
            (F::Population, &["habitants", "nombre d'habitants"]),
        ],
    ),
    (
        L::Spanish,
        &[
            (F::Lat, &["latitud", "coordenada norte", "coordenadas norte"]),
            (F::Lon, &["longitud", "coordenada este", "coordenadas este"]),
            (F::Id, &["identificador", "código", "clave"]),
            (F::Name, &["nombre", "nombre del sitio", "nombre de la mina"]),
            (F::Date, &["fecha", "fecha del evento", "fecha del incidente"]),
            (F::Country, &["país"]),
            (F::EventType, &["tipo de evento", "tipo de incidente", "tipo"]),
            (F::Fatalities, &["muertos", "muertes", "fallecidos", "número de muertos"]),
            (F::Population, &["población", "habitantes"]),
        ],
    ),
    (
        L::Portuguese,
        &[
            (F::Id, &["identificador", "código"]),
            (F::Name, &["nome", "nome do local", "nome da mina"]),
            (F::Date, &["data do evento", "data do incidente", "data"]),
            (F::Country, &["país"]),
            (F::EventType, &["tipo de evento", "tipo de incidente", "tipo"]),
            (F::Fatalities, &["mortos", "mortes", "óbitos", "número de mortos"]),
            (F::Population, &["população", "habitantes"]),
        ],
    ),
    (
        L::Italian,
        &[
            (F::Lat, &["latitudine"]),
            (F::Lon, &["longitudine"]),
            (F::Name, &["nome"]),
            (F::Date, &["data"]),
            (F::Country, &["paese"]),
            (F::Fatalities, &["morti", "vittime"]),
        ],
    ),
    (
        L::Russian,
        &[
            (F::Lat, &["широта", "географическая широта"]),
            (F::Lon, &["долгота", "географическая долгота"]),
            (F::Id, &["код", "номер", "ид", "№"]),
            (F::Name, &["название", "наименование", "имя"]),
            (F::Date, &["дата", "дата события", "дата инцидента"]),
            (F::Country, &["страна"]),
            (F::EventType, &["тип события", "вид события", "тип инцидента", "тип"]),
            (F::Fatalities, &["погибшие", "погибло", "убитые", "убито", "число погибших"]),
            (F::Population, &["население", "численность населения"]),
        ],
    ),
    (
        L::Chinese,
        &[
            (F::Lat, &["纬度", "緯度", "北纬", "北緯", "南纬", "南緯"]),
            (F::Lon, &["经度", "經度", "东经", "東經", "西经", "西經"]),
            (F::Id, &["编号", "編號", "序号", "序號"]),
            (F::Name, &["名称", "名稱", "名字", "矿山名称"]),
            (F::Date, &["日期", "事件日期"]),
            (F::Country, &["国家", "國家"]),
            (F::EventType, &["事件类型", "事件類型", "类型", "類型"]),
            (F::Fatalities, &["死亡人数", "死亡人數", "死亡"]),
            (F::Population, &["人口"]),
        ],
    ),
    (
        L::Arabic,
        &[
            (F::Lat, &["خط العرض", "دائرة العرض", "العرض"]),
            (F::Lon, &["خط الطول", "الطول"]),
            (F::Id, &["الرقم", "رقم", "المعرف", "الرمز"]),
            (F::Name, &["الاسم", "اسم", "اسم الموقع", "اسم المنجم"]),
            (F::Date, &["التاريخ", "تاريخ", "تاريخ الحدث"]),
            (F::Country, &["البلد", "الدولة", "دولة"]),
            (F::EventType, &["نوع الحدث", "نوع الحادث", "النوع"]),
            (F::Fatalities, &["القتلى", "عدد القتلى", "الوفيات", "عدد الوفيات"]),
            (F::Population, &["السكان", "عدد السكان"]),
        ],
    ),
    (
        L::Persian,
        &[
            (F::Lat, &["عرض جغرافیایی", "عرض"]),
            (F::Lon, &["طول جغرافیایی", "طول"]),
            (F::Id, &["شناسه", "کد", "شماره"]),
            (F::Name, &["نام", "نام معدن"]),
            (F::Date, &["تاریخ", "تاریخ رویداد"]),
            (F::Country, &["کشور"]),
            (F::EventType, &["نوع رویداد", "نوع حادثه", "نوع"]),
            (F::Fatalities, &["کشته‌ها", "تعداد کشته‌ها", "کشته شدگان", "کشته"]),
            (F::Population, &["جمعیت"]),
        ],
    ),
    (
        L::Urdu,
        &[
            (F::Lat, &["عرض بلد", "عرض البلد"]),
            (F::Lon, &["طول بلد", "طول البلد"]),
            (F::Id, &["نمبر", "شناخت"]),
            (F::Name, &["نام"]),
            (F::Date, &["تاریخ"]),
            (F::Country, &["ملک"]),
            (F::EventType, &["واقعے کی قسم", "واقعہ کی قسم", "قسم"]),
            (F::Fatalities, &["ہلاکتیں", "اموات", "ہلاک", "جاں بحق"]),
            (F::Population, &["آبادی"]),
        ],
    ),
];

/// Words that mean something else in English, or in a heading of any table: they count only beside a
/// column that is plainly in their language.
const SHARED: [&str; 3] = ["land", "data", "art"];

/// A column's name as it is compared with words of other languages: without what stands in brackets, without
/// accents, letters and digits alone, in lower case.
pub(crate) fn plain(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut depth = 0_usize;
    for c in name.nfkd() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            // One letter each in Arabic, Persian and Urdu.
            'ي' | 'ى' if depth == 0 => text.push('ی'),
            'ك' if depth == 0 => text.push('ک'),
            '№' if depth == 0 => text.push_str("no"),
            c if depth == 0 && c.is_alphanumeric() => text.extend(c.to_lowercase()),
            _ => {}
        }
    }
    if text.is_empty() { fold(name) } else { text }
}

/// What stands in brackets in a name, in lower case.
pub(crate) fn bracketed(name: &str) -> Option<String> {
    let from = name.find(['(', '[', '（'])?;
    let rest = name.get(from..)?;
    Some(rest.trim_matches(['(', ')', '[', ']', '（', '）', ' ']).to_lowercase())
}

/// Whether the unit in a column's name is that in which a field is read.
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

/// The columns of fields that a file's own words for them name: each field and its column.
pub(crate) fn more_names(
    columns: &[Arc<str>],
    role: Role,
    known: impl Iterator<Item = &'static Entry>,
) -> Vec<(F, usize)> {
    // What is in another unit of angles is none of these.
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
    // Our own words and the usual ones, with a unit or an accent.
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
    // Beside minutes an S stands for seconds.
    let in_parts = columns.iter().any(|name| matches!(part_of(name), Some((_, Part::Minutes))));
    // Of the sides of a box each has its column.
    const FAR: [&str; 8] = ["south", "west", "sur", "oeste", "sul", "ouest", "sud", "süd"];
    if !folded.iter().any(|name| FAR.contains(&name.as_str())) {
        for (axis, words) in
            [(F::Lat, &["norte", "north"][..]), (F::Lon, &["este", "east", "leste"])]
        {
            add(axis, words.iter().find_map(|word| column(word)));
        }
    }
    // With what an export puts before them: `_location_latitude`; or split into parts: `latitude degrees`.
    for (axis, words) in [(F::Lat, LAT), (F::Lon, LON)] {
        let of_degrees = |name: &Arc<str>| part_of(name) == Some((axis, Part::Degrees));
        add(axis, columns.iter().position(of_degrees));
        add(axis, only(columns, |name| ends_with_word(name, words)));
        add(axis, only(columns, |name| is_described(name, axis, words, !in_parts)));
    }
    found
}

/// The only column of a kind.
fn only(columns: &[Arc<str>], test: impl Fn(&str) -> bool) -> Option<usize> {
    let mut found = columns.iter().enumerate().filter(|(_, name)| test(name)).map(|(at, _)| at);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Whether the last word of a name is one of some, and another stands before it.
fn ends_with_word(name: &str, words: &[&str]) -> bool {
    let outside = name.split(['(', '[']).next().unwrap_or_default();
    let mut parts = outside.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let is = |word: &str, words: &[&str]| words.contains(&word.to_lowercase().as_str());
    // "Lat/Long" names both.
    parts.next_back().is_some_and(|last| is(last, words))
        && !parts.any(|part| is(part, LAT) || is(part, LON))
}

/// A word of another language for a field.
struct Foreign {
    language: Language,
    field: F,
    /// As it is compared.
    plain: String,
    /// Whether it is one of [`SHARED`].
    shared: bool,
}

/// All of them, a language after the other, made ready once.
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

/// The words of languages in which columns are plainly named.
fn in_languages(names: &[String]) -> Vec<&'static Foreign> {
    let there: HashSet<&str> = names.iter().map(String::as_str).collect();
    let words: Vec<&Foreign> =
        foreign().iter().filter(|word| there.contains(word.plain.as_str())).collect();
    let plainly = |language| words.iter().any(|word| word.language == language && !word.shared);
    words.iter().copied().filter(|word| !word.shared || plainly(word.language)).collect()
}

/// Whether an O stands for the west in the language in which columns are named; `None` where that is not
/// plain.
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

/// Whether a text is a name that some column of a table may well have.
pub(crate) fn is_name(text: &str) -> bool {
    static KNOWN: OnceLock<HashSet<String>> = OnceLock::new();
    // No name of a column is as long as a sentence.
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

/// All names that bind a column, as they are compared.
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
