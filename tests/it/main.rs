//! The one integration binary: what a user of the library can see, part by part.

mod scheme;
