//! What goes back: a status, headers, and a body of a few pieces that share the memory of a snapshot.

use bytes::Bytes;
use flate2::read::GzDecoder;
use hyper::StatusCode;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{CONTENT_ENCODING, HeaderName, HeaderValue, VARY};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// The media type of its body.
    pub media: &'static str,
    /// Further headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The pieces of its body.
    pub pieces: Vec<Bytes>,
    /// How long it may be kept by the client.
    pub cache: Cache,
}

/// How long an answer may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// It is asked for again each time, and has not changed if its tag is the same.
    Tagged,
    /// It never changes at its address.
    Forever,
    /// It is not kept.
    None,
}

impl Answer {
    /// An answer with a body of some pieces.
    pub fn new(media: &'static str, pieces: Vec<Bytes>) -> Self {
        let (status, cache) = (StatusCode::OK, Cache::Tagged);
        Self { status, media, headers: Vec::new(), pieces, cache }
    }

    /// An answer with one text.
    pub fn text(media: &'static str, text: impl Into<Bytes>) -> Self {
        Self::new(media, vec![text.into()])
    }

    /// An answer with a body that is packed by gzip.
    pub fn packed(media: &'static str, packed: Bytes) -> Self {
        let answer = Self::new(media, vec![packed]).header(CONTENT_ENCODING, "gzip");
        answer.header(VARY, "Accept-Encoding")
    }

    /// The answer for a client that does not take packed bodies.
    ///
    /// # Errors
    /// A body that is not what it says.
    pub fn unpacked(mut self) -> io::Result<Self> {
        let packed = self.headers.iter().any(|(name, _)| *name == CONTENT_ENCODING);
        if packed {
            let mut whole = Vec::new();
            GzDecoder::new(&*self.pieces.concat()).read_to_end(&mut whole)?;
            self.headers.retain(|(name, _)| *name != CONTENT_ENCODING);
            self.pieces = vec![whole.into()];
        }
        Ok(self)
    }

    /// Sets how long it may be kept.
    #[must_use]
    pub fn cached(mut self, cache: Cache) -> Self {
        self.cache = cache;
        self
    }

    /// Adds a header. A value that is no header's is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }
}

/// The body of an answer on its way.
#[derive(Debug, Default)]
pub struct Pieces {
    pieces: VecDeque<Bytes>,
    left: u64,
}

impl Pieces {
    /// A body of some pieces.
    pub fn new(pieces: Vec<Bytes>) -> Self {
        let pieces: VecDeque<Bytes> =
            pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
        let left = pieces.iter().map(|piece| piece.len() as u64).sum();
        Self { pieces, left }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.pieces.pop_front();
        self.left -= piece.as_ref().map_or(0, |piece| piece.len() as u64);
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
