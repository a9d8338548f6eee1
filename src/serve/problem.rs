//! Refusals and failures as problem details (RFC 9457), one code for each kind.

use super::answer::{Answer, Cache};
use crate::{Code, Error, Face};
use hyper::StatusCode;
use hyper::header::{ALLOW, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// The media type of a problem.
pub const MEDIA: &str = "application/problem+json";

/// Declares the kinds of problems from one table: variant, code, status, title, explanation.
macro_rules! kinds {
    ($($variant:ident $code:literal $status:ident $title:literal $says:literal,)*) => {
        /// The kind of a problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $(#[doc = $title] $variant,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its code, the last part of its `type`.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// Its status.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),* }
            }

            /// Its title, the same for all problems of the kind.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),* }
            }

            /// What it means and what to do.
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says),* }
            }
        }
    };
}

kinds! {
    UnknownParameter "unknown-parameter" BAD_REQUEST "A parameter is not known"
        "The address has a parameter that this path does not have. The detail names the nearest one that it has.",
    RepeatedParameter "repeated-parameter" BAD_REQUEST "A parameter is given twice"
        "Every parameter may be given once. Lists are one parameter with commas.",
    MissingParameter "missing-parameter" BAD_REQUEST "A parameter is missing"
        "The path needs a parameter that the address does not have.",
    BadValue "bad-value" BAD_REQUEST "A parameter has a value that means nothing"
        "The member parameter names it, the member position counts the number or character that is wrong from 1.",
    BadFilter "bad-filter" BAD_REQUEST "A filter cannot be read"
        "The member offset counts the byte of the filter at which reading stopped, from 0.",
    BadBody "bad-body" BAD_REQUEST "The body cannot be read"
        "The body is not in a format that this path reads, or a record in it cannot be used.",
    NotFound "not-found" NOT_FOUND "There is nothing at this path"
        "The path names nothing that the server has. The page / links to everything that there is.",
    NoSuchCollection "no-such-collection" NOT_FOUND "There is no such collection"
        "/collections lists the collections.",
    NoSuchFeature "no-such-feature" NOT_FOUND "There is no such feature"
        "The collection has no feature with this id.",
    NoSuchTile "no-such-tile" NOT_FOUND "There is no such tile"
        "The zoom is at most 22, and at zoom z rows and columns are counted from 0 to 2^z - 1.",
    NoSuchSite "no-such-site" NOT_FOUND "There is no such site"
        "No site has this id or name. /search finds sites by a part of their name.",
    NotAcceptable "not-acceptable" NOT_ACCEPTABLE "The answer does not come in this form"
        "The header Accept names only media types that this path does not have. Leave it out, or use the parameter f.",
    NotAllowed "not-allowed" METHOD_NOT_ALLOWED "The method is not allowed here"
        "The header Allow lists the methods that the path has.",
    NoSuchProcess "no-such-process" NOT_FOUND "There is no such process"
        "/processes lists the processes.",
    NoSuchProblem "no-such-problem" NOT_FOUND "There is no such problem"
        "/problems lists the kinds of problems.",
    NeedsInputs "needs-inputs" CONFLICT "The server has results, but no inputs"
        "The server was started with a folder of layers. Scores of other places need the inputs: start it with a plan or with the files.",
    DataChanged "data-changed" GONE "The data are newer"
        "The address names a state of the data that the server no longer holds. Begin again with the first page.",
    WrongHost "wrong-host" MISDIRECTED_REQUEST "The host is not served here"
        "The header Host names a host for which the server was not started. It takes more hosts if it is started with their names.",
    NeedsToken "needs-token" UNAUTHORIZED "A token is needed"
        "The server was started with a token. Send it as Authorization: Bearer TOKEN.",
    LocalOnly "local-only" FORBIDDEN "Only clients on the server's machine see this"
        "Others see it with the token, if the server was started with one.",
    TooSlow "too-slow" REQUEST_TIMEOUT "The body arrives too slowly"
        "The body did not arrive whole within the time that the server gives it.",
    TooLarge "too-large" PAYLOAD_TOO_LARGE "The body is too large"
        "A body may have 1 MB.",
    LongAddress "long-address" URI_TOO_LONG "The address is too long"
        "An address may have 8 kB. Send longer filters and lists by POST.",
    LongHeaders "long-headers" REQUEST_HEADER_FIELDS_TOO_LARGE "The headers are too long"
        "All headers together may have 16 kB, in 64 fields.",
    WrongMedia "wrong-media" UNSUPPORTED_MEDIA_TYPE "The body is of a type that is not read"
        "The header Content-Type must name one of the types that the path reads; /api lists them.",
    TooMany "too-many" SERVICE_UNAVAILABLE "The server is busy"
        "As many requests as the server answers at once are under way. Try again after a second.",
    TooLong "too-long" SERVICE_UNAVAILABLE "The answer takes too long"
        "The question was stopped at the time limit of the server. Ask for less.",
    Internal "internal" INTERNAL_SERVER_ERROR "The server failed"
        "This is a fault of the program. The log has the cause under the id that the problem names.",
}

