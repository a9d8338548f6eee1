//! Values: what numbers, dates, coordinates, shapes and ids are meant by what is written.

pub(crate) mod dates;
pub(crate) mod epoch;
pub mod geometry;
pub(crate) mod ids;
pub(crate) mod numbers;
pub(crate) mod positions;
pub(crate) mod systems;
pub(crate) mod wkt;
