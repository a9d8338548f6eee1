//! From the text of a scheme file to a scheme: the file is laid over the default scheme, so that it
//! need only hold what differs, and every fault is told with line, column and the nearest known name.

use super::{DEFAULT, Scheme, check};
use crate::{Error, Result};
use serde::Deserialize;
use std::ops::Range;
use toml::de::{DeTable, DeValue, Deserializer};

/// Reads a scheme; see [`Scheme::from_toml`].
pub(super) fn read(text: &str, file: &str) -> Result<Scheme> {
    let written = DeTable::parse(text).map_err(|error| refuse(text, file, &error))?;
    let named = written.get_ref().contains_key("name");
    let mut whole = DeTable::parse(DEFAULT).map_err(|error| refuse(DEFAULT, file, &error))?;
    overlay(whole.get_mut(), written.get_ref().clone());
    let mut scheme = Scheme::deserialize(Deserializer::from(whole))
        .map_err(|error| refuse(text, file, &error))?;
    if !named {
        scheme.name = stem(file).to_owned();
    }
    let faults = check::faults(&scheme);
    if faults.is_empty() { Ok(scheme) } else { Err(refuse_values(text, file, &faults)) }
}

/// Lays the entries of one table over another, tables within tables too.
///
/// What is written keeps its place in the written text, so that a fault in it can be shown; what is
/// taken from below cannot be at fault.
fn overlay<'i>(below: &mut DeTable<'i>, above: DeTable<'i>) {
    for (key, mut value) in above {
        if let Some((_, old)) = below.remove_entry(key.get_ref().as_ref())
            && let DeValue::Table(mut old) = old.into_inner()
            && let DeValue::Table(new) = value.get_mut()
        {
            overlay(&mut old, std::mem::take(new));
            *new = old;
        }
        below.insert(key, value);
    }
}

/// The file's name without folders and ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// Line and column of a place in a text, both counted from 1, columns in characters.
fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
    (line, column)
}

/// `FILE: line 3, column 1`, or the file alone where the place is not known.
fn place(text: &str, file: &str, span: Option<Range<usize>>) -> String {
    match span {
        Some(span) => {
            let (line, column) = line_and_column(text, span.start);
            format!("{file}: line {line}, column {column}")
        }
        None => file.to_owned(),
    }
}

/// The error for a text that is not TOML, or that does not have a scheme's keys and types.
fn refuse(text: &str, file: &str, error: &toml::de::Error) -> Error {
    let place = place(text, file, error.span());
    match Unknown::in_message(error.message()) {
        Some(unknown) => {
            let message = format!("{place}: unknown {} \"{}\"", unknown.what, unknown.name);
            Error::usage(message).with_hint(unknown.hint())
        }
        None => Error::usage(format!("{place}: {}", in_words(error.message())))
            .with_hint("`tamarisk scheme show` prints a whole scheme to copy from"),
    }
}

/// The error for numbers that are out of their ranges: all of them, one a line.
fn refuse_values(text: &str, file: &str, faults: &[check::Fault]) -> Error {
    let written = DeTable::parse(text).ok();
    let lines: Vec<String> = faults
        .iter()
        .map(|fault| {
            let span = written.as_ref().and_then(|table| {
                fault.paths.iter().find_map(|path| locate(table.get_ref(), path))
            });
            let path = fault.paths.first().map_or("", |path| path.as_str());
            format!("{}: {path}: {}", place(text, file, span), fault.why)
        })
        .collect();
    Error::usage(lines.join("\n"))
        .with_hint("`tamarisk scheme schema` prints every key with its range and its default")
}

/// Where in a text the value of a path such as `security.kernel.weights` stands.
fn locate(table: &DeTable<'_>, path: &str) -> Option<Range<usize>> {
    match path.split_once('.') {
        Some((first, rest)) => locate(table.get(first)?.get_ref().as_table()?, rest),
        None => table.get(path).map(toml::Spanned::span),
    }
}

/// A message of serde in the words of a person who writes a scheme.
fn in_words(message: &str) -> String {
    [
        ("expected f64", "expected a number"),
        ("expected u32", "expected a whole number from 0 on"),
        ("expected a sequence", "expected a list"),
        ("expected an array of length 4", "expected a list of 4 numbers"),
        ("expected a boolean", "expected true or false"),
        ("expected string or table", "expected a text"),
        ("expected a string", "expected a text"),
        ("expected struct ", "expected the table "),
        ("invalid type: ", "wrong type: "),
    ]
    .iter()
    .fold(message.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// A key or a word that no scheme has, as serde tells of it.
struct Unknown<'m> {
    what: &'static str,
    name: &'m str,
    known: Vec<&'m str>,
}

impl<'m> Unknown<'m> {
    /// Reads serde's "unknown field `a`, expected one of `b`, `c`"; `None` for other messages.
    fn in_message(message: &'m str) -> Option<Self> {
        let what = if message.starts_with("unknown field ") {
            "key"
        } else if message.starts_with("unknown variant ") {
            "word"
        } else {
            return None;
        };
        // Names stand between backticks: the odd parts.
        let mut quoted = message.split('`').skip(1).step_by(2);
        Some(Self { what, name: quoted.next()?, known: quoted.collect() })
    }

    /// The nearest known name, the table in which the key belongs, or all that is known here.
    fn hint(&self) -> String {
        let distance = |known: &str| strsim::damerau_levenshtein(&self.name.to_lowercase(), known);
        let near = |known: &str| {
            known.starts_with(self.name)
                || distance(known) <= 2.max(self.name.chars().count().div_ceil(3))
        };
        let nearest = self.known.iter().filter(|known| near(known)).min_by_key(|k| distance(k));
        if let Some(nearest) = nearest {
            return format!("did you mean \"{nearest}\"?");
        }
        let homes = homes_of(self.name);
        if self.what == "key" && !homes.is_empty() {
            return format!("\"{}\" belongs in {}", self.name, homes.join(" or "));
        }
        format!("known here: {}", self.known.join(", "))
    }
}

/// The tables of the default scheme that have a key: `[security.recency]`.
fn homes_of(key: &str) -> Vec<String> {
    fn search(table: &DeTable<'_>, path: &str, key: &str, homes: &mut Vec<String>) {
        if table.contains_key(key) {
            let home = if path.is_empty() { "the top of the file" } else { path };
            homes.push(if path.is_empty() { home.to_owned() } else { format!("[{home}]") });
        }
        for (name, value) in table {
            if let Some(inner) = value.get_ref().as_table() {
                let name = name.get_ref();
                let path =
                    if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
                search(inner, &path, key, homes);
            }
        }
    }
    let mut homes = Vec::new();
    if let Ok(table) = DeTable::parse(DEFAULT) {
        search(table.get_ref(), "", key, &mut homes);
    }
    homes
}