/// Why a request is not answered.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Its kind.
    pub kind: Kind,
    /// What is wrong with this request.
    pub detail: String,
    /// More members.
    members: Vec<(String, Value)>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem of a kind, with what is wrong.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), members: Vec::new(), headers: Vec::new() }
    }

    /// A value of a parameter that means nothing.
    pub fn bad_value(parameter: &str, detail: impl Into<String>) -> Self {
        Self::new(Kind::BadValue, detail).with("parameter", parameter)
    }

    /// Adds a member.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.push((member.to_owned(), value.into()));
        self
    }

    /// Adds the position of what is wrong in a parameter's value, counted from 1.
    #[must_use]
    pub fn at(self, position: usize) -> Self {
        self.with("position", position)
    }

    /// The methods of a path that does not have the one that was asked for.
    pub fn not_allowed(allowed: &str) -> Self {
        let mut problem = Self::new(Kind::NotAllowed, format!("the path has {allowed}"));
        problem.headers.extend(HeaderValue::from_str(allowed).ok().map(|value| (ALLOW, value)));
        problem
    }

    /// The client shows no token, or another one.
    pub fn needs_token() -> Self {
        let mut problem = Self::new(Kind::NeedsToken, "the request shows no token that is known");
        problem.headers.push((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        problem
    }

    /// The server is busy.
    pub fn too_many(in_flight: usize) -> Self {
        let detail = format!("{in_flight} requests are under way");
        let mut problem = Self::new(Kind::TooMany, detail);
        problem.headers.push((RETRY_AFTER, HeaderValue::from_static("1")));
        problem
    }

    /// An error of the library as a problem; `otherwise` is its kind if the error itself does not tell.
    pub fn of(error: &Error, otherwise: Kind) -> Self {
        let kind = match error.code() {
            Code::SiteUnknown | Code::SiteAmbiguous => Kind::NoSuchSite,
            Code::InputMissing => Kind::NeedsInputs,
            Code::Interrupted => Kind::TooLong,
            _ => otherwise,
        };
        let mut problem =
            Self::new(kind, error.message_for(Face::CALL)).with("cause", error.code().word());
        if let Some(hint) = error.hint().map(Cow::into_owned) {
            problem = problem.with("hint", hint);
        }
        problem
    }

    /// The answer that tells it.
    pub fn answer(&self) -> Answer {
        let mut body = Map::new();
        let kind = self.kind;
        body.insert("type".into(), json!(format!("/problems/{}", kind.code())));
        body.insert("title".into(), json!(kind.title()));
        body.insert("status".into(), json!(kind.status().as_u16()));
        body.insert("detail".into(), json!(self.detail));
        body.extend(self.members.clone());
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut answer = Answer::text(MEDIA, text + "\n").cached(Cache::None);
        answer.status = kind.status();
        answer.headers.clone_from(&self.headers);
        answer
    }
}
