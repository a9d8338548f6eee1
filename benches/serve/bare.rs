//! A server that does nothing but answer the same bytes to all requests: what the machine, hyper and wrk leave at most.

use crate::client::Reply;
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// The threads that such servers run on, as many as those of `tamarisk serve`.
pub struct Bare(Runtime);

/// One that runs until it is dropped.
pub struct Running {
    pub host: String,
    accepts: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.accepts.abort();
    }
}

/// What it answers.
struct Same {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Bare {
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        Self(runtime.expect("threads can be started"))
    }

    /// Starts one that gives an answer with its headers.
    pub fn start(&self, reply: &Reply) -> Running {
        let mut headers = HeaderMap::new();
        for (name, value) in &reply.headers {
            // These two hyper writes itself.
            if name != "content-length" && name != "date" {
                let name = HeaderName::try_from(name).expect("a header that was received");
                headers.append(
                    name,
                    HeaderValue::try_from(value).expect("a header that was received"),
                );
            }
        }
        let status = StatusCode::from_u16(reply.status).expect("a status that was received");
        let same = Arc::new(Same { status, headers, body: Bytes::from(reply.body.clone()) });
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)));
        let listener = self.0.block_on(listener).expect("a port is free");
        let host = listener.local_addr().expect("it listens").to_string();
        Running { host, accepts: self.0.spawn(accept(listener, same)) }
    }
}

async fn accept(listener: TcpListener, same: Arc<Same>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let same = Arc::clone(&same);
        let service = service_fn(move |_: Request<Incoming>| {
            let mut response = Response::new(Full::new(same.body.clone()));
            *response.status_mut() = same.status;
            response.headers_mut().clone_from(&same.headers);
            async move { Ok::<_, Infallible>(response) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
