//! What all requests share: settings, routes, the state of the data and the count of requests under way.

use super::log::Log;
use super::metrics::Metrics;
use super::problem::{Kind, Problem};
use super::reload::Reading;
use super::routes::{self, Route};
use super::settings::Settings;
use super::snapshot::Snapshot;
use super::tiles::Held;
use arc_swap::ArcSwap;
use hyper::Method;
use matchit::Router;
use rayon::ThreadPool;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::Semaphore;

/// What all requests share.
pub struct Shared {
    /// The settings.
    pub settings: Settings,
    /// All paths.
    pub routes: Vec<Route>,
    /// For each path the methods with the index of their route.
    pub paths: Router<HashMap<Method, usize>>,
    /// The threads of the engine.
    pub pool: ThreadPool,
    /// One permit for each request that may be under way.
    pub in_flight: Arc<Semaphore>,
    /// One permit for each body that may be on its way in or in use.
    pub bodies: Arc<Semaphore>,
    /// The log.
    pub log: Log,
    /// Figures about requests.
    pub metrics: Metrics,
    /// Vector tiles that were asked for.
    pub tiles: Held,
    current: ArcSwap<Snapshot>,
    reading: Mutex<Reading>,
    /// Former states, which pages that were begun on them still name.
    former: Mutex<Vec<(Instant, Arc<Snapshot>)>>,
}

/// How long a former state of the data is kept.
const KEPT: Duration = Duration::from_secs(300);

/// How many former states are kept.
const MOST_KEPT: usize = 2;

impl Shared {
    /// A server of a state of the data.
    pub fn new(settings: Settings, snapshot: Snapshot, pool: ThreadPool) -> Self {
        Self::with_routes(settings, snapshot, pool, routes::all())
    }

    /// A server with routes of one's own.
    pub fn with_routes(
        settings: Settings,
        snapshot: Snapshot,
        pool: ThreadPool,
        routes: Vec<Route>,
    ) -> Self {
        let mut methods: HashMap<&str, HashMap<Method, usize>> = HashMap::new();
        for (index, route) in routes.iter().enumerate() {
            methods.entry(route.path).or_default().insert(route.method.clone(), index);
        }
        let mut paths = Router::new();
        for (path, of) in methods {
            // The table is ours; a test matches every path of it.
            let _ = paths.insert(path, of);
        }
        Self {
            in_flight: Arc::new(Semaphore::new(settings.in_flight)),
            bodies: Arc::new(Semaphore::new(settings.in_flight)),
            log: Log::new(&settings),
            metrics: Metrics::new(),
            tiles: Held::new(settings.tile_memory),
            settings,
            routes,
            paths,
            pool,
            current: ArcSwap::from_pointee(snapshot),
            reading: Mutex::new(Reading { since: Some(clock()), ..Reading::default() }),
            former: Mutex::default(),
        }
    }

    /// The state of the data.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// The state of the data that an address names.
    ///
    /// # Errors
    /// It is no longer held.
    pub fn snapshot_of(&self, rev: Option<&str>) -> Result<Arc<Snapshot>, Problem> {
        let current = self.snapshot();
        let Some(rev) = rev.filter(|rev| *rev != current.rev) else { return Ok(current) };
        let former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        let found = former.iter().find(|(_, snapshot)| snapshot.rev == rev);
        found.map(|(_, snapshot)| Arc::clone(snapshot)).ok_or_else(|| {
            Problem::new(
                Kind::DataChanged,
                format!("the data are those of {}, not of {rev:?}", current.rev),
            )
        })
    }

    /// Puts a new state of the data in place of the current one, which is kept for a while.
    pub fn replace(&self, snapshot: Snapshot) {
        let old = self.current.swap(Arc::new(snapshot));
        let mut former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        former.insert(0, (now(), old));
        former.truncate(MOST_KEPT);
    }

    /// How the last reading of newer data went.
    pub fn reading(&self) -> Reading {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes that newer data took the place of the old, or why they were refused.
    pub fn read(&self, refused: Option<String>) {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Some(clock());
        let since = if refused.is_none() { now } else { reading.since };
        *reading = Reading { since, last: now, refused };
    }

    /// The bytes of all states of the data that are held.
    pub fn held(&self) -> usize {
        let former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        let size = |snapshot: &Snapshot| -> usize {
            snapshot.collections.iter().map(|collection| collection.size()).sum()
        };
        size(&self.snapshot()) + former.iter().map(|(_, snapshot)| size(snapshot)).sum::<usize>()
    }

    /// Drops former states that were kept long enough.
    pub fn forget(&self) {
        let mut former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        former.retain(|(since, _)| since.elapsed() < KEPT);
    }
}

/// The time of the system's clock.
#[expect(clippy::disallowed_methods, reason = "no output depends on it")]
pub fn clock() -> SystemTime {
    SystemTime::now()
}

/// Now.
#[expect(clippy::disallowed_methods, reason = "no output depends on it")]
pub fn now() -> Instant {
    Instant::now()
}
