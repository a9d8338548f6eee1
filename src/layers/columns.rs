//! The names of columns that several layers and their readers share; docs/FORMATS.md documents them.

use crate::scoring::Event;

/// Display name of the site.
pub const NAME: &str = "name";
/// Security risk, 0 to 100.
pub const SECURITY_SCORE: &str = "security_score";
/// Its band.
pub const SECURITY_BAND: &str = "security_band";
/// What is missing from the record of incidents behind the score.
pub const SECURITY_RECORD_GAP: &str = "security_record_gap";
/// Environmental risk, 0 to 100.
pub const ENVIRONMENT_SCORE: &str = "environment_score";
/// Its band.
pub const ENVIRONMENT_BAND: &str = "environment_band";

/// Environmental risk by what is known alone, 0 to 100.
pub const ENVIRONMENT_AT_LEAST: &str = "environment_at_least";
/// The share of the environment's weights that is known, 0 to 1.
pub const ENVIRONMENT_COVERAGE: &str = "environment_coverage";

/// 5 % of the draws of the data give a lower security score.
pub const SECURITY_P05: &str = "security_score_p05";
/// 95 % of them do.
pub const SECURITY_P95: &str = "security_score_p95";
/// 5 % of the draws of the data give a lower environment score.
pub const ENVIRONMENT_P05: &str = "environment_score_p05";
/// 95 % of them do.
pub const ENVIRONMENT_P95: &str = "environment_score_p95";

/// The name of a column for a radius: `incidents_50km`, or `people_2_5km` for 2.5 km.
pub fn ring_column(what: &str, km: f64) -> String {
    format!("{what}_{}km", km.to_string().replace('.', "_"))
}

/// The name of the column for the probability of an event: `p_event_25km_365d`, or `p_event_25km_365d_5deaths` where
/// only incidents with so many deaths are one.
pub fn event_column(event: &Event) -> String {
    let Event { radius_km, horizon_days, min_deaths } = *event;
    let name = format!("{}_{horizon_days}d", ring_column("p_event", radius_km));
    if min_deaths == 0 { name } else { format!("{name}_{min_deaths}deaths") }
}
