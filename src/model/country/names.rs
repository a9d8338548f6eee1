//! The names that data sets use for countries: with and without accents, in many languages, current
//! and historical. Names are folded and looked up directly in the embedded table, so that nothing has
//! to be parsed first.

use super::CountryCode;
use unicode_normalization::UnicodeNormalization;

/// Folded names, each with the codes of its countries, sorted by name. An ISO 3166-1 number has the
/// prefix `#`. Made by `data/derive/names.py`.
const TABLE: &str = include_str!("../../../data/borders/names.csv");

/// The codes of the countries with a name, the likeliest first: one for nearly every name, several for
/// former states and regions on both sides of a border, none if the name is unknown.
pub(super) fn codes(name: &str) -> Vec<CountryCode> {
    let found = known(name);
    if !found.is_empty() {
        return found;
    }
    // "Congo, Dem. Rep." and "Iran (Islamic Republic of)" have their first words last.
    let Some((first, rest)) = name.split_once([',', '(', '[', '/', '（']) else { return found };
    let last = rest.trim().trim_end_matches([')', ']', '）']);
    let turned = known(&format!("{last} {first}"));
    if !turned.is_empty() {
        return turned;
    }
    // "Serbia (Yugoslavia)" has two names, and both must apply.
    let (of_first, of_last) = (known(first), known(last));
    of_first.into_iter().filter(|code| of_last.contains(code)).collect()
}

/// The codes of a name without reordering its words.
fn known(name: &str) -> Vec<CountryCode> {
    let folded = fold(name);
    // Two letters are a code only if they are ASCII: "Mỹ" is not Malaysia.
    if folded.len() == 2 && !name.is_ascii() {
        return Vec::new();
    }
    look_up(&folded)
}

/// The country with an ISO 3166-1 number: 4 and 004 are Afghanistan.
pub(super) fn numbered(number: u16) -> Option<CountryCode> {
    look_up(&format!("#{number}")).first().copied()
}

/// The codes of a folded name in the table.
fn look_up(folded: &str) -> Vec<CountryCode> {
    let (mut from, mut to) = (0, TABLE.len());
    while from < to {
        // Lines end in ASCII, so that every place found is a character boundary.
        let middle = from + (to - from) / 2;
        let bytes = TABLE.as_bytes();
        let is_end = |byte: &u8| *byte == b'\n';
        let before = bytes.get(from..middle).unwrap_or_default();
        let start = before.iter().rposition(is_end).map_or(from, |at| from + at + 1);
        let behind = bytes.get(middle..to).unwrap_or_default();
        let end = behind.iter().position(is_end).map_or(to, |at| middle + at);
        let line = TABLE.get(start..end).unwrap_or_default();
        let (name, codes) = line.split_once(',').unwrap_or((line, ""));
        match folded.cmp(name) {
            // The header precedes all names.
            _ if start == 0 => from = end + 1,
            std::cmp::Ordering::Less => to = start,
            std::cmp::Ordering::Greater => from = end + 1,
            std::cmp::Ordering::Equal => {
                return codes.split(' ').filter_map(CountryCode::new).collect();
            }
        }
    }
    Vec::new()
}

/// Folds a name for comparison: without case, accents, punctuation and small words, letters in one
/// form.
pub(super) fn fold(name: &str) -> String {
    let mut words = vec![String::new()];
    for c in name.nfkd().flat_map(char::to_lowercase) {
        if is_silent(c) {
            continue;
        }
        if c == '&' {
            words.extend(["and".to_owned(), String::new()]);
        } else if parts_words(c) {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            match plain(c) {
                Ok(letter) => word.push(letter),
                Err(letters) => word.push_str(letters),
            }
        }
    }
    words.retain(|word| !word.is_empty());
    let is_small = |word: &String| matches!(word.as_str(), "the" | "of" | "and");
    if words.len() > 1 && !words.iter().all(is_small) {
        words.retain(|word| !is_small(word));
        for word in &mut words {
            let long = match word.as_str() {
                "st" => "saint",
                "rep" => "republic",
                "dem" => "democratic",
                _ => continue,
            };
            long.clone_into(word);
        }
    }
    words.concat()
}

