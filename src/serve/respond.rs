//! From a request to its answer: the guard, the path, the parameters, the tag, the work, the headers.

use super::answer::{Answer, Cache, Pieces};
use super::guard;
use super::pages;
use super::params;
use super::problem::{Kind, Problem};
use super::record::Record;
use super::routes::{Asked, Form, Route};
use super::server::Shared;
use super::settings::MOST_BODY;
use crate::run::Cancel;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, EXPECT, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a page may load: its own parts, and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Answers a request. It never fails: a refusal is an answer, too.
pub async fn respond(
    shared: Arc<Shared>,
    peer: IpAddr,
    request: Request<Incoming>,
) -> Response<Pieces> {
    let (parts, mut body) = request.into_parts();
    let mut record = Record::begin(&shared, &parts);
    let answered = answer(&shared, peer, &parts, &mut body, &mut record).await;
    let (answer, tag) = answered.unwrap_or_else(|problem| {
        let base = shared.settings.public_url.as_deref().unwrap_or("");
        let answer = problem.answer();
        let answer = if likes_pages(&parts) { pages::of_problem(answer, base) } else { answer };
        (answer, None)
    });
    // A client that is still sending would lose the answer with the connection.
    if !body.is_end_stream()
        && answer.status != StatusCode::REQUEST_TIMEOUT
        && !parts.headers.contains_key(EXPECT)
    {
        tokio::spawn(tokio::time::timeout(shared.settings.arrival, pass_over(body)));
    }
    let answer = if guard::takes_gzip(&parts.headers) { Ok(answer) } else { answer.unpacked() };
    let answer =
        answer.unwrap_or_else(|error| Problem::new(Kind::Internal, error.to_string()).answer());
    let asked = parts.headers.get(IF_NONE_MATCH);
    let response = finish(answer, tag, asked, parts.method == Method::HEAD);
    record.answered(response.status().as_u16(), response.body().size_hint().lower());
    response
}

/// Reads the rest of a body that nobody wants, up to some length.
async fn pass_over(mut body: Incoming) {
    let mut left = 16 * MOST_BODY;
    while let Some(Ok(frame)) = body.frame().await {
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        let Some(rest) = left.checked_sub(bytes) else { return };
        left = rest;
    }
}

/// Whether a problem is told as a page.
fn likes_pages(parts: &Parts) -> bool {
    let query = parts.uri.query().unwrap_or("");
    match form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "f") {
        Some((_, word)) => word == Form::Html.word(),
        None => {
            let forms = [Form::Json, Form::Html];
            guard::accepted(accept(&parts.headers), &forms) == Some(Form::Html)
        }
    }
}

/// What a request is: its route, and its question.
async fn answer(
    shared: &Arc<Shared>,
    peer: IpAddr,
    parts: &Parts,
    body: &mut Incoming,
    record: &mut Record,
) -> Result<(Answer, Option<String>), Problem> {
    guard::address(parts)?;
    guard::headers(parts)?;
    let host = guard::host(&shared.settings, parts)?;
    let plain = parts.uri.path();
    let plain = if plain.len() > 1 { plain.trim_end_matches('/') } else { plain };
    let Ok(found) = shared.paths.at(plain) else {
        return Err(Problem::new(Kind::NotFound, format!("there is nothing at {plain:?}")));
    };
    let method = if parts.method == Method::HEAD { &Method::GET } else { &parts.method };
    let index = found.value.get(method).copied();
    let Some((index, route)) = index.and_then(|at| Some((at, shared.routes.get(at)?))) else {
        let mut allowed: Vec<&str> = found.value.keys().map(Method::as_str).collect();
        if allowed.contains(&"GET") {
            allowed.push("HEAD");
        }
        allowed.sort_unstable();
        return Err(Problem::not_allowed(&allowed.join(", ")));
    };
    record.route(index);
    let path =
        found.params.iter().map(|(name, part)| decoded(name, part)).collect::<Result<_, _>>()?;
    let shows_token = guard::shows_token(&shared.settings, &parts.headers);
    if !route.open && shared.settings.token.is_some() && !shows_token {
        return Err(Problem::needs_token());
    }
    let is_trusted = shows_token || guard::is_local(peer, &parts.headers);
    let (form, query) = form(route, parts.uri.query().unwrap_or(""), &parts.headers)?;
    let mut values = params::parse_some(&query, route.params)?;
    let snapshot = shared.snapshot_of(values.text("rev"))?;
    let base = match &shared.settings.public_url {
        Some(url) => url.clone(),
        None => format!("http://{host}"),
    };
    // Bodies and answers of questions that change with the clock have no tag.
    let tag = (route.method == Method::GET).then(|| {
        let mut hasher = blake3::Hasher::new();
        for text in [&snapshot.rev, plain, form.word(), &base] {
            hasher.update(text.as_bytes()).update(&[0]);
        }
        for (name, text) in &values.written {
            hasher.update(name.as_bytes()).update(&[1]).update(text.as_bytes()).update(&[0]);
        }
        let hash: String = hasher.finalize().to_hex().chars().take(16).collect();
        format!("\"{}-{hash}\"", snapshot.rev)
    });
    if let (Some(tag), Some(asked)) = (&tag, parts.headers.get(IF_NONE_MATCH))
        && route.tagged
        && named(asked, tag).is_some()
    {
        return Ok((Answer::new(route.media, Vec::new()), Some(tag.clone())));
    }
    let body_media = media(&parts.headers);
    let _of_body = match route.takes {
        Some(_) => Some(permit(shared, &shared.bodies)?),
        None => None,
    };
    let body = read(shared, route, &body_media, body).await?;
    if body_media != params::FORM || body.is_empty() {
        values = params::complete(values, route.params)?;
    } else {
        let text = std::str::from_utf8(&body)
            .map_err(|_| Problem::new(Kind::BadBody, "the form is not UTF-8"))?;
        values = params::parse(&format!("{query}&{text}"), route.params)?;
    }
    let question = Question { path, values, form, body, body_media, base, is_trusted };
    Ok((work(shared, snapshot, index, question).await?, tag))
}

