//! Geometries in CQL2 text: well-known text (OGC 06-103r4). Heights and measures are ignored.

use super::fault;
use super::lexer::Token;
use super::text::Parser;
use crate::serve::problem::Problem;
use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

const KINDS: [&str; 7] = [
    "POINT",
    "MULTIPOINT",
    "LINESTRING",
    "MULTILINESTRING",
    "POLYGON",
    "MULTIPOLYGON",
    "GEOMETRYCOLLECTION",
];

/// Whether a word in capitals is a kind of geometry.
pub(super) fn is_kind(word: &str) -> bool {
    KINDS.contains(&word)
}

/// Whether a word says that positions have heights or measures.
pub(super) fn is_dimension(token: &Token) -> bool {
    ["Z", "M", "ZM"].iter().any(|word| token.says(word))
}

/// The geometry whose kind was just read.
pub(super) fn geometry(parser: &mut Parser<'_>, kind: &str) -> Result<Geometry<f64>, Problem> {
    if is_dimension(&parser.token) {
        parser.take()?;
    }
    Ok(match kind {
        "POINT" => {
            parser.expect("(")?;
            let at = position(parser)?;
            parser.expect(")")?;
            Point(at).into()
        }
        "MULTIPOINT" => MultiPoint(list(parser, point)?).into(),
        "LINESTRING" => line(parser)?.into(),
        "MULTILINESTRING" => MultiLineString(list(parser, line)?).into(),
        "POLYGON" => polygon(parser)?.into(),
        "MULTIPOLYGON" => MultiPolygon(list(parser, polygon)?).into(),
        _ => {
            let members = parser.deeper(|parser| list(parser, member))?;
            Geometry::GeometryCollection(GeometryCollection(members))
        }
    })
}

fn member(parser: &mut Parser<'_>) -> Result<Geometry<f64>, Problem> {
    match parser.take()? {
        (_, Token::Word(word)) if is_kind(&word.to_ascii_uppercase()) => {
            geometry(parser, &word.to_ascii_uppercase())
        }
        (at, other) => Err(fault(at, format!("expected a geometry, not {other}"))),
    }
}

/// Members with commas in parentheses.
fn list<T>(
    parser: &mut Parser<'_>,
    member: impl Fn(&mut Parser<'_>) -> Result<T, Problem>,
) -> Result<Vec<T>, Problem> {
    parser.expect("(")?;
    let mut all = vec![member(parser)?];
    while parser.takes(",")? {
        all.push(member(parser)?);
    }
    parser.expect(")")?;
    Ok(all)
}

/// A point of many, with or without parentheses of its own.
fn point(parser: &mut Parser<'_>) -> Result<Point<f64>, Problem> {
    let bracketed = parser.takes("(")?;
    let at = position(parser)?;
    if bracketed {
        parser.expect(")")?;
    }
    Ok(Point(at))
}

fn line(parser: &mut Parser<'_>) -> Result<LineString<f64>, Problem> {
    list(parser, position).map(LineString)
}

fn polygon(parser: &mut Parser<'_>) -> Result<Polygon<f64>, Problem> {
    let mut rings = list(parser, line)?.into_iter();
    let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    Ok(Polygon::new(exterior, rings.collect()))
}

fn position(parser: &mut Parser<'_>) -> Result<Coord<f64>, Problem> {
    let (x, y) = (number(parser)?, number(parser)?);
    for _ in 0..2 {
        if matches!(parser.token, Token::Number(_)) || parser.token.is("-") {
            number(parser)?;
        }
    }
    Ok(Coord { x, y })
}

/// A number with its sign.
pub(super) fn number(parser: &mut Parser<'_>) -> Result<f64, Problem> {
    let negative = parser.takes("-")?;
    if !negative {
        parser.takes("+")?;
    }
    match parser.take()? {
        (_, Token::Number(number)) => Ok(if negative { -number } else { number }),
        (at, other) => Err(fault(at, format!("expected a number, not {other}"))),
    }
}

/// West, south, east, north of four numbers, or of six, of which the third and sixth are heights.
pub(super) fn corners(at: usize, numbers: &[f64]) -> Result<[f64; 4], Problem> {
    match *numbers {
        [west, south, east, north] | [west, south, _, east, north, _] => {
            Ok([west, south, east, north])
        }
        _ => Err(fault(at, format!("a box has 4 numbers, not {}", numbers.len()))),
    }
}
