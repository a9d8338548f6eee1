//! ArcGIS features (ArcGIS REST API, Feature object and Geometry objects): attributes, a geometry of x and y,
//! points, paths or rings, and beside the features the reference system and the field types.

use crate::model::Value;
use crate::sources::formats::DeclaredCrs;
use crate::sources::formats::geojson::members::{Kind, Members, elements, excerpt};
use crate::sources::formats::geojson::value::cell;
use crate::sources::formats::header::Columns;
use crate::sources::formats::record::{Cell, Geometry, RawGeometry};
use jiff::Timestamp;
use std::collections::HashSet;

type Line = Vec<[f64; 2]>;

/// The members beside the features.
#[derive(Debug, Default)]
pub(super) struct Layer {
    spatial: bool,
    /// The name of the id field.
    id: Option<String>,
    /// The names of date fields, and their columns.
    dates: Vec<String>,
    columns: HashSet<usize>,
}

impl Layer {
    /// Reads the members of a response, and the reference system it declares.
    pub fn of(members: &Members<'_>, features: &[&str]) -> (Self, Option<DeclaredCrs>) {
        let of_first = || {
            let geometry = Members::of(features.first()?).ok()?.get("geometry")?;
            Members::of(geometry).ok()?.get("spatialReference")
        };
        let reference = members.get("spatialReference").or_else(of_first);
        let fields = members.get("fields").and_then(elements).unwrap_or_default();
        let is_date = |raw: &str| {
            let field = Members::of(raw).ok()?;
            (field.text("type")? == "esriFieldTypeDate").then(|| field.text("name")).flatten()
        };
        let has_geometry =
            |raw: &&str| Members::of(raw).is_ok_and(|feature| feature.get("geometry").is_some());
        let layer = Self {
            spatial: members.get("geometryType").is_some() || features.iter().any(has_geometry),
            id: members.text("objectIdFieldName"),
            dates: fields.into_iter().filter_map(is_date).collect(),
            columns: HashSet::new(),
        };
        (layer, reference.and_then(system_of))
    }

    /// Whether features have geometries.
    pub fn is_spatial(&self) -> bool {
        self.spatial
    }

    /// Finds the columns of the date fields.
    pub fn find_dates(&mut self, columns: &Columns) {
        self.columns = self.dates.iter().filter_map(|name| columns.find(name)).collect();
    }

    /// Converts a date, which ArcGIS gives in milliseconds since 1970, to text.
    pub fn date<'t>(&self, column: usize, value: &Cell<'_>) -> Option<Cell<'t>> {
        if !self.columns.contains(&column) {
            return None;
        }
        let Cell::Number(raw) = value else { return None };
        let moment = Timestamp::from_millisecond(raw.parse().ok()?).ok()?;
        Some(Cell::Value(Value::Text(moment.to_string())))
    }

    /// The id of a feature.
    pub fn id<'t>(&self, feature: &Members<'t>) -> Option<Cell<'t>> {
        let attributes = Members::of(feature.get("attributes")?).ok()?;
        cell(attributes.get(self.id.as_deref()?)?).ok()
    }

    /// The geometry of a feature.
    pub fn geometry(&self, raw: Option<&str>) -> Geometry {
        if !self.spatial {
            return Geometry::InColumns;
        }
        let Some(raw) = raw.filter(|raw| Kind::of(raw) != Kind::Null) else {
            return Geometry::None;
        };
        read(raw).unwrap_or_else(|(part, value, why)| Geometry::Broken {
            part: part.to_owned(),
            value: Some(value),
            why: why.to_owned(),
        })
    }
}

/// The reference system: the latest code, the code, or the text.
fn system_of(raw: &str) -> Option<DeclaredCrs> {
    let members = Members::of(raw).ok()?;
    let code = |name| members.get(name).and_then(|raw| raw.trim().parse::<u32>().ok());
    match code("latestWkid").or_else(|| code("wkid")) {
        // Esri's own codes begin above 32767; 102100 is its old code of Web Mercator.
        Some(102_100 | 102_113) => Some(DeclaredCrs::Name("EPSG:3857".into())),
        Some(code) if code > 32_767 => Some(DeclaredCrs::Name(format!("ESRI:{code}"))),
        Some(code) => Some(DeclaredCrs::Name(format!("EPSG:{code}"))),
        None => {
            let text = members.text("wkt").or_else(|| members.text("wkt2"));
            text.map(DeclaredCrs::Name)
        }
    }
}

type Fault = (&'static str, String, &'static str);

