//! A layer as FlatGeobuf: typed columns, and features in the order of a packed Hilbert R-tree, which lets a reader
//! fetch a box without reading the rest.
//!
//! The index precedes the features and has the offset of each, so features are generated twice: once for their boxes
//! and lengths, once to be written in the order of the index. That takes no more memory than the index. Features are
//! encoded here instead of by the crate's own writer, since that leaves out the end of the line in a MultiLineString
//! of one line, and GDAL then cannot read it.

mod packed;

pub(super) use packed::{Built, Field, Packed, push_field, push_text};

use super::place::{Stop, go_on};
use super::rounded::{Drawn, integer, join, number};
use crate::earth::GeometryKind;
use crate::layers::{ColumnKind, Digits, Feature, Layer, Property};
use flatbuffers::{FlatBufferBuilder, WIPOffset};
use flatgeobuf::packed_r_tree::{NodeItem, PackedRTree, hilbert_sort};
use flatgeobuf::{self as fgb, ColumnType, GeometryType};
use rayon::prelude::*;
use std::io::{self, Write};

/// The first bytes of a file: the format's name and its version 3.
const MAGIC: [u8; 8] = *b"fgb\x03fgb\x00";

/// Writes a layer. The first column is the feature's `id`; days are in DateTime columns, which the format stores as
/// text.
///
/// # Errors
/// Those of the writer; or the writer was told to stop.
pub fn write(layer: &Layer, stop: Stop, out: &mut dyn Write) -> io::Result<()> {
    // The bounding box and index of each feature, and its length.
    let mut nodes: Vec<NodeItem> = Vec::with_capacity(layer.len());
    let mut lengths: Vec<u64> = Vec::with_capacity(layer.len());
    let mut extent = None;
    let all: Vec<usize> = (0..layer.len()).collect();
    in_order(layer, &all, stop, |at, bounds, bytes| {
        nodes.push(node_of(at, bounds)?);
        lengths.push(u64::try_from(bytes.len()).map_err(io::Error::other)?);
        extent = join(extent, bounds);
        Ok(())
    })?;
    out.write_all(&MAGIC)?;
    out.write_all(&header(layer, nodes.len(), extent))?;
    let order = write_index(nodes, &lengths, extent, out)?;
    in_order(layer, &order, stop, |_, _, bytes| out.write_all(&bytes))
}

/// The index node of a feature, holding its index until its offset is known.
fn node_of(at: usize, bounds: Option<[f64; 4]>) -> io::Result<NodeItem> {
    let mut node = match bounds {
        Some([west, south, east, north]) => NodeItem::bounds(west, south, east, north),
        // A feature without a position is in no box.
        None => NodeItem::create(0),
    };
    node.offset = u64::try_from(at).map_err(io::Error::other)?;
    Ok(node)
}

/// Writes the index for features with these nodes and lengths, and returns the order of the features after it.
/// Without any positions no index is written.
fn write_index(
    mut nodes: Vec<NodeItem>,
    lengths: &[u64],
    extent: Option<[f64; 4]>,
    out: &mut dyn Write,
) -> io::Result<Vec<usize>> {
    if let Some([west, south, east, north]) = extent {
        let extent = NodeItem::bounds(west, south, east, north);
        hilbert_sort(&mut nodes, &extent);
        let mut start = 0;
        let leaves: Vec<NodeItem> = nodes
            .iter()
            .map(|node| {
                let mut leaf = node.clone();
                leaf.offset = start;
                start += index_of(node).and_then(|at| lengths.get(at)).copied().unwrap_or(0);
                leaf
            })
            .collect();
        let tree = PackedRTree::build(&leaves, &extent, PackedRTree::DEFAULT_NODE_SIZE);
        tree.map_err(io::Error::other)?.stream_write(&mut &mut *out)?;
    }
    Ok(nodes.iter().filter_map(index_of).collect())
}

/// The feature index in a node, before its offset is set.
fn index_of(node: &NodeItem) -> Option<usize> {
    usize::try_from(node.offset).ok()
}

/// A feature's index, box and bytes.
type Encoded = (usize, Option<[f64; 4]>, Vec<u8>);

