//! Layers as Arrow batches, and back.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type};
use arrow_schema::DataType;
use tamarisk::run::{self, Cancel, Case, LayerName, Unwatched};
use tamarisk::sinks::{arrow, geojson};

/// Calls a function with each layer of the built-in case.
fn each_layer(mut look: impl FnMut(&tamarisk::layers::Layer<'_>)) {
    let case = Case::open(&run::demo(), &Unwatched, &Cancel::new()).expect("the case");
    let performed = run::perform_exposed(&case, &Unwatched, &Cancel::new()).expect("scores");
    for name in LayerName::ALL {
        run::with_layers(&case, &performed, name, &mut look).expect("layers");
    }
}

#[test]
fn batches_have_exactly_the_values_of_files() {
    let mut seen = 0;
    each_layer(|layer| {
        let batch = arrow::batch(layer, 0..layer.len()).expect("a batch");
        assert_eq!(batch.num_rows(), layer.len(), "{}", layer.name());
        for (row, feature) in layer.features().enumerate() {
            for (name, value) in feature.properties.iter().flatten() {
                let column = batch.column_by_name(name).expect(name);
                if column.is_null(row) {
                    assert!(value.is_null(), "{name} {value}");
                    continue;
                }
                match column.data_type() {
                    DataType::Utf8 => assert_eq!(value, column.as_string::<i32>().value(row)),
                    DataType::Float64 => {
                        let number = column.as_primitive::<Float64Type>().value(row);
                        assert_eq!(value.as_f64(), Some(number), "{name}");
                    }
                    DataType::Boolean => assert_eq!(value, column.as_boolean().value(row)),
                    DataType::Date32 => {
                        let days = i64::from(column.as_primitive::<Date32Type>().value(row));
                        let day = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(days);
                        assert_eq!(value, &day.to_string());
                    }
                    other => panic!("{name} is {other}"),
                }
                seen += 1;
            }
        }
    });
    assert!(seen > 10_000, "{seen}");
}

#[test]
fn batches_of_sites_become_the_same_file_again() {
    each_layer(|layer| {
        if layer.name() != "sites" {
            return;
        }
        let batch = arrow::batch(layer, 0..layer.len()).expect("a batch");
        let back = arrow::layer("sites", layer.kind(), &batch).expect("a layer");
        let (mut first, mut second) = (Vec::new(), Vec::new());
        geojson::write(layer, &mut first).expect("written");
        geojson::write(&back, &mut second).expect("written");
        assert!(first == second, "{}", String::from_utf8_lossy(&second).get(..2_000).unwrap_or(""));
    });
}
