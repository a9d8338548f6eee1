//! The reference system of geometries that each name the number of theirs, as in Spark: 0 says nothing, any other is
//! a code of EPSG.

use crate::sources::formats::DeclaredCrs;
use crate::{Code, Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{ArrowError, DataType};
use std::collections::BTreeSet;

/// The numbers that occur.
#[derive(Debug, Default)]
pub(super) struct Srids(BTreeSet<i64>);

impl Srids {
    /// Adds the numbers of the geometries of a column. Rows without a geometry do not count.
    ///
    /// # Errors
    /// The column is not a structure of a number and bytes.
    pub fn see(&mut self, column: &ArrayRef) -> Result<(), ArrowError> {
        let bytes = member(column, "wkb")?;
        let numbers = arrow_cast::cast(member(column, "srid")?, &DataType::Int64)?;
        let numbers = numbers.as_primitive::<Int64Type>();
        let there = |row: &usize| !column.is_null(*row) && !bytes.is_null(*row);
        let number = |row| if numbers.is_null(row) { 0 } else { numbers.value(row) };
        self.0.extend((0..column.len()).filter(there).map(number));
        Ok(())
    }

    /// The system of all geometries.
    ///
    /// # Errors
    /// They are in several systems.
    pub fn crs(&self, file: &str) -> Result<Option<DeclaredCrs>> {
        // Without a system they are in degrees on WGS84, which is 4326.
        let systems: BTreeSet<i64> =
            self.0.iter().map(|srid| if *srid == 0 { 4326 } else { *srid }).collect();
        let mut all = systems.iter();
        match (all.next(), all.next()) {
            (None, _) => Ok(None),
            (Some(4326), None) => Ok(Some(DeclaredCrs::Name("OGC:CRS84".to_owned()))),
            (Some(srid), None) => Ok(Some(DeclaredCrs::Name(format!("EPSG:{srid}")))),
            (Some(_), Some(_)) => {
                let all: Vec<String> = self.0.iter().take(5).map(ToString::to_string).collect();
                Err(Error::data(
                    Code::CrsUnknown,
                    format!(
                        "{file}: the geometries are in several reference systems: SRID {}",
                        all.join(", ")
                    ),
                )
                .with_hint("transform all of them to one system, such as SRID 4326"))
            }
        }
    }
}

/// The member of a column of structures.
///
/// # Errors
/// It has none of this name.
pub(super) fn member<'c>(column: &'c ArrayRef, name: &str) -> Result<&'c ArrayRef, ArrowError> {
    let found = column.as_struct_opt().and_then(|all| all.column_by_name(name));
    found.ok_or_else(|| ArrowError::SchemaError(format!("the geometry has no member {name}")))
}
