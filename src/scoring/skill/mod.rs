//! Whether a score tells what comes: models fitted to what followed.

mod logistic;

pub use logistic::{Logistic, NoFit};
