//! The ends of the ranges of options.
