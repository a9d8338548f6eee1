//! The set of ids that are taken, compact enough for many millions of them.

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::num::NonZeroU64;

/// Names that are taken: about 35 bytes each with nine letters, since there may be many millions of them. Their
/// letters stand one after the other in a single text.
#[derive(Debug, Default)]
pub(super) struct Names {
    letters: String,
    taken: Vec<Taken>,
    /// Where in `taken` each name is. No file that is read has 2³² records.
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// What is known of the few that have come again, by where they are in `taken`.
    again: HashMap<u32, Again>,
}

/// A name that is taken.
#[derive(Debug)]
struct Taken {
    /// Where its letters end; they begin where those of the name before it do.
    to: usize,
    /// The fingerprint of the content that first came under it, if it came as an id that was given.
    content: Option<NonZeroU64>,
}

/// What is known of a name that has come again.
#[derive(Debug, Default)]
struct Again {
    /// The number that was last put after it, if one was.
    last: u64,
    /// The contents that have come under it besides the first.
    contents: Vec<NonZeroU64>,
}

impl Names {
    /// Takes a name if it is free; else where it is.
    pub(super) fn claim(&mut self, name: &str, content: Option<NonZeroU64>) -> Option<u32> {
        let Self { letters, taken, index, hasher, .. } = self;
        let of = |at: &u32| text(letters, taken, *at);
        let hash = hasher.hash_one(name);
        let rehash = |at: &u32| hasher.hash_one(of(at).unwrap_or_default());
        match index.entry(hash, |at| of(at) == Some(name), rehash) {
            Entry::Occupied(entry) => Some(*entry.get()),
            Entry::Vacant(entry) => {
                entry.insert(u32::try_from(taken.len()).unwrap_or(u32::MAX));
                letters.push_str(name);
                taken.push(Taken { to: letters.len(), content });
                None
            }
        }
    }

    /// Whether a content has come under a name.
    pub(super) fn came_with(&self, at: u32, content: NonZeroU64) -> bool {
        let first = usize::try_from(at).ok().and_then(|at| self.taken.get(at)?.content);
        let later = || self.again.get(&at).is_some_and(|again| again.contents.contains(&content));
        first == Some(content) || later()
    }

    /// Remembers that a content has come under a name.
    pub(super) fn comes_with(&mut self, at: u32, content: NonZeroU64) {
        self.again.entry(at).or_default().contents.push(content);
    }

    /// The name itself, or with `#2`, `#3` ... after it where it is taken; it is taken from now on.
    pub(super) fn free(&mut self, name: String) -> String {
        let Some(at) = self.claim(&name, None) else { return name };
        let mut number = self.again.get(&at).map_or(1, |again| again.last.max(1));
        let free = loop {
            number += 1;
            let free = format!("{name}#{number}");
            if self.claim(&free, None).is_none() {
                break free;
            }
        };
        self.again.entry(at).or_default().last = number;
        free
    }
}

/// The name at a place.
fn text<'l>(letters: &'l str, taken: &[Taken], at: u32) -> Option<&'l str> {
    let at = usize::try_from(at).ok()?;
    let from = match at.checked_sub(1) {
        None => 0,
        Some(before) => taken.get(before)?.to,
    };
    letters.get(from..taken.get(at)?.to)
}
