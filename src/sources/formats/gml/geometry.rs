//! GML geometries, with the properties that they inherit from enclosing elements.

use super::axes::{Axes, axes_of};
use crate::sources::formats::kml::merged;
use crate::sources::formats::record::{Geometry, RawGeometry};
use crate::sources::formats::xml::Element;

/// The elements that are geometries of features.
const KINDS: [&str; 20] = [
    "Point",
    "LineString",
    "LinearRing",
    "Polygon",
    "Curve",
    "CompositeCurve",
    "OrientableCurve",
    "Surface",
    "CompositeSurface",
    "OrientableSurface",
    "PolyhedralSurface",
    "MultiPoint",
    "MultiLineString",
    "MultiCurve",
    "MultiPolygon",
    "MultiSurface",
    "MultiGeometry",
    "Ring",
    "Solid",
    "TriangulatedSurface",
];

/// The deepest nesting of geometries.
const DEEPEST: usize = 24;

pub(super) fn is_geometry(name: &str) -> bool {
    KINDS.contains(&name)
}

/// The properties that an element inherits from enclosing elements.
#[derive(Debug, Clone, Default)]
pub(super) struct Within {
    system: Option<String>,
    axes: Axes,
    /// The number of coordinates of a position.
    dimension: Option<usize>,
}

impl Within {
    /// Returns the inherited properties within an element.
    pub fn inner(&self, element: &Element) -> Self {
        let mut inner = self.clone();
        if let Some(name) = element.attribute("srsName")
            && self.system.as_deref() != Some(name)
        {
            inner.axes = axes_of(name);
            inner.system = Some(match name.rsplit_once("epsg.xml#") {
                Some((_, code)) => format!("EPSG:{code}"),
                None => name.to_owned(),
            });
        }
        let dimension =
            element.attribute("srsDimension").or_else(|| element.attribute("dimension"));
        if let Some(dimension) = dimension.and_then(|text| text.trim().parse().ok()) {
            inner.dimension = Some(dimension);
        }
        inner
    }
}

/// Why a geometry cannot be decoded.
struct Fault {
    value: Option<String>,
    why: String,
}

fn fault(why: impl Into<String>) -> Fault {
    Fault { value: None, why: why.into() }
}

/// Reads the geometry of an element, and the name of its reference system.
pub(super) fn read(element: &Element, whole: &Within) -> (Geometry, Option<String>) {
    let system = whole.inner(element).system;
    match gather(element, whole, 0) {
        Ok(all) => (merged(all).map_or(Geometry::None, Geometry::Raw), system),
        Err(Fault { value, why }) => {
            (Geometry::Broken { part: element.name.clone(), value, why }, system)
        }
    }
}

fn gather(element: &Element, within: &Within, depth: usize) -> Result<Vec<RawGeometry>, Fault> {
    if depth > DEEPEST {
        return Err(fault(format!("is nested more than {DEEPEST} elements deep")));
    }
    let within = within.inner(element);
    Ok(match element.name.as_str() {
        "Point" => vec![RawGeometry::Points(positions(element, &within)?)],
        "LineString" | "LinearRing" | "Curve" | "OrientableCurve" | "CompositeCurve" | "Ring" => {
            match path(element, &within, depth)? {
                line if line.is_empty() => Vec::new(),
                line => vec![RawGeometry::Lines(vec![line])],
            }
        }
        "Polygon" | "PolygonPatch" | "Rectangle" | "Triangle" => {
            let bound = |names: [&'static str; 2]| {
                element.children.iter().filter(move |child| names.contains(&child.name.as_str()))
            };
            let outer = bound(["exterior", "outerBoundaryIs"]).take(1);
            let inner = bound(["interior", "innerBoundaryIs"]);
            let mut rings = Vec::new();
            for bound in outer.chain(inner) {
                let Some(ring) = bound.children.first() else { continue };
                rings.push(path(ring, &within.inner(bound), depth + 1)?);
            }
            rings.retain(|ring| !ring.is_empty());
            if rings.is_empty() { Vec::new() } else { vec![RawGeometry::Polygons(vec![rings])] }
        }
        "Solid" => return Err(fault("is a solid, which has no place on a map")),
        // All other geometries consist of members, each in a member element.
        _ => {
            let mut all = Vec::new();
            for member in &element.children {
                let shapes = member.children.iter().filter(|child| {
                    is_geometry(&child.name)
                        || matches!(child.name.as_str(), "PolygonPatch" | "Rectangle" | "Triangle")
                });
                for shape in shapes {
                    all.append(&mut gather(shape, &within, depth + 1)?);
                }
            }
            all
        }
    })
}

