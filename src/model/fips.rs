//! Countries by FIPS 10-4, the two-letter codes that agencies of the United States used until 2008 and
//! GDELT still uses. Many codes differ from ISO 3166: NI is Nigeria here and Nicaragua there.

use super::CountryCode;
use std::sync::LazyLock;

static CODES: LazyLock<Vec<([u8; 2], CountryCode)>> = LazyLock::new(|| {
    let row = |line: &str| {
        let (fips, code) = line.split_once(',')?;
        Some((fips.as_bytes().try_into().ok()?, CountryCode::new(code)?))
    };
    include_str!("../../data/borders/fips.csv").lines().skip(1).filter_map(row).collect()
});

/// The country with a FIPS 10-4 code, in any case; `None` if the code is unknown.
pub fn by_fips(code: &str) -> Option<CountryCode> {
    let letters: [u8; 2] = code.trim().as_bytes().try_into().ok()?;
    let letters = letters.map(|letter| letter.to_ascii_uppercase());
    let at = CODES.binary_search_by_key(&letters, |(fips, _)| *fips).ok()?;
    CODES.get(at).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Countries;

    #[test]
    fn codes_of_fips_are_told_from_those_of_iso() {
        for (fips, code) in [
            ("NI", "NGA"),
            ("ng", "NER"),
            ("NU", "NIC"),
            ("CH", "CHN"),
            (" AS ", "AUS"),
            ("SF", "ZAF"),
        ] {
            assert_eq!(by_fips(fips).as_ref().map(CountryCode::as_str), Some(code), "{fips}");
        }
        for word in ["", "N", "XX", "NGA", "Nigeria"] {
            assert_eq!(by_fips(word), None, "{word}");
        }
        let rows = include_str!("../../data/borders/fips.csv").lines().count() - 1;
        assert_eq!(CODES.len(), rows);
        assert!(CODES.is_sorted_by(|a, b| a.0 < b.0), "in order, each once");
        for (_, code) in CODES.iter() {
            assert!(Countries::built_in().find(*code).is_some(), "{code}");
        }
    }
}
