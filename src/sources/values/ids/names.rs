//! The set of ids that are taken, compact enough for many millions of them.

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::num::NonZeroU64;

/// Set of names in use. A name of nine letters takes about 35 bytes, since there may be many millions. All
/// names are stored in a single string.
#[derive(Debug, Default)]
pub(super) struct Names {
    letters: String,
    taken: Vec<Taken>,
    /// Index in `taken` of each name. Files have fewer than 2³² records.
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Data on the few repeated names, by index in `taken`.
    again: HashMap<u32, Again>,
}

/// A name in use.
#[derive(Debug)]
struct Taken {
    /// End of the name in `letters`; it begins at the end of the name before.
    to: usize,
    /// Content hash of the first record with this name, if the name is a given id.
    content: Option<NonZeroU64>,
}

/// Data on a repeated name.
#[derive(Debug, Default)]
struct Again {
    /// The last number appended to the name, or 0.
    last: u64,
    /// Content hashes of the later records with this name.
    contents: Vec<NonZeroU64>,
}

impl Names {
    /// Adds a name and returns `None`. If the name is in use, returns its index instead.
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

    /// Whether a record of this content has used a name.
    pub(super) fn came_with(&self, at: u32, content: NonZeroU64) -> bool {
        let first = usize::try_from(at).ok().and_then(|at| self.taken.get(at)?.content);
        let later = || self.again.get(&at).is_some_and(|again| again.contents.contains(&content));
        first == Some(content) || later()
    }

    /// Stores that a record of this content has used a name.
    pub(super) fn comes_with(&mut self, at: u32, content: NonZeroU64) {
        self.again.entry(at).or_default().contents.push(content);
    }

    /// Returns the name, with `#2`, `#3` and so on appended if it is in use, and adds it to the set.
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

/// Returns the name at an index.
fn text<'l>(letters: &'l str, taken: &[Taken], at: u32) -> Option<&'l str> {
    let at = usize::try_from(at).ok()?;
    let from = match at.checked_sub(1) {
        None => 0,
        Some(before) => taken.get(before)?.to,
    };
    letters.get(from..taken.get(at)?.to)
}