/// Whether a character is ignored: accents, the vowels of Arabic script, marks within words.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\'' | '.' | '`')
        || matches!(c, '\u{2018}' | '\u{2019}' | '\u{2bb}' | '\u{2bc}' | '\u{2032}')
}

fn parts_words(c: char) -> bool {
    c.is_whitespace()
        || (c.is_ascii() && !c.is_ascii_alphanumeric())
        || matches!(c, '\u{80}'..='\u{bf}' | '×' | '÷' | '\u{30fb}' | '\u{6d4}')
        || matches!(c, '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}')
        || matches!(c, '\u{60c}'..='\u{61f}' | '\u{66a}'..='\u{66d}')
}

/// The unified form of a letter: letters that keyboards lack, and letters that Arabic, Persian and
/// Urdu write differently.
fn plain(c: char) -> Result<char, &'static str> {
    Ok(match c {
        'ß' => return Err("ss"),
        'æ' => return Err("ae"),
        'œ' => return Err("oe"),
        'þ' => return Err("th"),
        'ø' => 'o',
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        'ı' => 'i',
        'ə' => 'e',
        '\u{6cc}' | '\u{649}' => '\u{64a}',
        '\u{6a9}' => '\u{643}',
        '\u{629}' | '\u{6c1}' | '\u{6be}' | '\u{6c3}' => '\u{647}',
        other => other,
    })
}

/// Words that identify a sea area.
const SEA: &[&str] = &[
    "sea",
    "seas",
    "ocean",
    "oceans",
    "gulf",
    "strait",
    "straits",
    "bay",
    "channel",
    "waters",
    "mer",
    "golfe",
    "golfo",
    "golf",
    "detroit",
    "mar",
    "oceano",
    "estrecho",
    "estreito",
    "baie",
    "bahia",
    "meer",
    "ozean",
    "море",
    "океан",
    "залив",
    "пролив",
    "بحر",
    "البحر",
    "المحيط",
    "محيط",
    "خليج",
    "الخليج",
    "مضيق",
    "دريا",
    "درياي",
    "اقيانوس",
    "تنكه",
    "بحيره",
    "سمندر",
];

/// Chinese endings that identify a sea area.
const SEA_ENDINGS: &[&str] =
    &["洋", "海峡", "海峽", "海湾", "海灣", "红海", "紅海", "黑海", "地中海", "阿拉伯海"];

