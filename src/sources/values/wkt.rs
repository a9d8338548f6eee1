//! Geometry as text in a column (well-known text, OGC 06-103r4): points, lines, polygons, multipart geometries and
//! collections of them. Heights and measures are ignored.
//!
//! Files contain more than the standard allows: heights without a `Z`, a comma between the two numbers of a point, a
//! reference system in front. The crate `wkt` refuses those, ignores text after a geometry, and overflows the stack
//! on collections 5,000 deep; the tests compare this parser with it.

use crate::sources::formats::record::RawGeometry;

/// The deepest nesting of collections.
const DEEPEST: usize = 16;

/// The number of the reference system at the start of EWKT; 0 means none.
pub(crate) fn srid_of(text: &str) -> Option<&str> {
    let (srid, _) = text.split_once(';')?;
    let (word, code) = srid.trim().split_once('=')?;
    let code = code.trim();
    (word.trim().eq_ignore_ascii_case("SRID") && code != "0").then_some(code)
}

/// Parses a geometry, whatever its reference system; `Ok(None)` if it is empty.
///
/// # Errors
/// The fault, as a phrase that follows the value.
pub(crate) fn parse(text: &str) -> Result<Option<RawGeometry>, String> {
    let text = text.trim();
    let body = match text.split_once(';') {
        Some((srid, rest)) if srid.trim().to_ascii_uppercase().starts_with("SRID=") => rest,
        _ => text,
    };
    let mut words = Words { rest: body };
    let geometry = words.geometry(0)?;
    if words.next().is_some() {
        return Err("is not well-known text: something follows the geometry".to_owned());
    }
    Ok(geometry)
}

/// Whether a text begins like well-known text: a geometry type, and a parenthesis or `EMPTY`.
pub(crate) fn is_like(text: &str) -> bool {
    const KINDS: [&str; 7] = [
        "POINT",
        "MULTIPOINT",
        "LINESTRING",
        "MULTILINESTRING",
        "POLYGON",
        "MULTIPOLYGON",
        "GEOMETRYCOLLECTION",
    ];
    let body = match text.split_once(';') {
        Some((srid, rest))
            if srid.trim_start().get(..5).is_some_and(|s| s.eq_ignore_ascii_case("SRID=")) =>
        {
            rest
        }
        _ => text,
    };
    let mut words = Words { rest: body };
    let kind = words.next().unwrap_or_default().to_ascii_uppercase();
    let mut next = words.next().unwrap_or_default();
    if matches!(next.to_ascii_uppercase().as_str(), "Z" | "M" | "ZM") {
        next = words.next().unwrap_or_default();
    }
    KINDS.contains(&kind.trim_end_matches(['Z', 'M']))
        && (next == "(" || next.eq_ignore_ascii_case("EMPTY"))
}