fn read(raw: &str) -> Result<Geometry, Fault> {
    let broken = |part, raw: &str, why| (part, excerpt(raw), why);
    let members = Members::of(raw).map_err(|_| broken("geometry", raw, "cannot be read"))?;
    if let Some(curve) = ["curveRings", "curvePaths"].into_iter().find(|n| members.get(n).is_some())
    {
        return Err((curve, String::new(), "is a curve, which is not read"));
    }
    if let Some(x) = members.get("x") {
        let number = |raw: &str| raw.trim().parse::<f64>().ok().filter(|n| n.is_finite());
        // An empty point has null or "NaN".
        if Kind::of(x) == Kind::Null || x.trim().trim_matches('"').eq_ignore_ascii_case("nan") {
            return Ok(Geometry::None);
        }
        let y = members.get("y").unwrap_or_default();
        let x = number(x).ok_or_else(|| broken("x", x, "is not a number"))?;
        let y = number(y).ok_or_else(|| broken("y", y, "is not a number"))?;
        return Ok(Geometry::Raw(RawGeometry::Points(vec![[x, y]])));
    }
    if let Some(raw) = members.get("points") {
        let points: Line = line(raw).ok_or_else(|| broken("points", raw, "are not positions"))?;
        let empty = points.is_empty();
        return Ok(if empty { Geometry::None } else { Geometry::Raw(RawGeometry::Points(points)) });
    }
    if let Some(raw) = members.get("paths") {
        let paths = lines(raw).ok_or_else(|| broken("paths", raw, "are not lines"))?;
        let empty = paths.is_empty();
        return Ok(if empty { Geometry::None } else { Geometry::Raw(RawGeometry::Lines(paths)) });
    }
    if let Some(raw) = members.get("rings") {
        let rings = lines(raw).ok_or_else(|| broken("rings", raw, "are not rings"))?;
        let polygons = polygons_of(rings);
        let empty = polygons.is_empty();
        return Ok(match empty {
            true => Geometry::None,
            false => Geometry::Raw(RawGeometry::Polygons(polygons)),
        });
    }
    Err(broken("geometry", raw, "has no x, points, paths or rings"))
}

/// The first two coordinates of each position.
fn line(raw: &str) -> Option<Line> {
    let positions: Vec<Vec<Option<f64>>> = serde_json::from_str(raw).ok()?;
    positions
        .into_iter()
        .map(|numbers| match numbers.as_slice() {
            [Some(x), Some(y), ..] => Some([*x, *y]),
            _ => None,
        })
        .collect()
}

fn lines(raw: &str) -> Option<Vec<Line>> {
    elements(raw)?.into_iter().map(line).collect()
}

/// Groups rings into polygons: clockwise rings are outlines, the others holes in the outline around them.
pub(super) fn polygons_of(rings: Vec<Line>) -> Vec<Vec<Line>> {
    let (holes, outlines): (Vec<Line>, Vec<Line>) = rings
        .into_iter()
        .filter(|ring| !ring.is_empty())
        .partition(|ring| doubled_area(ring) > 0.0);
    if outlines.is_empty() {
        // Some writers reverse all rings.
        return nested(holes);
    }
    with_holes(outlines, holes)
}

/// Groups rings of unreliable direction into polygons: a ring inside a larger one is a hole in it.
pub(super) fn nested(mut rings: Vec<Line>) -> Vec<Vec<Line>> {
    rings.sort_by(|a, b| doubled_area(b).abs().total_cmp(&doubled_area(a).abs()));
    let (mut outlines, mut holes): (Vec<Line>, Vec<Line>) = Default::default();
    for ring in rings {
        let first = ring.first().copied().unwrap_or_default();
        if outlines.iter().any(|outline| holds(outline, first)) {
            holes.push(ring);
        } else {
            outlines.push(ring);
        }
    }
    with_holes(outlines, holes)
}

/// Assigns each hole to the smallest outline around it; a hole outside all outlines is an outline.
pub(super) fn with_holes(outlines: Vec<Line>, holes: Vec<Line>) -> Vec<Vec<Line>> {
    let mut polygons: Vec<Vec<Line>> = outlines.into_iter().map(|outline| vec![outline]).collect();
    for hole in holes {
        let at = hole.first().copied().unwrap_or_default();
        let around = polygons
            .iter_mut()
            .filter(|polygon| polygon.first().is_some_and(|outline| holds(outline, at)))
            .min_by(|a, b| {
                let area =
                    |polygon: &[Line]| polygon.first().map_or(0.0, |o| doubled_area(o).abs());
                area(a).total_cmp(&area(b))
            });
        match around {
            Some(polygon) => polygon.push(hole),
            None => polygons.push(vec![hole]),
        }
    }
    polygons
}

/// Twice the signed planar area of a ring; negative if it runs clockwise.
fn doubled_area(ring: &[[f64; 2]]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|([x, y], [u, v])| x * v - u * y).sum()
}

/// Whether a position is inside a ring, by ray casting.
fn holds(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crosses = |((ax, ay), (bx, by)): ((f64, f64), (f64, f64))| {
        (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    };
    let edges = ring.iter().zip(next).map(|([a, b], [c, d])| ((*a, *b), (*c, *d)));
    edges.filter(|edge| crosses(*edge)).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_put_together_by_their_direction() {
        let square = |at: f64, size: f64, clockwise: bool| {
            let mut ring =
                vec![[at, at], [at, at + size], [at + size, at + size], [at + size, at], [at, at]];
            if !clockwise {
                ring.reverse();
            }
            ring
        };
        let rings = vec![square(0.0, 10.0, true), square(20.0, 5.0, true), square(2.0, 1.0, false)];
        let shapes = polygons_of(rings).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(shapes, [2, 1]);
        let turned = vec![square(0.0, 10.0, false), square(2.0, 1.0, false)];
        assert_eq!(polygons_of(turned).iter().map(Vec::len).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn systems_are_named_by_their_latest_code() {
        let name = |raw: &str| match system_of(raw) {
            Some(DeclaredCrs::Name(name)) => name,
            other => format!("{other:?}"),
        };
        assert_eq!(name(r#"{"wkid":102100,"latestWkid":3857}"#), "EPSG:3857");
        assert_eq!(name(r#"{"wkid":102100}"#), "EPSG:3857");
        assert_eq!(name(r#"{"wkid":32642}"#), "EPSG:32642");
        assert_eq!(name(r#"{"wkid":54009}"#), "ESRI:54009");
        assert_eq!(system_of("{}"), None);
    }
}