/// The positions of a line, or of several connected lines.
fn path(element: &Element, within: &Within, depth: usize) -> Result<Vec<[f64; 2]>, Fault> {
    if depth > DEEPEST {
        return Err(fault(format!("is nested more than {DEEPEST} elements deep")));
    }
    let within = within.inner(element);
    match element.name.as_str() {
        "LineString" | "LinearRing" | "LineStringSegment" => positions(element, &within),
        "Curve" | "CompositeCurve" | "OrientableCurve" | "Ring" => {
            let turned = element.attribute("orientation") == Some("-");
            let mut whole: Vec<[f64; 2]> = Vec::new();
            for part in element.children.iter().flat_map(|member| &member.children) {
                let part = path(part, &within, depth + 1)?;
                let is_next = whole.last().is_some() && whole.last() == part.first();
                whole.extend(part.into_iter().skip(usize::from(is_next)));
            }
            if turned {
                whole.reverse();
            }
            Ok(whole)
        }
        other => {
            Err(fault(format!("is made of {other}, which is not read: only straight lines are")))
        }
    }
}

/// The positions in an element, in any of the notations.
fn positions(element: &Element, within: &Within) -> Result<Vec<[f64; 2]>, Fault> {
    let mut all = Vec::new();
    for child in &element.children {
        let inner = within.inner(child);
        match child.name.as_str() {
            "pos" => {
                let numbers = numbers(&child.text)?;
                match numbers.as_slice() {
                    [] => {}
                    [first, second, ..] => all.push(inner.axes.pair(*first, *second)),
                    _ => return Err(fault("has a position of one number")),
                }
            }
            "posList" => {
                let numbers = numbers(&child.text)?;
                let count: Option<usize> =
                    child.attribute("count").and_then(|count| count.trim().parse().ok());
                let by_count =
                    count.filter(|count| *count > 0 && numbers.len().is_multiple_of(*count));
                let by_count = by_count.map(|count| numbers.len() / count);
                let plain = if numbers.len().is_multiple_of(2) { 2 } else { 3 };
                let each = inner.dimension.or(by_count).unwrap_or(plain);
                if each < 2 || !numbers.len().is_multiple_of(each) {
                    let count = numbers.len();
                    return Err(fault(format!(
                        "has {count} numbers, which do not make positions of {each}"
                    )));
                }
                for position in numbers.chunks_exact(each) {
                    if let [first, second, ..] = position {
                        all.push(inner.axes.pair(*first, *second));
                    }
                }
            }
            "coordinates" => all.append(&mut tuples(child, &inner)?),
            "coord" => {
                let number = |name| child.text_of(name)?.parse::<f64>().ok();
                match (number("X"), number("Y")) {
                    (Some(x), Some(y)) => all.push(inner.axes.pair(x, y)),
                    _ => return Err(fault("has a coord without X and Y")),
                }
            }
            "pointProperty" | "pointRep" => {
                for point in child.all("Point") {
                    all.append(&mut positions(point, &inner.inner(point))?);
                }
            }
            _ => {}
        }
    }
    Ok(all)
}

/// The positions of GML 2, with the separators that the element declares.
fn tuples(element: &Element, within: &Within) -> Result<Vec<[f64; 2]>, Fault> {
    let sign = |name, usual: &'static str| element.attribute(name).unwrap_or(usual).to_owned();
    let (comma, blank, point) = (sign("cs", ","), sign("ts", " "), sign("decimal", "."));
    let text = element.text.trim();
    let separated: Vec<&str> = if blank.trim().is_empty() {
        text.split_whitespace().collect()
    } else {
        text.split(blank.as_str()).collect()
    };
    let mut all = Vec::new();
    for tuple in separated {
        let parts: Vec<&str> =
            if comma.is_empty() { vec![tuple] } else { tuple.split(comma.as_str()).collect() };
        let mut numbers = parts
            .into_iter()
            .map(|number| number.trim().replace(point.as_str(), ".").parse::<f64>().ok());
        match (numbers.next().flatten(), numbers.next().flatten()) {
            (Some(first), Some(second)) => all.push(within.axes.pair(first, second)),
            _ => {
                let why = "is not a position".to_owned();
                return Err(Fault { value: Some(tuple.to_owned()), why });
            }
        }
    }
    Ok(all)
}

fn numbers(text: &str) -> Result<Vec<f64>, Fault> {
    text.split_whitespace()
        .map(|number| {
            let value = Some(number.to_owned());
            number.parse::<f64>().map_err(|_| Fault { value, why: "is not a number".to_owned() })
        })
        .collect()
}

impl Axes {
    /// Returns a pair with x first.
    fn pair(self, first: f64, second: f64) -> [f64; 2] {
        match self {
            Self::XFirst => [first, second],
            Self::YFirst => [second, first],
        }
    }
}
