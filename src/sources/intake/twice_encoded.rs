//! Names whose letters were encoded twice: UTF-8 that a program once read as Windows-1252, so that `é` became `Ã©`.

use super::tally::Tally;
use crate::Code;
use encoding_rs::{UTF_8, WINDOWS_1252};

/// The names of a file that look so.
#[derive(Debug, Default)]
pub(crate) struct TwiceEncoded {
    count: usize,
    /// The first of them, and what it would be.
    first: Option<(String, String)>,
}

impl TwiceEncoded {
    /// Adds the name of a record that is kept.
    pub fn add(&mut self, name: &str) {
        if let Some(meant) = meant(name) {
            self.count += 1;
            self.first.get_or_insert_with(|| (name.to_owned(), meant));
        }
    }

    /// Reports them once. `noun` is the word for the records.
    pub fn report(self, tally: &mut Tally, noun: &str) {
        let Some((name, meant)) = self.first else { return };
        let (count, look) = (self.count, if self.count == 1 { "looks" } else { "look" });
        tally.say(
            Code::TextUndecodable,
            Some("name"),
            format!(
                "the names of {count} {noun} {look} like UTF-8 read as Windows-1252, such as \
                 \"{}\" for \"{}\"; they are kept as they stand in the source",
                name.escape_debug(),
                meant.escape_debug()
            ),
        );
    }
}

/// What a text was before it was encoded twice; `None` if it was not. The bytes of Windows-1252 for its letters must be
/// UTF-8 throughout. In a correct text a letter with an accent stands beside one without, or the letters are not in
/// Windows-1252 at all, so this is never so.
fn meant(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let (bytes, _, lost) = WINDOWS_1252.encode(text);
    if lost {
        return None;
    }
    let meant = UTF_8.decode_without_bom_handling_and_without_replacement(&bytes)?;
    let has_control = meant.chars().any(char::is_control);
    (!has_control && meant.chars().count() < text.chars().count()).then(|| meant.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_encoded_twice_are_known() {
        for name in [
            "Société minière",
            "Mina Peña Colorada",
            "Øksfjord",
            "São João",
            "Çöpler",
            "ریکوڈک",
            "Łódź",
        ] {
            let (twice, _) = WINDOWS_1252.decode_without_bom_handling(name.as_bytes());
            assert_eq!(meant(&twice).as_deref(), Some(name), "{twice}");
        }
        assert_eq!(meant("Ã‰lÃ©onore").as_deref(), Some("Éléonore"));
    }

    #[test]
    fn correct_names_are_left_alone() {
        for name in [
            "Sadiola",
            "Société des mines d'Ity",
            "Peña Colorada",
            "Éléonore",
            "SÃO JOÃO",
            "MINERAÇÃO",
            "ریکوڈک",
            "سینڈک",
            "Çöpler",
            "Øksfjord",
            "Łódź",
            "N’Tahaka",
            "Mine №5",
            "«Nord»",
            "Ô Île",
            "Gold 25 °C",
            "Â",
            "Ã",
            "ÂNGELO",
            "Española – Añil",
            "Dalur Ríkið þ",
            "紫金山",
            "Куранах",
            "Łęczna “Bogdanka”",
        ] {
            assert_eq!(meant(name), None, "{name}");
        }
    }
}
