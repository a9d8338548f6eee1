//! Arrow tables in memory: every way to encode positions, with missing values, without rows, sliced and in several
//! batches, gives the records of the same table as CSV.

use crate::reading::{read_source, says};
use arrow_array::builder::{FixedSizeListBuilder, Float64Builder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BinaryArray, Date32Array, Float64Array, Int32Array, RecordBatch, StringArray,
    StringViewArray, StructArray,
};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use std::collections::HashMap;
use std::sync::Arc;
use tamarisk::model::{Incident, Site};
use tamarisk::sources::{ReadOptions, Source, read_incidents, read_sites};

/// The longitude and latitude of each row; `None` without a position.
pub type Places = Vec<Option<[f64; 2]>>;

pub fn places() -> Places {
    vec![
        Some([66.512, 29.613]),
        Some([67.104, 29.951]),
        Some([64.251, 28.402]),
        Some([-170.25, -3.5]),
        Some([179.5, 80.0]),
    ]
}

/// A point as well-known binary.
fn wkb([x, y]: [f64; 2]) -> Vec<u8> {
    [&[1_u8, 1, 0, 0, 0][..], &x.to_le_bytes(), &y.to_le_bytes()].concat()
}

pub fn wkbs(places: &Places) -> ArrayRef {
    let all: Vec<Option<Vec<u8>>> = places.iter().map(|place| place.map(wkb)).collect();
    Arc::new(all.iter().map(|bytes| bytes.as_deref()).collect::<BinaryArray>())
}

fn wkts(places: &Places) -> ArrayRef {
    let text = |[x, y]: [f64; 2]| format!("POINT ({x} {y})");
    Arc::new(places.iter().map(|place| place.map(text)).collect::<StringArray>())
}

pub fn numbers(places: &Places, axis: usize) -> ArrayRef {
    Arc::new(places.iter().map(|place| place.map(|of| of[axis])).collect::<Float64Array>())
}

pub fn cast(array: &ArrayRef, to: &DataType) -> ArrayRef {
    arrow_cast::cast(array, to).expect("a cast")
}

fn said(name: &str, kind: &DataType, said: &[(&str, &str)]) -> Field {
    let said: HashMap<String, String> =
        said.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Field::new(name, kind.clone(), true).with_metadata(said)
}

pub fn extended(array: ArrayRef, name: &str) -> Vec<(Field, ArrayRef)> {
    let crs = r#"{"crs":{"type":"GeographicCRS","id":{"authority":"EPSG","code":4326}}}"#;
    let metadata = [("ARROW:extension:name", name), ("ARROW:extension:metadata", crs)];
    vec![(said("place", array.data_type(), &metadata), array)]
}

pub fn plain(name: &str, array: ArrayRef) -> Vec<(Field, ArrayRef)> {
    vec![(Field::new(name, array.data_type().clone(), true), array)]
}

/// Coordinates as a structure of x and y.
pub fn separated(places: &Places) -> ArrayRef {
    let axis = |name: &str| Field::new(name, DataType::Float64, true);
    let fields = Fields::from(vec![axis("x"), axis("y")]);
    let there: Vec<bool> = places.iter().map(Option::is_some).collect();
    let columns = vec![numbers(places, 0), numbers(places, 1)];
    Arc::new(StructArray::try_new(fields, columns, Some(there.into())).expect("a structure"))
}

/// Coordinates as pairs.
fn interleaved(places: &Places) -> ArrayRef {
    let mut all = FixedSizeListBuilder::new(Float64Builder::new(), 2);
    for place in places {
        place.unwrap_or_default().into_iter().for_each(|of| all.values().append_value(of));
        all.append(place.is_some());
    }
    Arc::new(all.finish())
}

/// Spark's geometries.
pub fn spark(places: &Places, srids: &[i32]) -> ArrayRef {
    let srids = places.iter().zip(srids.iter().cycle()).map(|(of, srid)| of.map(|_| *srid));
    let fields = Fields::from(vec![
        Field::new("srid", DataType::Int32, true),
        Field::new("wkb", DataType::Binary, true),
    ]);
    let there: Vec<bool> = places.iter().map(Option::is_some).collect();
    let columns = vec![Arc::new(srids.collect::<Int32Array>()) as ArrayRef, wkbs(places)];
    Arc::new(StructArray::try_new(fields, columns, Some(there.into())).expect("a structure"))
}

pub fn marked(array: ArrayRef) -> Vec<(Field, ArrayRef)> {
    vec![(said("place", array.data_type(), &[("geometry", "true")]), array)]
}

pub type Encode = Box<dyn Fn(&Places) -> Vec<(Field, ArrayRef)>>;

