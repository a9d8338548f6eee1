//! Hindcasts: sites are scored as of past days, the origins, and the scores are compared with what happened after each.
//! What is known at an origin, what is to be told, and every measure are defined in docs/METHOD.md, "Does a score tell
//! what comes".

mod result;

pub use result::{
    Against, BandShare, Counted, Estimate, Hindcast, Judged, Label, Measured, Metric, Model,
    Prediction, Standing, Tally, Warning,
};
