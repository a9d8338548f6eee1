//! Rows of a table with a geometry, in groups whose columns are encoded in parallel.

use super::key::{Placed, geo};
use crate::sinks::rounded::{Drawn, join};
use crate::sinks::wkb::push_wkb;
use arrow_array::builder::BinaryBuilder;
use arrow_array::{Array, ArrayRef, Float64Array, StructArray};
use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowLeafColumn, ArrowRowGroupWriterFactory,
    ArrowWriterOptions, compute_leaves,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

/// The number of rows in a group.
const GROUP: usize = 100_000;

/// The writer of the file, in the form in which files name theirs. The same input gives the same bytes, so there is no
/// time in it.
const CREATED_BY: &str = concat!("tamarisk version ", env!("CARGO_PKG_VERSION"));

/// The edges of a bounding box.
const EDGES: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

/// A file that is being written.
pub(in crate::sinks) struct Rows<'o> {
    /// Writes to memory, from which each finished group moves to the output.
    file: SerializedFileWriter<Vec<u8>>,
    factory: ArrowRowGroupWriterFactory,
    fields: Fields,
    placed: Option<Placed>,
    /// The columns of the group that is being filled, and its number of rows.
    columns: Vec<ArrowColumnWriter>,
    filled: usize,
    /// The number of finished groups.
    groups: usize,
    out: &'o mut dyn Write,
}

impl<'o> Rows<'o> {
    /// Begins a file with columns; a geometry and its bounding box follow them if there are `kinds`: the types of
    /// geometries that it has in any case.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn begin(
        mut fields: Vec<Field>,
        kinds: Option<&[&'static str]>,
        out: &'o mut dyn Write,
    ) -> io::Result<Self> {
        let mut properties = WriterProperties::builder()
            .set_created_by(CREATED_BY.to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).map_err(failed)?));
        let placed = kinds.map(|kinds| {
            let geometry = free("geometry", &fields);
            fields.push(Field::new(&geometry, DataType::Binary, true));
            let boxes = free("bbox", &fields);
            fields.push(Field::new(&boxes, DataType::Struct(edges()), true));
            let types: BTreeSet<&'static str> = kinds.iter().copied().collect();
            Placed { geometry, boxes, types, bounds: None }
        });
        if let Some(Placed { geometry, boxes, .. }) = &placed {
            // Neither the least bytes nor repeated ones tell a reader anything.
            let geometry = ColumnPath::from(geometry.as_str());
            properties = properties
                .set_column_dictionary_enabled(geometry.clone(), false)
                .set_column_statistics_enabled(geometry, EnabledStatistics::None);
            for edge in EDGES {
                let path = ColumnPath::new(vec![boxes.clone(), edge.to_owned()]);
                properties = properties.set_column_dictionary_enabled(path, false);
            }
        }
        let fields = Fields::from(fields);
        let schema = Arc::new(Schema::new(fields.clone()));
        let options = ArrowWriterOptions::new().with_properties(properties.build());
        let writer =
            ArrowWriter::try_new_with_options(Vec::new(), schema, options).map_err(failed)?;
        let (file, factory) = writer.into_serialized_writer().map_err(failed)?;
        let (columns, filled, groups) = (Vec::new(), 0, 0);
        Ok(Self { file, factory, fields, placed, columns, filled, groups, out })
    }

    /// Appends rows: a value of each column, and a geometry or none.
    ///
    /// # Errors
    /// Those of the writer; or the geometries take more than 2 GB together.
    pub fn add(&mut self, mut columns: Vec<ArrayRef>, shapes: &[Option<Drawn>]) -> io::Result<()> {
        if let Some(placed) = &mut self.placed {
            let bounds: Vec<Option<[f64; 4]>> =
                shapes.par_iter().map(|shape| shape.as_ref()?.bounds()).collect();
            placed.bounds = bounds.iter().fold(placed.bounds, |all, of| join(all, *of));
            placed.types.extend(shapes.iter().flatten().map(kind));
            columns.push(geometries(shapes)?);
            columns.push(boxes(&bounds)?);
        }
        let mut from = 0;
        while from < shapes.len() {
            let rows = (GROUP - self.filled).min(shapes.len() - from);
            self.fill(&columns, from, rows)?;
            from += rows;
            self.filled += rows;
            if self.filled == GROUP {
                self.end_group()?;
            }
        }
        Ok(())
    }

    /// Appends some of the rows to the group.
    fn fill(&mut self, columns: &[ArrayRef], from: usize, rows: usize) -> io::Result<()> {
        if self.filled == 0 {
            self.columns = self.factory.create_column_writers(self.groups).map_err(failed)?;
        }
        let leaves: Vec<Vec<ArrowLeafColumn>> = columns
            .par_iter()
            .zip(self.fields.par_iter())
            .map(|(column, field)| compute_leaves(field, &column.slice(from, rows)))
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        let leaves: Vec<ArrowLeafColumn> = leaves.into_iter().flatten().collect();
        let columns = self.columns.par_iter_mut().zip(leaves);
        columns.try_for_each(|(column, leaf)| column.write(&leaf)).map_err(failed)
    }

    /// Writes the group.
    fn end_group(&mut self) -> io::Result<()> {
        let chunks: Vec<ArrowColumnChunk> = std::mem::take(&mut self.columns)
            .into_par_iter()
            .map(ArrowColumnWriter::close)
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        let mut group = self.file.next_row_group().map_err(failed)?;
        chunks.into_iter().try_for_each(|of| of.append_to_row_group(&mut group)).map_err(failed)?;
        group.close().map_err(failed)?;
        (self.filled, self.groups) = (0, self.groups + 1);
        self.pass_on()
    }

    /// Writes the footer.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<()> {
        if self.filled > 0 {
            self.end_group()?;
        }
        if let Some(placed) = &self.placed {
            let key = KeyValue::new("geo".to_owned(), geo(placed).to_string());
            self.file.append_key_value_metadata(key);
        }
        self.file.finish().map_err(failed)?;
        self.pass_on()
    }

    /// Moves what is finished to the output.
    fn pass_on(&mut self) -> io::Result<()> {
        self.file.flush()?;
        let bytes = std::mem::take(self.file.inner_mut());
        self.out.write_all(&bytes)
    }
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