/// The remaining text.
struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    /// Returns the next parenthesis, comma, number or word.
    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.trim_start();
        let is_mark = |c: char| matches!(c, '(' | ')' | ',');
        let first = rest.chars().next()?;
        let end = if is_mark(first) {
            1
        } else {
            rest.find(|c: char| is_mark(c) || c.is_whitespace()).unwrap_or(rest.len())
        };
        let (word, rest) = rest.split_at_checked(end)?;
        self.rest = rest;
        Some(word)
    }

    fn peek(&self) -> Option<&'a str> {
        Words { rest: self.rest }.next()
    }

    fn expect(&mut self, mark: &str) -> Result<(), String> {
        match self.next() {
            Some(word) if word == mark => Ok(()),
            Some(word) => Err(format!("is not well-known text: {word:?} instead of {mark}")),
            None => Err(format!("is cut short: {mark} is missing")),
        }
    }

    fn geometry(&mut self, depth: usize) -> Result<Option<RawGeometry>, String> {
        if depth > DEEPEST {
            return Err(format!("has collections more than {DEEPEST} deep"));
        }
        let word = self.next().unwrap_or_default().to_ascii_uppercase();
        let kind = word.trim_end_matches(['Z', 'M']);
        // "POINT Z (" has the dimensions as a separate word.
        while self
            .peek()
            .is_some_and(|next| matches!(next.to_ascii_uppercase().as_str(), "Z" | "M" | "ZM"))
        {
            self.next();
        }
        if self.peek().is_some_and(|next| next.eq_ignore_ascii_case("EMPTY")) {
            self.next();
            return Ok(None);
        }
        Ok(Some(match kind {
            "POINT" => RawGeometry::Points(vec![self.point()?]),
            "MULTIPOINT" => RawGeometry::Points(self.points()?),
            "LINESTRING" => RawGeometry::Lines(vec![self.positions()?]),
            "MULTILINESTRING" => RawGeometry::Lines(self.list(Self::positions)?),
            "POLYGON" => RawGeometry::Polygons(vec![self.list(Self::positions)?]),
            "MULTIPOLYGON" => {
                RawGeometry::Polygons(self.list(|words| words.list(Self::positions))?)
            }
            "GEOMETRYCOLLECTION" => {
                let members = self.list(|words| words.geometry(depth + 1))?;
                return Ok(joined(members.into_iter().flatten().collect()));
            }
            _ => return Err("is not well-known text; expected POINT (LON LAT)".to_owned()),
        }))
    }

    /// Parses a list in parentheses.
    fn list<T>(
        &mut self,
        mut member: impl FnMut(&mut Self) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        self.expect("(")?;
        let mut list = Vec::new();
        loop {
            // Empty parts are dropped.
            if self.peek().is_some_and(|word| word.eq_ignore_ascii_case("EMPTY")) {
                self.next();
            } else {
                list.push(member(self)?);
            }
            if self.peek() != Some(",") {
                break;
            }
            self.next();
        }
        self.expect(")")?;
        Ok(list)
    }

    fn positions(&mut self) -> Result<Vec<[f64; 2]>, String> {
        self.list(Self::position)
    }

    /// Parses the position of a Point; some programs separate its numbers by a comma.
    fn point(&mut self) -> Result<[f64; 2], String> {
        self.expect("(")?;
        let x = self.number()?;
        let commas = self.peek() == Some(",");
        if commas {
            self.next();
        }
        let position = [x, self.number()?];
        while self.peek().is_some_and(|word| !matches!(word, ")" | "(") && (commas || word != ","))
        {
            self.next();
        }
        self.expect(")")?;
        Ok(position)
    }

    fn number(&mut self) -> Result<f64, String> {
        match self.next() {
            Some(word) => {
                word.parse::<f64>().map_err(|_| format!("has {word:?} instead of a number"))
            }
            None => Err("is cut short: a number is missing".to_owned()),
        }
    }

    /// Parses the points of a MultiPoint, with or without parentheses around each.
    fn points(&mut self) -> Result<Vec<[f64; 2]>, String> {
        self.list(|words| {
            if words.peek() != Some("(") {
                return words.position();
            }
            words.next();
            let position = words.position()?;
            words.expect(")")?;
            Ok(position)
        })
    }

    fn position(&mut self) -> Result<[f64; 2], String> {
        let position = [self.number()?, self.number()?];
        while self.peek().is_some_and(|word| !matches!(word, "," | ")" | "(")) {
            self.next();
        }
        Ok(position)
    }
}

