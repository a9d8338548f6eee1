//! What log and figures keep of a request. It is written when it is dropped, also if the client left before the answer.

use super::log::{self, Entry};
use super::metrics::Counted;
use super::server::{Shared, now};
use hyper::http::request::Parts;
use std::sync::Arc;
use std::time::Instant;

/// A request that is being answered.
pub struct Record {
    shared: Arc<Shared>,
    begun: Instant,
    method: &'static str,
    /// What stands in the log for the address while no route is known.
    address: String,
    /// The index of its route.
    route: Option<usize>,
    answered: Option<(u16, u64)>,
    _under_way: Counted,
}

impl Record {
    /// A request that has just arrived.
    pub fn begin(shared: &Arc<Shared>, parts: &Parts) -> Self {
        Self {
            begun: now(),
            method: log::method(&parts.method),
            address: shared.log.address(parts),
            route: None,
            answered: None,
            _under_way: shared.metrics.under_way(),
            shared: Arc::clone(shared),
        }
    }

    /// Notes its route.
    pub fn route(&mut self, index: usize) {
        self.route = Some(index);
    }

    /// Notes its answer.
    pub fn answered(&mut self, status: u16, bytes: u64) {
        self.answered = Some((status, bytes));
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let route = self.route.and_then(|index| self.shared.routes.get(index));
        let took = self.begun.elapsed();
        let status = self.answered.map(|(status, _)| status);
        self.shared.metrics.answered(route, status, took);
        self.shared.log.answered(&Entry {
            method: self.method,
            path: match route {
                Some(route) if self.address.is_empty() => route.path,
                None if self.address.is_empty() => "-",
                _ => &self.address,
            },
            status,
            bytes: self.answered.map_or(0, |(_, bytes)| bytes),
            took,
        });
    }
}
