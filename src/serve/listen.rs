//! The accept loop: connections with timers and limits, and an end that lets requests under way finish.

use super::patience::Patience;
use super::respond::respond;
use super::server::Shared;
use super::settings::MOST_HEAD;
use crate::run::Cancel;
use crate::{Error, Result};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Headers of a request at most.
const HEADERS: usize = 64;

/// How often the flag that stops the server is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Binds the address of the settings.
///
/// # Errors
/// The address is taken or not of this machine.
pub async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| Error::io(address.to_string(), error))
}

/// Answers connections until the flag is raised, and then lets requests under way finish.
pub async fn accept(listener: TcpListener, shared: Arc<Shared>, stop: &Cancel) {
    let open = Arc::new(Semaphore::new(shared.settings.connections));
    let graceful = GracefulShutdown::new();
    loop {
        // At the limit nothing is accepted; clients wait in the queue of the system.
        let permit = tokio::select! {
            permit = Arc::clone(&open).acquire_owned() => permit,
            () = raised(stop) => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = raised(stop) => break,
        };
        let (Ok((stream, peer)), Ok(permit)) = (accepted, permit) else {
            // No file handles left, or the client is gone: a pause lets others end.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let counted = shared.metrics.connected();
        let of_connection = Arc::clone(&shared);
        let service = service_fn(move |request| {
            let shared = Arc::clone(&of_connection);
            async move { Ok::<_, std::convert::Infallible>(respond(shared, peer.ip(), request).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(shared.settings.arrival)
            .max_buf_size(MOST_HEAD)
            .max_headers(HEADERS)
            .serve_connection(
                TokioIo::new(Patience::new(stream, shared.settings.arrival)),
                service,
            );
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks off has nobody to tell.
            let _ = watched.await;
            // Counted out before its place is free, so that no more are counted than may be open.
            drop((counted, permit));
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(shared.settings.farewell, graceful.shutdown()).await;
}

/// Returns when a flag is raised.
async fn raised(flag: &Cancel) {
    while !flag.is_raised() {
        tokio::time::sleep(LOOK).await;
    }
}