/// Joins the members of a collection into one geometry if they are of one kind.
fn joined(members: Vec<RawGeometry>) -> Option<RawGeometry> {
    let mut members = members.into_iter();
    let mut whole = members.next()?;
    let mut others = Vec::new();
    for member in members {
        match (&mut whole, member) {
            (RawGeometry::Points(all), RawGeometry::Points(more)) => all.extend(more),
            (RawGeometry::Lines(all), RawGeometry::Lines(more)) => all.extend(more),
            (RawGeometry::Polygons(all), RawGeometry::Polygons(more)) => all.extend(more),
            (_, other) => others.push(other),
        }
    }
    if others.is_empty() {
        return Some(whole);
    }
    others.insert(0, whole);
    Some(RawGeometry::Mixed(others))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_text_is_read() {
        let ring = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]];
        for (text, geometry) in [
            ("POINT (74.355544 34.821865)", RawGeometry::Points(vec![[74.355544, 34.821865]])),
            ("point z(1 2 3)", RawGeometry::Points(vec![[1.0, 2.0]])),
            ("POINT(62.4,29.4)", RawGeometry::Points(vec![[62.4, 29.4]])),
            ("POINTZ(1 2 3)", RawGeometry::Points(vec![[1.0, 2.0]])),
            ("SRID=4326;POINT(1 2)", RawGeometry::Points(vec![[1.0, 2.0]])),
            ("MULTIPOINT((1 2), (3 4))", RawGeometry::Points(vec![[1.0, 2.0], [3.0, 4.0]])),
            ("MULTIPOINT(1 2, 3 4)", RawGeometry::Points(vec![[1.0, 2.0], [3.0, 4.0]])),
            ("LINESTRING(1 2,3 4)", RawGeometry::Lines(vec![vec![[1.0, 2.0], [3.0, 4.0]]])),
            ("POLYGON((0 0,1 0,1 1,0 0))", RawGeometry::Polygons(vec![vec![ring.clone()]])),
            ("MULTIPOLYGON(((0 0,1 0,1 1,0 0)))", RawGeometry::Polygons(vec![vec![ring]])),
            (
                "GEOMETRYCOLLECTION(POINT(1 2), POINT EMPTY, POINT(3 4))",
                RawGeometry::Points(vec![[1.0, 2.0], [3.0, 4.0]]),
            ),
        ] {
            assert_eq!(parse(text), Ok(Some(geometry)), "{text}");
        }
        assert_eq!(parse("POINT EMPTY"), Ok(None));
    }

    /// Converts a geometry of the crate `wkt`.
    fn of_crate(geometry: &wkt::Wkt<f64>) -> Option<RawGeometry> {
        use wkt::types::{Coord, LineString, Polygon};
        let at = |coord: &Coord<f64>| [coord.x, coord.y];
        let line = |line: &LineString<f64>| line.coords().iter().map(at).collect::<Vec<_>>();
        let rings = |of: &Polygon<f64>| of.rings().iter().map(line).collect::<Vec<_>>();
        Some(match geometry {
            wkt::Wkt::Point(point) => RawGeometry::Points(vec![at(point.coord()?)]),
            wkt::Wkt::MultiPoint(all) => RawGeometry::Points(
                all.points().iter().filter_map(|point| point.coord()).map(at).collect(),
            ),
            wkt::Wkt::LineString(one) => RawGeometry::Lines(vec![line(one)]),
            wkt::Wkt::MultiLineString(all) => {
                RawGeometry::Lines(all.line_strings().iter().map(line).collect())
            }
            wkt::Wkt::Polygon(one) => RawGeometry::Polygons(vec![rings(one)]),
            wkt::Wkt::MultiPolygon(all) => {
                RawGeometry::Polygons(all.polygons().iter().map(rings).collect())
            }
            wkt::Wkt::GeometryCollection(all) => {
                return joined(all.geometries().iter().filter_map(of_crate).collect());
            }
        })
    }

    /// Writes a geometry with a number of dimensions; parentheses and blanks vary as between programs.
    fn written(kind: &str, numbers: &[(f64, f64)], dimensions: usize, blank: &str) -> String {
        let (tag, more) = [("", ""), (" Z", " 7"), (" M", " 7"), ("ZM", " 7 8.5")][dimensions];
        let list: Vec<String> = numbers.iter().map(|(x, y)| format!("{x} {y:e}{more}")).collect();
        let line = format!("({})", list.join(&format!(",{blank}")));
        let body = match kind {
            "POINT" => format!("({})", list[0]),
            "LINESTRING" | "MULTIPOINT" => line,
            "POLYGON" | "MULTILINESTRING" => format!("({line},{blank}{line})"),
            "MULTIPOLYGON" => format!("(({line}),{blank}({line},{line}))"),
            _ => format!("(POINT{tag}{blank}({}),{blank}LINESTRING{tag}{line})", list[0]),
        };
        format!("{kind}{tag}{blank}{body}")
    }

    proptest::proptest! {
        #[test]
        fn what_georust_reads_we_read_alike(
            kind in 0..7_usize,
            numbers in proptest::collection::vec((-180.0..180.0_f64, -90.0..90.0_f64), 1..9),
            dimensions in 0..4_usize,
            blank in "[ \t]{0,2}",
            lower in proptest::bool::ANY,
        ) {
            let kinds = [
                "POINT", "MULTIPOINT", "LINESTRING", "MULTILINESTRING", "POLYGON", "MULTIPOLYGON",
                "GEOMETRYCOLLECTION",
            ];
            let text = written(kinds[kind], &numbers, dimensions, &blank);
            let text = if lower { text.to_lowercase() } else { text };
            let theirs: wkt::Wkt<f64> = text.parse().expect(&text);
            proptest::prop_assert_eq!(parse(&text), Ok(of_crate(&theirs)), "{}", text);
        }
    }

    #[test]
    fn what_programs_write_beside_the_standard_is_read() {
        // The crate `wkt` refuses all of these, and its errors do not name the cause.
        for text in ["POINT (1 2 3)", "LINESTRING (1 2 3, 4 5 6)", "POINT(1,2)", "POINT Z (1 2)"] {
            assert!(text.parse::<wkt::Wkt<f64>>().is_err(), "{text}");
            assert!(matches!(parse(text), Ok(Some(_))), "{text}");
        }
    }

    #[test]
    fn the_system_in_front_is_told() {
        for (text, code) in [
            ("SRID=32641;POINT(1 2)", Some("32641")),
            (" srid = 4326 ; POINT(1 2)", Some("4326")),
            ("SRID=0;POINT(1 2)", None),
            ("POINT(1 2)", None),
        ] {
            assert_eq!(srid_of(text), code, "{text}");
        }
    }

    #[test]
    fn what_begins_as_a_geometry_is_told_from_other_text() {
        for text in [
            "POINT (66.5 29.1)",
            " point z(1 2 3)",
            "SRID=4326;MULTIPOLYGON(((",
            "LINESTRING EMPTY",
            "POINTZM (1 2 3 4)",
        ] {
            assert!(is_like(text), "{text}");
        }
        for text in [
            "",
            "Point Lookout",
            "POINT",
            "polygon",
            "29.1, 66.5",
            "Quetta (Balochistan)",
            "a;POINT(1 2)",
        ] {
            assert!(!is_like(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_geometry_is_said() {
        for text in [
            "",
            "POINT",
            "POINT(1)",
            "POINT(1 x)",
            "POINT(1 2",
            "CIRCLE(1 2)",
            "POINT(1 2) x",
            "(((",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"GEOMETRYCOLLECTION(".repeat(5000)).is_err());
    }
}
