//! Geometry in hexadecimal digits: the well-known binary of [`formats::wkb`](crate::sources::formats), usually
//! in the extended form of PostGIS columns, which includes the reference system.

use crate::sources::formats::record::{Geometry, RawGeometry};
use crate::sources::formats::wkb;

/// Whether a text consists of hexadecimal digits and begins like a geometry.
pub(crate) fn is_like(text: &str) -> bool {
    let digits = digits_of(text);
    digits.len() >= 18
        && digits.len().is_multiple_of(2)
        && (digits.starts_with("00") || digits.starts_with("01"))
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn digits_of(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix("\\x").or_else(|| text.strip_prefix("0x")).unwrap_or(text)
}

/// A geometry, `None` if it is empty, and the code of its reference system.
pub(crate) type Read = (Option<RawGeometry>, Option<String>);

/// Parses a geometry.
///
/// # Errors
/// The fault, as a phrase that follows the value.
pub(crate) fn parse(text: &str) -> Result<Read, String> {
    const DIGITS: &str = "is not well-known binary: no hexadecimal digits";
    let value = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(text.len() / 2);
    for pair in digits_of(text).as_bytes().chunks(2) {
        let &[high, low] = pair else { return Err(DIGITS.to_owned()) };
        bytes.push(value(high).ok_or(DIGITS)? << 4 | value(low).ok_or(DIGITS)?);
    }
    let geometry = match wkb::read_plain(&bytes).geometry {
        Geometry::Raw(raw) => Some(raw),
        Geometry::Broken { why, .. } => return Err(why),
        Geometry::InColumns | Geometry::None => None,
    };
    Ok((geometry, srid_of(&bytes).filter(|srid| *srid != 0).map(|srid| srid.to_string())))
}

/// The code of the reference system that follows the type in the extended form.
fn srid_of(bytes: &[u8]) -> Option<u32> {
    const NAMES_SYSTEM: u32 = 0x2000_0000;
    let whole = |at: usize| {
        let four = *bytes.get(at..)?.first_chunk()?;
        Some(if bytes.first() == Some(&0) {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        })
    };
    (whole(1)? & NAMES_SYSTEM != 0).then(|| whole(5))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_geometries_are_read() {
        let point = |x, y| Some(RawGeometry::Points(vec![[x, y]]));
        for (text, geometry, srid) in [
            // As written by PostGIS.
            (
                "0101000020E61000000000000000104F400000000000203D40",
                point(62.125, 29.125),
                Some("4326"),
            ),
            ("01010000000000000000104F400000000000203D40", point(62.125, 29.125), None),
            ("\\x0101000000000000000000F03F0000000000000040", point(1.0, 2.0), None),
            ("00000000013FF00000000000004000000000000000", point(1.0, 2.0), None),
            ("01E9030000000000000000F03F00000000000000400000000000000840", point(1.0, 2.0), None),
            ("0101000080000000000000F03F00000000000000400000000000000840", point(1.0, 2.0), None),
            ("0101000000000000000000F87F000000000000F87F", None, None),
        ] {
            assert_eq!(parse(text), Ok((geometry, srid.map(str::to_owned))), "{text}");
            assert!(is_like(text), "{text}");
        }
        let two = "0104000000020000000101000000000000000000F03F0000000000000040010100000000000000000008400000000000001040";
        let two = parse(two).map(|(geometry, _)| geometry);
        assert_eq!(two, Ok(Some(RawGeometry::Points(vec![[1.0, 2.0], [3.0, 4.0]]))));
        let ring = "0103000000010000000400000000000000000000000000000000000000000000000000F03F0000000000000000000000000000F03F000000000000F03F00000000000000000000000000000000";
        let ring = parse(ring).map(|(geometry, _)| geometry);
        let corners = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]];
        assert_eq!(ring, Ok(Some(RawGeometry::Polygons(vec![vec![corners]]))));
    }

    #[test]
    fn what_is_cut_short_or_damaged_is_said() {
        let whole = "0101000020E61000000000000000104F400000000000203D40";
        for end in (0..whole.len()).step_by(2) {
            assert!(parse(whole.get(..end).expect("hexadecimal")).is_err(), "{end}");
        }
        assert!(parse("0102000000FFFFFFFF").is_err());
        assert!(parse(&"0107000000FFFFFFFF".repeat(100)).is_err());
        assert!(parse("zz").is_err());
        for text in ["20240309", "0101", "quetta", "010203040506070809abcx"] {
            assert!(!is_like(text), "{text}");
        }
    }
}
