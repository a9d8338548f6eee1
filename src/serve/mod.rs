//! `tamarisk serve`: questions over HTTP.
//!
//! `listen` accepts connections; `respond` takes a request through `guard`, `routes` and `params` to the function
//! that answers it from one [`Snapshot`]. Answers of questions are the bytes of the command line.

mod agree;
mod answer;
#[cfg(test)]
mod attacks;
mod basemap;
mod choices;
mod collection;
mod features;
mod filter;
mod folder;
mod guard;
mod health;
mod listen;
mod log;
mod metrics;
mod openapi;
mod page;
mod pages;
mod params;
mod patience;
mod problem;
mod processes;
mod questions;
mod record;
mod reload;
mod respond;
mod routes;
mod search;
mod server;
mod settings;
mod snapshot;
mod tiles;
mod time;

pub use agree::check as check_agreement;
pub use folder::{read as read_folder, watched as watched_in};
pub use reload::{Open, Opened};
pub use settings::{Log, Settings};
pub use snapshot::Snapshot;

use crate::run::Cancel;
use crate::{Code, Error, Result};
use rayon::ThreadPool;
use server::Shared;
use std::net::SocketAddr;
use std::sync::Arc;

/// Reads what is served and answers questions until the flag is raised. `started` is told the address once connections
/// are accepted. The threads of the pool are those of the questions.
///
/// # Errors
/// Data that cannot be read; an address that cannot be listened on.
pub fn serve(
    open: Open,
    settings: Settings,
    pool: ThreadPool,
    started: impl FnOnce(SocketAddr),
    stop: &'static Cancel,
) -> Result<()> {
    let begun = server::clock();
    let Opened { snapshot, watched } = pool.install(|| open(stop))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Error::output(Code::OutputFailed, format!("no server can be started: {error}"))
    })?;
    runtime.block_on(async {
        let listener = listen::bind(settings.listen).await?;
        let address =
            listener.local_addr().map_err(|error| Error::io(settings.listen.to_string(), error))?;
        let settings = Settings { listen: address, ..settings };
        let every = settings.watch;
        let shared = Arc::new(Shared::new(settings, snapshot, pool));
        if let Some(every) = every {
            let of_watch = Arc::clone(&shared);
            tokio::spawn(reload::watch(of_watch, Arc::new(open), watched, begun, every, stop));
        }
        started(address);
        listen::accept(listener, shared, stop).await;
        Ok(())
    })
}
