//! Values: interprets written numbers, dates, coordinates, shapes and ids.

pub(crate) mod angles;
pub(crate) mod axes;
pub(crate) mod calendars;
pub(crate) mod cells;
pub(crate) mod dates;
pub(crate) mod digits;
pub(crate) mod estimates;
pub mod geometry;
pub(crate) mod grid;
pub(crate) mod ids;
mod less_usual_dates;
pub(crate) mod numbers;
pub(crate) mod numeric_dates;
pub(crate) mod positions;
pub(crate) mod systems;
pub(crate) mod wkb;
pub(crate) mod wkt;
