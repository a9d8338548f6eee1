//! Texts: a comparison is decided once for each different text of a column.

use super::like::Pattern;
use super::truth::{Test, Truth};
use crate::run::Cancel;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What is left out of texts before they are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Fold {
    pub(super) case: bool,
    pub(super) accents: bool,
}

impl Fold {
    /// A text as it is compared.
    pub(super) fn of(self, text: &str) -> Cow<'_, str> {
        let mut out = Cow::Borrowed(text);
        if self.accents && !out.is_ascii() {
            out = out.nfd().filter(|c| !is_combining_mark(*c)).nfc().collect::<String>().into();
        }
        if self.case {
            // By way of capital letters, so that ß is ss and both small sigmas are one.
            let fold = |c: char| c.to_uppercase().flat_map(char::to_lowercase);
            out = match out.is_ascii() {
                true => out.to_ascii_lowercase().into(),
                false => out.chars().flat_map(fold).collect::<String>().into(),
            };
        }
        out
    }
}

/// The texts of the features, or one of the filter.
#[derive(Debug, Clone)]
pub(super) enum Text<'a> {
    /// A text of the filter, folded.
    Given(String),
    /// A column: its different texts in ascending order, for each feature the index of its own, and what is left out.
    Column { words: &'a [Arc<str>], of: &'a [u32], fold: Fold },
}

impl Text<'_> {
    /// The texts with more left out.
    pub(super) fn folded(self, more: Fold) -> Self {
        match self {
            Self::Given(text) => Self::Given(more.of(&text).into_owned()),
            Self::Column { words, of, fold } => {
                let fold =
                    Fold { case: fold.case || more.case, accents: fold.accents || more.accents };
                Self::Column { words, of, fold }
            }
        }
    }
}

/// A truth of each different text, and for each feature the index of its own.
#[derive(Debug)]
pub(super) struct ByWord<'a> {
    pub(super) table: Vec<Truth>,
    pub(super) of: &'a [u32],
}

/// Two columns of texts by their ranks among all texts of both.
#[derive(Debug)]
pub(super) struct ByRank<'a> {
    pub(super) ranks: [Vec<u32>; 2],
    pub(super) of: [&'a [u32]; 2],
    pub(super) test: Test,
}

/// Decides something once for each different text.
fn table(
    words: &[Arc<str>],
    fold: Fold,
    cancel: &Cancel,
    holds: impl Fn(&str) -> bool,
) -> crate::Result<Vec<Truth>> {
    let mut table = Vec::with_capacity(words.len());
    for some in words.chunks(1024) {
        cancel.check()?;
        table.extend(some.iter().map(|word| Truth::from(holds(&fold.of(word)))));
    }
    Ok(table)
}

/// A comparison of a column with a text.
pub(super) fn compared(
    (words, fold): (&[Arc<str>], Fold),
    test: Test,
    text: &str,
    cancel: &Cancel,
) -> crate::Result<Vec<Truth>> {
    if fold != Fold::default() {
        return table(words, fold, cancel, |word| test.holds(word.cmp(text)));
    }
    // The texts are in order: below, equal, above.
    let below = words.partition_point(|word| **word < *text);
    let equal = words.get(below).is_some_and(|word| **word == *text);
    let truth = |order| Truth::from(test.holds(order));
    let mut table = vec![truth(std::cmp::Ordering::Less); below];
    if equal {
        table.push(truth(std::cmp::Ordering::Equal));
    }
    table.resize(words.len(), truth(std::cmp::Ordering::Greater));
    Ok(table)
}

/// Whether the texts of a column are among some.
pub(super) fn among(
    (words, fold): (&[Arc<str>], Fold),
    list: &HashSet<String>,
    cancel: &Cancel,
) -> crate::Result<Vec<Truth>> {
    table(words, fold, cancel, |word| list.contains(word))
}

/// Whether the texts of a column are of a pattern.
pub(super) fn like(
    (words, fold): (&[Arc<str>], Fold),
    pattern: &str,
    cancel: &Cancel,
) -> crate::Result<Vec<Truth>> {
    let pattern = Pattern::new(pattern);
    table(words, fold, cancel, |word| pattern.matches(word))
}

/// The ranks of the texts of two columns among all texts of both.
pub(super) fn ranks(columns: [(&[Arc<str>], Fold); 2]) -> [Vec<u32>; 2] {
    let folded =
        columns.map(|(words, fold)| words.iter().map(|word| fold.of(word)).collect::<Vec<_>>());
    let mut all: Vec<&str> = folded.iter().flatten().map(|word| &**word).collect();
    all.sort_unstable();
    all.dedup();
    let rank = |word: &Cow<'_, str>| {
        let at = all.partition_point(|other| *other < &**word);
        u32::try_from(at).unwrap_or(u32::MAX)
    };
    let [left, right] = &folded;
    [left.iter().map(rank).collect(), right.iter().map(rank).collect()]
}