/// Every encoding by its name.
pub fn encodings() -> Vec<(&'static str, Encode)> {
    fn of(encode: impl Fn(&Places) -> Vec<(Field, ArrayRef)> + 'static) -> Encode {
        Box::new(encode)
    }
    let dictionary = |of: DataType| DataType::Dictionary(Box::new(DataType::Int32), Box::new(of));
    vec![
        ("well-known binary", of(|p| extended(wkbs(p), "geoarrow.wkb"))),
        ("large", of(|p| extended(cast(&wkbs(p), &DataType::LargeBinary), "ogc.wkb"))),
        ("view", of(|p| plain("geometry", cast(&wkbs(p), &DataType::BinaryView)))),
        (
            "dictionary",
            of(move |p| extended(cast(&wkbs(p), &dictionary(DataType::Binary)), "geoarrow.wkb")),
        ),
        ("well-known text", of(|p| extended(wkts(p), "geoarrow.wkt"))),
        ("large text", of(|p| extended(cast(&wkts(p), &DataType::LargeUtf8), "geoarrow.wkt"))),
        ("text view", of(|p| extended(cast(&wkts(p), &DataType::Utf8View), "ogc.wkt"))),
        ("text without a type", of(|p| plain("wkt", cast(&wkts(p), &DataType::LargeUtf8)))),
        ("points apart", of(|p| extended(separated(p), "geoarrow.point"))),
        ("points in pairs", of(|p| extended(interleaved(p), "geoarrow.point"))),
        ("points by name", of(|p| plain("geometry", separated(p)))),
        ("Spark", of(|p| marked(spark(p, &[4326])))),
        ("Spark without systems", of(|p| marked(spark(p, &[0, 4326])))),
        ("columns", of(|p| [plain("lon", numbers(p, 0)), plain("lat", numbers(p, 1))].concat())),
        (
            "columns of views",
            of(|p| {
                let text = |axis| cast(&numbers(p, axis), &DataType::Utf8View);
                [plain("lon", text(0)), plain("lat", text(1))].concat()
            }),
        ),
    ]
}

/// A table of sites or incidents, which have the same ids, names and dates.
pub fn batch(places: &Places, encode: &Encode) -> RecordBatch {
    let rows = places.len();
    let ids: ArrayRef =
        Arc::new((0..rows).map(|at| Some(format!("p{at}"))).collect::<StringArray>());
    let names = (0..rows).map(|at| Some(format!("Pit {at}"))).collect::<StringViewArray>();
    let days: Date32Array = (0..rows).map(|at| Some(19_800 + i32::try_from(at).unwrap())).collect();
    let mut kinds = StringDictionaryBuilder::<Int32Type>::new();
    (0..rows).for_each(|at| {
        kinds.append_value(["Battles", "Riots"][at % 2]);
    });
    let mut columns = plain("id", ids);
    columns.extend(plain("name", Arc::new(names)));
    columns.extend(plain("date", Arc::new(days)));
    columns.extend(plain("event_type", Arc::new(kinds.finish())));
    columns.extend(encode(places));
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).expect("a batch")
}

pub fn csv(places: &Places) -> Source {
    let mut text = "id,name,date,event_type,lon,lat\n".to_owned();
    for (at, place) in places.iter().enumerate() {
        let (kind, day) = (["Battles", "Riots"][at % 2], 18 + at);
        let [x, y] = place.map_or([String::new(), String::new()], |of| of.map(|of| of.to_string()));
        text.push_str(&format!("p{at},Pit {at},2024-03-{day},{kind},{x},{y}\n"));
    }
    Source::bytes("table", text.into_bytes())
}

/// What is compared of a reading: items by their id, without the place in the file.
pub fn sites(source: &Source) -> (Vec<Site>, u64, u64) {
    let reading = read_sites(source, &ReadOptions::default()).expect("sites");
    let items = reading.items.into_iter().map(|site| Site {
        place: tamarisk::model::Place::File,
        columns: Vec::new(),
        ..site
    });
    (items.collect(), reading.read, reading.set_aside)
}

fn incidents(source: &Source) -> (Vec<Incident>, u64, u64) {
    let reading = read_incidents(source, &ReadOptions::default()).expect("incidents");
    let items = reading.items.into_iter().map(|incident| Incident {
        place: tamarisk::model::Place::File,
        own: Default::default(),
        ..incident
    });
    (items.collect(), reading.read, reading.set_aside)
}

fn compare(name: &str, due: &Places, schema: SchemaRef, batches: Vec<RecordBatch>) {
    let table = Source::table("table", schema, batches);
    assert_eq!(sites(&table), sites(&csv(due)), "{name}");
    assert_eq!(incidents(&table), incidents(&csv(due)), "{name}");
}

#[test]
fn every_encoding_gives_the_records_of_the_same_csv() {
    for (name, encode) in encodings() {
        let all = batch(&places(), &encode);
        compare(name, &places(), all.schema(), vec![all]);
    }
}

#[test]
fn a_row_without_a_position_is_set_aside_with_its_number() {
    let due: Places =
        places().into_iter().enumerate().map(|(at, of)| of.filter(|_| at != 2)).collect();
    for (name, encode) in encodings() {
        let all = batch(&due, &encode);
        compare(name, &due, all.schema(), vec![all.clone()]);
        let table = Source::table("table", all.schema(), vec![all]);
        let reading = read_sites(&table, &ReadOptions::default()).expect(name);
        assert_eq!((reading.items.len(), reading.set_aside), (4, 1), "{name}");
        let said: Vec<String> = reading.findings.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|said| said.contains("row 2")), "{name}: {said:?}");
    }
}

