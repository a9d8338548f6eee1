//! Holds encoded features until all are known, since the index precedes them.

use super::{MAGIC, encode, node_of, wgs84, write_index};
use crate::sinks::rounded::{Drawn, join};
use flatbuffers::FlatBufferBuilder;
use flatgeobuf::packed_r_tree::PackedRTree;
use flatgeobuf::{self as fgb, ColumnType, GeometryType};
use std::io::{self, Write};

/// The name and type of a column.
pub(in crate::sinks) type Field<'n> = (&'n str, ColumnType);

/// A batch of encoded features.
#[derive(Default)]
pub(in crate::sinks) struct Built {
    builder: FlatBufferBuilder<'static>,
    /// The box of each feature that has a position, and its bytes.
    features: Vec<(Option<[f64; 4]>, Vec<u8>)>,
}

impl Built {
    /// Encodes a feature; its properties are in the encoding of [`push_field`] and [`push_text`].
    pub(in crate::sinks) fn add(&mut self, drawn: Option<&Drawn>, properties: &[u8]) {
        let bytes = encode(&mut self.builder, drawn, true, properties);
        self.features.push((drawn.and_then(Drawn::bounds), bytes));
    }
}

/// All features of a file.
#[derive(Default)]
pub(in crate::sinks) struct Packed {
    features: Vec<(Option<[f64; 4]>, Vec<u8>)>,
    extent: Option<[f64; 4]>,
}

impl Packed {
    /// Appends features.
    pub(in crate::sinks) fn add(&mut self, built: Built) {
        self.extent = built.features.iter().fold(self.extent, |all, (one, _)| join(all, *one));
        self.features.extend(built.features);
    }

    /// Writes a file of the features, in the order of its index.
    ///
    /// # Errors
    /// Those of the writer.
    pub(in crate::sinks) fn write(
        self,
        name: &str,
        geometry: GeometryType,
        columns: &[Field<'_>],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut nodes = Vec::with_capacity(self.features.len());
        let mut lengths = Vec::with_capacity(self.features.len());
        for (at, (bounds, bytes)) in self.features.iter().enumerate() {
            nodes.push(node_of(at, *bounds)?);
            lengths.push(u64::try_from(bytes.len()).map_err(io::Error::other)?);
        }
        out.write_all(&MAGIC)?;
        out.write_all(&header(name, geometry, columns, self.features.len(), self.extent))?;
        let order = write_index(nodes, &lengths, self.extent, out)?;
        let bytes = order.into_iter().filter_map(|at| self.features.get(at));
        bytes.map(|(_, bytes)| bytes).try_for_each(|bytes| out.write_all(bytes))
    }
}

/// Appends a value of fixed length, prefixed by the number of its column.
pub(in crate::sinks) fn push_field(out: &mut Vec<u8>, column: u16, value: &[u8]) {
    out.extend(column.to_le_bytes());
    out.extend(value);
}

/// Appends a text, prefixed by the number of its column.
pub(in crate::sinks) fn push_text(out: &mut Vec<u8>, column: u16, text: &str) {
    out.extend(column.to_le_bytes());
    // A text of four gigabytes would not have fitted into memory.
    out.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(text.as_bytes());
}

fn header(
    name: &str,
    geometry_type: GeometryType,
    columns: &[Field<'_>],
    count: usize,
    extent: Option<[f64; 4]>,
) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let to = &mut builder;
    let mut all = Vec::with_capacity(columns.len());
    for (name, type_) in columns {
        let args = fgb::ColumnArgs {
            name: Some(to.create_string(name)),
            type_: *type_,
            ..Default::default()
        };
        all.push(fgb::Column::create(to, &args));
    }
    let crs = wgs84(to);
    let args = fgb::HeaderArgs {
        name: Some(to.create_string(name)),
        geometry_type,
        columns: Some(to.create_vector(&all)),
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