/// The nearest name that no column has, in any case.
fn free(name: &str, fields: &[Field]) -> String {
    let is_taken = |name: &str| fields.iter().any(|field| field.name().eq_ignore_ascii_case(name));
    let mut free = name.to_owned();
    let mut number = 1_u32;
    while is_taken(&free) {
        number += 1;
        free = format!("{name}_{number}");
    }
    free
}

/// The type of a geometry in the words of the format.
fn kind(shape: &Drawn) -> &'static str {
    match shape {
        Drawn::Point(_) => "Point",
        Drawn::Points(_) => "MultiPoint",
        Drawn::Line(_) => "LineString",
        Drawn::Lines(_) => "MultiLineString",
        Drawn::Polygon(_) => "Polygon",
        Drawn::Polygons(_) => "MultiPolygon",
        Drawn::Collection(_) => "GeometryCollection",
    }
}

fn geometries(shapes: &[Option<Drawn>]) -> io::Result<ArrayRef> {
    let encoded: Vec<Option<Vec<u8>>> = shapes
        .par_iter()
        .map(|shape| {
            let mut bytes = Vec::new();
            push_wkb(&mut bytes, shape.as_ref()?);
            Some(bytes)
        })
        .collect();
    let held: usize = encoded.iter().flatten().map(Vec::len).sum();
    if i32::try_from(held).is_err() {
        return Err(io::Error::other("geometries of neighboring rows take more than 2 GB"));
    }
    let mut array = BinaryBuilder::with_capacity(encoded.len(), held);
    encoded.iter().for_each(|bytes| array.append_option(bytes.as_deref()));
    Ok(Arc::new(array.finish()))
}

fn edges() -> Fields {
    EDGES.iter().map(|name| Field::new(*name, DataType::Float64, false)).collect()
}

/// The bounding boxes; null without a position.
fn boxes(bounds: &[Option<[f64; 4]>]) -> io::Result<ArrayRef> {
    let edge = |at: usize| -> ArrayRef {
        let edge = |of: &Option<[f64; 4]>| of.and_then(|of| of.get(at).copied()).unwrap_or(0.0);
        Arc::new(bounds.iter().map(edge).collect::<Float64Array>())
    };
    let there: Vec<bool> = bounds.iter().map(Option::is_some).collect();
    let columns = (0..EDGES.len()).map(edge).collect();
    let all = StructArray::try_new(edges(), columns, Some(there.into()));
    Ok(Arc::new(all.map_err(io::Error::other)?))
}
