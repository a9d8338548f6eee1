//! Geometry written as hexadecimal digits: well-known binary (OGC 06-103r4) and the extended form in which
//! PostGIS hands out its columns, which names the reference system. Heights and measures are passed over.

use crate::sources::formats::record::RawGeometry;

/// How deep collections may lie in one another.
const DEEPEST: usize = 16;

/// Whether a text is made of hexadecimal digits and begins as a geometry does.
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

/// A geometry, `None` where it is empty, and the code of its reference system.
pub(crate) type Read = (Option<RawGeometry>, Option<String>);

/// Reads a geometry.
///
/// # Errors
/// What is wrong with it, as a phrase that follows the value.
pub(crate) fn parse(text: &str) -> Result<Read, String> {
    const DIGITS: &str = "is not well-known binary: no hexadecimal digits";
    let value = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(text.len() / 2);
    for pair in digits_of(text).as_bytes().chunks(2) {
        let &[high, low] = pair else { return Err(DIGITS.to_owned()) };
        bytes.push(value(high).ok_or(DIGITS)? << 4 | value(low).ok_or(DIGITS)?);
    }
    let mut bytes = Bytes { rest: &bytes, srid: None };
    let geometry = bytes.geometry(0)?;
    if !bytes.rest.is_empty() {
        return Err("is not well-known binary: something follows the geometry".to_owned());
    }
    Ok((geometry, bytes.srid.filter(|srid| *srid != 0).map(|srid| srid.to_string())))
}

struct Bytes<'b> {
    rest: &'b [u8],
    srid: Option<u32>,
}

/// How a geometry is written.
#[derive(Clone, Copy)]
struct Form {
    little: bool,
    /// Numbers of a position.
    width: usize,
}

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (taken, rest) = self
            .rest
            .split_first_chunk::<N>()
            .ok_or_else(|| "is well-known binary that is cut short".to_owned())?;
        self.rest = rest;
        Ok(*taken)
    }

    fn whole(&mut self, little: bool) -> Result<u32, String> {
        let bytes = self.take()?;
        Ok(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn number(&mut self, little: bool) -> Result<f64, String> {
        let bytes = self.take()?;
        Ok(if little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    fn geometry(&mut self, depth: usize) -> Result<Option<RawGeometry>, String> {
        if depth > DEEPEST {
            return Err(format!("has collections more than {DEEPEST} deep"));
        }
        let little = match self.take()? {
            [0] => false,
            [1] => true,
            _ => return Err("is not well-known binary: no byte order".to_owned()),
        };
        let code = self.whole(little)?;
        if code & 0x2000_0000 != 0 {
            let srid = self.whole(little)?;
            self.srid.get_or_insert(srid);
        }
        let plain = code & 0x0fff_ffff;
        let (kind, more) = (plain % 1000, plain / 1000);
        let flags = usize::from(code & 0x8000_0000 != 0) + usize::from(code & 0x4000_0000 != 0);
        let form = Form {
            little,
            width: 2
                + flags
                + match more {
                    0 => 0,
                    1 | 2 => 1,
                    _ => 2,
                },
        };
        Ok(match kind {
            1 => {
                let [x, y] = self.position(form)?;
                // An empty point has no numbers, for which it writes NaN.
                (!x.is_nan() || !y.is_nan()).then(|| RawGeometry::Points(vec![[x, y]]))
            }
            2 => some(self.line(form)?, |line| RawGeometry::Lines(vec![line])),
            3 => some(self.rings(form)?, |rings| RawGeometry::Polygons(vec![rings])),
            4..=7 => {
                let count = self.whole(little)?;
                let mut members = Vec::new();
                for _ in 0..count {
                    members.extend(self.geometry(depth + 1)?);
                }
                super::wkt::joined(members)
            }
            _ => return Err(format!("is well-known binary of a kind that is not read, {kind}")),
        })
    }

    fn position(&mut self, form: Form) -> Result<[f64; 2], String> {
        let position = [self.number(form.little)?, self.number(form.little)?];
        for _ in 2..form.width {
            self.number(form.little)?;
        }
        Ok(position)
    }

    fn line(&mut self, form: Form) -> Result<Vec<[f64; 2]>, String> {
        let count = self.whole(form.little)?;
        // A count is believed only as far as there are bytes for it.
        let mut line = Vec::new();
        for _ in 0..count {
            line.push(self.position(form)?);
        }
        Ok(line)
    }

    fn rings(&mut self, form: Form) -> Result<Vec<Vec<[f64; 2]>>, String> {
        let count = self.whole(form.little)?;
        let mut rings = Vec::new();
        for _ in 0..count {
            rings.push(self.line(form)?);
        }
        Ok(rings)
    }
}

fn some<T>(list: Vec<T>, make: impl FnOnce(Vec<T>) -> RawGeometry) -> Option<RawGeometry> {
    (!list.is_empty()).then(|| make(list))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_geometries_are_read() {
        let point = |x, y| Some(RawGeometry::Points(vec![[x, y]]));
        for (text, geometry, srid) in [
            // As PostGIS writes them.
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
