//! Binary geometry: well-known binary (ISO, and PostGIS's extension with a reference system), and the
//! envelopes of GeoPackage and SpatiaLite around it. Heights and measures are dropped, curves are
//! refused.

use super::geojson::{is_empty, merge};
use super::record::{Geometry, RawGeometry};
use geozero::error::{GeozeroError, Result as Step};
use geozero::wkb::{Ewkb, SpatiaLiteWkb, Wkb};
use geozero::{CoordDimensions, GeomProcessor, GeozeroGeometry};

/// The deepest nesting of geometry collections, as in GeoJSON.
const DEEPEST_COLLECTION: usize = 4;

/// The result of decoding a binary geometry.
#[derive(Debug, PartialEq)]
pub(crate) struct Decoded {
    pub geometry: Geometry,
    /// Whether positions have more than two coordinates.
    pub more: bool,
}

impl Decoded {
    fn none() -> Self {
        Self { geometry: Geometry::None, more: false }
    }

    /// A faulty geometry.
    pub fn broken(why: impl Into<String>) -> Self {
        let part = "geometry".to_owned();
        Self { geometry: Geometry::Broken { part, value: None, why: why.into() }, more: false }
    }
}

/// Decodes a geometry in any of the supported forms, which differ in their first bytes.
pub(crate) fn read(bytes: &[u8]) -> Decoded {
    match bytes {
        [] => Decoded::none(),
        [b'G', b'P', ..] => read_geopackage(bytes),
        _ if is_spatialite(bytes) => through(&SpatiaLiteWkb(bytes)),
        _ => read_plain(bytes),
    }
}

/// Decodes well-known binary; the flags above the type are PostGIS's.
pub(crate) fn read_plain(bytes: &[u8]) -> Decoded {
    let kind = match bytes {
        [0, a, b, c, d, ..] => u32::from_be_bytes([*a, *b, *c, *d]),
        [1, a, b, c, d, ..] => u32::from_le_bytes([*a, *b, *c, *d]),
        _ => return Decoded::broken("is not in a form of well-known binary"),
    };
    if kind >= 1 << 28 { through(&Ewkb(bytes)) } else { through(&Wkb(bytes)) }
}

/// Decodes the form of GeoPackage (OGC 12-128r17, 2.1.3): a header with a bounding box, then well-known
/// binary.
fn read_geopackage(bytes: &[u8]) -> Decoded {
    const CUT: &str = "is cut short";
    let Some(&[_, _, _, flags, _, _, _, _]) = bytes.first_chunk::<8>() else {
        return Decoded::broken(CUT);
    };
    if flags & 0b10_0000 != 0 {
        return Decoded::broken("is of a type that an extension of GeoPackage defines");
    }
    if flags & 0b1_0000 != 0 {
        return Decoded::none();
    }
    let edges = match flags >> 1 & 0b111 {
        0 => 0,
        1 => 4,
        2 | 3 => 6,
        4 => 8,
        _ => return Decoded::broken("has a damaged header"),
    };
    bytes.get(8 + edges * 8..).map_or_else(|| Decoded::broken(CUT), read_plain)
}

/// Whether bytes are in the form of SpatiaLite: a zero at the start and 0xFE at the end, and a mark
/// between bounding box and geometry, or the form of its compact points.
fn is_spatialite(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0)
        && bytes.last() == Some(&0xfe)
        && (bytes.get(38) == Some(&0x7c) || bytes.get(1).is_some_and(|flags| flags & 0x80 != 0))
}

fn through(from: &impl GeozeroGeometry) -> Decoded {
    let mut shaper = Shaper::default();
    let read = from.process_geom(&mut shaper);
    let Shaper { done, more, .. } = shaper;
    match read {
        Ok(()) => {
            let whole = merge(done).filter(|whole| !is_empty(whole));
            Decoded { geometry: whole.map_or(Geometry::None, Geometry::Raw), more }
        }
        Err(GeozeroError::IoError(_)) => Decoded::broken("is cut short"),
        Err(GeozeroError::Geometry(why)) => Decoded::broken(why),
        Err(_) => Decoded::broken("is not in a form of well-known binary"),
    }
}

/// Builds a geometry piece by piece.
#[derive(Default)]
struct Shaper {
    /// The current line or ring, or the points.
    line: Vec<[f64; 2]>,
    lines: Vec<Vec<[f64; 2]>>,
    polygons: Vec<Vec<Vec<[f64; 2]>>>,
    done: Vec<RawGeometry>,
    more: bool,
    /// The number of enclosing collections.
    depth: usize,
}

impl Shaper {
    fn points(&mut self) {
        let mut points = std::mem::take(&mut self.line);
        // A point with NaN coordinates is an empty point.
        points.retain(|[x, y]| !(x.is_nan() && y.is_nan()));
        self.done.push(RawGeometry::Points(points));
    }
}

fn refused(what: &str) -> Step<()> {
    Err(GeozeroError::Geometry(format!("is {what}, which is not read")))
}

const CURVE: &str = "a curve";
const FACES: &str = "a surface of 3D faces";

impl GeomProcessor for Shaper {
    fn dimensions(&self) -> CoordDimensions {
        CoordDimensions::xyzm()
    }

    fn xy(&mut self, x: f64, y: f64, _: usize) -> Step<()> {
        self.line.push([x, y]);
        Ok(())
    }

