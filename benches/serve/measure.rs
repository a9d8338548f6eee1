//! Measures a question: the server and the one that does nothing in turn, so that a machine that slows down slows both.

use crate::bare::Bare;
use crate::client::{self, Reply};
use crate::data::Data;
use crate::idle;
use crate::once;
use crate::program::Program;
use crate::questions::{Goal, How, Question};
use crate::settings::Settings;
use crate::wrk::{self, Run};

/// What came of a question.
pub struct Measured {
    pub name: String,
    /// What was asked, in words.
    pub data: String,
    pub goal: Option<Goal>,
    /// The number of features that the first answer has found.
    pub matched: Option<u64>,
    /// The runs of the server and of the one that does nothing, or why there are none.
    pub runs: Result<(Run, Run), String>,
    /// What else is to be known.
    pub note: Option<String>,
}

/// The headers of all requests of a question. Tiles come packed to those who take them so, as browsers do.
pub fn headers(question: &Question) -> Vec<(String, String)> {
    let is_tile = question.addresses.first().is_some_and(|first| first.starts_with("/tiles/"));
    let packed = ("Accept-Encoding".to_owned(), "gzip".to_owned());
    is_tile.then_some(packed).into_iter().collect()
}

/// How many of the first addresses are asked to find an answer of usual length.
const TRIED: usize = 21;

pub fn measured(
    question: &Question,
    program: &Program,
    bare: &Bare,
    data: &Data,
    settings: &Settings,
) -> Measured {
    let mut measured = Measured {
        name: question.name.to_owned(),
        data: data.says(question.served),
        goal: question.goal,
        matched: None,
        runs: Err(String::new()),
        note: None,
    };
    let (headers, mut replies) = match prepared(question, &program.host) {
        Ok(found) => found,
        Err(why) => return Measured { runs: Err(why), ..measured },
    };
    measured.matched = replies.first().and_then(Reply::matched);
    replies.sort_by_key(|reply| reply.body.len());
    let bare = bare.start(&replies[replies.len() / 2]);
    let run = |is_bare: bool| {
        let ask = |host: &str| asked(question, host, &headers, settings);
        match (is_bare, question.how) {
            (true, _) => ask(&bare.host),
            (false, How::Once) => ask(&Program::start(&data.arguments(question.served)).host),
            (false, _) => ask(&program.host),
        }
    };
    match [false, true, true, false].map(run) {
        [Ok(first), Ok(second), Ok(third), Ok(fourth)] => {
            measured.note = first.1.zip(fourth.1).map(|(first, fourth)| {
                format!("{} of {} idle connections were still open", first.min(fourth), idle::IDLE)
            });
            measured.runs = Ok((first.0.and(fourth.0), second.0.and(third.0)));
        }
        runs => measured.runs = Err(runs.into_iter().find_map(Result::err).unwrap_or_default()),
    }
    measured
}

/// One run, and how many idle connections were still open after it if there were any.
fn asked(
    question: &Question,
    host: &str,
    headers: &[(String, String)],
    settings: &Settings,
) -> Result<(Run, Option<usize>), String> {
    let of_wrk = || wrk::run(host, &question.addresses, headers, settings);
    match question.how {
        How::Again | How::Unchanged => Ok((of_wrk(), None)),
        How::Once => Ok((once::run(host, &question.addresses, headers), None)),
        How::BesideIdle => {
            idle::refused().map_or(Ok(()), Err)?;
            let idle = idle::open(host).map_err(|error| format!("idle connections: {error}"))?;
            let run = of_wrk();
            Ok((run, Some(idle::left(&idle))))
        }
    }
}

/// Headers with their values.
type Headers = Vec<(String, String)>;

/// The headers to ask a question with, and the answers to its first addresses.
fn prepared(question: &Question, host: &str) -> Result<(Headers, Vec<Reply>), String> {
    let mut headers = headers(question);
    let ask = |address: &str, headers: &[(String, String)]| {
        client::ask(host, address, headers).map_err(|error| format!("no answer: {error}"))
    };
    let first = question.addresses.first().ok_or("there is nothing to ask")?;
    if question.how == How::Unchanged {
        let reply = ask(first, &headers)?;
        let tag = reply.header("etag").ok_or("the answer has no tag")?;
        headers.push(("If-None-Match".to_owned(), tag.to_owned()));
    }
    let expected: &[u16] = if question.how == How::Unchanged { &[304] } else { &[200, 204] };
    let mut replies = Vec::new();
    for address in question.addresses.iter().take(TRIED) {
        let reply = ask(address, &headers)?;
        if !expected.contains(&reply.status) {
            return Err(format!("an answer is {}", reply.status));
        }
        replies.push(reply);
    }
    Ok((headers, replies))
}
