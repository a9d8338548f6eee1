//! A decoder of vector tiles for tests, written from the Mapbox Vector Tile specification 2.1 alone.

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A layer of a tile.
#[derive(Debug)]
pub struct Layer {
    pub name: String,
    pub features: Vec<Feature>,
}

/// A feature of a layer.
#[derive(Debug)]
pub struct Feature {
    pub id: u64,
    /// 1 for points, 2 for lines, 3 for areas.
    pub kind: u64,
    /// Points, or the positions of each line or ring.
    pub paths: Vec<Vec<(i64, i64)>>,
    pub properties: BTreeMap<String, Value>,
}

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Eight([u8; 8]),
    Four([u8; 4]),
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (first, rest) = bytes.split_first().expect("a number that ends");
        *bytes = rest;
        number |= u64::from(first & 127) << shift;
        shift += 7;
        if first & 128 == 0 {
            return number;
        }
    }
}

fn fields(mut bytes: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let field = match key & 7 {
            0 => Field::Number(varint(&mut bytes)),
            1 => Field::Eight(*bytes.split_off(..8).expect("eight").first_chunk().expect("eight")),
            2 => {
                let length = varint(&mut bytes) as usize;
                Field::Bytes(bytes.split_off(..length).expect("bytes"))
            }
            5 => Field::Four(*bytes.split_off(..4).expect("four").first_chunk().expect("four")),
            other => panic!("wire type {other}"),
        };
        fields.push((key >> 3, field));
    }
    fields
}

fn packed(mut bytes: &[u8]) -> Vec<u64> {
    let mut numbers = Vec::new();
    while !bytes.is_empty() {
        numbers.push(varint(&mut bytes));
    }
    numbers
}

fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn value(bytes: &[u8]) -> Value {
    let fields = fields(bytes);
    let [field] = fields.as_slice() else { panic!("a value has one field") };
    match field {
        (1, Field::Bytes(bytes)) => json!(text(bytes)),
        (2, Field::Four(bytes)) => json!(f32::from_le_bytes(*bytes)),
        (3, Field::Eight(bytes)) => json!(f64::from_le_bytes(*bytes)),
        (4 | 5, Field::Number(number)) => json!(number.cast_signed()),
        (6, Field::Number(number)) => json!(zigzag(*number)),
        (7, Field::Number(number)) => json!(*number == 1),
        (of, _) => panic!("a value of field {of}"),
    }
}

fn paths(kind: u64, commands: &[u64]) -> Vec<Vec<(i64, i64)>> {
    let (mut paths, mut at, mut rest) = (Vec::<Vec<_>>::new(), (0, 0), commands.iter());
    while let Some(command) = rest.next() {
        let (of, count) = (command & 7, command >> 3);
        assert!(count > 0, "a command without a place");
        match of {
            1 | 2 => {
                for _ in 0..count {
                    at.0 += zigzag(*rest.next().expect("x"));
                    at.1 += zigzag(*rest.next().expect("y"));
                    if of == 1 && (kind != 1 || paths.is_empty()) {
                        paths.push(Vec::new());
                    }
                    paths.last_mut().expect("a path").push(at);
                }
                assert!(of == 2 || kind == 1 || count == 1, "a line begins at one place");
            }
            7 => assert!(count == 1 && kind == 3, "only rings are closed"),
            other => panic!("command {other}"),
        }
    }
    paths
}

/// The layers of a tile.
pub fn layers(bytes: &[u8]) -> Vec<Layer> {
    fields(bytes)
        .into_iter()
        .map(|(of, field)| match field {
            Field::Bytes(bytes) if of == 3 => layer(bytes),
            _ => panic!("a tile has layers, not {of}"),
        })
        .collect()
}

fn layer(bytes: &[u8]) -> Layer {
    let fields = fields(bytes);
    let bytes = |wanted: u64| {
        fields.iter().filter_map(move |(of, field)| match field {
            Field::Bytes(bytes) if *of == wanted => Some(*bytes),
            _ => None,
        })
    };
    let number = |wanted: u64| {
        fields.iter().find_map(|(of, field)| match field {
            Field::Number(number) if *of == wanted => Some(*number),
            _ => None,
        })
    };
    assert_eq!((number(15), number(5)), (Some(2), Some(4096)), "version and extent");
    let keys: Vec<String> = bytes(3).map(text).collect();
    let values: Vec<Value> = bytes(4).map(value).collect();
    let features = bytes(2).map(|bytes| feature(bytes, &keys, &values)).collect();
    Layer { name: text(bytes(1).next().expect("a name")), features }
}

fn feature(bytes: &[u8], keys: &[String], values: &[Value]) -> Feature {
    let mut feature = Feature { id: 0, kind: 0, paths: Vec::new(), properties: BTreeMap::new() };
    let mut commands = Vec::new();
    for field in fields(bytes) {
        match field {
            (1, Field::Number(id)) => feature.id = id,
            (2, Field::Bytes(tags)) => {
                for pair in packed(tags).chunks(2) {
                    let (key, value) = (&keys[pair[0] as usize], &values[pair[1] as usize]);
                    let before = feature.properties.insert(key.clone(), value.clone());
                    assert!(before.is_none(), "{key} is there twice");
                }
            }
            (3, Field::Number(kind)) => feature.kind = kind,
            (4, Field::Bytes(geometry)) => commands = packed(geometry),
            (of, _) => panic!("a feature with field {of}"),
        }
    }
    feature.paths = paths(feature.kind, &commands);
    assert!(!feature.paths.is_empty(), "a feature without a place");
    feature
}