#[test]
fn a_table_without_rows_has_no_records() {
    for (name, encode) in encodings() {
        let all = batch(&places(), &encode);
        for batches in [vec![], vec![all.slice(0, 0)], vec![all.slice(2, 0), all.slice(5, 0)]] {
            let table = Source::table("table", all.schema(), batches);
            let read = read_source(&table, &ReadOptions::default()).expect(name);
            assert_eq!((read.records.len(), read.count.read), (0, 0), "{name}");
            assert_eq!(says(&read), Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn a_slice_of_a_table_has_its_own_rows_alone() {
    let around = |all: Places| [vec![None, Some([1.0, 2.0])], all, vec![Some([3.0, 4.0])]].concat();
    for (name, encode) in encodings() {
        let all = batch(&around(places()), &encode);
        let table = Source::table("table", all.schema(), vec![all.slice(2, 5)]);
        let due: Vec<_> = sites(&csv(&places())).0.into_iter().map(|site| site.position).collect();
        let found: Vec<_> = sites(&table).0.into_iter().map(|site| site.position).collect();
        assert_eq!(found, due, "{name}");
        let ids: Vec<String> = sites(&table).0.into_iter().map(|site| site.id).collect();
        assert_eq!(ids, ["p2", "p3", "p4", "p5", "p6"], "{name}");
    }
}

#[test]
fn batches_are_read_one_after_another() {
    for (name, encode) in encodings() {
        let all = batch(&places(), &encode);
        let cut = [(0, 2), (2, 0), (2, 1), (3, 2)].map(|(from, rows)| all.slice(from, rows));
        compare(name, &places(), all.schema(), cut.into());
        // Each with buffers, and dictionaries, of its own.
        let apart: Vec<RecordBatch> =
            (0..5).map(|at| batch(&places(), &encode).slice(at, 1)).collect();
        compare(name, &places(), all.schema(), apart);
    }
}

#[test]
fn rows_of_several_batches_are_numbered_through() {
    let (_, encode) = encodings().swap_remove(0);
    let due: Places = (0..9000).map(|at| (at != 8000).then_some([66.0, 29.0])).collect();
    let all = batch(&due, &encode);
    let table =
        Source::table("table", all.schema(), vec![all.slice(0, 5000), all.slice(5000, 4000)]);
    let reading = read_sites(&table, &ReadOptions::default()).expect("sites");
    let said: Vec<String> = reading.findings.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|said| said.starts_with("table: row 8000")), "{said:?}");
}

/// The stream of a table, as programs send it to each other.
fn stream(batches: &[RecordBatch], end: bool) -> Vec<u8> {
    let schema = batches[0].schema();
    let mut writer =
        arrow_ipc::writer::StreamWriter::try_new(Vec::new(), &schema).expect("a stream");
    batches.iter().for_each(|batch| writer.write(batch).expect("a batch"));
    if end {
        return writer.into_inner().expect("the end");
    }
    writer.get_ref().clone()
}

#[test]
fn a_stream_in_a_file_is_the_table() {
    for (name, encode) in encodings() {
        let all = batch(&places(), &encode);
        let cut = [all.slice(0, 2), all.slice(2, 3)];
        let bytes = Source::bytes("table", stream(&cut, true));
        assert_eq!(sites(&bytes), sites(&csv(&places())), "{name}");
        assert_eq!(incidents(&bytes), incidents(&csv(&places())), "{name}");
    }
}

#[test]
fn a_stream_without_its_end_is_read_with_a_finding_and_a_cut_one_is_refused() {
    let (_, encode) = encodings().swap_remove(0);
    let all = batch(&places(), &encode);
    let open = stream(std::slice::from_ref(&all), false);
    let reading = read_sites(&Source::bytes("open", open.clone()), &ReadOptions::default());
    let said: Vec<String> =
        reading.expect("read").findings.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|said| said.contains("has no end mark")), "{said:?}");
    for keep in [open.len() - 1, open.len() / 2, 300] {
        let cut = Source::bytes("cut", open[..keep].to_vec());
        let error = read_sites(&cut, &ReadOptions::default()).expect_err("refused").to_string();
        assert!(error.starts_with("cut: ") && !error.contains('\n'), "{error}");
    }
}

#[test]
fn the_same_table_has_the_same_hash_and_another_does_not() {
    let (_, encode) = encodings().swap_remove(0);
    let hash = |places: &Places| {
        let all = batch(places, &encode);
        Source::table("table", all.schema(), vec![all]).hash().expect("a hash")
    };
    let mut others = places();
    others[4] = Some([179.5, 79.5]);
    assert_eq!(hash(&places()), hash(&places()));
    assert_ne!(hash(&places()), hash(&others));
}
