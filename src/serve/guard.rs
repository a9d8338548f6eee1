//! What is refused before anything is looked up: addresses, hosts and clients.

use super::problem::{Kind, Problem};
use super::routes::Form;
use super::settings::{MOST_ADDRESS, MOST_HEADERS, Settings};
use hyper::header::{ACCEPT_ENCODING, AUTHORIZATION, HOST, HeaderMap};
use hyper::http::request::Parts;
use std::net::IpAddr;

/// Refuses an address that is too long.
pub fn address(parts: &Parts) -> Result<(), Problem> {
    let long = parts.uri.path_and_query().map_or(0, |of| of.as_str().len());
    match long > MOST_ADDRESS {
        true => {
            Err(Problem::new(Kind::LongAddress, format!("it has {long} bytes of {MOST_ADDRESS}")))
        }
        false => Ok(()),
    }
}

/// The host that a request names, if it is one of ours: a page of another site must not reach the server by a name
/// that it has pointed at this address.
pub fn host(settings: &Settings, parts: &Parts) -> Result<String, Problem> {
    let mut named = parts.headers.get_all(HOST).iter();
    let header = named.next().map(|value| value.to_str().unwrap_or(""));
    // The address of a whole request line counts more than the header.
    let first = parts.uri.authority().map(|of| of.as_str()).or(header);
    let Some(host) = first.filter(|_| named.next().is_none()) else {
        return Err(Problem::new(Kind::WrongHost, "the request does not name one host"));
    };
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port))
            if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            (name, port.parse::<u16>().ok())
        }
        _ => (host, None),
    };
    let name = name.to_ascii_lowercase();
    let own = settings.listen.ip().to_string();
    let own = if settings.listen.is_ipv6() { format!("[{own}]") } else { own };
    let loopback = settings.listen.ip().is_loopback() || settings.listen.ip().is_unspecified();
    let local = loopback && ["localhost", "127.0.0.1", "[::1]"].contains(&name.as_str());
    let is_ours = (local || name == own) && port.unwrap_or(80) == settings.listen.port();
    // Behind a proxy the port is the proxy's.
    let is_named = settings
        .hosts
        .iter()
        .any(|known| known.eq_ignore_ascii_case(host) || known.eq_ignore_ascii_case(&name));
    match is_ours || is_named {
        true => Ok(host.to_ascii_lowercase()),
        false => Err(Problem::new(Kind::WrongHost, format!("{host:?} is not served here"))),
    }
}

/// Whether a client shows the token. Without one nobody can.
pub fn shows_token(settings: &Settings, headers: &HeaderMap) -> bool {
    let Some(token) = &settings.token else { return false };
    let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|text| text.split_once(' '));
    let shown =
        shown.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, of)| of.trim());
    // Hashes are compared in a time that does not depend on where they differ.
    shown.is_some_and(|shown| blake3::hash(shown.as_bytes()) == blake3::hash(token.as_bytes()))
}

/// Whether a client is on this machine. What a proxy passes on comes from somewhere else.
pub fn is_local(peer: IpAddr, headers: &HeaderMap) -> bool {
    let passed_on = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    peer.to_canonical().is_loopback() && !passed_on.iter().any(|name| headers.contains_key(*name))
}

/// Refuses headers that are too long together.
pub fn headers(parts: &Parts) -> Result<(), Problem> {
    let bytes: usize =
        parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    match bytes > MOST_HEADERS {
        true => Err(Problem::new(
            Kind::LongHeaders,
            format!("they have {bytes} bytes of {MOST_HEADERS}"),
        )),
        false => Ok(()),
    }
}

/// Whether a client takes answers that are packed by gzip.
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(ACCEPT_ENCODING);
    let mut words =
        lists.iter().filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
    words.any(|word| {
        let mut parts = word.split(';').map(str::trim);
        let named =
            parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip") || name == "*");
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        named && weight.is_none_or(|text| text.parse::<f64>().is_ok_and(|weight| weight > 0.0))
    })
}

/// The form that a header Accept likes best; the first form where it likes several equally.
pub fn accepted(accept: &str, forms: &[Form]) -> Option<Form> {
    let weight = |form: &Form| {
        let ranges = accept.split(',').filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let mut media = parts.next()?.to_ascii_lowercase();
            let mut weight = None;
            for part in parts {
                match part.split_once('=') {
                    Some(("q", text)) => weight = Some(text),
                    Some(("version", version)) => media = format!("{media};version={version}"),
                    _ => {}
                }
            }
            let weight = weight.map_or(Some(1.0), |text| text.parse::<f64>().ok())?;
            let fit = fit(&media, *form)?;
            Some((fit, weight))
        });
        // The closest range says how much a form is liked.
        ranges.max_by(|a, b| a.0.cmp(&b.0)).map_or(0.0, |(_, weight)| weight)
    };
    let mut best: Option<(Form, f64)> = None;
    for form in forms {
        let weight = weight(form);
        if weight > best.map_or(0.0, |(_, most)| most) {
            best = Some((*form, weight));
        }
    }
    best.map(|(form, _)| form)
}

/// How closely a media range fits a form; `None` if it does not.
fn fit(range: &str, form: Form) -> Option<u8> {
    let exact = form.media();
    if exact.contains(&range) {
        return Some(2);
    }
    let family = exact.first().and_then(|media| media.split('/').next())?;
    match range {
        "*/*" => Some(0),
        _ if range.strip_suffix("/*") == Some(family) => Some(1),
        _ => None,
    }
}
