//! Asks each address once, on as many connections as wrk has.

use crate::client::Client;
use crate::wrk::{CONNECTIONS, Run};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// What one connection saw.
#[derive(Default)]
struct Seen {
    times_ms: Vec<f64>,
    bytes: usize,
    refused: usize,
    broken: usize,
}

/// Asks all addresses.
pub fn run(host: &str, addresses: &[String], headers: &[(String, String)]) -> Run {
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    let all: Vec<Seen> = std::thread::scope(|scope| {
        let one = || scope.spawn(|| asked(host, addresses, headers, &next));
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| one()).collect();
        threads.into_iter().map(|thread| thread.join().expect("it does not panic")).collect()
    });
    let seconds = start.elapsed().as_secs_f64();
    let mut times: Vec<f64> = all.iter().flat_map(|seen| seen.times_ms.iter().copied()).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or(0.0);
    let sum = |of: fn(&Seen) -> usize| all.iter().map(of).sum::<usize>();
    Run {
        requests: times.len(),
        seconds,
        bytes: sum(|seen| seen.bytes) as f64,
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        refused: sum(|seen| seen.refused),
        broken: sum(|seen| seen.broken),
    }
}

/// Asks the next address until there is none.
fn asked(
    host: &str,
    addresses: &[String],
    headers: &[(String, String)],
    next: &AtomicUsize,
) -> Seen {
    let mut seen = Seen::default();
    let Ok(mut client) = Client::connect(host) else {
        return Seen { broken: 1, ..seen };
    };
    while let Some(address) = addresses.get(next.fetch_add(1, Ordering::Relaxed)) {
        let start = Instant::now();
        let Ok(reply) = client.ask(address, headers) else {
            seen.broken += 1;
            return seen;
        };
        seen.times_ms.push(start.elapsed().as_secs_f64() * 1e3);
        seen.bytes += reply.body.len();
        seen.refused += usize::from(!reply.is_good());
    }
    seen
}
