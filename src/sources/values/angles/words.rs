//! The words in written angles: hemispheres, units, and axis names.

use super::{Axis, Token};

/// A hemisphere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    North,
    South,
    East,
    West,
    /// O: west in French, Spanish, Portuguese and Italian, east in German.
    O,
}

impl Side {
    pub fn axis(self) -> Axis {
        match self {
            Self::North | Self::South => Axis::Lat,
            _ => Axis::Lon,
        }
    }
}

/// Words for the hemispheres, in lower case and without periods.
const SIDES: [(Side, &[&str]); 5] = [
    (
        Side::North,
        &[
            "n",
            "north",
            "northern",
            "nord",
            "norte",
            "norden",
            "nördlich",
            "с",
            "сш",
            "сев",
            "север",
            "северной",
            "северная",
            "ش",
            "شمال",
            "شمالا",
            "شمالی",
            "北",
            "北纬",
            "北緯",
        ],
    ),
    (
        Side::South,
        &[
            "s",
            "south",
            "southern",
            "sud",
            "süd",
            "sur",
            "sul",
            "süden",
            "südlich",
            "ю",
            "юш",
            "юж",
            "юг",
            "южной",
            "южная",
            "ج",
            "جنوب",
            "جنوبا",
            "جنوبی",
            "南",
            "南纬",
            "南緯",
        ],
    ),
    (
        Side::East,
        &[
            "e",
            "east",
            "eastern",
            "est",
            "este",
            "leste",
            "ost",
            "oost",
            "osten",
            "ö",
            "östlich",
            "в",
            "вд",
            "вост",
            "восток",
            "восточной",
            "восточная",
            "شرق",
            "شرقا",
            "شرقی",
            "ق",
            "东",
            "東",
            "东经",
            "東經",
            "東経",
        ],
    ),
    (
        Side::West,
        &[
            "w",
            "west",
            "western",
            "ouest",
            "oeste",
            "ovest",
            "westen",
            "westlich",
            "з",
            "зд",
            "зап",
            "запад",
            "западной",
            "западная",
            "غرب",
            "غربا",
            "غربی",
            "غ",
            "西",
            "西经",
            "西經",
            "西経",
        ],
    ),
    (Side::O, &["o"]),
];

/// The hemisphere that a word names.
pub(crate) fn side_of(word: &str) -> Option<Side> {
    let word: String =
        word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    SIDES.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(side, _)| *side)
}

/// Returns the meaning of a word in an angle. `lettered` records whether minutes are marked by a letter,
/// since then an s after a number means seconds.
pub(super) fn word_of(
    word: &str,
    tight: bool,
    lettered: &mut bool,
) -> Result<Option<Token>, String> {
    Ok(Some(match word {
        "d" if tight => Token::Mark(0),
        "deg" | "degs" | "degree" | "degrees" | "grad" | "grados" | "graus" | "degrés" | "град"
        | "градусов" | "度" => Token::Mark(0),
        "m" if tight => {
            *lettered = true;
            Token::Mark(1)
        }
        "min" | "mins" | "minute" | "minutes" | "minutos" | "мин" | "минут" | "分" => {
            *lettered = true;
            Token::Mark(1)
        }
        "s" if tight && std::mem::take(lettered) => Token::Mark(2),
        "sec" | "secs" | "second" | "seconds" | "segundos" | "secondes" | "сек" | "секунд"
        | "秒" => Token::Mark(2),
        "lat" | "latitude" | "latitud" | "breite" | "широта" | "ш" | "широты" | "纬度" | "br" => {
            Token::Label(Axis::Lat)
        }
        "lon" | "lng" | "long" | "longitude" | "longitud" | "länge" | "долгота" | "д"
        | "долготы" | "经度" | "l" => Token::Label(Axis::Lon),
        _ => Token::Side(side_of(word).ok_or_else(|| "is not an angle".to_owned())?),
    }))
}
