//! `tamarisk serve`: questions over HTTP.
//!
//! [`listen`] accepts connections; [`respond`] takes a request through [`guard`], [`routes`] and [`params`] to the function
//! that answers it from one [`Snapshot`]. Answers of questions are the bytes of the command line.

mod answer;
mod collection;
mod features;
mod guard;
mod listen;
mod log;
mod page;
mod params;
mod problem;
mod questions;
mod respond;
mod routes;
mod search;
mod server;
mod settings;
mod snapshot;

pub use settings::{Log, Settings};
pub use snapshot::Snapshot;

use crate::run::Cancel;
use crate::{Code, Error, Result};
use rayon::ThreadPool;
use server::Shared;
use std::net::SocketAddr;
use std::sync::Arc;

/// Serves a state of the data until the flag is raised. `started` is told the address once connections are accepted.
///
/// # Errors
/// An address that cannot be listened on.
pub fn serve(
    snapshot: Snapshot,
    settings: Settings,
    pool: ThreadPool,
    started: impl FnOnce(SocketAddr),
    stop: &Cancel,
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Error::output(Code::OutputFailed, format!("no server can be started: {error}"))
    })?;
    runtime.block_on(async {
        let listener = listen::bind(settings.listen).await?;
        let address =
            listener.local_addr().map_err(|error| Error::io(settings.listen.to_string(), error))?;
        let settings = Settings { listen: address, ..settings };
        let shared = Arc::new(Shared::new(settings, snapshot, pool));
        started(address);
        listen::accept(listener, shared, stop).await;
        Ok(())
    })
}
