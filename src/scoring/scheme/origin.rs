//! The origin of a scheme, for messages.

use std::sync::Arc;

/// The file of a scheme, and facts about its text. The origin is ignored by comparisons: two schemes
/// with the same numbers are equal, whichever files they were read from.
#[derive(Debug, Clone, Default)]
pub struct SchemeOrigin {
    /// The file's name; `None` for a built-in scheme.
    pub(super) file: Option<Arc<str>>,
    /// Whether the file states the kernel's weights or scales without the comment, printed by `scheme
    /// show`, that the weights are shares of mass.
    pub(super) may_mean_peaks: bool,
}

impl PartialEq for SchemeOrigin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
