//! What a kernel sum may be if the data are not quite as reported: draws of the intensity at each site, in which places,
//! counts and deaths vary as far as they are not known.

mod normal;
mod philox;

pub use normal::{normals, poisson};
pub use philox::{Purpose, Stream, key, uniform};
