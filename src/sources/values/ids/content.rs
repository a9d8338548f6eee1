//! Hashes of record contents, by which repeated records are found.

use crate::model::Value;
use crate::sources::formats::record::{Geometry, RawGeometry, Record};
use hashbrown::DefaultHashBuilder;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::LazyLock;

/// Hashes alike all records of a process.
static HASHER: LazyLock<DefaultHashBuilder> = LazyLock::new(DefaultHashBuilder::default);

/// Returns a hash of a record's content, regardless of its place. `table` distinguishes sheets,
/// whose columns differ.
pub(crate) fn content_of(record: &Record, table: usize) -> u64 {
    let mut hasher = HASHER.build_hasher();
    table.hash(&mut hasher);
    for value in &record.fields {
        match value {
            Value::Missing => 0u8.hash(&mut hasher),
            Value::Text(text) => (1u8, text).hash(&mut hasher),
            Value::Number(number) => (2u8, number.to_bits()).hash(&mut hasher),
            Value::Exact(text) => (3u8, text).hash(&mut hasher),
            Value::Bool(truth) => (4u8, truth).hash(&mut hasher),
        }
    }
    match &record.geometry {
        Geometry::Raw(raw) => hash_raw(raw, &mut hasher),
        Geometry::InColumns => 5u8.hash(&mut hasher),
        Geometry::None => 6u8.hash(&mut hasher),
        Geometry::Broken { part, value, why } => (7u8, part, value, why).hash(&mut hasher),
    }
    hasher.finish()
}

fn hash_raw(raw: &RawGeometry, hasher: &mut impl Hasher) {
    let mut positions = |kind: u8, list: &[[f64; 2]]| {
        (kind, list.len()).hash(hasher);
        for [x, y] in list {
            (x.to_bits(), y.to_bits()).hash(hasher);
        }
    };
    match raw {
        RawGeometry::Points(points) => positions(8, points),
        RawGeometry::Lines(lines) => lines.iter().for_each(|line| positions(9, line)),
        RawGeometry::Polygons(polygons) => polygons.iter().for_each(|rings| {
            positions(10, &[]);
            rings.iter().for_each(|ring| positions(11, ring));
        }),
        RawGeometry::Mixed(members) => members.iter().for_each(|member| hash_raw(member, hasher)),
    }
}