/// Encodes features in parallel and passes them on in order: index, box, bytes.
fn in_order(
    layer: &Layer,
    order: &[usize],
    stop: Stop,
    mut take: impl FnMut(usize, Option<[f64; 4]>, Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    let chunk = if layer.kind() == GeometryKind::Point { 512 } else { 32 };
    for round in order.chunks(chunk * rayon::current_num_threads() * 4) {
        go_on(stop)?;
        let encoded: Vec<Encoded> = round
            .par_iter()
            .with_min_len(chunk)
            .map_init(FlatBufferBuilder::new, |builder, &at| {
                let feature = layer.feature(at)?;
                let drawn = Drawn::of(&feature.geometry);
                let properties = properties(&feature);
                Some((at, drawn.bounds(), encode(builder, Some(&drawn), false, &properties)))
            })
            .flatten()
            .collect();
        for (at, bounds, bytes) in encoded {
            take(at, bounds, bytes)?;
        }
    }
    Ok(())
}

/// Whether a file with these first bytes looks like a layer of this name written by this module.
pub fn begins(bytes: &[u8], layer: &str) -> bool {
    let Some(header) = bytes.strip_prefix(&MAGIC) else { return false };
    fgb::size_prefixed_root_as_header(header).is_ok_and(|header| {
        let columns = header.columns();
        let first = columns.and_then(|all| all.iter().next()).map(|column| column.name());
        header.name() == Some(layer) && first == Some("id")
    })
}

fn header(layer: &Layer, count: usize, extent: Option<[f64; 4]>) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let to = &mut builder;
    let id = fgb::ColumnArgs {
        name: Some(to.create_string("id")),
        type_: ColumnType::String,
        nullable: false,
        ..Default::default()
    };
    let mut columns = vec![fgb::Column::create(to, &id)];
    for column in layer.columns() {
        let args = fgb::ColumnArgs {
            name: Some(to.create_string(&column.name)),
            description: Some(to.create_string(&column.about)),
            type_: match column.kind {
                ColumnKind::Text => ColumnType::String,
                ColumnKind::Number(Digits::Decimals(0)) => ColumnType::Long,
                ColumnKind::Number(_) => ColumnType::Double,
                ColumnKind::Flag => ColumnType::Bool,
                ColumnKind::Date => ColumnType::DateTime,
            },
            ..Default::default()
        };
        columns.push(fgb::Column::create(to, &args));
    }
    let crs = wgs84(to);
    let args = fgb::HeaderArgs {
        name: Some(to.create_string(layer.name())),
        geometry_type: match layer.kind() {
            GeometryKind::Point => GeometryType::Point,
            GeometryKind::Line => GeometryType::MultiLineString,
            GeometryKind::Polygon => GeometryType::MultiPolygon,
        },
        columns: Some(to.create_vector(&columns)),
        crs: Some(crs),
        envelope: extent.map(|edges| to.create_vector(&edges)),
        features_count: u64::try_from(count).unwrap_or(u64::MAX),
        // Without any positions there is no index.
        index_node_size: extent.map_or(0, |_| PackedRTree::DEFAULT_NODE_SIZE),
        ..Default::default()
    };
    let header = fgb::Header::create(to, &args);
    to.finish_size_prefixed(header, None);
    to.finished_data().to_vec()
}

