//! Where a scheme was read from, for what is said of it.

use std::sync::Arc;

/// The file of a scheme, and what stands in it. It is no part of what the scheme is: two schemes of the
/// same numbers are equal, whichever files they were read from.
#[derive(Debug, Clone, Default)]
pub struct SchemeOrigin {
    /// The file's name; `None` where the scheme comes with the program.
    pub(super) file: Option<Arc<str>>,
    /// Whether the file states the kernel's weights or scales and does not say in a comment that the
    /// weights are shares of mass, as what `scheme show` prints does.
    pub(super) may_mean_peaks: bool,
}

impl PartialEq for SchemeOrigin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
