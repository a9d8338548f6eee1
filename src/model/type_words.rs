//! Words for types of incidents in French, Spanish, Portuguese, Russian, Arabic, Persian, Urdu, German and
//! Chinese. Words are compared without case, accents and vowel signs, and with unified letters of Arabic
//! script, since keyboards produce different ones. A bare `mine` or `mina` is left out: here it is a place of
//! work.

mod languages;

use super::Routed;
use languages::Meaning::{Domain as Of, Type};
use languages::{
    ARABIC, CHINESE, FRENCH, GERMAN, PERSIAN, PORTUGUESE, RUSSIAN, SPANISH, URDU, Words,
};
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// All languages. For a word in several of them the first meaning applies.
const LANGUAGES: [&[Words]; 9] =
    [FRENCH, SPANISH, PORTUGUESE, RUSSIAN, ARABIC, PERSIAN, URDU, GERMAN, CHINESE];

/// The meaning of a word for a type in any of the languages.
pub(super) fn meaning(words: &str) -> Option<Routed> {
    static KNOWN: LazyLock<HashMap<String, Routed>> = LazyLock::new(|| {
        let mut known = HashMap::new();
        for (meaning, words) in LANGUAGES.into_iter().flatten() {
            let routed = match *meaning {
                Type(found) => Routed::security(found),
                Of(domain) => Routed::plain(domain),
            };
            for word in words.split('|') {
                known.entry(fold(word)).or_insert(routed);
            }
        }
        known
    });
    KNOWN.get(&fold(words)).copied()
}

/// Folds words for comparison: letters and digits in lower case and one form, everything else a single blank.
pub fn fold(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for c in words.nfkd().flat_map(char::to_lowercase) {
        if is_silent(c) {
            continue;
        }
        match one_form(c) {
            c if c.is_alphanumeric() => text.push(c),
            _ if !text.ends_with(' ') && !text.is_empty() => text.push(' '),
            _ => {}
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Whether a character is ignored: accents, the vowel signs and the lengthening of Arabic script, marks of
/// direction.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// The unified form of a letter that keyboards produce in several forms.
fn one_form(c: char) -> char {
    match c {
        '\u{6cc}' | '\u{649}' | '\u{6d2}' => '\u{64a}',
        '\u{6a9}' => '\u{643}',
        '\u{629}' | '\u{6c1}' | '\u{6c2}' | '\u{6c3}' | '\u{6d5}' => '\u{647}',
        '\u{671}' => '\u{627}',
        // A joiner separates words only visually.
        '\u{200c}' | '\u{200d}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Domain;
    use crate::model::SecurityType::{
        self, Battles, Explosions, Looting, Protests, Riots, Violence,
    };

    #[test]
    fn the_usual_words_of_nine_languages_are_known() {
        let security = Routed::security;
        for (word, expected) in [
            ("Attaque armée", security(Violence)),
            ("ATTAQUE ARMEE", security(Violence)),
            ("Enlèvement", security(Violence)),
            ("E\u{301}meutes", security(Riots)),
            ("Attentat-suicide", security(Explosions)),
            ("Prise d’otages", security(Violence)),
            ("Séisme", Routed::plain(Domain::Earthquake)),
            ("Accident minier", Routed::plain(Domain::Accident)),
            ("Explosión", security(Explosions)),
            ("Ataque armado", security(Violence)),
            ("Secuestro", security(Violence)),
            ("Bloqueo de vías", security(Protests)),
            ("Derrame de petróleo", Routed::plain(Domain::Accident)),
            ("Explosão", security(Explosions)),
            ("Confronto armado", security(Battles)),
            ("Sequestro", security(Violence)),
            ("Rompimento de barragem", Routed::plain(Domain::Accident)),
            ("Вооружённое нападение", security(Violence)),
            ("Взрыв", security(Explosions)),
            ("Массовые беспорядки", security(Riots)),
            ("Землетрясение", Routed::plain(Domain::Earthquake)),
            ("هجوم", security(Violence)),
            ("هُجُوم", security(Violence)),
            ("عبوة ناسفة", security(Explosions)),
            ("اشتباكات مسلحة", security(Battles)),
            ("أعمال شغب", security(Riots)),
            ("زلزال", Routed::plain(Domain::Earthquake)),
            ("حملہ", security(Violence)),
            ("خودکش حملہ", security(Explosions)),
            ("دھماکہ", security(Explosions)),
            ("جھڑپ", security(Battles)),
            ("ڈکیتی", security(Looting)),
            ("ہڑتال", security(Protests)),
            ("حمله مسلحانه", security(Violence)),
            ("بمب‌گذاری", security(Explosions)),
            ("بمب گذاري", security(Explosions)),
            ("درگیری", security(Battles)),
            ("سرقت", security(Looting)),
            ("اعتراضات", security(Protests)),
            ("زلزله", Routed::plain(Domain::Earthquake)),
            ("Angriff", security(Violence)),
            ("Sprengstoffanschlag", security(Explosions)),
            ("Entführung", security(Violence)),
            ("Grubenunglück", Routed::plain(Domain::Accident)),
            ("袭击", security(Violence)),
            ("绑架", security(Violence)),
            ("爆炸", security(Explosions)),
            ("交火", security(Battles)),
            ("矿难", Routed::plain(Domain::Accident)),
        ] {
            assert_eq!(meaning(word), Some(expected), "{word}");
        }
        for word in ["", "inondation", "Sequía", "наводнение", "فيضان", "سیلاب", "x"]
        {
            assert_eq!(meaning(word), None, "{word}");
        }
    }

    #[test]
    fn no_word_means_two_things() {
        let mut known: HashMap<String, (Routed, &str)> = HashMap::new();
        let mut clashes = Vec::new();
        for (meaning, words) in LANGUAGES.into_iter().flatten() {
            let routed = match *meaning {
                Type(found) => Routed::security(found),
                Of(domain) => Routed::plain(domain),
            };
            for word in words.split('|') {
                assert!(!fold(word).is_empty() && word.trim() == word, "{word:?}");
                let (other, first) = *known.entry(fold(word)).or_insert((routed, word));
                if other != routed {
                    clashes.push((word, first));
                }
            }
        }
        assert!(clashes.is_empty(), "{clashes:?}");
    }

    #[test]
    fn our_own_words_in_english_are_not_touched() {
        for kind in SecurityType::ALL {
            let english = SecurityType::from_words(kind.word());
            let routed = meaning(kind.word()).and_then(|routed| routed.security_type);
            assert!(routed.is_none() || routed == english, "{}", kind.word());
        }
    }
}