/// The coordinate reference system of all positions.
fn wgs84(to: &mut FlatBufferBuilder<'static>) -> WIPOffset<fgb::Crs<'static>> {
    let crs = fgb::CrsArgs {
        org: Some(to.create_string("EPSG")),
        code: 4326,
        name: Some(to.create_string("WGS 84")),
        ..Default::default()
    };
    fgb::Crs::create(to, &crs)
}

/// A feature, prefixed by its length; without a geometry if that has no position. Geometries state their type if the
/// types in a file are mixed.
fn encode(
    to: &mut FlatBufferBuilder<'static>,
    drawn: Option<&Drawn>,
    typed: bool,
    properties: &[u8],
) -> Vec<u8> {
    to.reset();
    let geometry = drawn.filter(|drawn| drawn.bounds().is_some());
    let geometry = geometry.map(|drawn| geometry_of(to, drawn, typed));
    let properties = Some(to.create_vector(properties));
    let args = fgb::FeatureArgs { geometry, properties, columns: None };
    let feature = fgb::Feature::create(to, &args);
    to.finish_size_prefixed(feature, None);
    to.finished_data().to_vec()
}

fn geometry_of(
    to: &mut FlatBufferBuilder<'static>,
    drawn: &Drawn,
    typed: bool,
) -> WIPOffset<fgb::Geometry<'static>> {
    let type_ = match drawn {
        _ if !typed => GeometryType::Unknown,
        Drawn::Point(_) => GeometryType::Point,
        Drawn::Points(_) => GeometryType::MultiPoint,
        Drawn::Line(_) => GeometryType::LineString,
        Drawn::Lines(_) => GeometryType::MultiLineString,
        Drawn::Polygon(_) => GeometryType::Polygon,
        Drawn::Polygons(_) => GeometryType::MultiPolygon,
        Drawn::Collection(_) => GeometryType::GeometryCollection,
    };
    let of_parts = |to: &mut FlatBufferBuilder<'static>, parts: &[_]| fgb::GeometryArgs {
        parts: Some(to.create_vector(parts)),
        type_,
        ..Default::default()
    };
    let args = match drawn {
        Drawn::Point(position) => flat(to, position),
        Drawn::Points(path) | Drawn::Line(path) => flat(to, path.as_flattened()),
        Drawn::Lines(lines) | Drawn::Polygon(lines) => paths(to, lines),
        Drawn::Polygons(polygons) => {
            let part = |rings: &Vec<Vec<[f64; 2]>>| {
                let args = paths(to, rings);
                fgb::Geometry::create(to, &args)
            };
            let parts: Vec<_> = polygons.iter().map(part).collect();
            of_parts(to, &parts)
        }
        Drawn::Collection(members) => {
            let parts: Vec<_> = members.iter().map(|one| geometry_of(to, one, true)).collect();
            of_parts(to, &parts)
        }
    };
    fgb::Geometry::create(to, &fgb::GeometryArgs { type_, ..args })
}

/// The positions of one path.
fn flat(to: &mut FlatBufferBuilder<'static>, positions: &[f64]) -> fgb::GeometryArgs<'static> {
    fgb::GeometryArgs { xy: Some(to.create_vector(positions)), ..Default::default() }
}

/// Lines, or the rings of a polygon: all positions concatenated, and the end of each path.
fn paths(
    to: &mut FlatBufferBuilder<'static>,
    paths: &[Vec<[f64; 2]>],
) -> fgb::GeometryArgs<'static> {
    let positions: Vec<f64> = paths.iter().flatten().flatten().copied().collect();
    let ends: Vec<u32> = paths
        .iter()
        .scan(0_usize, |end, path| {
            *end += path.len();
            u32::try_from(*end).ok()
        })
        .collect();
    fgb::GeometryArgs {
        xy: Some(to.create_vector(&positions)),
        ends: Some(to.create_vector(&ends)),
        ..Default::default()
    }
}

/// The values that are not missing, each prefixed by the number of its column.
fn properties(feature: &Feature) -> Vec<u8> {
    let mut out = Vec::new();
    push_text(&mut out, 0, &feature.id);
    for (column, property) in (1_u16..).zip(&feature.properties) {
        match property {
            Property::Missing => {}
            Property::Text(value) => push_text(&mut out, column, value),
            // A column of integers has no other values.
            Property::Number(value, digits @ Digits::Decimals(0)) => {
                if let Some(value) = integer(*value, *digits) {
                    push_field(&mut out, column, &value.to_le_bytes());
                }
            }
            Property::Number(value, digits) => {
                if let Some(value) = number(*value, *digits) {
                    push_field(&mut out, column, &value.to_le_bytes());
                }
            }
            Property::Flag(flag) => push_field(&mut out, column, &[u8::from(*flag)]),
            Property::Date(date) => push_text(&mut out, column, &date.to_string()),
        }
    }
    out
}
