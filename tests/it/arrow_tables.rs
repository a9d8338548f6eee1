//! Arrow tables in memory: every way to encode positions, with missing values, without rows, sliced and in several
//! batches, gives the records of the same table as CSV.

use crate::reading::{read_source, says};
use arrow_array::builder::{
    FixedSizeListBuilder, Float64Builder, ListBuilder, StringDictionaryBuilder, StructBuilder,
};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, BinaryArray, Date32Array, Decimal128Array, Float64Array, Int32Array,
    RecordBatch, RecordBatchOptions, StringArray, StringViewArray, StructArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use std::collections::HashMap;
use std::sync::Arc;
use tamarisk::Code;
use tamarisk::model::{Incident, Site};
use tamarisk::sources::{ReadOptions, Source, read_incidents, read_sites};

/// The longitude and latitude of each row; `None` without a position.
type Places = Vec<Option<[f64; 2]>>;

fn places() -> Places {
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

fn wkbs(places: &Places) -> ArrayRef {
    let all: Vec<Option<Vec<u8>>> = places.iter().map(|place| place.map(wkb)).collect();
    Arc::new(all.iter().map(|bytes| bytes.as_deref()).collect::<BinaryArray>())
}

fn wkts(places: &Places) -> ArrayRef {
    let text = |[x, y]: [f64; 2]| format!("POINT ({x} {y})");
    Arc::new(places.iter().map(|place| place.map(text)).collect::<StringArray>())
}

fn numbers(places: &Places, axis: usize) -> ArrayRef {
    Arc::new(places.iter().map(|place| place.map(|of| of[axis])).collect::<Float64Array>())
}

fn cast(array: &ArrayRef, to: &DataType) -> ArrayRef {
    arrow_cast::cast(array, to).expect("a cast")
}

fn said(name: &str, kind: &DataType, said: &[(&str, &str)]) -> Field {
    let said: HashMap<String, String> =
        said.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Field::new(name, kind.clone(), true).with_metadata(said)
}

fn extended(array: ArrayRef, name: &str) -> Vec<(Field, ArrayRef)> {
    let crs = r#"{"crs":{"type":"GeographicCRS","id":{"authority":"EPSG","code":4326}}}"#;
    let metadata = [("ARROW:extension:name", name), ("ARROW:extension:metadata", crs)];
    vec![(said("place", array.data_type(), &metadata), array)]
}

fn plain(name: &str, array: ArrayRef) -> Vec<(Field, ArrayRef)> {
    vec![(Field::new(name, array.data_type().clone(), true), array)]
}

/// Coordinates as a structure of x and y.
fn separated(places: &Places) -> ArrayRef {
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
fn spark(places: &Places, srids: &[i32]) -> ArrayRef {
    let srids = places.iter().zip(srids.iter().cycle()).map(|(of, srid)| of.map(|_| *srid));
    let fields = Fields::from(vec![
        Field::new("srid", DataType::Int32, true),
        Field::new("wkb", DataType::Binary, true),
    ]);
    let there: Vec<bool> = places.iter().map(Option::is_some).collect();
    let columns = vec![Arc::new(srids.collect::<Int32Array>()) as ArrayRef, wkbs(places)];
    Arc::new(StructArray::try_new(fields, columns, Some(there.into())).expect("a structure"))
}

fn marked(array: ArrayRef) -> Vec<(Field, ArrayRef)> {
    vec![(said("place", array.data_type(), &[("geometry", "true")]), array)]
}

type Encode = Box<dyn Fn(&Places) -> Vec<(Field, ArrayRef)>>;

/// Every encoding by its name.
fn encodings() -> Vec<(&'static str, Encode)> {
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
fn batch(places: &Places, encode: &Encode) -> RecordBatch {
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

fn csv(places: &Places) -> Source {
    let mut text = "id,name,date,event_type,lon,lat\n".to_owned();
    for (at, place) in places.iter().enumerate() {
        let (kind, day) = (["Battles", "Riots"][at % 2], 18 + at);
        let [x, y] = place.map_or([String::new(), String::new()], |of| of.map(|of| of.to_string()));
        text.push_str(&format!("p{at},Pit {at},2024-03-{day},{kind},{x},{y}\n"));
    }
    Source::bytes("table", text.into_bytes())
}

/// What is compared of a reading: items by their id, without the place in the file.
fn sites(source: &Source) -> (Vec<Site>, u64, u64) {
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
        assert!(said.iter().any(|said| said.contains("feature 2")), "{name}: {said:?}");
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
    assert!(said.iter().any(|said| said.starts_with("table, feature 8000")), "{said:?}");
}

/// Lines and polygons in nested lists, and the same as well-known text.
#[test]
fn native_lines_and_polygons_are_those_of_their_text() {
    let point = || {
        let axis = |name: &str| Arc::new(Field::new(name, DataType::Float64, true));
        StructBuilder::new(
            vec![axis("x"), axis("y")],
            vec![Box::new(Float64Builder::new()), Box::new(Float64Builder::new())],
        )
    };
    let push = |to: &mut StructBuilder, [x, y]: [f64; 2]| {
        to.field_builder::<Float64Builder>(0).expect("x").append_value(x);
        to.field_builder::<Float64Builder>(1).expect("y").append_value(y);
        to.append(true);
    };
    let ring = [[66.0, 29.0], [67.0, 29.0], [67.0, 30.0], [66.0, 29.0]];
    let mut lines = ListBuilder::new(point());
    let mut polygons = ListBuilder::new(ListBuilder::new(point()));
    for row in 0..3 {
        if row != 1 {
            ring.iter().for_each(|at| push(lines.values(), *at));
            ring.iter().for_each(|at| push(polygons.values().values(), *at));
            polygons.values().append(true);
        }
        lines.append(row != 1);
        polygons.append(row != 1);
    }
    let text = ring.map(|[x, y]| format!("{x} {y}")).join(", ");
    let polygon = format!("POLYGON (({text}))");
    for (kind, array, text) in [
        (
            "geoarrow.linestring",
            Arc::new(lines.finish()) as ArrayRef,
            format!("LINESTRING ({text})"),
        ),
        ("geoarrow.polygon", Arc::new(polygons.finish()), polygon),
    ] {
        let texts = [Some(&*text), None, Some(&*text)].into_iter().collect::<StringArray>();
        let due = table(extended(Arc::new(texts), "geoarrow.wkt"));
        let due = read_source(&due, &ReadOptions::default()).expect("texts");
        for array in [array.clone(), large(&array)] {
            let found = read_source(&table(extended(array.clone(), kind)), &ReadOptions::default());
            assert_eq!(found.expect(kind).records, due.records, "{kind}");
            let sliced =
                read_source(&table(extended(array.slice(2, 1), kind)), &ReadOptions::default());
            assert_eq!(sliced.expect(kind).records[0].geometry, due.records[2].geometry, "{kind}");
        }
    }
}

/// The same lists with long offsets.
fn large(array: &ArrayRef) -> ArrayRef {
    let DataType::List(field) = array.data_type() else { panic!("{}", array.data_type()) };
    cast(array, &DataType::LargeList(field.clone()))
}

fn table(columns: Vec<(Field, ArrayRef)>) -> Source {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), arrays).expect("a batch");
    Source::table("table", schema, vec![batch])
}

#[cfg(feature = "proj")]
#[test]
fn a_srid_is_a_code_of_epsg() {
    let [x, y] = [500_000.0, 3_318_785.35];
    let due = vec![Some([x, y]), None];
    let [ids] = [Arc::new(StringArray::from(vec!["a", "b"])) as ArrayRef];
    let table = table([plain("id", ids), marked(spark(&due, &[32642]))].concat());
    let reading = read_sites(&table, &ReadOptions::default()).expect("sites");
    let at = reading.items[0].position;
    assert!((at.lon() - 69.0).abs() < 1e-9 && (at.lat() - 30.0).abs() < 1e-6, "{at:?}");
}

#[test]
fn geometries_of_several_systems_are_refused() {
    let found = table(marked(spark(&places(), &[4326, 32642])));
    let error = read_sites(&found, &ReadOptions::default()).err().expect("refused");
    assert_eq!(error.code(), Code::CrsUnknown);
    let text = error.to_string();
    assert!(text.starts_with("table: the geometries are in several reference systems"), "{text}");
    assert!(text.ends_with("SRID 4326, 32642"), "{text}");
}

#[test]
fn values_of_every_type_are_those_of_their_text() {
    let decimals = Decimal128Array::from(vec![Some(12_345), None]).with_precision_and_scale(10, 2);
    // 2024-05-01T07:00:00Z, in a zone five hours ahead.
    let moments = TimestampMicrosecondArray::from(vec![Some(1_714_546_800_000_000), None]);
    let runs = arrow_array::RunArray::<Int32Type>::try_new(
        &Int32Array::from(vec![1, 2]),
        &StringArray::from(vec![Some("x"), None]),
    );
    let lists: ArrayRef = Arc::new({
        let mut all = ListBuilder::new(Float64Builder::new());
        all.values().append_value(1.5);
        all.append(true);
        all.append(false);
        all.finish()
    });
    let columns = [
        plain("decimal", Arc::new(decimals.expect("decimals"))),
        plain("moment", Arc::new(moments.clone().with_timezone("Asia/Karachi"))),
        plain("ahead", Arc::new(moments.clone().with_timezone("+05:00"))),
        plain("local", Arc::new(moments)),
        plain("runs", Arc::new(runs.expect("runs"))),
        plain("lists", large(&lists)),
        plain("twice", Arc::new(Int32Array::from(vec![Some(7), None]))),
        plain("twice", Arc::new(Int32Array::from(vec![Some(8), None]))),
        plain("nothing", arrow_array::new_null_array(&DataType::Null, 2)),
    ];
    let reading = read_source(&table(columns.concat()), &ReadOptions::default()).expect("a table");
    let names: Vec<&str> = reading.columns.iter().map(|name| &**name).collect();
    assert_eq!(names[6..8], ["twice", "twice_8"]);
    assert_eq!(reading.findings.len(), 1, "{:?}", says(&reading));
    let texts = |row: usize| -> Vec<String> {
        reading.records[row].fields.iter().map(|of| of.text().unwrap_or_default()).collect()
    };
    let due = [
        "123.45",
        "2024-05-01T07:00:00Z",
        "2024-05-01T07:00:00Z",
        "2024-05-01T07:00:00",
        "x",
        "[1.5]",
        "7",
        "8",
        "",
    ];
    assert_eq!(texts(0), due);
    assert_eq!(texts(1), [""; 9]);
}

#[test]
fn a_table_without_columns_is_refused_in_one_line() {
    let schema = Arc::new(Schema::empty());
    let options = RecordBatchOptions::new().with_row_count(Some(3));
    let batch = RecordBatch::try_new_with_options(schema.clone(), vec![], &options).expect("rows");
    for batches in [vec![], vec![batch]] {
        let table = Source::table("table", schema.clone(), batches);
        let error = read_sites(&table, &ReadOptions::default()).err().expect("refused").to_string();
        assert!(error.starts_with("table: ") && !error.contains('\n'), "{error}");
    }
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
    let open = stream(&[all.clone()], false);
    let reading = read_sites(&Source::bytes("open", open.clone()), &ReadOptions::default());
    let said: Vec<String> =
        reading.expect("read").findings.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|said| said.contains("has no end mark")), "{said:?}");
    for keep in [open.len() - 1, open.len() / 2, 300] {
        let cut = Source::bytes("cut", open[..keep].to_vec());
        let error = read_sites(&cut, &ReadOptions::default()).err().expect("refused").to_string();
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

#[test]
fn numbers_of_single_precision_and_heights_are_coordinates_too() {
    let [x, y] = [66.5_f32, 29.25];
    let axes = ["x", "y", "z"].map(|name| Field::new(name, DataType::Float32, false));
    let number = |of: f32| Arc::new(arrow_array::Float32Array::from(vec![of])) as ArrayRef;
    let columns = vec![number(x), number(y), number(1000.0)];
    let points = StructArray::try_new(axes.to_vec().into(), columns, None).expect("points");
    let reading =
        read_source(&table(extended(Arc::new(points), "geoarrow.point")), &ReadOptions::default());
    let reading = reading.expect("points");
    let due = tamarisk::sources::RawGeometry::Points(vec![[66.5, 29.25]]);
    assert_eq!(reading.records[0].geometry, tamarisk::sources::Geometry::Raw(due));
    assert_eq!(reading.findings.len(), 1, "{:?}", says(&reading));
}

/// Parquet's own type of geometries, without any `geo` key.
#[test]
fn the_geometry_type_of_parquet_is_a_geometry() {
    use parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
    use parquet::basic::{LogicalType, Repetition, Type as Physical};
    use parquet::schema::types::{SchemaDescriptor, Type};
    for (crs, due) in [(None, true), (Some("OGC:CRS84"), true), (Some("srid:32642"), false)] {
        let array = wkbs(&places());
        let geometry = Type::primitive_type_builder("place", Physical::BYTE_ARRAY)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(Some(LogicalType::geometry(crs.map(str::to_owned))))
            .build()
            .expect("a type");
        let root = Type::group_type_builder("table").with_fields(vec![Arc::new(geometry)]).build();
        let root = SchemaDescriptor::new(Arc::new(root.expect("a root")));
        let schema = Arc::new(Schema::new(vec![Field::new("place", DataType::Binary, true)]));
        let batch = RecordBatch::try_new(schema.clone(), vec![array]).expect("a batch");
        let options =
            ArrowWriterOptions::new().with_parquet_schema(root).with_skip_arrow_metadata(true);
        let mut writer =
            ArrowWriter::try_new_with_options(Vec::new(), schema, options).expect("a writer");
        writer.write(&batch).expect("written");
        let bytes = Source::bytes("file", writer.into_inner().expect("a file"));
        match read_source(&bytes, &ReadOptions::default()) {
            Ok(read) => {
                assert_eq!(read.description, "GeoParquet");
                assert_eq!(read.records.len(), 5);
                assert_eq!(read.crs.is_wgs84(), due, "{crs:?}");
            }
            // Another system needs PROJ.
            Err(error) => assert!(!due && !cfg!(feature = "proj"), "{error}"),
        }
    }
}

#[test]
fn coordinates_are_found_by_their_names() {
    let array = separated(&places());
    let all = array.as_struct();
    let [x, y] = [0, 1].map(|at| all.column(at).as_primitive::<Float64Type>().clone());
    let axis = |name: &str| Field::new(name, DataType::Float64, true);
    let turned = StructArray::try_new(
        vec![axis("y"), axis("x")].into(),
        vec![Arc::new(y), Arc::new(x)],
        None,
    );
    let (_, encode) = encodings().swap_remove(0);
    let due = batch(&places(), &encode).column(0).clone();
    let columns = [plain("id", due), extended(Arc::new(turned.expect("points")), "geoarrow.point")];
    let found: Vec<_> =
        sites(&table(columns.concat())).0.into_iter().map(|of| of.position).collect();
    let due: Vec<_> = sites(&csv(&places())).0.into_iter().map(|site| site.position).collect();
    assert_eq!(found, due);
}
