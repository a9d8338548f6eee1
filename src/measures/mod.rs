//! Quantities with units, measured around sites: how near, how many, how much, for how long.

mod quantities;

pub use quantities::{
    Contribution, Count, EnvironmentQuantities, Intensity, Nearby, Quantities, SecurityQuantities,
};
