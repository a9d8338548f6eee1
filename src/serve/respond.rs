//! From a request to its answer: the guard, the path, the parameters, the tag, the work, the headers.

use super::answer::{Answer, Cache, Pieces};
use super::guard;
use super::params;
use super::problem::{Kind, Problem};
use super::routes::{Asked, Cost, Form, Route};
use super::server::Shared;
use crate::run::Cancel;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap, HeaderName,
    HeaderValue, IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Request, Response, StatusCode};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What a page may load: its own parts, and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Answers a request. It never fails: a refusal is an answer, too.
pub async fn respond(shared: Arc<Shared>, request: Request<Incoming>) -> Response<Pieces> {
    let head = request.method() == Method::HEAD;
    let tag_asked = request.headers().get(IF_NONE_MATCH).cloned();
    let takes_gzip = guard::takes_gzip(request.headers());
    let answered = answer(&shared, request).await;
    let (answer, tag) = match answered {
        Ok((answer, tag)) => (answer, tag),
        Err(problem) => (problem.answer(), None),
    };
    let answer = if takes_gzip { Ok(answer) } else { answer.unpacked() };
    let answer = answer.unwrap_or_else(|error| {
        Problem::new(Kind::Internal, error.to_string()).answer()
    });
    finish(answer, tag, tag_asked.as_ref(), head)
}

/// What a request is: its route, and its question.
async fn answer(
    shared: &Arc<Shared>,
    request: Request<Incoming>,
) -> Result<(Answer, Option<String>), Problem> {
    let (parts, body) = request.into_parts();
    guard::address(&parts)?;
    let host = guard::host(&shared.settings, &parts)?;
    let path = percent_encoding::percent_decode_str(parts.uri.path()).decode_utf8();
    let path = path.map_err(|_| Problem::new(Kind::NotFound, "the path is not UTF-8"))?;
    let plain = if path.len() > 1 { path.trim_end_matches('/') } else { &path };
    let Ok(found) = shared.paths.at(plain) else {
        return Err(Problem::new(Kind::NotFound, format!("there is nothing at {path:?}")));
    };
    let method = if parts.method == Method::HEAD { &Method::GET } else { &parts.method };
    let Some(route) = found.value.get(method).and_then(|index| shared.routes.get(*index)) else {
        let mut allowed: Vec<&str> = found.value.keys().map(Method::as_str).collect();
        if allowed.contains(&"GET") {
            allowed.push("HEAD");
        }
        allowed.sort_unstable();
        return Err(Problem::not_allowed(&allowed.join(", ")));
    };
    let path = found.params.iter().map(|(name, part)| (name.to_owned(), part.to_owned())).collect();
    if !route.open {
        guard::token(&shared.settings, &parts.headers)?;
    }
    let (form, query) = form(route, parts.uri.query().unwrap_or(""), &parts.headers)?;
    let mut values = params::parse(&query, route.params)?;
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
        && matches(asked, tag)
    {
        return Ok((Answer::new(route.media, Vec::new()), Some(tag.clone())));
    }
    let _permit = match route.cost {
        Cost::Free => None,
        Cost::Work => {
            let permit = Arc::clone(&shared.in_flight).try_acquire_owned();
            Some(permit.map_err(|_| Problem::too_many(shared.settings.in_flight))?)
        }
    };
    let body_media = media(&parts.headers);
    let body = read(shared, route, &body_media, body).await?;
    if body_media == params::FORM && !body.is_empty() {
        let text = std::str::from_utf8(&body)
            .map_err(|_| Problem::new(Kind::BadBody, "the form is not UTF-8"))?;
        values = params::parse(&format!("{query}&{text}"), route.params)?;
    }
    let question = Question { path, values, form, body, body_media, base };
    let answer = work(shared, snapshot, route, question).await?;
    Ok((answer, tag))
}

/// What a handler is asked, besides the state of the data.
struct Question {
    path: Vec<(String, String)>,
    values: params::Values,
    form: Form,
    body: Bytes,
    body_media: String,
    base: String,
}

/// Has a handler answer: at once if that is free, else on the threads of the engine, up to the deadline.
async fn work(
    shared: &Arc<Shared>,
    snapshot: Arc<super::snapshot::Snapshot>,
    route: &Route,
    question: Question,
) -> Result<Answer, Problem> {
    let handler = route.answer;
    let ask = move |shared: &Shared, cancel: &Cancel| {
        let Question { path, values, form, body, body_media, base } = question;
        let asked = Asked {
            snapshot: &snapshot,
            shared,
            path,
            values,
            form,
            body,
            body_media,
            base,
            cancel,
        };
        catch_unwind(AssertUnwindSafe(|| handler(&asked)))
            .unwrap_or_else(|cause| Err(failed(&*cause)))
    };
    if route.cost == Cost::Free {
        return ask(shared, &Cancel::new());
    }
    // Dropped with the request, whether its time is over or its client is gone.
    let raised = Raised(Arc::new(Cancel::new()));
    let (tell, told) = tokio::sync::oneshot::channel();
    let (of_work, cancel) = (Arc::clone(shared), Arc::clone(&raised.0));
    shared.pool.spawn_fifo(move || {
        if !cancel.is_raised() {
            // Nobody waits for an answer past its time.
            let _ = tell.send(ask(&of_work, &cancel));
        }
    });
    match tokio::time::timeout(shared.settings.deadline, told).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(Problem::new(Kind::Internal, "the question was lost")),
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
fn failed(cause: &(dyn std::any::Any + Send)) -> Problem {
    let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
    let id = super::log::fault(&text);
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
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    let found = guard::accepted(accept, route.forms);
    let refuse =
        || Problem::new(Kind::NotAcceptable, format!("the answer comes as {}", words.join(", ")));
    Ok((found.ok_or_else(refuse)?, rest.finish()))
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
    body: Incoming,
) -> Result<Bytes, Problem> {
    let Some(takes) = route.takes else { return Ok(Bytes::new()) };
    if !takes.media.contains(&media) {
        let detail = format!("{media:?} is not one of {}", takes.media.join(", "));
        return Err(Problem::new(Kind::WrongMedia, detail));
    }
    let most = super::settings::MOST_BODY;
    let collected =
        tokio::time::timeout(shared.settings.arrival, Limited::new(body, most).collect());
    match collected.await {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(Problem::new(Kind::TooLarge, format!("the body has more than {most} bytes")))
        }
        Ok(Err(_)) => Err(Problem::new(Kind::BadBody, "the body broke off")),
        Err(_) => Err(Problem::new(Kind::BadBody, "the body did not arrive in time")),
    }
}

/// Whether a list of tags has one.
fn matches(list: &HeaderValue, tag: &str) -> bool {
    let list = list.to_str().unwrap_or("");
    list.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

/// The response with all headers.
fn finish(
    answer: Answer,
    tag: Option<String>,
    asked: Option<&HeaderValue>,
    head: bool,
) -> Response<Pieces> {
    let tag = tag.filter(|_| answer.cache == Cache::Tagged && answer.status == StatusCode::OK);
    let same = tag.as_ref().zip(asked).is_some_and(|(tag, asked)| matches(asked, tag));
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
        put(
            hyper::header::CONTENT_LENGTH,
            &hyper::body::Body::size_hint(&pieces).lower().to_string(),
        );
        pieces = Pieces::default();
    }
    headers.extend(answer.headers);
    let mut response = Response::new(pieces);
    *response.status_mut() = if same { StatusCode::NOT_MODIFIED } else { answer.status };
    *response.headers_mut() = headers;
    response
}
