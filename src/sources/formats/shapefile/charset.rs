//! The encoding of a shapefile's table: the `.cpg` decides, then a byte of the table, then the user's
//! option; otherwise UTF-8 if the texts are valid.

use crate::{Code, Error, Result};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use oem_cp::code_table as dos;
use oem_cp::decode_string_complete_table;
use std::borrow::Cow;

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    /// An encoding of the Encoding Standard.
    Standard(&'static Encoding),
    /// A DOS code page: its name and the characters of its upper half.
    Dos(&'static str, &'static [char; 128]),
}

use Charset::{Dos, Standard};

impl Default for Charset {
    fn default() -> Self {
        Standard(UTF_8)
    }
}

/// The byte of the table, and its code page (Esri, "Code page conversion for shapefiles").
const PAGES: [(u8, u32); 55] = [
    (0x01, 437),
    (0x02, 850),
    (0x03, 1252),
    (0x04, 10_000),
    (0x08, 865),
    (0x09, 437),
    (0x0a, 850),
    (0x0b, 437),
    (0x0d, 437),
    (0x0e, 850),
    (0x0f, 437),
    (0x10, 850),
    (0x11, 437),
    (0x12, 850),
    (0x13, 932),
    (0x14, 850),
    (0x15, 437),
    (0x16, 850),
    (0x18, 437),
    (0x19, 437),
    (0x1b, 437),
    (0x1c, 863),
    (0x1d, 850),
    (0x1f, 852),
    (0x22, 852),
    (0x23, 852),
    (0x24, 860),
    (0x25, 850),
    (0x26, 866),
    (0x37, 850),
    (0x40, 852),
    (0x4d, 936),
    (0x4e, 949),
    (0x4f, 950),
    (0x50, 874),
    (0x58, 1252),
    (0x59, 1252),
    (0x64, 852),
    (0x65, 866),
    (0x66, 865),
    (0x67, 861),
    (0x6a, 737),
    (0x6c, 863),
    (0x78, 950),
    (0x79, 949),
    (0x7a, 936),
    (0x7b, 932),
    (0x7c, 874),
    (0x86, 737),
    (0x87, 852),
    (0xc8, 1250),
    (0xc9, 1251),
    (0xca, 1254),
    (0xcb, 1253),
    (0xcc, 1257),
];

/// The byte for "the code page of the computer", which is uninformative.
const OF_COMPUTER: u8 = 0x57;

impl Charset {
    /// Returns the candidate encodings of a table, the likeliest first, from the word of its `.cpg`, its
    /// byte, and the user's option.
    ///
    /// # Errors
    /// The user's option is not an encoding.
    pub fn candidates(said: Option<&str>, byte: u8, asked: Option<&str>) -> Result<Vec<Self>> {
        let mut list: Vec<Self> = said.and_then(named).into_iter().collect();
        let page = PAGES.iter().find(|(known, _)| *known == byte).map(|(_, page)| *page);
        let page = page.and_then(of_page);
        // Many programs write the byte of a DOS page whatever the encoding, and any bytes are valid in
        // it.
        let (dos, sure) = match page {
            Some(page @ Dos(..)) => (Some(page), None),
            page => (None, page),
        };
        list.extend(sure);
        if let Some(label) = asked {
            let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| {
                Error::usage(Code::EncodingUnknown, format!("\"{label}\" is not an encoding"))
                    .with_hint("labels are those of the Encoding Standard, such as windows-1252")
            })?;
            list.push(Standard(encoding));
        }
        list.push(Standard(UTF_8));
        list.extend(dos);
        if byte == OF_COMPUTER {
            list.push(Standard(WINDOWS_1252));
        }
        Ok(list)
    }

    /// The name of the encoding.
    pub fn name(self) -> &'static str {
        match self {
            Standard(encoding) => encoding.name(),
            Dos(name, _) => name,
        }
    }

    /// Decodes bytes.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Standard(encoding) => encoding.decode_without_bom_handling(self.whole(bytes)).0,
            Dos(_, table) => Cow::Owned(decode_string_complete_table(bytes, table)),
        }
    }

    /// Whether bytes are valid in the encoding.
    pub fn fits(self, bytes: &[u8]) -> bool {
        let Standard(encoding) = self else { return true };
        let bytes = self.whole(bytes);
        bytes.is_ascii()
            || encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
    }

    /// Removes a character at the end that was truncated by the width of the column.
    fn whole(self, bytes: &[u8]) -> &[u8] {
        match std::str::from_utf8(bytes) {
            Err(error) if self == Standard(UTF_8) && error.error_len().is_none() => {
                bytes.get(..error.valid_up_to()).unwrap_or_default()
            }
            _ => bytes,
        }
    }
}

