//! Errors in TOML files, schemes, plans and calibrations, with line, column and the nearest known name.

use super::{Code, Error};
use std::ops::Range;
use toml::de::DeTable;

/// How to explain errors in one kind of TOML file.
pub(crate) struct Guide {
    /// What kind of fault it is that such a file cannot be used.
    pub code: Code,
    /// A complete file of the kind, in which to look up the table of a key.
    pub whole: &'static str,
    /// What to try where nothing better is known.
    pub hint: &'static str,
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

/// The error for a text that is not TOML, or that does not have the keys and types of its sort.
pub(crate) fn refuse_toml(text: &str, file: &str, error: &toml::de::Error, guide: &Guide) -> Error {
    let place = place(text, file, error.span());
    match Unknown::in_message(error.message()) {
        Some(unknown) => {
            let message = format!("{place}: unknown {} \"{}\"", unknown.what, unknown.name);
            Error::usage(guide.code, message).with_hint(unknown.hint(guide.whole))
        }
        None => Error::usage(guide.code, format!("{place}: {}", in_words(error.message())))
            .with_hint(guide.hint),
    }
}

/// A value that is out of its range, or a combination of values that is not allowed.
pub(crate) struct Fault {
    /// The key at fault first, as a path such as `security.kernel.weights`, then the keys that it was compared with.
    paths: Vec<String>,
    /// The value and what is wrong with it.
    why: String,
}

impl Fault {
    /// A fault of some keys, the one at fault first.
    pub fn new(paths: &[&str], why: String) -> Self {
        Self { paths: paths.iter().map(|path| (*path).to_owned()).collect(), why }
    }
}

/// The error for values that cannot be: all of them, one per line, each at the first of its keys that is in the file.
pub(crate) fn refuse_values(
    text: &str,
    file: &str,
    faults: &[Fault],
    code: Code,
    hint: &str,
) -> Error {
    let written = DeTable::parse(text).ok();
    let lines: Vec<String> = faults
        .iter()
        .map(|Fault { paths, why }| {
            let span = written
                .as_ref()
                .and_then(|table| paths.iter().find_map(|path| locate(table.get_ref(), path)));
            let path = paths.first().map_or("", |path| path.as_str());
            format!("{}: {path}: {why}", place(text, file, span))
        })
        .collect();
    Error::usage(code, lines.join("\n")).with_hint(hint)
}

/// The byte range of the value at a path such as `security.kernel.weights`.
pub(crate) fn locate(table: &DeTable<'_>, path: &str) -> Option<Range<usize>> {
    match path.split_once('.') {
        Some((first, rest)) => locate(table.get(first)?.get_ref().as_table()?, rest),
        None => table.get(path).map(toml::Spanned::span),
    }
}

/// A message of serde in the words of a person who writes such a file. A test has each of the phrases.
fn in_words(message: &str) -> String {
    // The name of a struct is one of ours, and nothing follows it.
    let message = match message.split_once("expected struct ") {
        Some((before, _)) => format!("{before}expected a table"),
        None => message.to_owned(),
    };
    [
        ("expected f64", "expected a number"),
        ("expected u32", "expected a whole number from 0 on"),
        ("expected a sequence", "expected a list"),
        ("expected an array of length 4", "expected a list of 4 numbers"),
        ("expected a boolean", "expected true or false"),
        ("wanted string or table", "wrong type: expected a text"),
        ("expected a string", "expected a text"),
        ("invalid type: ", "wrong type: "),
    ]
    .iter()
    .fold(message, |text, (from, to)| text.replace(from, to))
}

/// An unknown key or word, parsed from a message of serde.
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
    fn hint(&self, whole: &str) -> String {
        let distance = |known: &str| strsim::damerau_levenshtein(&self.name.to_lowercase(), known);
        let near = |known: &str| {
            known.starts_with(self.name)
                || distance(known) <= 2.max(self.name.chars().count().div_ceil(3))
        };
        let nearest = self.known.iter().filter(|known| near(known)).min_by_key(|k| distance(k));
        if let Some(nearest) = nearest {
            return format!("did you mean \"{nearest}\"?");
        }
        let homes = homes_of(self.name, whole);
        if self.what == "key" && !homes.is_empty() {
            return format!("\"{}\" belongs in {}", self.name, homes.join(" or "));
        }
        format!("known here: {}", self.known.join(", "))
    }
}

/// The tables of a whole file that have a key: `[security.recency]`.
fn homes_of(key: &str, whole: &str) -> Vec<String> {
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
    if let Ok(table) = DeTable::parse(whole) {
        search(table.get_ref(), "", key, &mut homes);
    }
    homes
}
