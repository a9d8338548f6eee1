//! A layer as a GeoJSON FeatureCollection (RFC 7946), one feature per line. Features are generated and formatted in
//! parallel, a few thousand at a time, and written in order, so that a layer of any size needs little memory and the
//! bytes do not depend on the number of threads.

use super::feature::{key, push_feature, push_list, push_text, write_features};
use super::number::{push_degrees, push_number};
use super::rounded::{Rounded, path, rounded};
use crate::earth::GeometryKind;
use crate::layers::{Feature, Geometry, Layer, Property};
use geo_types::LineString;
use rayon::prelude::*;
use std::io::{self, Write};

/// Writes a layer.
///
/// The members are `type`, `name`, `features` and then `bbox`, which is known only after all features; a layer
/// without features has none. There is no `crs` member: positions are longitude and latitude on WGS84.
///
/// # Errors
/// Those of the writer.
pub fn write(layer: &Layer, out: &mut dyn Write) -> io::Result<()> {
    let mut features = Features::begin(layer.name(), out)?;
    features.add(layer, out)?;
    features.end(out)
}

/// A layer that is written in chunks: the features of each follow those of the previous one, and the bytes are those
/// of [`write()`] for all of them at once.
pub struct Features {
    /// Whether no feature has been written yet.
    none: bool,
    extent: Extent,
}

impl Features {
    /// Begins a layer with a name.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn begin(name: &str, out: &mut dyn Write) -> io::Result<Self> {
        let mut head = Vec::new();
        push_head(&mut head, name);
        out.write_all(&head)?;
        Ok(Self { none: true, extent: Extent::default() })
    }

    /// Adds the features of a chunk, which must have the same columns as the others.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn add(&mut self, layer: &Layer, out: &mut dyn Write) -> io::Result<()> {
        let keys: Vec<Vec<u8>> = layer.column_names().map(|name| key(name)).collect();
        // A ring has a hundred times the bytes of a point.
        let chunk = if layer.kind() == GeometryKind::Polygon { 32 } else { 512 };
        let many = rayon::current_num_threads() * 4;
        let (mut ready, mut next) = (Round::new(many), Round::new(many));
        ready.format(layer, &keys, 0, chunk);
        for start in (chunk * many..).step_by(chunk * many) {
            // A round is formatted while the previous one is written.
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| next.format(layer, &keys, start, chunk));
                ready.chunks.iter().try_for_each(|(bytes, of_chunk)| {
                    self.extent.merge(*of_chunk);
                    write_features(bytes, &mut self.none, out)
                })
            })?;
            if start >= layer.len() {
                break;
            }
            std::mem::swap(&mut ready, &mut next);
        }
        Ok(())
    }

    /// Ends the layer.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn end(self, out: &mut dyn Write) -> io::Result<()> {
        let mut foot = Vec::from(if self.none { &b"]"[..] } else { &b"\n]"[..] });
        if let Some(bounds) = self.extent.bounds() {
            foot.extend_from_slice(b",\"bbox\":[");
            for (index, edge) in bounds.into_iter().enumerate() {
                if index > 0 {
                    foot.push(b',');
                }
                push_degrees(&mut foot, edge);
            }
            foot.push(b']');
        }
        foot.extend_from_slice(b"}\n");
        out.write_all(&foot)
    }
}

/// Appends the head of a layer's file.
fn push_head(head: &mut Vec<u8>, layer: &str) {
    head.extend_from_slice(b"{\"type\":\"FeatureCollection\",\"name\":");
    push_text(head, layer);
    head.extend_from_slice(b",\"features\":[");
}

/// Whether a file with these first bytes looks like a layer of this name written by this module.
pub fn begins(bytes: &[u8], layer: &str) -> bool {
    let mut head = Vec::new();
    push_head(&mut head, layer);
    bytes.starts_with(&head)
}

/// Chunks of features that are formatted together.
struct Round {
    /// The bytes and the extent of each chunk. The buffers are reused in the next round.
    chunks: Vec<(Vec<u8>, Extent)>,
}

impl Round {
    fn new(many: usize) -> Self {
        Self { chunks: vec![(Vec::new(), Extent::default()); many] }
    }

    /// Formats the features from an index on, chunk by chunk.
    fn format(&mut self, layer: &Layer, keys: &[Vec<u8>], start: usize, chunk: usize) {
        self.chunks.par_iter_mut().enumerate().for_each(|(number, (bytes, extent))| {
            bytes.clear();
            *extent = Extent::default();
            let from = start + number * chunk;
            for feature in (from..layer.len().min(from + chunk)).filter_map(|at| layer.feature(at))
            {
                let Feature { id, geometry, properties } = &feature;
                push_feature(
                    bytes,
                    Some(|out: &mut Vec<u8>| push_text(out, id)),
                    |out| push_geometry(out, extent, geometry),
                    keys.iter().zip(properties),
                    push_property,
                );
            }
        });
    }
}

fn push_property(out: &mut Vec<u8>, property: &Property) {
    match property {
        Property::Missing => out.extend_from_slice(b"null"),
        Property::Text(text) => push_text(out, text),
        Property::Number(number, digits) => push_number(out, *number, *digits),
        Property::Flag(true) => out.extend_from_slice(b"true"),
        Property::Flag(false) => out.extend_from_slice(b"false"),
        Property::Date(date) => push_text(out, &date.to_string()),
    }
}

