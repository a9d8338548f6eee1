//! Features as GeoParquet, or as Parquet without a geometry column if nothing has a position. Rows are in the order of
//! the file.

use super::kind::Kind;
use super::schema::{Schema, ShapeType};
use super::value::Item;
use super::{Failure, each};
use crate::model::Findings;
use crate::sinks::arrow::days;
use crate::sinks::geoparquet::Rows;
use crate::sinks::rounded::Drawn;
use crate::sources::{Counts, Feature, Features, TakeFeature};
use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, LargeStringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{ArrowError, DataType, Field, TimeUnit};
use jiff::Timestamp;
use jiff::civil::Date;
use std::io::{self, Write};
use std::sync::Arc;

/// Writes features.
pub(super) fn write(
    features: &mut Features,
    schema: &Schema,
    findings: &mut Findings,
    out: &mut dyn Write,
) -> Result<Counts, Failure> {
    let id = schema.id_column().map(|name| Field::new(name, DataType::Utf8, true));
    let own = schema.columns.iter();
    let own = own.map(|column| Field::new(&*column.name, column_type(column.kind), true));
    let shape = schema.shapes.all();
    let placed = schema.is_placed.then_some(&[][..]);
    let mut rows = Rows::begin(id.into_iter().chain(own).collect(), placed, out)?;
    let counts =
        each(features, findings, || Encoded::new(schema, shape), |part| part.write(&mut rows))?;
    rows.finish()?;
    Ok(counts)
}

/// The zone of moments.
const UTC: &str = "UTC";

fn column_type(kind: Kind) -> DataType {
    match kind {
        Kind::Flag => DataType::Boolean,
        Kind::Integer | Kind::Long => DataType::Int64,
        Kind::Number => DataType::Float64,
        Kind::Date => DataType::Date32,
        Kind::Moment => DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())),
        Kind::Json | Kind::Text => DataType::Utf8,
    }
}

/// The features of a part.
struct Encoded<'s> {
    schema: &'s Schema,
    shape: ShapeType,
    places: Vec<Option<usize>>,
    columns: Vec<Values>,
    shapes: Vec<Option<Drawn>>,
}

impl<'s> Encoded<'s> {
    fn new(schema: &'s Schema, shape: ShapeType) -> Self {
        let id = schema.id_column().map(|_| Kind::Text);
        let kinds = id.into_iter().chain(schema.columns.iter().map(|column| column.kind));
        let columns = kinds.map(Values::new).collect();
        Self { schema, shape, places: Vec::new(), columns, shapes: Vec::new() }
    }

    fn write(self, rows: &mut Rows<'_>) -> io::Result<()> {
        let columns: Result<Vec<ArrayRef>, ArrowError> =
            self.columns.into_iter().map(Values::finish).collect();
        rows.add(columns.map_err(io::Error::other)?, &self.shapes)
    }
}

impl TakeFeature for Encoded<'_> {
    fn take(&mut self, feature: Feature<'_, '_>, columns: &[Arc<str>]) {
        let schema = self.schema;
        if self.places.len() != columns.len() {
            self.places = schema.places(columns);
        }
        let first = usize::from(schema.id_column().is_some());
        let mut items = vec![Item::Missing; self.columns.len()];
        let mut set = |at: usize, item| {
            if let Some(slot) = items.get_mut(at) {
                *slot = item;
            }
        };
        if let (1, Some(id)) = (first, &feature.id) {
            set(0, Item::of(id, Kind::Text, schema.typing));
        }
        for (cell, place) in feature.cells.iter().zip(&self.places) {
            if let Some((at, column)) = place.and_then(|at| Some((at, schema.columns.get(at)?))) {
                set(first + at, Item::of(cell, column.kind, schema.typing));
            }
        }
        self.columns.iter_mut().zip(&items).for_each(|(column, item)| column.push(item));
        self.shapes.push(feature.geometry.map(|geometry| self.shape.drawn(geometry)));
    }
}

/// The values of a column.
enum Values {
    Flags(BooleanBuilder),
    Integers(Int64Builder),
    Numbers(Float64Builder),
    Dates(Date32Builder),
    Moments(TimestampMicrosecondBuilder),
    Texts(LargeStringBuilder),
}

impl Values {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Flag => Self::Flags(BooleanBuilder::new()),
            Kind::Integer | Kind::Long => Self::Integers(Int64Builder::new()),
            Kind::Number => Self::Numbers(Float64Builder::new()),
            Kind::Date => Self::Dates(Date32Builder::new()),
            Kind::Moment => Self::Moments(TimestampMicrosecondBuilder::new().with_timezone(UTC)),
            Kind::Json | Kind::Text => Self::Texts(LargeStringBuilder::new()),
        }
    }

    fn push(&mut self, item: &Item<'_>) {
        let text = item.text();
        let text = text.as_deref();
        match self {
            Self::Flags(all) => all.append_option(text.map(|text| text == "true")),
            Self::Integers(all) => all.append_option(text.and_then(|text| text.parse().ok())),
            Self::Numbers(all) => all.append_option(text.and_then(|text| text.parse().ok())),
            Self::Dates(all) => {
                let date = text.and_then(|text| text.parse::<Date>().ok());
                all.append_option(date.and_then(days));
            }
            Self::Moments(all) => {
                let moment = text.and_then(|text| text.parse::<Timestamp>().ok());
                all.append_option(moment.map(Timestamp::as_microsecond));
            }
            Self::Texts(all) => all.append_option(text),
        }
    }

    /// The column.
    ///
    /// # Errors
    /// Its texts take more than 2 GB.
    fn finish(self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Flags(mut all) => Arc::new(all.finish()),
            Self::Integers(mut all) => Arc::new(all.finish()),
            Self::Numbers(mut all) => Arc::new(all.finish()),
            Self::Dates(mut all) => Arc::new(all.finish()),
            Self::Moments(mut all) => Arc::new(all.finish()),
            Self::Texts(mut all) => {
                let texts: &dyn Array = &all.finish();
                arrow_cast::cast(texts, &DataType::Utf8)?
            }
        })
    }
}
