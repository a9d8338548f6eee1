//! Whether the server is well, for those who run it.

use super::answer::{Answer, Cache};
use super::problem::Problem;
use super::routes::{Asked, Cost, Form, Route};
use hyper::Method;
use jiff::Timestamp;
use serde_json::json;
use std::time::SystemTime;

/// The path of the health.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/health",
        id: "health",
        says: "Version, data and last reading, for clients on this machine or with the token",
        forms: &[Form::Json, Form::Html],
        media: "application/json",
        params: &[],
        takes: None,
        cost: Cost::Free,
        open: true,
        tagged: false,
        answer: health,
    }]
}

fn health(asked: &Asked<'_>) -> Result<Answer, Problem> {
    asked.trusted()?;
    let reading = asked.shared.reading();
    let body = json!({
        // Data that were refused leave the old ones in place: the server is well, its inputs are not.
        "status": if reading.refused.is_some() { "old data" } else { "ok" },
        "version": env!("CARGO_PKG_VERSION"),
        "rev": asked.snapshot.rev,
        "as_of": asked.snapshot.as_of,
        "since": reading.since.and_then(moment),
        "last_reading": reading.last.and_then(moment),
        "refused": reading.refused,
    });
    Ok(Answer::text("application/json", format!("{body}\n")).cached(Cache::None))
}

/// A time of the system's clock in UTC, to the second.
fn moment(time: SystemTime) -> Option<String> {
    Timestamp::try_from(time).ok().map(|time| format!("{time:.0}"))
}