/// A part of a path with its name. It is decoded after the path was taken apart: an id may have a slash.
fn decoded(name: &str, part: &str) -> Result<(String, String), Problem> {
    let part = percent_encoding::percent_decode_str(part).decode_utf8();
    let part = part.map_err(|_| Problem::new(Kind::NotFound, "the path is not UTF-8"))?;
    Ok((name.to_owned(), part.into_owned()))
}

/// One of the permits that a server has.
fn permit(shared: &Shared, of: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Problem> {
    let permit = Arc::clone(of).try_acquire_owned();
    permit.map_err(|_| Problem::too_many(shared.settings.in_flight))
}

/// What a handler is asked, besides the state of the data.
struct Question {
    path: Vec<(String, String)>,
    values: params::Values,
    form: Form,
    body: Bytes,
    body_media: String,
    base: String,
    is_trusted: bool,
}

/// Has a handler answer: at once if that is free, else on the threads of the engine, up to the deadline.
async fn work(
    shared: &Arc<Shared>,
    snapshot: Arc<super::snapshot::Snapshot>,
    index: usize,
    question: Question,
) -> Result<Answer, Problem> {
    let gone = || Problem::new(Kind::Internal, "the question was lost");
    let route = shared.routes.get(index).ok_or_else(gone)?;
    // A page is written from the answer, which takes longer than the answer.
    let is_free = route.is_free(shared, &snapshot, &question.path, &question.values)
        && question.form != Form::Html;
    let ask = move |shared: &Shared, cancel: &Cancel| {
        let Question { path, values, form, body, body_media, base, is_trusted } = question;
        let route = shared.routes.get(index).ok_or_else(gone)?;
        let asked = Asked {
            snapshot: &snapshot,
            shared,
            route,
            path,
            values,
            form,
            body,
            body_media,
            base,
            is_trusted,
            cancel,
        };
        let answer = || (route.answer)(&asked).map(|answer| pages::shown(&asked, route, answer));
        catch_unwind(AssertUnwindSafe(answer)).unwrap_or_else(|cause| Err(failed(shared, &*cause)))
    };
    if is_free {
        return ask(shared, &Cancel::new());
    }
    // It counts as under way until its work has ended, even if nobody waits for it any more.
    let permit = permit(shared, &shared.in_flight)?;
    // Dropped with the request, whether its time is over or its client is gone.
    let raised = Raised(Arc::new(Cancel::new()));
    let (tell, told) = tokio::sync::oneshot::channel();
    let (of_work, cancel) = (Arc::clone(shared), Arc::clone(&raised.0));
    shared.pool.spawn_fifo(move || {
        if !cancel.is_raised() {
            // Nobody waits for an answer past its time.
            let _ = tell.send(ask(&of_work, &cancel));
        }
        drop(permit);
    });
    match tokio::time::timeout(shared.settings.deadline, told).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(gone()),
        Err(_) => {
            let seconds = shared.settings.deadline.as_secs_f64();
            Err(Problem::new(Kind::TooLong, format!("it was stopped after {seconds} seconds")))
        }
    }
}

/// Raises a flag when it is dropped.
struct Raised(Arc<Cancel>);

impl Drop for Raised {
    fn drop(&mut self) {
        self.0.raise();
    }
}

/// The problem of a handler that panicked; the cause goes to the log under an id.
fn failed(shared: &Shared, cause: &(dyn std::any::Any + Send)) -> Problem {
    let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
    let id = shared.log.fault(&text);
    Problem::new(Kind::Internal, "the log has the cause").with("id", id)
}

