//! Figures for those who run the server, in the text of OpenMetrics. Labels are ids of routes and classes of status:
//! never a place, a name or an id of a question.

use super::answer::{Answer, Cache};
use super::problem::Problem;
use super::routes::{Asked, Cost, Form, Route};
use hyper::Method;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::time::Duration;

/// The media type of the text.
const MEDIA: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Labels of one answer: its route and the class of its status.
type Labels = [(&'static str, &'static str); 2];

/// The label of all answers of a route.
type OfRoute = [(&'static str, &'static str); 1];

/// The figures.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Family<OfRoute, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    connections: Gauge,
    bytes: Gauge,
}

impl Metrics {
    /// Figures that are all 0.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("tamarisk");
        let requests = Family::<Labels, Counter>::default();
        // From 50 microseconds to about 13 seconds, which is past the time limit.
        let buckets: fn() -> Histogram =
            || Histogram::new((0..19).map(|power| 5e-5 * 2_f64.powi(power)));
        let seconds = Family::new_with_constructor(buckets);
        let [in_flight, connections, bytes] = std::array::from_fn(|_| Gauge::default());
        registry.register(
            "requests",
            "Requests that were answered, by route and class of status",
            requests.clone(),
        );
        registry.register_with_unit(
            "request_duration",
            "How long answers took to make, by route",
            Unit::Seconds,
            seconds.clone(),
        );
        registry.register("in_flight", "Requests that are under way", in_flight.clone());
        registry.register("connections", "Connections that are open", connections.clone());
        registry.register_with_unit(
            "snapshots",
            "Memory of the features of all states of the data that are held",
            Unit::Bytes,
            bytes.clone(),
        );
        Self { registry, requests, seconds, in_flight, connections, bytes }
    }

    /// Counts an answer; without a status the client left before it.
    pub fn answered(&self, route: Option<&Route>, status: Option<u16>, took: Duration) {
        let class = match status.map(|status| status / 100) {
            Some(2) => "2xx",
            Some(3) => "3xx",
            Some(4) => "4xx",
            Some(5) => "5xx",
            Some(_) => "other",
            None => "left",
        };
        let route = ("route", route.map_or("none", |route| route.id));
        self.requests.get_or_create(&[route, ("status", class)]).inc();
        self.seconds.get_or_create(&[route]).observe(took.as_secs_f64());
    }

    /// All figures, with the bytes that are held.
    pub fn text(&self, held: usize) -> String {
        self.bytes.set(i64::try_from(held).unwrap_or(i64::MAX));
        let mut text = String::new();
        // A text grows without failing.
        let _ = encode(&mut text, &self.registry);
        text
    }

    /// Counts a request as under way until what it returns is dropped.
    pub fn under_way(&self) -> Counted {
        Counted::of(&self.in_flight)
    }

    /// Counts a connection as open until what it returns is dropped.
    pub fn connected(&self) -> Counted {
        Counted::of(&self.connections)
    }
}

/// One more of a figure while it lives.
pub struct Counted(Gauge);

impl Counted {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The path of the figures.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/metrics",
        id: "metrics",
        says: "Figures about requests, for clients on this machine or with the token",
        forms: &[Form::Only],
        media: MEDIA,
        params: &[],
        takes: None,
        cost: Cost::Free,
        open: true,
        tagged: false,
        answer: metrics,
    }]
}

fn metrics(asked: &Asked<'_>) -> Result<Answer, Problem> {
    asked.trusted()?;
    let text = asked.shared.metrics.text(asked.shared.held());
    Ok(Answer::text(MEDIA, text).cached(Cache::None))
}
