//! Arrow tables in memory: types of values and geometries, reference systems, and tables that are none.

use crate::arrow_tables::*;
use crate::reading::{read_source, says};
use arrow_array::builder::{Float64Builder, ListBuilder, StructBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{
    ArrayRef, Decimal128Array, Int32Array, RecordBatch, RecordBatchOptions, StringArray,
    StructArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field, Schema};
use std::sync::Arc;
use tamarisk::Code;
use tamarisk::sources::{ReadOptions, Source, read_incidents, read_sites};

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
    let error = read_sites(&found, &ReadOptions::default()).expect_err("refused");
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
        "2024-05-01T12:00:00+05:00",
        "2024-05-01T12:00:00+05:00",
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
fn a_day_in_a_time_zone_is_the_local_day() {
    // Midnight of 1 May 2024 in Karachi, which is 30 April in UTC.
    let midnight = TimestampMicrosecondArray::from(vec![1_714_503_600_000_000]);
    for (zone, day) in [
        ("Asia/Karachi", "2024-05-01"),
        ("+05:00", "2024-05-01"),
        ("UTC", "2024-04-30"),
        ("Mars/Olympus", "2024-04-30"),
    ] {
        let columns = [
            plain("id", Arc::new(StringArray::from(vec!["a"]))),
            plain("date", Arc::new(midnight.clone().with_timezone(zone))),
            plain("lon", Arc::new(arrow_array::Float64Array::from(vec![67.0]))),
            plain("lat", Arc::new(arrow_array::Float64Array::from(vec![30.0]))),
            plain("event_type", Arc::new(StringArray::from(vec!["attack"]))),
        ];
        let reading = read_incidents(&table(columns.concat()), &ReadOptions::default());
        let date = reading.expect("incidents").items[0].date.expect("a date");
        assert_eq!(date.last().to_string(), day, "{zone}");
    }
}

#[test]
fn a_table_without_columns_has_no_records_or_is_refused_in_one_line() {
    let schema = Arc::new(Schema::empty());
    let options = RecordBatchOptions::new().with_row_count(Some(3));
    let batch = RecordBatch::try_new_with_options(schema.clone(), vec![], &options).expect("rows");
    for batches in [vec![], vec![batch]] {
        let table = Source::table("table", schema.clone(), batches);
        match read_sites(&table, &ReadOptions::default()) {
            Ok(reading) => assert_eq!((reading.read, reading.items.len()), (0, 0)),
            Err(error) => {
                let error = error.to_string();
                assert!(error.starts_with("table: ") && !error.contains('\n'), "{error}");
            }
        }
    }
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
