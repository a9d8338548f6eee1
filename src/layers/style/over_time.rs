//! Sites at one date after the other.

use super::looks::{ENVIRONMENT, SECURITY};
use super::{Style, Time, Tip};

/// The style of sites, for the layer that has each of them at every date.
pub(super) fn over_time(of: Style) -> Style {
    Style {
        title: match of.name {
            "environment" => "Environmental risk over time",
            _ => "Security risk over time",
        },
        about: "Each site by its band at one date after the other. The time slider plays them: a row holds from its date until the next.",
        display: "\"name\" || ', ' || \"as_of\"",
        tip: Tip::new(
            "\"name\"",
            [("As of", "\"as_of\""), SECURITY, ("Against the date before", CHANGE), ENVIRONMENT],
        ),
        time: Some(Time::Span("as_of", "until")),
        ..of
    }
}

/// By how much security rose or fell, with its sign.
const CHANGE: &str =
    "CASE WHEN \"security_change\" > 0 THEN '+' ELSE '' END || \"security_change\"";
