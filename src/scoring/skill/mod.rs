//! How well numbers told what happened: measures of one list of numbers, outcomes and weights, without any data.
//!
//! A case is one thing that was to be told; its outcome is whether it happened. Larger numbers say that it is more
//! likely. All measures take a weight for each case, which is 1 unless cases are drawn anew in a bootstrap.

mod bootstrap;
mod brier;
mod interval;
mod isotonic;
mod logistic;
mod ranked;

pub use bootstrap::Bootstrap;
pub use brier::{SquaredErrors, brier_skill};
pub use interval::{percentile, wilson};
pub use isotonic::Isotonic;
pub use logistic::{Logistic, NoFit};
pub use ranked::{Curve, Ranked, Top};