    fn coordinate(
        &mut self,
        x: f64,
        y: f64,
        z: Option<f64>,
        m: Option<f64>,
        _: Option<f64>,
        _: Option<u64>,
        _: usize,
    ) -> Step<()> {
        self.more |= z.is_some() || m.is_some();
        self.line.push([x, y]);
        Ok(())
    }

    fn empty_point(&mut self, _: usize) -> Step<()> {
        Ok(())
    }

    fn point_end(&mut self, _: usize) -> Step<()> {
        self.points();
        Ok(())
    }

    fn multipoint_end(&mut self, _: usize) -> Step<()> {
        self.points();
        Ok(())
    }

    fn linestring_end(&mut self, tagged: bool, _: usize) -> Step<()> {
        let line = std::mem::take(&mut self.line);
        if tagged {
            self.done.push(RawGeometry::Lines(vec![line]));
        } else {
            self.lines.push(line);
        }
        Ok(())
    }

    fn multilinestring_end(&mut self, _: usize) -> Step<()> {
        self.done.push(RawGeometry::Lines(std::mem::take(&mut self.lines)));
        Ok(())
    }

    fn polygon_end(&mut self, tagged: bool, _: usize) -> Step<()> {
        let rings = std::mem::take(&mut self.lines);
        if tagged {
            self.done.push(RawGeometry::Polygons(vec![rings]));
        } else {
            self.polygons.push(rings);
        }
        Ok(())
    }

    fn multipolygon_end(&mut self, _: usize) -> Step<()> {
        self.done.push(RawGeometry::Polygons(std::mem::take(&mut self.polygons)));
        Ok(())
    }

    fn geometrycollection_begin(&mut self, _: usize, _: usize) -> Step<()> {
        self.depth += 1;
        if self.depth > DEEPEST_COLLECTION {
            let why = format!("is nested in more than {DEEPEST_COLLECTION} collections");
            return Err(GeozeroError::Geometry(why));
        }
        Ok(())
    }

    fn geometrycollection_end(&mut self, _: usize) -> Step<()> {
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    fn circularstring_begin(&mut self, _: usize, _: usize) -> Step<()> {
        refused(CURVE)
    }

    fn compoundcurve_begin(&mut self, _: usize, _: usize) -> Step<()> {
        refused(CURVE)
    }

    fn curvepolygon_begin(&mut self, _: usize, _: usize) -> Step<()> {
        refused(CURVE)
    }

    fn multicurve_begin(&mut self, _: usize, _: usize) -> Step<()> {
        refused(CURVE)
    }

    fn multisurface_begin(&mut self, _: usize, _: usize) -> Step<()> {
        refused(CURVE)
    }

    fn triangle_begin(&mut self, _: bool, _: usize, _: usize) -> Step<()> {
        refused(FACES)
    }

    fn polyhedralsurface_begin(&mut self, _: usize, _: usize) -> Step<()> {
        refused(FACES)
    }

    fn tin_begin(&mut self, _: usize, _: usize) -> Step<()> {
        refused(FACES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(order: u8) -> Vec<u8> {
        let mut bytes = vec![order];
        let put = |bytes: &mut Vec<u8>, number: f64| {
            bytes.extend(if order == 1 { number.to_le_bytes() } else { number.to_be_bytes() });
        };
        bytes.extend(if order == 1 { 1_u32.to_le_bytes() } else { 1_u32.to_be_bytes() });
        put(&mut bytes, 62.5);
        put(&mut bytes, 29.25);
        bytes
    }

    #[test]
    fn all_forms_of_a_point_say_the_same() {
        let raw = Geometry::Raw(RawGeometry::Points(vec![[62.5, 29.25]]));
        let of_package = [b"GP\0\x01\xe6\x10\0\0".to_vec(), point(0)].concat();
        let with_box = [b"GP\0\x03\xe6\x10\0\0".to_vec(), vec![0; 32], point(1)].concat();
        let mut postgis = point(1);
        postgis.splice(1..5, [1, 0, 0, 0x20, 0xe6, 0x10, 0, 0]);
        let spatialite = [
            b"\0\x01\xe6\x10\0\0".to_vec(),
            vec![0; 32],
            vec![0x7c],
            point(1).split_off(1),
            vec![0xfe],
        ]
        .concat();
        for bytes in [point(0), point(1), of_package, with_box, postgis, spatialite] {
            assert_eq!(read(&bytes), Decoded { geometry: raw.clone(), more: false }, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_geometry_says_why() {
        let why = |bytes: &[u8]| match read(bytes).geometry {
            Geometry::Broken { why, .. } => why,
            other => panic!("{other:?}"),
        };
        assert!(why(&point(1)[..12]).contains("cut short"));
        assert!(why(b"GP\0\x01").contains("cut short"));
        assert!(why(b"PNG").contains("well-known binary"));
        let curve = [vec![1, 8, 0, 0, 0, 0, 0, 0, 0]].concat();
        assert!(why(&curve).contains("a curve"));
        let deep: Vec<u8> = [1_u8, 7, 0, 0, 0, 1, 0, 0, 0].repeat(100_000);
        assert!(why(&deep).contains("more than 4 collections"));
        assert_eq!(read(b"GP\0\x11\xe6\x10\0\0").geometry, Geometry::None);
    }
}
