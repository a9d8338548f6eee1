//! New data without a restart.

use std::time::SystemTime;

/// How the last reading went.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// When the data that are served were read, in the clock of the system.
    pub since: Option<SystemTime>,
    /// When newer data were last read or refused.
    pub last: Option<SystemTime>,
    /// Why newer data were refused; `None` if the last reading took their place.
    pub refused: Option<String>,
}
