//! The style of sites at successive dates.

use super::looks::{ENVIRONMENT, KNOWN, SECURITY};
use super::{Style, Time, Tip};

/// A style of `sites`, adapted to the layer that has each site at every date, with or without intervals.
pub(super) fn over_time(of: Style, intervals: bool) -> Style {
    let change = if intervals { CHANGE_BEYOND } else { CHANGE };
    Style {
        title: match of.name {
            "environment" => "Environmental risk over time",
            _ => "Security risk over time",
        },
        about: "Each site by its band at one date after the other. The time slider plays them: a row holds from its date until the next.",
        display: "\"name\" || ', ' || \"as_of\"",
        tip: Tip::new(
            "\"name\"",
            [
                ("As of", "\"as_of\""),
                SECURITY,
                ("Against the date before", change),
                ENVIRONMENT,
                KNOWN,
            ],
        ),
        time: Some(Time::Span("as_of", "until")),
        ..of
    }
}

/// The change of the security score, with its sign.
const CHANGE: &str =
    "CASE WHEN \"security_change\" > 0 THEN '+' ELSE '' END || \"security_change\"";

/// The same, with whether the data leave it open.
const CHANGE_BEYOND: &str = "CASE WHEN \"security_change\" > 0 THEN '+' ELSE '' END || \"security_change\" || CASE WHEN \"security_changed\" THEN '' ELSE ', no more than the data leave open' END";
