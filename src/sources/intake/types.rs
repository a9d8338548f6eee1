//! Words for types that the user explains, Tamarisk's own words, and words that are unknown.

use crate::model::{Domain, Routed, SecurityType, type_words};
use crate::{Code, Error, Result};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// What words for types mean according to the user: in all files of incidents, or in one file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct TypeWords {
    all: BTreeMap<String, Routed>,
    of_file: BTreeMap<String, BTreeMap<String, Routed>>,
}

/// Unknown words for types, with the number of their records.
#[derive(Debug, Default)]
pub(crate) struct UnknownWords {
    counts: HashMap<String, u64>,
    /// Number of records whose words exceed the limit of words counted separately.
    others: u64,
}

/// Event types in the words of the file, each stored once.
#[derive(Debug, Default)]
pub(crate) struct EventTypes(HashSet<Arc<str>>);

impl EventTypes {
    /// Returns the words, shared between all incidents that have the same.
    pub fn once(&mut self, words: &str) -> Arc<str> {
        if let Some(known) = self.0.get(words) {
            return known.clone();
        }
        let new: Arc<str> = words.into();
        self.0.insert(new.clone());
        new
    }
}

/// Number of words counted separately.
const MOST_WORDS: usize = 10_000;

impl TypeWords {
    /// Adds a table with the columns `word` and `type`, for one file or for all.
    ///
    /// # Errors
    /// If the table lacks these columns, and as [`add`](Self::add).
    pub fn add_table(&mut self, text: &str, name: &str, file: Option<&str>) -> Result<()> {
        let header = text.lines().next().unwrap_or_default();
        let delimiter = [b';', b'\t', b',']
            .into_iter()
            .find(|sign| header.as_bytes().contains(sign))
            .unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let broken = |error: csv::Error| {
            Error::usage(Code::TypesInvalid, format!("⟦~types⟧: {name}: {error}"))
        };
        let header = reader.headers().map_err(broken)?.clone();
        let column = |wanted: &str| header.iter().position(|it| it.eq_ignore_ascii_case(wanted));
        let (Some(word), Some(kind)) = (column("word"), column("type")) else {
            let columns: Vec<&str> = header.iter().collect();
            return Err(Error::usage(
                Code::TypesInvalid,
                format!(
                    "⟦~types⟧: {name}: has no columns word and type; columns: {}",
                    columns.join(", ")
                ),
            )
            .with_hint("a first line word,type and below it lines such as Attentat,explosions"));
        };
        for record in reader.records() {
            let record = record.map_err(broken)?;
            if record.iter().all(str::is_empty) {
                continue;
            }
            let line = record.position().map_or(0, csv::Position::line);
            let place = format!("⟦~types⟧: {name}: line {line}");
            let field = |at| record.get(at).unwrap_or_default();
            self.add(&place, field(word), field(kind), file)?;
        }
        Ok(())
    }

    /// Adds the meaning of a word, for one file or for all.
    ///
    /// # Errors
    /// If the type is unknown, with a list of the types, or if the word already has another meaning.
    pub fn add(&mut self, place: &str, word: &str, kind: &str, file: Option<&str>) -> Result<()> {
        let key = type_words::fold(word);
        if key.is_empty() {
            return Err(Error::usage(
                Code::TypesInvalid,
                format!("{place}: a type without a word"),
            ));
        }
        let Some(routed) = routed(kind) else {
            return Err(Error::usage(
                Code::TypesInvalid,
                format!("{place}: \"{}\" is not a type", kind.escape_debug()),
            )
            .with_hint(format!("types are {}", targets().join(", "))));
        };
        let words = match file {
            None => &mut self.all,
            Some(file) => self.of_file.entry(file.to_owned()).or_default(),
        };
        match words.insert(key, routed) {
            Some(before) if before != routed => Err(Error::usage(
                Code::TypesInvalid,
                format!("{place}: \"{}\" already has another type", word.escape_debug()),
            )),
            _ => Ok(()),
        }
    }

    /// Returns the meaning of the first explained word, in a file.
    pub fn find<'w>(&self, file: &str, words: impl Iterator<Item = &'w str>) -> Option<Routed> {
        if self.all.is_empty() && self.of_file.is_empty() {
            return None;
        }
        let own = self.of_file.get(file);
        let mut keys = words.map(type_words::fold);
        keys.find_map(|key| {
            own.and_then(|own| own.get(&key)).or_else(|| self.all.get(&key)).copied()
        })
    }
}

/// The words for the types that can be given.
fn targets() -> Vec<&'static str> {
    let domains = [Domain::Accident, Domain::Earthquake, Domain::Other];
    SecurityType::ALL.map(SecurityType::word).into_iter().chain(domains.map(Domain::word)).collect()
}

fn routed(kind: &str) -> Option<Routed> {
    let kind = type_words::fold(kind);
    let is = |word: &str| type_words::fold(word) == kind;
    if let Some(found) = SecurityType::ALL.into_iter().find(|of| is(of.word())) {
        return Some(Routed::security(found));
    }
    let domains = [Domain::Accident, Domain::Earthquake, Domain::Other];
    domains.into_iter().find(|of| is(of.word())).map(Routed::plain)
}

impl UnknownWords {
    /// Counts the word of a record.
    pub fn count(&mut self, word: &str) {
        if let Some(count) = self.counts.get_mut(word) {
            *count += 1;
        } else {
            self.counts.insert(word.to_owned(), 1);
        }
    }

    /// Adds the words of the next part.
    pub fn merge(&mut self, part: Self) {
        self.others += part.others;
        let mut words: Vec<(String, u64)> = part.counts.into_iter().collect();
        words.sort();
        for (word, count) in words {
            let has_room = self.counts.len() < MOST_WORDS;
            match self.counts.get_mut(&word) {
                Some(known) => *known += count,
                None if has_room => {
                    self.counts.insert(word, count);
                }
                None => self.others += count,
            }
        }
    }

    /// Returns the words, the most frequent first. Words beyond the limit are listed under one name.
    pub fn listed(&self) -> Vec<(String, u64)> {
        let mut words: Vec<(String, u64)> =
            self.counts.iter().map(|(word, count)| (word.clone(), *count)).collect();
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        words.extend((self.others > 0).then(|| ("other words".to_owned(), self.others)));
        words
    }
}