/// The encoding that a `.cpg` names: `UTF-8`, `1252`, `ANSI 1252`, `ISO 88591`, `LDID/87`.
fn named(said: &str) -> Option<Charset> {
    let said = said.trim().trim_start_matches('\u{feff}');
    if let Some(encoding) = Encoding::for_label(said.as_bytes()) {
        return Some(Standard(encoding));
    }
    let digits: String = said.chars().filter(char::is_ascii_digit).collect();
    let lower = said.to_ascii_lowercase();
    if lower.starts_with("ldid") {
        let byte = digits.parse::<u8>().ok()?;
        return of_page(PAGES.iter().find(|(known, _)| *known == byte)?.1);
    }
    if let Some(part) = digits.strip_prefix("8859") {
        let label = format!("iso-8859-{part}");
        return Encoding::for_label(label.as_bytes()).map(Standard);
    }
    of_page(digits.parse().ok()?)
}

/// The encoding of a code page.
fn of_page(page: u32) -> Option<Charset> {
    let dos = match page {
        437 => Some(("cp437", &dos::DECODING_TABLE_CP437)),
        737 => Some(("cp737", &dos::DECODING_TABLE_CP737)),
        775 => Some(("cp775", &dos::DECODING_TABLE_CP775)),
        850 => Some(("cp850", &dos::DECODING_TABLE_CP850)),
        852 => Some(("cp852", &dos::DECODING_TABLE_CP852)),
        855 => Some(("cp855", &dos::DECODING_TABLE_CP855)),
        858 => Some(("cp858", &dos::DECODING_TABLE_CP858)),
        860 => Some(("cp860", &dos::DECODING_TABLE_CP860)),
        861 => Some(("cp861", &dos::DECODING_TABLE_CP861)),
        862 => Some(("cp862", &dos::DECODING_TABLE_CP862)),
        863 => Some(("cp863", &dos::DECODING_TABLE_CP863)),
        865 => Some(("cp865", &dos::DECODING_TABLE_CP865)),
        869 => Some(("cp869", &dos::DECODING_TABLE_CP869)),
        _ => None,
    };
    if let Some((name, table)) = dos {
        return Some(Dos(name, table));
    }
    let label = match page {
        65_001 | 20_127 => "utf-8".to_owned(),
        866 => "ibm866".to_owned(),
        874 => "windows-874".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10_000 => "macintosh".to_owned(),
        1250..=1258 => format!("windows-{page}"),
        28_591..=28_606 => format!("iso-8859-{}", page - 28_590),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes()).map(Standard)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_known_by_the_words_of_cpg_files() {
        for (said, name) in [
            ("UTF-8", "UTF-8"),
            ("utf8\r\n", "UTF-8"),
            ("65001", "UTF-8"),
            ("1252", "windows-1252"),
            ("ANSI 1251", "windows-1251"),
            ("CP1256", "windows-1256"),
            ("ISO 88591", "windows-1252"),
            ("8859-2", "ISO-8859-2"),
            ("LDID/201", "windows-1251"),
            ("Big5", "Big5"),
            ("OEM 866", "IBM866"),
            ("OEM 850", "cp850"),
            ("437", "cp437"),
            ("CP852", "cp852"),
            ("LDID/8", "cp865"),
        ] {
            assert_eq!(named(said).map(Charset::name), Some(name), "{said}");
        }
        assert_eq!(named("OEM 864"), None);
        assert_eq!(named(""), None);
    }

    #[test]
    fn texts_of_dos_are_read_in_their_page() {
        for (said, bytes, text) in [
            ("437", &b"Pe\xa4\xa2n"[..], "Peñón"),
            ("850", b"K\x82ni\x82ba \xd3", "Kéniéba Ë"),
            ("852", b"\x9d\xa2d\xab", "Łódź"),
            ("865", b"R\x9bros", "Røros"),
        ] {
            let charset = named(said).expect(said);
            assert!(charset.fits(bytes));
            assert_eq!(charset.decode(bytes), text, "{said}");
        }
        // UTF-8 and the user's option take precedence over the byte of the table.
        let names = |said, byte, asked| -> Vec<&str> {
            let list = Charset::candidates(said, byte, asked).expect("encodings");
            list.into_iter().map(Charset::name).collect()
        };
        assert_eq!(names(None, 0x02, None), ["UTF-8", "cp850"]);
        assert_eq!(names(None, 0x02, Some("windows-1252")), ["windows-1252", "UTF-8", "cp850"]);
        assert_eq!(names(Some("OEM 850"), 0x00, None), ["cp850", "UTF-8"]);
    }

    #[test]
    fn a_character_cut_by_the_width_of_a_column_is_left_out() {
        let utf8 = Standard(UTF_8);
        assert!(utf8.fits(b"caf\xc3") && utf8.decode(b"caf\xc3") == "caf");
        assert!(!utf8.fits(b"caf\xe9 noir"));
    }
}
