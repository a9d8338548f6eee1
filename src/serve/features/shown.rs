//! A JSON document in the form that is asked for.

use super::links;
use crate::serve::answer::Answer;
use crate::serve::html;
use crate::serve::routes::{Asked, Form};
use serde_json::Value;

/// Answers with a document, as JSON of a media type or as a page.
pub fn shown(asked: &Asked<'_>, media: &'static str, title: &str, body: &Value) -> Answer {
    match asked.form {
        Form::Html => Answer::text(html::MEDIA, html::page(title, body, &asked.base, &links::path(asked))),
        _ => Answer::text(media, format!("{body}\n")),
    }
}