fn push_geometry(out: &mut Vec<u8>, extent: &mut Extent, geometry: &Geometry) {
    match geometry {
        Geometry::Point(position) => {
            out.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":");
            let at = rounded(position.coord());
            extent.take_in(&[at]);
            push_position(out, at);
        }
        Geometry::Lines(lines) => {
            out.extend_from_slice(b"{\"type\":\"MultiLineString\",\"coordinates\":");
            push_list(out, &lines.0, |out, line| push_path(out, extent, line, 2));
        }
        Geometry::Polygons(polygons) => {
            out.extend_from_slice(b"{\"type\":\"MultiPolygon\",\"coordinates\":");
            push_list(out, &polygons.0, |out, polygon| {
                let rings: Vec<&LineString<f64>> =
                    std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
                push_list(out, &rings, |out, ring| push_path(out, extent, ring, 4));
            });
        }
    }
    out.push(b'}');
}

/// Appends a line or ring.
fn push_path(out: &mut Vec<u8>, extent: &mut Extent, line: &LineString<f64>, least: usize) {
    let kept = path(line, least);
    extent.take_in(&kept);
    push_list(out, &kept, |out, at| push_position(out, *at));
}

fn push_position(out: &mut Vec<u8>, (lon, lat): Rounded) {
    out.push(b'[');
    push_degrees(out, lon);
    out.push(b',');
    push_degrees(out, lat);
    out.push(b']');
}

/// The bounding box of positions, tracked in longitudes from −180 to 180 and from 0 to 360. The narrower of the two
/// is used; if that is the second, it crosses the antimeridian.
#[derive(Debug, Clone, Copy, Default)]
struct Extent(Option<Edges>);

#[derive(Debug, Clone, Copy)]
struct Edges {
    south: i64,
    north: i64,
    /// Westernmost and easternmost longitude from −180 to 180.
    greenwich: (i64, i64),
    /// The same in longitudes from 0 to 360; `None` if a path crosses longitude 0, the edge of that range.
    pacific: Option<(i64, i64)>,
}

/// A full turn in units of the last decimal.
const TURN: i64 = 3_600_000_000;

impl Extent {
    /// Includes a position, line or ring that does not cross the antimeridian.
    fn take_in(&mut self, path: &[Rounded]) {
        let lons = || path.iter().map(|(lon, _)| *lon);
        let lats = || path.iter().map(|(_, lat)| *lat);
        let span = |from: Option<i64>, to: Option<i64>| from.zip(to);
        let Some((greenwich, (south, north))) =
            span(lons().min(), lons().max()).zip(span(lats().min(), lats().max()))
        else {
            return;
        };
        let turned = || lons().map(|lon| if lon < 0 { lon + TURN } else { lon });
        let crosses = greenwich.0 < 0 && greenwich.1 > 0;
        let pacific = if crosses { None } else { span(turned().min(), turned().max()) };
        // A path that touches longitude 0 from the west is at 0 and near 360.
        let pacific = pacific.filter(|(west, east)| east - west <= TURN / 2 || greenwich.0 >= 0);
        self.merge(Self(Some(Edges { south, north, greenwich, pacific })));
    }

    fn merge(&mut self, other: Self) {
        let join = |a: (i64, i64), b: (i64, i64)| (a.0.min(b.0), a.1.max(b.1));
        self.0 = match (self.0, other.0) {
            (Some(a), Some(b)) => Some(Edges {
                south: a.south.min(b.south),
                north: a.north.max(b.north),
                greenwich: join(a.greenwich, b.greenwich),
                pacific: a.pacific.zip(b.pacific).map(|(a, b)| join(a, b)),
            }),
            (a, b) => a.or(b),
        };
    }

    /// West, south, east, north.
    fn bounds(self) -> Option<[i64; 4]> {
        let Edges { south, north, greenwich, pacific } = self.0?;
        let (west, east) = match pacific {
            Some((west, east)) if east - west < greenwich.1 - greenwich.0 => {
                let turn = |lon: i64| if lon > TURN / 2 { lon - TURN } else { lon };
                (turn(west), turn(east))
            }
            _ => greenwich,
        };
        Some([west, south, east, north])
    }
}

#[cfg(test)]
mod tests {
    use super::super::number::units;
    use super::*;
    use geo_types::Coord;

    #[test]
    fn the_box_is_the_narrower_of_the_two_around_the_globe() {
        type Paths<'a> = &'a [&'a [(f64, f64)]];
        let cases: [(Paths, [f64; 4]); 6] = [
            (&[&[(10.0, 1.0)], &[(20.0, -3.0)]], [10.0, -3.0, 20.0, 1.0]),
            (&[&[(170.0, 1.0)], &[(-170.0, 2.0)]], [170.0, 1.0, -170.0, 2.0]),
            (
                &[&[(170.0, 0.0), (180.0, 5.0)], &[(-180.0, 0.0), (-175.0, 5.0)]],
                [170.0, 0.0, -175.0, 5.0],
            ),
            (&[&[(-100.0, 0.0), (100.0, 5.0)], &[(179.0, 0.0)]], [-100.0, 0.0, 179.0, 5.0]),
            (&[&[(-10.0, 0.0), (0.0, 5.0)]], [-10.0, 0.0, 0.0, 5.0]),
            (&[&[(-180.0, -90.0), (180.0, -60.0)]], [-180.0, -90.0, 180.0, -60.0]),
        ];
        for (paths, bounds) in cases {
            let mut extent = Extent::default();
            for path in paths {
                let path: Vec<Rounded> =
                    path.iter().map(|(x, y)| rounded(Coord { x: *x, y: *y })).collect();
                extent.take_in(&path);
            }
            assert_eq!(extent.bounds(), Some(bounds.map(units)), "{paths:?}");
        }
        assert_eq!(Extent::default().bounds(), None);
    }
}