/// The form that is wanted, and the query without it.
fn form(route: &Route, query: &str, headers: &HeaderMap) -> Result<(Form, String), Problem> {
    let default = route.forms.first().copied().unwrap_or(Form::Only);
    if route.forms.len() < 2 && default == Form::Only {
        return Ok((default, query.to_owned()));
    }
    let (mut asked, mut rest) = (Vec::new(), form_urlencoded::Serializer::new(String::new()));
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "f" => asked.push(text.into_owned()),
            _ => {
                rest.append_pair(&name, &text);
            }
        }
    }
    let words: Vec<&str> = route.forms.iter().map(|form| form.word()).collect();
    match asked.as_slice() {
        [] => {}
        [word] => {
            let found = route.forms.iter().find(|form| form.word() == word);
            let refuse = || {
                Problem::bad_value("f", format!("f: {word:?} is not one of {}", words.join(", ")))
            };
            return Ok((*found.ok_or_else(refuse)?, rest.finish()));
        }
        _ => {
            return Err(Problem::new(Kind::RepeatedParameter, "f is given more than once")
                .with("parameter", "f"));
        }
    }
    let found = guard::accepted(accept(headers), route.forms);
    let refuse =
        || Problem::new(Kind::NotAcceptable, format!("the answer comes as {}", words.join(", ")));
    Ok((found.ok_or_else(refuse)?, rest.finish()))
}

/// What a client accepts.
fn accept(headers: &HeaderMap) -> &str {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*")
}

/// The media type of a body, without parameters.
fn media(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// Reads a body up to the limit, in the time that a body has.
async fn read(
    shared: &Shared,
    route: &Route,
    media: &str,
    body: &mut Incoming,
) -> Result<Bytes, Problem> {
    let Some(takes) = route.takes else { return Ok(Bytes::new()) };
    if !takes.media.contains(&media) {
        let detail = format!("{media:?} is not one of {}", takes.media.join(", "));
        return Err(Problem::new(Kind::WrongMedia, detail));
    }
    match tokio::time::timeout(shared.settings.arrival, collect(body)).await {
        Ok(whole) => whole,
        Err(_) => Err(Problem::new(Kind::TooSlow, "the body did not arrive in time")),
    }
}

/// A whole body; one that is too long is refused as soon as that is known.
async fn collect(body: &mut Incoming) -> Result<Bytes, Problem> {
    let large =
        || Problem::new(Kind::TooLarge, format!("the body has more than {MOST_BODY} bytes"));
    let most = u64::try_from(MOST_BODY).unwrap_or(u64::MAX);
    if body.size_hint().lower() > most {
        return Err(large());
    }
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::new(Kind::BadBody, "the body broke off"))?;
        let Ok(piece) = frame.into_data() else { continue };
        if whole.len() + piece.len() > MOST_BODY {
            return Err(large());
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

/// The tag of the same answer in packed form, whose bytes are others.
fn packed(tag: &str) -> String {
    format!("{}-gzip\"", tag.trim_end_matches('"'))
}

/// The tag in a list that is one of an answer, packed or not.
fn named(list: &HeaderValue, tag: &str) -> Option<String> {
    let list = list.to_str().unwrap_or("");
    let named = |of: &String| list.split(',').any(|one| one.trim().trim_start_matches("W/") == *of);
    [tag.to_owned(), packed(tag)].into_iter().find(named)
}

/// The response with all headers.
fn finish(
    answer: Answer,
    tag: Option<String>,
    asked: Option<&HeaderValue>,
    head: bool,
) -> Response<Pieces> {
    let tag = tag.filter(|_| answer.cache == Cache::Tagged && answer.status == StatusCode::OK);
    let is_packed = answer.headers.iter().any(|(name, _)| *name == CONTENT_ENCODING);
    let own = tag.as_ref().map(|tag| if is_packed { packed(tag) } else { tag.clone() });
    // A star stands for any answer, so it fits only one that was found.
    let known = tag.as_ref().zip(asked).and_then(|(tag, asked)| match asked == "*" {
        true => own.clone(),
        false => named(asked, tag),
    });
    let same = known.is_some();
    let tag = known.or(own);
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: &str| {
        headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
    };
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(REFERRER_POLICY, "no-referrer");
    put(CONTENT_SECURITY_POLICY, POLICY);
    put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    put(VARY, "Accept");
    put(
        CACHE_CONTROL,
        match answer.cache {
            Cache::Tagged => "no-cache",
            Cache::Forever => "public, max-age=31536000, immutable",
            Cache::None => "no-store",
        },
    );
    if let Some(tag) = &tag {
        put(ETAG, tag);
    }
    let mut pieces = Pieces::new(if same { Vec::new() } else { answer.pieces });
    if !same {
        put(CONTENT_TYPE, answer.media);
    }
    if head {
        put(CONTENT_LENGTH, &pieces.size_hint().lower().to_string());
        pieces = Pieces::default();
    }
    headers.extend(answer.headers);
    let mut response = Response::new(pieces);
    *response.status_mut() = if same { StatusCode::NOT_MODIFIED } else { answer.status };
    *response.headers_mut() = headers;
    response
}
