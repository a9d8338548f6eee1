//! The table of all paths: what each takes, who answers it, and what it is called in the description of the interface.

use super::answer::Answer;
use super::params::{Param, Values};
use super::problem::{Kind, Problem};
use super::server::Shared;
use super::snapshot::Snapshot;
use super::{
    basemap, choices, features, health, metrics, openapi, page, pages, processes, questions,
    search, tiles,
};
use crate::run::Cancel;
use bytes::Bytes;
use hyper::Method;

/// A request whose parameters were parsed.
pub struct Asked<'a> {
    /// The state of the data that answers it.
    pub snapshot: &'a Snapshot,
    /// The server.
    pub shared: &'a Shared,
    /// The row of its path.
    pub route: &'a Route,
    /// The parts of the path that have names.
    pub path: Vec<(String, String)>,
    /// Its parameters.
    pub values: Values,
    /// The form in which the answer is wanted.
    pub form: Form,
    /// Its body.
    pub body: Bytes,
    /// The media type of its body, without parameters, in lower case.
    pub body_media: String,
    /// The address of the server for links, without a slash at its end.
    pub base: String,
    /// Whether the client is on this machine or has shown the token.
    pub is_trusted: bool,
    /// Raised when the answer takes too long or nobody waits for it.
    pub cancel: &'a Cancel,
}

impl Asked<'_> {
    /// A part of the path.
    pub fn part(&self, name: &str) -> &str {
        self.path.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    /// Refuses clients elsewhere that have not shown the token.
    ///
    /// # Errors
    /// The client is not trusted.
    pub fn trusted(&self) -> Result<(), Problem> {
        match self.is_trusted {
            true => Ok(()),
            false => Err(Problem::new(Kind::LocalOnly, "the client is on another machine")),
        }
    }
}

/// A form of an answer, by the word of the parameter `f`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `json`: JSON, or GeoJSON where the answer is features.
    Json,
    /// `html`: a page.
    Html,
    /// `csv`: a table.
    Csv,
    /// `fgb`: FlatGeobuf.
    FlatGeobuf,
    /// `3.0`: a description of the interface as OpenAPI 3.0.
    Api30,
    /// `3.1`: the same as OpenAPI 3.1.
    Api31,
    /// Whatever the path has; it takes no `f`.
    Only,
}

impl Form {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::FlatGeobuf => "fgb",
            Self::Api30 => "3.0",
            Self::Api31 => "3.1",
            Self::Only => "",
        }
    }

    /// The media types that ask for it, its own first. Those of a route's JSON differ: see [`Route::media`].
    pub fn media(self) -> &'static [&'static str] {
        match self {
            Self::Json => &[
                "application/json",
                "application/geo+json",
                "application/schema+json",
                "application/vnd.oai.openapi+json",
            ],
            Self::Html => &["text/html", "application/xhtml+xml"],
            Self::Csv => &["text/csv"],
            Self::FlatGeobuf => &["application/flatgeobuf", "application/vnd.flatgeobuf"],
            Self::Api30 => &[
                "application/vnd.oai.openapi+json;version=3.0",
                "application/vnd.oai.openapi+json",
                "application/json",
            ],
            Self::Api31 => &["application/vnd.oai.openapi+json;version=3.1"],
            Self::Only => &[],
        }
    }
}

/// What answering a request takes.
#[derive(Debug, Clone, Copy)]
pub enum Cost {
    /// Microseconds: answered where it is read, and without being counted.
    Free,
    /// [`Cost::Free`] with no more than these parameters, else [`Cost::Work`].
    FreeWithin(&'static [&'static str]),
    /// [`Cost::Free`] where the answer is held already, else [`Cost::Work`].
    Held(fn(&Shared, &Snapshot, &[(String, String)]) -> bool),
    /// A search: answered by the threads of the engine, while it is counted.
    Work,
}

/// What a body may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Takes {
    /// The media types that are read.
    pub media: &'static [&'static str],
    /// What is in it, a sentence without its full stop.
    pub says: &'static str,
}

/// A path with one method.
pub struct Route {
    /// Its method; GET has HEAD as well.
    pub method: Method,
    /// Its path; parts in braces have names.
    pub path: &'static str,
    /// Its name in the description of the interface.
    pub id: &'static str,
    /// What it answers, a sentence without its full stop.
    pub says: &'static str,
    /// The forms of its answer, the default first.
    pub forms: &'static [Form],
    /// The media type of its default form.
    pub media: &'static str,
    /// Its parameters, besides `f`.
    pub params: &'static [&'static Param],
    /// What it takes as its body, if it has one.
    pub takes: Option<Takes>,
    /// What answering it takes.
    pub cost: Cost,
    /// Whether it is answered without the token, since it tells nothing of the data.
    pub open: bool,
    /// Whether its answer is the same as long as the data are.
    pub tagged: bool,
    /// Answers it.
    pub answer: fn(&Asked<'_>) -> Result<Answer, Problem>,
}

impl Route {
    /// Whether a request with these parameters and parts of the path is answered where it is read.
    pub fn is_free(
        &self,
        shared: &Shared,
        snapshot: &Snapshot,
        path: &[(String, String)],
        values: &Values,
    ) -> bool {
        match self.cost {
            Cost::Free => true,
            Cost::Held(is_held) => is_held(shared, snapshot, path),
            Cost::Work => false,
            Cost::FreeWithin(names) => {
                values.written.iter().all(|(name, _)| names.contains(&name.as_str()))
            }
        }
    }
}

/// All paths.
pub fn all() -> Vec<Route> {
    let mut all = Vec::new();
    all.extend(features::routes());
    all.extend(questions::routes());
    all.extend(choices::routes());
    all.extend(processes::routes());
    all.extend(openapi::routes());
    all.extend(pages::routes());
    all.extend(health::routes());
    all.extend(metrics::routes());
    all.extend(page::routes());
    all.extend(basemap::routes());
    all.extend(search::routes());
    all.extend(tiles::routes());
    all
}
