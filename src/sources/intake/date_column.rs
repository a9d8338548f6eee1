//! Learns whether most dates of a table are written in numbers whose order must be declared. Where they are not, a single
//! date in numbers that can be read in one way only is read.

use super::columns::{Binding, Field as F};
use super::map::RoleMap;
use crate::Result;
use crate::sources::reader::Reader;
use crate::sources::values::numbers::is_missing;
use crate::sources::values::numeric_dates::is_day_and_month_in_numbers;

/// Learns it from the first records, and adds it to the map.
///
/// # Errors
/// Records that cannot be read.
pub(super) fn learn(
    reader: &Reader,
    binding: &Binding,
    most: usize,
    map: &mut RoleMap,
) -> Result<()> {
    let Some(column) = binding.column(F::Date).filter(|_| map.date_format.is_none()) else {
        return Ok(());
    };
    let sample = reader.sample(most)?;
    let texts = sample.iter().map(|record| record.field(column)).filter(|value| !is_missing(value));
    let (mut all, mut in_numbers) = (0_usize, 0_usize);
    for text in texts {
        all += 1;
        in_numbers += usize::from(text.as_str().is_some_and(is_day_and_month_in_numbers));
    }
    map.spelling.dates_in_numbers = 2 * in_numbers >= all && in_numbers > 0;
    Ok(())
}
