//! Links of an answer: to itself, to its other forms, and to what belongs to it.

use crate::serve::routes::{Asked, Form, Route};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// The characters of a part of a path that are not written as they are.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A link.
pub fn link(rel: &str, media: &str, title: &str, href: &str) -> Value {
    json!({"rel": rel, "type": media, "title": title, "href": href})
}

/// A part of a path as it is written in an address.
pub fn part(text: &str) -> String {
    utf8_percent_encode(text, PART).to_string()
}

/// The path of a request, without a slash at its end.
pub fn path(asked: &Asked<'_>) -> String {
    let mut parts = asked.route.path.split('/').skip(1).map(|one| {
        match one.strip_prefix('{').and_then(|one| one.strip_suffix('}')) {
            Some(name) => part(asked.part(name)),
            None => one.to_owned(),
        }
    });
    parts
        .by_ref()
        .fold(String::new(), |path, part| path + "/" + &part)
        .trim_end_matches('/')
        .to_owned()
}

/// The media type of a form of a path.
pub fn media(route: &Route, form: Form) -> &'static str {
    match form {
        Form::Json | Form::Only => route.media,
        form => form.media().first().copied().unwrap_or(route.media),
    }
}

/// The address of a request in a form, with some of its parameters changed and some left out.
pub fn address(
    asked: &Asked<'_>,
    form: Form,
    changed: &[(&str, String)],
    without: &[&str],
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let stays = |name: &str| !without.contains(&name) && !changed.iter().any(|(of, _)| *of == name);
    let kept = asked.values.written.iter().filter(|(name, _)| stays(name));
    for (name, text) in kept {
        query.append_pair(name, text);
    }
    for (name, text) in changed {
        query.append_pair(name, text);
    }
    if asked.route.forms.first() != Some(&form) {
        query.append_pair("f", form.word());
    }
    let (query, path) = (query.finish(), path(asked));
    let path = if path.is_empty() { "/" } else { &path };
    let between = if query.is_empty() { "" } else { "?" };
    format!("{}{path}{between}{query}", asked.base)
}

/// The links of an answer to itself and to its other forms.
pub fn forms(asked: &Asked<'_>) -> Vec<Value> {
    let of = |form: &Form| {
        let (rel, title) = match *form == asked.form {
            true => ("self", "This document".to_owned()),
            false => ("alternate", format!("This document as {}", name(*form))),
        };
        link(rel, media(asked.route, *form), &title, &address(asked, *form, &[], &[]))
    };
    asked.route.forms.iter().map(of).collect()
}

/// What a form is called.
pub fn name(form: Form) -> &'static str {
    match form {
        Form::Json | Form::Only | Form::Api30 | Form::Api31 => "JSON",
        Form::Html => "HTML",
        Form::Csv => "CSV",
        Form::FlatGeobuf => "FlatGeobuf",
    }
}