/// Whether a name is a sea area: it contains a word for one and no country has the name.
pub(super) fn is_sea(name: &str) -> bool {
    let mut words =
        name.split(|c: char| c.is_whitespace() || (c.is_ascii_punctuation() && c != '\''));
    let says_so = words.any(|word| SEA.contains(&fold(word).as_str()));
    (says_so || SEA_ENDINGS.iter().any(|ending| name.trim_end().ends_with(ending)))
        && codes(name).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Countries;

    fn called(name: &str) -> String {
        let codes: Vec<String> = codes(name).iter().map(CountryCode::to_string).collect();
        codes.join(" ")
    }

    #[test]
    fn a_country_is_known_by_the_names_that_data_sets_use() {
        for (name, code) in [
            ("Pakistan", "PAK"),
            (" pakistan ", "PAK"),
            ("PK", "PAK"),
            ("pak", "PAK"),
            ("DR Congo (Zaire)", "COD"),
            ("Democratic Republic of Congo", "COD"),
            ("Congo, Dem. Rep.", "COD"),
            ("Congo, the Democratic Republic of the", "COD"),
            ("Congo (Kinshasa)", "COD"),
            ("RDC", "COD"),
            ("Congo", "COG"),
            ("Congo, Rep.", "COG"),
            ("Congo (Brazzaville)", "COG"),
            ("People's Republic of the Congo", "COG"),
            ("Myanmar (Burma)", "MMR"),
            ("Türkiye", "TUR"),
            ("Turkiye", "TUR"),
            ("TÜRKİYE", "TUR"),
            ("U.S.A.", "USA"),
            ("United States of America", "USA"),
            ("EE. UU.", "USA"),
            ("Cote d'Ivoire", "CIV"),
            ("Côte d\u{2019}Ivoire", "CIV"),
            ("Cote dIvoire", "CIV"),
            ("COTE D IVOIRE", "CIV"),
            ("St. Lucia", "LCA"),
            ("Saint Lucia", "LCA"),
            ("Bosnia & Herzegovina", "BIH"),
            ("Bosnia-Herzegovina", "BIH"),
            ("Gambia, The", "GMB"),
            ("Iran (Islamic Republic of)", "IRN"),
            ("Iran, Islamic Rep.", "IRN"),
            ("Tanzania, United Republic of", "TZA"),
            ("Korea, Republic of", "KOR"),
            ("Korea, Dem. People's Rep. of", "PRK"),
            ("Guinea, Equatorial", "GNQ"),
            ("Sudan (South)", "SSD"),
            ("Serbia (Yugoslavia)", "SRB"),
            ("Russia (Soviet Union)", "RUS"),
            ("Zimbabwe (Rhodesia)", "ZWE"),
            ("West Germany (FRG)", "DEU"),
            ("North Yemen", "YEM"),
            ("South Yemen", "YEM"),
            ("Zaire", "COD"),
            ("Rhodesia", "ZWE"),
            ("Northern Rhodesia", "ZMB"),
            ("West Bank and Gaza Strip", "PSE"),
        ] {
            assert_eq!(called(name), code, "{name}");
        }
        for name in [
            "Atlantis",
            "",
            "?",
            "Pakistn",
            "Total",
            "Mỹ",
            "Congo (Atlantis)",
            "#586",
            "586",
            "codes",
        ] {
            assert_eq!(called(name), "", "{name}");
        }
    }

    #[test]
    fn a_country_is_known_by_its_names_in_other_languages() {
        for (code, names) in [
            ("MEX", "México|Mexico|Mexique|Мексика|المكسيك|墨西哥|Mexiko|مکزیک|میکسیکو"),
            ("DEU", "Alemania|Allemagne|Deutschland|Германия|ألمانيا|آلمان|جرمنی|德国|Alemanha"),
            ("AFG", "Афганистан|Afganistán|Afeganistão|أفغانستان|افغانستان|阿富汗"),
            ("PAK", "پاکستان|باكستان|Пакистан|Pakistán|Paquistão|巴基斯坦"),
            ("IRN", "ایران|إيران|Irán|Irã|Irão|Иран|伊朗"),
            ("RUS", "Россия|Russie|Rusia|Rússia|روسيا|روسیه|روس|俄罗斯|Российская Федерация"),
            (
                "CIV",
                "Costa de Marfil|Elfenbeinküste|Costa do Marfim|Кот-д’Ивуар|ساحل العاج|科特迪瓦",
            ),
            ("COD", "République démocratique du Congo|República Democrática del Congo|刚果（金）"),
            ("NER", "Niger|Níger|Нигер|النيجر|尼日尔"),
            ("NGA", "Nigeria|Nigéria|Нигерия|نيجيريا|尼日利亚"),
            ("GIN", "Guinea|Guinée|Guiné|Гвинея|غينيا"),
            ("GNB", "Guinea-Bissau|Guinée-Bissau|Guiné-Bissau|Гвинея-Бисау"),
            ("GNQ", "Guinée équatoriale|Guinea Ecuatorial|Guiné Equatorial|Äquatorialguinea"),
            ("DMA", "Dominica|Dominique"),
            ("DOM", "República Dominicana|République dominicaine|Dominican Republic"),
            ("AUT", "Österreich|Oesterreich|Osterreich|Austria|Autriche"),
            ("AUS", "Australia|Australie|Australien"),
            ("SVK", "Slovakia|Slovaquie|Eslovaquia|Slovensko"),
            ("SVN", "Slovenia|Slovénie|Eslovenia|Slovenija"),
            ("CHN", "中国|中國|China|Chine|Китай|الصين|چین"),
            ("PER", "Perú|Pérou|Peru"),
            ("TCD", "Tchad|Chad|Çad|Чад|تشاد"),
            ("KAZ", "Қазақстан|Казахстан|Kasachstan|Cazaquistão"),
            ("UKR", "Україна|Украина|Ucrania"),
            ("ARM", "Հայաստան|Armenia"),
            ("GEO", "საქართველო|Georgia|Géorgie"),
        ] {
            for name in names.split('|') {
                assert_eq!(called(name), code, "{name}");
            }
        }
    }

    /// The names of several countries, by the first of them.
    #[test]
    fn states_of_the_past_stand_for_the_countries_that_followed() {
        for (name, codes) in [
            ("Yugoslavia", "SRB BIH HRV MKD MNE SVN XKX"),
            ("Serbia-Montenegro", "SRB MNE XKX"),
            ("Serbia and Montenegro", "SRB MNE XKX"),
            ("U.S.S.R.", "RUS ARM AZE BLR EST GEO KAZ KGZ LTU LVA MDA TJK TKM UKR UZB"),
            ("Czechoslovakia", "CZE SVK"),
            ("Kongo", "COG COD"),
            ("Korea", "KOR PRK"),
            ("Abyei", "SDN SSD"),
            ("Hala'ib Triangle", "EGY SDN"),
        ] {
            assert_eq!(called(name), codes, "{name}");
            assert_eq!(Countries::built_in().named(name), None, "{name}");
        }
    }

    #[test]
    fn no_name_means_two_countries_but_those_that_are_listed() {
        let listed = include_str!("../../../data/derive/several.csv");
        let listed: Vec<String> = listed
            .lines()
            .skip(1)
            .filter_map(|line| line.rsplit_once(','))
            .map(|(name, _)| fold(name))
            .collect();
        let countries = Countries::built_in();
        let mut last = String::new();
        assert_eq!(TABLE.lines().next(), Some("name,codes"));
        for line in TABLE.lines().skip(1) {
            let (name, codes) = line.split_once(',').expect("name and codes");
            assert!(*name > *last, "{line}: in order, and each name once");
            last = name.to_owned();
            let codes: Vec<CountryCode> =
                codes.split(' ').map(|code| CountryCode::new(code).expect("a code")).collect();
            assert!(codes.iter().all(|code| countries.find(*code).is_some()), "{line}");
            assert_eq!(look_up(name), codes, "{line}");
            if let Some(number) = name.strip_prefix('#') {
                assert_eq!(numbered(number.parse().expect("a number")), codes.first().copied());
                continue;
            }
            assert_eq!(fold(name), name, "a name in the table is folded");
            assert!(codes.len() == 1 || listed.iter().any(|known| known == name), "{line}");
        }
        assert!(TABLE.lines().count() > 8000);
    }

    #[test]
    fn numbers_of_iso_are_countries() {
        for (number, code) in [(586, "PAK"), (4, "AFG"), (840, "USA"), (384, "CIV")] {
            assert_eq!(numbered(number), CountryCode::new(code));
        }
        for number in [0, 999, 1, 5860] {
            assert_eq!(numbered(number), None);
        }
    }

    #[test]
    fn seas_are_told_from_countries() {
        for name in [
            "Red Sea",
            "Gulf of Aden",
            "Pacific Ocean",
            "Arabian Sea",
            "Bay of Bengal",
            "Mar Rojo",
            "Mer Rouge",
            "Strait of Hormuz",
            "Golfo de México",
            "International Waters",
            "Красное море",
            "خليج عدن",
            "红海",
            "Golfe d\u{2019}Aden",
            "Northern Indian Ocean",
            "South China Sea",
        ] {
            assert!(is_sea(name), "{name}");
        }
        for name in [
            "British Indian Ocean Territory",
            "Pakistan",
            "Pakistn",
            "Seychelles",
            "Atlantis",
            "Bahrain",
            "",
            "Channel Islands",
            "Swaziland",
            "Marocco",
        ] {
            assert!(!is_sea(name), "{name}");
        }
    }
}
